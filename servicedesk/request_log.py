"""One line in the log per request: who by number, where by route, with what outcome, in how many milliseconds."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger("servicedesk.request")


class RequestLog:
    """Gives each request a number, which every line of the log carries and the answer's X-Request-ID tells.

    The number is our own, never one that was sent: a log holds nothing that a stranger may write. The address and its query are not
    logged, since people search for names and telephone numbers; the route says which page it was.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        number = str(uuid.uuid4())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=number)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = number
            match = request.resolver_match
            viewer = getattr(request, "viewer", None)
            tell = log.error if response.status_code >= 500 else log.info
            tell(
                "request",
                method=request.method if request.method in _METHODS else "other",
                route=match.view_name if match else "",
                status=response.status_code,
                ms=round((time.perf_counter() - began) * 1000, 1),
                person=viewer.person_id if viewer else None,
                organisation=viewer.org if viewer else None,
            )
            return response
        finally:
            structlog.contextvars.clear_contextvars()

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Lines from inside the view carry the route, too."""
        if request.resolver_match:
            structlog.contextvars.bind_contextvars(route=request.resolver_match.view_name)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
