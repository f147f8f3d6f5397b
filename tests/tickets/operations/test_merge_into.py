import pytest

from tests import factories
from tests.people import refused
from tests.tickets.driver import Job
from tests.tickets.facts import kinds_told
from tickets.enums import BEFORE_SIGNING, TicketState


@pytest.mark.parametrize("state", BEFORE_SIGNING)
def test_a_report_ends_in_another_open_one_of_the_customer(people, state):
    job = Job(people, source="wechat" if state == TicketState.NEW else "phone").to(state)
    other = Job(people, customer=job.customer, machines=job.machines)
    job.merge(into=other, reason=" 客户又打了一次 ")
    ticket = job.ticket
    assert (ticket.state, ticket.merged_into_id, ticket.end_reason) == (
        TicketState.MERGED,
        other.ticket.pk,
        "客户又打了一次",
    )
    assert (ticket.closed_at, ticket.crew_ids) == (job.clock, [])
    assert (job.last.verb, job.last.facts) == ("merge", {"into": other.ticket.number})
    assert (other.last.verb, other.last.facts) == ("merged_here", {"from": ticket.number})
    if state in (TicketState.DISPATCHED, TicketState.IN_WORK):
        assert kinds_told(people, "technician") == ["ticket_new_job", "ticket_dispatch_ended"]


def test_the_other_must_be_open_of_the_same_customer_and_maker(people):
    job = Job(people)
    closed = Job(people, customer=job.customer, machines=job.machines).to(TicketState.CANCELLED)
    elsewhere = Job(people)
    factories.partnership(people.cs01, people.hc)
    by = people.fresh("dispatcher")
    brand = [factories.machine(job.customer, people.hc)]
    other_brand = Job(people, desk=by, customer=job.customer, machines=brand)
    stranger = Job(people, desk=people.stranger)
    for target in (closed.key, elsewhere.key, other_brand.key, stranger.key, job.key, "nothing"):
        with refused("merge_target", field="target"):
            job.merge(target=target)
    assert job.state == TicketState.CONTACTED


def test_a_numbered_slip_becomes_void_with_it(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    job.correct()
    number = job.slip.number
    job.merge(reason="重复")
    assert (job.slip.state, job.slip.number, job.slip.void_reason) == ("void", number, "重复")
    assert (job.last.verb, job.last.facts) == ("void_slip", {"slip": number})


def test_not_without_a_reason(people):
    job = Job(people)
    with refused("reason_missing", field="reason"):
        job.merge(reason="")


def test_the_number_of_a_private_report_is_not_told_where_the_maker_reads(people):
    customer = factories.customer(people.hf01)
    machines = [factories.machine(customer, people.hc)]
    facts = {"desk": people.stranger, "customer": customer, "machines": machines}
    private, shared = Job(people, **facts), Job(people, **facts, source="hq_referral")
    private.merge(into=shared)
    assert (shared.last.verb, shared.last.internal, shared.last.shared_with_maker) == ("merged_here", True, False)
