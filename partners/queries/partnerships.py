"""Reading partnerships."""

from __future__ import annotations

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
