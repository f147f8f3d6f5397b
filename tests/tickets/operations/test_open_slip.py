from datetime import date
from decimal import Decimal

from tests import factories
from tests.people import refused
from tests.tickets.driver import Job
from tests.tickets.facts import shared_columns
from tickets.enums import TicketState
from tickets.models import FaultLine, FaultLineMachine, PartLine


def lines(slip):
    return factories.rows(FaultLine, "sequence", slip=slip)


def test_a_draft_begins_with_what_is_known(people):
    customer = factories.customer(people.cs01)
    machines = [
        factories.machine(customer, people.sf, model="WQ100-20-15", conditions=["污水含颗粒"]),
        factories.machine(customer, people.sf, model="YE3-90L-4", conditions=["粉尘", "污水含颗粒"]),
        factories.machine(customer, people.sf, model="WQ100-20-15"),
    ]
    job = Job(people, customer=customer, machines=machines, companions=[people.second_technician], fault="两台泵报警")
    job.to(TicketState.IN_WORK)
    job.open_slip()
    slip = job.slip
    assert (slip.state, slip.number, slip.round, slip.people) == ("draft", "", 1, 2)
    assert (slip.customer_name, slip.address, slip.phone) == (customer.name, job.ticket.site, customer.phone)
    assert (slip.arrived_at, slip.left_at) == (job.ticket.arrived_at, None)
    assert slip.conditions == ["污水含颗粒", "粉尘"]
    assert [(line.sequence, line.reported) for line in lines(slip)] == [(1, "两台泵报警"), (2, "两台泵报警")]
    covered = factories.rows(FaultLineMachine, "line__sequence", "id", line__slip=slip)
    assert [item.ticket_machine_id for item in covered] == [job.on_ticket[n].pk for n in (0, 2, 1)]
    assert {shared_columns(row) for row in (slip, *lines(slip), *covered)} == {shared_columns(job.ticket)}


def test_a_round_has_one_draft_whoever_opens_it(people):
    job = Job(people, companions=[people.second_technician]).to(TicketState.IN_WORK)
    assert job.open_slip().pk == job.open_slip(by=people.second_technician).pk == job.open_slip(by=people.dispatcher).pk
    assert len(job.slips) == 1


def test_not_before_somebody_is_on_site(people):
    job = Job(people).to(TicketState.EN_ROUTE)
    with refused("wrong_state"):
        job.open_slip()


def test_readers_and_strangers_begin_no_slip(people):
    job = Job(people).to(TicketState.IN_WORK)
    for name in ("accountant", "office", "reviewer"):
        with refused("not_allowed"):
            job.open_slip(by=getattr(people, name))
    for name in ("stranger", "second_technician", "other_office"):
        with refused("not_found"):
            job.open_slip(by=getattr(people, name))
    assert job.slips == []


def test_after_a_void_the_new_draft_repeats_what_was_written(people):
    job = Job(people).to(TicketState.DONE)
    job.void()
    job.open_slip()
    former, slip = job.slips
    assert (former.state, slip.state, slip.number, slip.version) == ("void", "draft", "", 1)
    for name in ("in_warranty", "hours", "people", "km", "conditions", "arrived_at", "left_at"):
        assert getattr(slip, name) == getattr(former, name)
    assert (slip.strokes, slip.rating, slip.content_hash, slip.signer) == (None, "", "", "")
    assert [(line.diagnosis, line.standard_hours) for line in lines(slip)] == [
        (line.diagnosis, line.standard_hours) for line in lines(former)
    ]
    assert len(factories.rows(FaultLineMachine, line__slip=slip)) == 1
    parts = factories.rows(PartLine, slip=slip)
    assert [(part.code, part.quantity, part.source) for part in parts] == [("BRG-6309", Decimal(2), "maker_free")]
    assert len(factories.rows(PartLine, slip=former)) == 1


def test_machines_without_number_begin_unknown(people):
    customer = factories.customer(people.cs01)
    machine = factories.machine(customer, people.sf, serial_number="")
    job = Job(people, customer=customer, machines=[machine]).to(TicketState.IN_WORK)
    job.save()
    assert (job.on_ticket[0].serial_number, job.on_ticket[0].ex_factory_on) == ("2603B9999", date(2026, 3, 6))
