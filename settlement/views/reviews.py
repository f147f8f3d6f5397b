"""Pages of a reviewer: his queue one claim after the other by keyboard, and letting several through at once (domain.md 9.4, ui.md 8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import rights
from core.calendars import local_date
from core.errors import NotFound
from core.money import ZERO, shown
from core.tenancy import Viewer
from partners.access import Request
from settlement.calculations.claim_limits import days_late
from settlement.models import Claim
from settlement.operations.approve_claims import let_through
from settlement.queries import claims, limits, reviews
from settlement.views.claims import ACTIONS, standing


@require_GET
def begin(request: Request) -> HttpResponse:
    """To the claim of the viewer's queue that is due first."""
    viewer = request.viewer
    rights.require_ever(viewer, "claim.review")
    keys = reviews.keys(viewer)
    if keys:
        return redirect("settlement:review", keys[0])
    context = {"page_title": _("Review"), "crumbs": [(reverse("settlement:claims"), _("Claims"))]}
    return render(request, "settlement/review_done.html", context)


@dataclass(frozen=True)
class Dialog:
    """A decision that wants its reason, asked on the same page; without JavaScript on its own."""

    id: str
    key: str
    label: Any
    url: str
    action: Any
    form: Any


@require_GET
def review(request: Request, public_id: str) -> HttpResponse:
    """One claim of the queue with all that a reviewer looks at, and the decision; what is not his turn any more leads to the next one."""
    viewer, now = request.viewer, timezone.now()
    rights.require_ever(viewer, "claim.review")
    found = claims.one(viewer, public_id)
    keys = reviews.keys(viewer)
    verb = reviews.verb(viewer, found)
    if public_id not in keys or not verb:
        return redirect("settlement:reviews")
    at = keys.index(public_id)
    before, after = keys[at - 1 : at] if at else [], keys[at + 1 : at + 2]
    onward = reverse("settlement:review", args=after) if after else reverse("settlement:reviews")
    closed = limits.closed_steps(viewer, found, [])
    context = standing(viewer, found, now) | {
        "form": ACTIONS[verb].form(viewer=viewer, claim=found),
        "action": ACTIONS[verb],
        "action_url": _step_url(found, verb, onward),
        "dialogs": [
            _dialog(viewer, found, name, onward)
            for name in ("send_back", "raise", "refuse")
            if rights.may(viewer, f"claim.{name}", found) and name not in closed
        ],
        "hidden": [("version", found.version)],
        "progress": _("%(at)s of %(all)s") % {"at": at + 1, "all": len(keys)},
        "previous_url": reverse("settlement:review", args=before) if before else "",
        "following_url": reverse("settlement:review", args=after) if after else "",
        "faults": reviews.faults(viewer, found),
        "former": [_former(row) for row in reviews.former(viewer, found)],
        "jobs": reviews.jobs_on(viewer, found),
        "page_title": found.number,
        "crumbs": [(reverse("settlement:claims"), _("Claims"))],
    }
    return render(request, "settlement/review.html", context)


def _step_url(claim: Claim, verb: str, onward: str) -> str:
    return f"{reverse('settlement:claim_act', args=[claim.public_id, verb])}?{urlencode({'next': onward})}"


def _dialog(viewer: Viewer, claim: Claim, verb: str, onward: str) -> Dialog:
    action = ACTIONS[verb]
    form = action.form(viewer=viewer, claim=claim)
    form.auto_id = f"{verb}_%s"
    return Dialog(f"ask-{verb}", action.key, action.button, _step_url(claim, verb, onward), action, form)


def _former(claim: Claim) -> dict[str, Any]:
    approved = claim.approved if claim.approved is not None else ZERO
    return {
        "url": reverse("settlement:claim", args=[claim.public_id]),
        "number": claim.number,
        "machine": claim.model,
        "state": claim.state,
        "state_label": claim.get_state_display(),
        "claimed": shown(claim.claimed),
        "approved": shown(approved),
        "cut": shown(claim.claimed - approved) if approved < claim.claimed else "",
    }


@dataclass(frozen=True)
class Choice:
    """A claim of the queue that can be ticked, or goes through together with others. picked: sent back as it is."""

    url: str
    public_id: str
    picked: str
    number: str
    customer: str
    machine: str
    dealer: str
    due: Any
    late: int
    claimed: str


@require_http_methods(["GET", "POST"])
def bulk(request: Request) -> HttpResponse:
    """Without a choice the queue with ticks; with one the question, with number and sum of what has no finding; a POST lets them through.

    `claim`: public ids, of a POST with the version that was seen (id:version).
    """
    viewer, now = request.viewer, timezone.now()
    rights.require_ever(viewer, "claim.review")
    context: dict[str, Any] = {
        "page_title": _("Approve several"),
        "crumbs": [(reverse("settlement:claims"), _("Claims"))],
        "most": reviews.MOST_AT_ONCE,
    }
    if request.method == "POST":
        outcomes = let_through(viewer=viewer, chosen=[_picked(text) for text in request.POST.getlist("claim")], now=now)
        gone = [one for one in outcomes if one.refusal is None]
        context |= {
            "outcomes": [
                (one, reverse("settlement:claim", args=[one.public_id]), shown(one.amount)) for one in outcomes
            ],
            "gone": len(gone),
            "total": shown(sum((one.amount for one in gone), ZERO)),
        }
        return render(request, "settlement/bulk_done.html", context)
    wanted = request.GET.getlist("claim")
    rows = reviews.several(viewer, wanted)
    if len(rows) < len(set(wanted)) <= reviews.MOST_AT_ONCE:
        for public_id in set(wanted) - {row.public_id for row in rows}:
            claims.one(viewer, public_id)  # a foreign one is a 404; another's turn by now is left out
    today = local_date(now)
    if not wanted:
        context["rows"] = [_choice(row, today) for row in rows]
        return render(request, "settlement/bulk.html", context)
    good = [row for row in rows if reviews.clean(viewer, row, now)]
    context |= {
        "rows": [_choice(row, today) for row in good],
        "flagged": [_choice(row, today) for row in rows if row not in good],
        "total": shown(sum(reviews.standing_sums(viewer, good).values(), ZERO)),
    }
    return render(request, "settlement/bulk_confirm.html", context)


def _picked(text: str) -> tuple[str, int]:
    """Errors: NotFound for what no page of ours has sent."""
    public_id, _colon, version = text.partition(":")
    if not version.isdecimal() or len(version) > 9:
        raise NotFound
    return public_id, int(version)


def _choice(claim: Claim, today: Any) -> Choice:
    return Choice(
        url=reverse("settlement:review", args=[claim.public_id]),
        public_id=claim.public_id,
        picked=f"{claim.public_id}:{claim.version}",
        number=claim.number,
        customer=claim.customer_name,
        machine=f"{claim.model} {claim.serial_number}".strip(),
        dealer=claim.dealer.label,
        due=claim.due_on,
        late=days_late(claim.due_on, today),
        claimed=shown(claim.claimed),
    )
