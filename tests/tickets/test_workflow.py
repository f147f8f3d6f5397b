"""The two tables, row by row, and domain.md 6 "Decided", sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from core import transitions
from tests import factories
from tests.people import refused
from tests.tickets.driver import STEP, T0, WAY, Job
from tickets.enums import (
    BEFORE_ARRIVAL,
    BEFORE_SIGNING,
    FROZEN,
    REFERRED,
    EscalationState,
    ReferralState,
    SlipState,
    Source,
    TicketState,
)
from tickets.models import FaultLineMachine, Slip, Trip
from tickets.workflow import ESCALATION, REFERRAL, SLIP, TICKET

S = TicketState

#: the life of a ticket as the handbook draws it: state -> verbs that leave it
TICKET_VERBS: dict[str, str] = {
    S.NEW: "contact finish_remote merge cancel transfer",
    S.CONTACTED: "appoint dispatch finish_remote merge cancel transfer",
    S.APPOINTED: "appoint dispatch finish_remote merge cancel transfer",
    S.DISPATCHED: "dispatch refuse accept finish_remote merge cancel transfer",
    S.ACCEPTED: "hand_back set_out arrive finish_remote merge cancel transfer",
    S.EN_ROUTE: "hand_back arrive finish_remote merge cancel transfer",
    S.ARRIVED: "start_work merge cancel transfer",
    S.IN_WORK: "wait_part wait_customer complete_slip merge cancel transfer",
    S.WAIT_PART: "dispatch set_out resume merge cancel transfer",
    S.WAIT_CUST: "dispatch set_out resume merge cancel transfer",
    S.WAIT_SIGN: "correct_slip sign refuse_signature void_slip",
    S.DONE: "follow_up close reopen void_slip",
    S.REMOTE_DONE: "follow_up close reopen void_remote_slip",
    S.FOLLOWED_UP: "close reopen void_slip void_remote_slip",
    S.CLOSED: "reopen void_slip void_remote_slip",
    S.MERGED: "",
    S.CANCELLED: "",
    S.TRANSFERRED: "",
}
R, E = ReferralState, EscalationState
REFERRAL_VERBS: dict[str, str] = {
    R.SENT: "arrive",
    R.ARRIVED: "accept ask transfer",
    R.ASKED: "accept insist redirect transfer",
    R.REDIRECTED: "transfer",
    R.ACCEPTED: "transfer",
    R.TRANSFERRED: "",
}
#: domain.md 7
ESCALATION_VERBS: dict[str, str] = {
    E.DRAFT: "submit submit_to_hq",
    E.WAIT_OFFICE: "accept forward pass_on withdraw merge",
    E.AT_OFFICE: "forward pass_on answer withdraw merge",
    E.WAIT_HQ: "accept pass_on withdraw merge",
    E.AT_HQ: "pass_on answer withdraw merge",
    E.ANSWERED: "confirm send_back send_back_to_hq withdraw",
    E.CLOSED: "",
    E.WITHDRAWN: "",
    E.MERGED: "",
}
SLIP_VERBS: dict[str, str] = {
    SlipState.DRAFT: "complete finish_remote void",
    SlipState.WAIT_SIGN: "correct sign refuse void",
    SlipState.SIGNED: "void",
    SlipState.REFUSED: "void",
    SlipState.VOID: "",
}


DRAWN = [(TICKET, TICKET_VERBS), (SLIP, SLIP_VERBS), (REFERRAL, REFERRAL_VERBS), (ESCALATION, ESCALATION_VERBS)]


@dataclass
class Thing:
    """A row as the engine sees it, with everything a guard may ask for."""

    state: str
    version: int = 1
    end_reason: str = "重复"
    wait_reason: str = "轴承"
    lead_person_id: int | None = 7
    appointment_at: object = T0
    number: str = "FW-1"
    refusal_reason: str = "不在现场"
    locked: bool = False
    is_remote: bool = True
    ask_reason: str = "不在区域"
    office_id: int | None = 3
    facts: dict[str, object] = field(default_factory=dict)


@pytest.mark.parametrize(("table", "drawn"), DRAWN)
def test_the_table_is_the_drawing(table, drawn):
    assert {state: table.verbs(state) for state in drawn} == {state: verbs.split() for state, verbs in drawn.items()}
    assert {row.source for row in table.rows} | {row.target for row in table.rows} == set(drawn)


@pytest.mark.parametrize(("table", "drawn"), DRAWN)
def test_each_row_works_and_every_other_pair_is_refused(table, drawn):
    verbs = {row.verb for row in table.rows}
    for state in drawn:
        for verb in verbs:
            thing, row = Thing(state), table.find(state, verb)
            if row is None:
                with refused("wrong_state"):
                    transitions.step(table, thing, verb)
                assert (thing.state, thing.version) == (state, 1)
            else:
                done = transitions.step(table, thing, verb)
                assert (done.source, done.target, thing.state, thing.version) == (state, row.target, row.target, 2)


@pytest.mark.parametrize(
    ("table", "state", "verb", "lacking", "code"),
    [
        (TICKET, S.NEW, "cancel", {"end_reason": " "}, "reason_missing"),
        (TICKET, S.NEW, "merge", {"end_reason": ""}, "reason_missing"),
        (TICKET, S.IN_WORK, "wait_part", {"wait_reason": ""}, "reason_missing"),
        (TICKET, S.IN_WORK, "wait_customer", {"wait_reason": " "}, "reason_missing"),
        (TICKET, S.CONTACTED, "dispatch", {"lead_person_id": None}, "lead_missing"),
        (TICKET, S.CONTACTED, "appoint", {"appointment_at": None}, "appointment_missing"),
        (SLIP, SlipState.DRAFT, "void", {"number": ""}, "slip_without_number"),
        (SLIP, SlipState.DRAFT, "finish_remote", {"is_remote": False}, "slip_not_remote"),
        (SLIP, SlipState.WAIT_SIGN, "refuse", {"refusal_reason": ""}, "reason_missing"),
        (SLIP, SlipState.SIGNED, "void", {"locked": True}, "slip_locked"),
        (REFERRAL, R.ARRIVED, "ask", {"ask_reason": " "}, "reason_missing"),
        (ESCALATION, E.DRAFT, "submit", {"office_id": None}, "no_office"),
        (ESCALATION, E.AT_HQ, "withdraw", {"end_reason": ""}, "reason_missing"),
        (ESCALATION, E.AT_HQ, "merge", {"end_reason": ""}, "reason_missing"),
    ],
)
def test_guards_say_what_lacks(table, state, verb, lacking, code):
    thing = Thing(state, **lacking)
    with refused(code):
        transitions.step(table, thing, verb)
    assert (thing.state, thing.version) == (state, 1)


#: verbs of the driver, by the verbs of the table
DRIVEN = {
    "complete_slip": "complete",
    "correct_slip": "correct",
    "void_slip": "void",
    "void_remote_slip": "void",
}


@pytest.mark.parametrize("state", WAY)
def test_operations_do_what_the_table_says_and_nothing_else(people, state):
    """Through the real operations: from each state every verb, by who may, either moves along the table or is refused."""
    job = Job(people, source="wechat" if state == S.NEW else "phone").to(state)
    if state == S.IN_WORK:
        job.photograph()
        job.leave()
    remote = bool(job.slips) and job.slip.is_remote
    for verb in dict.fromkeys(row.verb for row in TICKET.rows):
        if verb in ("void_slip", "void_remote_slip") and (not job.slips or remote is (verb == "void_slip")):
            continue  # which of the two it is, the slip says
        if verb in ("correct_slip", "sign", "refuse_signature") and not job.slips:
            continue  # nothing to do it to
        if verb == "transfer":
            continue  # no one's verb: it follows when another dealer accepts, tests/tickets/operations/test_refer_ticket.py
        if (state, verb) == (S.ARRIVED, "complete_slip"):
            continue  # starts work by itself: tests/tickets/operations/test_complete_slip.py
        with transaction.atomic():
            _try(job, verb, people.admin if verb == "follow_up" else people.dispatcher)
            transaction.set_rollback(True)


def _try(job: Job, verb: str, who) -> None:
    before, row = job.ticket, TICKET.find(job.state, verb)
    deed = getattr(job, DRIVEN.get(verb, verb))
    if row is not None:
        deed(by=who)
        assert job.state == row.target, (before.state, verb)
        return
    with refused("wrong_state"):
        deed(by=who)
    assert (job.state, job.ticket.version) == (before.state, before.version)


# ── domain.md 6, "Decided", sentence by sentence ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("source", [Source.PHONE, Source.IN_PERSON, *REFERRED, Source.WECHAT, Source.QR])
def test_who_takes_a_report_has_answered_it(people, source):
    answered = source in (Source.PHONE, Source.IN_PERSON)
    assert Job(people, source=source).state == (S.CONTACTED if answered else S.NEW)


def test_leaving_comes_before_waiting_and_before_completing(people):
    job = Job(people).to(S.IN_WORK)
    for verb in ("wait_part", "wait_customer"):
        with refused("still_on_site"):
            getattr(job, verb)()
    job.photograph()
    job.complete(left_at=job.clock + STEP)
    verbs = [entry.verb for entry in job.log]
    assert verbs.index("leave") < verbs.index("complete_slip")


@pytest.mark.parametrize("state", [S.WAIT_PART, S.WAIT_CUST])
def test_from_waiting_another_technician_or_the_next_trip(people, state):
    job = Job(people).to(state)
    job.dispatch(lead=people.second_technician)
    assert job.state == S.DISPATCHED
    again = Job(people).to(state)
    again.set_out()
    assert again.state == S.EN_ROUTE
    again.arrive()
    assert [trip.sequence for trip in factories.rows(Trip, ticket=again.ticket)] == [1, 2]


@pytest.mark.parametrize("state", [*TicketState])
def test_solved_by_phone_from_every_state_before_the_arrival(state):
    assert (TICKET.find(state, "finish_remote") is not None) is (state in BEFORE_ARRIVAL)
    assert BEFORE_ARRIVAL == (S.NEW, S.CONTACTED, S.APPOINTED, S.DISPATCHED, S.ACCEPTED, S.EN_ROUTE)


@pytest.mark.parametrize("state", [*TicketState])
def test_cancel_and_merge_from_every_state_before_waiting_for_the_signature(state):
    before = state in BEFORE_SIGNING
    assert (TICKET.find(state, "cancel") is not None, TICKET.find(state, "merge") is not None) == (before, before)
    assert set(BEFORE_SIGNING) == {*BEFORE_ARRIVAL, S.ARRIVED, S.IN_WORK, S.WAIT_PART, S.WAIT_CUST}


def test_a_reopened_ticket_is_contacted_with_the_mark_of_rework(people):
    job = Job(people).to(S.CLOSED)
    job.reopen()
    assert (job.state, job.ticket.is_rework, job.ticket.round) == (S.CONTACTED, True, 2)


def test_every_change_says_who_when_and_why(people):
    job = Job(people).to(S.WAIT_PART)
    job.dispatch(lead=people.second_technician, note="带上轴承")
    job.refuse(reason="在另一现场")
    for entry in job.log:
        assert entry.author_name and entry.author_organisation and entry.at and entry.recorded_at
    assert [entry.text for entry in job.log if entry.verb in ("wait_part", "dispatch", "refuse")][1:] == [
        "轴承 6309",
        "带上轴承",
        "在另一现场",
    ]


def test_one_valid_slip_per_round(people):
    job = Job(people).to(S.DONE)
    job.void()
    job.complete()
    job.sign()
    job.reopen()
    for verb in ("dispatch", "accept", "arrive", "photograph", "leave", "complete", "sign"):
        getattr(job, verb)()
    assert [(slip.round, slip.state) for slip in job.slips] == [(1, "void"), (1, "signed"), (2, "signed")]


def test_the_database_holds_one_valid_slip_per_round_too(people):
    job = Job(people).to(S.IN_WORK)
    job.open_slip()
    second = factories.again(job.slip)
    second.pk, second.public_id, second.proof_code = None, "a" * 16, "b" * 16
    with pytest.raises(IntegrityError, match="one_valid_slip_per_round"), transaction.atomic(), factories.writing():
        second.save(force_insert=True)


def test_a_fault_line_counts_its_machines(people):
    customer = factories.customer(people.cs01)
    machines = [factories.machine(customer, people.sf, model="WQ100-20-15", ex_factory_on=T0.date()) for _ in range(2)]
    job = Job(people, customer=customer, machines=machines).to(S.DONE)
    assert len(factories.rows(FaultLineMachine, line__slip=job.slip)) == 2


def test_the_end_of_the_last_trip_decides_everything(people):
    job = Job(people).to(S.WAIT_PART)
    job.set_out(now=job.clock + timedelta(days=25))  # into July
    for verb in ("arrive", "start_work", "photograph", "leave"):
        getattr(job, verb)()
    left = job.clock
    job.complete()
    job.sign(now=left + timedelta(days=3))
    assert (job.slip.number, job.slip.finished_at, job.ticket.finished_at) == ("FW-CS01-202607-0001", left, left)
    assert job.slip.arrived_at == factories.rows(Trip, ticket=job.ticket)[0].arrived_at


def test_by_phone_the_time_of_the_result_is_the_end(people):
    job = Job(people)
    job.finish_remote(solved_at=T0 + timedelta(minutes=20), now=T0 + timedelta(hours=3))
    slip = job.slip
    assert (slip.finished_at, slip.arrived_at, slip.left_at, slip.signature_kind) == (
        T0 + timedelta(minutes=20),
        None,
        None,
        "remote",
    )


def test_voiding_a_frozen_slip_takes_the_ticket_back(people):
    job, remote = Job(people).to(S.DONE), Job(people).to(S.REMOTE_DONE)
    job.void()
    remote.void()
    assert (job.state, remote.state) == (S.IN_WORK, S.CONTACTED)


def test_numbers_have_no_gap_and_voids_stay_used(people):
    jobs = [Job(people).to(S.WAIT_SIGN) for _ in range(3)]
    jobs[1].correct()
    jobs[1].cancel()
    jobs[2].void()
    jobs[2].complete()
    numbers = sorted(slip.number for slip in factories.rows(Slip))
    assert numbers == [f"FW-CS01-202606-000{n}" for n in (1, 2, 3, 4)]


def test_a_dealers_slip_that_froze_has_hash_and_day(people):
    for slip in (Job(people).to(S.DONE).slip, Job(people).to(S.REMOTE_DONE).slip):
        assert slip.state in FROZEN and len(slip.content_hash) == 64 and slip.frozen_at


def test_a_ticket_keeps_its_version_and_its_log_in_step(people):
    job = Job(people).to(S.CLOSED)
    job.note()
    job.photo()
    steps = [entry for entry in job.log if entry.kind in ("step", "fact") and entry.verb != "report"]
    assert job.ticket.version == 1 + len(steps)
