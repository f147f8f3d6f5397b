"""City and time narrow the lists of tickets and slips; nonsense in the address narrows nothing and breaks nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.calendars import local_date
from tests import factories
from tests.tickets.driver import Job
from tickets.enums import TicketState
from tickets.forms.lists import period_of


@pytest.fixture
def two(people):
    """One of today in 永州, one of 40 days ago in 长沙, signed."""
    now = timezone.now()
    near = Job(people, customer=factories.customer(people.cs01, city="永州市"), at=now - timedelta(minutes=5))
    far = Job(people, customer=factories.customer(people.cs01, city="长沙市"), at=now - timedelta(days=40))
    return near, far.to(TicketState.DONE)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("city=永州", "near"), ("city=永州市", "near"), ("city=长沙", "far"), ("city=衡阳", ""), ("period=today", "near"),
        ("since={ago30}", "near"), ("until={ago30}", "far"), ("city=长沙&period=today", ""), ("since=昨天", "both"), ("period=never", "both"),
        ("since={ago30}&until={ago90}", ""),
    ],
)  # fmt: skip
def test_tickets(people, sign_in, two, query, found):
    today = local_date(timezone.now())
    query = query.format(ago30=today - timedelta(days=30), ago90=today - timedelta(days=90))
    page = sign_in(people.dispatcher).get(f"/tickets/?state=all&{query}").content.decode()
    shown = {name for name, job in zip(("near", "far"), two, strict=True) if job.ticket.number in page}
    assert shown == {"both": {"near", "far"}, "": set()}.get(found, {found})


@pytest.mark.parametrize(("query", "found"), [("city=长沙", True), ("city=永州", False), ("period=today", False), ("until={ago30}", True)])  # fmt: skip
def test_slips(people, sign_in, two, query, found):
    query = query.format(ago30=local_date(timezone.now()) - timedelta(days=30))
    page = sign_in(people.dispatcher).get(f"/slips/?{query}").content.decode()
    assert (two[1].slip.number in page) is found


def test_slips_by_the_other_side(people, sign_in, two):
    number = two[1].slip.number
    dealer = sign_in(people.dispatcher)
    assert number in dealer.get(f"/slips/?partner={people.sf.public_id}").content.decode()
    assert (
        number in dealer.get(f"/slips/?partner={people.hc.public_id}").content.decode()
    )  # not offered: narrows nothing
    office = sign_in(people.office)
    assert number in office.get(f"/slips/?partner={people.cs01.public_id}").content.decode()
    assert number in office.get("/slips/?partner=0000000000000000").content.decode()


def test_periods():
    from datetime import date

    day = date(2026, 3, 1)  # a Sunday
    assert period_of("today", day) == (day, date(2026, 3, 2))
    assert period_of("week", day) == (date(2026, 2, 23), date(2026, 3, 2))
    assert period_of("month", day) == (day, date(2026, 4, 1))
    assert period_of("last_month", day) == (date(2026, 2, 1), day)
