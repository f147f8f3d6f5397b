"""Pages of the policies of warranty: by manufacturer, one with its versions, writing, putting in force (domain.md 4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import rights
from core.errors import Refused
from core.forms import DayField, Form, apply_refusal
from core.paging import Page
from core.tables import Column, render_list, table_of
from equipment.enums import VersionState
from equipment.explain import policies as words
from equipment.forms.policies import PolicyForms, ScopeForm
from equipment.models import WarrantyPolicy, WarrantyVersion
from equipment.operations import warranty as writing
from equipment.queries import catalogue, sections, warranty
from equipment.views.customers import draft_key
from partners.access import Request
from partners.models import Organisation


@dataclass(frozen=True)
class Row:
    """One policy in the list, ready to show."""

    url: str
    name: str
    scope: str
    rank: Any
    state: str
    state_label: Any
    days: str
    draft: bool


class MakerFilter(Form):
    """Whose policies are shown."""

    maker = forms.ChoiceField(label=gettext_lazy("Manufacturer"), required=False)


class EndForm(Form):
    """The last day of a version that ends without a successor."""

    last_day = DayField(label=gettext_lazy("Last day of reports"))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


@require_GET
def policy_list(request: Request) -> HttpResponse:
    """The policies of one manufacturer with state and range."""
    viewer = request.viewer
    rights.require(viewer, "policy.read")
    makers = catalogue.makers(viewer)
    maker = next((one for one in makers if one.public_id == request.GET.get("maker")), makers[0] if makers else None)
    if maker is None:
        return render(request, "equipment/no_maker.html", {"page_title": _("Warranty policies")})
    filters = MakerFilter(request.GET)
    fields: Any = filters.fields
    fields["maker"].choices = [(one.public_id, one.label) for one in makers]
    rows = [_row(policy) for policy in warranty.policies(viewer, maker.id)]
    may_write = rights.may(viewer, "policy.write", maker.id)
    add_url = f"{reverse('equipment:policy_new')}?maker={maker.public_id}" if may_write else ""
    table = table_of(
        request,
        Page(rows, len(rows), ""),
        caption=_("Warranty policies"),
        columns=[
            Column("name", _("Policy")),
            Column("scope", _("For")),
            Column("rank", _("Found")),
            Column("state", _("State")),
            Column("days", _("For reports")),
        ],
        empty=(
            _("%(maker)s has no policy here yet: warranty is judged by hand.") % {"maker": maker.label},
            add_url,
            _("New policy") if add_url else "",
        ),
    )
    context = {
        "table": table,
        "rows_template": "equipment/_policy_rows.html",
        "filters": filters if len(makers) > 1 else None,
        "maker": maker,
        "add_url": add_url,
        "page_title": _("Warranty policies"),
    }
    return render_list(request, "equipment/policies.html", context)


@require_http_methods(["GET", "POST"])
def new_policy(request: Request) -> HttpResponse:
    """Write a policy with its first version, a draft."""
    viewer = request.viewer
    maker = catalogue.maker(viewer, request.GET.get("maker", ""))
    rights.require(viewer, "policy.write", maker.id)
    data = request.POST or None
    scope = ScopeForm(data, viewer=viewer, manufacturer_id=maker.id)
    form = PolicyForms(data, scope=scope)
    if request.method == "POST" and form.is_valid():
        try:
            made = writing.add_policy(
                viewer=viewer, manufacturer_id=maker.id, scope=scope.facts(), terms=form.facts(), now=timezone.now()
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect("equipment:policy", made.public_id)
    return _form_page(request, _("New policy"), maker, _list_of(maker), form, scope=scope, terms=form)


@require_GET
def policy_page(request: Request, public_id: str) -> HttpResponse:
    """One policy: for which machines, its versions, and what each changed."""
    viewer = request.viewer
    rights.require(viewer, "policy.read")
    policy = warranty.one(viewer, public_id)
    versions = warranty.versions_of(policy)
    may_write = rights.may(viewer, "policy.write", policy)
    shown = [
        {
            "row": version,
            "days": words.days(version),
            "lines": words.lines(version),
            "changes": words.differences(before, version) if before is not None else [],
            "before": before,
        }
        for version, before in zip(versions, [*versions[1:], None], strict=True)
    ]
    context = {
        "policy": policy,
        "scope": words.scope(policy),
        "rank": policy.scope.rank.label,
        "versions": shown,
        "has_draft": any(version.state == VersionState.DRAFT for version in versions),
        "may_write": may_write,
        "stands": any(version.state != VersionState.DRAFT for version in versions),
        "page_title": policy.name,
        "crumbs": [_list_of(policy.manufacturer)],
    }
    return render(request, "equipment/policy.html", context)


@require_http_methods(["GET", "POST"])
def edit_policy(request: Request, public_id: str) -> HttpResponse:
    """Change name and machines; of a policy that has been in force the name alone."""
    viewer = request.viewer
    policy = warranty.one(viewer, public_id)
    rights.require(viewer, "policy.write", policy)
    form = ScopeForm(
        request.POST or None,
        initial=ScopeForm.initial_of(policy),
        viewer=viewer,
        manufacturer_id=policy.manufacturer_id,
    )
    page = reverse("equipment:policy", args=[public_id])
    if request.method == "POST" and form.is_valid():
        try:
            writing.change_policy(
                viewer=viewer,
                public_id=public_id,
                scope=form.facts(),
                expected_version=form.cleaned_data["version"] or 0,
                now=timezone.now(),
            )
        except Refused as refusal:
            _or_stale(form, refusal)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": form.cleaned_data["name"]})
            return redirect(page)
    return _form_page(request, _("For which machines"), policy.manufacturer, (page, policy.name), form, scope=form)


@require_http_methods(["GET", "POST"])
def write_draft(request: Request, public_id: str) -> HttpResponse:
    """Write the draft of a policy; without one, begin it from the latest version."""
    viewer = request.viewer
    policy = warranty.one(viewer, public_id)
    rights.require(viewer, "policy.write", policy)
    versions = warranty.versions_of(policy)
    draft = next((version for version in versions if version.state == VersionState.DRAFT), None)
    initial = PolicyForms.initial_of(draft or versions[0]) if versions else {}
    if draft is None:
        initial |= {"version": None, "valid_from": None, "valid_until": None}
    terms = PolicyForms(request.POST or None, initial=initial)
    page = reverse("equipment:policy", args=[public_id])
    if request.method == "POST" and terms.is_valid():
        try:
            writing.write_draft(
                viewer=viewer,
                public_id=public_id,
                terms=terms.facts(),
                expected_version=terms.terms.cleaned_data["version"],
                now=timezone.now(),
            )
        except Refused as refusal:
            if refusal.status == 409:
                terms.terms.add_error(None, str(refusal))
            else:
                terms.refuse(refusal)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect(page)
    title = _("Edit the draft") if draft else _("New version")
    return _form_page(request, title, policy.manufacturer, (page, policy.name), terms, terms=terms)


@require_http_methods(["GET", "POST"])
def put_in_force(request: Request, public_id: str) -> HttpResponse:
    """Ask before a version comes into force (public_id is the version's): what it changes, and what a trial has shown."""
    viewer = request.viewer
    version = warranty.version(viewer, public_id)
    policy = warranty.one(viewer, version.policy.public_id)
    rights.require(viewer, "policy.write", policy)
    problem = ""
    if request.method == "POST":
        try:
            writing.put_in_force(
                viewer=viewer, public_id=public_id, expected_version=_version(request), now=timezone.now()
            )
        except Refused as refusal:
            if refusal.code not in ("version_begins_early", "stale"):
                raise
            problem = str(refusal)
        else:
            messages.success(request, _("Version %(n)s is in force.") % {"n": version.number})
            return redirect("equipment:policy", policy.public_id)
    elif version.state != VersionState.DRAFT:
        return redirect("equipment:policy", policy.public_id)
    before = next((row for row in warranty.versions_of(policy) if row.state == VersionState.IN_FORCE), None)
    context = {
        "version": version,
        "policy": policy,
        "lines": words.lines(version),
        "changes": words.differences(before, version) if before else [],
        "before": before,
        "sections": sections.collect(sections.of_version, viewer, version),
        "problem": problem,
        "has_errors": bool(problem),
        "page_title": _("Put version %(n)s in force?") % {"n": version.number},
        "crumbs": [(reverse("equipment:policy", args=[policy.public_id]), policy.name)],
    }
    return render(request, "equipment/policy_force.html", context, status=422 if problem else 200)


@require_POST
def discard(request: Request, public_id: str) -> HttpResponse:
    """Throw a draft away (public_id is the version's)."""
    viewer = request.viewer
    maker = warranty.version(viewer, public_id).policy.manufacturer
    policy = writing.discard_draft(viewer=viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("The draft is gone."))
    return redirect("equipment:policy", policy.public_id) if policy is not None else redirect(_list_of(maker)[0])


@require_http_methods(["GET", "POST"])
def end(request: Request, public_id: str) -> HttpResponse:
    """Let the version in force end without a successor (public_id is the version's)."""
    viewer = request.viewer
    version = warranty.version(viewer, public_id)
    rights.require(viewer, "policy.write", version.policy)
    form = EndForm(request.POST or None, initial={"version": version.version})
    page = reverse("equipment:policy", args=[version.policy.public_id])
    if request.method == "POST" and form.is_valid():
        try:
            writing.end_version(
                viewer=viewer,
                public_id=public_id,
                last_day=form.cleaned_data["last_day"],
                expected_version=form.cleaned_data["version"],
                now=timezone.now(),
            )
        except Refused as refusal:
            _or_stale(form, refusal)
        else:
            messages.success(request, _("The version ends on %(day)s.") % {"day": form.cleaned_data["last_day"]})
            return redirect(page)
    context = {
        "form": form,
        "page_title": _("End this version"),
        "crumbs": [(page, version.policy.name)],
        "cancel_url": page,
        "draft": "",
        "maker": version.policy.manufacturer,
    }
    return render(request, "equipment/catalogue_form.html", context, status=422 if form.errors else 200)


def _row(policy: WarrantyPolicy) -> Row:
    versions = warranty.versions_of(policy)
    leading: WarrantyVersion | None = next(
        (version for version in versions if version.state == VersionState.IN_FORCE), versions[0] if versions else None
    )
    state = VersionState(leading.state) if leading else VersionState.DRAFT
    return Row(
        url=reverse("equipment:policy", args=[policy.public_id]),
        name=policy.name,
        scope=words.scope(policy),
        rank=policy.scope.rank.label,
        state=state.value,
        state_label=state.label,
        days=words.days(leading) if leading else "",
        draft=state != VersionState.DRAFT and any(version.state == VersionState.DRAFT for version in versions),
    )


def _or_stale(form: Form, refusal: Refused) -> None:
    """A refusal beside its field; that somebody else wrote meanwhile is said on top, and nothing typed is lost."""
    if refusal.code == "stale":
        form.add_error(None, str(refusal))
    else:
        apply_refusal(form, refusal)


def _list_of(maker: Organisation) -> tuple[str, str]:
    return f"{reverse('equipment:policies')}?maker={maker.public_id}", _("Warranty policies")


def _version(request: Request) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _form_page(
    request: Request,
    title: str,
    maker: Organisation,
    way_back: tuple[str, str],
    form: ScopeForm | PolicyForms,
    *,
    scope: ScopeForm | None = None,
    terms: PolicyForms | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "scope": scope,
        "terms": terms,
        "page_title": title,
        "crumbs": [way_back],
        "cancel_url": way_back[0],
        "draft": draft_key(request),
        "maker": maker,
    }
    return render(request, "equipment/policy_form.html", context, status=422 if form.errors else 200)
