"""Every page of the app opens for who may open it, and says what it should."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.people import People, sign_in


@pytest.fixture
def rows(people: People) -> dict[str, Any]:
    line = factories.product_line(people.sf, "YE3", name="YE3 电动机")
    return {
        "customer": (customer := factories.customer(people.cs01, name="宁乡恒泰饲料(示例)")),
        "machine": factories.machine(customer, people.sf),
        "line": line,
        "model": factories.product_model(line, "YE3-160M-4"),
        "part": factories.part(people.sf, "BRG-6309"),
        "coverage": people.partnership,
    }


def told(response: Any, public_id: str) -> str:
    """The page without what differs at every request: the CSRF token and the address that was asked."""
    return re.sub(r"[A-Za-z0-9]{64}", "", response.content.decode()).replace(public_id, "")


DEALER = ["admin", "owner", "dispatcher", "technician", "storekeeper", "accountant"]
DESK = ["admin", "dispatcher"]
MAKER = ["hq_admin", "reviewer", "quality", "finance", "office", "office_engineer"]
PAGES = [
    ("customers", None, DEALER, "宁乡恒泰饲料"),
    ("customer", "customer", DEALER, "2603B"),
    ("customer_new", None, DESK, "客户名称"),
    ("customer_edit", "customer", DESK, "宁乡恒泰饲料"),
    ("machines", None, DEALER, "YE3-160M-4"),
    ("machine", "machine", DEALER, "宁乡恒泰饲料"),
    ("machine_new", "customer", [*DESK, "technician"], "YE3-160M-4"),
    ("machine_edit", "machine", [*DESK, "technician"], "2603B"),
    ("lines", None, [*DEALER, *MAKER], "YE3 电动机"),
    ("line", "line", [*DEALER, *MAKER], "YE3-160M-4"),
    ("line_new", None, ["hq_admin", "reviewer"], "产品类型"),
    ("line_edit", "line", ["hq_admin", "reviewer"], "YE3 电动机"),
    ("parts", None, [*DEALER, *MAKER], "BRG-6309"),
    ("part", "part", [*DEALER, *MAKER], "深沟球轴承"),
    ("part_new", None, ["hq_admin", "reviewer"], "配件编码"),
    ("part_edit", "part", ["hq_admin", "reviewer"], "BRG-6309"),
    ("coverages", None, [*DEALER, *MAKER], "长沙瑞启"),
    ("coverage", "coverage", [*DEALER, *MAKER], "示范机电"),
]
EVERYBODY = [*DEALER, *MAKER]


def where(name: str, thing: str | None, rows: dict[str, Any]) -> str:
    return reverse(f"equipment:{name}", args=[rows[thing].public_id] if thing else [])


@pytest.mark.parametrize(("name", "thing", "who", "text"), PAGES, ids=[page[0] for page in PAGES])
def test_pages_open_for_their_people_and_nobody_else(
    people: People, rows: dict[str, Any], client: Client, name: str, thing: str | None, who: list[str], text: str
) -> None:
    for person in EVERYBODY:
        response = sign_in(client, getattr(people, person)).get(where(name, thing, rows))
        if person in who:
            assert response.status_code == 200, person
            if not (name == "coverages" and person in DEALER):
                assert text in response.content.decode(), person
        else:
            assert response.status_code in (403, 404), person


@pytest.mark.parametrize(
    ("name", "thing", "who", "text"), [page for page in PAGES if page[1]], ids=lambda x: str(x)[:12]
)
def test_a_stranger_gets_404_like_for_a_missing_row(
    people: People, rows: dict[str, Any], client: Client, name: str, thing: str, who: list[str], text: str
) -> None:
    for stranger in ("stranger_admin", "stranger", "other_hq_admin", "other_reviewer", "other_office", "platform"):
        sign_in(client, getattr(people, stranger))
        foreign = client.get(where(name, thing, rows))
        missing = client.get(reverse(f"equipment:{name}", args=["k" * 16]))
        expected = 403 if (stranger, name) == ("platform", "coverage") else 404
        assert foreign.status_code == missing.status_code == expected, stranger
        assert told(foreign, rows[thing].public_id) == told(missing, "k" * 16)


WRITES = [
    ("customer_edit", "customer", "stranger"),
    ("customer_deactivate", "customer", "stranger"),
    ("customer_activate", "customer", "hq_admin"),
    ("machine_new", "customer", "stranger"),
    ("machine_edit", "machine", "stranger"),
    ("machine_scrap", "machine", "stranger"),
    ("machine_restore", "machine", "office"),
    ("line", "line", "other_hq_admin"),
    ("line_edit", "line", "stranger_admin"),
    ("part_edit", "part", "other_reviewer"),
    ("coverage", "coverage", "other_hq_admin"),
]


@pytest.mark.parametrize(("name", "thing", "stranger"), WRITES)
def test_a_stranger_writes_nothing(
    people: People, rows: dict[str, Any], client: Client, name: str, thing: str, stranger: str
) -> None:
    before = vars(factories.again(rows[thing]))
    response = sign_in(client, getattr(people, stranger)).post(where(name, thing, rows), {"codes": "X-1"})
    assert response.status_code == 404
    after = vars(factories.again(rows[thing]))
    assert {key: value for key, value in after.items() if key != "_state"} == {
        key: value for key, value in before.items() if key != "_state"
    }


@pytest.mark.parametrize("kind", ["line", "model", "part"])
@pytest.mark.parametrize(
    ("who", "status"), [("other_hq_admin", 404), ("stranger_admin", 404), ("admin", 403), ("office", 403)]
)
def test_nobody_else_withdraws_what_a_maker_publishes(
    people: People, rows: dict[str, Any], client: Client, kind: str, who: str, status: int
) -> None:
    for address in ("withdraw", "publish"):
        url = reverse(f"equipment:{address}", args=[kind, rows[kind].public_id])
        assert sign_in(client, getattr(people, who)).post(url).status_code == status
    assert factories.again(rows[kind]).active


def test_lists_show_no_foreign_row(people: People, rows: dict[str, Any], client: Client) -> None:
    sign_in(client, people.stranger)
    for name in ("customers", "machines", "coverages"):
        page = client.get(reverse(f"equipment:{name}")).content.decode()
        assert rows["customer"].name not in page
        assert rows["machine"].public_id not in page
        assert rows["coverage"].public_id not in page
    for name in ("lines", "parts"):
        page = client.get(reverse(f"equipment:{name}"), {"maker": people.sf.public_id}).content.decode()
        assert rows["line"].name not in page
        assert rows["part"].code not in page
