"""What the forms ask while somebody types; nothing of another dealer or maker is ever in an answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.people import People, sign_in


@pytest.fixture
def desk(people: People, client: Client) -> Client:
    return sign_in(client, people.dispatcher)


def ask(client: Client, name: str, **params: Any) -> str:
    response = client.get(reverse(f"equipment:{name}"), params)
    assert response.status_code == 200
    page: str = response.content.decode()
    assert "<html" not in page
    return page


def test_a_known_number_brings_customer_and_machines(desk: Client, people: People) -> None:
    customer = factories.customer(people.cs01, name="宁乡恒泰饲料", phone="13800001111")
    factories.machine(customer, people.sf, model="YE3-160M-4", serial_number="2603B017")
    factories.machine(customer, people.sf, model="旧型号", active=False)
    stranger = factories.customer(people.hf01, name="别家客户", phone="13800001111")
    factories.machine(stranger, people.hc, serial_number="别家编号")
    page = ask(desk, "lookup_phone", phone="1380 0001")
    assert "宁乡恒泰饲料" in page
    assert "2603B017" in page
    assert "旧型号" not in page
    assert "别家" not in page


def test_too_few_digits_ask_for_nothing_and_an_unknown_number_says_so(desk: Client, people: People) -> None:
    factories.customer(people.cs01, phone="13800001111")
    assert ask(desk, "lookup_phone", phone="138").strip() == ""
    assert "没有找到客户" in ask(desk, "lookup_phone", phone="1399")


def test_names_are_looked_up_as_hits_and_as_options(desk: Client, people: People) -> None:
    customer = factories.customer(people.cs01, name='恒泰"饲料"')
    page = ask(desk, "lookup_customer", q="恒泰")
    fill = page.split("data-fill='")[1].split("'")[0]
    assert json.loads(fill)["customer_name"] == '恒泰"饲料"'
    assert f'data-value="{customer.public_id}"' in ask(desk, "lookup_customer", q="恒泰", **{"as": "options"})


def test_models_of_a_maker_and_the_type_of_an_exact_one(desk: Client, people: People) -> None:
    line = factories.product_line(people.sf, product_type="变频电动机")
    factories.product_model(line, "YVF2-112M-4")
    factories.product_model(factories.product_line(people.hc), "HC-9")
    asked = {"manufacturer_id": people.sf.public_id}
    assert "YVF2-112M-4" in ask(desk, "models", **asked, model="yvf2")
    assert "hx-swap-oob" not in ask(desk, "models", **asked, model="yvf2")
    exact = ask(desk, "models", **asked, model="yvf2-112m-4")
    assert '<option value="变频电动机" selected>' in exact
    assert 'hx-swap-oob="true"' in exact
    assert ask(desk, "models", manufacturer_id=people.hc.public_id, model="HC").strip() == ""
    assert ask(desk, "models", manufacturer_id="", model="HC").strip() == ""


def test_parts_are_found_by_number_and_name(desk: Client, people: People) -> None:
    factories.part(people.sf, "BRG-6309", name="深沟球轴承")
    factories.part(people.sf, "X-BRG", name="轴承座")
    factories.part(people.sf, "BRG-OLD", active=False)
    factories.part(people.hc, "BRG-FOREIGN")
    page = ask(desk, "parts_lookup", maker=people.sf.public_id, q="brg")
    assert page.index("BRG-6309") < page.index("X-BRG")
    assert "BRG-OLD" not in page
    assert "轴承座" in ask(desk, "parts_lookup", maker=people.sf.public_id, q="轴承")
    assert ask(desk, "parts_lookup", maker=people.hc.public_id, q="BRG").strip() == ""
    assert ask(desk, "parts_lookup", maker=people.sf.public_id, q="").strip() == ""


@pytest.mark.parametrize("name", ["lookup_phone", "lookup_customer"])
@pytest.mark.parametrize("who", ["office", "hq_admin", "platform"])
def test_makers_and_the_platform_look_up_no_customers(people: People, client: Client, name: str, who: str) -> None:
    factories.customer(people.cs01, phone="13800001111")
    response = sign_in(client, getattr(people, who)).get(reverse(f"equipment:{name}"), {"phone": "1380", "q": "客户"})
    assert response.status_code == 403


def test_districts_are_kept_by_browsers_and_need_no_sign_in(client: Client, db: None) -> None:
    response = client.get(reverse("equipment:districts"), headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < 30_000
    assert response["Cache-Control"] == "public, max-age=604800"
    again = client.get(reverse("equipment:districts"), headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    plain = client.get(reverse("equipment:districts"))
    assert json.loads(plain.content)[0][0] == "110000北京市"
