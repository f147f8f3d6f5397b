"""Rate cards by API: read by whoever reads them on pages (domain.md 9.1)."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import rights
from core.api.versions import tag
from equipment.queries import catalogue
from partners.api.base import View
from partners.enums import Level
from settlement.calculations.cards import PART_FACTORS
from settlement.enums import CardState, TravelMode
from settlement.models import RateCard
from settlement.queries import cards


def _money(**more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=14, decimal_places=2, **more)


class BandShape(serializers.Serializer[Any]):
    """Distances above from_km up to and including up_to_km, one way: flat for a trip, or per_km."""

    from_km = serializers.DecimalField(max_digits=7, decimal_places=1)
    up_to_km = serializers.DecimalField(max_digits=7, decimal_places=1)
    flat = _money(allow_null=True)
    per_km = _money(allow_null=True)


class HoursShape(serializers.Serializer[Any]):
    """Standard hours of a piece of work. line: code of the product line, empty = every one; size_up_to: frame size in mm."""

    code = serializers.CharField()
    name = serializers.CharField()
    line = serializers.CharField()
    size_up_to = serializers.IntegerField(allow_null=True)
    hours = serializers.DecimalField(max_digits=5, decimal_places=1)


class CardShape(serializers.Serializer[Any]):
    """A version of a rate card. part_factors: by the source of a part."""

    id = serializers.CharField()
    level = serializers.ChoiceField(choices=Level.choices, allow_blank=True, help_text="Empty: every other level.")
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=CardState.choices)
    version = serializers.IntegerField()
    valid_from = serializers.DateField(help_text="For jobs finished from this day on.")
    currency = serializers.CharField()
    hourly = _money()
    travel_mode = serializers.ChoiceField(choices=TravelMode.choices)
    bands = BandShape(many=True)
    subsidy_per_person_day = _money()
    subsidy_over_km = serializers.DecimalField(max_digits=7, decimal_places=1)
    lodging_cap = _money()
    night_flat = _money()
    holiday_flat = _money()
    consumables_cap = _money()
    short_max_km = serializers.DecimalField(max_digits=7, decimal_places=1, allow_null=True)
    short_min_labour = _money(allow_null=True)
    part_factors = serializers.DictField(child=serializers.DecimalField(max_digits=6, decimal_places=4))
    hours = HoursShape(many=True)
    note = serializers.CharField()
    in_force_at = serializers.DateTimeField(allow_null=True)
    in_force_by = serializers.CharField()
    url = serializers.CharField()


MAKER = OpenApiParameter("maker", str, description="Id of the manufacturer; without it the first one.")


class Cards(View):
    """The rate cards of a manufacturer."""

    @extend_schema(operation_id="rate_cards", tags=["settlement"], parameters=[MAKER], responses=CardShape(many=True))
    def get(self, request: Request) -> Response:
        """All rate cards of one manufacturer, by level, the latest version first; there are few."""
        viewer = self.viewer
        rights.require(viewer, "card.read")
        maker = catalogue.maker(viewer, request.query_params.get("maker", ""))
        return Response([_card(card) for card in cards.full_cards(viewer, maker.id)])


class OneCard(View):
    """One rate card."""

    @extend_schema(operation_id="rate_card", tags=["settlement"], responses=CardShape)
    def get(self, request: Request, public_id: str) -> Response:
        """A rate card with bands and standard hours. Its version is the `ETag`."""
        viewer = self.viewer
        rights.require(viewer, "card.read")
        card = cards.one(viewer, public_id)
        response = Response(_card(card))
        response["ETag"] = tag(card.version)
        return response


_PLAIN = (
    "level",
    "number",
    "state",
    "version",
    "valid_from",
    "currency",
    "travel_mode",
    "note",
    "in_force_at",
    "in_force_by",
)
_FIGURES = (
    "hourly", "subsidy_per_person_day", "subsidy_over_km", "lodging_cap", "night_flat", "holiday_flat", "consumables_cap",
    "short_max_km", "short_min_labour",
)  # fmt: skip


def _card(card: RateCard) -> dict[str, Any]:
    facts = card.facts
    return {
        "id": card.public_id,
        **{name: getattr(card, name) for name in _PLAIN},
        **{name: _text(getattr(card, name)) for name in _FIGURES},
        "part_factors": {source: _text(facts.factors[source]) for source in PART_FACTORS},
        "bands": [
            {name: _text(getattr(band, name)) for name in ("from_km", "up_to_km", "flat", "per_km")}
            for band in facts.bands
        ],
        "hours": [
            {
                "code": row.code,
                "name": row.name,
                "line": row.line,
                "size_up_to": row.size_up_to,
                "hours": _text(row.hours),
            }
            for row in facts.hours
        ],
        "url": reverse("api:rate_card", args=[card.public_id]),
    }


def _text(figure: Any) -> str | None:
    return None if figure is None else f"{figure:f}"
