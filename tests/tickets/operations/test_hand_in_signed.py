"""A slip that was signed without a line arrives: signed once, or as far as it goes, with the signature kept as 未生效签字."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import factories
from tests.people import refused
from tests.tickets.driver import STROKES, Job
from tickets.enums import TicketState
from tickets.models import Entry, FaultLine, LapsedSignature, Slip

S = TicketState


@pytest.fixture
def job(people):
    """Photographed and left; the slip is a draft."""
    made = Job(people).to(S.IN_WORK)
    made.photograph()
    made.leave()
    made.open_slip()
    return made


def test_a_draft_is_completed_and_signed_at_once(job):
    at = job.clock + timedelta(minutes=5)
    done = job.hand_in(written=job.written(), at=at, now=at + timedelta(hours=6))
    slip = job.slip
    assert done.lapsed is None
    assert (slip.state, slip.number[:8], job.state) == ("signed", "FW-CS01-", S.DONE)
    assert (slip.frozen_at, slip.signed_op, slip.content_hash != "") == (at, "op-of-the-phone", True)
    assert (job.last.verb, job.last.at, job.last.facts["offline"]) == ("sign", at, "1")


def test_the_same_key_again_is_the_same_slip(job):
    job.hand_in(written=job.written())
    before = job.slip
    entries = len(factories.rows(Entry))
    done = job.hand_in(written=job.written(), version=1)
    assert (done.slip.number, done.lapsed) == (before.number, None)
    assert (len(factories.rows(Slip)), len(factories.rows(Entry)), job.slip.version) == (1, entries, before.version)


def test_the_answer_alone_for_a_slip_that_waits(people):
    job = Job(people).to(S.WAIT_SIGN)
    job.hand_in()
    assert (job.slip.state, job.state) == ("signed", S.DONE)


def test_by_name_without_strokes(job):
    job.hand_in(written=job.written(), strokes=None, signer="喻晓敏")
    assert (job.slip.state, job.slip.signature_kind, job.slip.signer) == ("signed", "typed", "喻晓敏")


def test_a_refused_signature_leaves_the_slip_waiting_and_is_kept(job):
    done = job.hand_in(written=job.written(), rating="2")
    assert done.lapsed is not None
    (kept,) = factories.rows(LapsedSignature)
    slip = job.slip
    assert (slip.state, slip.strokes, job.state) == ("wait_sign", None, S.WAIT_SIGN)
    assert (kept.reason, kept.rating, [len(stroke) for stroke in kept.strokes]) == (
        "客户不满意,请写下客户意见。", "2", [len(stroke) for stroke in STROKES],
    )  # fmt: skip
    assert (job.last.verb, job.last.internal) == ("signature_lapsed", True)
    again = job.hand_in(written=job.written(), rating="2")
    assert (again.lapsed, len(factories.rows(LapsedSignature))) == (kept, 1)
    job.sign()
    assert job.slip.state == "signed"


def test_what_is_not_complete_stays_a_draft_as_it_was_typed(job):
    written = replace(job.written(), faults=[job.fault_input(cause="", diagnosis="前轴承 6309 内圈剥落")])
    done = job.hand_in(written=written)
    assert done.lapsed is not None
    assert "原因" in done.lapsed.reason
    slip = job.slip
    assert (slip.state, slip.number, job.state) == ("draft", "", S.IN_WORK)
    (line,) = factories.rows(FaultLine)
    assert line.diagnosis == "前轴承 6309 内圈剥落"


def test_somebody_else_wrote_meanwhile_nothing_is_written_over_his(job, people):
    had = job.slip.version
    job.save(by=people.dispatcher, contact="王师傅")
    done = job.hand_in(written=job.written(contact="张工"), version=had)
    assert done.lapsed is not None
    assert people.dispatcher.name in done.lapsed.reason
    assert (job.slip.state, job.slip.contact, len(factories.rows(LapsedSignature))) == ("draft", "王师傅", 1)


def test_a_ticket_that_ended_meanwhile(job):
    job.cancel()
    done = job.hand_in(written=job.written())
    assert done.lapsed is not None
    assert (job.slip.state, job.state) == ("draft", S.CANCELLED)


def test_a_phone_whose_clock_is_wrong_signs_when_it_arrives(job):
    now = job.clock + timedelta(hours=1)
    job.hand_in(written=job.written(), at=now + timedelta(days=1), now=now)
    assert job.slip.frozen_at == now


@pytest.mark.parametrize("op", ["", "short", "x" * 41])
def test_without_a_key_nothing_is_taken(job, op):
    with refused("op_missing"):
        job.hand_in(written=job.written(), op=op)
    assert job.slip.state == "draft"


def test_others_may_not(job, people):
    with refused("not_found"):
        job.hand_in(by=people.second_technician, written=job.written())
    with refused("not_allowed"):
        job.hand_in(by=people.office, written=job.written())
