"""Reading rate cards (domain.md 9.1): those of a manufacturer, one with its tables, and the one that prices a job.

A draft is seen by who may write it, a partner reads what is in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from core.calendars import local
from core.errors import Refused
from core.tenancy import TenantQuerySet, Tier, Viewer
from equipment.enums import VersionState
from equipment.models import ProductLine
from settlement.calculations.claim import RateCard as EngineCard
from settlement.enums import CardState
from settlement.models import RateCard, StandardHours, TravelBand


@dataclass(frozen=True)
class CardInForce:
    """By which card a job is paid. key: its public id."""

    key: str
    level: str
    number: int
    valid_from: date
    card: EngineCard


def card_for(viewer: Viewer, manufacturer_id: int, level: str, finished_on: date) -> CardInForce | None:
    """The card of a job of a dealer of this level, finished on this day (完工日期, domain.md 9.2); None when there is none. Two statements.

    A level without a card in force on that day is paid by the one for every level. level: of the partnership, may be empty.
    """
    found = row_for(viewer, manufacturer_id, level, finished_on)
    if found is None:
        return None
    return CardInForce(found.public_id, found.level, found.number, found.valid_from, found.facts.engine)


def row_for(viewer: Viewer, manufacturer_id: int, level: str, finished_on: date) -> RateCard | None:
    """The same as a row, with its bands. Two statements."""
    rows = _of(viewer, manufacturer_id).filter(
        level__in={level, ""}, state=CardState.IN_FORCE, valid_from__lte=finished_on
    )
    return rows.prefetch_related(_bands(viewer)).order_by("-level", "-valid_from").first()


def cards(viewer: Viewer, manufacturer_id: int) -> list[RateCard]:
    """All cards of a manufacturer without their tables, by level, the latest version first. One statement."""
    return list(_of(viewer, manufacturer_id).order_by("level", "-number"))


def full_cards(viewer: Viewer, manufacturer_id: int) -> list[RateCard]:
    """The same with bands and hours. Three statements."""
    rows = _of(viewer, manufacturer_id).prefetch_related(_bands(viewer), _hours(viewer))
    return list(rows.order_by("level", "-number"))


def one(viewer: Viewer, public_id: str) -> RateCard:
    """The card with this public id, its manufacturer, bands and hours along. Errors: NotFound."""
    rows = _shown(viewer).select_related("manufacturer")
    return rows.prefetch_related(_bands(viewer), _hours(viewer)).one(public_id=public_id)


def before(viewer: Viewer, card: RateCard) -> RateCard | None:
    """The version before it, of the same level, with bands and hours."""
    rows = _of(viewer, card.manufacturer_id).filter(level=card.level, number__lt=card.number, state=CardState.IN_FORCE)
    return rows.prefetch_related(_bands(viewer), _hours(viewer)).order_by("-number").first()


def lock(viewer: Viewer, public_id: str) -> RateCard:
    """The card, locked, without its tables. Errors: NotFound."""
    return RateCard.objects.visible_to(viewer).select_for_update(of=("self",)).one(public_id=public_id)


def of_level(viewer: Viewer, manufacturer_id: int, level: str) -> TenantQuerySet[RateCard]:
    """The cards of a level."""
    return _of(viewer, manufacturer_id).filter(level=level)


def standing(card: RateCard, known: Sequence[RateCard], today: date) -> VersionState:
    """How a card is shown: a draft, in force (from its day on), or replaced by a later one of `known` that has begun."""
    if card.state == CardState.DRAFT:
        return VersionState.DRAFT
    later = any(
        other.level == card.level and other.state == CardState.IN_FORCE and card.valid_from < other.valid_from <= today
        for other in known
    )
    return VersionState.REPLACED if later else VersionState.IN_FORCE


def lines_in_use(viewer: Viewer, manufacturer_id: int) -> dict[str, ProductLine]:
    """The product lines that work can be written for, by code."""
    rows = ProductLine.objects.visible_to(viewer).filter(manufacturer_id=manufacturer_id, active=True)
    return {line.code: line for line in rows.order_by("code")}


def require_version(card: RateCard, expected: int | None) -> None:
    """Return when a locked card is what a page was made of. Errors: Refused("stale", 409) with who wrote meanwhile."""
    if expected is not None and expected != card.version:
        at = card.updated_at
        raise Refused("stale", status=409, who=card.changed_by, when=f"{local(at):%m-%d %H:%M}", at=at)


def _of(viewer: Viewer, manufacturer_id: int) -> TenantQuerySet[RateCard]:
    return _shown(viewer).filter(manufacturer_id=manufacturer_id)


def _shown(viewer: Viewer) -> TenantQuerySet[RateCard]:
    rows = RateCard.objects.visible_to(viewer)
    if viewer.tier is Tier.HQ:
        return rows
    return rows.filter(Q(state=CardState.IN_FORCE) | Q(manufacturer_id__in=viewer.own_makers))


def _bands(viewer: Viewer) -> Prefetch[str]:
    rows = TravelBand.objects.visible_to(viewer).order_by("up_to_km", "from_km")
    return Prefetch("bands", queryset=rows, to_attr="known_bands")


def _hours(viewer: Viewer) -> Prefetch[str]:
    rows = StandardHours.objects.visible_to(viewer).select_related("line").order_by("code", "line__code", "size_up_to")
    return Prefetch("hours", queryset=rows, to_attr="known_hours")
