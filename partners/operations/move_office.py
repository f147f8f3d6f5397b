"""A dealer belongs to another office from now on: all its records go with it (domain.md 2.3, reliability.md 1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import models

from core import jobs
from core.row_security import tenant_models
from core.tenancy import Kind, Tier, Viewer
from partners.models import Partnership

MOVE = "partners.move_office"
AT_ONCE = 1000


def move_records(*, viewer: Viewer, partnership: Partnership, now: datetime) -> None:
    """Write the job that moves the dealer's records to the partnership's office; it runs under the dealer's role, whose rows they are."""
    if viewer.tier is Tier.PLATFORM:
        dealer = replace(viewer, tier=Tier.DEALER, org=partnership.dealer_id, person_id=None)
        jobs.enqueue(MOVE, viewer=dealer, now=now, partnership=partnership.pk)
    else:
        jobs.for_partner(MOVE, viewer=viewer, receiver=partnership.dealer_id, now=now, partnership=partnership.pk)


def moved_tables() -> list[type[models.Model]]:
    """The tables whose rows name dealer, manufacturer and the office in charge."""
    wanted = {"dealer_id", "manufacturer_id", "office_id"}
    return [
        model
        for model in tenant_models()
        if model is not Partnership
        and getattr(model, "tenancy", None) in (Kind.SHARED, Kind.PARTNERSHIP)
        and wanted <= {field.attname for field in model._meta.concrete_fields}
    ]


def move(viewer: Viewer, partnership: Partnership, model: type[Any], *, after: int) -> int | None:
    """Move at most AT_ONCE rows of one table, those behind the key `after`; answers the last key looked at, None when there are no more.

    A stopped run may begin again: rows that are there already are left alone. Neither version nor time of change is touched.
    """
    rows = model.objects.visible_to(viewer).filter(
        dealer_id=partnership.dealer_id, manufacturer_id=partnership.manufacturer_id, pk__gt=after
    )
    keys: list[int] = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    elsewhere = model.objects.visible_to(viewer).filter(pk__in=keys).exclude(office_id=partnership.office_id)
    elsewhere.update(office_id=partnership.office_id)
    return keys[-1] if keys else None
