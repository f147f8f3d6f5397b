from datetime import UTC, datetime, timedelta

from tests.people import refused
from tests.tickets.driver import Job
from tickets.enums import TicketState


def test_the_slip_goes_back_to_the_draft_and_keeps_its_number(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    number = job.slip.number
    job.correct(reason=" 地址写错 ")
    assert (job.slip.state, job.slip.number, job.state) == ("draft", number, TicketState.IN_WORK)
    assert (job.last.text, job.last.facts) == ("地址写错", {"slip": number})
    job.complete(address="湖南省永州市零陵区 2 号")
    assert (job.slip.number, job.slip.address) == (number, "湖南省永州市零陵区 2 号")


def test_a_signed_slip_is_not_corrected(people):
    job = Job(people).to(TicketState.DONE)
    with refused("wrong_state"):
        job.correct()


def test_a_correction_does_not_move_the_slip_into_another_month(people):
    at = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
    job = Job(people, at=at).to(TicketState.WAIT_SIGN)
    arrived, left = job.slip.arrived_at, job.slip.left_at
    job.correct()
    july = datetime(2026, 6, 30, 16, 30, tzinfo=UTC)  # half past midnight in China
    with refused("month_moved", field="left_at"):
        job.complete(arrived_at=arrived, left_at=july, times_reason="半夜才离开", now=july + timedelta(hours=1))
    assert (job.slip.number, job.slip.left_at, job.state) == ("FW-CS01-202606-0001", left, TicketState.IN_WORK)
    job.void(reason="离开时间在七月")
    job.complete(arrived_at=arrived, left_at=july, times_reason="半夜才离开", now=july + timedelta(hours=1), people=1)
    assert [(s.number, s.state) for s in job.slips] == [
        ("FW-CS01-202606-0001", "void"),
        ("FW-CS01-202607-0001", "wait_sign"),
    ]


def test_within_the_month_the_departure_may_be_corrected(people):
    job = Job(people).to(TicketState.WAIT_SIGN)
    arrived, later = job.slip.arrived_at, job.slip.left_at + timedelta(minutes=5)
    job.correct()
    job.complete(arrived_at=arrived, left_at=later, times_reason="看错表")
    assert (job.slip.left_at, job.slip.finished_at) == (later, later)
