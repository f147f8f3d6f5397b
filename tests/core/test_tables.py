"""Lists by key: forward, back, ties, the ends, and what the address may say (core/paging.py, core/tables.py)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.http import QueryDict
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from core.paging import COUNT_CAP, Page, cut_page
from core.tables import Column, address, pills_of, render_list, table_of
from equipment.models import Customer
from partners.models import Organisation

pytestmark = pytest.mark.django_db

ORDERS = {"name": ("name", "id"), "recent": ("created_at", "id")}
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture
def dealer() -> Organisation:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE app_fixture")
    return Organisation.objects.create(kind="dealer", code="T1", name="测试经销商")


def customers(dealer: Organisation, count: int, **same: Any) -> None:
    Customer.objects.bulk_create(Customer(**{"dealer": dealer, "name": f"客户{n:03}", **same}) for n in range(count))


def ask(dealer: Organisation, query: str = "", *, default: str = "name", size: int = 10) -> Page:
    rows = Customer.objects.unscoped("test").filter(dealer=dealer)
    return cut_page(QueryDict(query), rows, orders=ORDERS, default=default, size=size)


def walk(dealer: Organisation, query: str = "", **options: Any) -> list[Page]:
    pages = [ask(dealer, query, **options)]
    while pages[-1].after:
        pages.append(ask(dealer, f"{query}&after={pages[-1].after}", **options))
    return pages


def names(page: Page) -> list[str]:
    return [row.name for row in page.rows]


def test_walking_forward_shows_every_row_once_in_order(dealer: Organisation) -> None:
    customers(dealer, 25)
    pages = walk(dealer)
    assert [len(page.rows) for page in pages] == [10, 10, 5]
    assert [name for page in pages for name in names(page)] == [f"客户{n:03}" for n in range(25)]
    assert {page.count for page in pages} == {25}


def test_walking_back_shows_the_same_pages(dealer: Organisation) -> None:
    customers(dealer, 25)
    first, second, third = walk(dealer)
    back = ask(dealer, f"before={third.before}")
    assert names(back) == names(second)
    assert names(ask(dealer, f"after={back.after}")) == names(third)
    assert names(ask(dealer, f"before={back.before}")) == names(first)


def test_the_first_page_has_no_newer_and_the_last_no_older(dealer: Organisation) -> None:
    customers(dealer, 20)
    first, last = walk(dealer)
    assert (first.before, last.after) == ("", "")
    assert first.after
    assert last.before


def test_back_from_near_the_beginning_is_the_full_first_page(dealer: Organisation) -> None:
    customers(dealer, 14)
    _, second = walk(dealer)
    customers(dealer, 1, name="客户003x")
    back = ask(dealer, f"before={second.before}")
    assert names(back)[-1] == "客户009"
    assert len(ask(dealer, f"before={back.before}").rows) == 10


@pytest.mark.parametrize("query", ["", "sort=-name", "sort=recent", "sort=-recent"])
def test_rows_with_equal_values_are_neither_lost_nor_doubled(dealer: Organisation, query: str) -> None:
    customers(dealer, 33, name="同名")
    Customer.objects.unscoped("test").update(created_at=NOON)
    ids = [row.id for page in walk(dealer, query) for row in page.rows]
    assert ids == sorted(ids, reverse="-" in query)
    assert len(ids) == 33


def test_a_row_that_left_the_list_loses_nobody(dealer: Organisation) -> None:
    customers(dealer, 12, name="同名")
    first = ask(dealer, "sort=-name")
    Customer.objects.unscoped("test").filter(id=first.rows[-1].id).delete()
    rest = ask(dealer, f"sort=-name&after={first.after}", size=20)
    assert {row.id for row in first.rows[:-1]} | {row.id for row in rest.rows} == set(
        Customer.objects.unscoped("test").values_list("id", flat=True)
    )


def test_rows_as_values_page_like_objects(dealer: Organisation) -> None:
    customers(dealer, 15)
    rows = Customer.objects.unscoped("test").values("public_id", "name", "id")
    first = cut_page(QueryDict(), rows, orders=ORDERS, default="name", size=10)
    second = cut_page(QueryDict(f"after={first.after}"), rows, orders=ORDERS, default="name", size=10)
    assert [row["name"] for row in second.rows] == [f"客户{n:03}" for n in range(10, 15)]


@pytest.mark.parametrize("spoilt", ["x", "WzFd", "bnVsbA", "W10", "eyJhIjoxfQ", "%00", "WyJcdTAwMDAiLCJcdTAwMDAiXQ"])
def test_a_key_typed_by_hand_shows_a_page_and_no_fault(dealer: Organisation, spoilt: str) -> None:
    customers(dealer, 3)
    assert names(ask(dealer, f"after={spoilt}")) == ["客户000", "客户001", "客户002"]


def test_the_key_does_not_tell_the_serial_number(dealer: Organisation) -> None:
    import base64
    import json

    customers(dealer, 11)
    page = ask(dealer)
    told = json.loads(base64.urlsafe_b64decode(page.after + "==").decode())
    assert str(page.rows[-1].id) not in [str(value) for value in told]


def test_an_unknown_order_is_the_default(dealer: Organisation) -> None:
    customers(dealer, 3)
    assert ask(dealer, "sort=phone").sort == "name"
    assert names(ask(dealer, "sort=-name"))[0] == "客户002"


def test_counting_stops_after_999(dealer: Organisation) -> None:
    customers(dealer, COUNT_CAP + 5)
    assert ask(dealer).count == COUNT_CAP + 1


def test_statements_do_not_grow_with_the_rows(dealer: Organisation) -> None:
    counts = []
    for more in (3, 27, 30):
        customers(dealer, more)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            ask(dealer, size=50)
        counts.append(len(queries))
    assert counts == [1, 1, 2]


class Filters(forms.Form):
    q = forms.CharField(label="搜索", required=False)
    city = forms.ChoiceField(label="城市", required=False, choices=[("", "全部"), ("cs", "长沙")])
    open = forms.BooleanField(label="未完结", required=False)


def test_pills_show_words_and_drop_one_filter_each() -> None:
    request = RequestFactory().get("/list/?q=a&city=cs&open=on&after=zzz&sort=name")
    assert pills_of(request, Filters(request.GET)) == [
        ("搜索: a", "/list/?city=cs&open=on&sort=name"),
        ("城市: 长沙", "/list/?q=a&open=on&sort=name"),
        ("未完结", "/list/?q=a&city=cs&sort=name"),
    ]


def test_addresses_leave_out_what_is_empty() -> None:
    assert address(RequestFactory().get("/list/?q=&city=&before=x")) == "/list/"


def test_heads_sort_one_way_then_the_other() -> None:
    request = RequestFactory().get("/list/?q=a&after=zzz")
    columns = [Column("name", "客户", order="name"), Column("city", "城市")]
    for sort, url, direction in (
        ("recent", "/list/?q=a&sort=name", ""),
        ("name", "/list/?q=a&sort=-name", "up"),
        ("-name", "/list/?q=a&sort=name", "down"),
    ):
        head, plain = table_of(request, Page([], 0, sort), caption="客户", columns=columns).columns
        assert (head.sort_url, head.sorted) == (url, direction)
        assert plain.sort_url == ""


def test_an_empty_list_and_a_filter_without_hits_say_different_things() -> None:
    words = {
        "caption": "客户",
        "columns": [],
        "empty": ("还没有客户", "/new/", "新客户"),
        "none_found": "没有符合条件的客户",
        "clear_label": "清除条件",
    }
    for query, expected in (
        ("", ("还没有客户", "/new/", "新客户")),
        ("?q=a&sort=name", ("没有符合条件的客户", "/list/?sort=name", "清除条件")),
    ):
        request = RequestFactory().get(f"/list/{query}")
        table = table_of(request, Page([], 0, "name"), filters=Filters(request.GET), **words)
        assert (table.empty_text, table.empty_url, table.empty_label) == expected


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize(
    ("headers", "whole"),
    [({}, True), ({"HX-Request": "true"}, False), ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, True)],
)
def test_htmx_gets_the_list_alone_and_going_back_the_whole_page(headers: dict[str, str], whole: bool) -> None:
    from django_htmx.middleware import HtmxDetails

    request = RequestFactory().get("/list/", headers=headers)
    request.htmx = HtmxDetails(request)
    request.viewer = None
    table = table_of(request, Page([], 0, "name"), caption="客户", columns=[], empty=("空", "", ""))
    response = render_list(request, "base.html", {"table": table, "rows_template": "", "page_title": "客户"})
    assert (b"<html" in response.content) is whole
    assert "HX-Request" in response["Vary"]


def test_dates_of_the_key_are_read_back(dealer: Organisation) -> None:
    customers(dealer, 12)
    for row in Customer.objects.unscoped("test").all():
        Customer.objects.unscoped("test").filter(id=row.id).update(
            created_at=NOON + timedelta(seconds=int(row.name[2:]))
        )
    pages = walk(dealer, "sort=-recent", size=5)
    assert [name for page in pages for name in names(page)] == [f"客户{n:03}" for n in reversed(range(12))]
