"""Pages of rate cards: list, one with its tables, writing with bands and pasted hours, checks, putting in force."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.calendars import local_date
from settlement.calculations.cards import HoursFacts
from settlement.models import RateCard, StandardHours, TravelBand
from tests import factories
from tests.people import sign_in
from tests.settlement.cards import BANDS, HOURS, card, draft

ALLOWED: dict[str, int] = json.loads((Path(__file__).parent.parent / "query_counts.json").read_text())
FORM = {
    "level": "2", "valid_from": "2026-01-01", "hourly": "80", "travel_mode": "whole", "subsidy_per_person_day": "80.00",
    "subsidy_over_km": "50", "lodging_cap": "200", "night_flat": "100", "holiday_flat": "100", "consumables_cap": "50",
    "factor_maker_free": "0", "factor_consigned": "0", "factor_bought_genuine": "1.10", "factor_bought_urgent": "1.10",
    "bands-0-up_to_km": "20", "bands-0-flat": "60", "bands-2-up_to_km": "300", "bands-2-per_km": "3.00",
    "hours": "M10\t换电机轴承\tYE3\t160\t3.0\nG90,故障诊断(未修),,,1.0\n",
}  # fmt: skip


def test_a_card_is_written_on_one_page_and_read_on_another(client, people):
    factories.product_line(people.sf, "YE3", name="YE3 电机")
    sign_in(client, people.reviewer)
    assert client.get("/rate-cards/new/").status_code == 200
    answer = client.post("/rate-cards/new/", FORM)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    (made,) = factories.rows(RateCard)
    bands = [(str(row.from_km), str(row.up_to_km), row.flat, row.per_km) for row in factories.rows(TravelBand)]
    assert bands == [("0.0", "20.0", Decimal("60.00"), None), ("20.0", "300.0", None, Decimal("3.00"))]
    hours = [(row.code, row.name, row.size_up_to, str(row.hours)) for row in factories.rows(StandardHours)]
    assert hours == [("M10", "换电机轴承", 160, "3.0"), ("G90", "故障诊断(未修)", None, "1.0")]
    page = client.get(answer["Location"]).content.decode()
    for words in ("没有发现问题", "60.00 元/次", "YE3 电机", "240.00", "二级"):
        assert words in page
    assert made.public_id in client.get("/rate-cards/").content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"bands-0-up_to_km": ""}, "写明这一档到多少公里"),
        ({"bands-0-per_km": "3"}, "只填一项"),
        ({"bands-2-up_to_km": "10"}, "这一档的终点早于起点"),
        ({"hours": "M10 换电机轴承 3.0"}, "用制表符或逗号分开"),
        ({"hours": "M10,换电机轴承,NO,,3"}, "没有在用的产品线"),
        ({"hours": "M10,换电机轴承,,,三"}, "用制表符或逗号分开"),
        ({"short_max_km": "50"}, "两项都填"),
        ({"hourly": ""}, "请填写"),
    ],
)
def test_what_is_refused_has_its_own_sentence_and_nothing_typed_is_lost(client, people, changes, words):
    factories.product_line(people.sf, "YE3")
    sign_in(client, people.reviewer)
    answer = client.post("/rate-cards/new/", FORM | changes | {"note": "没有丢的备注"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "没有丢的备注" in page
    assert factories.rows(RateCard) == []


def test_a_draft_shows_what_the_checks_found_and_is_not_put_in_force(client, people):
    made = draft(people.reviewer, bands=BANDS[1:], consumables_cap=Decimal(0))
    sign_in(client, people.reviewer)
    page = client.get(f"/rate-cards/{made.public_id}/").content.decode()
    assert "第一档从 20 公里开始" in page
    assert "辅料上限为零" in page
    address = f"/rate-cards/{made.public_id}/force/"
    assert 'form="force"' not in client.get(address).content.decode()
    answer = client.post(address, {"version": "1"})
    assert answer.status_code == 422
    assert "有 1 处" in answer.content.decode()
    assert factories.again(made).state == "draft"


def test_a_reader_is_not_shown_findings_of_a_draft(client, people):
    made = draft(people.reviewer, bands=BANDS[1:])
    sign_in(client, people.finance)
    page = client.get(f"/rate-cards/{made.public_id}/").content.decode()
    assert "第一档从" not in page
    assert f"/rate-cards/{made.public_id}/edit/" not in page


def test_a_new_version_begins_from_the_one_in_force_and_says_what_differs(client, people):
    first = card(people.reviewer)
    sign_in(client, people.reviewer)
    page = client.get(f"/rate-cards/{first.public_id}/").content.decode()
    address = f"/rate-cards/new/?maker={people.sf.public_id}&from={first.public_id}"
    assert address.replace("&", "&amp;") in page
    begun = client.get(address).content.decode()
    assert "M10\t换电机轴承\t\t160\t3.0" in begun
    tomorrow = local_date(timezone.now()) + timedelta(days=1)
    fields = FORM | {"valid_from": tomorrow.isoformat(), "hourly": "85", "hours": "M10,换电机轴承,,160,3.5"}
    answer = client.post(address, fields)
    assert answer.status_code == 302
    second = factories.rows(RateCard)[-1]
    assert (second.number, second.level) == (2, "2")
    force = client.get(f"/rate-cards/{second.public_id}/force/").content.decode()
    for words in ("与第 1 版的差别", "80.00", "85.00", "3.5 小时"):
        assert words in force
    answer = client.post(f"/rate-cards/{second.public_id}/force/", {"version": second.version})
    assert answer.status_code == 302
    assert factories.again(second).state == "in_force"
    assert client.get(f"/rate-cards/{second.public_id}/edit/").status_code == 302


def test_a_draft_is_written_again_and_thrown_away(client, people):
    made = draft(people.reviewer)
    sign_in(client, people.hq_admin)
    address = f"/rate-cards/{made.public_id}/"
    assert client.get(f"{address}edit/").status_code == 200
    fields = {name: value for name, value in FORM.items() if name != "level"} | {"hours": "A,换轴承,,,2"}
    assert client.post(f"{address}edit/", fields | {"version": "9"}).status_code == 422
    assert client.post(f"{address}edit/", fields | {"version": "1", "hourly": "81.5"}).status_code == 302
    assert factories.again(made).hourly == Decimal("81.50")
    assert client.post(f"{address}discard/").status_code == 302
    assert factories.rows(RateCard) == []


def test_a_stale_page_puts_nothing_in_force(client, people):
    made = draft(people.reviewer)
    sign_in(client, people.reviewer)
    assert client.post(f"/rate-cards/{made.public_id}/force/", {"version": "7"}).status_code == 422
    assert factories.again(made).state == "draft"


@pytest.mark.parametrize("name", ["admin", "owner", "accountant", "dispatcher", "office", "office_engineer", "finance"])
def test_others_read_and_are_offered_nothing_to_write(client, people, name):
    made = card(people.reviewer)
    sign_in(client, getattr(people, name))
    page = client.get(f"/rate-cards/{made.public_id}/")
    assert page.status_code == 200
    assert "新版本" not in page.content.decode()
    for verb in ("edit", "force"):
        assert client.get(f"/rate-cards/{made.public_id}/{verb}/").status_code == 403
    assert client.post(f"/rate-cards/{made.public_id}/discard/").status_code == 403


@pytest.mark.parametrize("name", ["technician", "storekeeper", "call_centre", "quality"])
def test_who_settles_nothing_sees_no_amounts(client, people, name):
    made = card(people.reviewer)
    sign_in(client, getattr(people, name))
    assert client.get("/rate-cards/").status_code == 403
    assert client.get(f"/rate-cards/{made.public_id}/").status_code == 403


def test_a_stranger_is_told_of_no_card(client, people):
    made = card(people.reviewer)
    sign_in(client, people.stranger_admin)
    assert client.get(f"/rate-cards/{made.public_id}/").status_code == 404
    assert made.public_id not in client.get("/rate-cards/").content.decode()


def test_the_list_costs_as_many_statements_for_many_cards(client, people):
    sign_in(client, people.accountant)
    counts = []
    for days in ((0,), range(1, 12)):
        for day in days:
            card(people.reviewer, valid_from=local_date(factories.NOW) + timedelta(days=day))
        client.get("/rate-cards/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/rate-cards/").status_code == 200
        counts.append(sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries))
    assert counts == [ALLOWED["cards"], ALLOWED["cards"]]


def test_a_card_costs_as_many_statements_with_many_rows(client, people):
    sign_in(client, people.accountant)
    counts = []
    many = tuple(HoursFacts(f"A{n}", f"作业{n}", Decimal(n)) for n in range(1, 60))
    for level, hours in (("1", HOURS[:1]), ("2", many)):
        made = card(people.reviewer, level, hours=hours)
        client.get(f"/rate-cards/{made.public_id}/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/rate-cards/{made.public_id}/").status_code == 200
        counts.append(sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in queries))
    assert counts == [ALLOWED["card"], ALLOWED["card"]]
