"""From the session to the viewer, and from the viewer to the database role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from structlog.contextvars import bind_contextvars

from core import tenancy
from core.api.problem import respond
from core.errors import Refused
from core.middleware import is_usable
from partners.queries import viewers

SESSION_PERSON = "person_id"


class ViewerMiddleware:
    """Sets `request.viewer` and puts the view under its tier's role; account pages run as the login user.

    A view marked `public` (see `partners.access`) needs no viewer. All others send a stranger to the sign-in page.
    The role is set in `process_view` and left before the session is saved; at a status >= 400 neither happens, since
    the transaction may be spoilt and is rolled back anyway.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = None  # type: ignore[attr-defined]
        response = self.get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"  # personal data, and after sign-out *back* shows nothing
        patch_vary_headers(response, ("HX-Request",))  # a page and its fragment have one address
        if response.status_code >= 400:
            request.session.modified = False
        elif getattr(request, "entered", False) and request.session.modified and is_usable():
            tenancy.leave()  # the session is saved by the login user; else the commit ends the role by itself
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if getattr(view, "without_session", False):
            return None
        if getattr(view, "api", False):
            return self._enter_api(request)
        person_id = request.session.get(SESSION_PERSON)
        found = viewers.of_session(request.session, person_id)
        if found is None and request.user.is_authenticated and request.user.pk is not None:
            found = viewers.of_account(request.user.pk, person_id)
        if found is not None:
            viewer, memberships = found
            request.viewer, request.memberships = viewer, memberships  # type: ignore[attr-defined]
            bind_contextvars(person=viewer.person_id, organisation=viewer.org)  # every line of the log from here on
            if viewer.language and viewer.language != translation.get_language():
                translation.activate(viewer.language)
                request.LANGUAGE_CODE = viewer.language
        if getattr(view, "as_login_user", False):
            return None
        if found is None:
            if getattr(view, "public", False):
                return None
            if request.headers.get("HX-Request"):
                response = HttpResponse(status=204)
                response["HX-Redirect"] = reverse("partners:sign_in")
                return response
            if request.headers.get("Accept", "").startswith("application/json"):
                return JsonResponse({"code": "signed_out"}, status=401)
            wanted = request.get_full_path() if request.method == "GET" else "/"
            return redirect(f"{reverse('partners:sign_in')}?{urlencode({'next': wanted})}")
        tenancy.enter(viewer)
        request.entered = True  # type: ignore[attr-defined]
        return None

    def _enter_api(self, request: HttpRequest) -> HttpResponse | None:
        """A program by its token, a browser by its session; the language is the one that the request asks for."""
        given = request.headers.get("Authorization", "")
        if given:
            kind, _blank, secret = given.partition(" ")
            by_token = viewers.of_token(secret.strip(), timezone.now()) if kind.lower() == "bearer" else None
            if by_token is None:
                return respond(request, Refused("token_unknown", status=401))
            viewer, memberships, use = by_token
            request.token_scope, request.token_use = use.scope, use  # type: ignore[attr-defined]
        else:
            found = viewers.of_session(request.session, request.session.get(SESSION_PERSON))
            if found is None:
                return respond(request, Refused("signed_out", status=401))
            viewer, memberships = found
        request.viewer, request.memberships = viewer, memberships  # type: ignore[attr-defined]
        if viewer.language and "Accept-Language" not in request.headers:
            translation.activate(viewer.language)
            request.LANGUAGE_CODE = viewer.language
        tenancy.enter(viewer)
        request.entered = True  # type: ignore[attr-defined]
        return None
