"""Entry and edit: what is missing stands at its field, nothing typed is lost, a stale page shows both versions."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from equipment.models import Customer, Machine, Part, ProductLine, ProductModel
from partners.models import Organisation
from tests import factories
from tests.factories import again
from tests.people import People, sign_in

CUSTOMER = {
    "name": "宁乡恒泰饲料",
    "contact": "张工",
    "phone": "+86 138 0000 1111",
    "phone2": "",
    "province": "湖南省",
    "city": "长沙市",
    "district": "宁乡市",
    "address": "金洲大道 1 号",
    "industry": "饲料",
    "credit_code": "",
    "source": "direct",
    "grade": "key",
    "note": "",
}


@pytest.fixture
def desk(people: People, client: Client) -> Client:
    return sign_in(client, people.dispatcher)


@pytest.fixture
def maker(people: People, client: Client) -> Client:
    return sign_in(client, people.hq_admin)


def values(response: Any, form: str = "form") -> dict[str, Any]:
    return {bound.name: bound.value() for bound in response.context[form]}


def errors(response: Any, form: str = "form") -> set[str]:
    return set(response.context[form].errors)


def test_a_customer_is_entered_and_its_page_opens(desk: Client) -> None:
    response = desk.post(reverse("equipment:customer_new"), CUSTOMER)
    (customer,) = factories.rows(Customer)
    assert response.url == reverse("equipment:customer", args=[customer.public_id])
    assert (customer.phone, customer.grade, customer.district) == ("13800001111", "key", "宁乡市")


def test_an_empty_customer_says_what_is_missing(desk: Client) -> None:
    response = desk.post(reverse("equipment:customer_new"), {"source": "direct", "grade": "ordinary"})
    page = response.content.decode()
    assert response.status_code == 422
    assert errors(response) == {"name", "contact", "phone", "province", "city", "address"}
    assert "<title>错误:" in page
    assert page.count("请填写。") == 12  # in the box on top and at each field
    assert factories.rows(Customer) == []


@pytest.mark.parametrize(
    ("field", "text"),
    [("phone", "12345"), ("credit_code", "91430100MA4L16JQ"), ("name", "啊"), ("address", "1 号"), ("contact", "王")],
)
def test_a_wrong_value_stays_in_its_field_with_all_the_others(desk: Client, field: str, text: str) -> None:
    typed = CUSTOMER | {field: text}
    response = desk.post(reverse("equipment:customer_new"), typed)
    assert response.status_code == 422
    assert errors(response) == {field}
    assert {name: value for name, value in values(response).items() if name in typed} == typed


def test_a_customer_is_changed(desk: Client, people: People) -> None:
    customer = factories.customer(people.cs01)
    url = reverse("equipment:customer_edit", args=[customer.public_id])
    assert values(desk.get(url))["version"] == 1
    assert desk.post(url, CUSTOMER | {"version": "1"}).status_code == 302
    assert (again(customer).name, again(customer).version) == ("宁乡恒泰饲料", 2)


def test_a_stale_edit_shows_who_was_faster_and_both_versions(desk: Client, people: People) -> None:
    customer = factories.customer(people.cs01, contact="王工", changed_by="周岚", version=5)
    url = reverse("equipment:customer_edit", args=[customer.public_id])
    response = desk.post(url, CUSTOMER | {"version": "4"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "周岚" in page
    assert {(row.label, row.theirs, row.mine) for row in response.context["changes"]} >= {("联系人", "王工", "张工")}
    assert again(customer).contact == "王工"
    assert ("version", "5") in response.context["resend"]
    assert desk.post(url, dict(response.context["resend"])).status_code == 302  # "use mine"
    assert (again(customer).contact, again(customer).version) == ("张工", 6)


def test_deactivating_and_undoing_a_customer(desk: Client, people: People) -> None:
    customer = factories.customer(people.cs01)
    desk.post(reverse("equipment:customer_deactivate", args=[customer.public_id]))
    page = desk.get(reverse("equipment:customer", args=[customer.public_id])).content.decode()
    assert "撤销" in page
    assert customer.name not in desk.get(reverse("equipment:customers")).content.decode()
    desk.post(reverse("equipment:customer_activate", args=[customer.public_id]))
    assert again(customer).active


def machine_data(maker: Organisation, **changes: Any) -> dict[str, Any]:
    return {
        "manufacturer_id": maker.public_id,
        "model": "YE3-160M-4",
        "product_type": "三相异步电动机",
        "serial_number": "２６０３Ｂ０１７",
        "ex_factory_on": "2026.3.2",
        "conditions": ["粉尘"],
        "running_hours": "１２０．５",
        **changes,
    }


def test_a_machine_is_entered_at_its_customer(desk: Client, people: People) -> None:
    customer = factories.customer(people.cs01)
    response = desk.post(reverse("equipment:machine_new", args=[customer.public_id]), machine_data(people.sf))
    (machine,) = factories.rows(Machine)
    assert response.url == reverse("equipment:machine", args=[machine.public_id])
    assert (machine.customer_id, machine.serial_number, str(machine.ex_factory_on)) == (
        customer.id,
        "2603B017",
        "2026-03-02",
    )
    assert (machine.conditions, str(machine.running_hours)) == (["粉尘"], "120.5")


def test_a_taken_number_leads_to_the_machine_that_has_it(desk: Client, people: People) -> None:
    first = factories.machine(factories.customer(people.cs01), people.sf, serial_number="2603B017")
    customer = factories.customer(people.cs01)
    data = machine_data(people.sf, location="二号机房")
    response = desk.post(reverse("equipment:machine_new", args=[customer.public_id]), data)
    assert response.status_code == 422
    assert errors(response) == {"serial_number"}
    assert reverse("equipment:machine", args=[first.public_id]) in response.content.decode()
    assert values(response)["location"] == "二号机房"


@pytest.mark.parametrize(
    ("field", "text"),
    [("ex_factory_on", "gestern"), ("ex_factory_on", "1999-12-31"), ("running_hours", "viel"), ("model", "")],
)
def test_a_wrong_machine_keeps_what_was_typed(desk: Client, people: People, field: str, text: str) -> None:
    customer = factories.customer(people.cs01)
    typed = machine_data(people.sf, **{field: text})
    response = desk.post(reverse("equipment:machine_new", args=[customer.public_id]), typed)
    assert response.status_code == 422
    assert errors(response) == {field}
    assert values(response)[field] == text
    assert values(response)["conditions"] == ["粉尘"]


def test_another_makers_id_is_no_choice(desk: Client, people: People) -> None:
    customer = factories.customer(people.cs01)
    response = desk.post(reverse("equipment:machine_new", args=[customer.public_id]), machine_data(people.hc))
    assert errors(response) == {"manufacturer_id"}


def test_a_stale_machine_shows_both_versions(desk: Client, people: People) -> None:
    machine = factories.machine(factories.customer(people.cs01), people.sf, version=3, changed_by="陈志强")
    url = reverse("equipment:machine_edit", args=[machine.public_id])
    response = desk.post(url, machine_data(people.sf, version="2"))
    assert response.status_code == 409
    assert "陈志强" in response.content.decode()
    sent = dict(response.context["resend"])
    assert desk.post(url, sent).status_code == 302
    assert again(machine).serial_number == "2603B017"


def test_scrapping_and_undoing_a_machine(desk: Client, people: People) -> None:
    machine = factories.machine(factories.customer(people.cs01), people.sf)
    desk.post(reverse("equipment:machine_scrap", args=[machine.public_id]))
    assert machine.serial_number not in desk.get(reverse("equipment:machines")).content.decode()
    assert "已报废" in desk.get(reverse("equipment:machine", args=[machine.public_id])).content.decode()
    desk.post(reverse("equipment:machine_restore", args=[machine.public_id]))
    assert again(machine).active


def test_the_code_of_a_machine_is_a_picture_with_its_address(desk: Client, people: People) -> None:
    machine = factories.machine(factories.customer(people.cs01), people.sf)
    page = desk.get(reverse("equipment:machine", args=[machine.public_id])).content.decode()
    assert '<svg viewBox="0 0' in page
    assert f"/q/{machine.qr_code}" in page


LINE = {"code": "YE3", "name": "YE3 电动机", "product_type": "三相异步电动机"}
PART = {"code": "BRG-6309", "name": "深沟球轴承", "unit": "件", "price": "￥1,042.00", "key_part": "on"}


def test_a_maker_publishes_line_models_and_part(maker: Client) -> None:
    response = maker.post(reverse("equipment:line_new"), LINE)
    (line,) = factories.rows(ProductLine)
    assert response.url == reverse("equipment:line", args=[line.public_id])
    maker.post(response.url, {"codes": "YE3-160M-4\nYE3－180L－6\t\r\n\r\nYE3-160M-4"})
    assert [model.code for model in factories.rows(ProductModel)] == ["YE3-160M-4", "YE3-180L-6"]
    maker.post(reverse("equipment:part_new"), PART)
    (part,) = factories.rows(Part)
    assert (str(part.price), part.key_part) == ("1042.00", True)


@pytest.mark.parametrize(("kind", "data"), [("line", LINE), ("part", PART)])
def test_a_taken_code_stands_at_its_field(maker: Client, people: People, kind: str, data: dict[str, str]) -> None:
    factories.product_line(people.sf, "YE3")
    factories.part(people.sf, "BRG-6309")
    response = maker.post(reverse(f"equipment:{kind}_new"), data)
    assert response.status_code == 422
    assert errors(response) == {"code"}
    assert {name: value for name, value in values(response).items() if name in data and name != "key_part"} == {
        name: value for name, value in data.items() if name != "key_part"
    }


@pytest.mark.parametrize(("kind", "data"), [("line", LINE), ("part", PART)])
def test_a_stale_line_or_part_shows_both_versions(
    maker: Client, people: People, kind: str, data: dict[str, str]
) -> None:
    make = factories.product_line if kind == "line" else factories.part
    row = make(people.sf, version=2, changed_by="吴丽")
    url = reverse(f"equipment:{kind}_edit", args=[row.public_id])
    response = maker.post(url, data | {"version": "1"})
    assert response.status_code == 409
    assert "吴丽" in response.content.decode()
    assert maker.post(url, dict(response.context["resend"])).status_code == 302
    assert again(row).code == data["code"]


def test_withdrawing_from_the_pages(maker: Client, people: People) -> None:
    line = factories.product_line(people.sf)
    model, part = factories.product_model(line), factories.part(people.sf)
    for kind, row, page in (("line", line, "line"), ("model", model, "line"), ("part", part, "part")):
        response = maker.post(reverse("equipment:withdraw", args=[kind, row.public_id]))
        assert response.url == reverse(f"equipment:{page}", args=[(part if page == "part" else line).public_id])
        assert again(row).active is False
        maker.post(reverse("equipment:publish", args=[kind, row.public_id]))
        assert again(row).active is True


def test_a_maker_ticks_the_lines_of_a_partnership(maker: Client, people: People) -> None:
    first, second = factories.product_line(people.sf), factories.product_line(people.sf)
    url = reverse("equipment:coverage", args=[people.partnership.public_id])
    maker.post(url, {"lines": [second.public_id]})
    assert maker.get(url).context["form"]["lines"].value() == [second.public_id]
    assert first.name not in sign_in(maker, people.dispatcher).get(url).content.decode()


def test_an_unlisted_makers_part_is_entered_by_the_administrator(client: Client, people: People) -> None:
    old = factories.maker("OLD", owner_dealer=people.cs01)
    factories.partnership(people.cs01, old, listed=False)
    url = f"{reverse('equipment:part_new')}?maker={old.public_id}"
    assert sign_in(client, people.admin).post(url, PART).status_code == 302
    assert [part.manufacturer_id for part in factories.rows(Part)] == [old.id]
    assert sign_in(client, people.dispatcher).post(url, PART).status_code == 403
    assert sign_in(client, people.hq_admin).post(url, PART).status_code == 404
    sf_url = f"{reverse('equipment:part_new')}?maker={people.sf.public_id}"
    assert sign_in(client, people.admin).post(sf_url, PART).status_code == 403
