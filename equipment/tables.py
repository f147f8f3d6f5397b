"""Columns and rows of the lists: frozen dataclasses of finished texts (performance.md 2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.tables import Column
from equipment.enums import CustomerGrade, CustomerSource
from equipment.models import Part, ProductLine

CUSTOMER_COLUMNS = [
    Column("name", _("Customer"), order="name"),
    Column("contact", _("Contact")),
    Column("phone", _("Telephone")),
    Column("place", _("Place")),
    Column("industry", _("Industry")),
    Column("grade", _("Grade")),
    Column("source", _("Source")),
]
MACHINE_COLUMNS = [
    Column("model", _("Machine")),
    Column("serial", _("Serial number"), order="serial"),
    Column("type", _("Product type")),
    Column("maker", _("Manufacturer")),
    Column("customer", _("Customer")),
    Column("city", _("City")),
    Column("made", _("Ex-factory")),
    Column("batch", _("Batch")),
]
LINE_COLUMNS = [
    Column("code", _("Code"), order="code"),
    Column("name", _("Product line")),
    Column("type", _("Product type")),
    Column("models", _("Models"), numeric=True),
]
PART_COLUMNS = [
    Column("code", _("Part number"), order="code"),
    Column("name", _("Name")),
    Column("unit", _("Unit")),
    Column("price", _("List price (¥)"), numeric=True),
    Column("key", _("Key part")),
]


@dataclass(frozen=True)
class CustomerRow:
    public_id: str
    name: str
    contact: str
    phone: str
    place: str
    industry: str
    grade: str
    key: bool
    source: str


def customer_row(values: dict[str, Any]) -> CustomerRow:
    """One row of the customers' list from the query's columns."""
    province, city = values["province"], values["city"]
    return CustomerRow(
        public_id=values["public_id"],
        name=values["name"],
        contact=values["contact"],
        phone=values["phone"],
        place=(city or province) + values["district"],
        industry=values["industry"],
        grade=str(CustomerGrade(values["grade"]).label),
        key=values["grade"] == CustomerGrade.KEY,
        source=str(CustomerSource(values["source"]).label),
    )


@dataclass(frozen=True)
class MachineRow:
    public_id: str
    model: str
    serial: str
    type: str
    maker: str
    customer: str
    customer_id: str
    city: str
    made: str
    batch: str
    location: str


def machine_row(values: dict[str, Any]) -> MachineRow:
    """One row of the machines' list from the query's columns."""
    made = values["ex_factory_on"]
    return MachineRow(
        public_id=values["public_id"],
        model=values["model"],
        serial=values["serial_number"],
        type=values["product_type"],
        maker=values["manufacturer__short_name"] or values["manufacturer__name"],
        customer=values["customer__name"],
        customer_id=values["customer__public_id"],
        city=values["customer__city"],
        made=made.isoformat() if made else "",
        batch=values["batch"],
        location=values["location"],
    )


@dataclass(frozen=True)
class LineRow:
    public_id: str
    code: str
    name: str
    type: str
    models: str


def line_row(line: ProductLine) -> LineRow:
    """One row of the product lines' list; the query counted the models."""
    count: int = line.model_count  # type: ignore[attr-defined]  # annotated by queries.catalogue.lines
    return LineRow(line.public_id, line.code, line.name, line.product_type, str(count))


@dataclass(frozen=True)
class PartRow:
    public_id: str
    code: str
    name: str
    unit: str
    price: str | None
    key: bool


def part_columns(*, shows_price: bool) -> list[Column]:
    """The columns of the parts' list, for who sees prices and who does not."""
    return [column for column in PART_COLUMNS if shows_price or column.key != "price"]


def part_row(part: Part, *, shows_price: bool) -> PartRow:
    """One row of the parts' list; price None: there is no such column."""
    price = price_text(part.price) if shows_price else None
    return PartRow(part.public_id, part.code, part.name, part.unit, price, part.key_part)


def price_text(price: Decimal | None) -> str:
    """A list price as 1,250.00, "" when it is not published."""
    return "" if price is None else f"{price:,.2f}"
