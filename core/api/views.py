"""The base of every view of the API: who asks, what his token may, one execution per key, problems instead of pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from rest_framework.authentication import CSRFCheck
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import idempotency
from core.errors import Refused
from core.tenancy import Viewer

SAFE = ("GET", "HEAD", "OPTIONS")


class ApiView(APIView):
    """A view of the API. The middleware has made the viewer, from a token or from a session, and set the database role.

    A session of the browser may write, too, with the CSRF token of the page; a token needs the scope "write".
    """

    _key: int | None = None

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:  # type: ignore[override]  # the stubs name DRF's own type
        """The view function, marked for the middleware."""
        view = super().as_view(**initkwargs)
        view.api = True  # type: ignore[attr-defined]
        return view

    @property
    def viewer(self) -> Viewer:
        """Who asks."""
        found: Viewer = self.request._request.viewer  # type: ignore[attr-defined]  # set by the middleware
        return found

    def perform_authentication(self, request: Request) -> None:
        """The middleware has done it."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Before the method runs. Errors: Refused("csrf_missing", 403), Refused("token_read_only", 403), those of the key."""
        super().initial(request, *args, **kwargs)
        if request.method in SAFE:
            return
        if str(request.method).lower() not in self._own_methods():
            raise MethodNotAllowed(str(request.method))
        scope = getattr(request._request, "token_scope", None)
        if scope is None:
            _check_csrf(request._request)
        elif scope != "write":
            raise Refused("token_read_only", status=403)
        self._key = idempotency.begin(request, self.viewer, timezone.now())

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """After it: the answer of a write is kept under its key. response: of REST framework, or a file, or a problem."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self._key is not None and isinstance(answer, Response) and answer.status_code < 400:
            answer.render()
            idempotency.keep(self._key, self.viewer, answer)
        return answer

    def _own_methods(self) -> set[str]:
        return {name for name in self.http_method_names if hasattr(self, name)}


def _check_csrf(request: HttpRequest) -> None:
    check = CSRFCheck(lambda _request: None)  # type: ignore[arg-type]  # as rest_framework.authentication does
    check.process_request(request)
    if check.process_view(request, None, (), {}):  # type: ignore[arg-type]
        raise Refused("csrf_missing", status=403)
