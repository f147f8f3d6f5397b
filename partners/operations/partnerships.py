"""Partnerships: proposed by the platform, confirmed by both sides, each with its own columns only (domain.md 2.1, 2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core import events, rights
from core.districts import by_code
from core.errors import Refused, constraints
from core.tenancy import Viewer
from partners.enums import Level, OrganisationKind, Scheme, Sharing
from partners.models import Organisation, Partnership
from partners.operations.move_office import move_records
from partners.queries import organisations, partnerships


@dataclass(frozen=True)
class Terms:
    """What both sides confirm: how much the manufacturer sees, and how slips are settled."""

    sharing: str = Sharing.ON_DEMAND
    scheme: str = Scheme.NONE


@dataclass(frozen=True)
class Assignment:
    """Who looks after the dealer and where. office: public id or "" (then HQ). districts: codes of the region, empty = everywhere."""

    office: str = ""
    level: str = Level.NONE
    districts: tuple[str, ...] = ()


@transaction.atomic
def propose_partnership(
    *, viewer: Viewer, dealer: str, manufacturer: str, terms: Terms, assignment: Assignment, now: datetime
) -> Partnership:
    """Propose that a dealer and a manufacturer (public ids) work together; nothing is shared until both have confirmed.

    Errors: Refused("not_allowed", 403), Refused("dealer_missing" | "manufacturer_missing" | "office_wrong" | "terms_wrong",
    field=...), these two are partners already.
    """
    rights.require(viewer, "partnership.add")
    partnership = Partnership(
        dealer=_organisation(viewer, dealer, OrganisationKind.DEALER, "dealer"),
        manufacturer=_organisation(viewer, manufacturer, OrganisationKind.MAKER, "manufacturer"),
    )
    _fill_terms(partnership, terms)
    _fill_assignment(viewer, partnership, assignment)
    with constraints(partnership_unique="manufacturer"):
        partnership.save(force_insert=True)
    return partnership


@transaction.atomic
def confirm_partnership(*, viewer: Viewer, public_id: str, expected_version: int, now: datetime) -> Partnership:
    """Confirm the terms for the viewer's own side. It holds, and sharing begins, when both sides have.

    expected_version: the version whose terms were read; a later change is refused. Errors: NotFound, Refused("stale", 409),
    Refused("not_allowed", 403) also when the own side has confirmed already.
    """
    rights.require_ever(viewer, "partnership.confirm")
    partnership = partnerships.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "partnership.confirm", partnership)
    side = "dealer" if viewer.org == partnership.dealer_id else "manufacturer"
    setattr(partnership, f"{side}_confirmed_at", now)
    setattr(partnership, f"{side}_confirmed_by", viewer.name[:60])
    partnership.version += 1
    partnership.save(update_fields=[f"{side}_confirmed_at", f"{side}_confirmed_by", "version", "updated_at"])
    if partnership.holds:
        events.tell("partnership_confirmed", partnership=partnership, viewer=viewer, now=now)
    return partnership


@transaction.atomic
def change_terms(*, viewer: Viewer, public_id: str, terms: Terms, expected_version: int, now: datetime) -> Partnership:
    """Change sharing or scheme. The database voids both confirmations, so that nobody widens the sharing alone.

    Errors: NotFound, Refused("not_allowed", 403), Refused("stale", 409), Refused("terms_wrong", field=...).
    """
    rights.require_ever(viewer, "partnership.change")
    partnership = partnerships.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "partnership.change", partnership)
    _fill_terms(partnership, terms)
    return _save(viewer, partnership, "sharing", "scheme")


@transaction.atomic
def assign_partnership(
    *, viewer: Viewer, public_id: str, assignment: Assignment, expected_version: int, now: datetime
) -> Partnership:
    """Change office, level or region: by the platform or the manufacturer. New records go to the new office, a job moves the others.

    Effects: event "partnership_office_changed" when the office is another. Errors: NotFound, Refused("not_allowed", 403),
    Refused("stale", 409), Refused("office_wrong" | "terms_wrong" | "district_unknown", field=...).
    """
    rights.require_ever(viewer, "partnership.assign")
    partnership = partnerships.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "partnership.assign", partnership)
    before = partnership.office_id
    _fill_assignment(viewer, partnership, assignment)
    _save(viewer, partnership, "office", "level", "districts")
    if partnership.office_id != before:
        move_records(viewer=viewer, partnership=partnership, now=now)
        events.tell("partnership_office_changed", partnership=partnership, viewer=viewer, now=now)
    return partnership


@transaction.atomic
def end_partnership(*, viewer: Viewer, public_id: str, expected_version: int, now: datetime) -> Partnership:
    """End a partnership: its records become read-only for both sides, nothing is deleted (domain.md 2.3).

    Errors: NotFound, Refused("not_allowed", 403), Refused("stale", 409).
    """
    rights.require_ever(viewer, "partnership.end")
    partnership = partnerships.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "partnership.end", partnership)
    partnership.ended_at = now
    return _save(viewer, partnership, "ended_at")


@transaction.atomic
def revive_partnership(
    *, viewer: Viewer, public_id: str, terms: Terms, expected_version: int, now: datetime
) -> Partnership:
    """Propose an ended partnership anew: both sides have to confirm again. Errors: as change_terms."""
    rights.require_ever(viewer, "partnership.revive")
    partnership = partnerships.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "partnership.revive", partnership)
    partnership.ended_at = None
    _fill_terms(partnership, terms)
    return _save(viewer, partnership, "ended_at", "sharing", "scheme")


def _save(viewer: Viewer, partnership: Partnership, *columns: str) -> Partnership:
    partnership.version += 1
    partnership.save(update_fields=[*columns, "version", "updated_at"])
    return partnerships.one(viewer, partnership.public_id)  # the database may have voided the confirmations


def _fill_terms(partnership: Partnership, terms: Terms) -> None:
    if terms.sharing not in Sharing.values:
        raise Refused("terms_wrong", field="sharing")
    if terms.scheme not in Scheme.values:
        raise Refused("terms_wrong", field="scheme")
    partnership.sharing, partnership.scheme = terms.sharing, terms.scheme


def _fill_assignment(viewer: Viewer, partnership: Partnership, assignment: Assignment) -> None:
    if assignment.level not in Level.values:
        raise Refused("terms_wrong", field="level")
    unknown = [code for code in assignment.districts if by_code(code) is None]
    if unknown:
        raise Refused("district_unknown", field="districts", codes=", ".join(unknown))
    office = None
    if assignment.office:
        offices = organisations.of_kind(viewer, OrganisationKind.OFFICE)
        mine = [o for o in offices if o.parent_id == partnership.manufacturer_id]
        office = next((o for o in mine if o.public_id == assignment.office), None)
        if office is None:
            raise Refused("office_wrong", field="office")
    partnership.office = office
    partnership.level, partnership.districts = assignment.level, list(assignment.districts)


def _organisation(viewer: Viewer, public_id: str, kind: OrganisationKind, field: str) -> Organisation:
    found = [o for o in organisations.of_kind(viewer, kind) if o.public_id == public_id]
    if not found:
        raise Refused(f"{field}_missing", field=field)
    return found[0]
