"""Pages of the catalogue: product lines with their models, parts; and which lines a partnership covers."""

from __future__ import annotations

from functools import partial
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
from core.forms import Form, apply_refusal
from core.paging import Page, cut_page
from core.rights import Sight
from core.stale import stale_page
from core.tables import Column, render_list, table_of
from core.tenancy import Tier, Viewer
from equipment.forms import CatalogueFilters, LineForm, ModelsForm, PartForm
from equipment.models import Part, ProductLine, ProductModel
from equipment.operations.catalogue import (
    LineFacts,
    PartFacts,
    add_line,
    add_models,
    add_part,
    change_line,
    change_part,
    publish_again,
    withdraw,
)
from equipment.operations.coverage import cover_lines
from equipment.queries import catalogue, coverage
from equipment.tables import LINE_COLUMNS, line_row, part_columns, part_row, price_text
from equipment.views.customers import draft_key
from partners.access import Request
from partners.models import Organisation
from partners.queries import partnerships

#: words of the address; Any, because each operation answers with the kind it was given
KINDS: dict[str, Any] = {"line": ProductLine, "model": ProductModel, "part": Part}


@require_GET
def line_list(request: Request) -> HttpResponse:
    """The product lines of one manufacturer."""
    return _list(request, "line")


@require_GET
def part_list(request: Request) -> HttpResponse:
    """The parts of one manufacturer."""
    return _list(request, "part")


def _list(request: Request, kind: str) -> HttpResponse:
    viewer = request.viewer
    rights.require(viewer, "catalogue.read")
    makers = catalogue.makers(viewer)
    maker = _chosen(makers, request.GET.get("maker", ""))
    filters = CatalogueFilters(request.GET, makers=makers)
    is_line = kind == "line"
    may_change = maker is not None and rights.may(viewer, "catalogue.change", maker.id)
    context: dict[str, Any] = {
        "filters": filters,
        "maker": maker,
        "may_change": may_change,
        "kind": kind,
        "page_title": _("Product lines") if is_line else _("Parts"),
        "rows_template": "equipment/_line_rows.html" if is_line else "equipment/_part_rows.html",
    }
    if maker is None:
        return render(request, "equipment/no_maker.html", context)
    query = catalogue.lines if is_line else catalogue.parts
    rows: Any = query(viewer, maker.id, **filters.wanted())
    shows_price = rights.sight(viewer, "part.price") is Sight.FULL
    orders = catalogue.LINE_ORDERS if is_line else catalogue.PART_ORDERS
    add_url = f"{reverse(f'equipment:{kind}_new')}?maker={maker.public_id}" if may_change else ""
    context |= {"add_url": add_url, "coverage": is_line and viewer.tier is not Tier.DEALER}
    context["table"] = table_of(
        request,
        cut_page(request.GET, rows, orders=orders, default="code"),
        caption=context["page_title"],
        columns=LINE_COLUMNS if is_line else part_columns(shows_price=shows_price),
        row=line_row if is_line else partial(part_row, shows_price=shows_price),
        filters=_without_maker(filters),
        empty=(
            _("%(maker)s has published nothing here yet.") % {"maker": maker.label},
            add_url,
            (_("New product line") if is_line else _("New part")) if add_url else "",
        ),
        none_found=_("Nothing fits these filters."),
        clear_label=_("Clear the filters"),
    )
    return render_list(request, "equipment/catalogue.html", context)


@require_http_methods(["GET", "POST"])
def new_line(request: Request) -> HttpResponse:
    """Publish a product line."""
    viewer, maker = request.viewer, _own_maker(request)
    form = LineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            line = add_line(
                viewer=viewer, manufacturer_id=maker.id, facts=LineFacts(**form.facts()), now=timezone.now()
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": line.name})
            return redirect("equipment:line", line.public_id)
    return _form_page(request, form, _("New product line"), _list_link("lines", maker, _("Product lines")), maker)


@require_http_methods(["GET", "POST"])
def edit_line(request: Request, public_id: str) -> HttpResponse:
    """Change a product line."""
    viewer = request.viewer
    line = catalogue.one_line(viewer, public_id)
    rights.require(viewer, "catalogue.change", line)
    initial = LineForm.initial_of(line)
    form = LineForm(request.POST or None, initial=initial)
    page = reverse("equipment:line", args=[public_id])
    if request.method == "POST" and form.is_valid():
        facts, version = LineFacts(**form.facts()), form.cleaned_data["version"] or 0
        try:
            change_line(viewer=viewer, public_id=public_id, facts=facts, expected_version=version, now=timezone.now())
        except Refused as refusal:
            if refusal.code == "stale":
                theirs, again = LineForm(initial=initial), reverse("equipment:line_edit", args=[public_id])
                return stale_page(request, refusal, mine=form, theirs=theirs, version=line.version, again_url=again)
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": facts.name})
            return redirect(page)
    return _form_page(request, form, _("Edit product line"), (page, line.name), line.manufacturer)


@require_http_methods(["GET", "POST"])
def line_page(request: Request, public_id: str) -> HttpResponse:
    """One product line and its models; POST adds models."""
    viewer = request.viewer
    line = catalogue.one_line(viewer, public_id)
    rights.require(viewer, "catalogue.read")
    may_change = rights.may(viewer, "catalogue.change", line)
    form = ModelsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = add_models(viewer=viewer, line_id=public_id, codes=form.cleaned_data["codes"], now=timezone.now())
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Models added: %(count)d") % {"count": len(added)})
            return redirect("equipment:line", public_id)
    context = {
        "line": line,
        "models": catalogue.models_of_line(viewer, line),
        "facts": [
            (_("Code"), line.code),
            (_("Product type"), line.product_type),
            (_("Manufacturer"), line.manufacturer.label),
        ],
        "form": form,
        "may_change": may_change,
        "crumbs": [_list_link("lines", line.manufacturer, _("Product lines"))],
    }
    return render(request, "equipment/line.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def new_part(request: Request) -> HttpResponse:
    """Publish a part."""
    viewer, maker = request.viewer, _own_maker(request)
    form = PartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            part = add_part(
                viewer=viewer, manufacturer_id=maker.id, facts=PartFacts(**form.facts()), now=timezone.now()
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": part})
            return redirect("equipment:part", part.public_id)
    return _form_page(request, form, _("New part"), _list_link("parts", maker, _("Parts")), maker)


@require_http_methods(["GET", "POST"])
def edit_part(request: Request, public_id: str) -> HttpResponse:
    """Change a part."""
    viewer = request.viewer
    part = catalogue.one_part(viewer, public_id)
    rights.require(viewer, "catalogue.change", part)
    initial = PartForm.initial_of(part)
    form = PartForm(request.POST or None, initial=initial)
    page = reverse("equipment:part", args=[public_id])
    if request.method == "POST" and form.is_valid():
        facts, version = PartFacts(**form.facts()), form.cleaned_data["version"] or 0
        try:
            change_part(viewer=viewer, public_id=public_id, facts=facts, expected_version=version, now=timezone.now())
        except Refused as refusal:
            if refusal.code == "stale":
                theirs, again = PartForm(initial=initial), reverse("equipment:part_edit", args=[public_id])
                return stale_page(request, refusal, mine=form, theirs=theirs, version=part.version, again_url=again)
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": facts.name})
            return redirect(page)
    return _form_page(request, form, _("Edit part"), (page, str(part)), part.manufacturer)


@require_GET
def part_page(request: Request, public_id: str) -> HttpResponse:
    """One part."""
    viewer = request.viewer
    part = catalogue.one_part(viewer, public_id)
    rights.require(viewer, "catalogue.read")
    shows_price = rights.sight(viewer, "part.price", part) is Sight.FULL
    context = {
        "part": part,
        "facts": [
            (_("Part number"), part.code),
            (_("Unit"), part.unit),
            *([(_("List price (¥)"), price_text(part.price))] if shows_price else []),
            (_("Key part"), _("yes: number and photo are wanted") if part.key_part else _("no")),
            (_("Manufacturer"), part.manufacturer.label),
        ],
        "may_change": rights.may(viewer, "catalogue.change", part),
        "crumbs": [_list_link("parts", part.manufacturer, _("Parts"))],
    }
    return render(request, "equipment/part.html", context)


@require_POST
def withdraw_row(request: Request, kind: str, public_id: str) -> HttpResponse:
    """Take a line, model or part out of the choices; its page offers to undo it."""
    row = withdraw(viewer=request.viewer, kind=KINDS[kind], public_id=public_id, now=timezone.now())
    messages.success(request, _("%(name)s is withdrawn.") % {"name": row})
    return redirect(_page_of(request.viewer, kind, public_id))


@require_POST
def publish_row(request: Request, kind: str, public_id: str) -> HttpResponse:
    """Take it back into the choices."""
    row = publish_again(viewer=request.viewer, kind=KINDS[kind], public_id=public_id, now=timezone.now())
    messages.success(request, _("%(name)s is in use again.") % {"name": row})
    return redirect(_page_of(request.viewer, kind, public_id))


# ── which lines a partnership covers ─────────────────────────────────────────────────────────────────────────────────────────────


class CoverageForm(Form):
    """The lines to tick; none ticked means all."""

    lines = forms.MultipleChoiceField(
        label=gettext_lazy("Product lines"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing ticked: the partnership covers every line."),
    )


@require_GET
def coverage_list(request: Request) -> HttpResponse:
    """The viewer's partnerships and the lines they cover."""
    viewer = request.viewer
    rights.require(viewer, "coverage.read")
    names = coverage.names_by_partnership(viewer)
    rows = [
        {
            "url": reverse("equipment:coverage", args=[row.public_id]),
            "partner": row.manufacturer.label if viewer.tier is Tier.DEALER else row.dealer.label,
            "code": row.manufacturer.code if viewer.tier is Tier.DEALER else row.dealer.code,
            "level": row.get_level_display(),
            "lines": "、".join(names[row.id]) if row.id in names else _("all lines"),
        }
        for row in partnerships.all_of(viewer)
    ]
    title = _("Lines by partnership")
    table = table_of(
        request,
        Page(rows, len(rows), ""),
        caption=title,
        columns=[
            Column("partner", _("Manufacturer") if viewer.tier is Tier.DEALER else _("Dealer")),
            Column("level", _("Level")),
            Column("lines", _("Product lines")),
        ],
        empty=(_("You have no partnership yet."), "", ""),
    )
    context = {"table": table, "rows_template": "equipment/_coverage_rows.html", "page_title": title}
    return render_list(request, "equipment/coverage_list.html", context)


@require_http_methods(["GET", "POST"])
def coverage_page(request: Request, public_id: str) -> HttpResponse:
    """The lines of one partnership (public_id is the partnership's); its manufacturer ticks them."""
    viewer = request.viewer
    rights.require(viewer, "coverage.read")
    partnership = partnerships.one(viewer, public_id)
    lines = catalogue.lines_in_use(viewer, partnership.manufacturer_id)
    covered = coverage.covered_ids(viewer, partnership)
    may_change = rights.may(viewer, "coverage.change", partnership)
    form = CoverageForm(request.POST or None, initial={"lines": [x.public_id for x in lines if x.id in covered]})
    fields: Any = form.fields
    fields["lines"].choices = [(line.public_id, f"{line.name} ({line.code})") for line in lines]
    if request.method == "POST" and form.is_valid():
        cover_lines(viewer=viewer, partnership_id=public_id, line_ids=form.cleaned_data["lines"], now=timezone.now())
        messages.success(request, _("The lines are saved."))
        return redirect("equipment:coverage", public_id)
    context = {
        "form": form,
        "may_change": may_change,
        "partnership": partnership,
        "covered": [line.name for line in lines if line.id in covered],
        "has_lines": bool(lines),
        "page_title": f"{partnership.dealer.label} × {partnership.manufacturer.label}",
        "crumbs": [(reverse("equipment:coverages"), _("Lines by partnership"))],
    }
    return render(request, "equipment/coverage.html", context, status=422 if form.errors else 200)


def _chosen(makers: list[Organisation], public_id: str) -> Organisation | None:
    """The manufacturer of the address, else the first one."""
    return next((maker for maker in makers if maker.public_id == public_id), makers[0] if makers else None)


def _own_maker(request: Request) -> Organisation:
    """The manufacturer that a new row is for. Errors: NotFound, Refused("not_allowed", 403)."""
    maker = catalogue.maker(request.viewer, request.GET.get("maker", ""))
    rights.require(request.viewer, "catalogue.change", maker.id)
    return maker


def _without_maker(filters: CatalogueFilters) -> forms.Form:
    """The filters that "clear" takes away: the manufacturer stays."""
    filters.fields = {name: field for name, field in filters.fields.items() if name != "maker"}
    return filters


def _list_link(name: str, maker: Organisation, label: str) -> tuple[str, str]:
    return f"{reverse(f'equipment:{name}')}?maker={maker.public_id}", label


def _page_of(viewer: Viewer, kind: str, public_id: str) -> str:
    if kind == "model":
        return reverse("equipment:line", args=[catalogue.one_model(viewer, public_id).line.public_id])
    return reverse(f"equipment:{kind}", args=[public_id])


def _form_page(
    request: Request, form: Form, title: str, way_back: tuple[str, str], maker: Organisation
) -> HttpResponse:
    context = {
        "form": form,
        "page_title": title,
        "crumbs": [way_back],
        "cancel_url": way_back[0],
        "draft": draft_key(request),
        "maker": maker,
    }
    return render(request, "equipment/catalogue_form.html", context, status=422 if form.errors else 200)
