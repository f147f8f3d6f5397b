from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Refused
from tests import factories
from tests.people import refused
from tests.tickets.driver import STEP, Job
from tickets.calculations.slip_input import FaultInput, MachineInput, PartInput
from tickets.enums import TicketState
from tickets.models import FaultLine, FaultLineMachine, PartLine
from tickets.operations.save_slip import save_slip


@pytest.fixture
def job(people):
    return Job(people, companions=[people.second_technician]).to(TicketState.IN_WORK)


def test_everything_typed_is_kept_complete_or_not(people, job):
    factories.part(people.sf, "BRG-6309")
    job.save(
        faults=[FaultInput(diagnosis="振速 7.2mm/s")], parts=[PartInput("brg-6309", "轴承"), PartInput("XY", "垫")]
    )
    slip = job.slip
    assert (slip.phone, slip.hours, slip.km, slip.conditions) == (
        "13874651234",
        Decimal("3.0"),
        Decimal("27.5"),
        ["粉尘", "连续24h"],
    )
    assert [(line.diagnosis, line.reported) for line in factories.rows(FaultLine, slip=slip)] == [("振速 7.2mm/s", "")]
    parts = factories.rows(PartLine, slip=slip)
    assert [(part.code, part.part_id is not None, part.unit) for part in parts] == [
        ("brg-6309", True, "件"),
        ("XY", False, "件"),
    ]


def test_saving_again_replaces_the_lines(people, job):
    job.save()
    job.save(faults=[job.fault_input(diagnosis="换了结论了"), job.fault_input()], parts=[])
    assert next(line.diagnosis for line in factories.rows(FaultLine, "sequence", slip=job.slip)) == "换了结论了"
    assert len(factories.rows(FaultLineMachine, line__slip=job.slip)) == 2
    assert factories.rows(PartLine, slip=job.slip) == []


def test_saving_the_same_again_writes_the_slip_and_none_of_its_lines(people, job):
    parts = [PartInput("BRG-6309", "轴承", supply_photo=job.photo("part").public_id), PartInput("XY", "垫")]
    job.save(parts=parts)
    before = lines_of(job)
    written = job.written(parts=parts)
    with CaptureQueriesContext(connection) as caught:
        job.do_slip(save_slip, people.technician, written=written)
    tables = [
        sql.split()[1] for sql in (query["sql"] for query in caught) if sql.startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert tables == ['"tickets_slip"']
    assert lines_of(job) == before


def test_only_the_lines_that_differ_are_written(people, job):
    parts = [PartInput("A-1", "轴承"), PartInput("A-2", "油封"), PartInput("A-3", "垫")]
    job.save(faults=[job.fault_input(), job.fault_input()], parts=parts)
    faults, covered, fitted = lines_of(job)
    job.save(
        faults=[job.fault_input(), job.fault_input(cause="缺油")],
        parts=[parts[0], replace(parts[1], quantity=Decimal(2))],
    )
    assert lines_of(job) == (faults, covered, fitted[:2])
    assert [line.cause for line in factories.rows(FaultLine, "sequence", slip=job.slip)][1] == "缺油"
    assert [part.quantity for part in factories.rows(PartLine, "sequence", slip=job.slip)] == [1, 2]
    job.save(faults=[job.fault_input(machines=())], parts=parts)
    assert lines_of(job)[:2] == (faults[:1], [])
    assert lines_of(job)[2][:2] == fitted[:2]


def lines_of(job):
    """Ids of the fault lines, of the machines they cover, of the parts."""
    kinds = (
        (FaultLine, {"slip": job.slip}),
        (FaultLineMachine, {"line__slip": job.slip}),
        (PartLine, {"slip": job.slip}),
    )
    return tuple([row.pk for row in factories.rows(kind, "pk", **where)] for kind, where in kinds)


def test_a_part_that_enters_the_catalogue_later_is_known_from_then_on(people, job):
    job.save(parts=[PartInput("brg-6309", "轴承")])
    assert factories.rows(PartLine, slip=job.slip)[0].part_id is None
    part = factories.part(people.sf, "BRG-6309")
    job.save(parts=[PartInput("brg-6309", "轴承")])
    assert factories.rows(PartLine, slip=job.slip)[0].part_id == part.pk


def test_a_corrected_draft_shows_the_machine_as_it_is_typed_now(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    job.correct()
    assert factories.rows(FaultLineMachine, line__slip=job.slip)[0].model
    job.save()
    covered = factories.rows(FaultLineMachine, line__slip=job.slip)[0]
    assert (covered.model, covered.serial_number, covered.ex_factory_on, covered.batch) == ("", "", None, "")


def test_times_from_check_in_are_changed_only_with_their_reason(people, job):
    checked_in = job.ticket.arrived_at
    earlier = checked_in - timedelta(minutes=7)
    left = job.clock
    job.save(arrived_at=earlier, left_at=left)
    assert (job.slip.arrived_at, job.slip.left_at) == (checked_in, left)
    job.save(arrived_at=earlier, left_at=left, times_reason="打卡晚了")
    assert job.slip.arrived_at == earlier


def test_the_lead_his_companion_and_the_desk_may_save(people, job):
    for name in ("technician", "second_technician", "dispatcher", "admin"):
        job.save(by=getattr(people, name), opinion=name)
        assert (job.slip.opinion, job.slip.saved_by) == (name, getattr(people, name).name)
    before = job.slip
    written = job.written(opinion="?")
    for name in ("owner", "office", "reviewer", "quality"):
        with refused("not_allowed"):
            job.do_slip(save_slip, getattr(people, name), written=written)
    for name in ("stranger", "stranger_technician", "other_office"):
        with refused("not_found"):
            job.do_slip(save_slip, getattr(people, name), written=written)
    assert (job.slip.version, job.slip.opinion) == (before.version, "admin")


def test_an_old_form_is_told_who_saved_meanwhile(people, job):
    job.save()
    version = job.slip.version
    job.save(by=people.second_technician)
    with pytest.raises(Refused) as caught:
        job.do_slip(save_slip, people.technician, written=job.written(), expected_version=version)
    assert (caught.value.code, caught.value.status, caught.value.params["who"]) == ("stale", 409, "刘建军")


def test_a_completed_slip_is_not_saved(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    with refused("wrong_state"):
        job.do_slip(save_slip, people.technician, written=job.written())


def test_the_draft_of_a_cancelled_ticket_is_not_saved(people, job):
    job.save()
    job.cancel()
    with refused("wrong_state"):
        job.do_slip(save_slip, people.dispatcher, written=job.written())


def test_a_machine_of_another_ticket_does_not_exist(people, job):
    other = Job(people, customer=job.customer)
    foreign = other.on_ticket[0].pk
    job.open_slip()
    for written in (
        job.written(machines=[MachineInput(foreign)]),
        job.written(faults=[job.fault_input(machines=(foreign,))]),
    ):
        with refused("not_found"):
            job.do_slip(save_slip, people.technician, written=written)


def test_a_photo_of_another_ticket_proves_nothing(people, job):
    photo = Job(people).to(TicketState.DISPATCHED).photo()
    job.save(parts=[PartInput("BRG-6309", "轴承", supply_photo=photo.public_id)])
    assert factories.rows(PartLine, slip=job.slip)[0].supply_photo_id is None
    own = job.photo("part")
    job.save(parts=[PartInput("BRG-6309", "轴承", supply_photo=own.public_id)])
    assert factories.rows(PartLine, slip=job.slip)[0].supply_photo_id == own.pk


PART = PartInput("BRG-6309", "轴承")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"opinion": "好" * 201}, "text_too_long", "opinion"),
        ({"contact": "张" * 21}, "text_too_long", "contact"),
        ({"in_warranty": "maybe"}, "choice_unknown", "in_warranty"),
        ({"rating": "9"}, "choice_unknown", "rating"),
        ({"people": -1}, "number_wrong", "people"),
        ({"hours": Decimal(100_000)}, "number_wrong", "hours"),
        ({"km": Decimal(-3)}, "number_wrong", "km"),
        ({"parts_fee": Decimal("-0.01")}, "fee_negative", "parts_fee"),
        ({"labour_fee": Decimal(10) ** 12}, "number_wrong", "labour_fee"),
        ({"faults": [FaultInput(responsibility="weather")]}, "choice_unknown", "faults-0-responsibility"),
        ({"faults": [FaultInput(), FaultInput(solution="换" * 501)]}, "text_too_long", "faults-1-solution"),
        ({"parts": [replace(PART, quantity=Decimal(0))]}, "quantity_wrong", "parts-0-quantity"),
        ({"parts": [PART, replace(PART, source="found")]}, "choice_unknown", "parts-1-source"),
        ({"parts": [replace(PART, unit_price=Decimal(-5))]}, "fee_negative", "parts-0-unit_price"),
    ],
)
def test_what_no_draft_can_hold_is_refused_at_its_field(people, job, changes, code, field):
    job.open_slip()
    before = job.slip
    with refused(code, field=field):
        job.save(**changes)
    assert (job.slip.version, job.slip.opinion) == (before.version, before.opinion)


def test_leaving_before_arriving_is_refused_at_its_field(people, job):
    with refused("leaving_before_arrival", field="left_at"):
        job.save(left_at=job.ticket.arrived_at - STEP)


def test_the_price_of_a_part_is_kept_to_the_cent(people, job):
    job.save(parts=[replace(PART, unit_price=Decimal("42.005"))], parts_fee=Decimal("84.005"))
    assert factories.rows(PartLine, slip=job.slip)[0].unit_price == Decimal("42.01")
    assert job.slip.parts_fee == Decimal("84.01")
