"""`ETag` and `If-Match`: the version of a record, so that nobody overwrites what he has not seen."""

from __future__ import annotations

import re

from rest_framework.request import Request

from core.errors import Refused

_TAG = re.compile(r'(?:W/)?"?(\d{1,9})"?')


def tag(version: int) -> str:
    """The `ETag` of a version."""
    return f'"{version}"'


def expected(request: Request) -> int | None:
    """The version that the change was made of, from `If-Match`; None for `*`, 0 (always stale) for nonsense.

    Errors: Refused("version_missing", 428) without the header.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise Refused("version_missing", status=428)
    if given == "*":
        return None
    found = _TAG.fullmatch(given)
    return int(found[1]) if found else 0
