"""Who is on duty: for boards, for partners, and for pages without account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from core.tenancy import Tier, Viewer
from resources.queries import roster


@dataclass(frozen=True)
class OnDuty:
    """Who is on duty at a dealer's, and who comes next. main "": nobody. shown: the dealer lets the viewer know (False: number only).

    phone: where main duty is reached. hotline: the dealer's fixed 24-hour number, "" for the dealer itself, whose pages know it.
    """

    dealer_id: int
    dealer: str
    main: str = ""
    phone: str = ""
    deputy: str = ""
    deputy_phone: str = ""
    until: datetime | None = None
    next_main: str = ""
    next_from: datetime | None = None
    hotline: str = ""
    shown: bool = True


@dataclass(frozen=True)
class PublicDuty:
    """Who answers now, for a customer: name, number, until when."""

    main: str
    phone: str
    until: datetime


def on_duty(viewer: Viewer, at: datetime) -> list[OnDuty]:
    """Who is on duty at `at`: a dealer's own, always one row; for office and headquarters a row for each dealer whose partnership holds.

    One statement. Of a dealer that does not show it (`DutySettings.shows_makers`) name and 24-hour number only. The platform: nothing.
    """
    if viewer.tier is Tier.DEALER:
        return [_own(viewer, at)]
    if viewer.tier not in (Tier.OFFICE, Tier.HQ):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM resources_partner_duty(%s)", [at]
        )  # its columns are the fields of OnDuty, in order
        rows = [OnDuty(*row) for row in cursor.fetchall()]
    return [row for row in rows if row.dealer_id in viewer.partners]


def _own(viewer: Viewer, at: datetime) -> OnDuty:
    columns = ("starts_at", "ends_at", "phone", "person__name", "person__phone", "deputy__name", "deputy__phone")
    rows = roster.standing(viewer).filter(ends_at__gt=at).order_by("ends_at")
    found = list(rows.values_list(*columns, named=True)[:2])
    running = found[0] if found and found[0].starts_at <= at else None
    following = next((shift for shift in found if shift.starts_at > at), None)
    return OnDuty(
        dealer_id=viewer.org,
        dealer=viewer.org_name,
        main=running.person__name if running else "",
        phone=(running.phone or running.person__phone) if running else "",
        deputy=(running.deputy__name or "") if running else "",
        deputy_phone=(running.deputy__phone or "") if running else "",
        until=running.ends_at if running else None,
        next_main=following.person__name if following else "",
        next_from=following.starts_at if following else None,
    )


def ids_on_duty(viewer: Viewer, at: datetime) -> set[int]:
    """The persons who are on duty at the viewer's own dealer, as main or deputy. One statement."""
    running = roster.standing(viewer).filter(ends_at__gt=at, starts_at__lte=at).order_by("id")
    return {person for pair in running.values_list("person_id", "deputy_id") for person in pair if person}


def public_duty(viewer: Viewer, at: datetime) -> PublicDuty | None:
    """Who is on duty at the dealer whose code or link somebody without account has opened; None when nobody is, or it is not shown.

    One statement, in the role `app_outside`; what it may tell stands in sql/duty.sql.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT dealer_id, main, phone, until FROM resources_public_duty(%s)", [at])
        found = [PublicDuty(*row) for dealer_id, *row in cursor.fetchall() if dealer_id == viewer.org]
    return found[0] if found else None
