"""预授权: asked on a ticket, granted with an end or declined, named by the claim; a second trip is paid only with it (domain.md 9.5, A8)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from core import jobs
from core.calendars import local_date
from notices.models import Notice
from settlement.enums import AuthorisationKind
from settlement.models import PreAuthorisation
from settlement.operations import authorisations
from settlement.queries import claim_facts
from settlement.queries import claims as reading
from tests import factories
from tests.people import act, refused, sees
from tests.settlement.claims import Claiming
from tests.tickets.driver import Job
from tickets.enums import TicketState

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
DAY = timedelta(days=1)
K = AuthorisationKind


def ask(people, job, who=None, **changes):
    values = {"kind": K.SECOND_TRIP, "amount": D("504.00"), "km": None, "reason": "等配件二次上门", **changes}
    return act(
        authorisations.ask,
        viewer=who or people.accountant,
        ticket_public_id=job.ticket.public_id,
        now=job.clock,
        **values,
    )


def grant(people, made, now, who=None, days=30, **changes):
    values = {"amount": None, "valid_until": local_date(now) + days * DAY, "answer": "", **changes}
    return act(
        authorisations.grant,
        viewer=who or people.office,
        public_id=made.public_id,
        expected_version=made.version,
        now=now,
        **values,
    )


def told(people, kind):
    jobs.drain()
    return sorted(row.person_id for row in factories.rows(Notice) if row.kind == kind)


def travel(claiming):
    return sum(line[1] for line in claiming.lines() if line[0] == "travel")


def test_it_is_asked_on_a_ticket_numbered_and_told_to_the_office(people):
    job = Job(people).to(TicketState.IN_WORK)
    made = ask(people, job)
    assert made.number == "YS-CS01-202606-0001"
    assert factories.again(made).state == "asked"
    assert told(people, "authorisation_asked") == sorted([people.office.person_id, people.office_engineer.person_id])
    assert len(sees(people.office, PreAuthorisation)) == len(sees(people.reviewer, PreAuthorisation)) == 1
    for stranger in (people.stranger, people.other_office, people.other_reviewer):
        assert sees(stranger, PreAuthorisation) == []


def test_a_private_ticket_is_shown_to_the_manufacturer_by_asking(people):
    job = Job(people, desk=people.stranger, lead=people.stranger_technician).to(TicketState.IN_WORK)
    assert not job.ticket.shared_with_maker
    ask(people, job, people.stranger)
    assert job.ticket.shared_with_maker
    assert len(sees(people.other_office, PreAuthorisation)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": D(0)}, "amount_wrong"),
        ({"kind": K.LONG_TRIP}, "km_wrong"),
        ({"kind": "nonsense"}, "choice_unknown"),
        ({"reason": " "}, "reason_missing"),
    ],
)
def test_what_is_asked_has_to_make_sense(people, changes, code):
    job = Job(people).to(TicketState.IN_WORK)
    with refused(code):
        ask(people, job, **changes)


def test_the_same_is_asked_once_until_it_is_answered(people):
    job = Job(people).to(TicketState.IN_WORK)
    made = ask(people, job)
    with refused("authorisation_asked"):
        ask(people, job)
    ask(people, job, kind=K.LONG_TRIP, km=D(340))
    act(
        authorisations.decline,
        viewer=people.office,
        public_id=made.public_id,
        expected_version=None,
        reason="先寄件",
        now=job.clock,
    )
    assert people.accountant.person_id in told(people, "authorisation_declined")
    assert ask(people, job).number == "YS-CS01-202606-0003"


def test_it_is_granted_until_a_day_by_the_office_or_headquarters(people):
    job = Job(people).to(TicketState.IN_WORK)
    made = ask(people, job)
    for who in (people.accountant, people.finance, people.call_centre, people.technician):
        with refused("not_allowed"):
            grant(people, made, job.clock, who)
    for days in (-1, 367):
        with refused("authorisation_day_wrong"):
            grant(people, made, job.clock, days=days)
    done = grant(people, made, job.clock, people.reviewer, amount=D("400.00"))
    assert (done.state, done.granted_amount, done.answered_by) == ("granted", D("400.00"), people.reviewer.name)
    assert people.accountant.person_id in told(people, "authorisation_granted")
    with refused("stale"):
        grant(people, made, job.clock)
    with refused("wrong_state"):
        grant(people, factories.again(made), job.clock)


def test_a_second_trip_is_paid_only_with_it(people):
    """A8: without it travel of the second trip is 0, labour once."""
    claiming = Claiming(people)
    claiming.write(trips=2)
    assert travel(claiming) == D("504.00")
    labour = sum(line[1] for line in claiming.lines() if line[0] == "labour")
    made = ask(people, claiming.job)
    claiming.write(trips=2)
    assert travel(claiming) == D("504.00"), "asked is not granted"
    grant(people, made, claiming.job.clock)
    claiming.write(trips=2)
    assert travel(claiming) == D("1008.00")
    assert sum(line[1] for line in claiming.lines() if line[0] == "labour") == labour


def test_one_for_something_else_or_one_that_had_ended_pays_no_second_trip(people):
    claiming = Claiming(people)
    long = ask(people, claiming.job, kind=K.LONG_TRIP, km=D(340))
    grant(people, long, claiming.job.clock)
    second = ask(people, claiming.job)
    grant(people, second, claiming.job.clock)
    with factories.writing():
        PreAuthorisation._base_manager.filter(pk=second.pk).update(valid_until=claiming.row.finished_on - DAY)
    claiming.write(trips=2)
    assert travel(claiming) == D("504.00")


def test_the_checks_and_the_page_of_the_claim_name_it(people, sign_in):
    claiming = Claiming(people)
    made = ask(people, claiming.job)
    grant(people, made, claiming.job.clock)

    def authorised(viewer):
        claim = reading.one(viewer, claiming.key)
        basis = reading.basis(viewer, claim.slip, claim.card)
        facts, _reference = claim_facts.facts(viewer, claim, basis, None, claiming.job.clock)
        return [(one.kind, one.number) for one in facts.authorisations]

    assert act(authorised, viewer=people.accountant) == [(K.SECOND_TRIP, made.number)]
    claiming.submit()
    for who in (people.accountant, people.office):
        assert made.number in sign_in(who).get(f"/claims/{claiming.key}/").content.decode()


def test_pages_from_the_ticket_to_the_answer(people, sign_in):
    job = Job(people).to(TicketState.IN_WORK)
    client = sign_in(people.dispatcher)
    address = f"/authorisations/new/{job.ticket.public_id}/"
    assert address in client.get(f"/tickets/{job.ticket.public_id}/").content.decode()
    short = client.post(address, {"kind": "long_trip", "reason": "超过 300 公里"})
    assert short.status_code == 422
    assert "超过 300 公里" in short.content.decode()
    page = client.post(address, {"kind": "long_trip", "km": "340", "amount": "900", "reason": "超过 300 公里"})[
        "Location"
    ]
    office = sign_in(people.office)
    assert f"{page}grant/" in office.get(page).content.decode()
    assert (
        office.post(f"{page}grant/", {"version": "1", "amount": "800", "valid_until": "2026-01-01"}).status_code == 422
    )
    (row,) = factories.rows(PreAuthorisation)
    until = (factories.NOW.today().date() + 9 * DAY).isoformat()
    assert office.post(f"{page}grant/", {"version": "1", "amount": "800", "valid_until": until}).status_code == 302
    text = sign_in(people.accountant).get("/authorisations/?state=granted").content.decode()
    assert row.number in text
    assert "800.00" in text
    assert row.number not in sign_in(people.accountant).get("/authorisations/?state=asked").content.decode()
    for name in ("technician", "storekeeper", "quality"):
        assert sign_in(getattr(people, name)).get("/authorisations/").status_code == 403
        assert sign_in(getattr(people, name)).get(page).status_code == 404
