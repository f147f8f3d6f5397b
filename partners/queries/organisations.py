"""Reading organisations."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.calendars import local
from core.errors import Refused
from core.tenancy import TenantQuerySet, Viewer
from partners.enums import OrganisationKind
from partners.models import Organisation


def all_of(viewer: Viewer) -> TenantQuerySet[Organisation]:
    """The organisations the viewer may see: for the platform all listed ones, else the own one and its partners' cards."""
    return Organisation.objects.visible_to(viewer).select_related("parent").order_by("kind", "code")


def one(viewer: Viewer, public_id: str) -> Organisation:
    """The organisation with this public id. Errors: NotFound."""
    return all_of(viewer).one(public_id=public_id)


def one_by_id(viewer: Viewer, organisation_id: int) -> Organisation:
    """The organisation with this key. Errors: NotFound."""
    return all_of(viewer).one(id=organisation_id)


def own(viewer: Viewer) -> Organisation:
    """The viewer's own organisation."""
    return one_by_id(viewer, viewer.org)


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> Organisation:
    """The organisation, locked. Errors: NotFound, Refused("stale", 409)."""
    rows = Organisation.objects.visible_to(viewer).select_for_update()
    organisation = rows.one(public_id=public_id)
    if version is not None and version != organisation.version:
        at = organisation.updated_at
        raise Refused("stale", status=409, who="", when=f"{local(at):%m-%d %H:%M}", at=at)
    return organisation


def of_kind(viewer: Viewer, *kinds: OrganisationKind) -> list[Organisation]:
    """The active organisations of these kinds that the viewer sees, by code."""
    rows = Organisation.objects.visible_to(viewer).filter(kind__in=[kind.value for kind in kinds], active=True)
    return list(rows.order_by("code"))


def unlisted_makers(viewer: Viewer) -> list[Organisation]:
    """A dealer's own manufacturers that are not on the platform (厂家未入驻)."""
    rows = Organisation.objects.visible_to(viewer).filter(owner_dealer_id=viewer.org).select_related("parent")
    return list(rows.order_by("code"))


@dataclass(frozen=True)
class Row:
    """An organisation as a list shows it, in finished words. state: family of the chip."""

    public_id: str
    code: str
    name: str
    kind: str
    parent: str
    phone: str
    state: str
    state_label: str


ORDERS = {"kind": ("kind", "code", "id"), "code": ("code", "id")}


def listing(viewer: Viewer) -> TenantQuerySet[Organisation]:
    """All organisations the viewer may see, with their manufacturers, in no order yet."""
    return Organisation.objects.visible_to(viewer).select_related("parent")


def row(organisation: Organisation) -> Row:
    """The organisation in words; needs its parent."""
    return Row(
        public_id=organisation.public_id,
        code=organisation.code,
        name=organisation.name,
        kind=str(OrganisationKind(organisation.kind).label),
        parent=organisation.parent.label if organisation.parent else "",
        phone=organisation.service_phone,
        state="good" if organisation.active else "waiting",
        state_label=_("open") if organisation.active else _("closed"),
    )
