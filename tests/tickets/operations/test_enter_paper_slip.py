"""补录: a slip that was written by hand is entered afterwards, with the photo of its paper."""

from datetime import timedelta

import pytest

from core.calendars import local
from notices.models import Notice
from tests import factories
from tests.people import act, refused
from tests.tickets.driver import Job, picture
from tickets.documents.slip_facts import paper_of
from tickets.documents.slip_sheet import Sheet
from tickets.enums import Copy, PhotoSlot, TicketState
from tickets.models import Assignment, Entry, FaultLine, Trip
from tickets.operations import photos
from tickets.operations.complete_slip import Incomplete
from tickets.operations.enter_paper_slip import REASON, WrittenByHand, enter_paper_slip
from tickets.operations.freeze_slip import content_of
from tickets.queries import slips

S = TicketState

#: where a ticket can stand when the paper comes in
BEFORE = (
    S.CONTACTED,
    S.APPOINTED,
    S.DISPATCHED,
    S.ACCEPTED,
    S.EN_ROUTE,
    S.ARRIVED,
    S.IN_WORK,
    S.WAIT_PART,
    S.WAIT_CUST,
)


@pytest.mark.parametrize("state", BEFORE)
def test_from_wherever_the_ticket_stands_to_a_signed_slip(people, state):
    job = Job(people).to(state)
    checked_in = state in (S.ARRIVED, S.IN_WORK)
    arrived = job.clock + timedelta(hours=1)
    slip = job.enter_paper(arrived=arrived, paper_number=" no-0417 ")
    assert (job.state, slip.state, slip.from_paper, slip.paper_number) == (S.IN_WORK, "draft", True, "NO-0417")
    assert (slip.arrived_at, slip.left_at) == (arrived, arrived + timedelta(hours=2))
    trips = factories.rows(Trip, ticket__public_id=job.key)
    assert trips[-1].left_at == slip.left_at
    assert bool(slip.times_reason) == (checked_in or state in (S.WAIT_PART, S.WAIT_CUST))
    job.photo(PhotoSlot.PAPER, by=people.dispatcher)
    job.complete(by=people.dispatcher, arrived_at=slip.arrived_at, left_at=slip.left_at, times_reason=slip.times_reason)
    assert (job.state, job.slip.number[:8], job.slip.arrived_at) == (S.WAIT_SIGN, "FW-CS01-", arrived)
    job.sign_on_paper(by=people.dispatcher, signer="喻晓敏")
    slip = job.slip
    assert (slip.state, slip.signature_kind, slip.signer, job.state) == ("signed", "paper", "喻晓敏", S.DONE)
    assert (job.ticket.finished_at, slip.frozen_at) == (slip.left_at, slip.left_at)
    assert (job.last.verb, job.last.facts["kind"]) == ("sign", "paper")
    lead = factories.rows(Assignment, ticket__public_id=job.key)[-1]
    assert (lead.person_id, slip.technician) == (people.technician.person_id, people.technician.name)


def test_the_story_says_which_times_came_from_the_paper(people):
    job = Job(people).to(S.DISPATCHED)
    job.enter_paper(paper_number="0417")
    told = {entry.verb: entry for entry in job.log}
    assert [entry.verb for entry in job.log][-5:] == ["accept", "arrive", "start_work", "leave", "enter_paper"]
    assert all(told[verb].facts.get("by_hand") for verb in ("accept", "arrive", "leave"))
    assert told["arrive"].text == REASON
    assert told["enter_paper"].facts == {"paper": "0417"}


def test_nobody_is_told_of_a_new_job_that_is_done(people):
    job = Job(people)
    before = len(factories.rows(Notice))
    job.enter_paper()
    assert len(factories.rows(Notice)) == before


def test_it_wants_the_photo_of_the_paper_and_no_other(people):
    job = Job(people)
    job.enter_paper()
    with pytest.raises(Incomplete) as caught:
        job.complete(by=people.dispatcher)
    assert [(item.code, item.params) for item in caught.value.problems] == [("photo_missing", {"slot": "paper"})]
    job.photo(PhotoSlot.PAPER, by=people.dispatcher)
    job.complete(by=people.dispatcher)
    assert job.state == S.WAIT_SIGN


def test_a_photo_taken_away_before_the_signature_is_missed(people):
    job = Job(people).to(S.WAIT_SIGN)
    with refused("slip_incomplete"):
        job.sign_on_paper()
    photo = job.photo(PhotoSlot.PAPER)
    act(photos.remove_photo, viewer=people.technician, public_id=photo.public_id, now=job.tick())
    with refused("slip_incomplete"):
        job.sign_on_paper()
    assert job.slip.state == "wait_sign"


def test_a_printed_slip_may_be_signed_with_a_pen(people):
    job = Job(people).to(S.WAIT_SIGN)
    job.photo(PhotoSlot.PAPER, data=picture("signed paper"))
    job.sign_on_paper(now=job.clock + timedelta(days=3), signed_on=local(job.slip.left_at).date() + timedelta(days=1))
    slip = job.slip
    assert (slip.signature_kind, slip.from_paper, f"{local(slip.frozen_at):%H:%M}") == ("paper", False, "12:00")


@pytest.mark.parametrize("days", [-1, 4])
def test_the_day_of_the_signature_lies_between_leaving_and_today(people, days):
    job = Job(people).to(S.WAIT_SIGN)
    job.photo(PhotoSlot.PAPER)
    day = local(job.slip.left_at).date()
    with refused("paper_day_wrong", field="signed_on"):
        job.sign_on_paper(now=job.clock + timedelta(days=3), signed_on=day + timedelta(days=days))
    job.sign_on_paper(signed_on=day)
    assert job.slip.state == "signed"


@pytest.mark.parametrize("name", ["", " ", "张"])
def test_a_name_is_wanted(people, name):
    job = Job(people).to(S.WAIT_SIGN)
    job.photo(PhotoSlot.PAPER)
    with refused("signer_missing", field="signer"):
        job.sign_on_paper(signer=name)


def test_somebody_must_have_been_there(people):
    job = Job(people)
    with refused("lead_missing", field="lead"):
        job.enter_paper(lead="")
    assert (job.state, job.slips) == (S.CONTACTED, [])


@pytest.mark.parametrize(
    ("arrived", "left", "code", "field"),
    [
        (-1, 2, "arrival_before_report", "arrived_at"),
        (3, 2, "leaving_before_arrival", "left_at"),
        (1, 400, "in_future", "left_at"),
    ],
)
def test_times_that_cannot_be(people, arrived, left, code, field):
    job = Job(people).to(S.ACCEPTED)
    t0, lines = job.ticket.reported_at, len(job.log)
    with refused(code, field=field):
        job.enter_paper(
            arrived=t0 + timedelta(hours=arrived), left=t0 + timedelta(hours=left), now=t0 + timedelta(hours=100)
        )
    assert (job.state, len(job.log), job.slips) == (S.ACCEPTED, lines, [])


def test_an_arrival_before_he_set_out_is_told_at_its_field(people):
    job = Job(people).to(S.EN_ROUTE)
    set_out = factories.rows(Trip, ticket__public_id=job.key)[-1].set_out_at
    with refused("arrival_before_departure", field="arrived_at"):
        job.enter_paper(arrived=set_out - timedelta(minutes=5))
    assert job.state == S.EN_ROUTE


def test_a_paper_number_stands_on_one_slip_alone(people):
    first, second = Job(people), Job(people)
    first.enter_paper(paper_number="0417")
    with refused("paper_number_taken", field="paper_number"):
        second.enter_paper(paper_number="0417")
    with refused("paper_number_wrong", field="paper_number"):
        second.enter_paper(paper_number="4 17")
    assert second.state == S.CONTACTED
    second.enter_paper(paper_number="")
    assert second.slip.paper_number == ""


def test_a_draft_that_was_begun_here_becomes_the_one_on_paper(people):
    job = Job(people).to(S.IN_WORK)
    job.save()
    lines = len(factories.rows(FaultLine))
    job.enter_paper(arrived=factories.rows(Trip)[-1].arrived_at)
    assert (len(job.slips), job.slip.from_paper, len(factories.rows(FaultLine))) == (1, True, lines)


def test_after_a_void_the_new_slip_is_entered_from_paper(people):
    job = Job(people).to(S.DONE)
    job.void()
    trip = factories.rows(Trip)[-1]
    job.enter_paper(arrived=trip.arrived_at, left=trip.left_at, paper_number="0417")
    assert (len(job.slips), job.slip.from_paper, job.slip.times_reason) == (2, True, "")


def test_it_was_not_written_by_hand_after_all(people):
    job = Job(people)
    job.enter_paper(paper_number="0417")
    times = (job.slip.arrived_at, job.slip.left_at)
    job.not_from_paper()
    slip = job.slip
    assert (slip.from_paper, slip.paper_number, (slip.arrived_at, slip.left_at)) == (False, "", times)
    assert job.last.verb == "not_from_paper"
    job.not_from_paper()
    assert factories.rows(Entry, ticket__public_id=job.key)[-1].id == job.last.id


@pytest.mark.parametrize("state", [S.NEW, S.WAIT_SIGN, S.DONE, S.REMOTE_DONE, S.CLOSED, S.CANCELLED])
def test_not_where_nothing_can_come_in(people, state):
    job = Job(people, **({"source": "wechat"} if state == S.NEW else {})).to(state)
    before = len(job.slips)
    with refused("wrong_state"):
        job.enter_paper()
    assert len(job.slips) == before


def test_the_lead_enters_his_own_and_nobody_else_may(people):
    job = Job(people, companions=[people.second_technician]).to(S.ACCEPTED)
    for name in ("second_technician", "owner", "accountant", "office", "reviewer", "quality"):
        with refused("not_allowed"):
            job.enter_paper(by=getattr(people, name))
    for name in ("stranger", "other_hq_admin", "platform"):
        with refused("not_found"):
            job.enter_paper(by=getattr(people, name))
    job.enter_paper(by=people.technician)
    assert job.slip.from_paper


def test_two_presses_enter_it_once(people):
    job = Job(people)
    version = job.ticket.version
    job.enter_paper()
    paper = WrittenByHand(job.slip.arrived_at, job.slip.left_at)
    with refused("stale"):
        job.do(enter_paper_slip, people.dispatcher, expected_version=version, paper=paper)
    assert len(job.slips) == 1


def test_the_paper_and_the_hash_say_so(people):
    job = Job(people)
    job.enter_paper(paper_number="0417")
    job.photo(PhotoSlot.PAPER, by=people.dispatcher)
    job.complete(by=people.dispatcher)
    job.sign_on_paper(by=people.dispatcher, signer="喻晓敏")
    paper, content = act(_printed, viewer=people.dispatcher, public_id=job.slip.public_id)
    sheet = Sheet(paper, [Copy.CUSTOMER])
    assert (paper.from_paper, sheet.customer_statement) == (True, "手写签字,见原件照片:喻晓敏")
    assert content["from_paper"] is True


def test_a_slip_that_was_written_here_keeps_its_hash(people):
    job = Job(people).to(S.DONE)
    _paper, content = act(_printed, viewer=people.dispatcher, public_id=job.slip.public_id)
    assert "from_paper" not in content


def _printed(*, viewer, public_id):
    """What its paper prints, and what its hash covers."""
    slip = slips.one(viewer, public_id)
    return paper_of(viewer, slip), content_of(viewer, slip)
