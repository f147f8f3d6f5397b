from datetime import UTC, date, datetime, timedelta

import pytest

from tests import factories
from tests.people import refused
from tests.tickets.driver import T0, Job
from tests.tickets.facts import jobs_of, kinds_told, told
from tickets.enums import BEFORE_ARRIVAL, TicketState
from tickets.models import FaultLine, PartLine
from tickets.operations.complete_slip import Incomplete


@pytest.mark.parametrize("state", BEFORE_ARRIVAL)
def test_from_every_state_before_the_arrival(people, state):
    job = Job(people, source="wechat" if state == TicketState.NEW else "phone").to(state)
    sent = bool(job.ticket.crew_ids)
    job.finish_remote()
    slip, ticket = job.slip, job.ticket
    assert (ticket.state, ticket.finished_at) == (TicketState.REMOTE_DONE, job.clock)
    assert ticket.contacted_at is not None
    assert (slip.state, slip.number, slip.is_remote) == ("signed", "FW-CS01-202606-0001", True)
    assert (slip.arrived_at, slip.left_at, slip.people, slip.strokes) == (None, None, None, None)
    assert (slip.signature_kind, slip.technician, len(slip.content_hash)) == ("remote", "李静", 64)
    assert (ticket.crew_ids, ticket.worked_ids) == ([], [people.dispatcher.person_id])
    assert (job.last.verb, job.last.facts) == ("finish_remote", {"slip": slip.number})
    assert kinds_told(people, "technician") == (["ticket_new_job", "ticket_dispatch_ended"] if sent else [])
    assert told(people)["admin"] == [f"{ticket.number} ({ticket.customer_name}) is solved by phone, slip {slip.number}"]
    assert len(jobs_of("tickets.slip_pdf")) == 1


@pytest.mark.parametrize("state", [TicketState.ARRIVED, TicketState.IN_WORK, TicketState.WAIT_PART, TicketState.DONE])
def test_not_after_the_arrival(people, state):
    job = Job(people).to(state)
    with refused("wrong_state"):
        job.finish_remote()


def test_the_result_decides_the_month_not_the_typing(people):
    job = Job(people, at=datetime(2026, 6, 30, 13, 0, tzinfo=UTC))
    solved = datetime(2026, 6, 30, 15, 30, tzinfo=UTC)
    job.finish_remote(solved_at=solved, now=datetime(2026, 6, 30, 17, 0, tzinfo=UTC))
    assert (job.slip.number, job.ticket.finished_at) == ("FW-CS01-202606-0001", solved)


def test_the_result_lies_between_the_report_and_now(people):
    job = Job(people)
    with refused("solved_before_report", field="solved_at"):
        job.finish_remote(solved_at=T0 - timedelta(minutes=1))
    with refused("in_future", field="solved_at"):
        job.finish_remote(solved_at=job.clock + timedelta(days=1))


def test_diagnosis_cause_and_solution_are_wanted_photos_are_not(people):
    job = Job(people)
    with pytest.raises(Incomplete) as caught:
        job.finish_remote(diagnosis="坏了", cause="", responsibility="", solution="")
    assert [p.field for p in caught.value.problems] == [
        "faults-0-diagnosis",
        "faults-0-responsibility",
        "faults-0-cause",
        "faults-0-solution",
    ]
    assert (job.state, job.slips) == (TicketState.CONTACTED, [])


def test_an_unknown_machine_has_its_reason(people):
    customer = factories.customer(people.cs01)
    machine = factories.machine(customer, people.sf, serial_number="")
    job = Job(people, customer=customer, machines=[machine])
    with pytest.raises(Incomplete):
        job.finish_remote()
    job.finish_remote(unknown_reason="客户看不到铭牌")
    assert job.state == TicketState.REMOTE_DONE


def test_a_draft_of_an_earlier_trip_becomes_the_remote_slip_without_times(people):
    job = Job(people).to(TicketState.IN_WORK)
    job.save(times_reason="改过", arrived_at=job.ticket.arrived_at, left_at=job.clock)
    job.leave()
    job.wait_part()
    job.dispatch(lead=people.second_technician)
    job.refuse()
    job.finish_remote()
    slip = job.slip
    assert len(job.slips) == 1
    assert (slip.is_remote, slip.arrived_at, slip.left_at, slip.km, slip.hours, slip.people, slip.nights) == (
        True, None, None, None, None, None, 0,
    )  # fmt: skip
    assert [line.diagnosis for line in factories.rows(FaultLine, slip=slip)] == ["热继整定 2.6A,额定 3.5A"]
    assert factories.rows(PartLine, slip=slip) == []


def test_the_lead_solves_it_on_the_phone_and_signs_for_it(people):
    job = Job(people).to(TicketState.ACCEPTED)
    job.finish_remote(by=people.technician, standard_hours=None, symptom="跳闸", fault_part="外围电气")
    assert (job.slip.technician, job.slip.technician_phone) == ("陈志强", people.technician.phone)
    line = factories.rows(FaultLine, slip=job.slip)[0]
    assert (line.symptom, line.fault_part, line.reported) == ("跳闸", "外围电气", job.ticket.fault)


def test_the_machines_date_is_kept_on_the_slip(people):
    from tickets.models import FaultLineMachine

    job = Job(people)
    job.finish_remote()
    assert factories.rows(FaultLineMachine, line__slip=job.slip)[0].ex_factory_on == date(2026, 3, 6)
