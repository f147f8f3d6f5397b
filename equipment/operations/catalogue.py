"""Writing what a manufacturer publishes: product lines, models, parts.

A manufacturer writes its own; a dealer's administrator writes those of its unlisted manufacturers (厂家未入驻), seen by nobody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from django.db import IntegrityError, models, transaction

from core import rights
from core.errors import Refused
from core.tenancy import Viewer
from equipment.models import Part, ProductLine, ProductModel
from equipment.queries import catalogue

R = TypeVar("R", ProductLine, ProductModel, Part)


@dataclass(frozen=True)
class LineFacts:
    """What is written about a product line; product_type is the word of 表7-28."""

    code: str
    name: str
    product_type: str


@dataclass(frozen=True)
class PartFacts:
    """What is written about a part. price: list price in yuan, tax included, None = not published."""

    code: str
    name: str
    unit: str = "件"
    price: Decimal | None = None
    key_part: bool = False


@transaction.atomic
def add_line(*, viewer: Viewer, manufacturer_id: int, facts: LineFacts, now: datetime) -> ProductLine:
    """Publish a product line of the viewer's own (or own unlisted) manufacturer.

    Errors: Refused("not_allowed", 403), Refused("code_missing" | "name_missing" | "type_missing" | "line_taken").
    """
    _require_maker(viewer, manufacturer_id)
    line = ProductLine(manufacturer_id=manufacturer_id)
    _fill_line(viewer, line, facts)
    _save(line, "line_taken")
    return line


@transaction.atomic
def change_line(
    *, viewer: Viewer, public_id: str, facts: LineFacts, expected_version: int, now: datetime
) -> ProductLine:
    """Change a product line; machines that have it keep the product type they were entered with.

    Errors as `add_line`, NotFound, Refused("stale", 409).
    """
    line = _for_change(viewer, ProductLine, public_id, version=expected_version)
    _fill_line(viewer, line, facts)
    line.version += 1
    _save(line, "line_taken")
    return line


@transaction.atomic
def add_models(*, viewer: Viewer, line_id: str, codes: Sequence[str], now: datetime) -> list[ProductModel]:
    """Add models (产品型号) to a line. Codes that the line has already are left as they are; empty ones are skipped.

    line_id: the line's public id. Errors: NotFound, Refused("not_allowed", 403), Refused("model_too_long"),
    Refused("model_in_other_line", model=…, line=…) when another line of the manufacturer lists a code.
    """
    line = _for_change(viewer, ProductLine, line_id, version=None)
    wanted = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    for code in wanted:
        if len(code) > 60:
            raise Refused("model_too_long", field="codes", model=code[:60])
    known = catalogue.models_with_codes(viewer, line.manufacturer_id, wanted)
    for code, model in known.items():
        if model.line_id != line.id:
            raise Refused("model_in_other_line", field="codes", model=code, line=model.line.name)
    new = [
        ProductModel(manufacturer_id=line.manufacturer_id, line=line, code=code)
        for code in wanted
        if code.casefold() not in {have.casefold() for have in known}
    ]
    return ProductModel.objects.bulk_create(new)


@transaction.atomic
def add_part(*, viewer: Viewer, manufacturer_id: int, facts: PartFacts, now: datetime) -> Part:
    """Publish a part of the viewer's own (or own unlisted) manufacturer.

    Errors: Refused("not_allowed", 403), Refused("code_missing" | "name_missing" | "part_taken" | "price_negative").
    """
    _require_maker(viewer, manufacturer_id)
    part = Part(manufacturer_id=manufacturer_id)
    _fill_part(viewer, part, facts)
    _save(part, "part_taken")
    return part


@transaction.atomic
def add_parts(*, viewer: Viewer, manufacturer_id: int, facts: Sequence[PartFacts], now: datetime) -> list[Part]:
    """Publish many parts, in the order given: an import, also by a storekeeper for the dealer's own unlisted manufacturer.

    Errors as `add_part` for the first wrong one; a number that is taken is the database's (IntegrityError).
    """
    rights.require(viewer, "import.parts", manufacturer_id)
    made = [Part(manufacturer_id=manufacturer_id) for _one in facts]
    for part, one in zip(made, facts, strict=True):
        _fill_part(viewer, part, one)
    return Part.objects.bulk_create(made, batch_size=500)


@transaction.atomic
def change_parts(
    *, viewer: Viewer, manufacturer_id: int, changes: Sequence[tuple[Part, PartFacts]], now: datetime
) -> None:
    """Change many parts of one manufacturer: an import, for example of a new price list. Errors as `add_parts`."""
    rights.require(viewer, "import.parts", manufacturer_id)
    for part, facts in changes:
        _fill_part(viewer, part, facts)
        part.version += 1
        part.save()


@transaction.atomic
def change_part(*, viewer: Viewer, public_id: str, facts: PartFacts, expected_version: int, now: datetime) -> Part:
    """Change a part; slips keep what they were written with. Errors as `add_part`, NotFound, Refused("stale", 409)."""
    part = _for_change(viewer, Part, public_id, version=expected_version)
    _fill_part(viewer, part, facts)
    part.version += 1
    _save(part, "part_taken")
    return part


@transaction.atomic
def withdraw(*, viewer: Viewer, kind: type[R], public_id: str, now: datetime) -> R:
    """Take a line, model or part out of the choices for new work; what was written with it stays.

    Doing it twice changes nothing. Errors: NotFound, Refused("not_allowed", 403).
    """
    return _set_active(viewer, kind, public_id, active=False)


@transaction.atomic
def publish_again(*, viewer: Viewer, kind: type[R], public_id: str, now: datetime) -> R:
    """Undo `withdraw`. Errors: NotFound, Refused("not_allowed", 403)."""
    return _set_active(viewer, kind, public_id, active=True)


def _set_active(viewer: Viewer, kind: type[R], public_id: str, *, active: bool) -> R:
    row = _for_change(viewer, kind, public_id, version=None)
    if row.active is not active:
        row.active = active
        row.version += 1
        row.save()
    return row


def _for_change(viewer: Viewer, kind: type[R], public_id: str, *, version: int | None) -> R:
    """The row, locked, for who may change it; rights come first, since a row that is only read cannot be locked."""
    rights.require(viewer, "catalogue.change", catalogue.one(viewer, kind, public_id))
    return catalogue.lock(viewer, kind, public_id, version=version)


def _require_maker(viewer: Viewer, manufacturer_id: int) -> None:
    rights.require(viewer, "catalogue.change", manufacturer_id)


def _fill_line(viewer: Viewer, line: ProductLine, facts: LineFacts) -> None:
    for name, code in (("code", "code_missing"), ("name", "name_missing"), ("product_type", "type_missing")):
        value = getattr(facts, name).strip()
        if not value:
            raise Refused(code, field=name)
        setattr(line, name, value)
    line.changed_by = viewer.name


def _fill_part(viewer: Viewer, part: Part, facts: PartFacts) -> None:
    for name, code in (("code", "code_missing"), ("name", "name_missing")):
        value = getattr(facts, name).strip()
        if not value:
            raise Refused(code, field=name)
        setattr(part, name, value)
    if facts.price is not None and facts.price < 0:
        raise Refused("price_negative", field="price")
    part.unit, part.price, part.key_part = facts.unit.strip() or "件", facts.price, facts.key_part
    part.changed_by = viewer.name


def _save(row: models.Model, taken: str) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as problem:
        if "_code_unique" in str(problem):
            raise Refused(taken, field="code") from problem
        raise
