"""Reading who saw a telephone number and who was refused (domain.md 2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.access import Action
from core.models import AccessRecord
from core.tenancy import TenantQuerySet, Viewer

LABELS: dict[str, Any] = {
    Action.PHONE_SHOWN.value: _("looked at a telephone number"),
    Action.REFUSED.value: _("was refused"),
    Action.PASSWORD_SET.value: _("set a password by link"),
}
CHIPS = {Action.PHONE_SHOWN.value: "warning", Action.REFUSED.value: "bad", Action.PASSWORD_SET.value: "new"}


@dataclass(frozen=True)
class Row:
    """One record in words. state: family of the chip."""

    who: str
    at: datetime
    action: str
    state: str
    thing: str


def listing(viewer: Viewer, action: str = "") -> TenantQuerySet[AccessRecord]:
    """The organisation's records, in no order yet; action: one of `Action` or ""."""
    rows = AccessRecord.objects.visible_to(viewer)
    return rows.filter(action=action) if action in LABELS else rows


def page(
    viewer: Viewer, *, action: str = "", before: datetime | None = None, size: int = 50
) -> tuple[list[Row], datetime | None]:
    """Newest first, and the time before which the next page begins (None on the last)."""
    rows = listing(viewer, action).order_by("-at", "-id")
    if before is not None:
        rows = rows.filter(at__lt=before)
    found = list(rows[: size + 1])
    older = found[size - 1].at if len(found) > size else None
    return [row(record) for record in found[:size]], older


def row(record: AccessRecord) -> Row:
    """The record in words."""
    return Row(
        who=record.person_name,
        at=record.at,
        action=str(LABELS.get(record.action, record.action)),
        state=CHIPS.get(record.action, "new"),
        thing=record.thing,
    )
