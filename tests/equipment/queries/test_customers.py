"""Customers are found by the beginning, else the end of a number, by name, and only the dealer's own."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from core import tenancy
from core.paging import cut_page
from equipment.models import Customer
from equipment.queries import customers
from equipment.queries.customers import CustomerFilter
from tests import factories
from tests.people import People, act


def found(people: People, typed: str) -> list[str]:
    with tenancy.acting(people.dispatcher):
        return [customer.name for customer in customers.by_phone(people.dispatcher, typed)]


@pytest.fixture
def known(people: People) -> People:
    for name, phone, second in (
        ("甲", "13800001111", ""),
        ("乙", "13800002222", "13900003333"),
        ("丙", "0731-88880000", ""),
    ):
        factories.customer(
            people.cs01,
            name=name,
            phone=phone,
            phone2=second,
            phone_digits=phone.replace("-", ""),
            phone2_digits=second,
        )
    factories.customer(people.cs01, name="停用", phone="13800009999", phone_digits="13800009999", active=False)
    factories.customer(people.hf01, name="别家", phone="13800001111", phone_digits="13800001111")
    return people


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("138", []),
        ("1380", ["甲", "乙"]),
        ("+86 138 0000 1111", ["甲"]),
        ("1390", ["乙"]),
        ("0731-8888", ["丙"]),
        ("3333", ["乙"]),
        ("8880000", ["丙"]),
        ("9999", []),
        ("5555", []),
    ],
)
def test_a_number_is_found_by_beginning_or_end(known: People, typed: str, names: list[str]) -> None:
    assert found(known, typed) == names


def test_the_search_by_beginning_uses_its_index_under_the_policies(known: People) -> None:
    viewer = known.dispatcher
    with factories.writing(), connection.cursor() as cursor:
        Customer.objects.bulk_create(
            Customer(dealer=known.cs01, name="多", phone_digits=f"199{n:08}") for n in range(3000)
        )
        cursor.execute("ANALYZE equipment_customer")
    with tenancy.acting(viewer):
        rows = (
            Customer.objects.visible_to(viewer)
            .filter(active=True, phone_digits__begins="1380")
            .order_by("phone_digits")
        )
        plan = rows.explain()
    assert "customer_phone" in plan
    assert "phone_digits)::text ~>=~ '1380'" in plan.split("Index Cond:")[1].split("\n")[0]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (CustomerFilter(), ["乙", "丙", "甲"]),
        (CustomerFilter(text="甲"), ["甲"]),
        (CustomerFilter(text="0 2222"), ["乙"]),
        (CustomerFilter(text="张工"), ["乙", "丙", "甲"]),
        (CustomerFilter(text="%"), []),
        (CustomerFilter(city="永州市"), ["乙", "丙", "甲"]),
        (CustomerFilter(city="长沙市"), []),
        (CustomerFilter(inactive=True), ["停用"]),
        (CustomerFilter(grade="key"), []),
    ],
)
def test_the_list_is_narrowed(known: People, wanted: CustomerFilter, names: list[str]) -> None:
    with tenancy.acting(known.dispatcher):
        rows = customers.listing(known.dispatcher, wanted).order_by("name")
        assert sorted(row["name"] for row in rows) == sorted(names)


def test_names_that_begin_with_the_text_come_first(people: People) -> None:
    for name in ("宁乡恒泰", "恒泰饲料", "长沙湖畔"):
        factories.customer(people.cs01, name=name)
    assert [row.name for row in act(customers.by_name, viewer=people.dispatcher, text="恒泰")] == [
        "恒泰饲料",
        "宁乡恒泰",
    ]
    assert act(customers.by_name, viewer=people.dispatcher, text=" ") == []


def test_a_later_page_of_the_list_starts_at_its_key_in_the_index(known: People) -> None:
    viewer = known.dispatcher
    with factories.writing(), connection.cursor() as cursor:
        Customer.objects.bulk_create(Customer(dealer=known.cs01, name="多") for _n in range(3000))
        cursor.execute("ANALYZE equipment_customer")
    with tenancy.acting(viewer):
        rows = customers.listing(viewer, CustomerFilter())
        first = cut_page(QueryDict(), rows, orders=customers.ORDERS, default="-recent")
        with CaptureQueriesContext(connection) as queries:
            cut_page(QueryDict(f"after={first.after}"), rows, orders=customers.ORDERS, default="-recent")
            listed = next(query["sql"] for query in queries if "ROW(" in query["sql"])
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + listed)
            plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan using customer_recent" in plan
    assert "ROW(updated_at, id) < ROW(" in plan.split("Index Cond:")[1].split("\n")[0]
    assert "Sort" not in plan
