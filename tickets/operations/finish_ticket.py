"""How a ticket ends, and how it comes back: merge, cancel, follow-up, close, reopen, changed facts (domain.md 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from core import rights
from core.calendars import local_date
from core.errors import Refused
from core.phones import mask_phone
from core.tenancy import Viewer
from equipment.models import Machine
from partners.enums import Role
from partners.queries import people
from tickets import notices, rules
from tickets.enums import OPEN, Channel, EntryKind, FollowUpResult, SlipState, TicketState, Urgency
from tickets.models import FaultLineMachine, Ticket, TicketMachine, WarrantyRequest
from tickets.operations import judge
from tickets.operations.dispatch import end_assignments
from tickets.operations.report_fault import add_machines, summary
from tickets.operations.steps import chosen, fits, move, said, take_step, write_entry
from tickets.operations.void_slip import void_numbered
from tickets.queries import tickets

REWORK_DAYS = 90
FOLLOWED_UP_STAYS, DONE_STAYS = timedelta(days=7), timedelta(days=30)  # domain.md 6


@transaction.atomic
def merge_into(
    *, viewer: Viewer, public_id: str, expected_version: int | None, target: str, reason: str, now: datetime
) -> Ticket:
    """合并: the report is the same as another open ticket of the same customer; work goes on there.

    A numbered slip of the ticket is voided with it. Errors: Refused("reason_missing"), Refused("merge_target",
    field="target") when the other is closed, the same, another customer's or another maker's; not_allowed, wrong_state,
    stale.
    """
    ticket, other = tickets.lock_two(viewer, public_id, target, version=expected_version)
    rights.require(viewer, "ticket.merge", ticket)
    ticket.end_reason = said(reason)
    if (
        other is None
        or other.state not in OPEN
        or (other.customer_id, other.manufacturer_id) != (ticket.customer_id, ticket.manufacturer_id)
    ):
        raise Refused("merge_target", field="target")
    ticket.merged_into, ticket.closed_at = other, now
    sent = end_assignments(viewer, ticket, now=now, reason=ticket.end_reason)
    take_step(viewer, ticket, "merge", now=now, text=ticket.end_reason, facts={"into": other.number})
    void_numbered(viewer, ticket, reason=ticket.end_reason, now=now)
    notices.tell_dispatch_ended(viewer, ticket, sent, now)
    # the other may be shared with the manufacturer when this one is not: then its number stays with the dealer
    hidden = other.shared_with_maker and not ticket.shared_with_maker
    facts = {"from": ticket.number}
    write_entry(viewer, other, EntryKind.FACT, verb="merged_here", facts=facts, internal=hidden, now=now)
    return ticket


@transaction.atomic
def cancel_ticket(
    *, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime
) -> Ticket:
    """取消, with reason. A numbered slip of the ticket is voided with it; who was sent is told.

    Errors: Refused("reason_missing"), not_allowed, wrong_state, stale.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.cancel", ticket)
    ticket.end_reason, ticket.closed_at = said(reason), now
    sent = end_assignments(viewer, ticket, now=now, reason=ticket.end_reason)
    take_step(viewer, ticket, "cancel", now=now, text=ticket.end_reason)
    void_numbered(viewer, ticket, reason=ticket.end_reason, now=now)
    notices.tell_dispatch_ended(viewer, ticket, sent, now)
    return ticket


@transaction.atomic
def follow_up(
    *, viewer: Viewer, public_id: str, expected_version: int | None, result: str, note: str, now: datetime
) -> Ticket:
    """回访: what the customer says afterwards; never by who did the job. DONE, REMOTE_DONE → FOLLOWED_UP.

    Errors: Refused("follow_up_self", 403), Refused("follow_up_alone", 403) when nobody else of the dealer may do it
    either: then the office may; Refused("note_missing", field="note") when he is not satisfied or not reached.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    if rules.was_there(viewer, ticket) and rules.may_call_in(viewer, ticket.state):
        others = set(people.ids_with_role(viewer, *map(Role, rules.CALLERS))) - {*ticket.crew_ids, *ticket.worked_ids}
        raise Refused("follow_up_self" if others else "follow_up_alone", status=403)
    rights.require(viewer, "ticket.follow_up", ticket)
    answer = chosen(FollowUpResult, result, field="result")
    if answer != FollowUpResult.SATISFIED:
        said(note, field="note", code="note_missing")
    ticket.follow_up, ticket.follow_up_note = answer, fits(note, 200, field="note")
    take_step(viewer, ticket, "follow_up", now=now, text=ticket.follow_up_note, facts={"result": answer.value})
    return ticket


@transaction.atomic
def close_ticket(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> Ticket:
    """关闭 by the dealer; without follow-up it is marked 未回访."""
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    facts = {} if ticket.state == TicketState.FOLLOWED_UP else {"not_followed_up": True}
    ticket.closed_at = now
    take_step(viewer, ticket, "close", now=now, facts=facts)
    return ticket


@transaction.atomic
def close_due(*, viewer: Viewer, now: datetime, limit: int = 200) -> int:
    """Close what is due for an organisation: 7 days after the follow-up, or 30 days after 完工时间 without one.

    Nightly job of a dealer; returns how many were closed, at most `limit`: 0 = nothing is left. What somebody is just
    working on waits for the next night.
    """
    due = tickets.due_for_closing(
        viewer, followed_before=now - FOLLOWED_UP_STAYS, finished_before=now - DONE_STAYS, limit=limit
    )
    for ticket in due:
        facts = {"automatic": True}
        if ticket.state != TicketState.FOLLOWED_UP:
            facts["not_followed_up"] = True
        ticket.closed_at = now
        move(viewer, ticket, "close", now=now, facts=facts)
    return len(due)


@transaction.atomic
def reopen_as_rework(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    reason: str,
    reported_at: datetime | None = None,
    now: datetime,
) -> Ticket:
    """返修: the same fault within 90 days of 完工时间, the last day included. A new round begins, with its own slip and t0.

    reported_at: t0 of the round, when the customer told it first, if not now.
    Errors: Refused("reason_missing"), ("rework_too_late", 409), ("reported_in_future"), ("rework_before_finish"),
    not_allowed, wrong_state, stale.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.reopen", ticket)
    why = said(reason)
    told = min(reported_at or now, now)
    if reported_at is not None and reported_at > now + timedelta(minutes=1):
        raise Refused("reported_in_future", field="reported_at")
    if ticket.finished_at is None or (local_date(told) - local_date(ticket.finished_at)).days > REWORK_DAYS:
        raise Refused("rework_too_late", status=409)
    if told < ticket.finished_at:
        raise Refused("rework_before_finish", field="reported_at")
    ticket.round += 1
    ticket.is_rework = True
    ticket.round_started_at = ticket.contacted_at = told
    ticket.contact_channel = Channel.PHONE
    ticket.appointment_at = ticket.dispatched_at = ticket.arrived_at = None
    ticket.finished_at = ticket.closed_at = None
    ticket.appointment_with = ticket.wait_reason = ticket.follow_up = ticket.follow_up_note = ""
    end_assignments(viewer, ticket, now=now, reason="")
    take_step(viewer, ticket, "reopen", now=now, at=told, text=why, facts={"round": ticket.round})
    judge.of_ticket(viewer, ticket, now=now)
    return ticket


@dataclass(frozen=True)
class Change:
    """What may be corrected on an open ticket."""

    fault: str
    urgency: str
    contact: str
    phone: str


@transaction.atomic
def change_ticket(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    change: Change,
    machines: Sequence[Machine],
    now: datetime,
) -> Ticket:
    """Correct fault, urgency, contact, or the machines (same customer and maker) of an open ticket; old values are kept.

    Errors: Refused("fault_missing"), ("machine_missing"), ("several_makers"), ("machine_of_other_customer"),
    ("machine_on_slip"), ("text_too_long"), ("choice_unknown"), not_allowed, wrong_state, stale.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "ticket.change", ticket)
    if len(change.fault.strip()) < 4:
        raise Refused("fault_missing", field="fault")
    if not machines:
        raise Refused("machine_missing", field="machines")
    if any(machine.manufacturer_id != ticket.manufacturer_id for machine in machines):
        raise Refused("several_makers", field="machines")
    if any(machine.customer_id != ticket.customer_id for machine in machines):
        raise Refused("machine_of_other_customer", field="machines")
    chosen(Urgency, change.urgency, field="urgency")
    was = {}
    for name, length in (("fault", 200), ("urgency", 10), ("contact", 20), ("phone", 30)):
        old, new = getattr(ticket, name), fits(getattr(change, name), length, field=name)
        if old != new:
            was[name] = old
            setattr(ticket, name, new)
    others = _set_machines(viewer, ticket, machines)
    if others:
        was["machines"] = ticket.model_summary
        ticket.model_summary = summary(machines)
    if was:
        ticket.version += 1
        ticket.save()
        # the old number is not written where the manufacturer reads
        facts = {"was": was | ({"phone": mask_phone(was["phone"])} if "phone" in was else {})}
        write_entry(viewer, ticket, EntryKind.FACT, verb="changed", facts=facts, now=now)
    if others:
        judge.of_ticket(viewer, ticket, now=now)
    return ticket


def _set_machines(viewer: Viewer, ticket: Ticket, machines: Sequence[Machine]) -> bool:
    rows = TicketMachine.objects.visible_to(viewer).filter(ticket=ticket)
    known = set(rows.values_list("machine_id", flat=True))
    wanted = {machine.id: machine for machine in machines}
    gone = known - wanted.keys()
    if known == wanted.keys():
        return False
    lines = FaultLineMachine.objects.visible_to(viewer).filter(ticket_machine__in=rows.filter(machine_id__in=gone))
    if gone and lines.exclude(line__slip__state=SlipState.DRAFT, line__slip__number="").exists():
        raise Refused("machine_on_slip", field="machines")
    if (
        gone
        and WarrantyRequest.objects.visible_to(viewer).filter(machine__in=rows.filter(machine_id__in=gone)).exists()
    ):
        raise Refused("machine_has_request", field="machines")
    rows.filter(machine_id__in=gone).delete()
    add_machines(ticket, [machine for key, machine in wanted.items() if key not in known])
    return True
