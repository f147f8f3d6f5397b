"""Numbers of the home boards; every query begins with the viewer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, IntegerField, Q, Value
from django.db.models.functions import TruncMonth

from core.calendars import SHANGHAI, local
from core.models import Job, JobState
from core.prepared import PerViewer
from core.tenancy import Tier, Viewer
from partners.enums import OrganisationKind
from partners.models import Organisation, Partnership
from resources.queries import duty
from resources.queries.duty import OnDuty
from tickets.enums import FINISHED, Urgency
from tickets.queries.lists import Filters, Load, listing
from tickets.queries.tickets import seen_by


def burning(viewer: Viewer, limit: int) -> list[dict[str, Any]]:
    """The first open tickets, what burns on top: the promise that is due next; then stopped production, affected, the oldest report."""
    due = list(listing(viewer, Filters()).filter(burns_at__isnull=False).order_by("burns_at", "-id")[:limit])
    if len(due) == limit:
        return due
    known = {row["id"] for row in due}
    others = [row for row in _by_urgency(viewer, limit + len(due)) if row["id"] not in known]
    return [*due, *others[: limit - len(due)]]


def _by_urgency(viewer: Viewer, limit: int) -> Any:
    # one part for each urgency, so that an index gives each in its order and no more than is shown
    first, *others = (
        listing(viewer, Filters(urgency=urgency))
        .annotate(heat=Value(heat, IntegerField()))
        .order_by("reported_at", "id")[:limit]
        for heat, urgency in enumerate((Urgency.STOPPED, Urgency.AFFECTED, Urgency.NORMAL))
    )
    return first.union(*others, all=True).order_by("heat", "reported_at", "id")[:limit]


def by_partner(load: Load, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Open tickets by the other side: per manufacturer for a dealer, per dealer for office and HQ; the twelve busiest first."""
    found = [(names[partner], n) for partner, n in load.by_partner.items() if partner in names]
    return [{"label": name, "value": n} for name, n in sorted(found, key=lambda item: (-item[1], item[0]))[:12]]


def finished_by_month(viewer: Viewer, now: datetime) -> list[dict[str, Any]]:
    """Finished tickets of the last six months by 完工时间, oldest month first; months without one count 0."""
    first = local(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = [first]
    while len(months) < 6:
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    found = {f"{month:%Y-%m}": n for month, n in _by_month(viewer, months[0])}
    return [{"label": f"{m:%Y-%m}", "value": found.get(f"{m:%Y-%m}", 0)} for m in months]


_by_month = PerViewer(
    lambda viewer, since: (
        seen_by(viewer)
        .filter(state__in=FINISHED, finished_at__gte=since)
        .annotate(month=TruncMonth("finished_at", tzinfo=SHANGHAI))
        .values_list("month")
        .annotate(n=Count("id"))
        .order_by("month")
    )
)


def on_duty(viewer: Viewer, now: datetime) -> OnDuty | None:
    """Who is on duty at the dealer now, for its board; offices and headquarters have a page of their own."""
    return duty.on_duty(viewer, now)[0] if viewer.tier is Tier.DEALER else None


@dataclass(frozen=True)
class Platform:
    """What the platform's administrator looks after; no business row among it."""

    makers: int
    offices: int
    dealers: int
    unconfirmed: int
    failed_jobs: int


def platform(viewer: Viewer) -> Platform:
    """Counts for the platform's home page."""
    kinds = dict(
        Organisation.objects.visible_to(viewer)
        .filter(active=True)
        .values_list("kind")
        .annotate(n=Count("id"))
        .order_by("kind")
    )
    waiting = Q(dealer_confirmed_at=None) | Q(manufacturer_confirmed_at=None)
    return Platform(
        makers=kinds.get(OrganisationKind.MAKER, 0),
        offices=kinds.get(OrganisationKind.OFFICE, 0),
        dealers=kinds.get(OrganisationKind.DEALER, 0),
        unconfirmed=Partnership.objects.visible_to(viewer).filter(waiting, ended_at=None).count(),
        failed_jobs=Job.objects.visible_to(viewer).filter(state=JobState.FAILED).count(),
    )
