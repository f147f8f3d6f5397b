"""Where one can go: the side navigation, and the bottom bar of phones, by tier and role (ui.md 3, 4.3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from core import rights
from core.tenancy import Tier, Viewer
from partners.enums import Role


@dataclass(frozen=True)
class Entry:
    """One place; pages below it keep it lit. action: the right that opens it, "" = everybody.

    bottom: stands in the bottom bar of phones (the first four that do).
    """

    label: Any
    icon: str
    name: str
    action: str = ""
    bottom: bool = False


WORK = (
    Entry(_("Today"), "navigation", "tickets:day", "ticket.day", bottom=True),
    Entry(_("Board"), "house", "home", bottom=True),
    Entry(_("Tickets"), "clipboard-list", "tickets:tickets", "ticket.list", bottom=True),
    Entry(_("Service slips"), "file-text", "tickets:slips", "slip.list", bottom=True),
    Entry(_("Support"), "circle-question-mark", "tickets:escalations", "escalation.list"),
    Entry(_("Referrals"), "send", "tickets:referrals", "referral.list"),
    Entry(_("Promises kept"), "chart-column", "tickets:rates", "rates.read"),
    Entry(_("Three levels"), "layers", "tickets:levels", "levels.read"),
    Entry(_("Customers"), "users", "equipment:customers", "customer.list"),
    Entry(_("Returns to the factory"), "factory", "tickets:returns", "goods_return.read"),
    Entry(_("Machines"), "settings", "equipment:machines", "machine.list"),
    Entry(_("Products and parts"), "package", "equipment:lines", "catalogue.read"),
    Entry(_("Duty roster"), "calendar-clock", "resources:roster", "duty.read"),
    Entry(_("On duty at our dealers"), "calendar-clock", "resources:partners", "duty.partners"),
    Entry(_("Warranty policies"), "shield-check", "equipment:policies", "policy.read"),
    Entry(_("Claims"), "receipt-text", "settlement:claims", "claim.list"),
    Entry(_("Statements"), "wallet", "settlement:statements", "statement.read"),
    Entry(_("Automatic checks"), "list-checks", "settlement:checks", "check.read"),
    Entry(_("Customers' debts"), "clipboard-list", "settlement:debts", "debt.list"),
    Entry(_("Pre-authorisations"), "shield-check", "settlement:authorisations", "authorisation.list"),
    Entry(_("Rate cards"), "file-text", "settlement:cards", "card.read"),
    Entry(_("Route book"), "route", "settlement:routes", "route.read"),
    Entry(_("Old parts"), "undo-2", "settlement:old_parts", "old_part.read"),
    Entry(_("Boxes of old parts"), "package", "settlement:return_boxes", "return_box.read"),
)
HOUSE = (
    Entry(_("People"), "circle-user", "partners:people", "person.list"),
    Entry(_("Organisations"), "building-2", "partners:organisations", "organisation.list"),
    Entry(_("Service promises"), "clock", "tickets:promises", "promise.read"),
    Entry(_("Partnerships"), "handshake", "partners:partnerships", "partnership.list"),
    Entry(_("Manufacturers not on the platform"), "factory", "partners:unlisted_makers", "unlisted_maker.list"),
    Entry(_("Our organisation"), "building-2", "partners:own_organisation", "organisation.read"),
    Entry(_("Dictionaries"), "layers", "partners:dictionaries", "dictionary.read"),
    Entry(_("Public holidays"), "calendar", "partners:calendar", "calendar.read"),
    Entry(_("Imports"), "upload", "imports:history", "import.list"),
    Entry(_("Notice channels"), "message-square", "notices:channels", "channel.list"),
    Entry(_("My tasks"), "list-checks", "partners:tasks"),
    Entry(_("Installation"), "monitor", "keeping", "installation.read"),
    Entry(_("Who looked at numbers"), "eye", "partners:access", "access.list"),
)
ME = Entry(_("Me"), "circle-user", "partners:me", bottom=True)


@dataclass(frozen=True)
class Place:
    """An entry for one viewer on one page."""

    label: Any
    icon: str
    url: str
    active: bool = False
    bottom: bool = False
    badge: int = 0


def places(viewer: Viewer, path: str) -> list[Place]:
    """Everything the viewer may open, in order; only what exists. Four of it stand in the bottom bar, his own page last."""
    lit = active_url(viewer, path)
    return [replace(place, active=place.url == lit) for place in _places(viewer)]


def active_url(viewer: Viewer, path: str) -> str:
    """The place that a page lies in: the nearest, /tickets/day/ lies below /tickets/; empty when it lies in none."""
    above = (
        place.url for place in _places(viewer) if path == place.url or (place.url != "/" and path.startswith(place.url))
    )
    return max(above, key=len, default="")


@lru_cache(maxsize=4096)  # asked at every page; rights and addresses change with the program only
def _places(viewer: Viewer) -> tuple[Place, ...]:
    found = [place for entry in (*_work(viewer), *HOUSE) if (place := _place(entry, viewer)) is not None]
    lowest = [place for place in found if place.bottom][:3]
    kept = [replace(place, bottom=place in lowest) for place in found]
    me = _place(ME, viewer)
    return (*kept, me) if me else tuple(kept)


def _work(viewer: Viewer) -> tuple[Entry, ...]:
    """A technician begins with his day and has no board; the others begin with the board."""
    only_crew = viewer.tier is Tier.DEALER and viewer.has(Role.TECHNICIAN) and not viewer.has(*_DESK)
    if viewer.tier is Tier.PLATFORM:
        return tuple(entry for entry in WORK if entry.name == "home")
    return tuple(entry for entry in WORK if entry.name != "home" or not only_crew)


_DESK = (Role.ADMIN, Role.DISPATCHER, Role.OWNER)


def _place(entry: Entry, viewer: Viewer) -> Place | None:
    try:
        url = reverse(entry.name)
        if entry.action and not rights.may_ever(viewer, entry.action):
            return None
    except (NoReverseMatch, KeyError):  # the room is not built yet
        return None
    return Place(entry.label, entry.icon, url, bottom=entry.bottom)
