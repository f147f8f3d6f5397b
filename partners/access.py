"""How a view says who may call it before any viewer is known, and the request as our views see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

from core.middleware import Survivor
from core.tenancy import Viewer
from partners.queries.viewers import Membership

V = TypeVar("V", bound=Callable[..., Any])


class OpenRequest(HttpRequest):
    """A request of a page that strangers may open; only for type annotations."""

    viewer: Viewer | None
    survivors: list[Survivor]
    htmx: Any


class Request(HttpRequest):
    """A request of somebody who is signed in; only for type annotations."""

    viewer: Viewer
    memberships: list[Membership]
    survivors: list[Survivor]
    htmx: Any


def public(view: V) -> V:
    """The view answers strangers, too."""
    view.public = True  # type: ignore[attr-defined]
    return view


def account_page(view: V) -> V:
    """Sign-in, sign-out, links: runs as the login user, who sees identity tables only."""
    view.public = True  # type: ignore[attr-defined]
    view.as_login_user = True  # type: ignore[attr-defined]
    return view


def without_session(view: V) -> V:
    """Neither session nor viewer: health checks and static answers."""
    view.without_session = True  # type: ignore[attr-defined]
    return view


def expected_version(request: HttpRequest) -> int:
    """The version of the record that the form was filled in on (its hidden field `version`); 0 = spoilt, always stale."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
