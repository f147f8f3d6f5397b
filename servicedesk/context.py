"""What every page of the portal needs: navigation, counts, how the person likes it (docs/pages.md lists the parts)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from core import rights
from core.middleware import is_usable
from core.tenancy import Viewer
from notices.queries import inbox
from partners.queries.people import role_words
from servicedesk import navigation

#: every part that templates may ask for; a stranger has none of it
NOTHING: dict[str, Any] = {
    "nav": [],
    "more_nav": [],
    "organisation_name": "",
    "person_name": "",
    "role_name": "",
    "user_id": "",
    "unread": 0,
    "unread_url": "",
    "notices_url": "",
    "memberships": [],
    "makers": [],
    "theme": "",
    "density": "standard",
    "language": "",
    "preferences_url": "",
    "home_url": "/",
    "profile_url": "",
    "jobs_url": "",
    "sign_out_url": "",
    "new_ticket_url": "",
    "outbox_url": "",
}


def portal(request: HttpRequest) -> dict[str, Any]:
    """`portal` and `viewer` for all templates; asks the database once, for the number of unread notices."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    language = get_language() or ""
    if viewer is None:
        return {"viewer": None, "portal": NOTHING | {"language": language}}
    nav = navigation.places(viewer, request.path)
    return {
        "viewer": viewer,
        "portal": NOTHING
        | {
            "nav": nav,
            "more_nav": [place for place in nav if not place.bottom],
            "organisation_name": viewer.org_name,
            "person_name": viewer.name,
            "role_name": role_words(viewer.roles),
            "user_id": viewer.person_id or "",
            "unread": _unread(request, viewer),
            "unread_url": reverse("notices:count"),
            "notices_url": reverse("notices:list"),
            "memberships": _memberships(request, viewer),
            "theme": viewer.theme or "auto",
            "density": viewer.density or "standard",
            "language": language,
            "preferences_url": reverse("partners:preferences"),
            "profile_url": reverse("partners:me"),
            "jobs_url": reverse("partners:tasks"),
            "sign_out_url": reverse("partners:sign_out"),
            "new_ticket_url": _new_ticket(viewer),
        },
    }


def _unread(request: HttpRequest, viewer: Viewer) -> int:
    """0 where the transaction takes no more statements (after a fault) or has no tier role (account pages)."""
    if not getattr(request, "entered", False) or getattr(request, "spoilt", False) or not is_usable():
        return 0
    return inbox.unread_count(viewer)


def _memberships(request: HttpRequest, viewer: Viewer) -> list[dict[str, Any]]:
    return [
        {
            "name": membership.name,
            "url": reverse("partners:switch", args=[membership.public_id]),
            "active": membership.person_id == viewer.person_id,
            "post": True,
        }
        for membership in getattr(request, "memberships", [])
    ]


def _new_ticket(viewer: Viewer) -> str:
    try:
        return reverse("tickets:new") if rights.may_ever(viewer, "ticket.report") else ""
    except (NoReverseMatch, KeyError):
        return ""
