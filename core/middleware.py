"""One transaction per request, and what must survive its rollback."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.errors import Refused, as_refusal

Survivor = Callable[[], None]


class TenantTransaction:
    """Outermost of all that touch the database: commit below 400, roll back from 400 on.

    DRF and Django turn exceptions into responses, so a plain atomic block would commit half-done work (measured,
    docs/isolation.md). What must survive (failed sign-ins, refused access, unmaskings) is appended to
    `request.survivors` and runs in a second short transaction.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        survivors: list[Survivor] = []
        request.survivors = survivors  # type: ignore[attr-defined]  # Django's request has no place for our own fields
        if request.path in ("/healthz", "/readyz") or request.path.startswith("/static/"):
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        for survivor in survivors:
            with transaction.atomic():
                survivor()
        return response


def is_usable() -> bool:
    """Whether the running transaction can still take statements (a failed statement spoils it until rollback)."""
    return connection.in_atomic_block and not connection.needs_rollback


class Refusals:
    """Turns what operations refuse into a page, a fragment for htmx, or a problem in JSON: one place for all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, IntegrityError):
            exception = as_refusal(exception) or exception
        if isinstance(exception, OperationalError | InterfaceError):
            return render(request, "errors/unavailable.html", status=503)
        if not isinstance(exception, Refused):
            return None
        if exception.status == 404:
            return render(request, "404.html", status=404)
        if request.headers.get("Accept", "").startswith("application/json"):
            problem = {"code": exception.code, "field": exception.field, "message": str(exception)}
            return JsonResponse(problem, status=exception.status)
        template = "errors/stale.html" if exception.status == 409 else "errors/refused.html"
        if request.headers.get("HX-Request"):
            template = "errors/refused_fragment.html"
        return render(request, template, {"refusal": exception}, status=exception.status)
