"""三级管理图: dealer, office and headquarters beside each other, each number a way to its list."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import rights
from core.tenancy import Tier
from partners.access import Request
from tickets.queries.levels import levels


@require_GET
def board(request: Request) -> HttpResponse:
    """The open work of the three levels, as the viewer may see it."""
    viewer = request.viewer
    rights.require(viewer, "levels.read")
    titles = {"dealer": _("Dealers"), "office": _("Offices"), "hq": _("Headquarters")}
    if viewer.tier is Tier.DEALER:
        titles = {"dealer": _("We"), "office": _("The offices, for us"), "hq": _("Headquarters, for us")}
    words = {
        "new": _("Reported, nobody has called yet"),
        "to_dispatch": _("To dispatch"),
        "in_work": _("With a technician"),
        "referred": _("Referrals to accept"),
        "support_answered": _("Answers to confirm"),
        "support_draft": _("Drafts of requests"),
        "support_wait_office": _("To accept"),
        "support_at_office": _("To answer"),
        "support_wait_hq": _("To accept"),
        "support_at_hq": _("To answer"),
    }
    found = levels(viewer, timezone.now())
    context = {
        "levels": [
            (titles[level.code], level.count, [(words[box.code], box) for box in level.boxes]) for level in found
        ],
        "page_title": _("Three levels"),
    }
    return render(request, "tickets/levels.html", context)
