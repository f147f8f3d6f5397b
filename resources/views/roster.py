"""The roster to look at: a month, one shift, one's own duty, the log, paper and workbook, partners' duty."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import exports, public_holidays, rights, stored
from core.calendars import local_date
from core.exports import Listing
from core.paging import cut_page
from partners.access import Request
from partners.queries import organisations
from resources.calculations.hours import midnight
from resources.models import DutyShift
from resources.operations.changes import undo_change
from resources.queries import changes, duty, month, roster, swaps
from resources.queries.words import shift_words, span_words
from resources.tables import SHEET_COLUMNS

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LATEST = 5  # lines of the log under the calendar


@dataclass(frozen=True)
class Gap:
    """Hours without anybody, and where they are filled: one shift by the form, more than a day by rotation."""

    words: str
    fill_url: str


@require_GET
def month_page(request: Request) -> HttpResponse:
    """A month as calendar (on phones as list), who is on duty now, what is not covered in the next 30 days, what was changed last."""
    viewer, now = request.viewer, timezone.now()
    rights.require(viewer, "duty.read")
    first, today = _month(request, now), local_date(now)
    may_plan = rights.may(viewer, "duty.plan")
    ahead = roster.ahead(viewer, now)
    begin, end = month.month_days(first)
    shifts = roster.between(viewer, midnight(begin), midnight(end + timedelta(days=1)))
    context = {
        "page_title": _("Duty roster"),
        "month": f"{first:%Y-%m}",
        "weeks": month.calendar(first, shifts, ahead.bars, ahead.days, today=today, me=viewer.person_id, now=now),
        "month_url": month_url(first),
        "previous_url": month_url(first - timedelta(days=1)),
        "next_url": month_url(first + timedelta(days=32)),
        "this_url": "" if first == today.replace(day=1) else reverse("resources:roster"),
        "duty": duty.on_duty(viewer, now)[0],
        "gaps": [_gap(span) for span in ahead.gaps],
        "holidays": [
            (f"{period.first:%m-%d}", f"{period.last:%m-%d}", [span_words(span) for span in missing])
            for period, missing in ahead.open_holidays
        ],
        "bars": [month.bar_row(bar, ahead.days) for bar in ahead.bars],
        "swaps": [swaps.row(swap, now) for swap in swaps.open_ones(viewer, now)],
        "changes": [changes.row(change, may_undo=may_plan, now=now) for change in changes.latest(viewer, LATEST)],
        "may_plan": may_plan,
        "plan_url": reverse("resources:rotation") if may_plan else "",
        "may_set": rights.may(viewer, "duty.settings"),
    }
    return render(request, "resources/month.html", context)


@require_GET
def shift_page(request: Request, public_id: str) -> HttpResponse:
    """One shift with its people, its hand-over note, what was done to it, and what the viewer may do."""
    viewer, now = request.viewer, timezone.now()
    rights.require(viewer, "duty.read")
    shift = roster.one(viewer, public_id)
    may_plan = rights.may(viewer, "duty.plan")
    begun = shift.starts_at <= now
    open_swap = next((s for s in swaps.open_ones(viewer, now) if shift.pk in (s.shift_id, s.other_id)), None)
    context = {
        "shift": shift,
        "row": roster.row(shift, now=now),
        "facts": _facts(shift),
        "changes": [
            changes.row(change, may_undo=False, now=now, only=shift.pk) for change in changes.of_shift(viewer, shift)
        ],
        "may_plan": may_plan,
        "may_ask": not begun and open_swap is None and rights.may(viewer, "duty.ask", shift),
        "open_swap": swaps.row(open_swap, now) if open_swap else None,
        "page_title": shift_words(shift),
        "crumbs": [(month_url(shift.day), _("Duty roster"))],
    }
    return render(request, "resources/shift.html", context)


@require_GET
def mine(request: Request) -> HttpResponse:
    """One's own duty from now on, and the requests to swap that one takes part in."""
    viewer, now = request.viewer, timezone.now()
    rights.require(viewer, "duty.read")
    shifts = roster.mine(viewer, now)
    open_ones = swaps.open_ones(viewer, now, only_mine=True)
    asked_about = {key for swap in open_ones for key in (swap.shift_id, swap.other_id)}
    context = {
        "page_title": _("My duty"),
        "shifts": [
            (
                roster.row(shift, me=viewer.person_id, now=now),
                shift.starts_at > now and shift.pk not in asked_about and rights.may(viewer, "duty.ask", shift),
            )
            for shift in shifts
        ],
        "swaps": [swaps.row(swap, now) for swap in open_ones],
        "crumbs": [(reverse("resources:roster"), _("Duty roster"))],
    }
    return render(request, "resources/mine.html", context)


@require_GET
def change_list(request: Request) -> HttpResponse:
    """The whole log, newest first: who, when, from whom to whom."""
    viewer, now = request.viewer, timezone.now()
    rights.require(viewer, "duty.read")
    page = cut_page(request.GET, changes.listing(viewer), orders=changes.ORDERS, default="-at")
    may_plan = rights.may(viewer, "duty.plan")
    context = {
        "changes": [changes.row(change, may_undo=may_plan, now=now) for change in page.rows],
        "newer_url": f"?before={page.before}" if page.before else "",
        "older_url": f"?after={page.after}" if page.after else "",
        "page_title": _("Changes of the roster"),
        "crumbs": [(reverse("resources:roster"), _("Duty roster"))],
    }
    return render(request, "resources/changes.html", context)


@require_POST
def undo(request: Request, public_id: str) -> HttpResponse:
    """Take a change back."""
    made = undo_change(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("Undone. The log has it."))
    days = [(line["after"] or line["before"])["day"] for line in made.lines]
    return redirect(month_url(date.fromisoformat(min(days))))


@require_GET
def partners(request: Request) -> HttpResponse:
    """For offices and headquarters: who is on duty now at each dealer, with the number to call."""
    viewer, now = request.viewer, timezone.now()
    rights.require(viewer, "duty.partners")
    context = {"rows": duty.on_duty(viewer, now), "now": now, "page_title": _("On duty at our dealers")}
    return render(request, "resources/partners.html", context)


@require_GET
def paper(request: Request) -> HttpResponseBase:
    """The month as PDF, A4 across."""
    from resources.documents.roster_pdf import roster_pdf

    viewer, now = request.viewer, timezone.now()
    rights.require(viewer, "duty.read")
    first = _month(request, now)
    begin, end = month.month_days(first)
    shifts = roster.between(viewer, midnight(begin), midnight(end + timedelta(days=1)))
    weeks = month.calendar(first, shifts, (), public_holidays.working_days(), today=local_date(now), me=None, now=now)
    content = roster_pdf(weeks, first=first, dealer=organisations.own(viewer), now=now)
    name = f"{_('Duty roster')}-{first:%Y-%m}.pdf"
    return stored.answer_bytes(content, content_type="application/pdf", as_name=name)


@require_GET
def workbook(request: Request) -> HttpResponse:
    """The month as Excel, one shift a row."""
    viewer, now = request.viewer, timezone.now()
    rights.require(viewer, "duty.read")
    first = _month(request, now)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    listing = Listing(f"{_('Duty roster')} {first:%Y-%m}", SHEET_COLUMNS, roster.standing(viewer), roster.row)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        exports.write(listing, path, iter([list(roster.of_days(viewer, first, last))]))
        content = path.read_bytes()
    response = HttpResponse(content, content_type=SHEET)
    name = f"{_('Duty roster')}-{first:%Y-%m}.xlsx"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


def _month(request: Request, now: datetime) -> date:
    """The first day of the month in the address (?month=2026-10); of the present one when there is none or nonsense."""
    try:
        found = datetime.strptime(request.GET.get("month", ""), "%Y-%m").date()  # noqa: DTZ007  # a month has no zone
    except ValueError:
        return local_date(now).replace(day=1)
    return found if 2000 <= found.year <= 2100 else local_date(now).replace(day=1)


def month_url(day: date) -> str:
    """The page of the month in which a day lies."""
    return f"{reverse('resources:roster')}?month={day:%Y-%m}"


def _gap(span: tuple[datetime, datetime]) -> Gap:
    starts, ends = (timezone.localtime(moment) for moment in span)
    if ends - starts > timedelta(days=1):
        last = (ends - timedelta(minutes=1)).date()
        return Gap(span_words(span), f"{reverse('resources:rotation')}?first={starts.date()}&last={last}")
    hours = f"starts={starts:%H:%M}&ends={ends:%H:%M}"
    return Gap(span_words(span), f"{reverse('resources:shift_new')}?day={starts.date()}&kind=custom&{hours}")


def _facts(shift: DutyShift) -> list[tuple[str, Any]]:
    return [
        (_("Deputy"), shift.deputy.name if shift.deputy else ""),
        (_("Leader on duty"), shift.leader.name if shift.leader else ""),
        (_("Hand-over note"), shift.note),
    ]
