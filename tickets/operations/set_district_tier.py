"""Districts that a dealer counts otherwise than their city (domain.md 5.2): a county of a capital that is a hundred kilometres away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from core import districts, rights
from core.errors import Refused
from core.tenancy import Viewer
from tickets.enums import CityTier
from tickets.models import DistrictTier
from tickets.operations.steps import chosen


@transaction.atomic
def set_district_tier(*, viewer: Viewer, place: str, tier: str, now: datetime) -> DistrictTier:
    """Count a district as capital or as elsewhere from now on; what was reported before keeps its clocks.

    place: typed, "长沙市浏阳市" or "浏阳". A district that is in the list already is changed.
    Errors: Refused("district_not_found", field="place"), ("choice_unknown", field="tier"), not_allowed.
    """
    rights.require(viewer, "promise.set")
    found = districts.find(place.strip())
    if not (found.city and found.district) or found.rest:
        raise Refused("district_not_found", field="place")
    row, _made = DistrictTier.objects.visible_to(viewer).update_or_create(
        dealer_id=viewer.org,
        city=found.city,
        district=found.district,
        defaults={"tier": chosen(CityTier, tier, field="tier").value},
    )
    return row


@transaction.atomic
def remove_district_tier(*, viewer: Viewer, district: int) -> DistrictTier:
    """Let a district count as its city does again. Errors: NotFound, not_allowed."""
    rights.require(viewer, "promise.set")
    row = DistrictTier.objects.visible_to(viewer).select_for_update().one(pk=district)
    row.delete()
    return row
