"""Stored files on their way out: only through a view that has asked for the rights (reliability.md 6)."""

from __future__ import annotations

from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified

from core.errors import NotFound


def answer(
    request: HttpRequest, name: str | None, *, content_type: str, as_name: str = "", etag: str = ""
) -> HttpResponseBase:
    """The file `name` of the default storage, shown inline.

    content_type: what we made it, never what an uploader said. as_name: the name that "save as" offers. etag: when given,
    the browser may keep the file but asks each time (and is then told without the bytes); without it nothing is kept.
    Errors: NotFound when the file is not there.
    """
    if etag and request.headers.get("If-None-Match") == f'"{etag}"':
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        try:
            response = FileResponse(default_storage.open(name or "", "rb"), content_type=content_type)
        except (FileNotFoundError, OSError):
            raise NotFound from None
    return _guarded(response, as_name, etag)


def answer_bytes(content: bytes, *, content_type: str, as_name: str) -> HttpResponseBase:
    """Bytes that were made for this answer, shown inline and kept nowhere."""
    return _guarded(HttpResponse(content, content_type=content_type), as_name, "")


def _guarded(response: HttpResponseBase, as_name: str, etag: str) -> HttpResponseBase:
    if as_name:
        plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in as_name)
        response["Content-Disposition"] = f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(as_name)}"
    response["X-Content-Type-Options"] = "nosniff"
    if response.get("Content-Type", "").startswith("image/"):
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    else:
        response._csp_exempt = True  # type: ignore[attr-defined]  # browsers' own PDF viewers need styles and plugins; the file is ours
    response["Cache-Control"] = "private, no-cache" if etag else "private, no-store"
    if etag:
        response["ETag"] = f'"{etag}"'
    return response
