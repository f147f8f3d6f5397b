"""Judging the warranty of a ticket's machines (domain.md 4.4): the facts are collected, the policies looked up, the result kept.

The dealer's deeds do it (his are the machines' files): a report, a change of machines or dates, a proof, a slip that is saved or handed
in. HQ's answers to requests change facts that are kept already. What is kept on a slip is frozen with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from core import rights
from core.tenancy import Viewer
from equipment.calculations.policy_choice import Offer
from equipment.enums import EvidenceKind
from equipment.models import Machine
from equipment.queries import warranty as policies
from tickets.calculations import judgement as calculation
from tickets.calculations.judgement import Judgement
from tickets.enums import OPEN, EntryKind, PhotoSlot, SlipState, WarrantyOutcome
from tickets.models import Slip, Ticket, TicketMachine, WarrantyRequest
from tickets.operations.steps import machine_copy, write_entry
from tickets.queries import slips, tickets, warranty


def of_report(viewer: Viewer, ticket: Ticket, machines: Sequence[Machine]) -> None:
    """三包初判 of a ticket that is about to be written: no proof, no diagnosis yet. The caller saves it."""
    known = warranty.Known(ticket, {machine.id: machine.serial_number for machine in machines})
    _keep(
        ticket,
        warranty.judged(viewer, ticket, [warranty.facts_of(ticket, machine, None, known) for machine in machines]),
    )


def of_ticket(viewer: Viewer, ticket: Ticket, *, now: datetime) -> None:
    """Judge a locked ticket anew, and with it the draft of its round; a change of the result is told on the timeline. Saves both."""
    slip = slips.valid(viewer, ticket)
    if slip is not None and slip.state == SlipState.DRAFT:
        of_slip(viewer, slip, slips.content(viewer, slip), now=now)
        slip.save(update_fields=["warranty", "judgement"])
        return
    if slip is not None and slip.judgement:
        return  # handed in: its result stands
    machines = tickets.machines(viewer, ticket)
    known = warranty.known_of(viewer, ticket, machines, tickets.photos(viewer, ticket))
    found = [warranty.facts_of(ticket, machine.machine, machine, known) for machine in machines]
    _keep_and_tell(viewer, ticket, warranty.judged(viewer, ticket, found), now)


def of_slip(viewer: Viewer, slip: Slip, content: slips.Content, *, now: datetime | None) -> list[Judgement]:
    """Judge each machine on each fault line of a locked draft. The caller saves the slip; its ticket is saved here.

    now: of the timeline's line when the ticket's result changes, None = no line (an autosave).
    """
    ticket = slip.ticket
    known = warranty.known_of(viewer, ticket, content.machines, content.photos)
    rows = Machine.objects.visible_to(viewer).filter(id__in=[machine.machine_id for machine in content.machines])
    files = {file.id: file for file in rows.order_by("id")}
    base = {
        machine.id: warranty.facts_of(ticket, files[machine.machine_id], machine, known, started_at=slip.arrived_at)
        for machine in content.machines
    }
    facts = [
        replace(
            base[machine],
            fault_line=place,
            part_group=line.row.fault_part,
            symptom=line.row.symptom,
            responsibility=line.row.responsibility,
        )
        for place, line in enumerate(content.faults, start=1)
        for machine in line.machines
    ]
    covered = {machine for line in content.faults for machine in line.machines}
    facts += [base[machine.id] for machine in content.machines if machine.id not in covered]
    found = warranty.judged(viewer, ticket, facts)
    slip.warranty = calculation.summary(found)
    slip.judgement = [calculation.kept(judgement) for judgement in found]
    if now is None:
        if _keep(ticket, found):
            ticket.save(update_fields=["warranty", "judgement"])
    else:
        _keep_and_tell(viewer, ticket, found, now)
    return found


def says_the_same(slip: Slip, content: slips.Content) -> bool:
    """Whether the facts on a draft that its judgement depends on are those it was made of: nothing to judge anew."""
    files = {machine.id: machine for machine in content.machines}
    wanted = [
        (files[machine].machine_id, place, line.row.fault_part, line.row.symptom, line.row.responsibility)
        for place, line in enumerate(content.faults, start=1)
        for machine in line.machines
    ]
    covered = {machine for line in content.faults for machine in line.machines}
    wanted += [(machine.machine_id, 0, "", "", "") for machine in content.machines if machine.id not in covered]
    before = [row["facts"] for row in slip.judgement]
    had = [(row["machine"], row["fault_line"], row["part"], row["symptom"], row["responsibility"]) for row in before]
    plates = {machine.machine_id: _read_on_site(machine) for machine in content.machines}
    labels = {machine.machine_id: _label(machine) for machine in content.machines}
    shown = any(photo.slot == PhotoSlot.NAMEPLATE for photo in content.photos)
    return had == wanted and all(
        row["nameplate"] == plates[row["machine"]]
        and row["label"] == labels[row["machine"]]
        and (EvidenceKind.NAMEPLATE.value in row["proved"]) is shown
        for row in before
    )


@transaction.atomic
def judge_again(*, viewer: Viewer, public_id: str, now: datetime) -> Ticket:
    """Judge an open ticket anew, after a policy came into force or a file was corrected. Errors: NotFound, not_allowed, wrong_state."""
    ticket = tickets.lock(viewer, public_id, version=None)
    rights.require(viewer, "ticket.judge", ticket)
    of_ticket(viewer, ticket, now=now)
    return ticket


def machine_changed(*, machine: Machine, viewer: Viewer, now: datetime) -> None:
    """A machine's file was corrected (event of equipment): open tickets on which it stands follow, and are judged anew.

    Once a slip is begun the ticket holds what was read on site: a nameplate that contradicts the file is not overwritten.
    """
    rows = TicketMachine.objects.visible_to(viewer).filter(machine=machine, ticket__state__in=OPEN)
    for row in rows.select_related("ticket").order_by("ticket_id"):
        ticket = tickets.for_update(viewer).get(id=row.ticket_id)
        if slips.valid(viewer, ticket) is None:
            TicketMachine.objects.visible_to(viewer).filter(pk=row.pk).update(**machine_copy(machine))
        of_ticket(viewer, ticket, now=now)


def of_granted(viewer: Viewer, ticket: Ticket, *, now: datetime) -> None:
    """What is kept on a locked ticket again, with what the manufacturer has granted: for HQ, which has no machine files. Saves ticket
    and draft; a slip that was handed in stays, the ticket alone says what was decided."""
    granted, offers = warranty.granted(viewer, ticket), policies.offers(viewer, ticket.manufacturer_id)
    slip = slips.valid(viewer, ticket)
    if slip is not None and slip.state == SlipState.DRAFT and slip.judgement:
        again = _again(slip, granted, offers)
        slip.warranty = calculation.summary(again)
        slip.judgement = [calculation.kept(judgement) for judgement in again]
        slip.save(update_fields=["warranty", "judgement"])
    _keep_and_tell(viewer, ticket, _again(ticket, granted, offers), now)


def _again(row: Ticket | Slip, granted: Sequence[WarrantyRequest], offers: Sequence[Offer]) -> list[Judgement]:
    found = []
    for before in warranty.judgements(row):
        goodwill, start = warranty.what_was_granted(granted, before.facts.machine)
        found.append(calculation.judge(offers, replace(before.facts, goodwill=goodwill, start_granted=start)))
    return found


def _keep(ticket: Ticket, found: Sequence[Judgement]) -> bool:
    """Put the result on the ticket; whether it is another one than before."""
    kept = [calculation.kept(judgement) for judgement in found]
    if kept == ticket.judgement:
        return False
    ticket.warranty, ticket.judgement = calculation.summary(found), kept
    return True


def _keep_and_tell(viewer: Viewer, ticket: Ticket, found: Sequence[Judgement], now: datetime) -> None:
    before = ticket.warranty
    if not _keep(ticket, found):
        return
    ticket.save(update_fields=["warranty", "judgement"])
    if ticket.warranty != before:
        facts = {"was": before or WarrantyOutcome.UNDECIDED.value, "warranty": ticket.warranty}
        write_entry(viewer, ticket, EntryKind.FACT, verb="judged", facts=facts, now=now)


def _read_on_site(on_ticket: TicketMachine) -> str | None:
    return on_ticket.ex_factory_on.isoformat() if on_ticket.ex_factory_on else None


def _label(on_ticket: TicketMachine) -> str:
    return f"{on_ticket.model} {on_ticket.serial_number}".strip()
