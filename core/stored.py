"""Stored files on their way out: only through a view that has asked for the rights (reliability.md 6)."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified

from core.errors import NotFound

#: where the reverse proxy has the files folder, for itself only (ops/nginx.conf: `internal`)
PROXY_FOLDER = "/protected-files/"


def answer(
    request: HttpRequest, name: str | None, *, content_type: str, as_name: str = "", etag: str = "", save: bool = False
) -> HttpResponseBase:
    """The file `name` of the default storage, shown inline, or to be saved (`save`).

    content_type: what we made it, never what an uploader said. as_name: the name that "save as" offers. etag: when given,
    the browser may keep the file but asks each time (and is then told without the bytes); without it nothing is kept.
    With SERVICEDESK_FILES_BY_PROXY the answer has no bytes but names the file to the proxy, which sends it; whether somebody may have it
    was decided here either way. Errors: NotFound when the file is not there.
    """
    if etag and request.headers.get("If-None-Match") == f'"{etag}"':
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        response = _by_proxy(name or "", content_type) if settings.FILES_BY_PROXY else _bytes(name or "", content_type)
    return _guarded(response, as_name, etag, "attachment" if save else "inline")


def _bytes(name: str, content_type: str) -> HttpResponseBase:
    try:
        return FileResponse(default_storage.open(name, "rb"), content_type=content_type)
    except OSError:
        raise NotFound from None


def _by_proxy(name: str, content_type: str) -> HttpResponseBase:
    if not name or not default_storage.exists(name):
        raise NotFound
    response = HttpResponse(content_type=content_type)
    response["X-Accel-Redirect"] = PROXY_FOLDER + quote(name)
    return response


def answer_bytes(content: bytes, *, content_type: str, as_name: str) -> HttpResponseBase:
    """Bytes that were made for this answer, shown inline and kept nowhere."""
    return _guarded(HttpResponse(content, content_type=content_type), as_name, "", "inline")


def _guarded(response: HttpResponseBase, as_name: str, etag: str, how: str) -> HttpResponseBase:
    if as_name:
        plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_.") else "_" for c in as_name)
        response["Content-Disposition"] = f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(as_name)}"
    response["X-Content-Type-Options"] = "nosniff"
    if response.get("Content-Type", "").startswith("image/"):
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    else:
        response._csp_exempt = True  # type: ignore[attr-defined]  # browsers' own PDF viewers need styles and plugins; the file is ours
    response["Cache-Control"] = "private, no-cache" if etag else "private, no-store"
    if etag:
        response["ETag"] = f'"{etag}"'
    return response
