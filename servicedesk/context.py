"""What every page of the portal needs: navigation, counts, how the person likes it (docs/pages.md lists the parts)."""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property
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


class Portal:
    """The parts of the frame for one person on one page, each made when a template asks for it.

    key: everything that the drawn frame depends on, so that it is drawn once (`{% kept %}` in core/templatetags/ui.py).
    """

    def __init__(self, request: HttpRequest, viewer: Viewer, language: str) -> None:
        self._viewer = viewer
        self._path = request.path
        self._memberships = tuple(getattr(request, "memberships", ()))
        self.unread = _unread(request, viewer)
        self.language = language
        self.organisation_name = viewer.org_name
        self.person_name = viewer.name
        self.user_id = viewer.person_id or ""
        self.theme = viewer.theme or "auto"
        self.density = viewer.density or "standard"
        self.active_url = navigation.active_url(viewer, request.path)
        self.key: Hashable = (
            viewer, language, self.unread, self.active_url, self._memberships, request.COOKIES.get("nav") == "collapsed",
        )  # fmt: skip

    @cached_property
    def nav(self) -> list[navigation.Place]:
        """All places, in order."""
        return navigation.places(self._viewer, self._path)

    @property
    def more_nav(self) -> list[navigation.Place]:
        """The places that the bottom bar of a phone has no room for."""
        return [place for place in self.nav if not place.bottom]

    @cached_property
    def role_name(self) -> str:
        """The person's roles in words."""
        return role_words(self._viewer.roles)

    @cached_property
    def memberships(self) -> list[dict[str, Any]]:
        """The organisations one may change to."""
        return [
            {
                "name": membership.name,
                "url": reverse("partners:switch", args=[membership.public_id]),
                "active": membership.person_id == self._viewer.person_id,
                "post": True,
            }
            for membership in self._memberships
        ]

    @property
    def new_ticket_url(self) -> str:
        """Where a report is entered, for who may."""
        try:
            return reverse("tickets:new") if rights.may_ever(self._viewer, "ticket.report") else ""
        except (NoReverseMatch, KeyError):
            return ""

    @property
    def searches(self) -> bool:
        """Whether there is anything the person may search."""
        return rights.may_ever(self._viewer, "ticket.list")

    @property
    def unread_url(self) -> str:
        return reverse("notices:count")

    @property
    def notices_url(self) -> str:
        return reverse("notices:list")

    @property
    def preferences_url(self) -> str:
        return reverse("partners:preferences")

    @property
    def profile_url(self) -> str:
        return reverse("partners:me")

    @property
    def jobs_url(self) -> str:
        return reverse("partners:tasks")

    @property
    def sign_out_url(self) -> str:
        return reverse("partners:sign_out")


def portal(request: HttpRequest) -> dict[str, Any]:
    """`portal` and `viewer` for all templates; asks the database once, for the number of unread notices.

    A stranger's portal has a language and nothing else.
    """
    viewer: Viewer | None = getattr(request, "viewer", None)
    language = get_language() or ""
    if viewer is None:
        return {"viewer": None, "portal": {"language": language, "theme": "", "density": "standard"}}
    return {"viewer": viewer, "portal": Portal(request, viewer, language)}


def _unread(request: HttpRequest, viewer: Viewer) -> int:
    """0 where the transaction takes no more statements (after a fault) or has no tier role (account pages)."""
    if not getattr(request, "entered", False) or getattr(request, "spoilt", False) or not is_usable():
        return 0
    return inbox.unread_count(viewer)
