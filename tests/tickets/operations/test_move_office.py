"""A dealer that goes to another office takes all its records along (domain.md 2.3, reliability.md 1)."""

from __future__ import annotations

import pytest
from django.db import connection

from core import jobs
from core.tenancy import Tier
from partners.operations import move_office
from partners.operations.partnerships import Assignment, assign_partnership
from settlement.models import Claim, ClaimLine
from tests import factories
from tests.people import act, sees
from tests.settlement.claims import Claiming
from tests.tickets.facts import jobs_of
from tickets.models import Entry, Escalation, Slip, Ticket, Trip

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = (Ticket, Slip, Trip, Entry, Escalation, Claim, ClaimLine)


@pytest.fixture
def other_office(people):
    """A second office of the manufacturer."""
    return factories.office(people.sf, "SF-HB")


def of_office(office, model):
    """How many rows of a table name this office."""
    return len([row for row in factories.rows(model) if row.office_id == office.pk])


@pytest.mark.parametrize("who", ["hq_admin", "platform"])
def test_everything_goes_along_and_the_old_office_sees_nothing_any_more(people, other_office, who):
    claiming = Claiming(people)
    claiming.submit()

    before = {model: of_office(people.sf_hn, model) for model in TABLES}
    assert before[Ticket] == before[Claim] == 1
    act(
        assign_partnership,
        viewer=getattr(people, who),
        public_id=people.partnership.public_id,
        assignment=Assignment(office=other_office.public_id, level="1"),
        expected_version=1,
        now=claiming.job.clock,
    )
    (job,) = jobs_of(move_office.MOVE)
    assert (job.organisation_id, job.tier) == (people.cs01.pk, Tier.DEALER)
    jobs.drain()
    for model in TABLES:
        assert (of_office(people.sf_hn, model), of_office(other_office, model)) == (0, before[model]), model
    assert sees(people.office, Ticket) == []
    assert sees(people.office, Claim) == []
    assert len(sees(people.reviewer, Ticket)) == 1


def test_a_second_run_finds_nothing_to_do(people):
    claiming = Claiming(people)
    claiming.submit()
    version = claiming.job.ticket.version
    with_partnership = act(
        lambda viewer: move_office.move(viewer, people.partnership, Ticket, after=0), viewer=people.admin
    )
    assert with_partnership == claiming.job.ticket.pk
    assert claiming.job.ticket.version == version
    assert (
        act(
            lambda viewer: move_office.move(viewer, people.partnership, Ticket, after=with_partnership),
            viewer=people.admin,
        )
        is None
    )


def test_a_dealer_may_move_every_table_that_names_an_office():
    tables = move_office.moved_tables()
    assert len(tables) > 15
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(
                "SELECT has_column_privilege('app_dealer', %s, 'office_id', 'UPDATE')", [model._meta.db_table]
            )
            assert cursor.fetchone() == (True,), model._meta.db_table
