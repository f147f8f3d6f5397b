"""What a phone without signal still opens: the service worker, and the page that it shows instead of one it does not keep.

The worker is only for reloads (domain.md 18.1); what is typed, photographed and signed waits in IndexedDB, with or without it.
Pages are kept for the person they were made for (`keep_for`) and go when somebody else signs in or he signs out.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.templatetags.ui import sheet_names

_SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"


def _files() -> list[str]:
    """Addresses of the files that a page needs, as the pages themselves name them."""
    modules = [f"js/{path.name}" for path in sorted(_SCRIPTS.glob("*.js"))]
    scripts = modules if settings.DEBUG else ["generated/portal.js", "generated/field.js"]
    names = [
        *sheet_names(),
        "css/field.css",
        *scripts,
        "django_htmx/htmx-2.min.js",
        "generated/icons.svg",
    ]
    return [staticfiles_storage.url(name) for name in names]


@cache
def _version(files: tuple[str, ...], body: str) -> str:
    return hashlib.sha256("\n".join([*files, body]).encode()).hexdigest()[:12]


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """/sw.js, the same for everybody; its version is the hash of what it keeps."""
    files, page = tuple(_files()), reverse("offline")
    shell = render(request, "servicedesk/offline.html", {"page_title": _("No signal")}).content.decode()
    context = {"files": files, "page": page, "folder": settings.STATIC_URL, "version": _version(files, shell)}
    response = render(request, "sw.js", context, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """Without signal, in place of a page that is not kept: what is kept, and what waits."""
    response = render(request, "servicedesk/offline.html", {"page_title": _("No signal")})
    response["Cache-Control"] = "no-cache"
    return response
