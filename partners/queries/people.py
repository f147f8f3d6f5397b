"""Reading the people of the viewer's own organisation."""

from __future__ import annotations

from core.tenancy import TenantQuerySet, Viewer
from partners.enums import Role
from partners.models import Person


def all_of(viewer: Viewer) -> TenantQuerySet[Person]:
    """Everybody the viewer's administrator may list, by name."""
    return Person.objects.visible_to(viewer).order_by("-active", "name", "id")


def one(viewer: Viewer, public_id: str) -> Person:
    """The person with this public id. Errors: NotFound."""
    return Person.objects.visible_to(viewer).one(public_id=public_id)


def technicians(viewer: Viewer) -> list[Person]:
    """Active technicians of the dealer, by name."""
    rows = Person.objects.visible_to(viewer).filter(organisation_id=viewer.org, active=True)
    return list(rows.filter(roles__contains=[Role.TECHNICIAN.value]).order_by("name", "id"))


def ids_with_role(viewer: Viewer, *roles: Role) -> list[int]:
    """Active people of the viewer's organisation who have one of these roles."""
    rows = Person.objects.visible_to(viewer).filter(organisation_id=viewer.org, active=True)
    return list(rows.filter(roles__overlap=[role.value for role in roles]).values_list("id", flat=True))
