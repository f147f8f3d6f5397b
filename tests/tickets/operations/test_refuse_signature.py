from tests.people import refused
from tests.tickets.driver import Job
from tests.tickets.facts import jobs_of, told
from tickets.enums import TicketState


def test_refusing_freezes_and_prints_as_signing_does(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    job.refuse_signature(reason=" 客户拒签,对费用有异议 ")
    slip = job.slip
    assert (slip.state, slip.signature_kind, slip.refusal_reason) == ("refused", "refused", "客户拒签,对费用有异议")
    assert (slip.rating, slip.strokes, len(slip.content_hash), slip.frozen_at) == ("", None, 64, job.clock)
    assert (job.state, job.ticket.finished_at) == (TicketState.DONE, slip.finished_at)
    assert (job.last.verb, job.last.text) == ("refuse_signature", "客户拒签,对费用有异议")
    assert len(jobs_of("tickets.slip_pdf")) == 1
    assert told(people)["dispatcher"] == [
        f"{job.ticket.customer_name} did not sign slip {slip.number}: 客户拒签,对费用有异议"
    ]


def test_not_without_a_reason(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    with refused("reason_missing", field="reason"):
        job.refuse_signature(reason=" ")


def test_a_rating_is_kept_when_there_is_one(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    with refused("choice_unknown", field="rating"):
        job.refuse_signature(rating="9")
    job.refuse_signature(rating="1", opinion="停产两天")
    assert (job.slip.rating, job.slip.opinion) == ("1", "停产两天")
