"""Reading what manufacturers publish: lines, models, parts."""

from __future__ import annotations

from core.tenancy import Viewer
from equipment.models import Part, ProductLine, ProductModel


def line_of_model(viewer: Viewer, manufacturer_id: int, model: str) -> ProductLine | None:
    """The product line that lists this model, or None for a model nobody published."""
    found = (
        ProductModel.objects.visible_to(viewer)
        .filter(manufacturer_id=manufacturer_id, code__iexact=model)
        .select_related("line")
        .first()
    )
    return found.line if found else None


def part_of_code(viewer: Viewer, manufacturer_id: int, code: str) -> Part | None:
    """The manufacturer's part with this number, or None."""
    return Part.objects.visible_to(viewer).filter(manufacturer_id=manufacturer_id, code__iexact=code).first()
