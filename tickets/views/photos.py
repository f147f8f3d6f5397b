"""Photos of a ticket: taken in, shown, taken away (domain.md 18.3, reliability.md 6)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import rights, stored
from core.errors import Refused
from core.tables import next_url
from partners.access import Request
from tickets.enums import PhotoSlot
from tickets.forms.field import PhotoForm
from tickets.forms.slip import photo_label
from tickets.models import Photo
from tickets.operations.field_work import Position
from tickets.operations.photos import Shot, add_photo, remove_photo
from tickets.queries import tickets
from tickets.views.field import METRE

MAX_BYTES = 20 * 1024 * 1024  # reliability.md 6; core.images has the last word


@require_POST
def add(request: Request, public_id: str) -> HttpResponse:
    """Take photos in. JSON for photo.js (the same `op` again is the same photo), a redirect for a plain form."""
    ticket = tickets.one(request.viewer, public_id)
    rights.require(request.viewer, "ticket.photo", ticket)
    form = PhotoForm(request.POST)
    uploads = request.FILES.getlist("photo")
    try:
        if not form.is_valid() or not uploads:
            raise Refused("op_missing")
        photos = [_take_in(request, public_id, form.cleaned_data, upload) for upload in uploads]
    except Refused as refusal:
        if not _wants_json(request):
            if refusal.status != 422:
                raise
            return _page_again(request, public_id, str(refusal))
        problem = {"error": str(refusal), "message": str(refusal), "code": refusal.code}
        return JsonResponse(problem, status=refusal.status)
    if _wants_json(request):
        return JsonResponse(_facts(request, photos[-1]))
    return HttpResponseRedirect(next_url(request) or reverse("tickets:ticket", args=[public_id]) + "#photos")


@require_GET
def show(request: Request, public_id: str) -> HttpResponseBase:
    """The photo, stamped, 1600 pixels long."""
    photo = tickets.photo(request.viewer, public_id)
    name = f"{photo.ticket.number}-{photo.slot}-{photo.public_id[:4]}.jpg"
    etag = f"{photo.sha256[:32]}"
    return stored.answer(request, photo.file.name, content_type="image/jpeg", as_name=name, etag=etag)


@require_GET
def thumb(request: Request, public_id: str) -> HttpResponseBase:
    """The small one for lists."""
    photo = tickets.photo(request.viewer, public_id)
    etag = f"s{photo.sha256[:32]}"
    return stored.answer(request, photo.thumbnail.name, content_type="image/jpeg", etag=etag)


@require_POST
def remove(request: Request, public_id: str) -> HttpResponse:
    """Take a photo away again, while the ticket is open."""
    ticket = tickets.photo(request.viewer, public_id).ticket
    remove_photo(viewer=request.viewer, public_id=public_id, now=timezone.now())
    if _wants_json(request):
        return JsonResponse({"removed": public_id})
    messages.success(request, _("Photo removed."))
    return HttpResponseRedirect(next_url(request) or reverse("tickets:ticket", args=[ticket.public_id]) + "#photos")


def _take_in(request: Request, public_id: str, data: dict[str, Any], upload: Any) -> Photo:
    if upload.size > MAX_BYTES:
        raise Refused("image_too_large")
    content = upload.read()
    op = data["op"] or hashlib.sha256(public_id.encode() + data["slot"].encode() + content).hexdigest()[:40]
    shot = Shot(
        data=content,
        op=op,
        slot=data["slot"],
        source=data["source"],
        taken_at=_moment(data["taken_at"]),
        position=_position(data),
    )
    return add_photo(viewer=request.viewer, public_id=public_id, shot=shot, now=timezone.now())


def _facts(request: Request, photo: Photo) -> dict[str, Any]:
    alike = [p for p in tickets.photos(request.viewer, photo.ticket) if (p.slot, p.round) == (photo.slot, photo.round)]
    return {
        "label": photo_label(len(alike), photo),
        "id": photo.public_id,
        "slot": photo.slot,
        "url": reverse("tickets:photo", args=[photo.public_id]),
        "thumb_url": reverse("tickets:photo_thumb", args=[photo.public_id]),
        "remove_url": reverse("tickets:photo_remove", args=[photo.public_id]),
    }


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


def _position(data: dict[str, Any]) -> Position | None:
    lat: Decimal | None = data["lat"]
    lng: Decimal | None = data["lng"]
    if lat is None or lng is None:
        return None
    return Position(lat.quantize(METRE), lng.quantize(METRE), int(data["acc"] or 0))


def _wants_json(request: Request) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _page_again(request: Request, public_id: str, words: str) -> HttpResponse:
    """A plain form cannot show the error beside its field: it goes back to its page, which shows it on top."""
    messages.error(request, words)
    return HttpResponseRedirect(next_url(request) or reverse("tickets:ticket", args=[public_id]) + "#photos")


def slots(
    photos: Sequence[Photo],
    *,
    needed: Collection[str],
    offered: Collection[str] = tuple(PhotoSlot),
    may_remove: bool = False,
    back: str = "",
) -> list[dict[str, Any]]:
    """Photos in their named slots for components/photo_grid.html. needed: slots that must not stay empty.

    offered: further slots that stand there while they are empty. back: where removing returns to.
    """
    found = []
    for slot in PhotoSlot:
        inside = [_shown(photo, slot.label, may_remove, back) for photo in photos if photo.slot == slot]
        if inside or slot in offered or slot in needed:
            found.append({"key": slot.value, "label": slot.label, "needed": slot in needed, "photos": inside})
    return found


def _shown(photo: Photo, label: Any, may_remove: bool, back: str) -> dict[str, Any]:
    return {
        "url": reverse("tickets:photo", args=[photo.public_id]),
        "thumb_url": reverse("tickets:photo_thumb", args=[photo.public_id]),
        "label": label,
        "source": photo.source,
        "at": photo.taken_at or photo.recorded_at,
        "delete_url": reverse("tickets:photo_remove", args=[photo.public_id]) if may_remove else "",
        "back": back,
    }
