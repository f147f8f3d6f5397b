"""`Idempotency-Key`: a write that is sent twice is done once, and both times answered the same (for 24 hours).

The key's row is inserted before the work, in the request's own transaction: a second request with the key waits at the unique
constraint until the first has ended. A refused request rolls its row back with everything else, so that it may be sent again.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpResponse
from rest_framework.request import Request

from core.api.problem import Repeated
from core.errors import Refused
from core.models import IdempotencyKey
from core.tenancy import Viewer

KEPT = timedelta(hours=24)
HEADERS = ("Content-Type", "ETag", "Location")
_KEY = re.compile(r"[\x21-\x7e]{8,80}")
_INSERT = """
INSERT INTO core_idempotencykey (organisation_id, person_id, key, fingerprint, status, headers, body, created_at)
VALUES (%s, %s, %s, %s, 0, '{}', '', %s)
ON CONFLICT (organisation_id, person_id, key) DO NOTHING
RETURNING id
"""


def begin(request: Request, viewer: Viewer, now: datetime) -> int | None:
    """Take the key of this request; None when it has none. Returns the row to `keep` the answer in.

    Errors: Repeated with the stored answer; Refused("idempotency_key_wrong"), Refused("idempotency_key_reused") when the key came
    with another body before.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise Refused("idempotency_key_wrong")
    own = IdempotencyKey.objects.visible_to(viewer)
    own.filter(created_at__lt=now - KEPT).delete()
    fingerprint = _fingerprint(request)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [viewer.org, viewer.person_id or 0, key, fingerprint, now])
        made = cursor.fetchone()
    if made is not None:
        return int(made[0])
    known = own.one(person_id=viewer.person_id or 0, key=key)
    if known.fingerprint != fingerprint:
        raise Refused("idempotency_key_reused")
    answer = HttpResponse(known.body, status=known.status)
    for name, value in known.headers.items():
        answer[name] = value
    if "Content-Type" not in known.headers:
        del answer["Content-Type"]  # an empty answer has none
    answer["Idempotency-Replayed"] = "true"
    raise Repeated(answer)


def keep(row: int, viewer: Viewer, response: HttpResponse) -> None:
    """Store the answer of a write that succeeded."""
    IdempotencyKey.objects.visible_to(viewer).filter(id=row).update(
        status=response.status_code,
        headers={name: response[name] for name in HEADERS if name in response},
        body=response.content.decode(),
    )


def _fingerprint(request: Request) -> str:
    """Of method, address and body; of a body with files by its fields and the files' bytes, since its borders are random."""
    told = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type.startswith("multipart/"):
        data: Any = request.data  # a QueryDict: only forms come as multipart
        for name in sorted(data):
            for value in data.getlist(name):
                told.update(f"\n{name}=".encode())
                if isinstance(value, UploadedFile):
                    told.update(hashlib.sha256(value.read()).digest())
                    value.seek(0)
                else:
                    told.update(str(value).encode())
    else:
        told.update(request.body)
    return told.hexdigest()
