"""Reading service slips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery

from core import rights
from core.calendars import local
from core.errors import NotFound, Refused
from core.prepared import Prepared
from core.tenancy import TenantQuerySet, Tier, Viewer
from tickets.enums import SlipState
from tickets.models import (
    Assignment,
    FaultLine,
    FaultLineMachine,
    LapsedSignature,
    PartLine,
    Photo,
    Slip,
    SlipFile,
    Ticket,
    TicketMachine,
    Trip,
)
from tickets.queries import tickets


@dataclass(frozen=True)
class Fault:
    """A fault line with the machines it covers."""

    row: FaultLine
    covered: list[FaultLineMachine]


@dataclass(frozen=True)
class Line:
    """A fault line with the ids of the ticket's machines that it covers, in the order they were ticked."""

    row: FaultLine
    machines: tuple[int, ...]


@dataclass(frozen=True)
class Content:
    """What a slip stands on and what stands on it, read once: the form shows it, a save compares with it, the checks judge it.

    machines, photos: of the ticket; trips: of the slip's round, those that reached the site. All in their order.
    keys: public ids of the machines' files by the machines' ids. listed: parts of the catalogue on its lines, id by number in
    capitals; key_parts: those of them that want proof when the dealer bought them.
    """

    machines: Sequence[TicketMachine]
    keys: dict[int, str]
    trips: list[Trip]
    faults: list[Line]
    parts: list[PartLine]
    listed: dict[str, int]
    key_parts: frozenset[int]
    photos: list[Photo]


def one(viewer: Viewer, public_id: str) -> Slip:
    """The slip with this public id, its ticket along. Errors: NotFound."""
    slip = Slip.objects.visible_to(viewer).select_related("ticket").one(public_id=public_id)
    if not rights.may(viewer, "slip.read", slip):
        raise NotFound
    return slip


_locked_ticket = Prepared(
    lambda viewer, slip: tickets.for_update(viewer).filter(
        id=Subquery(Slip.objects.visible_to(viewer).filter(public_id=slip).values("ticket_id"))
    )
)
_locked = Prepared(
    lambda viewer, slip: Slip.objects.visible_to(viewer).filter(public_id=slip).select_for_update(of=("self",))
)


def lock(viewer: Viewer, public_id: str, *, version: int | None, sign_in: str = "") -> Slip:
    """The slip and its ticket, locked in the house's order: ticket, then slip.

    version: what the page was made of. Versions that the same sign-in has written since are no foreign change: the answer
    of an autosave may be lost, or still under way when the form is sent.

    Errors: NotFound; Refused("partnership_ended", 409); Refused("stale", 409) with who saved it last; Refused(
    "wrong_state", 409) when it is not a draft any more.
    """
    ticket = tickets.writable(viewer, _locked_ticket.one(viewer, public_id))
    slip = _locked.one(viewer, public_id)
    slip.ticket = ticket
    if not rights.may(viewer, "slip.read", slip):
        raise NotFound
    require_version(slip, version, sign_in=sign_in)
    return slip


def require_version(slip: Slip, version: int | None, *, sign_in: str = "") -> None:
    """Return when a locked slip is still what a page was made of; arguments and errors as `lock`."""
    own = bool(sign_in) and slip.saved_from == sign_in
    if version is not None and version != slip.version and not (own and slip.saved_since <= version + 1):
        raise stale(slip) if slip.state == SlipState.DRAFT else Refused("wrong_state", status=409)


def lapsed(viewer: Viewer, slip: Slip) -> LapsedSignature | None:
    """未生效签字 that came in last, while the slip still waits to be signed; the dealer's own affair."""
    if viewer.tier is not Tier.DEALER or slip.state not in (SlipState.DRAFT, SlipState.WAIT_SIGN):
        return None
    return LapsedSignature.objects.visible_to(viewer).filter(slip=slip).order_by("-arrived_at", "-id").first()


def stale(slip: Slip) -> Refused:
    """The refusal for a form that is older than the draft, with who saved it."""
    return Refused("stale", status=409, who=slip.saved_by, when=f"{local(slip.updated_at):%m-%d %H:%M}")


_of_ticket = Prepared(
    lambda viewer, ticket: Slip.objects.visible_to(viewer).filter(ticket_id=ticket).order_by("-round", "-id")
)


def of_ticket(viewer: Viewer, ticket: Ticket) -> list[Slip]:
    """All slips of a ticket, the newest first; the void ones too."""
    rows = _of_ticket(viewer, ticket.pk)
    for slip in rows:
        slip.ticket = ticket
    return rows


def valid(viewer: Viewer, ticket: Ticket) -> Slip | None:
    """The valid slip of the present round, or None."""
    slip = (
        Slip.objects.visible_to(viewer).filter(ticket=ticket, round=ticket.round).exclude(state=SlipState.VOID).first()
    )
    if slip is not None:
        slip.ticket = ticket
    return slip


def last_void(viewer: Viewer, ticket: Ticket) -> Slip | None:
    """The latest void slip of the present round, or None."""
    rows = Slip.objects.visible_to(viewer).filter(ticket=ticket, round=ticket.round, state=SlipState.VOID)
    return rows.order_by("-id").first()


def faults(viewer: Viewer, slip: Slip) -> list[Fault]:
    """The fault lines in order, each with its machines. Two statements."""
    lines = list(FaultLine.objects.visible_to(viewer).filter(slip=slip).order_by("sequence"))
    covered: dict[int, list[FaultLineMachine]] = {line.id: [] for line in lines}
    rows = FaultLineMachine.objects.visible_to(viewer).filter(line__in=lines).select_related("ticket_machine")
    for item in rows.order_by("id"):
        covered[item.line_id].append(item)
    return [Fault(line, covered[line.id]) for line in lines]


_lines = Prepared(
    lambda viewer, slip: (
        FaultLine.objects.visible_to(viewer)
        .filter(slip_id=slip)
        .annotate(
            machines=ArraySubquery(
                FaultLineMachine.objects.visible_to(viewer)
                .filter(line=OuterRef("pk"))
                .order_by("id")
                .values("ticket_machine_id")
            )
        )
        .order_by("sequence")
    )
)


_machines = Prepared(
    lambda viewer, ticket: (
        TicketMachine.objects.visible_to(viewer)
        .filter(ticket_id=ticket)
        .annotate(key=F("machine__public_id"))
        .order_by("id")
    )
)


_parts = Prepared(
    lambda viewer, slip: (
        PartLine.objects.visible_to(viewer)
        .filter(slip_id=slip)
        .annotate(listed_as=F("part__code"), is_key=F("part__key_part"))
        .order_by("sequence")
    )
)


def content(viewer: Viewer, slip: Slip) -> Content:
    """What the checks and the form of a slip need, for the dealer, who has the machines' files. Five statements."""
    machines = _machines(viewer, slip.ticket_id)
    parts = _parts(viewer, slip.pk)
    return Content(
        machines=machines,
        keys={machine.id: machine.key for machine in machines},
        trips=trips(viewer, slip),
        faults=[Line(row, tuple(row.machines)) for row in _lines(viewer, slip.pk)],
        parts=[*parts],
        listed={part.listed_as.upper(): part.part_id for part in parts if part.part_id and part.listed_as},
        key_parts=frozenset(part.part_id for part in parts if part.part_id and part.is_key),
        photos=tickets.photos(viewer, slip.ticket),
    )


def trips(viewer: Viewer, slip: Slip) -> list[Trip]:
    """The trips of the slip's round that reached the site, in order."""
    return tickets.reached(viewer, slip.ticket, slip.round)


def machines(viewer: Viewer, slip: Slip) -> list[TicketMachine]:
    """The machines on the slip's ticket with their files, in order of entry; for the dealer, who has the files."""
    rows = TicketMachine.objects.visible_to(viewer).filter(ticket_id=slip.ticket_id)
    return list(rows.select_related("machine").order_by("id"))


def parts(viewer: Viewer, slip: Slip) -> list[PartLine]:
    """The part lines in order."""
    rows = PartLine.objects.visible_to(viewer).filter(slip=slip).select_related("supply_photo")
    return list(rows.order_by("sequence"))


def treatments(viewer: Viewer, slip: Slip) -> list[str]:
    """处理方式 of the fault lines, in order."""
    rows = FaultLine.objects.visible_to(viewer).filter(slip=slip).order_by("sequence")
    return list(rows.values_list("treatment", flat=True))


def proves_a_part(viewer: Viewer, photo: Photo) -> bool:
    """Whether a part line, of a void slip too, shows this photo as its proof."""
    return PartLine.objects.visible_to(viewer).filter(supply_photo=photo).exists()


def photo_slots(viewer: Viewer, slip: Slip) -> frozenset[str]:
    """Which slots have a photo of the slip's round."""
    rows = Photo.objects.visible_to(viewer).filter(ticket_id=slip.ticket_id, round=slip.round)
    return frozenset(rows.values_list("slot", flat=True))


def files(viewer: Viewer, slip: Slip) -> dict[str, SlipFile]:
    """The kept files that this viewer may see, by copy."""
    return {file.copy: file for file in SlipFile.objects.visible_to(viewer).filter(slip=slip)}


def for_batch(viewer: Viewer, public_ids: list[str]) -> tuple[dict[str, Slip], dict[int, dict[str, str]]]:
    """Slips the viewer may print, by public id, and the names of their kept files by slip and copy. Two statements."""
    rows = Slip.objects.visible_to(viewer).filter(public_id__in=public_ids).select_related("ticket")
    found = {slip.public_id: slip for slip in rows if rights.may(viewer, "slip.print", slip)}
    kept: dict[int, dict[str, str]] = {}
    files_of = SlipFile.objects.visible_to(viewer).filter(slip__in=[slip.id for slip in found.values()])
    for slip_id, copy, name in files_of.values_list("slip_id", "copy", "file"):
        kept.setdefault(slip_id, {})[copy] = name
    return found, kept


def listed(viewer: Viewer) -> TenantQuerySet[Slip]:
    """The slips a viewer may list; a mere technician only those of his own tickets."""
    rows = Slip.objects.visible_to(viewer).select_related("ticket")
    return rows if tickets.sees_all(viewer) else rows.filter(ticket__in=tickets.seen_by(viewer))


def lead_phone(viewer: Viewer, ticket: Ticket) -> str:
    """The telephone number of the lead technician as he was sent, or ""."""
    rows = Assignment.objects.visible_to(viewer).filter(ticket=ticket, is_lead=True)
    return rows.order_by("-active", "-id").values_list("phone", flat=True).first() or ""
