"""Writing rate cards (domain.md 9.1): drafts, and versions that are never changed once they are in force.

A manufacturer writes its own; a dealer's administrator writes those of its unlisted manufacturers (厂家未入驻).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from core import rights
from core.calendars import local_date
from core.errors import Refused
from core.money import LIMIT
from core.tenancy import Viewer
from equipment.models import ProductLine
from partners.enums import Level
from settlement.calculations.cards import MOST_KM, PART_FACTORS, BandFacts, CardFacts, HoursFacts, check
from settlement.enums import CardState, TravelMode
from settlement.models import RateCard, StandardHours, TravelBand
from settlement.queries import cards

#: number of the lock under which the versions of one manufacturer are counted
VERSIONS = 5_274
MOST_HOURS = Decimal(999)
MOST_FACTOR = Decimal(10)
_AMOUNTS = ("hourly", "subsidy_per_person_day", "lodging_cap", "night_flat", "holiday_flat", "consumables_cap")


@transaction.atomic
def add_card(*, viewer: Viewer, manufacturer_id: int, level: str, card: CardFacts, now: datetime) -> RateCard:
    """Begin the next version of a level's card, a draft.

    Errors: Refused("not_allowed", 403); ("choice_unknown"); ("card_has_draft") when the level has one; and those of `change_card`.
    """
    rights.require(viewer, "card.write", manufacturer_id)
    if level not in Level.values:
        raise Refused("choice_unknown", field="level")
    with connection.cursor() as cursor:  # two people begin the same version: the second one is told
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [VERSIONS, manufacturer_id % 2**31])
    known = list(cards.of_level(viewer, manufacturer_id, level).order_by("-number"))
    if any(row.state == CardState.DRAFT for row in known):
        raise Refused("card_has_draft", field="level")
    made = RateCard(manufacturer_id=manufacturer_id, level=level, number=known[0].number + 1 if known else 1)
    _fill(viewer, made, card)
    made.save(force_insert=True)
    _write_rows(viewer, made, card)
    return made


@transaction.atomic
def change_card(
    *, viewer: Viewer, public_id: str, card: CardFacts, expected_version: int | None, now: datetime
) -> RateCard:
    """Write a draft anew, with its bands and standard hours.

    Errors: NotFound; not_allowed; wrong_state (409) when it is in force; stale (409); ("amount_wrong"), ("km_wrong"), ("factor_wrong"),
    ("band_backwards"), ("band_rate_missing"), ("band_twice"), ("hours_wrong"), ("hours_twice"), ("line_unknown"), ("minimum_incomplete").
    """
    draft = _draft(viewer, public_id, expected_version)
    _fill(viewer, draft, card)
    draft.version += 1
    draft.save()
    TravelBand.objects.visible_to(viewer).filter(card=draft).delete()
    StandardHours.objects.visible_to(viewer).filter(card=draft).delete()
    _write_rows(viewer, draft, card)
    return draft


@transaction.atomic
def put_in_force(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> RateCard:
    """A draft comes into force for jobs finished from its first day on; the version before it counts until the day before.

    Errors: NotFound; not_allowed; wrong_state (409); stale (409); Refused("card_begins_early", after=day) unless it begins after the
    version before it; ("card_begins_past") for a version that is not the level's first and begins before today: jobs finished by then
    keep the card that they had; ("card_broken", n=number) while a set-up check finds something broken.
    """
    draft = _draft(viewer, public_id, expected_version)
    last = (
        cards.of_level(viewer, draft.manufacturer_id, draft.level)
        .filter(state=CardState.IN_FORCE)
        .order_by("-valid_from")
        .first()
    )
    if last is not None and draft.valid_from <= last.valid_from:
        raise Refused("card_begins_early", field="valid_from", after=last.valid_from.isoformat())
    if last is not None and draft.valid_from < local_date(now):
        raise Refused("card_begins_past", field="valid_from")
    lines = {code: line.name for code, line in cards.lines_in_use(viewer, draft.manufacturer_id).items()}
    broken = [finding for finding in check(cards.one(viewer, public_id).facts, lines) if finding.broken]
    if broken:
        raise Refused("card_broken", n=len(broken))
    draft.state = CardState.IN_FORCE
    draft.in_force_at, draft.in_force_by = now, viewer.name
    draft.version += 1
    draft.save()
    return draft


@transaction.atomic
def discard_draft(*, viewer: Viewer, public_id: str, now: datetime) -> None:
    """Throw a draft away. Errors: NotFound; not_allowed; wrong_state (409)."""
    _draft(viewer, public_id, None).delete()


def _draft(viewer: Viewer, public_id: str, expected_version: int | None) -> RateCard:
    """The draft, locked; rights come first, since a row that is only read cannot be locked."""
    rights.require_ever(viewer, "card.write")
    rights.require(viewer, "card.write", cards.one(viewer, public_id))
    card = cards.lock(viewer, public_id)
    if card.state != CardState.DRAFT:
        raise Refused("wrong_state", status=409)
    cards.require_version(card, expected_version)
    return card


def _fill(viewer: Viewer, row: RateCard, card: CardFacts) -> None:
    for name in _AMOUNTS:
        setattr(row, name, _amount(getattr(card, name), name))
    if card.travel_mode not in TravelMode.values:
        raise Refused("choice_unknown", field="travel_mode")
    row.valid_from, row.travel_mode = card.valid_from, card.travel_mode
    row.subsidy_over_km = _km(card.subsidy_over_km, "subsidy_over_km")
    if (card.short_max_km is None) is not (card.short_min_labour is None):
        raise Refused("minimum_incomplete", field="short_min_labour")
    row.short_max_km = None if card.short_max_km is None else _km(card.short_max_km, "short_max_km")
    least = card.short_min_labour
    row.short_min_labour = None if least is None else _amount(least, "short_min_labour")
    for source in PART_FACTORS:
        factor = card.factors.get(source, Decimal(0))
        if not 0 <= factor <= MOST_FACTOR:
            raise Refused("factor_wrong", field=f"factor_{source}")
        setattr(row, f"factor_{source}", factor)
    row.note, row.changed_by = card.note.strip()[:300], viewer.name


def _write_rows(viewer: Viewer, row: RateCard, card: CardFacts) -> None:
    maker = row.manufacturer_id
    TravelBand.objects.bulk_create(
        TravelBand(
            manufacturer_id=maker, card=row, from_km=band.from_km, up_to_km=band.up_to_km, flat=band.flat, per_km=band.per_km
        )
        for band in _checked_bands(card.bands)
    )  # fmt: skip
    lines = cards.lines_in_use(viewer, maker) if card.hours else {}
    StandardHours.objects.bulk_create(
        StandardHours(
            manufacturer_id=maker, card=row, code=work.code.strip(), name=work.name.strip(), line=lines.get(work.line),
            size_up_to=work.size_up_to, hours=work.hours,
        )
        for work in _checked_hours(card.hours, lines)
    )  # fmt: skip


def _checked_bands(bands: Sequence[BandFacts]) -> Sequence[BandFacts]:
    seen: set[Decimal] = set()
    for place, band in enumerate(bands):
        here = f"bands-{place}-"
        _km(band.from_km, here + "from_km")
        if _km(band.up_to_km, here + "up_to_km") <= band.from_km:
            raise Refused("band_backwards", field=here + "up_to_km")
        if (band.flat is None) is (band.per_km is None):
            raise Refused("band_rate_missing", field=here + "flat")
        _amount(band.flat or band.per_km or Decimal(0), here + ("per_km" if band.flat is None else "flat"))
        if band.up_to_km in seen:
            raise Refused("band_twice", field=here + "up_to_km")
        seen.add(band.up_to_km)
    return bands


def _checked_hours(hours: Sequence[HoursFacts], lines: dict[str, ProductLine]) -> Sequence[HoursFacts]:
    seen: set[tuple[str, str, int]] = set()
    for work in hours:
        code, name = work.code.strip(), work.name.strip()
        figures = 0 <= work.hours <= MOST_HOURS and work.hours == round(work.hours, 1)
        if not 0 < len(code) <= 20 or not 0 < len(name) <= 60 or not figures:
            raise Refused("hours_wrong", field="hours", row=f"{code} {name}"[:40])
        if work.size_up_to is not None and not 0 < work.size_up_to <= 9_999:
            raise Refused("hours_wrong", field="hours", row=f"{code} {name}"[:40])
        if work.line and work.line not in lines:
            raise Refused("line_unknown", field="hours", line=work.line[:20])
        if work.key in seen:
            raise Refused("hours_twice", field="hours", row=f"{code} {name}"[:40])
        seen.add(work.key)
    return hours


def _amount(value: Decimal, place: str) -> Decimal:
    if not 0 <= value < LIMIT or value != round(value, 2):
        raise Refused("amount_wrong", field=place)
    return value


def _km(value: Decimal, place: str) -> Decimal:
    if not 0 <= value <= MOST_KM or value != round(value, 1):
        raise Refused("km_wrong", field=place)
    return value
