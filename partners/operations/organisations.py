"""Organisations: made by the platform, looked after by their own administrators (domain.md 2.1, 2.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from core import rights, tenancy
from core.errors import Refused, constraints
from core.tenancy import Tier, Viewer
from partners.enums import OrganisationKind, Role, Sharing
from partners.models import Organisation, Partnership, Person
from partners.operations.accounts import IssuedLink, make_invitation
from partners.operations.people import PersonFacts, change_person, invite_person
from partners.queries import organisations

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}")
_CARD = ("name", "short_name", "service_phone", "address")


@dataclass(frozen=True)
class Card:
    """What partners may know of an organisation; service_phone and address are printed on slips."""

    name: str
    short_name: str = ""
    service_phone: str = ""
    address: str = ""


@transaction.atomic
def add_organisation(
    *,
    viewer: Viewer,
    kind: str,
    code: str,
    card: Card,
    admin_name: str,
    admin_phone: str,
    now: datetime,
    parent: str = "",
) -> tuple[Organisation, IssuedLink]:
    """Put a manufacturer, office or dealer on the platform and invite its first administrator.

    code: 2-20 capitals, digits and dashes ("CS01"). parent: public id of an office's manufacturer.
    Errors: Refused("not_allowed", 403), Refused("organisation_code", field="code"), Refused("parent_missing", field="parent"),
    Refused("organisation_kind", field="kind"), Refused("name_missing" | "mobile_wrong", field=...), the code is taken.
    """
    rights.require(viewer, "organisation.add")
    if kind not in (OrganisationKind.MAKER, OrganisationKind.OFFICE, OrganisationKind.DEALER):
        raise Refused("organisation_kind", field="kind")
    organisation = Organisation(kind=kind, code=_code(code), parent=_parent(viewer, kind, parent))
    _fill(organisation, card)
    with constraints(organisation_code_unique="code"):
        organisation.save(force_insert=True)
    facts = PersonFacts(name=admin_name, phone=admin_phone, roles=(Role.ADMIN.value,))
    try:
        link = invite_person(viewer=viewer, facts=facts, now=now, organisation_id=organisation.pk)
    except Refused as refusal:
        refusal.field = f"admin_{refusal.field}" if refusal.field in ("name", "phone") else refusal.field
        raise
    return organisation, link


@transaction.atomic
def found_platform(*, name: str, phone: str, now: datetime) -> IssuedLink:
    """The platform's organisation with its first administrator: for `manage.py first_admin`, not for pages.

    While nobody has used the invitation it can be made again, also for another number.
    Errors: Refused("platform_founded"), Refused("name_missing" | "mobile_wrong", field=...).
    """
    founder = Viewer(tier=Tier.PLATFORM, org=0, roles=frozenset({Role.ADMIN.value}))
    with tenancy.acting(founder):
        platform = Organisation.objects.visible_to(founder).filter(kind=OrganisationKind.PLATFORM).first()
        if platform is None:
            platform = Organisation.objects.create(kind=OrganisationKind.PLATFORM, code="PF", name="平台")
        mine = Person.objects.visible_to(founder).filter(organisation=platform)
        if mine.filter(account__isnull=False).exists():
            raise Refused("platform_founded")
        viewer = replace(founder, org=platform.pk)
        tenancy.enter(viewer)
        facts = PersonFacts(name=name, phone=phone, roles=(Role.ADMIN.value,))
        invited = mine.order_by("id").first()
        if invited is None:
            return invite_person(viewer=viewer, facts=facts, now=now)
        changed = change_person(
            viewer=viewer, public_id=invited.public_id, facts=facts, expected_version=invited.version, now=now
        )
        return make_invitation(viewer=viewer, person=changed, now=now)


@transaction.atomic
def change_organisation(
    *, viewer: Viewer, public_id: str, card: Card, expected_version: int, now: datetime
) -> Organisation:
    """Change name, short name, service phone and address of the own organisation, of an own unlisted manufacturer, or of any
    listed one by the platform. Signed slips keep their copies.

    Errors: NotFound, Refused("not_allowed", 403), Refused("stale", 409), Refused("name_missing", field="name").
    """
    organisation = organisations.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "organisation.change", organisation)
    _fill(organisation, card)
    organisation.version += 1
    organisation.save(update_fields=[*_CARD, "version", "updated_at"])
    return organisation


@transaction.atomic
def close_organisation(*, viewer: Viewer, public_id: str, expected_version: int, now: datetime) -> Organisation:
    """Close the door to all people of an organisation; its records stay. Errors: NotFound, not_allowed (403), stale (409)."""
    return _set_active(viewer, public_id, expected_version, was=True)


@transaction.atomic
def reopen_organisation(*, viewer: Viewer, public_id: str, expected_version: int, now: datetime) -> Organisation:
    """Let the people of a closed organisation in again. Errors: as close_organisation."""
    return _set_active(viewer, public_id, expected_version, was=False)


@transaction.atomic
def add_unlisted_maker(*, viewer: Viewer, code: str, card: Card, now: datetime) -> Organisation:
    """Enter a manufacturer that is not on the platform (厂家未入驻), for the viewer's dealer alone.

    Comes with a partnership that is not listed and that the dealer confirms for both, so that all work goes on as with others.
    Errors: Refused("not_allowed", 403), Refused("organisation_code", field="code"), Refused("name_missing", field="name"),
    the dealer has this code already.
    """
    rights.require(viewer, "unlisted_maker.add")
    maker = Organisation(kind=OrganisationKind.MAKER, code=_code(code), owner_dealer_id=viewer.org)
    _fill(maker, card)
    with constraints(unlisted_maker_code_unique="code"):
        maker.save(force_insert=True)
    tenancy.enter(with_own_maker(viewer, maker))  # the rest of the request may write the maker's rows
    Partnership.objects.create(
        dealer_id=viewer.org,
        manufacturer=maker,
        listed=False,
        sharing=Sharing.ON_DEMAND,
        dealer_confirmed_at=now,
        dealer_confirmed_by=viewer.name,
        manufacturer_confirmed_at=now,
        manufacturer_confirmed_by=viewer.name,
    )
    return maker


def with_own_maker(viewer: Viewer, maker: Organisation) -> Viewer:
    """The dealer's viewer as he will be at his next request, with a new unlisted manufacturer."""
    return replace(
        viewer,
        makers=(*viewer.makers, maker.pk),
        own_makers=(*viewer.own_makers, maker.pk),
        partners=(*viewer.partners, maker.pk),
    )


def _set_active(viewer: Viewer, public_id: str, expected_version: int, *, was: bool) -> Organisation:
    organisation = organisations.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "organisation.close", organisation)
    if organisation.active is not was:
        raise Refused("wrong_state", status=409)
    organisation.active = not was
    organisation.version += 1
    organisation.save(update_fields=["active", "version", "updated_at"])
    return organisation


def _fill(organisation: Organisation, card: Card) -> None:
    if not card.name.strip():
        raise Refused("name_missing", field="name")
    for name in _CARD:
        setattr(organisation, name, getattr(card, name).strip())


def _code(text: str) -> str:
    code = text.strip().upper()
    if not _CODE.fullmatch(code):
        raise Refused("organisation_code", field="code")
    return code


def _parent(viewer: Viewer, kind: str, public_id: str) -> Organisation | None:
    if kind != OrganisationKind.OFFICE:
        return None
    makers = {row.public_id: row for row in organisations.of_kind(viewer, OrganisationKind.MAKER)}
    if public_id not in makers:
        raise Refused("parent_missing", field="parent")
    return makers[public_id]
