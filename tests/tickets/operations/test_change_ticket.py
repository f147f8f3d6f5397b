from dataclasses import replace

import pytest

from tests import factories
from tests.people import refused
from tests.tickets.driver import Job
from tickets.enums import FINISHED, TicketState
from tickets.models import TicketMachine
from tickets.operations.finish_ticket import Change, change_ticket


def change(job, machines=None, by=None, **changes):
    ticket = job.ticket
    facts = replace(Change(ticket.fault, ticket.urgency, ticket.contact, ticket.phone), **changes)
    return job.do(change_ticket, by or job.desk, change=facts, machines=job.machines if machines is None else machines)


def test_what_was_is_kept_in_the_story_but_no_telephone_number(people):
    job = Job(people, phone="13874651234")
    change(job, fault="冒烟不转", urgency="stopped", contact="欧阳建国", phone="13900001111")
    ticket = job.ticket
    assert (ticket.fault, ticket.urgency, ticket.contact, ticket.phone) == (
        "冒烟不转",
        "stopped",
        "欧阳建国",
        "13900001111",
    )
    was = {"fault": "前端有咯咯声,烫手", "urgency": "normal", "contact": "张工", "phone": "138****1234"}
    assert (job.last.verb, job.last.facts) == ("changed", {"was": was})


def test_nothing_changed_writes_nothing(people):
    job = Job(people)
    before, lines = job.ticket.version, len(job.log)
    change(job)
    assert (job.ticket.version, len(job.log)) == (before, lines)


def test_machines_come_and_go_while_no_slip_names_them(people):
    job = Job(people).to(TicketState.IN_WORK)
    second = factories.machine(job.customer, people.sf, model="YE3-90L-4")
    change(job, machines=[*job.machines, second])
    assert (job.ticket.model_summary, len(job.on_ticket)) == ("YE3-160M-4, YE3-90L-4", 2)
    job.save()  # an unnumbered draft over both
    change(job, machines=[second])
    assert [m.machine_id for m in factories.rows(TicketMachine, ticket=job.ticket)] == [second.pk]
    assert job.last.facts == {"was": {"machines": "YE3-160M-4, YE3-90L-4"}}


def test_a_machine_on_a_numbered_slip_stays(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    second = factories.machine(job.customer, people.sf)
    with refused("machine_on_slip", field="machines"):
        change(job, machines=[second])
    job.correct()
    with refused("machine_on_slip", field="machines"):
        change(job, machines=[second])
    change(job, machines=[*job.machines, second])
    assert len(job.on_ticket) == 2


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"fault": "坏"}, "fault_missing", "fault"),
        ({"fault": "坏" * 201}, "text_too_long", "fault"),
        ({"urgency": "now"}, "choice_unknown", "urgency"),
        ({"machines": []}, "machine_missing", "machines"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(people, changes, code, field):
    job = Job(people)
    with refused(code, field=field):
        change(job, **changes)


def test_only_machines_of_the_customer_and_the_maker(people):
    job = Job(people)
    with refused("machine_of_other_customer", field="machines"):
        change(job, machines=[factories.machine(factories.customer(people.cs01), people.sf)])
    with refused("several_makers", field="machines"):
        change(job, machines=[factories.machine(job.customer, people.hc)])


def test_only_the_desk_and_only_while_it_is_open(people):
    job = Job(people).to(TicketState.IN_WORK)
    for name in ("technician", "owner", "office", "reviewer"):
        with refused("not_allowed"):
            change(job, by=getattr(people, name))
    with refused("not_found"):
        change(job, by=people.stranger)
    done = Job(people).to(TicketState.DONE)
    assert done.state in FINISHED
    with refused("wrong_state"):
        change(done, fault="冒烟不转")
