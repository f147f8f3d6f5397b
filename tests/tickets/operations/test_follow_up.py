import pytest

from partners.enums import Role
from tests import factories
from tests.people import act, refused
from tests.tickets.driver import Job
from tickets.enums import TicketState
from tickets.models import Ticket
from tickets.operations.finish_ticket import follow_up


@pytest.mark.parametrize("state", [TicketState.DONE, TicketState.REMOTE_DONE])
def test_result_and_note_are_kept(people, state):
    job = Job(people).to(state)
    job.follow_up(by=people.admin, result="unsatisfied", note=" 等了三天 ")
    ticket = job.ticket
    assert (ticket.state, ticket.follow_up, ticket.follow_up_note) == (
        TicketState.FOLLOWED_UP,
        "unsatisfied",
        "等了三天",
    )
    assert (job.last.text, job.last.facts) == ("等了三天", {"result": "unsatisfied"})


@pytest.mark.parametrize("result", ["unsatisfied", "unreachable"])
def test_a_note_is_wanted_unless_he_is_satisfied(people, result):
    job = Job(people).to(TicketState.DONE)
    with refused("note_missing", field="note"):
        job.follow_up(result=result)


def test_an_unknown_result_is_refused(people):
    with refused("choice_unknown", field="result"):
        Job(people).to(TicketState.DONE).follow_up(result="maybe")


def test_who_solved_it_by_phone_does_not_call(people):
    job = Job(people).to(TicketState.REMOTE_DONE)  # by the dispatcher
    with refused("follow_up_self"):
        job.follow_up(by=people.dispatcher)
    job.follow_up(by=people.owner)
    assert job.state == TicketState.FOLLOWED_UP


def test_who_was_on_the_job_in_an_earlier_round_does_not_call(people):
    both = factories.viewer(factories.person(people.cs01, Role.DISPATCHER, Role.TECHNICIAN))
    job = Job(people, lead=both).to(TicketState.DONE)
    with refused("follow_up_self"):
        job.follow_up(by=both)
    job.reopen()
    job.lead = people.technician
    for verb in ("dispatch", "accept", "arrive", "photograph", "leave", "complete", "sign"):
        getattr(job, verb)()
    with refused("follow_up_self"):
        job.follow_up(by=both)


def test_a_dealer_with_one_person_is_told_so_and_the_office_calls(people):
    dealer = factories.dealer("HY09")
    factories.partnership(dealer, people.sf, office=people.sf_hn, sharing="full")
    alone = factories.viewer(factories.person(dealer, Role.ADMIN, Role.DISPATCHER, Role.TECHNICIAN, Role.OWNER))
    customer = factories.customer(dealer)
    job = Job(people, desk=alone, lead=alone, customer=customer, machines=[factories.machine(customer, people.sf)])
    job.finish_remote(unknown_reason="没看铭牌")
    with refused("follow_up_alone"):
        job.follow_up()
    job.follow_up(by=people.fresh("office"))
    assert (job.state, job.last.author_organisation) == (TicketState.FOLLOWED_UP, "湖南办事处")


def test_without_an_office_hq_does_its_part(people):
    job = Job(people).to(TicketState.DONE)
    with refused("not_allowed"):
        job.follow_up(by=people.call_centre)
    with factories.writing():
        Ticket._base_manager.filter(pk=job.ticket.pk).update(office=None)
    job.follow_up(by=people.call_centre)
    assert job.state == TicketState.FOLLOWED_UP


def test_the_office_calls_only_for_what_is_shared_with_it(people):
    job = Job(people, desk=people.stranger, lead=people.stranger_technician).to(TicketState.DONE)
    for name in ("other_office", "office"):
        with refused("not_found"):
            act(
                follow_up,
                viewer=getattr(people, name),
                public_id=job.key,
                expected_version=None,
                result="satisfied",
                note="",
                now=job.clock,
            )
