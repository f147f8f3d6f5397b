"""Reading partnerships."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.calendars import local
from core.errors import Refused
from core.prepared import Prepared
from core.tenancy import TenantQuerySet, Tier, Viewer
from partners.enums import Level, OrganisationKind, Sharing
from partners.models import Organisation, Partnership


def all_of(viewer: Viewer) -> TenantQuerySet[Partnership]:
    """The partnerships the viewer may see, with the names of both sides."""
    rows = Partnership.objects.visible_to(viewer).select_related("dealer", "manufacturer", "office")
    return rows.order_by("dealer__code", "manufacturer__code")


def one(viewer: Viewer, public_id: str) -> Partnership:
    """The partnership with this public id. Errors: NotFound."""
    return all_of(viewer).one(public_id=public_id)


_with_maker = Prepared(
    lambda viewer, maker: Partnership.objects.visible_to(viewer).filter(manufacturer_id=maker).order_by("id")[:1]
)


def with_maker(viewer: Viewer, manufacturer_id: int) -> Partnership | None:
    """The dealer's partnership with a manufacturer, or None."""
    return next(iter(_with_maker(viewer, manufacturer_id)), None)


def by_key(viewer: Viewer, key: int) -> Partnership:
    """The partnership of a job's payload. Errors: NotFound."""
    return Partnership.objects.visible_to(viewer).one(id=key)


def makers(viewer: Viewer) -> list[Organisation]:
    """The manufacturers a dealer works with, unlisted ones included, by name."""
    rows = Organisation.objects.visible_to(viewer).filter(id__in=viewer.makers)
    return list(rows.order_by("owner_dealer_id", "code"))


def other_side(viewer: Viewer) -> list[Organisation]:
    """Whom the viewer works with: a dealer's manufacturers, or the dealers of an office or manufacturer, by code."""
    if viewer.tier is Tier.DEALER:
        return makers(viewer)
    rows = Organisation.objects.visible_to(viewer).filter(kind=OrganisationKind.DEALER)
    return list(rows.order_by("code"))


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> Partnership:
    """The partnership, locked. Errors: NotFound, Refused("stale", 409)."""
    partnership = Partnership.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    if version is not None and version != partnership.version:
        at = partnership.updated_at
        raise Refused("stale", status=409, who="", when=f"{local(at):%m-%d %H:%M}", at=at)
    return partnership


def require_holding(viewer: Viewer, *, dealer_id: int, manufacturer_id: int) -> Partnership:
    """The partnership behind a record while it holds; an ended one leaves its records readable only (domain.md 2.3).

    Errors: Refused("partnership_ended", 409), also when there is none.
    """
    rows = Partnership.objects.visible_to(viewer).filter(dealer_id=dealer_id, manufacturer_id=manufacturer_id)
    partnership = rows.first()
    if partnership is None or not partnership.holds:
        raise Refused("partnership_ended", status=409)
    return partnership


@dataclass(frozen=True)
class Row:
    """A partnership as a list shows it, in finished words. state: family of the chip."""

    public_id: str
    dealer: str
    manufacturer: str
    office: str
    level: str
    sharing: str
    state: str
    state_label: str
    listed: bool


ORDERS = {
    "dealer": ("dealer__code", "manufacturer__code", "id"),
    "manufacturer": ("manufacturer__code", "dealer__code", "id"),
}


def listing(viewer: Viewer) -> TenantQuerySet[Partnership]:
    """The partnerships the viewer may see, with the names of both sides, in no order yet."""
    return Partnership.objects.visible_to(viewer).select_related("dealer", "manufacturer", "office")


def row(partnership: Partnership) -> Row:
    """The partnership in words; needs dealer, manufacturer and office."""
    if partnership.ended_at:
        state, label = "waiting", _("ended")
    elif partnership.holds:
        state, label = "good", _("holds")
    else:
        state, label = "warning", _("to be confirmed")
    return Row(
        public_id=partnership.public_id,
        dealer=partnership.dealer.label,
        manufacturer=partnership.manufacturer.label,
        office=partnership.office.label if partnership.office else "",
        level=str(Level(partnership.level).label) if partnership.level else "",
        sharing=str(Sharing(partnership.sharing).label) if partnership.listed else "",
        state=state,
        state_label=label,
        listed=partnership.listed,
    )
