"""How a ticket ends, and how it comes back: merge, cancel, follow-up, close, reopen, changed facts (domain.md 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from core import rights
from core.errors import Refused
from core.tenancy import Viewer
from equipment.models import Machine
from tickets.enums import OPEN, EntryKind, FollowUpResult, TicketState
from tickets.models import Slip, Ticket, TicketMachine
from tickets.operations.dispatch import end_assignments
from tickets.operations.report_fault import add_machines, summary
from tickets.operations.steps import move, take_step, write_entry
from tickets.queries import tickets

REWORK_DAYS = 90


@transaction.atomic
def merge_into(
    *, viewer: Viewer, public_id: str, expected_version: int | None, target: str, reason: str, now: datetime
) -> Ticket:
    """合并: the report is the same as another open ticket of the same customer; work goes on there.

    Errors: Refused("merge_target", field="target") when the other is closed, the same, or another customer's.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    other = Ticket.objects.visible_to(viewer).filter(public_id=target).exclude(id=ticket.id).first()
    if other is None or other.state not in OPEN or other.customer_id != ticket.customer_id:
        raise Refused("merge_target", field="target")
    ticket.end_reason, ticket.merged_into, ticket.closed_at = reason.strip(), other, now
    take_step(viewer, ticket, "merge", now=now, text=reason.strip(), facts={"into": other.number})
    _let_go(viewer, ticket, now)
    write_entry(viewer, other, EntryKind.FACT, verb="merged_here", facts={"from": ticket.number}, now=now)
    return ticket


@transaction.atomic
def cancel_ticket(
    *, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime
) -> Ticket:
    """取消, with reason. A numbered slip of the ticket is voided with it."""
    from tickets.operations.void_slip import void_numbered

    ticket = tickets.lock(viewer, public_id, version=expected_version)
    ticket.end_reason, ticket.closed_at = reason.strip(), now
    take_step(viewer, ticket, "cancel", now=now, text=reason.strip())
    void_numbered(viewer, ticket, reason=reason.strip(), now=now)
    _let_go(viewer, ticket, now)
    return ticket


@transaction.atomic
def follow_up(
    *, viewer: Viewer, public_id: str, expected_version: int | None, result: str, note: str, now: datetime
) -> Ticket:
    """回访: what the customer says afterwards; never by who did the job. DONE, REMOTE_DONE → FOLLOWED_UP.

    Errors: Refused("follow_up_self", 403), Refused("note_missing", field="note") when he is not satisfied.
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    if viewer.person_id in ticket.worked_ids:
        raise Refused("follow_up_self", status=403)
    chosen = FollowUpResult(result)
    if chosen != FollowUpResult.SATISFIED and not note.strip():
        raise Refused("note_missing", field="note")
    ticket.follow_up, ticket.follow_up_note = chosen, note.strip()[:200]
    take_step(viewer, ticket, "follow_up", now=now, text=note.strip(), facts={"result": chosen.value})
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
def close_due(*, viewer: Viewer, now: datetime) -> int:
    """Close what is due for an organisation: 7 days after the follow-up, or 30 days after 完工时间 without one.

    Nightly job of a dealer; returns how many were closed.
    """
    rows = Ticket.objects.visible_to(viewer).select_for_update(skip_locked=True)
    followed = rows.filter(state=TicketState.FOLLOWED_UP, updated_at__lt=now - timedelta(days=7))
    silent = rows.filter(
        state__in=[TicketState.DONE, TicketState.REMOTE_DONE], finished_at__lt=now - timedelta(days=30)
    )
    count = 0
    for ticket in [*followed[:500], *silent[:500]]:
        facts = {"automatic": True}
        if ticket.state != TicketState.FOLLOWED_UP:
            facts["not_followed_up"] = True
        ticket.closed_at = now
        move(viewer, ticket, "close", now=now, facts=facts)
        count += 1
    return count


@transaction.atomic
def reopen_as_rework(
    *, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime
) -> Ticket:
    """返修: the same fault within 90 days of 完工时间. A new round begins, with its own slip and t0.

    Errors: Refused("reason_missing"), Refused("rework_too_late").
    """
    ticket = tickets.lock(viewer, public_id, version=expected_version)
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    if ticket.finished_at is None or now - ticket.finished_at > timedelta(days=REWORK_DAYS):
        raise Refused("rework_too_late", status=409)
    ticket.round += 1
    ticket.is_rework = True
    ticket.round_started_at = ticket.contacted_at = now
    ticket.appointment_at = ticket.dispatched_at = ticket.arrived_at = None
    ticket.finished_at = ticket.closed_at = None
    ticket.follow_up = ticket.follow_up_note = ""
    end_assignments(viewer, ticket, now=now, reason="")
    take_step(viewer, ticket, "reopen", now=now, text=reason.strip(), facts={"round": ticket.round})
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

    Errors: Refused("fault_missing"), ("machine_missing"), ("several_makers"), ("machine_of_other_customer").
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
    was = {}
    for name in ("fault", "urgency", "contact", "phone"):
        old, new = getattr(ticket, name), getattr(change, name).strip()
        if old != new:
            was[name] = old
            setattr(ticket, name, new)
    if _set_machines(viewer, ticket, machines):
        was["machines"] = ticket.model_summary
        ticket.model_summary = summary(machines)
    if was:
        ticket.version += 1
        ticket.save()
        internal_facts = {key: value for key, value in was.items() if key != "phone"}
        write_entry(viewer, ticket, EntryKind.FACT, verb="changed", facts={"was": internal_facts}, now=now)
    return ticket


def _set_machines(viewer: Viewer, ticket: Ticket, machines: Sequence[Machine]) -> bool:
    rows = TicketMachine.objects.visible_to(viewer).filter(ticket=ticket)
    known = set(rows.values_list("machine_id", flat=True))
    wanted = {machine.id for machine in machines}
    if known == wanted:
        return False
    if known - wanted and Slip.objects.visible_to(viewer).filter(ticket=ticket).exclude(state="draft").exists():
        raise Refused("machine_on_slip", field="machines")
    rows.filter(machine_id__in=known - wanted).delete()
    add_machines(ticket, [machine for machine in machines if machine.id not in known])
    return True


def _let_go(viewer: Viewer, ticket: Ticket, now: datetime) -> None:
    from tickets import notices

    sent = end_assignments(viewer, ticket, now=now, reason=ticket.end_reason)
    ticket.save()
    notices.tell_dispatch_ended(viewer, ticket, sent, now)
