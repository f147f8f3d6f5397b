"""Pages for what no view answers: faults, a database that is away, a form whose secret is old, an unknown address."""

from __future__ import annotations

import sys

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core.api.problem import respond
from core.errors import NotFound, Refused
from core.middleware import unavailable


def server_error(request: HttpRequest) -> HttpResponse:
    """500 with the number under which the fault is in the log; 503 when PostgreSQL is away. Asks no database."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return respond(request, Refused("unavailable", status=503)) if is_api(request) else unavailable(request)
    if is_api(request):
        return respond(request, Refused("fault", status=500))
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    context = {"error_id": request_id.replace("-", "")[:6].upper(), "request": {"path": request.path}}
    response = HttpResponse(render_to_string("500.html", context), status=500)
    response["Cache-Control"] = "no-store"
    return response


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 in the same words as for a foreign or missing record (reliability.md 1)."""
    if is_api(request):
        return respond(request, NotFound())
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the page was open over a sign-out, or the form is not ours."""
    return render(request, "403_csrf.html", status=403)


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks, which reads problems and no pages."""
    return request.path.startswith("/api/v1/")
