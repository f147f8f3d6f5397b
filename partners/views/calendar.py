"""Public holidays: all read them, the platform enters the year that the State Council has published."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import public_holidays, rights
from core.calendars import local_date
from core.errors import NotFound, Refused
from core.forms import apply_refusal
from partners.access import Request
from partners.forms import CalendarYearForm
from partners.operations.calendar import FIRST, LAST, set_year
from partners.queries import calendar


@require_GET
def years(request: Request) -> HttpResponse:
    """Every year with its days off and the weekend days that are worked."""
    rights.require(request.viewer, "calendar.read")
    today = local_date(timezone.now())
    found = calendar.years(request.viewer, today)
    context = {
        "page_title": _("Public holidays"),
        "years": [
            {
                "year": item.year,
                "known": item.known,
                "entered": item.entered,
                "changed_by": item.changed_by,
                "off": [_span(first, last) for first, last in calendar.spans(item.off)],
                "work": [f"{day:%m-%d}" for day in item.work],
            }
            for item in found
        ],
        "missing": public_holidays.missing(today, (item.year for item in found if item.known)),
        "may_set": rights.may(request.viewer, "calendar.set"),
    }
    return render(request, "partners/calendar.html", context)


@require_http_methods(["GET", "POST"])
def year(request: Request, year: int) -> HttpResponse:
    """The days of one year, as they are copied from the notice of the State Council."""
    viewer = request.viewer
    rights.require(viewer, "calendar.set")
    if not FIRST <= year <= LAST:
        raise NotFound
    known = calendar.one(viewer, year)
    initial = {
        "off": "\n".join(_typed(first, last) for first, last in calendar.spans(known.off)),
        "work": "\n".join(f"{day:%Y-%m-%d}" for day in known.work),
    }
    form = CalendarYearForm(request.POST or None, year=year, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_year(
                viewer=viewer,
                year=year,
                off=form.cleaned_data["off"],
                work=form.cleaned_data["work"],
                now=timezone.now(),
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(
                request, _("%(year)s is entered. Running clocks with office hours are reckoned anew.") % {"year": year}
            )
            return redirect("partners:calendar")
    context = {
        "form": form,
        "page_title": _("Public holidays %(year)s") % {"year": year},
        "lead": _("Clocks that were met stay as they were."),
        "button": _("Save"),
        "crumbs": [(reverse("partners:calendar"), _("Public holidays"))],
        "back_url": reverse("partners:calendar"),
    }
    return render(request, "partners/form.html", context, status=422 if form.errors else 200)


def _span(first: date, last: date) -> str:
    return f"{first:%m-%d}" if first == last else f"{first:%m-%d}–{last:%m-%d}"


def _typed(first: date, last: date) -> str:
    return f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d}–{last:%Y-%m-%d}"
