"""Boxes of old parts: packed and sent by the dealer, counted at headquarters (domain.md 10). Locks: the box, then its parts by id."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from core import rights, transitions
from core.calendars import local_date
from core.errors import Refused
from core.numbering import next_number
from core.tenancy import Viewer
from partners.queries import partnerships
from settlement.enums import BoxState, Transport
from settlement.models import OldPart, ReturnBox
from settlement.operations.old_parts import lapse_request, show_maker
from settlement.queries import old_parts, return_boxes
from settlement.workflow import OLD_PART, RETURN_BOX
from tickets.calculations.waybill import waybill as waybill_of
from tickets.operations.steps import chosen, fits


@transaction.atomic
def pack(*, viewer: Viewer, parts: Collection[str], box: str = "", now: datetime) -> ReturnBox:
    """装箱: put old parts into a box that is being packed, or into a new one; all go to one manufacturer.

    parts: public ids. box: public id, "" = a new box, which gets its number ZX-…. Errors: not_allowed; NotFound; wrong_state (409)
    when a part is packed already or the box has left; Refused("part_missing", field="parts"), ("one_maker_a_box", field="parts"),
    ("partnership_ended", 409).
    """
    rights.require(viewer, "return_box.pack")
    if not parts:
        raise Refused("part_missing", field="parts")
    into = return_boxes.lock(viewer, box, version=None) if box else None
    found = old_parts.lock_several(viewer, parts)
    for part in found:
        rights.require(viewer, "old_part.pack", part)
    if len({part.manufacturer_id for part in found} | ({into.manufacturer_id} if into else set())) > 1:
        raise Refused("one_maker_a_box", field="parts")
    maker = found[0].manufacturer_id
    partnership = partnerships.require_holding(viewer, dealer_id=viewer.org, manufacturer_id=maker)
    if into is None:
        number = next_number(series="ZX", dealer_id=viewer.org, dealer_code=viewer.org_code, day=local_date(now))
        into = ReturnBox(
            dealer_id=viewer.org, manufacturer_id=maker, office_id=partnership.office_id, number=number, begun_at=now,
            begun_by=viewer.name,
        )  # fmt: skip
    elif into.state != BoxState.PACKING:
        raise Refused("wrong_state", status=409)
    else:
        into.version += 1
    into.save()
    for part in found:
        part.box = into
        _move(viewer, part, "pack")
    return into


@transaction.atomic
def unpack(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> OldPart:
    """Take a part out of its box again; a box out of which the last part is taken is gone.

    Errors: NotFound, not_allowed, wrong_state, stale.
    """
    rights.require_ever(viewer, "old_part.unpack")
    seen = old_parts.one(viewer, public_id)
    rights.require(viewer, "old_part.unpack", seen)
    found = return_boxes.of_part(viewer, seen)
    if found is None:
        raise Refused("wrong_state", status=409)
    box = return_boxes.lock(viewer, found.public_id, version=None)
    part = old_parts.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "old_part.unpack", part)
    if part.box_id != box.pk:
        raise old_parts.stale(part)
    part.box = None
    _move(viewer, part, "unpack")
    if old_parts.in_box(viewer, box):
        box.version += 1
        box.save()
    else:
        box.delete()
    return part


@transaction.atomic
def ship(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    carrier: str,
    waybill: str,
    transport: str,
    note: str = "",
    now: datetime,
) -> ReturnBox:
    """发运: the box leaves with all that is in it, and the manufacturer and the office in charge see box and parts. What is asked for them lapses.

    waybill: 6 to 32 letters, digits and hyphens. Errors: NotFound, not_allowed, wrong_state, stale, Refused("waybill_wrong", field="waybill"),
    ("carrier_missing", field="carrier"), ("choice_unknown", field="transport"), ("box_empty", 409), ("partnership_ended", 409).
    """
    rights.require_ever(viewer, "return_box.ship")
    box = return_boxes.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "return_box.ship", box)
    partnership = partnerships.require_holding(viewer, dealer_id=box.dealer_id, manufacturer_id=box.manufacturer_id)
    if not carrier.strip():
        raise Refused("carrier_missing", field="carrier")
    number = waybill_of(waybill)
    if number is None:
        raise Refused("waybill_wrong", field="waybill")
    parts = old_parts.lock_in_box(viewer, box)
    if not parts:
        raise Refused("box_empty", status=409)
    box.carrier, box.waybill = fits(carrier, 40, field="carrier"), number
    box.transport, box.note = chosen(Transport, transport, field="transport"), fits(note, 200, field="note")
    box.shipped_at, box.shipped_by, box.sent = now, viewer.name, len(parts)
    box.shared_with_maker, box.office_id = partnership.listed, partnership.office_id
    transitions.step(RETURN_BOX, box, "ship")
    box.save()
    for part in parts:
        lapse_request(viewer, part, box.number, now)
        if partnership.listed:
            show_maker(part, partnership.office_id)
        _move(viewer, part, "ship")
    return box


@transaction.atomic
def receive(
    *,
    viewer: Viewer,
    public_id: str,
    expected_version: int | None,
    there: Collection[str] = (),
    codes: Sequence[str] = (),
    now: datetime,
) -> ReturnBox:
    """签收: count what is in the box; what is not there is 缺失 from now on.

    there: public ids that were ticked. codes: what the scanner read or somebody typed: numbers of old parts, or the addresses on their
    labels. Errors: NotFound, not_allowed, wrong_state, stale, Refused("code_not_in_box", field="codes", codes=…), ("nothing_counted", field="codes")
    when nothing at all was counted, ("partnership_ended", 409).
    """
    rights.require_ever(viewer, "return_box.receive")
    box = return_boxes.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, "return_box.receive", box)
    partnerships.require_holding(viewer, dealer_id=box.dealer_id, manufacturer_id=box.manufacturer_id)
    parts = old_parts.lock_in_box(viewer, box)
    counted = set(there) & {part.public_id for part in parts}
    counted |= _scanned(parts, codes)
    if not counted:
        raise Refused("nothing_counted", field="codes")
    for part in parts:
        if part.public_id in counted:
            part.received_at = now
            _move(viewer, part, "receive")
        else:
            _move(viewer, part, "miss")
    box.received_at, box.received_by, box.came = now, viewer.name, len(counted)
    transitions.step(RETURN_BOX, box, "receive")
    box.save()
    return box


def _scanned(parts: Sequence[OldPart], codes: Sequence[str]) -> set[str]:
    """Public ids of the parts whose labels were read. Errors: Refused("code_not_in_box") with what lies in no part of the box."""
    known = {part.number.upper(): part.public_id for part in parts} | {
        part.public_id.upper(): part.public_id for part in parts
    }
    read = {code: code.rstrip("/").rpartition("/")[2].upper() for code in codes if code.strip("/ ")}
    strange = [code for code, key in read.items() if key not in known]
    if strange:
        raise Refused("code_not_in_box", field="codes", codes="、".join(strange)[:200])
    return {known[key] for key in read.values()}


def _move(viewer: Viewer, part: OldPart, verb: str) -> None:
    transitions.step(OLD_PART, part, verb)
    part.changed_by = viewer.name
    part.save()
