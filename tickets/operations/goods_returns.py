"""Goods that go back to the factory: applied for, agreed, sent, received, inspected, decided, sent back, closed (domain.md 17).

Every function takes one step of `workflow.GOODS_RETURN`, writes a line of the story and tells the other side. Errors of all: NotFound,
not_allowed, wrong_state, stale, ("partnership_ended", 409), ("text_too_long"), ("choice_unknown").
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from core import rights, transitions
from core.calendars import local_date
from core.errors import Refused
from core.money import LIMIT
from core.numbering import next_number
from core.tenancy import Viewer
from equipment.queries import machines
from partners.queries import partnerships
from tickets import notices
from tickets.calculations.return_limits import due
from tickets.calculations.waybill import waybill
from tickets.enums import ReturnConclusion, ReturnDecision, ReturnFreight, ReturnWish
from tickets.models import GoodsReturn, GoodsReturnEvent
from tickets.operations.steps import chosen, columns_of, fits, said
from tickets.queries import goods_returns
from tickets.workflow import GOODS_RETURN

#: pieces of one consignment
MOST_PIECES = 99


@transaction.atomic
def apply_return(
    *,
    viewer: Viewer,
    machine: str,
    conditions: str,
    fault: str,
    checked: str,
    enclosed: str,
    contact: str,
    wish: str,
    now: datetime,
) -> GoodsReturn:
    """申请返厂: the dealer asks whether he may send a machine; the manufacturer and the office in charge see it from now on.

    machine: public id. checked: what was looked at, with readings. enclosed: what travels with it. contact: name and number of who is asked.
    The number is FC-CS01-202606-0001. Errors beside those of all: Refused("reason_missing", field=…) for what is not written,
    ("maker_not_listed", 409), ("return_open", 409) when the machine is on its way already.
    """
    rights.require(viewer, "goods_return.apply")
    found = machines.lock(viewer, machine, version=None)
    tie = partnerships.require_holding(viewer, dealer_id=viewer.org, manufacturer_id=found.manufacturer_id)
    if not tie.listed:
        raise Refused("maker_not_listed", status=409)
    running = goods_returns.open_of_machine(viewer, found)
    if running is not None:
        raise Refused("return_open", status=409, number=running.number)
    today = local_date(now)
    made = GoodsReturn(
        dealer_id=viewer.org,
        manufacturer_id=found.manufacturer_id,
        office_id=tie.office_id,
        shared_with_maker=True,
        machine=found,
        number=next_number(series="FC", dealer_id=viewer.org, dealer_code=viewer.org_code, day=today),
        customer_name=found.customer.name,
        model=found.model,
        serial_number=found.serial_number,
        ex_factory_on=found.ex_factory_on,
        hours=found.running_hours,
        conditions=_written(conditions, 400, "conditions"),
        fault=_written(fault, 300, "fault"),
        checked=_written(checked, 500, "checked"),
        enclosed=fits(enclosed, 300, field="enclosed"),
        contact=_written(contact, 80, "contact"),
        wish=chosen(ReturnWish, wish, field="wish"),
        applied_on=today,
        changed_by=viewer.name,
    )
    made.due_on = due(made.state, today, None)
    made.save(force_insert=True)
    _tell(viewer, made, "apply", made.fault, now)
    return made


@transaction.atomic
def agree(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    ship_to: str,
    freight: str,
    send_until: date | None,
    note: str = "",
    now: datetime,
) -> GoodsReturn:
    """厂家同意: where to, who pays the way, until when it leaves. Errors beside those of all: ("send_until_wrong", field="send_until"), ("ship_to_missing", field="ship_to")."""
    row = _lock(viewer, public_id, expected_version, "agree")
    if send_until is None or send_until < local_date(now):
        raise Refused("send_until_wrong", field="send_until")
    row.ship_to = _written(ship_to, 200, "ship_to", code="ship_to_missing")
    row.freight, row.send_until = chosen(ReturnFreight, freight, field="freight"), send_until
    return _step(viewer, row, "agree", fits(note, 200, field="note"), now)


@transaction.atomic
def refuse(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> GoodsReturn:
    """厂家拒绝, with its reason. What is sent all the same travels at the sender's cost."""
    return _end(viewer, public_id, expected_version, "refuse", reason, now)


@transaction.atomic
def cancel(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> GoodsReturn:
    """取消, before it has left."""
    return _end(viewer, public_id, expected_version, "cancel", reason, now)


@transaction.atomic
def ship(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    carrier: str,
    waybill_number: str,
    pieces: int,
    weight: Decimal | None = None,
    now: datetime,
) -> GoodsReturn:
    """发运. weight: kilograms of all pieces. Errors beside those of all: ("carrier_missing"), ("waybill_wrong"), ("pieces_wrong"), ("weight_wrong")."""
    row = _lock(viewer, public_id, expected_version, "ship")
    row.carrier, row.waybill = _way(carrier, waybill_number)
    if not 1 <= pieces <= MOST_PIECES:
        raise Refused("pieces_wrong", field="pieces", most=MOST_PIECES)
    if weight is not None and not 0 < weight < Decimal(1_000_000):
        raise Refused("weight_wrong", field="weight")
    row.pieces, row.weight, row.shipped_on = pieces, weight, local_date(now)
    return _step(viewer, row, "ship", f"{row.carrier} {row.waybill}", now)


@transaction.atomic
def receive(
    *, viewer: Viewer, public_id: str, expected_version: int | None, note: str = "", now: datetime
) -> GoodsReturn:
    """签收 at the factory's gate. note: what was wrong with the pieces."""
    row = _lock(viewer, public_id, expected_version, "receive")
    row.received_on = local_date(now)
    return _step(viewer, row, "receive", fits(note, 200, field="note"), now)


@transaction.atomic
def inspect(
    *, viewer: Viewer, public_id: str, expected_version: int | None, conclusion: str, inspection: str, now: datetime
) -> GoodsReturn:
    """检测鉴定 with its conclusion 质量, 非质量 or 无故障. Errors beside those of all: ("inspection_missing", field="inspection")."""
    row = _lock(viewer, public_id, expected_version, "inspect")
    row.conclusion = chosen(ReturnConclusion, conclusion, field="conclusion")
    row.inspection = _written(inspection, 500, "inspection", code="inspection_missing")
    return _step(viewer, row, "inspect", str(row.inspection[:300]), now)


@transaction.atomic
def decide(
    *, viewer: Viewer, public_id: str, expected_version: int | None, decision: str, note: str = "", now: datetime
) -> GoodsReturn:
    """修复, 换新, 退货 or 报废; an offer has an operation of its own."""
    row = _lock(viewer, public_id, expected_version, "decide")
    row.decision = chosen(ReturnDecision, decision, field="decision")
    if row.decision == ReturnDecision.QUOTE:
        raise Refused("choice_unknown", field="decision")
    row.decision_note = fits(note, 300, field="note")
    return _step(viewer, row, "decide", row.decision_note, now)


@transaction.atomic
def quote(
    *, viewer: Viewer, public_id: str, expected_version: int | None, price: Decimal, note: str = "", now: datetime
) -> GoodsReturn:
    """收费报价: the dealer accepts it, or has it back as it came. price: yuan, tax included. Errors beside those of all: ("price_wrong", field="price")."""
    row = _lock(viewer, public_id, expected_version, "quote")
    if not 0 < price < LIMIT or price != price.quantize(Decimal("0.01")):
        raise Refused("price_wrong", field="price")
    row.decision, row.price, row.decision_note = ReturnDecision.QUOTE, price, fits(note, 300, field="note")
    return _step(viewer, row, "quote", row.decision_note, now)


@transaction.atomic
def accept(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> GoodsReturn:
    """The dealer accepts the offer."""
    row = _lock(viewer, public_id, expected_version, "accept")
    row.offer_accepted = True
    return _step(viewer, row, "accept", "", now)


@transaction.atomic
def decline(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> GoodsReturn:
    """The dealer declines the offer: it comes back as it is."""
    row = _lock(viewer, public_id, expected_version, "decline")
    row.offer_accepted = False
    return _step(viewer, row, "decline", said(reason), now)


@transaction.atomic
def send_back(
    *, viewer: Viewer, public_id: str, expected_version: int | None, carrier: str, waybill_number: str, now: datetime
) -> GoodsReturn:
    """回运. Errors beside those of all: ("carrier_missing"), ("waybill_wrong")."""
    row = _lock(viewer, public_id, expected_version, "send_back")
    row.back_carrier, row.back_waybill = _way(carrier, waybill_number)
    return _step(viewer, row, "send_back", f"{row.back_carrier} {row.back_waybill}", now)


@transaction.atomic
def close(
    *, viewer: Viewer, public_id: str, expected_version: int | None, note: str = "", now: datetime
) -> GoodsReturn:
    """What was scrapped or taken back ends at the factory."""
    row = _lock(viewer, public_id, expected_version, "close")
    return _step(viewer, row, "close", fits(note, 200, field="note"), now)


@transaction.atomic
def take_back(
    *, viewer: Viewer, public_id: str, expected_version: int | None, note: str = "", now: datetime
) -> GoodsReturn:
    """经销商签收: it is here again, and the return is closed."""
    row = _lock(viewer, public_id, expected_version, "take_back")
    return _step(viewer, row, "take_back", fits(note, 200, field="note"), now)


def _end(
    viewer: Viewer, public_id: str, expected_version: int | None, verb: str, reason: str, now: datetime
) -> GoodsReturn:
    row = _lock(viewer, public_id, expected_version, verb)
    row.end_reason = said(reason)
    return _step(viewer, row, verb, row.end_reason, now)


def _written(text: str, length: int, field: str, *, code: str = "reason_missing") -> str:
    kept = fits(text, length, field=field)
    if not kept:
        raise Refused(code, field=field)
    return kept


def _way(carrier: str, number: str) -> tuple[str, str]:
    if not carrier.strip():
        raise Refused("carrier_missing", field="carrier")
    found = waybill(number)
    if found is None:
        raise Refused("waybill_wrong", field="waybill_number")
    return fits(carrier, 40, field="carrier"), found


def _lock(viewer: Viewer, public_id: str, expected_version: int | None, verb: str) -> GoodsReturn:
    """The return, locked, when the viewer may take this step while the partnership holds."""
    rights.require_ever(viewer, f"goods_return.{verb}")
    row = goods_returns.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, f"goods_return.{verb}", row)
    partnerships.require_holding(viewer, dealer_id=row.dealer_id, manufacturer_id=row.manufacturer_id)
    return row


def _step(viewer: Viewer, row: GoodsReturn, verb: str, text: str, now: datetime) -> GoodsReturn:
    transitions.step(GOODS_RETURN, row, verb)
    row.due_on = due(row.state, local_date(now), row.send_until)
    row.changed_by = viewer.name
    row.save()
    _tell(viewer, row, verb, text, now)
    return row


def _tell(viewer: Viewer, row: GoodsReturn, verb: str, text: str, now: datetime) -> None:
    """A line of the story, and the notices."""
    GoodsReturnEvent(
        goods_return=row, verb=verb, text=text, at=now, author_name=viewer.name, author_organisation=viewer.org_name, **columns_of(row)
    ).save(force_insert=True)  # fmt: skip
    notices.return_told(viewer, row, verb, now)
