"""Old parts from a signed slip to their end: owed, asked about, appraised, closed (domain.md 10). Packing and counting: `return_boxes`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from core import images, rights, transitions
from core.calendars import local, local_date
from core.errors import Refused
from core.models import public_id as random_name
from core.tenancy import Viewer
from partners.queries import partnerships
from settlement.calculations.old_part_duties import DUE_AFTER
from settlement.enums import PartFinding, PartRequest
from settlement.models import OldPart, OldPartRequest
from settlement.operations import old_part_duties
from settlement.queries import old_parts
from settlement.workflow import OLD_PART
from tickets.enums import RequestState
from tickets.models import PartLine, Slip, Ticket
from tickets.operations.steps import chosen, columns_of, fits, said
from tickets.queries import slips

#: domain.md 10: after 90 days new claims are blocked; nobody is given longer than that at once
LONGEST_EXTENSION = timedelta(days=90)
_VERB_OF = {
    PartFinding.MISMATCH: "mismatch",
    PartFinding.NOT_GENUINE: "mismatch",
    PartFinding.SHORT: "short",
}  # the others confirm that it is the part that was owed; what was found says what it proves


def slip_signed(*, slip: Slip, viewer: Viewer, now: datetime) -> None:
    """Each part line with 旧件返还 of a slip that has just been frozen becomes an old part that is due; hears "slip_signed".

    A part that was on its way already when an earlier slip of the round was voided is taken over by the line with its code. Its number
    is the slip's with JJ in front and the line's place behind: JJ-CS01-202606-0017-1.
    """
    lines = list(PartLine.objects.visible_to(viewer).filter(slip=slip, return_old=True).order_by("sequence"))
    if not lines:
        return
    facts = _facts_of(viewer, slip, now)
    gone = old_parts.left_behind(viewer, slip)
    for line in lines:
        taken = next((part for part in gone if part.code == line.code), None)
        if taken is not None:
            gone.remove(taken)
            taken.slip, taken.sequence, taken.slip_number = slip, line.sequence, slip.number
            _save(viewer, taken)
            continue
        OldPart(
            sequence=line.sequence,
            number=f"JJ{slip.number.removeprefix('FW')}-{line.sequence}",
            code=line.code,
            name=line.name,
            part_serial=line.old_serial,
            quantity=line.quantity,
            unit=line.unit,
            causal=line.causal,
            **facts,
        ).save(force_insert=True)


def _facts_of(viewer: Viewer, slip: Slip, now: datetime) -> dict[str, Any]:
    """What every old part of a slip copies from it; fault and machines of its first fault line."""
    finished = local_date(slip.finished_at or now)
    fault = next(iter(slips.faults(viewer, slip)), None)
    machines = fault.covered if fault else []
    return {
        **columns_of(slip.ticket),
        "slip": slip,
        "slip_number": slip.number,
        "customer_name": slip.customer_name,
        "model": machines[0].model if machines else "",
        "serial_number": "、".join(item.serial_number for item in machines if item.serial_number)[:100],
        "fault": (fault.row.reported or fault.row.symptom) if fault else "",
        "diagnosis": fault.row.diagnosis if fault else "",
        "conditions": "、".join([*slip.conditions, *filter(None, [slip.conditions_note])])[:400],
        "replaced_on": finished,
        "due_on": finished + DUE_AFTER,
        "changed_by": viewer.name,
    }


def slip_voided(*, slip: Slip, viewer: Viewer, now: datetime) -> None:
    """The old parts of a voided slip that are still at the dealer's are void, too; hears "slip_voided". What has left goes its way."""
    for part in old_parts.of_slip(viewer, slip):
        if OLD_PART.find(part.state, "void"):
            part.box = None
            lapse_request(viewer, part, slip.void_reason, now)
            _step(viewer, part, "void")


def ticket_shared(*, ticket: Ticket, viewer: Viewer, now: datetime) -> None:
    """The old parts of a ticket that has just been shared are shared with it; hears "ticket_shared"."""
    rows = OldPart.objects.visible_to(viewer).filter(slip__ticket=ticket)
    rows.update(office_id=ticket.office_id, shared_with_maker=True)


@transaction.atomic
def ask_extension(
    *, viewer: Viewer, public_id: str, expected_version: int | None, until: date | None, reason: str, now: datetime
) -> OldPart:
    """申请延返: the dealer asks for a later due day; the manufacturer sees the part from now on.

    until: a day after the due day and today, at most 90 days later. Errors: NotFound, not_allowed, wrong_state, stale,
    Refused("extension_wrong", field="until"), ("reason_missing"), ("text_too_long"), ("maker_not_listed", 409), ("partnership_ended", 409).
    """
    part = _lock(viewer, public_id, expected_version, "extension")
    earliest = max(part.due_on, local_date(now))
    if until is None or not earliest < until <= earliest + LONGEST_EXTENSION:
        raise Refused("extension_wrong", field="until", days=LONGEST_EXTENSION.days)
    return _ask(viewer, part, PartRequest.EXTENSION, reason, until, now)


@transaction.atomic
def ask_exemption(
    *, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime
) -> OldPart:
    """申请免返: the dealer asks whether the part may stay. Errors: as `ask_extension`."""
    part = _lock(viewer, public_id, expected_version, "exemption")
    return _ask(viewer, part, PartRequest.EXEMPTION, reason, None, now)


def _ask(viewer: Viewer, part: OldPart, kind: PartRequest, reason: str, until: date | None, now: datetime) -> OldPart:
    partnership = partnerships.require_holding(viewer, dealer_id=part.dealer_id, manufacturer_id=part.manufacturer_id)
    if not partnership.listed:
        raise Refused("maker_not_listed", status=409)
    columns = show_maker(part, partnership.office_id)
    OldPartRequest(
        part=part, kind=kind, until=until, reason=fits(said(reason), 200, field="reason"), asked_at=now, asked_by=viewer.name, **columns
    ).save(force_insert=True)  # fmt: skip
    part.asked = kind
    part.version += 1
    _save(viewer, part)
    return part


def lapse_request(viewer: Viewer, part: OldPart, why: str, now: datetime) -> None:
    """End what is asked for a locked part, to be saved by the caller: the part has gone another way, and nobody need answer. why: on the request."""
    if not part.asked:
        return
    _answer(viewer, part, RequestState.DECLINED, why, now)
    part.asked = ""


def show_maker(part: OldPart, office_id: int | None) -> dict[str, Any]:
    """Share a locked part with the manufacturer, to be saved by the caller; returns the tenant columns of what hangs on it."""
    if not part.shared_with_maker:
        part.shared_with_maker, part.office_id = True, office_id
    return {
        "dealer_id": part.dealer_id, "manufacturer_id": part.manufacturer_id, "office_id": part.office_id, "shared_with_maker": True,
    }  # fmt: skip


@transaction.atomic
def agree(*, viewer: Viewer, public_id: str, expected_version: int | None, note: str = "", now: datetime) -> OldPart:
    """同意: headquarters grants what the dealer asked for: a later due day, or the part need not go back and leaves its box.

    Errors: NotFound, not_allowed, wrong_state, stale, ("text_too_long", field="note"), ("partnership_ended", 409).
    """
    part = _lock(viewer, public_id, expected_version, "agree")
    request = _answer(viewer, part, RequestState.GRANTED, note, now)
    part.asked = ""
    if request.kind == PartRequest.EXEMPTION:
        part.box = None
        _step(viewer, part, "exempt")
        return part
    part.due_on = request.until or part.due_on
    part.version += 1
    _save(viewer, part)
    return part


@transaction.atomic
def refuse(*, viewer: Viewer, public_id: str, expected_version: int | None, reason: str, now: datetime) -> OldPart:
    """拒绝: the part goes back as it was due. Errors: as `agree`, ("reason_missing")."""
    part = _lock(viewer, public_id, expected_version, "refuse")
    _answer(viewer, part, RequestState.DECLINED, said(reason), now)
    part.asked = ""
    part.version += 1
    _save(viewer, part)
    return part


def _answer(viewer: Viewer, part: OldPart, state: RequestState, note: str, now: datetime) -> OldPartRequest:
    request = old_parts.open_request(viewer, part)
    if request is None:
        raise Refused("wrong_state", status=409)
    request.state, request.answer = state, fits(note, 200, field="note")
    request.answered_at, request.answered_by = now, viewer.name
    request.version += 1
    request.save()
    return request


@transaction.atomic
def find(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> OldPart:
    """A part that was missing when its box was counted has turned up. Errors: NotFound, not_allowed, wrong_state, stale."""
    part = _lock(viewer, public_id, expected_version, "find")
    if part.shared_with_maker:
        old_part_duties.lift_reversal(viewer, part)
    part.received_at = now
    part.finding = part.finding_note = part.appraised_by = ""
    part.appraised_at = None
    _step(viewer, part, "find")
    return part


@transaction.atomic
def take(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> OldPart:
    """Begin the appraisal: the viewer has the part on his bench. Errors: NotFound, not_allowed, wrong_state, stale."""
    part = _lock(viewer, public_id, expected_version, "take")
    part.taken_by = viewer.name
    _step(viewer, part, "take")
    return part


@transaction.atomic
def appraise(
    *, viewer: Viewer, public_id: str, expected_version: int | None, finding: str, note: str, now: datetime
) -> OldPart:
    """鉴定: what was found, and a note on how. 不符 and 非原厂 make it 不符, 少件 makes it 缺失, everything else 合格确认.

    Effects: within 90 days of the approval of its claim a finding may take back what was approved (`old_part_duties.mark_reversal`).

    Errors: NotFound, not_allowed, wrong_state, stale, Refused("choice_unknown", field="finding"), ("finding_note_missing", field="note"),
    ("text_too_long", field="note"), ("partnership_ended", 409).
    """
    part = _lock(viewer, public_id, expected_version, "appraise")
    found = chosen(PartFinding, finding, field="finding")
    words = fits(note, 300, field="note")
    if not words:
        raise Refused("finding_note_missing", field="note")
    part.finding, part.finding_note = found, words
    part.appraised_at, part.appraised_by = now, viewer.name
    _step(viewer, part, _VERB_OF.get(found, "confirm"))
    if part.shared_with_maker:
        old_part_duties.mark_reversal(viewer, part, now)
    return part


@transaction.atomic
def claim(*, viewer: Viewer, public_id: str, expected_version: int | None, note: str, now: datetime) -> OldPart:
    """认领: the supplier of the part takes it. note: who. Errors: NotFound, not_allowed, wrong_state, stale, ("reason_missing", field="note")."""
    return _close(viewer, public_id, expected_version, "claim", said(note, field="note"), now)


@transaction.atomic
def give_back(*, viewer: Viewer, public_id: str, expected_version: int | None, note: str, now: datetime) -> OldPart:
    """退回: the part goes back to the dealer. note: how it travels. Errors: as `claim`."""
    return _close(viewer, public_id, expected_version, "give_back", said(note, field="note"), now)


@transaction.atomic
def destroy(
    *, viewer: Viewer, public_id: str, expected_version: int | None, photo: bytes, note: str, now: datetime
) -> OldPart:
    """销毁, proved by a photo, which is made anew and stamped.

    Errors: NotFound, not_allowed, wrong_state, stale, Refused("destruction_photo_missing", field="photo"), ("not_an_image", …) and what else
    `core.images` refuses.
    """
    if not photo:
        raise Refused("destruction_photo_missing", field="photo")
    part = _lock(viewer, public_id, expected_version, "destroy")
    stamp = [f"{local(now):%Y-%m-%d %H:%M:%S}", f"{part.number}  {viewer.name}  旧件销毁"]
    picture = images.encode(photo, stamp=stamp)
    name = f"old-parts/{local(now):%Y/%m}/{random_name()}{random_name()}.jpg"
    part.photo = default_storage.save(name, ContentFile(picture.jpeg))
    return _closed(viewer, part, "destroy", note, now)


def _close(
    viewer: Viewer, public_id: str, expected_version: int | None, verb: str, note: str, now: datetime
) -> OldPart:
    return _closed(viewer, _lock(viewer, public_id, expected_version, verb), verb, note, now)


def _closed(viewer: Viewer, part: OldPart, verb: str, note: str, now: datetime) -> OldPart:
    part.closed_note = fits(note, 200, field="note")
    part.closed_at, part.closed_by = now, viewer.name
    _step(viewer, part, verb)
    return part


def _lock(viewer: Viewer, public_id: str, expected_version: int | None, verb: str) -> OldPart:
    """The part, locked, when the viewer may do this to it while the partnership holds."""
    rights.require_ever(viewer, f"old_part.{verb}")
    part = old_parts.lock(viewer, public_id, version=expected_version)
    rights.require(viewer, f"old_part.{verb}", part)
    partnerships.require_holding(viewer, dealer_id=part.dealer_id, manufacturer_id=part.manufacturer_id)
    return part


def _step(viewer: Viewer, part: OldPart, verb: str) -> None:
    transitions.step(OLD_PART, part, verb)
    _save(viewer, part)


def _save(viewer: Viewer, part: OldPart) -> None:
    part.changed_by = viewer.name
    part.save()
