"""Reading the route book (domain.md 9.1): usual distances of dealers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.calendars import local_date
from core.tenancy import TenantQuerySet, Viewer
from partners.models import Partnership
from partners.queries import partnerships
from settlement.calculations.cards import figure
from settlement.models import UsualWay

ORDERS = {"site": ("city", "district", "id"), "km": ("km", "id")}


@dataclass(frozen=True)
class Row:
    """A line of the book as the list shows it."""

    public_id: str
    site: str
    dealer: str
    manufacturer: str
    start: str
    km: str
    changed: str
    may_write: bool = False


def usual_km(
    viewer: Viewer, *, dealer_id: int, manufacturer_id: int, start: str, city: str, district: str
) -> Decimal | None:
    """Kilometres, one way, from a dealer's branch to a district; None = not in the book. One statement.

    The district comes before its whole city, and the branch before the dealer's own address.
    """
    rows = UsualWay.objects.visible_to(viewer).filter(
        dealer_id=dealer_id,
        manufacturer_id=manufacturer_id,
        city=city,
        district__in={district, ""},
        start__in={start, ""},
    )
    return rows.order_by("-district", "-start").values_list("km", flat=True).first()


def listing(viewer: Viewer, dealer: str) -> TenantQuerySet[UsualWay]:
    """The lines that the viewer may see, in no order yet. dealer: public id, empty = of every dealer."""
    rows = UsualWay.objects.visible_to(viewer).select_related("dealer", "manufacturer")
    return rows.filter(dealer__public_id=dealer) if dealer else rows


def one(viewer: Viewer, public_id: str) -> UsualWay:
    """The line with this public id. Errors: NotFound."""
    return UsualWay.objects.visible_to(viewer).select_related("dealer", "manufacturer").one(public_id=public_id)


def holding(viewer: Viewer) -> list[Partnership]:
    """The partnerships for which ways may be entered: those that hold."""
    return [one for one in partnerships.all_of(viewer) if one.holds]


def row(way: UsualWay) -> Row:
    """A line in finished words."""
    return Row(
        public_id=way.public_id,
        site=f"{way.city}{way.district}",
        dealer=way.dealer.label,
        manufacturer=way.manufacturer.label,
        start=way.start,
        km=figure(way.km),
        changed=f"{way.changed_by} {local_date(way.updated_at):%Y-%m-%d}".strip(),
    )
