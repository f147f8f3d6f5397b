"""时效统计: how the promises were kept, month by month, with charts that the server draws and the printer prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from core import rights
from core.charts import BarChart, MonthChart, bar_chart, month_chart
from core.errors import Sentence
from core.exports import Listing
from core.paging import Page
from core.tables import Column, Table, table_of
from core.tenancy import Tier, Viewer
from partners.access import Request
from tickets.enums import CityTier, ClockBucket, ClockKind, LateReason
from tickets.forms.rates import RateFilters
from tickets.models import Clock
from tickets.queries import rates
from tickets.queries.clocks import length
from tickets.queries.rates import Figure, Kept, Part


@dataclass(frozen=True)
class Row:
    """One line of the table: a promise, the other side, a city tier. url: the tickets of these months and that side."""

    kind: str
    partner: str
    tier: str
    due: str
    in_time: str
    rate: str
    median: str
    p90: str
    appointment: str
    paused: str
    answered: str
    url: str = ""


@dataclass(frozen=True)
class Section:
    """One promise as the page shows it."""

    kind: str
    title: Any
    total: Figure
    rate: str
    late: int
    median: str
    p90: str
    apart: str
    by_month: MonthChart
    times: MonthChart


def _columns(viewer: Viewer) -> list[Column]:
    return [
        Column("partner", _("Manufacturer") if viewer.tier is Tier.DEALER else _("Dealer")),
        Column("kind", _("Promise")),
        Column("tier", _("City tier")),
        Column("due", pgettext("promise", "Due"), numeric=True),
        Column("in_time", _("In time"), numeric=True),
        Column("rate", _("Rate"), numeric=True),
        Column("median", _("Median"), numeric=True),
        Column("p90", _("90th percentile"), numeric=True),
        *(Column(bucket.value, bucket.label, numeric=True) for bucket in _APART),
    ]


_APART = (ClockBucket.APPOINTMENT, ClockBucket.PAUSED, ClockBucket.ANSWERED)


def export(viewer: Viewer, params: QueryDict) -> Listing:
    """The table for its export."""
    rights.require(viewer, "rates.read")
    filters = RateFilters(params or None, viewer=viewer)
    found = rates.rates(viewer, filters.facts(), timezone.now())
    none = Clock.objects.visible_to(viewer).none()
    return Listing(_("Promises kept"), _columns(viewer), none, lambda row: row, figures=_rows(filters, found))


@require_GET
def board(request: Request) -> HttpResponse:
    """Rates, median and 90th percentile of the promises that the viewer may see. htmx gets the figures without the frame."""
    viewer = request.viewer
    rights.require(viewer, "rates.read")
    filters = RateFilters(request.GET or None, viewer=viewer)
    facts = filters.facts()
    found = rates.rates(viewer, facts, timezone.now())
    rows = _rows(filters, found)
    context = {
        "filters": filters,
        "table": _table(request, filters, rows),
        "rows_template": "tickets/_rate_rows.html",
        "sections": [_section(kind, kept, facts.months) for kind, kept in found.kept.items()],
        "late": _late(found.late) if found.late else None,
        "without_reason": found.late.get("", 0),
        "months": f"{facts.since:%Y-%m} – {facts.until:%Y-%m}",
        "page_title": _("Promises kept"),
    }
    whole = not request.htmx or request.htmx.history_restore_request
    response = render(request, "tickets/rates.html" if whole else "tickets/_rates.html", context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _table(request: Request, filters: RateFilters, rows: list[Row]) -> Table:
    return table_of(
        request,
        Page(rows, len(rows), sort=""),
        caption=_("Promises by organisation and city tier"),
        columns=_columns(request.viewer),
        filters=filters if filters.is_bound else (),
        empty=(_("No promise fell due in these months. What tickets promise appears here by itself."), "", ""),
        none_found=_("No promise that fell due fits these filters."),
        clear_label=_("Clear the filters"),
        export="rates",
    )


def _rows(filters: RateFilters, found: rates.Rates) -> list[Row]:
    facts = filters.facts()
    names = {pk: (public_id, words) for pk, public_id, words in filters.partners}
    rows = []
    for kind, kept in found.kept.items():
        for (partner, tier), part in kept.lines.items():
            public_id, words = names.get(partner, ("", ""))
            rows.append(_row(kind, words, tier, part, _tickets(public_id, facts)))
    return sorted(rows, key=lambda row: row.partner)  # the promises stay in their order


def _row(kind: ClockKind, partner: str, tier: str, part: Part, url: str) -> Row:
    figure = part.figure
    return Row(
        kind=str(_TITLES[kind]),
        partner=partner,
        tier=str(CityTier(tier).label) if tier else "",
        due=str(figure.due),
        in_time=str(figure.in_time),
        rate=percent(figure),
        median=span(figure.median),
        p90=span(figure.p90),
        url=url,
        **{bucket.value: _counted(part.apart.get(bucket.value)) for bucket in _APART},
    )


def _tickets(partner: str, facts: rates.Filters) -> str:
    """The list of tickets of that side, reported in these months."""
    last = rates.month_after(facts.until) - timedelta(days=1)
    query = {"state": "all", "partner": partner, "since": facts.since.isoformat(), "until": last.isoformat()}
    return f"/tickets/?{urlencode(query)}" if partner else ""


# ── words and drawings ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def percent(figure: Figure, places: int = 1) -> str:
    """The rate as text, "96.4 %"; 100 only where all were in time; "" where nothing was due."""
    if figure.rate is None:
        return ""
    if figure.in_time == figure.due:
        return "100 %"
    return f"{min(figure.rate, 100 - 10**-places):.{places}f} %"


def span(minutes: float | None) -> str:
    """A time in hours and minutes: "3:25"; "" for none."""
    return "" if minutes is None else length(timedelta(minutes=round(minutes)))


def _counted(figure: Figure | None) -> str:
    return "" if figure is None else f"{figure.in_time}/{figure.due}"


def _apart(part: Part) -> str:
    words = [
        _("%(what)s: %(in_time)s of %(due)s in time")
        % {"what": bucket.label, "in_time": figure.in_time, "due": figure.due}
        for bucket, figure in rates.buckets(part)
    ]
    return "; ".join(words)


def _section(kind: ClockKind, kept: Kept, months: list[date]) -> Section:
    total, title = kept.total.figure, str(_TITLES[kind])
    figures = [kept.months.get(month, Figure()) for month in months]
    words = list(_month_words(months))
    return Section(
        kind=kind.value,
        title=title,
        total=total,
        rate=percent(total) or "–",
        late=total.due - total.in_time,
        median=span(total.median) or "–",
        p90=span(total.p90) or "–",
        apart=_apart(kept.total),
        by_month=month_chart(
            id=f"{kind.value}-rate",
            title=_("%(promise)s: in time, by month") % {"promise": title},
            description=_described(months, figures, percent),
            months=words,
            scale=[(value, f"{value} %") for value in (0, 50, 100)],
            columns=(_("In time"), [(figure.rate, percent(figure, 0)) for figure in figures]),
        ),
        times=_times(kind, title, months, figures, words),
    )


def _times(
    kind: ClockKind, title: str, months: list[date], figures: list[Figure], words: list[tuple[str, str]]
) -> MonthChart:
    highest = max((figure.p90 or 0 for figure in figures), default=0)
    return month_chart(
        id=f"{kind.value}-times",
        title=_("%(promise)s: hours until it was met, by month") % {"promise": title},
        description=_described(
            months, figures, lambda figure: " / ".join(filter(None, [span(figure.median), span(figure.p90)]))
        ),
        months=words,
        scale=[(value, span(value)) for value in _scale(highest)],
        lines=[
            (_("Median"), [(figure.median, span(figure.median)) for figure in figures]),
            (_("90th percentile"), [(figure.p90, span(figure.p90)) for figure in figures]),
        ],
    )


def _scale(highest: float) -> list[float]:
    """Three lines from 0 to a round time that is not below the highest value."""
    for step in (10, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440):
        if 2 * step >= highest:
            return [0, step, 2 * step]
    step = ceil(highest / 2 / 1440) * 1440
    return [0, step, 2 * step]


def _month_words(months: Iterable[date]) -> Iterable[tuple[str, str]]:
    """The number of each month, and the year below every January and the first month, if there is room beside January."""
    for at, month in enumerate(months):
        yield f"{month.month}", f"{month.year}" if month.month == 1 or (at == 0 and month.month != 12) else ""


def _described(months: list[date], figures: list[Figure], say: Callable[[Figure], str]) -> str:
    """The values in one sentence, for those who do not see the drawing."""
    return "; ".join(
        f"{month:%Y-%m}: {words}" for month, figure in zip(months, figures, strict=True) if (words := say(figure))
    )


def _late(counted: dict[str, int]) -> BarChart:
    found = sorted(((n, reason) for reason, n in counted.items()), reverse=True)
    words = [(str(LateReason(reason).label) if reason else _("not said"), n) for n, reason in found]
    return bar_chart(
        id="late-reasons",
        title=_("Late arrivals by reason"),
        description="; ".join(f"{label}: {n}" for label, n in words),
        values=[(label, n, str(n)) for label, n in words],
        left=200,
    )


_TITLES: dict[ClockKind, Sentence] = {
    ClockKind.RESPONSE: pgettext_lazy("promise", "Response"),
    ClockKind.ARRIVAL: pgettext_lazy("promise", "Arrival"),
    ClockKind.SOLVE: pgettext_lazy("promise", "Solution"),
}
