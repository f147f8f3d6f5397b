"""Reminders of claims: each due day once, to whose turn it is; nothing is approved by silence (domain.md 9.4, 20)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core import jobs, tick
from core.calendars import local_date
from core.models import Job as JobRow
from notices.models import Notice
from partners.operations import daily
from partners.queries import viewers
from settlement import tasks
from settlement.calculations.claim_limits import days_late, due, over_since
from settlement.enums import ClaimState
from settlement.models import Claim, ClaimReminder
from settlement.operations import review_claims
from settlement.operations.remind_claims import remind_due
from tests import factories
from tests.people import act
from tests.settlement.cards import card
from tests.settlement.claims import Claiming
from tests.tickets.driver import Job
from tickets.enums import TicketState

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def remind(people, now):
    return act(remind_due, viewer=viewers.of_organisation(people.cs01.pk), now=now)


def very_late(claiming):
    with factories.writing():
        Claim._base_manager.filter(public_id=claiming.key).update(due_on=claiming.row.due_on - 400 * DAY)


def told(people):
    """Kind -> who was told, by the names we know."""
    jobs.drain()
    names = {people.person(name).pk: name for name in ("admin", "accountant", "office", "office_engineer", "reviewer", "hq_admin")}  # fmt: skip
    found: dict[str, list[str]] = {}
    for row in factories.rows(Notice):
        if row.kind.startswith("claim_"):
            found.setdefault(row.kind, []).append(names.get(row.person_id, "?"))
    return {kind: sorted(people) for kind, people in found.items()}


def test_passing_on_tells_the_second_reviewers(people):
    claiming = Claiming(people)
    claiming.submit()
    claiming.passed()
    assert told(people)["claim_passed"] == ["reviewer"]


def test_a_draft_is_reminded_of_ten_and_two_days_before_its_end_and_when_it_is_late(people):
    claiming = Claiming(people)
    end = claiming.row.due_on
    start = claiming.job.clock
    at = {left: start + (end - local_date(start) - left * DAY) for left in (11, 10, 3, 2, 0, -1, -2, -40)}
    assert [remind(people, at[left]) for left in (11, 10, 10, 3, 2, 0)] == [0, 1, 0, 0, 1, 0]
    assert told(people) == {"claim_unsubmitted": ["accountant", "accountant", "admin", "admin"]}
    assert [remind(people, at[left]) for left in (-1, -2, -2, -40)] == [0, 1, 0, 0]  # the end is a Saturday
    assert told(people)["claim_late"] == ["accountant", "admin"]
    assert claiming.state == ClaimState.DRAFT


def test_a_slip_without_claim_is_reminded_of_too(people):
    card(people.reviewer, level="")
    job = Job(people).to(TicketState.DONE)
    finished = job.slip.finished_at
    assert [remind(people, finished + days * DAY) for days in (19, 20, 21, 28, 29, 31)] == [0, 1, 0, 1, 0, 0]
    rows = [row for row in factories.rows(Notice) if row.kind == "claim_unsubmitted"]
    assert {row.url for row in rows} == {"/claims/slips/"}
    assert {row.params["day"] for row in rows} == {(local_date(finished) + 30 * DAY).isoformat()}


def test_what_was_sent_back_is_reminded_of_after_five_days(people):
    claiming = Claiming(people)
    claiming.submit()
    claiming.do(review_claims.send_back, people.office, reason="缺照片")
    sent = claiming.job.clock
    assert [remind(people, sent + days * DAY) for days in (4, 5, 6, 11)] == [0, 1, 0, 1]
    assert set(told(people)) >= {"claim_again", "claim_late"}


def test_a_late_first_review_reminds_the_office_then_headquarters_and_approves_nothing(people):
    claiming = Claiming(people)
    claiming.submit()
    end, start = claiming.row.due_on, claiming.job.clock

    def on(day: date):
        return start + (day - local_date(start))

    assert remind(people, on(end)) == 0
    assert remind(people, on(end + DAY)) == 1
    assert told(people)["claim_review_late"] == ["office", "office_engineer"]
    silent = next(end + n * DAY for n in range(1, 20) if days_late(end, end + n * DAY) == 3)
    assert remind(people, on(silent - DAY)) == 0
    assert remind(people, on(silent)) == 1
    assert told(people)["claim_silent"] == ["hq_admin", "reviewer"]
    (notice, *_) = [row for row in factories.rows(Notice) if row.kind == "claim_silent"]
    assert notice.params["number"] == claiming.row.number
    assert remind(people, on(end + 60 * DAY)) == 0
    assert claiming.state == ClaimState.FIRST
    assert claiming.row.approved is None
    assert {row.kind for row in factories.rows(ClaimReminder)} == {"late", "silent"}


def test_a_new_due_day_is_reminded_of_anew(people):
    claiming = Claiming(people)
    claiming.submit()
    assert remind(people, claiming.job.clock + 6 * DAY) == 1
    claiming.passed()
    assert remind(people, claiming.job.clock + 12 * DAY) == 1
    assert told(people)["claim_review_late"] == ["office", "office_engineer", "reviewer"]


def test_working_days_late_leave_out_weekends_and_holidays():
    friday = date(2026, 6, 12)
    assert [days_late(friday, friday + n * DAY) for n in (-3, 0, 1, 2, 3, 4)] == [0, 0, 0, 0, 1, 2]
    assert days_late(date(2026, 6, 18), date(2026, 6, 22)) == 1  # 19 June is a holiday
    assert over_since(date(2026, 6, 17), 3) == friday + 2 * DAY
    assert over_since(date(2026, 6, 13), 1) == friday - DAY
    assert due(ClaimState.FIRST, date(2026, 6, 11)) == date(2026, 6, 16)


def test_both_sides_see_how_late_it_is(people, sign_in):
    claiming = Claiming(people)
    claiming.submit()
    very_late(claiming)
    for who in (people.accountant, people.office):
        client = sign_in(who)
        for address in (f"/claims/{claiming.key}/", "/claims/"):
            assert "个工作日" in client.get(address).content.decode()


def test_the_tick_plans_one_job_for_each_dealer_and_day(people):
    daily._planned.clear()
    claiming = Claiming(people)
    claiming.submit()
    morning = claiming.job.clock.replace(hour=0, minute=1)
    for _time in range(2):
        tick.tick(morning)
    rows = factories.rows(JobRow, kind=tasks.REMIND_CLAIMS)
    assert sorted(row.organisation_id for row in rows) == sorted([people.cs01.pk, people.hf01.pk])
    very_late(claiming)
    with factories.writing():
        JobRow._base_manager.filter(kind=tasks.REMIND_CLAIMS).update(run_at=claiming.job.clock)
    assert set(told(people)) >= {"claim_review_late", "claim_silent"}
