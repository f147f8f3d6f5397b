"""Photos of a ticket: re-encoded, stamped, sent once (domain.md 18.3)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from core import images, rights
from core.calendars import local
from core.errors import Refused
from core.models import public_id as random_name
from core.tenancy import Viewer
from tickets.enums import EntryKind, PhotoSlot, PhotoSource
from tickets.models import Photo, Ticket
from tickets.operations.field_work import Position
from tickets.operations.steps import chosen, columns_of, write_entry
from tickets.queries import escalations, slips, tickets

MAX_PHOTOS = 60


@dataclass(frozen=True)
class Shot:
    """One photo as it comes in. op: the sender's random key; the same key again is the same photo."""

    data: bytes
    op: str
    slot: str = PhotoSlot.OTHER
    source: str = PhotoSource.DESKTOP
    taken_at: datetime | None = None
    position: Position | None = None
    internal: bool = False


@transaction.atomic
def add_photo(*, viewer: Viewer, public_id: str, shot: Shot, now: datetime) -> Photo:
    """Take a photo in: decode, re-encode, stamp, store under a random name, write the timeline.

    Sent twice with the same op it is stored once, also when both come at the same time. Errors: NotFound,
    Refused("not_an_image"), ("image_too_large"), ("image_too_many_pixels"), ("too_many_photos"), ("op_missing"),
    ("choice_unknown"), ("partnership_ended", 409).
    """
    ticket = tickets.for_writing(viewer, public_id)
    rights.require(viewer, "ticket.photo", ticket)
    if not 8 <= len(shot.op) <= 40:
        raise Refused("op_missing")
    rows = Photo.objects.visible_to(viewer)
    known = _sent(viewer, ticket, shot)
    if known is not None:
        return known
    if rows.filter(ticket=ticket).count() >= MAX_PHOTOS:
        raise Refused("too_many_photos")
    slot, source = chosen(PhotoSlot, shot.slot, field="slot"), chosen(PhotoSource, shot.source, field="source")
    taken_at = _believable(shot.taken_at, now)
    picture = images.encode(shot.data, stamp=_stamp(viewer, ticket, slot, taken_at or now, shot))
    name = f"photos/{local(now):%Y/%m}/{random_name()}{random_name()}"
    photo = Photo(
        ticket=ticket,
        round=ticket.round,
        slot=slot,
        file=default_storage.save(f"{name}.jpg", ContentFile(picture.jpeg)),
        thumbnail=default_storage.save(f"{name}-s.jpg", ContentFile(picture.thumbnail)),
        width=picture.width,
        height=picture.height,
        size=len(picture.jpeg),
        sha256=hashlib.sha256(shot.data).hexdigest(),
        look=picture.look,
        source=source,
        taken_at=taken_at,
        recorded_at=now,
        author_id=viewer.person_id,
        author_name=viewer.name,
        internal=shot.internal,
        op=shot.op,
        **columns_of(ticket),
    )
    photo.shared_with_maker = ticket.shared_with_maker and not shot.internal
    if shot.position is not None:
        photo.latitude, photo.longitude = shot.position.latitude, shot.position.longitude
    try:
        with transaction.atomic():
            photo.save(force_insert=True)
    except IntegrityError:
        # the same photo came in twice at once, and the other was faster
        _forget_files(photo)
        known = _sent(viewer, ticket, shot)
        if known is None:
            raise
        return known
    write_entry(
        viewer,
        ticket,
        EntryKind.PHOTO,
        verb="photo",
        facts={"photo": photo.public_id, "slot": slot.value},
        internal=shot.internal,
        now=now,
    )
    return photo


@transaction.atomic
def remove_photo(*, viewer: Viewer, public_id: str, now: datetime) -> Photo:
    """Take a photo away again while the ticket is open; its file goes after the commit. What a slip needs is checked
    when the slip is completed. Errors: NotFound, wrong_state, Refused("photo_in_use", 409) for a photo of an earlier
    round, one that proves where a part came from, or one that an open escalation shows."""
    photo = tickets.photo(viewer, public_id)
    ticket = tickets.lock(viewer, photo.ticket.public_id, version=None)
    rights.require(viewer, "ticket.remove_photo", ticket)
    if photo.round != ticket.round or slips.proves_a_part(viewer, photo) or escalations.shows_photo(viewer, photo):
        raise Refused("photo_in_use", status=409)
    write_entry(
        viewer,
        ticket,
        EntryKind.FACT,
        verb="photo_removed",
        facts={"slot": photo.slot},
        internal=photo.internal,
        now=now,
    )
    photo.delete()
    transaction.on_commit(lambda: _forget_files(photo))
    return photo


def _sent(viewer: Viewer, ticket: Ticket, shot: Shot) -> Photo | None:
    """The photo that came in with this op already. Errors: Refused("op_missing") when it is on another ticket."""
    known = Photo.objects.visible_to(viewer).filter(op=shot.op).first()
    if known is not None and known.ticket_id != ticket.id:
        raise Refused("op_missing")
    return known


def _forget_files(photo: Photo) -> None:
    for name in (photo.file.name, photo.thumbnail.name):
        if name:
            default_storage.delete(name)


def _believable(taken_at: datetime | None, now: datetime) -> datetime | None:
    """The phone's time, unless its clock is plainly wrong."""
    if taken_at is None or taken_at > now + timedelta(minutes=5) or taken_at < now - timedelta(days=60):
        return None
    return min(taken_at, now)


def _stamp(viewer: Viewer, ticket: Ticket, slot: PhotoSlot, at: datetime, shot: Shot) -> list[str]:
    """The watermark's lines: time, place, ticket, technician, kind. Chinese, as on every paper of the trade."""
    place = f"{ticket.city}{ticket.district}" or ticket.province
    if shot.position is not None:
        place += f" {shot.position.latitude:.5f},{shot.position.longitude:.5f}"
    origin = "现场拍摄" if shot.source == PhotoSource.CAMERA else "相册图片"
    kind = {
        "nameplate": "铭牌",
        "fault": "故障",
        "after": "更换后",
        "gate": "门牌",
        "part": "配件",
        "paper": "手写单",
        "proof": "凭证",
    }.get(slot.value, "其他")
    return [
        f"{local(at):%Y-%m-%d %H:%M:%S}  {place}",
        f"{ticket.number}  {viewer.name}  {kind}·{origin}",
    ]
