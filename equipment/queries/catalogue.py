"""Reading what manufacturers publish: lines, models, parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar, cast

from django.db.models import Count, Q
from django.db.models.functions import Upper

from core.calendars import local
from core.errors import NotFound, Refused
from core.tenancy import TenantQuerySet, Tier, Viewer
from equipment.models import Part, ProductLine, ProductModel
from partners.models import Organisation

R = TypeVar("R", ProductLine, ProductModel, Part)

#: orders of the lists of one manufacturer, by the unique index (manufacturer, code)
LINE_ORDERS = {"code": ("code",)}
PART_ORDERS = {"code": ("code",)}


def makers(viewer: Viewer) -> list[Organisation]:
    """The manufacturers whose catalogue the viewer reads, listed ones first: partners of a dealer, else the own one."""
    ids = viewer.makers if viewer.tier is Tier.DEALER else tuple(filter(None, (viewer.maker,)))
    rows = Organisation.objects.visible_to(viewer).filter(id__in=ids)
    return sorted(rows.order_by("code"), key=lambda maker: maker.owner_dealer_id is not None)


def maker(viewer: Viewer, public_id: str) -> Organisation:
    """One of `makers(viewer)`; without public_id the first. Errors: NotFound."""
    for found in makers(viewer):
        if public_id in ("", found.public_id):
            return found
    raise NotFound


def one(viewer: Viewer, kind: type[R], public_id: str) -> R:
    """A line, model or part. Errors: NotFound."""
    return kind.objects.visible_to(viewer).one(public_id=public_id)


def one_line(viewer: Viewer, public_id: str) -> ProductLine:
    """The product line with this public id and its manufacturer. Errors: NotFound."""
    return ProductLine.objects.visible_to(viewer).select_related("manufacturer").one(public_id=public_id)


def one_part(viewer: Viewer, public_id: str) -> Part:
    """The part with this public id and its manufacturer. Errors: NotFound."""
    return Part.objects.visible_to(viewer).select_related("manufacturer").one(public_id=public_id)


def one_model(viewer: Viewer, public_id: str) -> ProductModel:
    """The model with this public id and its line. Errors: NotFound."""
    return ProductModel.objects.visible_to(viewer).select_related("line").one(public_id=public_id)


def lock(viewer: Viewer, kind: type[R], public_id: str, *, version: int | None) -> R:
    """A line, model or part, locked. Errors: NotFound, Refused("stale", 409)."""
    row = kind.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    if version is not None and version != row.version:
        at = row.updated_at
        raise Refused("stale", status=409, who=getattr(row, "changed_by", ""), when=f"{local(at):%m-%d %H:%M}", at=at)
    return row


def lines(
    viewer: Viewer, manufacturer_id: int, *, text: str = "", withdrawn: bool = False
) -> TenantQuerySet[ProductLine]:
    """A manufacturer's lines with `model_count`, the number of published models. text: part of code or name."""
    rows = ProductLine.objects.visible_to(viewer).filter(manufacturer_id=manufacturer_id, active=not withdrawn)
    if text:
        rows = rows.filter(Q(code__icontains=text) | Q(name__icontains=text) | Q(product_type__icontains=text))
    counted = rows.annotate(model_count=Count("models", filter=Q(models__active=True)))
    return cast("TenantQuerySet[ProductLine]", counted)


def lines_in_use(viewer: Viewer, manufacturer_id: int) -> list[ProductLine]:
    """The published lines of a manufacturer, by code."""
    return list(lines(viewer, manufacturer_id).order_by("code"))


def models_of_line(viewer: Viewer, line: ProductLine) -> list[ProductModel]:
    """The models of a line, published ones first."""
    return list(ProductModel.objects.visible_to(viewer).filter(line=line).order_by("-active", "code"))


def models_with_codes(viewer: Viewer, manufacturer_id: int, codes: Sequence[str]) -> dict[str, ProductModel]:
    """Models of a manufacturer by code, whatever their letters' case."""
    wanted = Q(pk__in=[])
    for code in codes:
        wanted |= Q(code__iexact=code)
    rows = ProductModel.objects.visible_to(viewer).filter(wanted, manufacturer_id=manufacturer_id)
    return {model.code: model for model in rows.select_related("line").order_by("code")}


def model_codes(viewer: Viewer, manufacturer_id: int, *, text: str = "", limit: int = 50) -> list[tuple[str, str]]:
    """(model, product type) of published models whose code holds `text`, by code: what the model field offers."""
    rows = ProductModel.objects.visible_to(viewer).filter(
        manufacturer_id=manufacturer_id, active=True, line__active=True, code__icontains=text
    )
    return list(rows.order_by("code").values_list("code", "line__product_type")[:limit])


def parts(viewer: Viewer, manufacturer_id: int, *, text: str = "", withdrawn: bool = False) -> TenantQuerySet[Part]:
    """A manufacturer's parts. text: part of number or name."""
    rows = Part.objects.visible_to(viewer).filter(manufacturer_id=manufacturer_id, active=not withdrawn)
    return rows.filter(Q(code__icontains=text) | Q(name__icontains=text)) if text else rows


def find_parts(viewer: Viewer, manufacturer_id: int, text: str, *, limit: int = 8) -> list[Part]:
    """Published parts by number or name, numbers that begin with the text first: for the parts field of a slip."""
    if not text:
        return []
    found = list(parts(viewer, manufacturer_id, text=text).order_by("code")[: limit * 3])
    return sorted(found, key=lambda part: not part.code.casefold().startswith(text.casefold()))[:limit]


def line_of_model(viewer: Viewer, manufacturer_id: int, model: str) -> ProductLine | None:
    """The product line that lists this model, or None for a model nobody published."""
    found = (
        ProductModel.objects.visible_to(viewer)
        .filter(manufacturer_id=manufacturer_id, code__iexact=model)
        .select_related("line")
        .order_by("id")
        .first()
    )
    return found.line if found else None


def lines_of_models(viewer: Viewer, manufacturer_id: int, models: Iterable[str]) -> dict[str, ProductLine | None]:
    """`line_of_model` for many models in one statement: the model as it was asked -> its line."""
    wanted = set(models)
    rows = ProductModel.objects.visible_to(viewer).filter(manufacturer_id=manufacturer_id).annotate(key=Upper("code"))
    found = rows.filter(key__in={model.upper() for model in wanted}).select_related("line").order_by("-id")
    lines = {model.code.upper(): model.line for model in found}
    return {model: lines.get(model.upper()) for model in wanted}


def parts_of_codes(viewer: Viewer, manufacturer_id: int, codes: Iterable[str]) -> dict[str, Part]:
    """The manufacturer's parts among these numbers, by number in capitals; one statement for a whole slip."""
    wanted = {code.strip().upper() for code in codes} - {""}
    if not wanted:
        return {}
    rows = Part.objects.visible_to(viewer).filter(manufacturer_id=manufacturer_id).annotate(key=Upper("code"))
    return {part.code.upper(): part for part in rows.filter(key__in=wanted).order_by("id")}


def part_of_code(viewer: Viewer, manufacturer_id: int, code: str) -> Part | None:
    """The manufacturer's part with this number, or None."""
    rows = Part.objects.visible_to(viewer).filter(manufacturer_id=manufacturer_id, code__iexact=code)
    return rows.order_by("id").first()
