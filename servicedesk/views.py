"""Home: the page that each role begins with (ui.md 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import public_holidays
from core.calendars import local_date
from core.tenancy import Tier, Viewer
from partners.access import Request
from partners.enums import Role
from partners.queries import people
from servicedesk import archive, boards
from servicedesk.doctor import span
from servicedesk.keeping import BACKUP_LATE
from tickets.enums import TicketState, Urgency
from tickets.queries import lists, referrals

S = TicketState


@dataclass(frozen=True)
class Tile:
    """One number with its words and the list behind it."""

    label: Any
    value: Any
    url: str = ""
    compare: Any = ""
    bad: bool = False


@require_GET
def home(request: Request) -> HttpResponse:
    """The first page after sign-in: the technician's day, the desk, the owner's numbers, the shared tickets, the platform."""
    viewer = request.viewer
    if viewer.tier is Tier.PLATFORM:
        return render(
            request, "servicedesk/platform.html", {"page_title": _("Platform"), "tiles": _platform_tiles(viewer)}
        )
    if (
        viewer.tier is Tier.DEALER
        and viewer.has(Role.TECHNICIAN)
        and not viewer.has(Role.DISPATCHER, Role.ADMIN, Role.OWNER)
    ):
        return redirect("tickets:day")
    now = timezone.now()
    names = lists.partner_names(viewer)
    burning = [lists.row(values, names) for values in boards.burning(viewer, 15)]
    if request.GET.get("part") == "burning":  # the board asks for it every five seconds
        return render(request, "tickets/_ticket_rows.html", {"rows": burning})
    load = lists.load(viewer)
    context = {
        "page_title": _("Board") if viewer.tier is Tier.DEALER else _("Shared with us"),
        "tiles": _tiles(load),
        "rows": burning,
        "referred": referrals.incoming(viewer) if viewer.tier is Tier.DEALER else [],
        "is_dealer": viewer.tier is Tier.DEALER,
        "may_report": viewer.tier is Tier.DEALER and viewer.has(Role.ADMIN, Role.DISPATCHER),
        "crew": _crew(viewer, load) if viewer.tier is Tier.DEALER else [],
        "partners": boards.by_partner(load, names),
        "months": boards.finished_by_month(viewer, now),
        "duty": boards.on_duty(viewer, now),
    }
    return render(request, "servicedesk/home.html", context)


def _tiles(load: lists.Load) -> list[Tile]:
    groups = [
        (_("New"), [S.NEW]),
        (_("To dispatch"), [S.CONTACTED, S.APPOINTED]),
        (_("Sent, on the way"), [S.DISPATCHED, S.ACCEPTED, S.EN_ROUTE]),
        (_("In work"), [S.ARRIVED, S.IN_WORK]),
        (_("Waiting for part or customer"), [S.WAIT_PART, S.WAIT_CUST]),
        (_("To sign"), [S.WAIT_SIGN]),
    ]
    tiles = []
    for label, states in groups:
        number = sum(load.by_state[state] for state in states)
        query = states[0] if len(states) == 1 else "open"
        tiles.append(Tile(label, number, f"{reverse('tickets:tickets')}?state={query}"))
    tiles.append(
        Tile(
            _("Production stopped"),
            load.stopped,
            f"{reverse('tickets:tickets')}?urgency={Urgency.STOPPED}",
            bad=bool(load.stopped),
        )
    )
    return tiles


def _crew(viewer: Viewer, load: lists.Load) -> list[tuple[str, str, int]]:
    """Technicians with their city and how many open jobs they have: who is free, who is near."""
    return [(person.name, person.city, load.by_person[person.id]) for person in people.technicians(viewer)]


def _platform_tiles(viewer: Viewer) -> list[Tile]:
    facts = boards.platform(viewer)
    missing = public_holidays.missing_now(local_date(timezone.now()))
    last = archive.latest(settings.BACKUP_FOLDER)
    age = last.age(timezone.now()) if last else None
    return [
        Tile(_("Manufacturers"), facts.makers, reverse("partners:organisations")),
        Tile(_("Offices"), facts.offices, reverse("partners:organisations")),
        Tile(_("Dealers"), facts.dealers, reverse("partners:organisations")),
        Tile(_("Partnerships to confirm"), facts.unconfirmed, reverse("partners:partnerships")),
        Tile(_("Failed tasks"), facts.failed_jobs, reverse("partners:failed_jobs"), bad=bool(facts.failed_jobs)),
        Tile(
            _("Public holidays missing"),
            missing or _("none"),
            reverse("partners:calendar"),
            bad=missing is not None,
        ),
        Tile(
            _("Last backup"), span(age) if age else _("none"), reverse("keeping"), bad=age is None or age > BACKUP_LATE
        ),
    ]
