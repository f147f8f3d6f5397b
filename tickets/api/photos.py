"""Photos of a ticket: what there is, a new one, its file, taking it away."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core import rights, stored
from core.api.bodies import body_of, checked, data_of
from core.api.schema import KEY
from core.errors import Refused
from partners.api.base import View
from tickets.api.shapes import PhotoShape, photo_shape
from tickets.forms.field import PhotoForm
from tickets.operations.field_work import Position
from tickets.operations.photos import Shot, add_photo, remove_photo
from tickets.queries import tickets

MAX_BYTES = 20 * 1024 * 1024  # reliability.md 6; core.images has the last word
METRE = Decimal("0.000001")

PhotoBody = body_of(
    "PhotoUpload", PhotoForm, photo=serializers.FileField(help_text="A JPEG, PNG or WebP picture, at most 20 MB.")
)


class AnyFile(BaseContentNegotiation):
    """Files are answered whatever the caller says he accepts; problems are JSON as everywhere."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """The first one: a file takes no body."""
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> tuple[BaseRenderer, str]:
        """JSON, for what is refused."""
        return JSONRenderer(), "application/json"


class FileView(View):
    """A view that answers a file."""

    content_negotiation_class = AnyFile


class Photos(View):
    """Photos of a ticket."""

    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="photos", tags=["photos"], responses=PhotoShape(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        """The photos of a ticket that the viewer may see, oldest first."""
        viewer = self.viewer
        ticket = tickets.one(viewer, public_id)
        return Response([photo_shape(photo) for photo in tickets.photos(viewer, ticket)])

    @extend_schema(
        operation_id="photo_add",
        tags=["photos"],
        parameters=[KEY],
        request={"multipart/form-data": PhotoBody},
        responses={201: PhotoShape},
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Add a photo. The same `op` again is the same photo."""
        viewer = self.viewer
        ticket = tickets.one(viewer, public_id)
        rights.require(viewer, "ticket.photo", ticket)
        given: Any = request.data.copy()  # a QueryDict: only forms come here
        upload = given.pop("photo", [None])[-1]
        form = checked(PhotoForm(data_of(given, PhotoForm.base_fields)))
        if upload is None or not hasattr(upload, "read"):
            raise Refused("image_missing", field="photo")
        if upload.size > MAX_BYTES:
            raise Refused("image_too_large", field="photo", limit=MAX_BYTES // 1_000_000)
        photo = add_photo(
            viewer=viewer,
            public_id=public_id,
            shot=_shot(public_id, form.cleaned_data, upload.read()),
            now=timezone.now(),
        )
        return Response(photo_shape(photo), status=201)


class OnePhoto(View):
    """One photo."""

    @extend_schema(operation_id="photo", tags=["photos"], responses=PhotoShape)
    def get(self, request: Request, public_id: str) -> Response:
        """What a photo is; its file stands at `file`."""
        return Response(photo_shape(tickets.photo(self.viewer, public_id)))

    @extend_schema(operation_id="photo_remove", tags=["photos"], request=None, responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Take a photo away again, while the ticket is open."""
        tickets.photo(self.viewer, public_id)
        remove_photo(viewer=self.viewer, public_id=public_id, now=timezone.now())
        return Response(status=204)


class File(FileView):
    """The photo itself."""

    @extend_schema(operation_id="photo_file", tags=["photos"], responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: str) -> HttpResponseBase:
        """The photo, stamped, 1600 pixels long."""
        photo = tickets.photo(self.viewer, public_id)
        name = f"{photo.ticket.number}-{photo.slot}-{photo.public_id[:4]}.jpg"
        return stored.answer(
            request._request, photo.file.name, content_type="image/jpeg", as_name=name, etag=photo.sha256[:32]
        )


class Thumbnail(FileView):
    """The small one."""

    @extend_schema(
        operation_id="photo_thumbnail", tags=["photos"], responses={(200, "image/jpeg"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, public_id: str) -> HttpResponseBase:
        """The small one for lists."""
        photo = tickets.photo(self.viewer, public_id)
        etag = f"s{photo.sha256[:32]}"
        return stored.answer(request._request, photo.thumbnail.name, content_type="image/jpeg", etag=etag)


def _shot(public_id: str, data: dict[str, Any], content: bytes) -> Shot:
    own = hashlib.sha256(public_id.encode() + data["slot"].encode() + content).hexdigest()[:40]
    place = None
    if data["lat"] is not None and data["lng"] is not None:
        place = Position(data["lat"].quantize(METRE), data["lng"].quantize(METRE), int(data["acc"] or 0))
    try:
        taken_at = parse_datetime(data["taken_at"])
    except ValueError:
        raise Refused("moment_wrong", field="taken_at") from None
    return Shot(
        data=content,
        op=data["op"] or own,
        slot=data["slot"],
        source=data["source"],
        taken_at=taken_at if taken_at is not None and timezone.is_aware(taken_at) else None,
        position=place,
    )
