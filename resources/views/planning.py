"""Putting people on duty: one shift, a rotation, a copied week, and the dealer's own hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core import rights
from core.calendars import local_date
from core.errors import Refused
from core.forms import apply_refusal
from core.stale import stale_page
from core.typed import day as read_day
from partners.access import Request, expected_version
from partners.queries import organisations
from resources.forms import CopyForm, RotationForm, SettingsForm, ShiftForm
from resources.models import DutyShift
from resources.operations.planning import copy_week, rotate
from resources.operations.settings import Hours, save_settings
from resources.operations.shifts import ShiftFacts, add_shift, change_shift, remove_shift
from resources.queries import planning, roster
from resources.queries.planning import Planned
from resources.queries.words import shift_words
from resources.views.roster import month_url


@require_http_methods(["GET", "POST"])
def new_shift(request: Request) -> HttpResponse:
    """Put a shift on the roster; ?day=, ?kind=, ?starts= and ?ends= fill the form in (the button "fill" of a gap)."""
    viewer = request.viewer
    rights.require(viewer, "duty.plan")
    initial = {"day": _day(request.GET.get("day", "")), **_given(request, "kind", "starts", "ends")}
    form = ShiftForm(request.POST if request.method == "POST" else None, viewer=viewer, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            shift = add_shift(viewer=viewer, facts=ShiftFacts(**form.facts()), now=timezone.now())
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("%(who)s is on duty: %(shift)s") % _words(shift))
            return redirect(month_url(shift.day))
    return _form_page(request, form, title=_("New shift"), back=month_url(initial["day"]))


@require_http_methods(["GET", "POST"])
def edit_shift(request: Request, public_id: str) -> HttpResponse:
    """Change a shift; a stale page shows both versions (409)."""
    viewer = request.viewer
    rights.require(viewer, "duty.plan")
    shift = roster.one(viewer, public_id)
    initial = ShiftForm.initial_of(shift, roster.settings(viewer))
    form = ShiftForm(request.POST if request.method == "POST" else None, viewer=viewer, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts, version = ShiftFacts(**form.facts()), form.cleaned_data["version"] or 0
        try:
            changed = change_shift(
                viewer=viewer, public_id=public_id, facts=facts, expected_version=version, now=timezone.now()
            )
        except Refused as refusal:
            if refusal.code == "stale":
                theirs = ShiftForm(viewer=viewer, initial=initial)
                return stale_page(
                    request, refusal, mine=form, theirs=theirs, version=shift.version, again_url=request.path
                )
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("%(who)s is on duty: %(shift)s") % _words(changed))
            return redirect(month_url(changed.day))
    back = reverse("resources:shift", args=[public_id])
    return _form_page(request, form, title=_("Change the shift"), back=back)


@require_POST
def remove(request: Request, public_id: str) -> HttpResponse:
    """Take a shift off the roster; the page it leads to offers to undo it."""
    shift = remove_shift(
        viewer=request.viewer, public_id=public_id, expected_version=expected_version(request), now=timezone.now()
    )
    messages.success(request, _("The shift is off the roster. It can be undone below, under the changes."))
    return redirect(month_url(shift.day))


@require_http_methods(["GET", "POST"])
def rotation(request: Request) -> HttpResponse:
    """Plan by turns: first the preview, then exactly that."""
    viewer = request.viewer
    rights.require(viewer, "duty.plan")
    first = _day(request.GET.get("first", ""))
    initial = {"first": first, "last": _day(request.GET.get("last", ""), first + timedelta(days=30))}
    asked = "people" in request.GET or "days_each" in request.GET
    form = RotationForm(request.GET if asked else None, viewer=viewer, initial=initial)

    def write(seen: str) -> list[DutyShift]:
        return rotate(viewer=viewer, wanted=form.facts(), seen=seen, now=timezone.now())

    return _plan_page(
        request, form, lambda: planning.rotation(viewer, form.facts()), write, title=_("Plan by rotation"), back=month_url(first)
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def copy(request: Request) -> HttpResponse:
    """Copy a week: first the preview, then exactly that."""
    viewer = request.viewer
    rights.require(viewer, "duty.plan")
    today = _day(request.GET.get("of", ""))
    initial = {"of": today, "into": today + timedelta(days=7)}
    form = CopyForm(request.GET if "into" in request.GET else None, initial=initial)

    def write(seen: str) -> list[DutyShift]:
        return copy_week(viewer=viewer, wanted=form.facts(), seen=seen, now=timezone.now())

    return _plan_page(
        request, form, lambda: planning.copied_week(viewer, form.facts()), write, title=_("Copy a week"), back=month_url(today)
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def settings(request: Request) -> HttpResponse:
    """The hours of each kind of shift, and who else may know who is on duty."""
    viewer = request.viewer
    rights.require(viewer, "duty.settings")
    row = roster.settings(viewer)
    form = SettingsForm(request.POST if request.method == "POST" else None, initial=SettingsForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            save_settings(
                viewer=viewer, hours=Hours(**form.hours()), shows_makers=data["shows_makers"], shows_public=data["shows_public"],
                expected_version=data["version"] or 0, now=timezone.now(),
            )  # fmt: skip
        except Refused as refusal:
            if refusal.code == "stale":
                theirs = SettingsForm(initial=SettingsForm.initial_of(row))
                version = row.version if row.pk else 0
                return stale_page(request, refusal, mine=form, theirs=theirs, version=version, again_url=request.path)
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved. Shifts that are on the roster keep their hours."))
            return redirect("resources:roster")
    context = {
        "form": form,
        "hotline": organisations.own(viewer).service_phone,
        "hotline_url": reverse("partners:own_organisation"),
        "page_title": _("Duty settings"),
        "crumbs": [(reverse("resources:roster"), _("Duty roster"))],
        "back_url": reverse("resources:roster"),
    }
    return render(request, "resources/settings.html", context, status=422 if form.errors else 200)


def _form_page(request: Request, form: ShiftForm, *, title: str, back: str) -> HttpResponse:
    hours = roster.settings(request.viewer)
    context = {
        "form": form,
        "hours": [
            (label, f"{starts:%H:%M}–{ends:%H:%M}")
            for label, (starts, ends) in (
                (_("day shift"), hours.hours_of("day")), (_("night shift"), hours.hours_of("night")), (_("whole day"), hours.hours_of("whole")),
            )
        ],
        "page_title": title,
        "crumbs": [(reverse("resources:roster"), _("Duty roster"))],
        "back_url": back,
    }  # fmt: skip
    return render(request, "resources/shift_form.html", context, status=422 if form.errors else 200)


def _plan_page(
    request: Request,
    form: RotationForm | CopyForm,
    show: Callable[[], list[Planned]],
    write: Callable[[str], list[DutyShift]],
    *,
    title: str,
    back: str,
) -> HttpResponse:
    """The form in the address, below it the preview with a button that writes it (POST to the same address)."""
    plan: Sequence[Planned] = ()
    status = 200
    if form.is_bound and form.is_valid():
        try:
            plan = show()
            if request.method == "POST":
                made = write(request.POST.get("seen", ""))
                count = len(made)
                words = ngettext("%(n)s shift is on the roster.", "%(n)s shifts are on the roster.", count) % {
                    "n": count
                }
                messages.success(request, words)
                return redirect(month_url(made[0].day))
        except Refused as refusal:
            apply_refusal(form, refusal)
            status = 422
    if form.errors:
        status = 422
    context = {
        "form": form,
        "plan": [planning.row(planned) for planned in plan],
        "free": sum(planned.free for planned in plan),
        "seen": planning.fingerprint(plan) if plan else "",
        "page_title": title,
        "crumbs": [(reverse("resources:roster"), _("Duty roster"))],
        "back_url": back,
    }
    return render(request, "resources/plan.html", context, status=status)


def _day(text: str, otherwise: date | None = None) -> date:
    """A day from the address; else `otherwise`, else today."""
    try:
        return read_day(text)
    except ValueError:
        return otherwise or local_date(timezone.now())


def _given(request: Request, *names: str) -> dict[str, Any]:
    return {name: request.GET[name] for name in names if request.GET.get(name)}


def _words(shift: DutyShift) -> dict[str, str]:
    return {"who": shift.person.name, "shift": shift_words(shift)}
