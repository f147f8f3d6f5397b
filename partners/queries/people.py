"""Reading the people of the viewer's own organisation."""

from __future__ import annotations

from core.calendars import local
from core.errors import Refused
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


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> Person:
    """The person, locked. Errors: NotFound, Refused("stale", 409)."""
    person = Person.objects.visible_to(viewer).select_for_update(of=["self"]).select_related("organisation")
    found = person.one(public_id=public_id)
    if version is not None and version != found.version:
        raise Refused("stale", status=409, who="", when=f"{local(found.updated_at):%m-%d %H:%M}")
    return found


def me(viewer: Viewer) -> Person:
    """The viewer's own row."""
    return Person.objects.visible_to(viewer).one(id=viewer.person_id or 0)


def colleagues(viewer: Viewer, person: Person) -> list[Person]:
    """Active people of the organisation other than this one, by name: who could take over his work."""
    rows = Person.objects.visible_to(viewer).filter(organisation_id=person.organisation_id, active=True)
    return list(rows.exclude(id=person.pk).order_by("name", "id"))
