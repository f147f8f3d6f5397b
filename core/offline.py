"""Pages that a phone may keep for a reload without signal (servicedesk/offline.py, static/js/worker.js)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

#: names the person a page was made for; the service worker keeps it under this name only
HEADER = "X-Keep-For"


def keep_for(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Mark a whole page so that the phone of the person it was made for may keep it."""
    viewer: Any = getattr(request, "viewer", None)
    if request.method == "GET" and response.status_code == 200 and viewer is not None and viewer.person_id:
        response[HEADER] = str(viewer.person_id)
    return response
