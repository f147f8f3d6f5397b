from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from equipment.models import Machine
from tests import factories
from tests.people import refused
from tests.tickets.driver import STEP, Job
from tickets.calculations.slip_input import MachineInput, PartInput
from tickets.enums import TicketState
from tickets.models import FaultLineMachine, Trip
from tickets.operations.complete_slip import Incomplete


@pytest.fixture
def job(people):
    job = Job(people).to(TicketState.IN_WORK)
    job.photograph()
    return job


def lacks(job, **changes):
    """What completing says is missing: (field, code) in order."""
    with pytest.raises(Incomplete) as caught:
        job.complete(**changes)
    return [(problem.field, problem.code) for problem in caught.value.problems]


def test_a_complete_slip_gets_its_number_and_waits_for_the_customer(people, job):
    job.leave()
    left = job.clock
    job.complete()
    slip, ticket = job.slip, job.ticket
    assert (slip.state, slip.number, slip.finished_at) == ("wait_sign", "FW-CS01-202606-0001", left)
    assert (ticket.state, slip.completed_at) == (TicketState.WAIT_SIGN, job.clock)
    assert (job.last.verb, job.last.facts) == ("complete_slip", {"slip": slip.number})


def test_the_number_belongs_to_the_month_of_the_departure_in_china(people):
    at = datetime(2026, 6, 30, 14, 30, tzinfo=UTC)  # 22:30 on the last evening of June
    job = Job(people, at=at).to(TicketState.IN_WORK)
    job.photograph()
    job.leave(now=datetime(2026, 6, 30, 15, 59, tzinfo=UTC))
    assert job.complete(now=datetime(2026, 6, 30, 16, 5, tzinfo=UTC)).number == "FW-CS01-202606-0001"
    later = Job(people, at=at).to(TicketState.IN_WORK)
    later.photograph()
    later.leave(now=datetime(2026, 6, 30, 16, 1, tzinfo=UTC))  # 00:01 on the first of July
    assert later.complete().number == "FW-CS01-202607-0001"


def test_each_dealer_counts_for_itself(people, job):
    job.complete(left_at=job.clock)
    other = Job(people, desk=people.stranger, lead=people.stranger_technician).to(TicketState.WAIT_SIGN)
    again = Job(people).to(TicketState.WAIT_SIGN)
    numbers = [job.slip.number, other.slip.number, again.slip.number]
    assert numbers == ["FW-CS01-202606-0001", "FW-HF01-202606-0001", "FW-CS01-202606-0002"]


def test_completing_on_site_ends_the_trip_at_the_slips_departure(people, job):
    left = job.clock + STEP
    job.complete(left_at=left, now=left, km=Decimal("41.0"), nights=1)
    (trip,) = factories.rows(Trip, ticket=job.ticket)
    assert (trip.left_at, trip.km, trip.nights, trip.manual_reason) == (left, Decimal("41.0"), 1, "")
    assert [e.verb for e in job.log[-2:]] == ["leave", "complete_slip"]
    assert job.slip.left_at == job.slip.finished_at == left


def test_of_several_trips_the_first_arrival_and_the_last_departure_stand_on_the_slip(people, job):
    job.leave(km=Decimal("27.5"))
    first = factories.rows(Trip, ticket=job.ticket)[0]
    job.wait_part()
    job.set_out(now=job.clock + timedelta(days=2))
    job.arrive()
    job.start_work()
    job.complete(left_at=job.clock + STEP, now=job.clock + STEP, km=Decimal("60.0"))
    trips = factories.rows(Trip, "sequence", ticket=job.ticket)
    assert (job.slip.arrived_at, job.slip.left_at) == (first.arrived_at, trips[1].left_at)
    assert [trip.km for trip in trips] == [Decimal("27.5"), Decimal("32.5")]  # the second is what is left of the sum


def test_two_short_trips_days_apart_are_no_long_stay(people, job):
    job.leave()
    job.wait_part()
    job.set_out(now=job.clock + timedelta(days=3))
    job.arrive()
    job.start_work()
    job.leave()
    job.complete()
    assert job.state == TicketState.WAIT_SIGN


def test_a_stay_of_more_than_a_day_is_asked(people, job):
    left = job.clock + timedelta(hours=25)
    assert lacks(job, left_at=left, now=left) == [("left_at", "long_stay")]
    job.complete(left_at=left, now=left, long_stay_confirmed=True)
    assert job.state == TicketState.WAIT_SIGN


def test_everything_that_lacks_is_said_at_once(people):
    job = Job(people).to(TicketState.IN_WORK)
    job.leave()
    found = lacks(
        job,
        phone="123",
        hours=Decimal("3.2"),
        people=11,
        faults=[job.fault_input(diagnosis="坏了", cause="", treatment="", machines=())],
        parts=[PartInput("", "轴承")],
        machines=[MachineInput(job.on_ticket[0].pk)],
    )
    assert found == [
        ("phone", "phone_wrong"),
        ("machines-0-unknown_reason", "unknown_reason_missing"),
        ("faults", "machine_not_covered"),
        ("people", "people_wrong"),
        ("hours", "hours_wrong"),
        ("faults-0-diagnosis", "diagnosis_poor"),
        ("faults-0-cause", "cause_missing"),
        ("faults-0-treatment", "treatment_missing"),
        ("faults-0-machines", "line_without_machine"),
        ("parts-0-code", "part_unnamed"),
        ("parts-0-source", "part_source_missing"),
        ("photos", "photo_missing"),
        ("photos", "photo_missing"),
    ]
    assert (job.state, job.slip.number, job.slip.phone) == (TicketState.IN_WORK, "", job.customer.phone)


def test_leaving_is_wanted(people, job):
    assert lacks(job) == [("left_at", "left_missing")]


def test_a_replaced_part_wants_its_photo_a_repair_does_not(people):
    job = Job(people).to(TicketState.IN_WORK)
    job.photograph("nameplate", "fault")
    job.leave()
    assert lacks(job) == [("photos", "photo_missing")]
    job.complete(faults=[job.fault_input(treatment="repair")])
    assert job.state == TicketState.WAIT_SIGN


def test_a_key_part_bought_by_the_dealer_wants_number_and_photo(people, job):
    factories.part(people.sf, "SEAL-M-35", key_part=True)
    job.leave()
    part = PartInput("SEAL-M-35", "机械密封", source="bought_genuine")
    assert lacks(job, parts=[part]) == [("parts-0-supply_number", "part_proof_missing")]
    photo = job.photo("part")
    job.complete(parts=[replace(part, supply_number="M35-8811", supply_photo=photo.public_id)])
    assert job.state == TicketState.WAIT_SIGN


def test_the_nameplate_fills_the_dealers_machine_file(people):
    customer = factories.customer(people.cs01)
    machine = factories.machine(customer, people.sf, serial_number="")
    job = Job(people, customer=customer, machines=[machine]).to(TicketState.WAIT_SIGN)
    file = factories.again(machine)
    assert (file.serial_number, file.ex_factory_on) == ("2603B9999", date(2026, 3, 6))
    kept = factories.rows(FaultLineMachine, line__slip=job.slip)[0]
    assert (kept.model, kept.serial_number, kept.ex_factory_on) == (machine.model, "2603B9999", date(2026, 3, 6))


def test_a_known_number_in_the_file_is_not_overwritten(people):
    customer = factories.customer(people.cs01)
    machine = factories.machine(customer, people.sf, serial_number="ALT-1")
    job = Job(people, customer=customer, machines=[machine]).to(TicketState.IN_WORK)
    job.photograph()
    job.leave()
    job.complete(machines=[MachineInput(job.on_ticket[0].pk, "NEU-2", date(2026, 3, 6))])
    assert factories.again(machine).serial_number == "ALT-1"


def test_a_number_that_another_machine_has_is_refused(people):
    customer = factories.customer(people.cs01)
    factories.machine(customer, people.sf, serial_number="2603B9999")
    machine = factories.machine(customer, people.sf, serial_number="")
    job = Job(people, customer=customer, machines=[machine]).to(TicketState.IN_WORK)
    job.photograph()
    job.leave()
    with refused("serial_taken"):
        job.complete()
    assert (factories.again(machine).serial_number, job.slip.number, job.state) == ("", "", TicketState.IN_WORK)


def test_what_stays_unknown_has_its_reason_instead(people):
    customer = factories.customer(people.cs01)
    machine = factories.machine(customer, people.sf, serial_number="")
    job = Job(people, customer=customer, machines=[machine]).to(TicketState.IN_WORK)
    job.photograph()
    job.leave()
    job.complete(machines=[MachineInput(job.on_ticket[0].pk, unknown_reason="铭牌磨损")])
    kept = factories.rows(FaultLineMachine, line__slip=job.slip)[0]
    assert (kept.serial_number, kept.ex_factory_on, kept.unknown_reason) == ("", None, "铭牌磨损")
    assert factories.rows(Machine, id=machine.pk)[0].serial_number == ""


def test_starting_work_may_be_forgotten(people):
    job = Job(people).to(TicketState.ARRIVED)
    job.photograph()
    job.complete(left_at=job.clock + STEP)
    assert job.state == TicketState.WAIT_SIGN
    assert [e.verb for e in job.log if e.kind != "photo"][-3:] == ["start_work", "leave", "complete_slip"]
    assert job.ticket.version == len([e for e in job.log if e.kind in ("step", "fact")])


def test_a_double_click_completes_once(people, job):
    job.leave()
    job.complete()
    slip, ticket, lines = job.slip, job.ticket, len(job.log)
    with refused("wrong_state"):
        job.complete()
    assert (job.slip.version, job.ticket.version, len(job.log)) == (slip.version, ticket.version, lines)
    assert [s.number for s in job.slips] == ["FW-CS01-202606-0001"]


def test_a_refused_slip_gives_its_number_back(people, job):
    customer = job.customer
    factories.machine(customer, people.sf, serial_number="2603B9999")
    unnumbered = factories.machine(customer, people.sf, serial_number="")
    other = Job(people, customer=customer, machines=[unnumbered]).to(TicketState.IN_WORK)
    other.photograph()
    other.leave()
    with refused("serial_taken"):
        other.complete()
    job.leave()
    assert job.complete().number == "FW-CS01-202606-0001"


def test_a_departure_before_the_last_arrival_is_refused(people, job):
    job.leave()
    left = job.clock
    job.wait_part()
    job.set_out()
    job.arrive()
    job.start_work()
    with refused("leaving_before_arrival", field="left_at"):
        job.complete(left_at=left, times_reason="改时间", arrived_at=job.ticket.arrived_at)
