"""One transaction per request, and what must survive its rollback."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

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
