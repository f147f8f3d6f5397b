"""What went wrong, as RFC 9457 says it: `application/problem+json` in the reader's language, with the codes of `core.errors`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from core import access
from core.errors import NotFound, Refused, Sentence, as_refusal

CONTENT_TYPE = "application/problem+json"

TITLES: Mapping[int, Sentence] = {
    400: _("The request cannot be read"),
    401: _("Not signed in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("No such method here"),
    406: _("Only JSON is answered"),
    409: _("Not possible now"),
    412: _("Changed meanwhile"),
    413: _("Too large"),
    415: _("Only JSON is read here"),
    422: _("Not accepted"),
    428: _("The version is missing"),
    500: _("A fault of ours"),
    503: _("Not available now"),
}
#: code of a refusal -> another status than on pages: what `If-Match` did not match is a failed precondition
STATUSES = {"stale": 412}


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one entry of the body. field: its name, lines as `faults.0.cause`."""

    field: str
    code: str
    detail: str


class Invalid(Refused):
    """Several entries of a body (or of the address) cannot be taken; `errors` says which."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("invalid")
        self.errors = list(errors)


class Repeated(Exception):
    """Not an error: the request was done before, and this is its answer (`core.api.idempotency`)."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


def respond(request: HttpRequest, refusal: Refused, **more: Any) -> HttpResponse:
    """The problem document of a refusal; a refused access is remembered as on pages. more: further members."""
    status = STATUSES.get(refusal.code, refusal.status)
    if status == 403:
        access.remember(request, access.Action.REFUSED, f"{request.method} {request.path}")
    document = {
        "type": f"urn:servicedesk:problem:{refusal.code}",
        "title": str(TITLES.get(status, status)),
        "status": status,
        "detail": str(refusal),
        "code": refusal.code,
        "instance": f"urn:uuid:{structlog.contextvars.get_contextvars().get('request_id', '')}",
        **more,
    }
    errors = _errors(refusal)
    if errors:
        document["errors"] = [asdict(error) for error in errors]
    for name in ("who", "when"):
        if name in refusal.params:
            document[name] = str(refusal.params[name])
    response = HttpResponse(json.dumps(document, ensure_ascii=False), content_type=CONTENT_TYPE, status=status)
    response["Cache-Control"] = "no-store"
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def handle(exception: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """REST framework's exception handler: refusals and faults become problems; None lets a real fault go on to the 500 page."""
    given: Request = context["request"]
    request = given._request
    if isinstance(exception, Repeated):
        return exception.answer
    if isinstance(exception, DatabaseError):
        request.spoilt = True  # type: ignore[attr-defined]  # as core.middleware.Refusals says it
    if isinstance(exception, IntegrityError):
        exception = as_refusal(exception) or exception
    refusal = _as_refused(exception)
    if refusal is None:
        return None
    response = respond(request, refusal)
    for name, value in getattr(exception, "auth_headers", {}).items():
        response[name] = value
    if refusal.status == 503:
        response["Retry-After"] = "10"
    return response


def _as_refused(exception: Exception) -> Refused | None:
    if isinstance(exception, Refused):
        return exception
    if isinstance(exception, OperationalError | InterfaceError):
        return Refused("unavailable", status=503)
    if isinstance(exception, Http404):
        return NotFound()
    if isinstance(exception, PermissionDenied):
        return Refused("not_allowed", status=403)
    if isinstance(exception, SuspiciousOperation):
        return Refused("malformed", status=400)
    if isinstance(exception, APIException):
        code = {400: "malformed", 405: "method_unknown", 406: "answer_unknown", 415: "body_unknown"}
        return Refused(code.get(exception.status_code, "malformed"), status=exception.status_code)
    return None


def _errors(refusal: Refused) -> list[FieldError]:
    if isinstance(refusal, Invalid):
        return refusal.errors
    if refusal.field:
        return [FieldError(refusal.field, refusal.code, str(refusal))]
    return []
