"""One transaction per request, and what must survive its rollback."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from core import access, tenancy
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
        if connection.in_atomic_block and not connection.needs_rollback:
            tenancy.leave()  # inside another transaction (a test's), which no commit of ours ends
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
        if isinstance(exception, DatabaseError):
            request.spoilt = True  # type: ignore[attr-defined]  # the transaction takes no more statements: pages ask
        if isinstance(exception, IntegrityError):
            exception = as_refusal(exception) or exception
        if isinstance(exception, OperationalError | InterfaceError):
            return unavailable(request)
        return answer(request, exception) if isinstance(exception, Refused) else None


def answer(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The page, fragment or problem for a refusal; a refused access is remembered."""
    if refusal.status == 404:
        return render(request, "404.html", status=404)
    if refusal.status == 403:
        access.remember(request, access.Action.REFUSED, f"{request.method} {request.path}")
    if request.headers.get("Accept", "").startswith("application/json"):
        problem = {"code": refusal.code, "field": refusal.field, "message": str(refusal)}
        return JsonResponse(problem, status=refusal.status)
    context = {"refusal": refusal, "who": refusal.params.get("who", ""), "when": refusal.params.get("at", "")}
    fragment = bool(request.headers.get("HX-Request"))
    if refusal.code == "stale":
        template = "errors/_stale.html" if fragment else "errors/stale.html"
    else:
        template = "errors/refused_fragment.html" if fragment else "errors/refused.html"
    return render(request, template, context | {"again_url": request.headers.get("Referer", "")}, status=refusal.status)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: PostgreSQL is away. Asks neither session nor database."""
    posted = request.method not in ("GET", "HEAD")
    context = {"posted": posted, "retry_url": "/" if posted else request.get_full_path()}
    response = HttpResponse(render_to_string("errors/unavailable.html", context), status=503)
    response["Retry-After"], response["Cache-Control"] = "10", "no-store"
    return response
