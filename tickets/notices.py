"""Which messages tickets send, and to whom: new job, handed back, refused, signed (domain.md 20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.calendars import local
from core.errors import Sentence
from core.tenancy import Tier, Viewer
from notices.operations.send import send
from partners.enums import Role
from partners.queries import people
from tickets.enums import SlipState
from tickets.models import Clock, LapsedSignature, Slip, Ticket

NEW_JOB = "ticket_new_job"
REFUSED = "ticket_refused"
HANDED_BACK = "ticket_handed_back"
DISPATCH_ENDED = "ticket_dispatch_ended"
SIGNED = "slip_signed"
NOT_SIGNED = "slip_not_signed"
REMOTE = "slip_remote"
LAPSED = "slip_signature_lapsed"
REPORTED = "ticket_reported_by_customer"
COMPLAINT = "ticket_complaint"

#: registered in `tickets.apps`; put together when they are read, in the reader's language
SENTENCES: Mapping[str, Sentence] = {
    NEW_JOB: _("New job %(number)s: %(customer)s, %(city)s"),
    DISPATCH_ENDED: _("You are not sent to %(number)s any more: %(customer)s"),
    REFUSED: _("%(who)s refused %(number)s (%(customer)s): %(reason)s"),
    HANDED_BACK: _("%(who)s handed %(number)s (%(customer)s) back: %(reason)s"),
    SIGNED: _("%(customer)s signed slip %(slip)s"),
    NOT_SIGNED: _("%(customer)s did not sign slip %(slip)s: %(reason)s"),
    REMOTE: _("%(number)s (%(customer)s) is solved by phone, slip %(slip)s"),
    LAPSED: _("The signature of %(customer)s given without signal did not take effect: %(reason)s"),
    REPORTED: _("New report by QR code %(number)s: %(customer)s"),
    COMPLAINT: _("Complaint about %(number)s (%(customer)s): %(text)s"),
    "clock_response_50": _("%(number)s (%(customer)s): half of the time to answer is used, answer by %(due)s"),
    "clock_response_80": _("%(number)s (%(customer)s): answer by %(due)s, four fifths of the time are used"),
    "clock_response_100": _("%(number)s (%(customer)s): nobody has answered, it was due %(due)s"),
    "clock_arrival_50": _("%(number)s (%(customer)s): half of the time to be on site is used, due %(due)s"),
    "clock_arrival_80": _("%(number)s (%(customer)s): on site by %(due)s, four fifths of the time are used"),
    "clock_arrival_100": _("%(number)s (%(customer)s): nobody is on site, it was due %(due)s"),
    "clock_solve_50": _("%(number)s (%(customer)s): half of the time to solve it is used, due %(due)s"),
    "clock_solve_80": _("%(number)s (%(customer)s): solve it by %(due)s, four fifths of the time are used"),
    "clock_solve_100": _("%(number)s (%(customer)s): not solved, it was due %(due)s"),
}


def _page(ticket: Ticket) -> str:
    return f"/tickets/{ticket.public_id}/"


def _facts(ticket: Ticket) -> dict[str, str]:
    return {"number": ticket.number, "customer": ticket.customer_name, "city": ticket.city}


def tell_new_job(viewer: Viewer, ticket: Ticket, person_ids: list[int], now: datetime) -> None:
    """To those who are sent."""
    send(viewer=viewer, person_ids=person_ids, kind=NEW_JOB, params=_facts(ticket), url=_page(ticket), now=now)


def tell_dispatch_ended(viewer: Viewer, ticket: Ticket, person_ids: list[int], now: datetime) -> None:
    """To those who are not sent any more; the page of the ticket is closed to them, so it leads home."""
    send(viewer=viewer, person_ids=person_ids, kind=DISPATCH_ENDED, params=_facts(ticket), url="/", now=now)


def tell_refused(viewer: Viewer, ticket: Ticket, reason: str, now: datetime) -> None:
    """To the dispatchers: the technician refused the job."""
    _tell_desk(viewer, ticket, REFUSED, {"who": viewer.name, "reason": reason}, now)


def tell_handed_back(viewer: Viewer, ticket: Ticket, reason: str, now: datetime) -> None:
    """To the dispatchers: the technician gave the job back."""
    _tell_desk(viewer, ticket, HANDED_BACK, {"who": viewer.name, "reason": reason}, now)


def tell_signed(viewer: Viewer, ticket: Ticket, slip: Slip, now: datetime) -> None:
    """To the dispatchers: the customer has signed or has not, or the job was solved by phone."""
    kind = REMOTE if slip.is_remote else NOT_SIGNED if slip.state == SlipState.REFUSED else SIGNED
    _tell_desk(viewer, ticket, kind, {"slip": slip.number, "reason": slip.refusal_reason}, now)


def tell_lapsed(viewer: Viewer, ticket: Ticket, lapsed: LapsedSignature, now: datetime) -> None:
    """To the one who sent it and to the lead technician: it has to be signed again."""
    people_told = sorted({person for person in (viewer.person_id, ticket.lead_person_id) if person is not None})
    facts = {**_facts(ticket), "reason": lapsed.reason}
    page = f"/slips/{lapsed.slip.public_id}/"
    send(viewer=viewer, person_ids=people_told, kind=LAPSED, params=facts, url=page, now=now)


def tell_reported(viewer: Viewer, ticket: Ticket, now: datetime) -> None:
    """To the dispatchers: a customer reported by himself, nobody has spoken with him yet."""
    _tell_desk(viewer, ticket, REPORTED, {}, now)


def tell_complaint(viewer: Viewer, ticket: Ticket, text: str, now: datetime) -> None:
    """To the dispatchers: the customer complains."""
    _tell_desk(viewer, ticket, COMPLAINT, {"text": text}, now)


def tell_clocks(viewer: Viewer, rung: Sequence[tuple[Ticket, Clock, int]], now: datetime) -> None:
    """Warnings of promises: to who is sent, to the dispatchers and to the owner (domain.md 5.2). rung: with the threshold in percent."""
    if not rung:
        return
    desk = people.ids_with_role(viewer, Role.DISPATCHER, Role.ADMIN, Role.OWNER)
    for ticket, clock, threshold in rung:
        due = f"{local(clock.due_at):%m-%d %H:%M}" if clock.due_at else ""
        send(
            viewer=viewer,
            person_ids={*desk, *ticket.crew_ids},
            kind=f"clock_{clock.kind}_{threshold}",
            params=_facts(ticket) | {"due": due},
            url=_page(ticket),
            now=now,
        )


def _tell_desk(viewer: Viewer, ticket: Ticket, kind: str, extra: dict[str, str], now: datetime) -> None:
    if viewer.tier is not Tier.DEALER:
        return
    desk = people.ids_with_role(viewer, Role.DISPATCHER, Role.ADMIN)
    send(viewer=viewer, person_ids=desk, kind=kind, params=_facts(ticket) | extra, url=_page(ticket), now=now)
