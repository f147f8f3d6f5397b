"""People of an organisation: inviting, changing, deactivating; and what each person sets for himself (domain.md 2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core import rights, tenancy
from core.errors import Refused, constraints
from core.tenancy import Tier, Viewer
from partners.calculations import phones
from partners.enums import ROLES_OF_TIER, Department, Role
from partners.models import Account, Organisation, Person
from partners.operations import deputies, handing_over
from partners.operations.accounts import IssuedLink, end_links, make_invitation, tier_of
from partners.queries import organisations, people


@dataclass(frozen=True)
class PersonFacts:
    """What an administrator writes about a person. department: of HQ people; branch (网点) and city: of a dealer's."""

    name: str
    phone: str
    roles: tuple[str, ...]
    department: str = ""
    branch: str = ""
    city: str = ""


@transaction.atomic
def invite_person(
    *, viewer: Viewer, facts: PersonFacts, now: datetime, organisation_id: int | None = None
) -> IssuedLink:
    """Enter a person and make the invitation link, which the administrator sends on.

    organisation_id: where, if not in the viewer's own organisation; only the platform invites elsewhere, and only administrators.
    Errors: Refused("not_allowed", 403), Refused("name_missing" | "mobile_wrong" | "roles_wrong", field=...), the number is taken.
    """
    rights.require(viewer, "person.invite")
    organisation = organisations.one_by_id(viewer, organisation_id or viewer.org)
    if organisation.pk != viewer.org and viewer.tier is not Tier.PLATFORM:
        raise Refused("not_allowed", status=403)
    person = Person(organisation=organisation)
    _fill(viewer, person, facts)
    _save(person)
    return make_invitation(viewer=viewer, person=person, now=now)


@transaction.atomic
def enter_person(*, viewer: Viewer, facts: PersonFacts, now: datetime) -> Person:
    """Enter a person of the own organisation without an invitation: an import; the administrator invites later.

    Errors as `invite_person`.
    """
    rights.require(viewer, "person.invite")
    person = Person(organisation=organisations.one_by_id(viewer, viewer.org))
    _fill(viewer, person, facts)
    _save(person)
    return person


@transaction.atomic
def change_person(
    *, viewer: Viewer, public_id: str, facts: PersonFacts, expected_version: int, now: datetime
) -> Person:
    """Change name, number, roles. What he signs in with stays; a link sent to an old number ends.

    Errors: NotFound, Refused("not_allowed", 403), Refused("stale", 409), Refused("last_admin", field="roles"), as invite_person.
    """
    person = people.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "person.change", person)
    was_admin, old_phone = person.is_admin, person.phone
    _fill(viewer, person, facts)
    if was_admin and not person.is_admin:
        _require_other_admin(viewer, person, field="roles")
    person.version += 1
    _save(person)
    if person.phone != old_phone:
        end_links(viewer, person, now)
    deputies.follow(viewer, person, now)
    return person


@transaction.atomic
def deactivate_person(
    *, viewer: Viewer, public_id: str, expected_version: int, now: datetime, hand_over_to: str = ""
) -> Person:
    """Close the door to a person, from the next request on; what he did stays.

    hand_over_to: public id of the colleague who takes the open work; needed when there is any.
    Errors: NotFound, Refused("not_allowed", 403), Refused("stale", 409), Refused("last_admin"),
    Refused("hand_over_missing", field="hand_over_to"), Refused("colleague_unknown", field="hand_over_to").
    """
    person = people.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "person.deactivate", person)
    if not person.active:
        raise Refused("wrong_state", status=409)
    if person.is_admin:
        _require_other_admin(viewer, person, field=None)
    if person.organisation_id == viewer.org:
        if hand_over_to:
            handing_over.hand_over(viewer, person, _colleague(viewer, person, hand_over_to), now)
        elif handing_over.open_work(viewer, person):
            raise Refused("hand_over_missing", field="hand_over_to")
    person.active = False
    person.version += 1
    person.save(update_fields=["active", "version", "updated_at"])
    end_links(viewer, person, now)
    deputies.follow(viewer, person, now)
    return person


@transaction.atomic
def reactivate_person(*, viewer: Viewer, public_id: str, expected_version: int, now: datetime) -> Person:
    """Let a person in again, with the account he had. Errors: NotFound, Refused("not_allowed", 403), Refused("stale", 409)."""
    person = people.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "person.invite", person)
    if person.active:
        raise Refused("wrong_state", status=409)
    person.active = True
    person.version += 1
    person.save(update_fields=["active", "version", "updated_at"])
    return person


# ── what each person sets for himself ────────────────────────────────────────────────────────────────────────────────────────────

THEMES, DENSITIES, LANGUAGES = ("auto", "light", "dark"), ("standard", "compact"), ("zh-hans", "en")


@transaction.atomic
def set_preferences(*, viewer: Viewer, theme: str = "", density: str = "", language: str = "") -> None:
    """How the viewer likes his pages; empty = unchanged. Errors: Refused("preference_unknown")."""
    wanted = {"theme": (theme, THEMES), "density": (density, DENSITIES), "language": (language, LANGUAGES)}
    chosen = {name: value for name, (value, known) in wanted.items() if value}
    if any(value not in wanted[name][1] for name, value in chosen.items()):
        raise Refused("preference_unknown")
    if chosen:
        Person.objects.visible_to(viewer).filter(id=viewer.person_id or 0).update(**chosen)


@transaction.atomic
def change_profile(*, viewer: Viewer, name: str, phone: str, now: datetime) -> Person:
    """One's own name and number; the number is also what one signs in with.

    Errors: Refused("name_missing" | "mobile_wrong" | "phone_taken", field=...).
    """
    person = Person.objects.visible_to(viewer).select_for_update().one(id=viewer.person_id or 0)
    person.name, person.phone = _name(name), _phone(phone)
    person.version += 1
    _save(person)
    deputies.follow(viewer, person, now)
    with tenancy.identity(viewer):
        if Account.objects.filter(phone=person.phone).exclude(pk=viewer.account_id or 0).exists():
            raise Refused("phone_taken", field="phone")
        Account.objects.filter(pk=viewer.account_id or 0).update(phone=person.phone)
    return person


# ── pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fill(viewer: Viewer, person: Person, facts: PersonFacts) -> None:
    organisation: Organisation = person.organisation
    possible = {role.value for role in ROLES_OF_TIER[tier_of(organisation.kind)]}
    roles = [role.value for role in Role if role.value in set(facts.roles)]
    foreign = organisation.pk != viewer.org
    if not roles or not set(facts.roles) <= possible or (foreign and roles != [Role.ADMIN.value]):
        raise Refused("roles_wrong", field="roles")
    if facts.department not in Department.values:
        raise Refused("roles_wrong", field="department")
    if Role.DEPARTMENT.value in roles and not facts.department:
        raise Refused("department_missing", field="department")
    person.name, person.phone = _name(facts.name), _phone(facts.phone)
    person.roles, person.is_admin = roles, Role.ADMIN.value in roles
    person.department, person.branch, person.city = facts.department, facts.branch.strip(), facts.city.strip()


def _name(text: str) -> str:
    if not text.strip():
        raise Refused("name_missing", field="name")
    return text.strip()


def _phone(text: str) -> str:
    digits = phones.normalised(text)
    if not phones.is_mobile(digits):
        raise Refused("mobile_wrong", field="phone")
    return digits


def _save(person: Person) -> None:
    with constraints(person_phone_unique="phone"):
        person.save()


def _require_other_admin(viewer: Viewer, person: Person, *, field: str | None) -> None:
    admins = Person.objects.visible_to(viewer).filter(
        organisation_id=person.organisation_id, is_admin=True, active=True
    )
    if not admins.exclude(id=person.pk).exists():
        raise Refused("last_admin", field=field)


def _colleague(viewer: Viewer, person: Person, public_id: str) -> Person:
    rows = Person.objects.visible_to(viewer).filter(organisation_id=viewer.org, active=True)
    colleague = rows.exclude(id=person.pk).filter(public_id=public_id).first()
    if colleague is None:
        raise Refused("colleague_unknown", field="hand_over_to")
    return colleague
