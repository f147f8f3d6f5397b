"""Which messages tickets send, and to whom: new job, handed back, refused, signed, reminders (domain.md 20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.calendars import local
from core.tenancy import Tier, Viewer
from notices.operations.send import send
from notices.queries.kinds import Group, Spec
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
UNSIGNED = "slip_unsigned"
PART_LATE = "ticket_part_late"

JOBS = Group("jobs", _("Jobs for me"))
DESK = Group("tickets", _("Tickets that need the desk"))
SLIPS = Group("slips", _("Slips that were signed"), frozenset())
REMINDERS = Group("reminders", _("Reminders"))
PROMISES = Group("promises", _("Promises that are due"))

#: registered in `tickets.apps`; put together when they are read, in the reader's language
KINDS: Mapping[str, Spec] = {
    NEW_JOB: Spec(_("New job %(number)s: %(customer)s, %(city)s"), JOBS, todo=_("Accept the job")),
    DISPATCH_ENDED: Spec(_("You are not sent to %(number)s any more: %(customer)s"), JOBS, to_one=True),
    REFUSED: Spec(_("%(who)s refused %(number)s (%(customer)s): %(reason)s"), DESK, todo=_("Send another technician")),
    HANDED_BACK: Spec(
        _("%(who)s handed %(number)s (%(customer)s) back: %(reason)s"), DESK, todo=_("Send another technician")
    ),
    SIGNED: Spec(_("%(customer)s signed slip %(slip)s"), SLIPS),
    NOT_SIGNED: Spec(_("%(customer)s did not sign slip %(slip)s: %(reason)s"), DESK, todo=_("Call the customer")),
    REMOTE: Spec(_("%(number)s (%(customer)s) is solved by phone, slip %(slip)s"), SLIPS),
    LAPSED: Spec(
        _("The signature of %(customer)s given without signal did not take effect: %(reason)s"),
        JOBS,
        todo=_("Have it signed again"),
    ),
    REPORTED: Spec(_("New report by QR code %(number)s: %(customer)s"), DESK, todo=_("Call the customer")),
    COMPLAINT: Spec(_("Complaint about %(number)s (%(customer)s): %(text)s"), DESK, todo=_("Call the customer")),
    UNSIGNED: Spec(
        _("%(number)s (%(customer)s): left %(left)s, the slip is still not signed"),
        REMINDERS,
        todo=_("Get the signature"),
    ),
    PART_LATE: Spec(
        _("%(number)s (%(customer)s) has been waiting for a part since %(since)s: %(reason)s"),
        REMINDERS,
        todo=_("Look after the part"),
    ),
    "clock_response_50": Spec(
        _("%(number)s (%(customer)s): half of the time to answer is used, answer by %(due)s"),
        PROMISES,
        todo=_("Call the customer"),
    ),
    "clock_response_80": Spec(
        _("%(number)s (%(customer)s): answer by %(due)s, four fifths of the time are used"),
        PROMISES,
        todo=_("Call the customer"),
    ),
    "clock_response_100": Spec(
        _("%(number)s (%(customer)s): nobody has answered, it was due %(due)s"), PROMISES, todo=_("Call the customer")
    ),
    "clock_arrival_50": Spec(
        _("%(number)s (%(customer)s): half of the time to be on site is used, due %(due)s"),
        PROMISES,
        todo=_("Get somebody there"),
    ),
    "clock_arrival_80": Spec(
        _("%(number)s (%(customer)s): on site by %(due)s, four fifths of the time are used"),
        PROMISES,
        todo=_("Get somebody there"),
    ),
    "clock_arrival_100": Spec(
        _("%(number)s (%(customer)s): nobody is on site, it was due %(due)s"), PROMISES, todo=_("Get somebody there")
    ),
    "clock_solve_50": Spec(
        _("%(number)s (%(customer)s): half of the time to solve it is used, due %(due)s"),
        PROMISES,
        todo=_("Finish the job"),
    ),
    "clock_solve_80": Spec(
        _("%(number)s (%(customer)s): solve it by %(due)s, four fifths of the time are used"),
        PROMISES,
        todo=_("Finish the job"),
    ),
    "clock_solve_100": Spec(
        _("%(number)s (%(customer)s): not solved, it was due %(due)s"), PROMISES, todo=_("Finish the job")
    ),
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
            urgent=threshold == 100,  # a breach waits for nobody's night
        )


def tell_unsigned(viewer: Viewer, ticket: Ticket, left_at: datetime, now: datetime) -> None:
    """To the lead technician and the dispatchers: a day has passed since the site was left."""
    told = set(people.ids_with_role(viewer, Role.DISPATCHER, Role.ADMIN)) | {ticket.lead_person_id or 0}
    facts = _facts(ticket) | {"left": f"{local(left_at):%m-%d %H:%M}"}
    send(viewer=viewer, person_ids=told, kind=UNSIGNED, params=facts, url=_page(ticket), now=now)


def tell_part_late(viewer: Viewer, ticket: Ticket, since: datetime, now: datetime) -> None:
    """To the dispatchers and the storekeepers: more than three days without the part."""
    told = people.ids_with_role(viewer, Role.DISPATCHER, Role.ADMIN, Role.STOREKEEPER)
    facts = _facts(ticket) | {"since": f"{local(since):%m-%d}", "reason": ticket.wait_reason}
    send(viewer=viewer, person_ids=told, kind=PART_LATE, params=facts, url=_page(ticket), now=now)


def _tell_desk(viewer: Viewer, ticket: Ticket, kind: str, extra: dict[str, str], now: datetime) -> None:
    if viewer.tier is not Tier.DEALER:
        return
    desk = people.ids_with_role(viewer, Role.DISPATCHER, Role.ADMIN)
    send(viewer=viewer, person_ids=desk, kind=kind, params=_facts(ticket) | extra, url=_page(ticket), now=now)
