"""Reading the people of the viewer's own organisation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from core.calendars import local
from core.errors import Refused
from core.tenancy import TenantQuerySet, Tier, Viewer
from partners.enums import Department, Role
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


def members(viewer: Viewer) -> list[Person]:
    """Active people of the viewer's organisation, by name."""
    rows = Person.objects.visible_to(viewer).filter(organisation_id=viewer.org, active=True)
    return list(rows.order_by("name", "id"))


def ids_with_role(viewer: Viewer, *roles: Role) -> list[int]:
    """Active people of the viewer's organisation who have one of these roles."""
    rows = Person.objects.visible_to(viewer).filter(organisation_id=viewer.org, active=True)
    return list(rows.filter(roles__overlap=[role.value for role in roles]).values_list("id", flat=True))


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> Person:
    """The person, locked. Errors: NotFound, Refused("stale", 409)."""
    person = Person.objects.visible_to(viewer).select_for_update(of=["self"]).select_related("organisation")
    found = person.one(public_id=public_id)
    if version is not None and version != found.version:
        at = found.updated_at
        raise Refused("stale", status=409, who="", when=f"{local(at):%m-%d %H:%M}", at=at)
    return found


def me(viewer: Viewer) -> Person:
    """The viewer's own row."""
    return Person.objects.visible_to(viewer).one(id=viewer.person_id or 0)


def colleagues(viewer: Viewer, person: Person) -> list[Person]:
    """Active people of the organisation other than this one, by name: who could take over his work."""
    rows = Person.objects.visible_to(viewer).filter(organisation_id=person.organisation_id, active=True)
    return list(rows.exclude(id=person.pk).order_by("name", "id"))


def role_words(roles: Iterable[str]) -> str:
    """Roles in words, in the order of the table of roles."""
    known = set(roles)
    return _(", ").join(str(role.label) for role in Role if role.value in known)


@dataclass(frozen=True)
class Row:
    """A person as a list shows him, in finished words. state: family of the chip."""

    public_id: str
    name: str
    phone: str
    roles: str
    place: str
    state: str
    state_label: str
    is_me: bool


#: the platform's list is by organisation, an organisation's by name
ORDERS = {"name": ("name", "id")}


def listing(viewer: Viewer, *, words: str = "", state: str = "") -> TenantQuerySet[Person]:
    """People that fit: words in name or number; state "" | "active" | "invited" | "inactive". In no order yet."""
    rows = Person.objects.visible_to(viewer).select_related("organisation")
    for word in words.split():
        rows = rows.filter(Q(name__icontains=word) | Q(phone__contains=word))
    conditions = {
        "active": Q(active=True, account__isnull=False),
        "invited": Q(active=True, account=None),
        "inactive": Q(active=False),
    }
    return rows.filter(conditions[state]) if state in conditions else rows


def row(viewer: Viewer, person: Person) -> Row:
    """The person in words; needs his organisation."""
    if not person.active:
        state, label = "waiting", _("deactivated")
    elif person.account_id is None:
        state, label = "new", _("invited")
    else:
        state, label = "good", _("active")
    parts = [str(Department(person.department).label) if person.department else "", person.branch, person.city]
    if viewer.tier is Tier.PLATFORM:
        parts = [person.organisation.label]
    return Row(
        public_id=person.public_id,
        name=person.name,
        phone=person.phone,
        roles=role_words(person.roles),
        place=" · ".join(part for part in parts if part),
        state=state,
        state_label=label,
        is_me=person.pk == viewer.person_id,
    )
