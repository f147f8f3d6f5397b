"""Open tickets of a technician who leaves go to a colleague (domain.md 2.4); `partners` asks when a person is deactivated."""

from __future__ import annotations

from datetime import datetime

from core.errors import Refused
from core.tenancy import TenantQuerySet, Tier, Viewer
from partners.enums import Role
from partners.models import Person
from tickets import notices
from tickets.enums import OPEN, EntryKind
from tickets.models import Assignment, Ticket
from tickets.operations.steps import columns_of, write_entry


def open_tickets(viewer: Viewer, person: Person) -> int:
    """How many open tickets the person is sent to."""
    return _theirs(viewer, person).count() if viewer.tier is Tier.DEALER else 0


def hand_over(viewer: Viewer, person: Person, to: Person, now: datetime) -> None:
    """Put `to` in the person's place on all open tickets, as lead or companion; states, trips and slips stay.

    Effects: assignments, a line of the timeline, a notice to `to`. Errors: Refused("colleague_no_technician", field="hand_over_to").
    """
    if not to.has(Role.TECHNICIAN):
        raise Refused("colleague_no_technician", field="hand_over_to")
    for ticket in _theirs(viewer, person).select_for_update().order_by("id"):
        running = Assignment.objects.visible_to(viewer).filter(ticket=ticket, active=True)
        leads = running.filter(person_id=person.pk, is_lead=True).exists()
        gone = {person.pk, to.pk} if leads else {person.pk}
        stays = not leads and to.pk in ticket.crew_ids
        running.filter(person_id__in=gone).update(active=False, ended_at=now, end_reason=person.name[:200])
        if not stays:
            values = columns_of(ticket) | {"round": ticket.round, "is_lead": leads, "assigned_at": now}
            values |= {"person_id": to.pk, "name": to.name, "phone": to.phone}
            assignment = Assignment(**values)
            assignment.ticket = ticket
            assignment.save(force_insert=True)
        ticket.crew_ids = list(dict.fromkeys(to.pk if key == person.pk else key for key in ticket.crew_ids))
        if leads:
            ticket.lead_person_id, ticket.lead_name = to.pk, to.name
        ticket.version += 1
        ticket.save()
        facts = {"from": person.name, "to": to.name}
        write_entry(viewer, ticket, EntryKind.FACT, verb="handed_over", facts=facts, now=now)
        notices.tell_new_job(viewer, ticket, [to.pk], now)


def _theirs(viewer: Viewer, person: Person) -> TenantQuerySet[Ticket]:
    return Ticket.objects.visible_to(viewer).filter(crew_ids__contains=[person.pk], state__in=OPEN)
