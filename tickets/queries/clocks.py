"""Reading clocks, pauses and promises."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from core.calendars import local
from core.prepared import Prepared
from core.tenancy import TenantQuerySet, Tier, Viewer
from tickets.calculations.clock import Window
from tickets.calculations.promise import DEFAULT, Terms
from tickets.enums import ClockKind
from tickets.models import Clock, ClockPause, DistrictTier, Promise, Ticket

#: the clocks of a ticket, of all its rounds, in the order of the rounds
of_ticket = Prepared(
    lambda viewer, ticket: Clock.objects.visible_to(viewer).filter(ticket_id=ticket).order_by("round", "id")
)
#: the pauses of a ticket, oldest first, also those that were taken back
pauses = Prepared(
    lambda viewer, ticket: ClockPause.objects.visible_to(viewer).filter(ticket_id=ticket).order_by("started_at", "id")
)


def of_round(viewer: Viewer, ticket: int, round_no: int) -> list[Clock]:
    """The clocks of one round of a ticket."""
    return [row for row in of_ticket(viewer, ticket) if row.round == round_no]


def pauses_of_round(viewer: Viewer, ticket: int, round_no: int) -> list[ClockPause]:
    """The pauses of one round, oldest first, also those that were taken back."""
    return [row for row in pauses(viewer, ticket) if row.round == round_no]


def windows_of(kept: Any) -> tuple[Window, ...] | None:
    """Open hours as they are kept ([["08:30", "17:30"]]) for the calculation; None = 7×24."""
    if kept is None:
        return None
    return tuple(Window(_minute(start), _minute(end)) for start, end in kept)


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def terms_of(promise: Promise | Mapping[str, Any] | None) -> Terms:
    """What a version promises (a row, or its columns by name); what is usual where there is none."""
    if promise is None:
        return DEFAULT
    columns = promise if isinstance(promise, Mapping) else {name: getattr(promise, name) for name in _TERMS}
    values: dict[str, Any] = {
        name: windows_of(columns[name]) if name.endswith("windows") else columns[name] for name in _TERMS
    }
    return Terms(**values)


_TERMS = tuple(field.name for field in fields(Terms))


@dataclass(frozen=True)
class Promised:
    """A version as its page shows it, in finished words. holds: it is the one in force."""

    valid_from: str
    partner: str
    response: str
    capital: str
    other: str
    solve: str
    hours: str
    made_by: str
    note: str
    holds: bool


def promised(viewer: Viewer, names: Mapping[int, str], now: datetime, *, most: int = 200) -> list[Promised]:
    """Versions of promises, by partner and the newest first. names: of the organisations on the other side."""
    side = "manufacturer_id" if viewer.tier is Tier.DEALER else "dealer_id"
    rows = list(Promise.objects.visible_to(viewer).order_by("-valid_from", "-id")[:most])
    rows.sort(key=lambda row: names.get(getattr(row, side), ""))
    found, settled = [], set()
    for row in rows:
        pair = (row.dealer_id, row.manufacturer_id)
        holds = row.valid_from <= now and pair not in settled
        if holds:
            settled.add(pair)
        found.append(_promised(row, names.get(getattr(row, side), ""), holds=holds))
    return found


def _promised(row: Promise, partner: str, *, holds: bool) -> Promised:
    arrival = ", ".join("–".join(span) for span in row.arrival_windows or ()) or str(_("day and night"))
    return Promised(
        valid_from=f"{local(row.valid_from):%Y-%m-%d %H:%M}",
        partner=partner,
        response=length(timedelta(minutes=row.response_minutes)),
        capital=length(timedelta(minutes=row.arrival_capital_minutes)),
        other=length(timedelta(minutes=row.arrival_other_minutes)),
        solve=length(timedelta(minutes=row.solve_minutes)) if row.solve_minutes else "",
        hours=arrival,
        made_by=row.made_by,
        note=row.note,
        holds=holds,
    )


@dataclass(frozen=True)
class InForce:
    """What holds for a new round. promise_id: None where nothing was agreed. override: what the dealer has set for the district."""

    terms: Terms
    promise_id: int | None
    override: str


def in_force(viewer: Viewer, manufacturer_id: int, at: datetime, city: str, district: str) -> InForce:
    """The dealer's own promise for a t0 and a site. One statement, since every report asks it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT to_jsonb(p) FROM tickets_promise p WHERE p.dealer_id = %(dealer)s AND p.manufacturer_id = %(maker)s"
            " AND p.valid_from <= %(at)s ORDER BY p.valid_from DESC LIMIT 1),"
            " (SELECT d.tier FROM tickets_districttier d WHERE d.dealer_id = %(dealer)s AND d.city = %(city)s"
            " AND d.district = %(district)s)",
            {"dealer": viewer.org, "maker": manufacturer_id, "at": at, "city": city, "district": district},
        )
        ((kept, override),) = cursor.fetchall()
    promise = json.loads(kept) if isinstance(kept, str) else kept
    return InForce(terms_of(promise), promise["id"] if promise else None, override or "")


def with_ticket(viewer: Viewer, clock: int) -> Clock | None:
    """One clock with its ticket; None when the viewer does not see it (any more)."""
    return Clock.objects.visible_to(viewer).select_related("ticket").filter(pk=clock).first()


def with_running(viewer: Viewer, manufacturer_id: int) -> TenantQuerySet[Ticket]:
    """The dealer's tickets of a manufacturer whose clocks run."""
    return _of_clocks(viewer, _running(viewer).filter(manufacturer_id=manufacturer_id))


def with_office_hours(viewer: Viewer) -> TenantQuerySet[Ticket]:
    """The dealer's tickets of which a clock runs by office hours."""
    return _of_clocks(viewer, _running(viewer).filter(windows__isnull=False))


def lock_some(rows: TenantQuerySet[Ticket], *, after: int, limit: int) -> list[Ticket]:
    """The next ones of these tickets by their ids, locked."""
    return list(rows.filter(pk__gt=after).order_by("pk").select_for_update(of=("self",))[:limit])


def _running(viewer: Viewer) -> TenantQuerySet[Clock]:
    return Clock.objects.visible_to(viewer).filter(met_at=None, ended="")


def _of_clocks(viewer: Viewer, rows: TenantQuerySet[Clock]) -> TenantQuerySet[Ticket]:
    return Ticket.objects.visible_to(viewer).filter(Exists(rows.filter(ticket=OuterRef("pk"), round=OuterRef("round"))))


def districts(viewer: Viewer) -> list[DistrictTier]:
    """The districts that the dealer counts otherwise than their city."""
    return list(DistrictTier.objects.visible_to(viewer).order_by("city", "district"))


_TWO_DAYS = timedelta(days=2)
SOON = timedelta(hours=2)


def countdown(due: datetime, now: datetime) -> str:
    """How long is left, or by how much it is over: "3:25 left", "0:12 over", "2 d left"."""
    if due < now:
        return _("%(time)s over") % {"time": length(now - due)}
    return _("%(time)s left") % {"time": length(due - now)}


def length(span: timedelta) -> str:
    """Hours and minutes, from two days on days: "3:25", "2 d"."""
    minutes = int(span.total_seconds() // 60)
    if span >= _TWO_DAYS:
        return _("%(n)s d") % {"n": span.days}
    return f"{minutes // 60}:{minutes % 60:02}"


@dataclass(frozen=True)
class Burning:
    """What burns first of a ticket: which promise, when it is due, how long that is; family: of its chip."""

    label: str
    due_at: datetime
    words: str
    family: str


def burning(kind: str, due: datetime | None, now: datetime) -> Burning | None:
    """What burns first of a ticket, for a list; None when no clock runs."""
    if due is None or not kind:
        return None
    family = "bad" if due < now else "warning" if due - now < SOON else "active"
    return Burning(str(ClockKind(kind).label), due, countdown(due, now), family)
