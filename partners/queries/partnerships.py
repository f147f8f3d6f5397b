"""Reading partnerships."""

from __future__ import annotations

from core.calendars import local
from core.errors import Refused
from core.tenancy import TenantQuerySet, Tier, Viewer
from partners.enums import OrganisationKind
from partners.models import Organisation, Partnership


def all_of(viewer: Viewer) -> TenantQuerySet[Partnership]:
    """The partnerships the viewer may see, with the names of both sides."""
    rows = Partnership.objects.visible_to(viewer).select_related("dealer", "manufacturer", "office")
    return rows.order_by("dealer__code", "manufacturer__code")


def one(viewer: Viewer, public_id: str) -> Partnership:
    """The partnership with this public id. Errors: NotFound."""
    return all_of(viewer).one(public_id=public_id)


def with_maker(viewer: Viewer, manufacturer_id: int) -> Partnership | None:
    """The dealer's partnership with a manufacturer, or None."""
    return Partnership.objects.visible_to(viewer).filter(manufacturer_id=manufacturer_id).first()


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
        raise Refused("stale", status=409, who="", when=f"{local(partnership.updated_at):%m-%d %H:%M}")
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
