"""The trial of a draft policy on last year's tickets: counted, listed, kept for those who write policies."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from django.core.files.storage import default_storage

from core import jobs
from core.models import Job as JobRow
from equipment.calculations.policy_input import RuleFacts
from tests import factories
from tests.people import act, refused
from tests.tickets.driver import Job
from tests.warranty import draft, force, next_draft, policy
from tickets.models import PolicyTrial
from tickets.operations import try_policy

NOW = datetime.now(UTC)


@pytest.fixture
def year(people):
    """Three tickets of maker SF within the year and one before it; a policy of twelve months is in force."""
    first = policy(people.hq_admin, valid_from=date(2020, 1, 1), start_rules=(RuleFacts("acceptance", 12),))
    for days, accepted in ((10, 300), (20, 100), (30, 500), (500, 900)):
        at = NOW - timedelta(days=days)
        customer = factories.customer(people.cs01)
        machine = factories.machine(customer, people.sf, accepted_on=(NOW - timedelta(days=accepted)).date())
        Job(people, customer=customer, machines=[machine], at=at, now=at)
    return first


def run(people, version, by=None):
    trial = act(try_policy.order_trial, viewer=by or people.reviewer, public_id=version.public_id, now=NOW)
    jobs.drain()
    return factories.again(trial)


def test_a_draft_says_how_many_tickets_change_and_which(people, year):
    version = next_draft(people.hq_admin, year, valid_from=date(2027, 1, 1), start_rules=(RuleFacts("acceptance", 6),))
    trial = run(people, version)
    assert (trial.tickets, trial.skipped, trial.finished_at is not None) == (3, 0, True)
    assert trial.counts == [["in", "in", 1], ["in", "out_over", 1], ["out_over", "out_over", 1]]
    assert [row[1:] for row in trial.changed] == [["in", "out_over"]]
    job = factories.rows(JobRow, public_id=trial.job)[0]
    assert job.state == "done"
    with default_storage.open(job.result_file, "rb") as file:
        sheet = openpyxl.load_workbook(file).active
        lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(lines) == 2
    assert lines[1][0].startswith("BX-CS01-")


def test_it_changes_no_ticket_and_a_second_trial_takes_its_place(people, year):
    version = next_draft(people.hq_admin, year, valid_from=date(2027, 1, 1), start_rules=(RuleFacts("acceptance", 6),))
    run(people, version)
    second = run(people, version, by=people.hq_admin)
    assert [row.pk for row in factories.rows(PolicyTrial)] == [second.pk]


def test_a_new_policy_beside_the_others_counts_where_it_is_the_closer_one(people, year):
    version = draft(
        people.hq_admin, scope={"name": "此型号", "model": "YE3-160M-4"}, start_rules=(RuleFacts("acceptance", 24),)
    )
    assert run(people, version).counts == [["in", "in", 2], ["out_over", "in", 1]]
    other = draft(
        people.hq_admin, scope={"name": "其他型号", "model": "YE4-160M-4"}, start_rules=(RuleFacts("acceptance", 24),)
    )
    assert run(people, other).changed == []


def test_tickets_that_are_not_shared_are_not_in_it(people, year):
    from tickets.models import Ticket

    with factories.writing():
        Ticket._plain.update(shared_with_maker=False)
    version = next_draft(people.hq_admin, year, valid_from=date(2027, 1, 1))
    assert run(people, version).tickets == 0


@pytest.mark.parametrize("name", ["dispatcher", "admin", "office", "quality", "finance"])
def test_who_does_not_try_policies(people, name):
    version = draft(people.hq_admin)
    with refused("not_allowed"):
        act(try_policy.order_trial, viewer=getattr(people, name), public_id=version.public_id, now=NOW)
    with refused("not_found"):
        act(try_policy.order_trial, viewer=people.other_reviewer, public_id=version.public_id, now=NOW)


def test_only_drafts_are_tried_and_one_that_came_in_force_meanwhile_ends_it(people):
    version = draft(people.hq_admin)
    trial = act(try_policy.order_trial, viewer=people.reviewer, public_id=version.public_id, now=NOW)
    force(people.hq_admin, version)
    jobs.drain()
    assert factories.again(trial).finished_at is None
    with refused("wrong_state"):
        act(try_policy.order_trial, viewer=people.reviewer, public_id=version.public_id, now=NOW)
