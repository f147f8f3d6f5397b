"""Random verbs by random people on random tickets; after each of them everything that must always hold, holds.

SEED=n repeats a run, EXAMPLES=n and STEPS=n make it longer, SHRINK=1 looks for the shortest way to a fault (minutes). A refusal is an answer like another, but must leave everything as it was.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from typing import Any, ClassVar

import hypothesis
import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.errors import Refused
from tests import factories
from tests.people import People, sees
from tests.tickets.driver import WAY, Job
from tickets.enums import FINISHED, FROZEN, SlipState, Source, TicketState
from tickets.models import Assignment, Entry, FaultLine, PartLine, Slip, Ticket, Trip
from tickets.workflow import TICKET

SEED = int(os.environ.get("SEED", "1"))
EXAMPLES, STEPS = int(os.environ.get("EXAMPLES", "16")), int(os.environ.get("STEPS", "30"))

S = TicketState
VERBS = (
    "contact", "appoint", "dispatch", "accept", "refuse", "hand_back", "set_out", "arrive", "start_work", "leave", "wait_part",
    "wait_customer", "resume", "finish_remote", "merge", "cancel", "follow_up", "close", "reopen", "share", "note", "photo",
    "open_slip", "save", "complete", "correct", "sign", "confirm_by_name", "refuse_signature", "void",
)  # fmt: skip
NAMES = (
    "dispatcher", "admin", "owner", "technician", "second_technician", "office", "reviewer", "quality", "stranger",
    "stranger_technician", "other_office", "other_reviewer",
)  # fmt: skip
GOALS = [state for state in WAY if state not in (S.MERGED, S.CANCELLED)]
ON_A_SLIP = ("correct", "sign", "confirm_by_name", "refuse_signature", "void")
#: how the driver calls what the table calls otherwise
DRIVEN = {"complete_slip": "complete", "correct_slip": "correct", "void_slip": "void", "void_remote_slip": "void"}
#: lines of the log that change no version: they come with another, or only add
SILENT = {"report", "merged_here", "photo_removed", "signature_lapsed"}
#: of a frozen slip these may change: sharing, locks, prints, and voiding; and what the list is filtered by
LOOSE = {
    "city_key",
    "shown_technician",
    "office_id",
    "shared_with_maker",
    "locked",
    "printed",
    "updated_at",
    "version",
    "state",
    "void_reason",
    "voided_at",
    "voided_by",
}


class TicketMachine(RuleBasedStateMachine):
    people: ClassVar[People]
    done: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.jobs: list[Job] = []
        self.frozen: dict[int, tuple[dict[str, Any], list[Any]]] = {}
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    # ── deeds ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

    @initialize(goal=st.sampled_from(GOALS), other=st.sampled_from(GOALS))
    def first_reports(self, goal: str, other: str) -> None:
        self.report(ours=True, goal=goal)
        self.report(ours=False, goal=other)

    @precondition(lambda self: len(self.jobs) < 4)
    @rule(ours=st.booleans(), goal=st.sampled_from(GOALS))
    def report(self, ours: bool, goal: str) -> None:
        """A report that has come some way already, so that all states are met."""
        people = self.people
        whose: dict[str, Any] = {} if ours else {"desk": people.stranger, "lead": people.stranger_technician}
        source = Source.HQ_REFERRAL if goal == S.NEW else Source.PHONE
        self.jobs.append(Job(people, source=source, **whose).to(goal))
        self.done[f"to {goal}"] += 1

    @rule(which=st.integers(0, 9), verb=st.sampled_from(VERBS), name=st.sampled_from(NAMES), late=st.booleans())
    def anybody_anything(self, which: int, verb: str, name: str, late: bool) -> None:
        """Mostly refused; then nothing may have changed."""
        self.deed(self.jobs[which % len(self.jobs)], verb, getattr(self.people, name), late)

    @rule(which=st.integers(0, 9), choice=st.integers(0, 50))
    def somebody_goes_on(self, which: int, choice: int) -> None:
        """A verb that the ticket's state knows, by somebody whose it is: so that tickets get far."""
        job = self.jobs[which % len(self.jobs)]
        known = [DRIVEN.get(verb, verb) for verb in TICKET.verbs(job.state) if verb != "transfer"]  # nobody's own verb
        forward = [verb for verb in known if verb not in ("cancel", "merge", "hand_back", "refuse", "finish_remote")]
        also = ["photograph", "leave"] if job.state == S.IN_WORK else []
        verbs = (forward or known) + also if choice % 5 else known + also
        if not verbs:
            return
        verb = verbs[choice % len(verbs)]
        by_desk = (
            verb in ("contact", "appoint", "dispatch", "merge", "cancel", "close", "reopen", "void") or choice % 7 == 0
        )
        other = self.people.admin if job.desk.org == self.people.cs01.pk else self.people.stranger_admin
        self.deed(job, verb, other if verb == "follow_up" else job.desk if by_desk else job.lead, late=False)

    @rule(which=st.integers(0, 9), verb=st.sampled_from(["accept", "arrive", "cancel", "close", "dispatch"]))
    def an_old_page(self, which: int, verb: str) -> None:
        job = self.jobs[which % len(self.jobs)]
        if job.ticket.version > 1:
            with pytest.raises(Refused):
                getattr(job, verb)(by=job.desk, expected_version=job.ticket.version - 1)

    def deed(self, job: Job, verb: str, who: Any, late: bool) -> None:
        if verb in ON_A_SLIP and not job.slips:
            return
        before = self.picture(job)
        if late:
            job.clock += timedelta(days=3)
        refusal = self.refusal_of(job, verb, who)
        if refusal is None:
            self.done[verb] += 1
            return
        assert str(refusal)  # each refusal has its sentence
        if verb not in ("save", "complete", "photograph"):  # these first open the slip, or send several photos
            assert self.picture(job) == before, (verb, refusal.code)
        self.done[f"{verb}: {refusal.code}"] += 1

    def refusal_of(self, job: Job, verb: str, who: Any) -> Refused | None:
        try:
            getattr(job, verb)(by=who)
        except Refused as refusal:
            return refusal
        return None

    def picture(self, job: Job) -> tuple[Any, ...]:
        ticket = job.ticket
        slips = [(slip.pk, slip.state, slip.version, slip.number, slip.updated_at) for slip in job.slips]
        return ticket.state, ticket.version, ticket.updated_at, ticket.crew_ids, len(job.log), slips

    # ── what always holds ────────────────────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def one_valid_slip_per_round(self) -> None:
        valid = Counter((s.ticket_id, s.round) for s in factories.rows(Slip) if s.state != SlipState.VOID)
        assert not [key for key, count in valid.items() if count > 1]

    @invariant()
    def numbers_have_no_gap(self) -> None:
        series: dict[str, list[int]] = {}
        for slip in factories.rows(Slip):
            assert bool(slip.number) or slip.state == SlipState.DRAFT
            if slip.number:
                head, _, tail = slip.number.rpartition("-")
                series.setdefault(head, []).append(int(tail))
        for head, tails in series.items():
            assert sorted(tails) == list(range(1, len(tails) + 1)), head

    @invariant()
    def the_log_counts_the_versions(self) -> None:
        lines: Counter[int] = Counter()
        for entry in factories.rows(Entry, kind__in=["step", "fact"]):
            if entry.verb not in SILENT and not (entry.verb == "void_slip" and entry.kind == "fact"):
                lines[entry.ticket_id] += 1
        for ticket in factories.rows(Ticket):
            assert ticket.version == 1 + lines[ticket.pk], ticket.number

    @invariant()
    def what_is_frozen_stays(self) -> None:
        for slip in factories.rows(Slip):
            columns = {
                f.attname: getattr(slip, f.attname) for f in Slip._meta.concrete_fields if f.attname not in LOOSE
            }
            lines = [
                [(row.pk, *(getattr(row, f.attname) for f in model._meta.concrete_fields if f.attname not in LOOSE))
                 for row in factories.rows(model, slip=slip)]
                for model in (FaultLine, PartLine)
            ]  # fmt: skip
            if slip.pk in self.frozen:
                assert (columns, lines) == self.frozen[slip.pk], slip.number
                assert slip.state in FROZEN
            elif slip.state in FROZEN:
                self.frozen[slip.pk] = (columns, lines)

    @invariant()
    def ticket_and_slip_say_the_same(self) -> None:
        slips = {(s.ticket_id, s.round): s for s in factories.rows(Slip) if s.state != SlipState.VOID}
        for ticket in factories.rows(Ticket):
            slip = slips.get((ticket.pk, ticket.round))
            state = slip.state if slip else None
            assert (ticket.state == S.WAIT_SIGN) is (state == SlipState.WAIT_SIGN), ticket.number
            assert (ticket.state in FINISHED) is (state in (SlipState.SIGNED, SlipState.REFUSED)), ticket.number
            if ticket.state in FINISHED:
                assert slip is not None and ticket.finished_at == slip.finished_at
            else:
                assert ticket.finished_at is None

    @invariant()
    def crews_are_whole(self) -> None:
        active: dict[int, list[Assignment]] = {}
        for row in factories.rows(Assignment, "-is_lead", "id", active=True):
            active.setdefault(row.ticket_id, []).append(row)
        open_trips = Counter(t.ticket_id for t in factories.rows(Trip, left_at=None) if t.arrived_at)
        for ticket in factories.rows(Ticket):
            crew = active.get(ticket.pk, [])
            assert [row.person_id for row in crew] == ticket.crew_ids
            assert [row.person_id for row in crew if row.is_lead] == ([ticket.lead_person_id] if crew else [])
            assert open_trips[ticket.pk] <= 1

    @invariant()
    def nobody_sees_anothers(self) -> None:
        people = self.people
        everything = factories.rows(Ticket)
        ours = [t for t in everything if t.dealer_id == people.cs01.pk]
        theirs = [t for t in everything if t.dealer_id == people.hf01.pk]
        assert (sees(people.dispatcher, Ticket), sees(people.stranger, Ticket)) == (ours, theirs)
        assert sees(people.office, Ticket) == sees(people.reviewer, Ticket) == [t for t in ours if t.shared_with_maker]
        shared = [t for t in theirs if t.shared_with_maker]
        assert sees(people.other_office, Ticket) == sees(people.other_reviewer, Ticket) == shared
        for model in (Entry, Slip, Trip):
            seen = {row.ticket_id for row in sees(people.other_office, model)}
            assert seen <= {ticket.pk for ticket in shared}


def test_whatever_people_do_the_rules_hold(people):
    TicketMachine.people = people
    TicketMachine.done = Counter()
    for name in NAMES:
        getattr(people, name)
    machine = hypothesis.seed(SEED)(TicketMachine)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
            phases=list(Phase) if os.environ.get("SHRINK") else [Phase.generate],
        ),
    )
    done = TicketMachine.done
    print(f"SEED={SEED}", dict(done.most_common()))  # noqa: T201  # shown when something breaks, and with -s
    assert sum(done.values()) > EXAMPLES * STEPS / 3
    if EXAMPLES >= 16:  # a run that never gets far proves little
        assert {"sign", "complete", "void", "reopen"} & set(done)
