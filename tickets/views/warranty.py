"""Warranty of a ticket: proofs, judging anew, goodwill, another start; the trial of a policy (domain.md 4.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import rights
from core.calendars import local_date
from core.errors import NotFound, Refused
from core.forms import Form, apply_refusal
from core.models import public_id as random_key
from core.rights import Sight
from core.tenancy import Viewer
from equipment.models import Machine, WarrantyVersion
from equipment.queries.sections import Section
from partners.access import Request
from partners.queries import jobs as job_queries
from partners.views import jobs
from tickets.calculations.judgement import Judgement, summary
from tickets.explain import warranty as words
from tickets.forms.warranty import AnswerForm, GoodwillForm, ProofForm, StartForm
from tickets.models import Slip, Ticket, WarrantyRequest
from tickets.operations import judge, prove, try_policy, warranty_requests
from tickets.queries import tickets, trials, warranty

MAX_BYTES = 20_000_000


@dataclass(frozen=True)
class Shown:
    """The warranty of a ticket or slip for its page."""

    outcome: str
    outcome_label: str
    lines: list[words.Line]
    several: bool

    @property
    def chip(self) -> str:
        """Code of the chip."""
        return f"warranty_{self.outcome}" if self.outcome else "new"


def shown(row: Ticket | Slip) -> Shown:
    """What was found, ready to show."""
    return replace(in_words(warranty.judgements(row)), outcome=row.warranty, outcome_label=words.result(row.warranty))


def in_words(found: Sequence[Judgement]) -> Shown:
    """Judgements, ready to show."""
    lines, outcome = words.lines(found), summary(found)
    return Shown(outcome, words.result(outcome), lines, len(lines) > 1)


def section(viewer: Viewer, ticket: Ticket) -> dict[str, Any]:
    """The part of a ticket's page: result and reason, proofs, requests, and what the viewer may do."""
    asked = warranty.requests(viewer, ticket)
    open_kinds = {row.kind for row in asked if row.state == "asked"}
    return {
        "shown": shown(ticket),
        "proofs": warranty.evidence(viewer, ticket),
        "requests": asked,
        "shows_money": rights.sight(viewer, "ticket.money", ticket) is Sight.FULL,
        "may_prove": rights.may(viewer, "ticket.prove", ticket),
        "may_judge": rights.may(viewer, "ticket.judge", ticket),
        "may_ask_goodwill": "goodwill" not in open_kinds
        and rights.may(viewer, "ticket.ask_goodwill", ticket)
        and warranty_requests.goodwill_possible(ticket),
        "may_ask_start": "start" not in open_kinds
        and ticket.shared_with_maker
        and bool(ticket.judgement)
        and rights.may(viewer, "ticket.ask_start", ticket),
        "may_answer": rights.may(viewer, "ticket.answer_request", ticket),
        "person_id": viewer.person_id,
    }


@require_http_methods(["GET", "POST"])
def proof(request: Request, public_id: str) -> HttpResponse:
    """Add a proof with its photo."""
    viewer = request.viewer
    ticket = tickets.one(viewer, public_id)
    rights.require(viewer, "ticket.prove", ticket)
    machines = tickets.machines(viewer, ticket)
    form = ProofForm(request.POST or None, request.FILES or None, machines=machines, initial={"op": random_key()})

    def save(data: dict[str, Any]) -> None:
        upload = data.pop("photo")
        if upload.size > MAX_BYTES:
            raise Refused("image_too_large", field="photo")
        given = prove.Proof(**data, photo=upload.read())
        prove.prove(viewer=viewer, public_id=public_id, proof=given, now=timezone.now())

    explain = _("A date counts as proved once its paper is here. The photo stays on the ticket.")
    return _page(request, ticket, form, save, _("Proof of a date"), _("Add the proof"), explain)


@require_POST
def withdraw(request: Request, public_id: str) -> HttpResponse:
    """Take a proof away."""
    found = prove.withdraw_proof(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("The proof is withdrawn."))
    return redirect("tickets:ticket", found.ticket.public_id)


@require_POST
def again(request: Request, public_id: str) -> HttpResponse:
    """Judge anew, after a policy came into force."""
    ticket = judge.judge_again(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("Judged anew: %(result)s.") % {"result": words.result(ticket.warranty)})
    return redirect("tickets:ticket", public_id)


@require_http_methods(["GET", "POST"])
def goodwill(request: Request, public_id: str) -> HttpResponse:
    """The office proposes goodwill."""
    viewer = request.viewer
    ticket = tickets.one(viewer, public_id)
    rights.require(viewer, "ticket.ask_goodwill", ticket)

    def save(data: dict[str, Any]) -> None:
        warranty_requests.propose_goodwill(viewer=viewer, public_id=public_id, now=timezone.now(), **data)

    explain = _("The manufacturer's reviewer agrees or declines. Dealer and office are told.")
    return _page(
        request, ticket, GoodwillForm(request.POST or None), save, _("Propose goodwill"), _("Propose"), explain
    )


@require_http_methods(["GET", "POST"])
def start(request: Request, public_id: str) -> HttpResponse:
    """The dealer applies for another start of the period."""
    viewer = request.viewer
    ticket = tickets.one(viewer, public_id)
    rights.require(viewer, "ticket.ask_start", ticket)
    form = StartForm(request.POST or None, machines=tickets.machines(viewer, ticket))

    def save(data: dict[str, Any]) -> None:
        warranty_requests.ask_start(viewer=viewer, public_id=public_id, now=timezone.now(), **data)

    explain = _(
        "For machines that stood in stock for long. A paper that proves when it went out has to be on the ticket."
    )
    return _page(request, ticket, form, save, _("Another start of the period"), _("Apply"), explain)


@require_http_methods(["GET", "POST"])
def answer(request: Request, public_id: str) -> HttpResponse:
    """HQ answers a request (public_id is the request's)."""
    viewer = request.viewer
    found = warranty.request(viewer, public_id)
    ticket = tickets.one(viewer, found.ticket.public_id)
    rights.require(viewer, "ticket.answer_request", ticket)
    form = AnswerForm(request.POST or None, initial={"version": found.version})

    def save(data: dict[str, Any]) -> None:
        warranty_requests.answer_request(
            viewer=viewer,
            public_id=public_id,
            granted=data["decision"] == "granted",
            answer=data["answer"],
            expected_version=data["version"],
            now=timezone.now(),
        )

    return _page(request, ticket, form, save, _("Answer the request"), _("Answer"), asked(found))


def asked(request: WarrantyRequest) -> str:
    """A request in one sentence."""
    facts = {"kind": request.get_kind_display(), "who": request.asked_by, "reason": request.reason}
    return _("%(kind)s, asked by %(who)s: %(reason)s") % facts


def machine_section(viewer: Viewer, machine: Machine) -> Section | None:
    """What tickets add to a machine's page: its warranty as of today, with the reason."""
    found = warranty.of_machine(viewer, machine, local_date(timezone.now()))
    return Section("tickets/_machine_warranty.html", {"shown": in_words([found])})


def trial_section(viewer: Viewer, version: WarrantyVersion) -> Section | None:
    """What tickets add to the page where a draft is put in force: its trial on last year's tickets."""
    if not rights.may(viewer, "policy.write", version.policy):
        return None
    trial = trials.of_version(viewer, version)
    found: dict[str, Any] = {"version": version, "trial": trial, "days": try_policy.DAYS}
    if trial is not None:
        mine = trial.person_id == viewer.person_id
        rows = [
            Outcomes(words.result(was), words.result(then), number, was != then) for was, then, number in trial.counts
        ]
        found |= {
            "job": jobs.progress(job_queries.one(viewer, trial.job)) if mine and trial.finished_at is None else None,
            "result_url": reverse("partners:task_result", args=[trial.job]) if mine else "",
            "stale": trial.draft_version != version.version,
            "rows": sorted(rows, key=lambda row: (not row.differs, -row.number)),
            "total": sum(row.number for row in rows if row.differs),
            "changed": [
                (row, words.result(row.was), words.result(row.then)) for row in trials.changed(viewer, trial, limit=50)
            ],
        }
    return Section("tickets/_policy_trial.html", found)


@require_POST
def try_draft(request: Request, public_id: str) -> HttpResponse:
    """Try a draft on last year's tickets (public_id is the version's)."""
    try_policy.order_trial(viewer=request.viewer, public_id=public_id, now=timezone.now())
    return redirect("equipment:policy_force", public_id)


@dataclass(frozen=True)
class Outcomes:
    """How many tickets go from one result to another with a draft."""

    was: str
    then: str
    number: int
    differs: bool


def _page(
    request: Request,
    ticket: Ticket,
    form: Form,
    save: Callable[[dict[str, Any]], None],
    title: str,
    button: str,
    explain: str,
) -> HttpResponse:
    """One small form, one operation, and back to the ticket; what was typed stays when it is refused."""
    if request.method == "POST" and form.is_valid():
        try:
            save(dict(form.cleaned_data))
        except NotFound:
            raise
        except Refused as refusal:
            if refusal.code in _SAID_HERE:
                form.add_error(None, str(refusal))
            else:
                apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("tickets:ticket", ticket.public_id)
    context = {
        "form": form,
        "ticket": ticket,
        "button": button,
        "explain": explain,
        "has_file": bool(form.is_multipart()),
        "page_title": title,
        "crumbs": [(reverse("tickets:ticket", args=[ticket.public_id]), ticket.customer_name)],
    }
    return render(request, "tickets/warranty_form.html", context, status=422 if form.errors else 200)


#: refusals of a state, said above the form in place of an error page
_SAID_HERE = {"goodwill_not_possible", "request_open", "maker_not_asked"}
