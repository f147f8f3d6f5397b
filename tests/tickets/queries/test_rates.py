"""How promises were kept: small worlds whose rates and medians are known by hand (domain.md 5.2 "Measured", 5.3)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from core import tenancy
from core.calendars import SHANGHAI
from tests import factories
from tests.tickets.driver import Job
from tickets.enums import ClockKind, TicketState
from tickets.models import Clock
from tickets.queries import rates
from tickets.queries.rates import Figure, Filters

MINUTES = timedelta(minutes=1)
S = TicketState
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
LATER = datetime(2026, 12, 1, tzinfo=SHANGHAI)
CITIES = {
    "capital": {"province": "湖南省", "city": "长沙市", "district": "岳麓区"},
    "other": {"province": "四川省", "city": "绵阳市", "district": ""},
}


@pytest.fixture
def ask(people):
    """`ask()` = the rates of June 2026 for the dispatcher; another viewer, other filters, another now."""

    def asked(viewer=None, now=LATER, **filters):
        viewer = viewer or people.dispatcher
        with tenancy.acting(viewer):
            return rates.rates(viewer, Filters(**{"since": JUNE, "until": JUNE, **filters}), now)

    return asked


def job(people, city="capital", **report):
    return Job(people, customer=factories.customer(people.cs01, **CITIES[city]), **report)


def arrived(people, minutes, city="capital", **report):
    """A job whose technician was on site so many minutes after the report."""
    made = job(people, city, **report)
    at = made.clock
    made.to(S.EN_ROUTE).arrive(now=at + minutes * MINUTES)
    return made


def answered(people, minutes, **report):
    """A job by WeChat whose customer was called so many minutes later."""
    made = job(people, source="wechat", **report)
    made.contact(now=made.clock + minutes * MINUTES)
    return made


def figure(part):
    return (part.due, part.in_time, part.median, part.p90)


def test_the_rate_the_median_and_the_90th_percentile(people, ask):
    for minutes in (60, 120, 200, 300):  # four hours are promised
        arrived(people, minutes)
    kept = ask().kept[ClockKind.ARRIVAL]
    assert figure(kept.total.figure) == (4, 3, 160, pytest.approx(270))
    assert kept.total.figure.rate == 75
    assert {month: figure(one) for month, one in kept.months.items()} == {JUNE: (4, 3, 160, pytest.approx(270))}
    assert {key: figure(part.figure) for key, part in kept.lines.items()} == {
        (people.sf.pk, "capital"): (4, 3, 160, pytest.approx(270))
    }


def test_answer_and_arrival_are_kept_apart(people, ask):
    answered(people, 52)
    answered(people, 61)
    found = ask().kept
    assert figure(found[ClockKind.RESPONSE].total.figure) == (2, 1, 56.5, pytest.approx(60.1))
    assert list(ask(kind="response").kept) == [ClockKind.RESPONSE]


def test_a_clock_counts_in_the_month_of_the_report_in_china(people, ask):
    """domain.md 5.3: reported on 30 June at 22:30, on site on 1 July at 10:30 = in time, in June."""
    reported = datetime(2026, 6, 30, 22, 30, tzinfo=SHANGHAI)
    made = arrived(people, 12 * 60, "other", at=reported)
    (clock,) = factories.rows(Clock, ticket=made.ticket, kind="arrival")
    assert (clock.state, f"{clock.met_at.astimezone(SHANGHAI):%m-%d %H:%M}") == ("met", "07-01 10:30")
    assert figure(ask().kept[ClockKind.ARRIVAL].total.figure) == (1, 1, 720, 720)
    assert ask(since=JULY, until=JULY).kept == {}
    assert list(ask(until=JULY).kept[ClockKind.ARRIVAL].months) == [JUNE]


def test_midnight_in_china_is_the_border(people, ask):
    arrived(people, 60, at=datetime(2026, 6, 30, 23, 59, tzinfo=SHANGHAI))
    arrived(people, 90, at=datetime(2026, 7, 1, 0, 0, tzinfo=SHANGHAI))
    months = ask(until=JULY).kept[ClockKind.ARRIVAL].months
    assert {month: one.median for month, one in months.items()} == {JUNE: 60, JULY: 90}
    assert figure(ask(since=JULY, until=JULY).kept[ClockKind.ARRIVAL].total.figure) == (1, 1, 90, 90)


def test_by_city_tier_and_organisation(people, ask):
    arrived(people, 100)
    arrived(people, 500, "other")
    kept = ask(until=JULY).kept[ClockKind.ARRIVAL]
    assert {key: one.figure.median for key, one in kept.lines.items()} == {
        (people.sf.pk, "capital"): 100,
        (people.sf.pk, "other"): 500,
    }
    assert figure(ask(tier="other").kept[ClockKind.ARRIVAL].total.figure) == (1, 1, 500, 500)
    assert ask(partner=people.hc.pk).kept == {}
    seen = ask(viewer=people.office).kept[ClockKind.ARRIVAL].lines
    assert set(seen) == {(people.cs01.pk, "capital"), (people.cs01.pk, "other")}


def test_cancelled_merged_and_solved_by_phone_do_not_count(people, ask):
    for state in (S.CANCELLED, S.MERGED):
        made = answered(people, 10)  # its answer was in time, and counts all the same in no rate
        getattr(made, "cancel" if state == S.CANCELLED else "merge")()
        assert {row.counts for row in factories.rows(Clock, ticket=made.ticket)} == {False}
    for_phone = answered(people, 20)
    for_phone.finish_remote()
    arrived(people, 60).cancel()  # on site already
    found = ask(now=factories.NOW + timedelta(hours=1)).kept
    assert {kind: figure(kept.total.figure) for kind, kept in found.items()} == {
        # the job that another was merged into is reported by phone, and is answered apart
        ClockKind.RESPONSE: (1, 1, 20, 20)
    }


def test_what_the_customer_put_off_what_stood_still_and_what_was_answered_at_once_count_apart(people, ask):
    put_off = job(people)
    put_off.appoint(appointment_at=factories.NOW + timedelta(days=1))
    put_off.dispatch()
    put_off.accept()
    put_off.set_out()
    put_off.arrive(now=factories.NOW + timedelta(days=1))
    held = job(people)
    held.dispatch()
    held.hold(reason="customer_stop")
    held.go_on(now=factories.NOW + timedelta(hours=5))
    held.accept()
    held.set_out()
    held.arrive(now=factories.NOW + timedelta(hours=6))
    plain = arrived(people, 300)
    found = ask().kept
    arrival = found[ClockKind.ARRIVAL].total
    assert figure(arrival.figure) == (1, 0, 300, 300)
    assert {name: (one.due, one.in_time) for name, one in arrival.apart.items()} == {
        "appointment": (1, 1),
        "paused": (1, 1),
    }
    response = found[ClockKind.RESPONSE].total
    assert (response.figure, response.apart["answered"].due) == (Figure(), 3)
    assert plain.ticket.late_unexplained


def test_a_pause_that_the_office_took_back_is_none(people, ask):
    made = job(people)
    made.hold(reason="customer_stop")
    assert factories.rows(Clock, ticket=made.ticket, kind="arrival")[0].bucket == "paused"
    made.reverse_pause()
    assert factories.rows(Clock, ticket=made.ticket, kind="arrival")[0].bucket == ""


def test_waiting_for_a_part_sets_the_arrival_not_apart(people, ask):
    made = job(people).to(S.WAIT_PART)
    assert {row.bucket for row in factories.rows(Clock, ticket=made.ticket)} == {"", "answered"}


def test_what_is_due_and_not_met_counts_as_late_without_a_time(people, ask):
    job(people)
    arrived(people, 60)
    before, after = (factories.NOW + timedelta(minutes=n) for n in (239, 241))
    assert figure(ask(now=before).kept[ClockKind.ARRIVAL].total.figure) == (1, 1, 60, 60)
    assert figure(ask(now=after).kept[ClockKind.ARRIVAL].total.figure) == (2, 1, 60, 60)


def test_late_arrivals_by_reason(people, ask):
    arrived(people, 300).explain_late(reason="traffic")
    arrived(people, 310).explain_late(reason="traffic")
    arrived(people, 320)
    answered(people, 90)  # late, but no arrival
    assert ask().late == {"traffic": 2, "": 1}


def test_another_dealers_clocks_are_in_nobodys_rates(people, ask):
    theirs = factories.customer(people.hf01, **CITIES["capital"])
    Job(people, desk=people.stranger, lead=people.stranger_technician, customer=theirs).to(S.ARRIVED)
    for viewer in (
        people.dispatcher,
        people.office,
        people.reviewer,
        people.other_reviewer,
    ):  # shared on demand, and not shared
        assert ask(viewer=viewer).kept == {}
    assert ask(viewer=people.stranger).kept[ClockKind.ARRIVAL].total.figure.due == 1


def test_an_organisation_sees_what_is_shared_with_it(people, ask):
    arrived(people, 60)
    for viewer in (people.owner, people.office, people.reviewer):
        assert figure(ask(viewer=viewer).kept[ClockKind.ARRIVAL].total.figure) == (1, 1, 60, 60)
    assert ask(viewer=people.stranger).kept == {}


def test_it_is_one_statement(people, ask, django_assert_num_queries):
    for minutes in (60, 120, 300):
        arrived(people, minutes)
    with tenancy.acting(people.dispatcher), django_assert_num_queries(1):
        rates.rates(people.dispatcher, Filters(JUNE, JUNE), LATER)
