"""Pages of rate cards: by manufacturer, one with its tables, writing a draft, putting it in force (domain.md 9.1)."""

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
from core.calendars import local_date
from core.errors import Refused
from core.forms import Form
from core.money import shown
from core.paging import Page
from core.tables import Column, render_list, table_of
from equipment.queries import catalogue
from equipment.views.customers import draft_key
from partners.access import Request
from partners.models import Organisation
from settlement.calculations.cards import check, figure
from settlement.enums import CardState
from settlement.explain import cards as words
from settlement.forms.cards import FIRST, CardForms
from settlement.models import RateCard
from settlement.operations import cards as writing
from settlement.queries import cards


@dataclass(frozen=True)
class Row:
    """One card in the list, ready to show."""

    url: str
    level: str
    number: int
    state: str
    state_label: Any
    valid_from: Any
    hourly: str
    travel: Any


class MakerFilter(Form):
    """Whose cards are shown."""

    maker = forms.ChoiceField(label=gettext_lazy("Manufacturer"), required=False)


@require_GET
def card_list(request: Request) -> HttpResponse:
    """The rate cards of one manufacturer by level, every version."""
    viewer = request.viewer
    rights.require(viewer, "card.read")
    makers = catalogue.makers(viewer)
    maker = next((one for one in makers if one.public_id == request.GET.get("maker")), makers[0] if makers else None)
    if maker is None:
        return render(request, "equipment/no_maker.html", {"page_title": _("Rate cards")})
    filters = MakerFilter(request.GET)
    fields: Any = filters.fields
    fields["maker"].choices = [(one.public_id, one.label) for one in makers]
    known = cards.cards(viewer, maker.id)
    today = local_date(timezone.now())
    rows = [_row(card, cards.standing(card, known, today)) for card in known]
    may_write = rights.may(viewer, "card.write", maker.id)
    add_url = f"{reverse('settlement:card_new')}?maker={maker.public_id}" if may_write else ""
    table = table_of(
        request,
        Page(rows, len(rows), ""),
        caption=_("Rate cards"),
        columns=[
            Column("level", _("For dealers of level")),
            Column("number", _("Version"), numeric=True),
            Column("state", _("State")),
            Column("valid_from", _("For jobs finished from")),
            Column("hourly", _("A standard hour"), numeric=True),
            Column("travel", _("Travel is paid")),
        ],
        empty=(
            _("%(maker)s has no rate card here yet.") % {"maker": maker.label},
            add_url,
            _("New rate card") if add_url else "",
        ),
    )
    context = {
        "table": table,
        "rows_template": "settlement/_card_rows.html",
        "filters": filters if len(makers) > 1 else None,
        "maker": maker,
        "add_url": add_url,
        "page_title": _("Rate cards"),
    }
    return render_list(request, "settlement/cards.html", context)


@require_GET
def card_page(request: Request, public_id: str) -> HttpResponse:
    """One card: amounts, bands, standard hours, what differs from the version before; of a draft, what the checks found."""
    viewer = request.viewer
    rights.require(viewer, "card.read")
    card = cards.one(viewer, public_id)
    may_write = rights.may(viewer, "card.write", card)
    is_draft = card.state == CardState.DRAFT
    known = cards.cards(viewer, card.manufacturer_id)
    has_draft = any(other.level == card.level and other.state == CardState.DRAFT for other in known)
    next_url = ""
    if may_write and not has_draft:
        next_url = f"{reverse('settlement:card_new')}?maker={card.manufacturer.public_id}&from={public_id}"
    standing = cards.standing(card, known, local_date(timezone.now()))
    context = _contents(request, card, with_findings=may_write and is_draft) | {
        "standing": standing.value,
        "standing_label": standing.label,
        "is_draft": is_draft,
        "may_write": may_write,
        "next_url": next_url,
        "page_title": _("Rate card, %(level)s") % {"level": words.level(card)},
        "crumbs": [_list_of(card.manufacturer)],
    }
    return render(request, "settlement/card.html", context)


@require_http_methods(["GET", "POST"])
def new_card(request: Request) -> HttpResponse:
    """Write the first card of a level, or with `from` the next version of one, begun from it."""
    viewer = request.viewer
    maker = catalogue.maker(viewer, request.GET.get("maker", ""))
    rights.require(viewer, "card.write", maker.id)
    source = cards.one(viewer, request.GET["from"]) if request.GET.get("from") else None
    initial: dict[str, Any] = dict(FIRST)
    if source is not None:
        initial = CardForms.initial_of(source) | {"version": None, "valid_from": None, "note": ""}
    form = CardForms(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = writing.add_card(
                viewer=viewer,
                manufacturer_id=maker.id,
                level=form.card.cleaned_data["level"],
                card=form.facts(),
                now=timezone.now(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect("settlement:card", made.public_id)
    return _form_page(request, _("New rate card") if source is None else _("New version"), maker, _list_of(maker), form)


@require_http_methods(["GET", "POST"])
def edit_card(request: Request, public_id: str) -> HttpResponse:
    """Write a draft anew."""
    viewer = request.viewer
    card = cards.one(viewer, public_id)
    rights.require(viewer, "card.write", card)
    page = reverse("settlement:card", args=[public_id])
    if request.method == "GET" and card.state != CardState.DRAFT:
        return redirect(page)
    form = CardForms(request.POST or None, initial=CardForms.initial_of(card), fixed_level=True)
    if request.method == "POST" and form.is_valid():
        try:
            writing.change_card(
                viewer=viewer,
                public_id=public_id,
                card=form.facts(),
                expected_version=form.card.cleaned_data["version"] or 0,
                now=timezone.now(),
            )
        except Refused as refusal:
            if refusal.code == "stale":  # said on top, and nothing typed is lost
                form.card.add_error(None, str(refusal))
            else:
                form.refuse(refusal)
        else:
            messages.success(request, _("The draft is saved."))
            return redirect(page)
    return _form_page(request, _("Edit the draft"), card.manufacturer, (page, words.level(card)), form)


@require_http_methods(["GET", "POST"])
def put_in_force(request: Request, public_id: str) -> HttpResponse:
    """Ask before a card comes into force: what it changes, and what the checks found."""
    viewer = request.viewer
    card = cards.one(viewer, public_id)
    rights.require(viewer, "card.write", card)
    problem = ""
    if request.method == "POST":
        given = request.POST.get("version", "")
        version = int(given) if given.isdecimal() and len(given) < 10 else None
        try:
            writing.put_in_force(viewer=viewer, public_id=public_id, expected_version=version, now=timezone.now())
        except Refused as refusal:
            if refusal.status != 422 and refusal.code != "stale":
                raise
            problem = str(refusal)
        else:
            messages.success(request, _("Version %(n)s is in force.") % {"n": card.number})
            return redirect("settlement:card", public_id)
    elif card.state != CardState.DRAFT:
        return redirect("settlement:card", public_id)
    context = _contents(request, card, with_findings=True) | {
        "problem": problem,
        "has_errors": bool(problem),
        "page_title": _("Put version %(n)s in force?") % {"n": card.number},
        "crumbs": [_list_of(card.manufacturer), (reverse("settlement:card", args=[public_id]), words.level(card))],
    }
    return render(request, "settlement/card_force.html", context, status=422 if problem else 200)


@require_POST
def discard(request: Request, public_id: str) -> HttpResponse:
    """Throw a draft away."""
    viewer = request.viewer
    maker = cards.one(viewer, public_id).manufacturer
    writing.discard_draft(viewer=viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("The draft is gone."))
    return redirect(_list_of(maker)[0])


def _contents(request: Request, card: RateCard, *, with_findings: bool) -> dict[str, Any]:
    """What is written on a card, ready to show: amounts, tables, differences, findings."""
    viewer = request.viewer
    facts = card.facts
    in_use = {code: line.name for code, line in cards.lines_in_use(viewer, card.manufacturer_id).items()}
    names = in_use | {row.line.code: row.line.name for row in card.known_hours if row.line}  # type: ignore[attr-defined]  # by queries.cards.one
    before = cards.before(viewer, card)
    findings = words.sentences(check(facts, in_use)) if with_findings else []
    return {
        "card": card,
        "level": words.level(card),
        "lines": words.lines(facts),
        "bands": [words.band(band) for band in facts.bands],
        "hours": [
            (row.code, row.name, names.get(row.line, ""), row.size_up_to, figure(row.hours), shown(row.hours * facts.hourly))
            for row in facts.hours
        ],
        "before": before,
        "changes": words.differences(before.facts, facts, names) if before is not None else [],
        "broken": [sentence for is_broken, sentence in findings if is_broken],
        "notices": [sentence for is_broken, sentence in findings if not is_broken],
        "checked": with_findings,
    }  # fmt: skip


def _row(card: RateCard, standing: Any) -> Row:
    return Row(
        url=reverse("settlement:card", args=[card.public_id]),
        level=words.level(card),
        number=card.number,
        state=standing.value,
        state_label=standing.label,
        valid_from=card.valid_from.isoformat(),
        hourly=shown(card.hourly),
        travel=card.get_travel_mode_display(),
    )


def _list_of(maker: Organisation) -> tuple[str, str]:
    return f"{reverse('settlement:cards')}?maker={maker.public_id}", _("Rate cards")


def _form_page(
    request: Request, title: str, maker: Organisation, way_back: tuple[str, str], form: CardForms
) -> HttpResponse:
    context = {
        "form": form,
        "page_title": title,
        "crumbs": [way_back],
        "cancel_url": way_back[0],
        "draft": draft_key(request),
        "maker": maker,
    }
    return render(request, "settlement/card_form.html", context, status=422 if form.errors else 200)
