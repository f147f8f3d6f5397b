"""Reading the policies of warranty of manufacturers, and one row of a register (domain.md 4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Prefetch

from core.calendars import local
from core.errors import Refused
from core.tenancy import Viewer
from equipment.calculations.policy_choice import Offer
from equipment.enums import VersionState
from equipment.models import WarrantyPolicy, WarrantyVersion


@dataclass(frozen=True)
class Registered:
    """What a manufacturer's register says of one machine. shipped_on: only to the manufacturer and to whom it was shipped."""

    ex_factory_on: date | None
    batch: str
    shipped_on: date | None


def offers(viewer: Viewer, manufacturer_id: int) -> list[Offer]:
    """All versions of a manufacturer that are or were in force, for the look-up. One statement."""
    rows = WarrantyVersion.objects.visible_to(viewer).filter(manufacturer_id=manufacturer_id)
    known = rows.exclude(state=VersionState.DRAFT).select_related("policy").order_by("id")
    return [version.offer for version in known]


def policies(viewer: Viewer, manufacturer_id: int) -> list[WarrantyPolicy]:
    """The policies of a manufacturer with their versions (`known_versions`), by name. Two statements."""
    rows = WarrantyPolicy.objects.visible_to(viewer).filter(manufacturer_id=manufacturer_id).select_related("line")
    return list(rows.prefetch_related(_versions(viewer)).order_by("name", "id"))


def one(viewer: Viewer, public_id: str) -> WarrantyPolicy:
    """The policy with this public id, its manufacturer, line and versions (`known_versions`) along. Errors: NotFound."""
    rows = WarrantyPolicy.objects.visible_to(viewer).select_related("manufacturer", "line")
    return rows.prefetch_related(_versions(viewer)).one(public_id=public_id)


def _versions(viewer: Viewer) -> Prefetch[str]:
    rows = WarrantyVersion.objects.visible_to(viewer).order_by("-number")
    return Prefetch("versions", queryset=rows, to_attr="known_versions")


def versions_of(policy: WarrantyPolicy) -> Sequence[WarrantyVersion]:
    """The versions of a policy that `one` or `policies` has read, the latest first."""
    found: list[WarrantyVersion] = policy.known_versions  # type: ignore[attr-defined]  # by the prefetch above
    return found


def version(viewer: Viewer, public_id: str) -> WarrantyVersion:
    """The version with this public id, its policy along. Errors: NotFound."""
    rows = WarrantyVersion.objects.visible_to(viewer).select_related("policy", "policy__manufacturer", "policy__line")
    return rows.one(public_id=public_id)


def lock(viewer: Viewer, public_id: str) -> WarrantyPolicy:
    """The policy, locked. Errors: NotFound."""
    return WarrantyPolicy.objects.visible_to(viewer).select_for_update(of=("self",)).one(public_id=public_id)


def require_version(row: WarrantyPolicy | WarrantyVersion, expected: int | None) -> None:
    """Return when a locked row is what a page was made of. Errors: Refused("stale", 409) with who wrote meanwhile."""
    if expected is not None and expected != row.version:
        at = row.updated_at
        raise Refused("stale", status=409, who=row.changed_by, when=f"{local(at):%m-%d %H:%M}", at=at)


def registered(manufacturer_id: int, serial_numbers: Iterable[str]) -> dict[str, Registered]:
    """The rows of the register with exactly these numbers, by number, when the viewer works with the manufacturer. One statement."""
    wanted = sorted(set(serial_numbers) - {""})
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM equipment_register_rows(%s, %s)", [manufacturer_id, wanted])
        return {serial: Registered(*rest) for serial, *rest in cursor.fetchall()}
