"""Pages of claims: the list and its queue, signed slips without claim, one claim, writing it, its steps (domain.md 9.4, ui.md 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import rights
from core.actions import Action, Button, take
from core.calendars import local, local_date
from core.cases import Wrong
from core.errors import Refused, Sentence
from core.forms import apply_refusal
from core.money import shown
from core.paging import Orders, cut_page
from core.tables import Column, next_url, render_list, table_of
from core.tenancy import Tier, Viewer
from partners.access import Request, expected_version
from settlement.calculations import checks
from settlement.calculations.cards import figure
from settlement.calculations.check_settings import DEFAULTS
from settlement.calculations.claim_limits import days_late
from settlement.enums import CLAIM_IN_REVIEW, CLAIM_OPEN, CLAIM_WRITTEN, ClaimState
from settlement.explain import checks as check_words
from settlement.explain import claim as sentences
from settlement.forms import claims as forms
from settlement.models import Claim
from settlement.operations import claims as dealers
from settlement.operations import limits as limiting
from settlement.operations import review_claims as reviews
from settlement.queries import checks as checked_claims
from settlement.queries import claim_facts, claims, debts, limits
from tickets.models import Slip
from tickets.views.photos import slots

ACTIONS: dict[str, Action] = {
    "submit": Action(
        forms.StepForm,
        dealers.submit,
        gettext_lazy("Submit this claim?"),
        gettext_lazy("Submit"),
        gettext_lazy("Submitted: it waits for the first review."),
        gettext_lazy("The manufacturer sees the slip and its photos from then on; the claim stands as it is."),
    ),
    "take_back": Action(
        forms.StepForm,
        dealers.take_back,
        gettext_lazy("Take this claim back?"),
        gettext_lazy("Take it back"),
        gettext_lazy("Taken back: it can be written on again."),
    ),
    "pass": Action(
        forms.ReviewForm,
        reviews.pass_on,
        gettext_lazy("First review"),
        gettext_lazy("Pass on to the second review"),
        gettext_lazy("Passed on to the second review."),
        gettext_lazy("Where less is approved, say why; the dealer sees it at the end."),
        key="a",
    ),
    "approve": Action(
        forms.ReviewForm,
        reviews.approve,
        gettext_lazy("Decide on the claim"),
        gettext_lazy("Approve"),
        gettext_lazy("Approved; the dealer is told."),
        gettext_lazy("Where less is approved, say why; the dealer agrees or appeals within five working days."),
        key="a",
    ),
    "refuse": Action(
        forms.RefuseForm,
        reviews.refuse,
        gettext_lazy("Refuse the whole claim"),
        gettext_lazy("Refuse the claim"),
        gettext_lazy("Refused; the dealer is told."),
        gettext_lazy("Nothing of it is paid. The dealer appeals, or charges the customer."),
        danger=True,
        key="x",
    ),
    "send_back": Action(
        forms.ReasonForm,
        reviews.send_back,
        gettext_lazy("Send this claim back"),
        gettext_lazy("Send it back"),
        gettext_lazy("Sent back; the dealer is told."),
        gettext_lazy("The dealer completes it and submits it again within ten days."),
        key="b",
    ),
    "ask_owner": Action(
        forms.StepForm,
        limiting.ask_owner,
        gettext_lazy("Ask the owner?"),
        gettext_lazy("Ask the owner"),
        gettext_lazy("The owner is asked."),
        gettext_lazy("The claim is above the limit: the owner agrees before it is submitted."),
    ),
    "owner_agree": Action(
        forms.StepForm,
        limiting.owner_agree,
        gettext_lazy("Agree to this claim?"),
        gettext_lazy("Agree to submit it"),
        gettext_lazy("Agreed: it can be submitted."),
        gettext_lazy("It holds for this amount; when the claim asks for more, you are asked again."),
    ),
    "owner_decline": Action(
        forms.ReasonForm,
        limiting.owner_decline,
        gettext_lazy("Do you not agree?"),
        gettext_lazy("Do not agree"),
        gettext_lazy("Your answer is sent."),
    ),
    "raise": Action(
        forms.ReasonForm,
        limiting.raise_claim,
        gettext_lazy("Pass the claim up"),
        gettext_lazy("Pass it up"),
        gettext_lazy("Passed up; those with a higher limit are told."),
        gettext_lazy("The claim is above your limit. Write what you recommend."),
        key="u",
    ),
    "agree": Action(
        forms.StepForm,
        dealers.agree,
        gettext_lazy("Agree to what was approved?"),
        gettext_lazy("Agree"),
        gettext_lazy("Agreed: it waits for the statement."),
        gettext_lazy("After that there is no appeal any more."),
    ),
    "appeal": Action(
        forms.ReasonForm,
        dealers.appeal,
        gettext_lazy("Appeal against the decision"),
        gettext_lazy("Appeal"),
        gettext_lazy("Appealed: headquarters decides once more."),
        gettext_lazy("An appeal is made once. Another person of headquarters decides."),
    ),
    "charge": Action(
        forms.ChargeForm,
        dealers.charge,
        gettext_lazy("Charge the customer instead"),
        gettext_lazy("Charge the customer"),
        gettext_lazy("The customer is charged; the manufacturer pays nothing of it."),
        danger=True,
    ),
    "void": Action(
        forms.ReasonForm,
        dealers.void,
        gettext_lazy("Void this claim"),
        gettext_lazy("Void"),
        gettext_lazy("Void; the slip can be claimed anew."),
        danger=True,
    ),
}
#: while the checks run, a reviewer waits
WAITING = frozenset({"pass", "send_back"})
#: the one next step, the first that the viewer may take
NEXT = ("pass", "approve", "owner_agree", "submit", "ask_owner", "agree")


@dataclass(frozen=True)
class Row:
    """A claim in the list, ready to show."""

    url: str
    number: str
    slip: str
    customer: str
    machine: str
    claimed: str
    approved: str
    state: str
    state_label: Any
    due: date | None
    late: int
    flags: int
    partner: str


@require_GET
def claim_list(request: Request) -> HttpResponse:
    """The claims that are open, what is due first on top; j k Enter."""
    viewer, today = request.viewer, local_date(timezone.now())
    rights.require(viewer, "claim.list")
    filters = forms.ClaimFilters(request.GET or None, viewer=viewer)
    facts = filters.facts() if filters.is_bound else claims.Filters()
    page = cut_page(request.GET, claims.listing(viewer, facts), orders=claims.ORDERS, default=claims.DEFAULT)
    table = table_of(
        request,
        page,
        caption=_("Claims"),
        columns=[
            Column("number", _("Claim")),
            Column("due", _("Due"), order="due"),
            Column("customer", _("Customer")),
            Column("machine", _("Machine")),
            Column("claimed", _("Claimed"), numeric=True),
            Column("approved", _("Approved"), numeric=True),
            Column("state", _("State")),
            Column("flags", _("Findings"), numeric=True),
            Column("partner", _("Manufacturer") if viewer.tier is Tier.DEALER else _("Dealer")),
        ],
        row=lambda found: _row(viewer, found, filters.offered.names, today),
        filters=filters if filters.is_bound else (),
        empty=(
            _("Claims for signed slips appear here."),
            reverse("settlement:unclaimed") if rights.may_ever(viewer, "claim.begin") else "",
            _("Slips without claim"),
        ),
        none_found=_("No claim fits these filters."),
        clear_label=_("Clear the filters"),
    )
    context = {
        "table": table,
        "rows_template": "settlement/_claim_rows.html",
        "form": filters,
        "page_title": _("Claims"),
        "may_begin": rights.may_ever(viewer, "claim.begin"),
        "may_limit": rights.may_ever(viewer, "limit.set"),
        "may_review": rights.may_ever(viewer, "claim.review"),
    }
    return render_list(request, "settlement/claims.html", context)


def _row(viewer: Viewer, claim: Claim, names: Any, today: date) -> Row:
    partner = claim.manufacturer_id if viewer.tier is Tier.DEALER else claim.dealer_id
    is_open = claim.state in CLAIM_OPEN
    return Row(
        url=reverse("settlement:claim", args=[claim.public_id]),
        number=claim.number,
        slip=claim.slip.number,
        customer=claim.customer_name,
        machine=f"{claim.model} {claim.serial_number}".strip(),
        claimed=shown(claim.claimed),
        approved=shown(claim.approved) if claim.approved is not None else "",
        state=claim.state,
        state_label=claim.get_state_display(),
        due=claim.due_on if is_open else None,
        flags=claim.flags,
        late=days_late(claim.due_on, today) if is_open else 0,
        partner=names.get(partner, ""),
    )


#: signed slips without claim, by the day they were finished
SLIP_ORDERS: Orders = {"finished": ("finished_at", "id")}


@require_GET
def unclaimed(request: Request) -> HttpResponse:
    """Signed slips of work in warranty on which no claim stands: one press begins it."""
    viewer = request.viewer
    rights.require_ever(viewer, "claim.begin")
    page = cut_page(request.GET, claims.unclaimed(viewer), orders=SLIP_ORDERS, default="finished")
    table = table_of(
        request,
        page,
        caption=_("Slips without claim"),
        columns=[
            Column("number", _("Service slip")),
            Column("finished", _("Finished"), order="finished"),
            Column("customer", _("Customer")),
            Column("technician", _("Technician")),
            Column("begin", _("Claim")),
        ],
        row=_slip_row,
        empty=(_("Every signed slip of work in warranty has its claim."), "", ""),
    )
    context = {
        "table": table,
        "rows_template": "settlement/_unclaimed_rows.html",
        "page_title": _("Slips without claim"),
        "crumbs": [(reverse("settlement:claims"), _("Claims"))],
    }
    return render_list(request, "settlement/unclaimed.html", context)


def _slip_row(slip: Slip) -> dict[str, Any]:
    return {
        "url": reverse("tickets:slip", args=[slip.public_id]),
        "begin_url": reverse("settlement:claim_begin", args=[slip.public_id]),
        "number": slip.number,
        "finished": slip.finished_at,
        "customer": slip.customer_name,
        "technician": slip.shown_technician,
    }


@require_POST
def begin(request: Request, public_id: str) -> HttpResponse:
    """One press on a signed slip begins its claim, priced already."""
    made = dealers.begin_claim(viewer=request.viewer, slip_public_id=public_id, now=timezone.now())
    messages.success(request, _("The claim is begun: check it and submit it."))
    return redirect("settlement:claim", made.public_id)


@require_GET
def claim_page(request: Request, public_id: str) -> HttpResponse:
    """One claim: lines with what was decided and why, how each came about, the slip, photos, usual distance, story."""
    viewer, now = request.viewer, timezone.now()
    found = claims.one(viewer, public_id)
    asked = limits.approvals(viewer, found)
    closed = limits.closed_steps(viewer, found, asked)
    is_running = checked_claims.is_running(found, now)
    buttons = _buttons(viewer, found, closed | WAITING if is_running else closed)
    first = next((verb for verb in NEXT if verb in buttons), None)
    context = standing(viewer, found, now) | {
        "next": buttons.get(first) if first else None,
        "more": [button for verb, button in buttons.items() if verb != first],
        "next_title": _next_title(found, is_running),
        "asked": asked,
        "debt": debts.of_slip(viewer, found.slip) if found.state == ClaimState.CHARGED else None,
        "page_title": found.number or _("Draft of a claim"),
        "crumbs": [(reverse("settlement:claims"), _("Claims"))],
    }
    return render(request, "settlement/claim.html", context)


def standing(viewer: Viewer, found: Claim, now: datetime) -> dict[str, Any]:
    """A claim as it stands, for its page and for a reviewer's: lines, facts, findings, photos, story."""
    today, is_running = local_date(now), checked_claims.is_running(found, now)
    lines = claims.lines(viewer, found)
    basis = claims.basis(viewer, found.slip, found.card)
    usual = claims.usual_km(viewer, found)
    return {
        "claim": found,
        "slip": found.slip,
        "lines": [_line(line, decided=found.approved is not None) for line in lines],
        "earlier": [
            (turn, [_line(line) for line in claims.lines(viewer, found, turn=turn)])
            for turn in range(found.turn - 1, 0, -1)
        ],
        "claimed": shown(found.claimed),
        "approved": shown(found.approved) if found.approved is not None else "",
        "cut": shown(found.claimed - found.approved) if found.approved not in (None, found.claimed) else "",
        "is_running": is_running,
        **_checks(viewer, found, basis, usual, is_running),
        "facts": [*_facts(found, usual), *_goodwill(found, claims.goodwill_percent(viewer, found))],
        "steps": _explained(basis, found),
        "slots": slots(claims.photos(viewer, found), needed=(), offered=()),
        "authorisations": basis.authorisations,
        "raises": limits.raises(viewer, found),
        "story": [_event(event) for event in claims.story(viewer, found)],
        "is_open": found.state in CLAIM_OPEN,
        "late": days_late(found.due_on, today) if found.state in CLAIM_OPEN else 0,
    }


def _line(line: claims.Decided, *, decided: bool = False) -> dict[str, Any]:
    last = line.decisions[-1] if line.decisions else None
    return {
        "item": line.row.get_item_display(),
        "label": line.row.label,
        "claimed": shown(line.row.claimed),
        "approved": shown(line.approved) if last or decided else "",
        "cut": bool(last and last.approved < line.row.claimed),
        "reason": last.get_reason_display() if last and last.reason else "",
        "note": last.note if last else "",
        "words": [
            " · ".join(filter(None, (f"{word.get_level_display()}: {shown(word.approved)}", word.author_name)))
            for word in line.decisions
        ],
    }


def _facts(claim: Claim, usual: Decimal | None) -> list[tuple[str, str]]:
    distance = _("%(km)s km") % {"km": figure(claim.one_way_km)}
    if usual is not None:
        distance += " · " + _("usual: %(km)s km") % {"km": figure(usual)}
    return [
        (_("Machine"), f"{claim.model} {claim.serial_number}".strip()),
        (_("Finished"), claim.finished_on.isoformat()),
        (_("Place"), f"{claim.city}{claim.district}"),
        (_("Distance one way"), distance),
        (_("Number of trips"), str(claim.trips)),
        (_("People on site"), str(claim.people)),
        (_("Left the dealer's place"), f"{local(claim.left_at):%Y-%m-%d %H:%M}"),
        (_("Back at the dealer's place"), f"{local(claim.back_at):%Y-%m-%d %H:%M}"),
        *([(_("Repeat repair"), _("yes"))] if claim.is_repeat else []),
        (_("Note"), claim.note),
    ]


def _goodwill(claim: Claim, percent: int | None) -> list[tuple[str, str]]:
    """The manufacturer's share where goodwill was granted, and what it is of this claim."""
    if percent is None:
        return []
    most = shown(claims.share(claim.claimed, percent))
    words = _("%(percent)s %%, at most %(most)s yuan") % {"percent": percent, "most": most}
    return [(_("Goodwill, share of the manufacturer"), words)]


def _checks(
    viewer: Viewer, claim: Claim, basis: claims.Basis, usual: Decimal | None, is_running: bool
) -> dict[str, Any]:
    """What the checks found when it was submitted last (`run`), and of what is still written or was never checked, what they find now."""
    run = checked_claims.last_run(viewer, claim)
    said = (
        {**_said(checked_claims.report_of(viewer, run)), "at": run.at, "outcome": run.get_outcome_display()}
        if run
        else None
    )
    looks = claim.state in CLAIM_WRITTEN or (claim.state in CLAIM_IN_REVIEW and run is None and not is_running)
    if not looks:
        return {"run": said}
    facts, reference = claim_facts.facts(viewer, claim, basis, usual, timezone.now())
    return {"run": said, "checked": _said(checks.run(facts, reference, DEFAULTS))}


def _said(report: checks.Report) -> dict[str, Any]:
    return {
        "findings": check_words.explained(report.findings),
        "warnings": check_words.explained(report.warnings),
        "no_data": check_words.no_data(report.no_data),
    }


def _explained(basis: claims.Basis, claim: Claim) -> list[str]:
    try:
        return sentences.sentences(basis.price(claims.facts_of(claim)).steps)
    except Wrong:
        return []


#: words of the story
EVENTS: dict[str, Sentence] = {
    "begin": gettext_lazy("begun"), "submit": gettext_lazy("submitted"), "take_back": gettext_lazy("taken back"),
    "pass": gettext_lazy("passed on to the second review"), "send_back": gettext_lazy("sent back"), "approve": gettext_lazy("approved"),
    "refuse": gettext_lazy("refused"), "appeal": gettext_lazy("appealed"), "agree": gettext_lazy("agreed"),
    "charge": gettext_lazy("charged to the customer"), "void": gettext_lazy("made void"),
    "state": gettext_lazy("put on statement"), "unstate": gettext_lazy("taken off the statement, which was made void"),
    "settle": gettext_lazy("paid"), "unsettle": gettext_lazy("not paid after all"),
    "check_refuse": gettext_lazy("refused"), "check_return": gettext_lazy("sent back"), "check_approve": gettext_lazy("approved"),
}  # fmt: skip


def _event(event: Any) -> dict[str, Any]:
    author = _("automatic check") if event.verb.startswith("check_") else event.author_name
    return {
        "at": event.at,
        "text": EVENTS[event.verb],
        "said": event.text,
        "who": " · ".join(filter(None, (author, event.author_organisation))),
    }


def _buttons(viewer: Viewer, claim: Claim, closed: frozenset[str]) -> dict[str, Button]:
    """What the viewer may do now. closed: verbs that wait for something else."""
    found = {}
    if rights.may(viewer, "claim.change", claim):
        found["change"] = Button(_("Write on it"), reverse("settlement:claim_edit", args=[claim.public_id]), "e")
    for rule in rights.buttons(viewer, "claim", claim):
        verb = rule.action.partition(".")[2]
        if verb in closed:
            continue
        url = reverse("settlement:claim_act", args=[claim.public_id, verb])
        found[verb] = Button(rule.label, url, ACTIONS[verb].key, danger=ACTIONS[verb].danger)
    return found


def _next_title(claim: Claim, is_running: bool) -> str:
    if is_running:
        return _("The automatic check is running")
    said = {
        ClaimState.DRAFT: _("Check it, then submit it"),
        ClaimState.FIRST: _("Waits for the first review"),
        ClaimState.SECOND: _("Waits for the second review of headquarters"),
        ClaimState.RETURNED: _("Sent back: %(reason)s") % {"reason": claim.reason},
        ClaimState.REFUSED: _("Refused: %(reason)s") % {"reason": claim.reason},
        ClaimState.APPROVED: _("Approved: the dealer agrees or appeals"),
        ClaimState.APPEALED: _("Appealed: %(reason)s") % {"reason": claim.reason},
        ClaimState.AGREED: _("Waits for the statement"),
        ClaimState.STATED: _("Stands on a statement"),
        ClaimState.SETTLED: _("Settled"),
        ClaimState.CHARGED: _("Charged to the customer: %(reason)s") % {"reason": claim.reason},
        ClaimState.VOID: _("Void: %(reason)s") % {"reason": claim.reason},
    }
    return said[ClaimState(claim.state)]


@require_http_methods(["GET", "POST"])
def edit(request: Request, public_id: str) -> HttpResponse:
    """Write on a draft or on what was sent back; saving prices it anew."""
    viewer = request.viewer
    found = claims.one(viewer, public_id)
    posted = request.method == "POST"
    if posted and expected_version(request) != found.version:
        raise claims.stale(viewer, found)
    rights.require(viewer, "claim.change", found)
    offer = claims.offer(viewer, claims.basis(viewer, found.slip, found.card))
    form = forms.ClaimForm(
        request.POST if posted else None,
        offer=offer,
        facts=claims.facts_of(found),
        is_repeat=found.is_repeat,
        version=found.version,
    )
    if posted and form.is_valid():
        try:
            dealers.change_claim(
                viewer=viewer,
                public_id=public_id,
                given=form.given(),
                expected_version=form.cleaned_data["version"],
                now=timezone.now(),
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved, and priced anew."))
            return redirect("settlement:claim", public_id)
    context = {
        "claim": found,
        "form": form,
        "action": {"button": _("Save")},
        "back_url": reverse("settlement:claim", args=[public_id]),
        "page_title": _("Write on the claim"),
        "crumbs": _crumbs(found),
    }
    return render(request, "settlement/claim_edit.html", context, status=422 if form.errors else 200)


def _crumbs(claim: Claim) -> list[tuple[str, str]]:
    page = reverse("settlement:claim", args=[claim.public_id])
    return [(reverse("settlement:claims"), _("Claims")), (page, claim.number or _("Draft of a claim"))]


@require_http_methods(["GET", "POST"])
def act(request: Request, public_id: str, verb: str) -> HttpResponse:
    """The form of a step, and taking it. A refusal of input is shown at its field and nothing typed is lost."""
    action = ACTIONS.get(verb)
    if action is None:
        raise Http404
    viewer = request.viewer
    found = claims.one(viewer, public_id)
    posted = request.method == "POST"
    if posted and expected_version(request) != found.version:
        raise claims.stale(viewer, found)  # before the right is asked: who was faster, and how it stands now
    rights.require(viewer, f"claim.{verb}", found)
    if verb in limits.BEYOND and verb in limits.closed_steps(viewer, found, limits.approvals(viewer, found)):
        raise Refused("wrong_state", status=409)
    form = action.form(request.POST if posted else None, viewer=viewer, claim=found)
    if take(request, action, form, public_id):
        return HttpResponseRedirect(next_url(request) or reverse("settlement:claim", args=[public_id]))
    context = {
        "claim": found,
        "action": action,
        "form": form,
        "back_url": reverse("settlement:claim", args=[public_id]),
        "page_title": action.title,
        "crumbs": _crumbs(found),
    }
    return render(request, "settlement/claim_act.html", context, status=422 if form.is_bound else 200)
