"""Pages of what customers owe: the list with ages and sum, slips to charge, one debt with its payments (domain.md 9.4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core import rights
from core.actions import Action, Button, take
from core.calendars import local_date
from core.errors import Refused
from core.exports import Listing
from core.forms import apply_refusal
from core.money import shown
from core.paging import Orders, cut_page
from core.tables import Column, render_list, table_of
from core.tenancy import Viewer
from partners.access import Request, expected_version
from settlement.enums import DEBT_OPEN
from settlement.forms import debts as forms
from settlement.models import CustomerDebt
from settlement.operations import debts as life
from settlement.queries import debts
from tickets.models import Slip
from tickets.queries import slips

ACTIONS: dict[str, Action] = {
    "receive": Action(
        forms.ReceiveForm,
        life.receive,
        gettext_lazy("Write down what was received"),
        gettext_lazy("Save"),
        gettext_lazy("The payment is saved."),
        key="a",
    ),
    "change": Action(
        forms.ChangeForm,
        life.change_debt,
        gettext_lazy("Change amount or words"),
        gettext_lazy("Save"),
        gettext_lazy("Saved."),
        key="e",
    ),
    "waive": Action(
        forms.WaiveForm,
        life.waive,
        gettext_lazy("Waive what is still owed?"),
        gettext_lazy("Waive"),
        gettext_lazy("Waived."),
        gettext_lazy("What was paid stays; the rest is given up."),
        danger=True,
    ),
}


def _listing(viewer: Viewer, filters: forms.DebtFilters) -> Listing:
    today = local_date(timezone.now())
    facts = filters.facts() if filters.is_bound else debts.Filters()
    columns = [
        Column("number", _("Debt")),
        Column("customer", _("Customer")),
        Column("slip", _("Service slip")),
        Column("begun", _("Charged on"), order="begun"),
        Column("age", _("Age in days"), numeric=True),
        Column("amount", _("Amount"), numeric=True),
        Column("paid", _("Received"), numeric=True),
        Column("left", _("Still owed"), numeric=True),
        Column("state", _("State"), cell="state_label"),
    ]
    return Listing(_("Customers' debts"), columns, debts.listing(viewer, facts, today), debts.row(today))


def export(viewer: Viewer, params: QueryDict) -> Listing:
    """The list for its export."""
    rights.require(viewer, "debt.list")
    return _listing(viewer, forms.DebtFilters(params or None))


@require_GET
def debt_list(request: Request) -> HttpResponse:
    """What customers owe, the oldest on top, with the sum of what is still open."""
    viewer = request.viewer
    rights.require(viewer, "debt.list")
    filters = forms.DebtFilters(request.GET or None)
    listing = _listing(viewer, filters)
    page = cut_page(request.GET, listing.rows, orders=debts.ORDERS, default=debts.DEFAULT)
    table = table_of(
        request,
        page,
        caption=listing.title,
        columns=listing.columns,
        row=listing.row,
        filters=filters if filters.is_bound else (),
        empty=(_("What customers are charged appears here."), reverse("settlement:uncharged"), _("Slips to charge")),
        none_found=_("No debt fits these filters."),
        clear_label=_("Clear the filters"),
        export="debts",
    )
    context = {
        "table": table,
        "rows_template": "settlement/_debt_rows.html",
        "form": filters,
        "total": shown(debts.owed(listing.rows)),  # type: ignore[arg-type]  # a Listing knows no model
        "page_title": listing.title,
    }
    return render_list(request, "settlement/debts.html", context)


#: signed slips outside warranty, by the day they were finished
SLIP_ORDERS: Orders = {"finished": ("finished_at", "id")}


@require_GET
def uncharged(request: Request) -> HttpResponse:
    """Signed slips of work outside warranty for which nothing is charged yet."""
    viewer = request.viewer
    rights.require_ever(viewer, "debt.begin")
    page = cut_page(request.GET, debts.uncharged(viewer), orders=SLIP_ORDERS, default="finished")
    table = table_of(
        request,
        page,
        caption=_("Slips to charge"),
        columns=[
            Column("number", _("Service slip")),
            Column("finished", _("Finished"), order="finished"),
            Column("customer", _("Customer")),
            Column("fees", _("Fees of the slip"), numeric=True),
            Column("begin", _("Charge")),
        ],
        row=_slip_row,
        empty=(_("Every signed slip outside warranty is charged."), "", ""),
    )
    context = {
        "table": table,
        "rows_template": "settlement/_uncharged_rows.html",
        "page_title": _("Slips to charge"),
        "crumbs": [(reverse("settlement:debts"), _("Customers' debts"))],
    }
    return render_list(request, "settlement/uncharged.html", context)


def _slip_row(slip: Slip) -> dict[str, Any]:
    return {
        "url": reverse("tickets:slip", args=[slip.public_id]),
        "begin_url": reverse("settlement:debt_new", args=[slip.public_id]),
        "number": slip.number,
        "finished": slip.finished_at,
        "customer": slip.customer_name,
        "fees": shown(slip.parts_fee + slip.labour_fee),
    }


@require_http_methods(["GET", "POST"])
def new(request: Request, public_id: str) -> HttpResponse:
    """Charge the customer for a slip; the amount begins with the slip's own fees."""
    viewer = request.viewer
    slip = slips.one(viewer, public_id)
    rights.require(viewer, "debt.begin", slip)
    first = {"amount": slip.parts_fee + slip.labour_fee or None}
    form = forms.DebtForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        try:
            made = life.begin_debt(viewer=viewer, slip_public_id=public_id, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("The customer is charged."))
            return redirect("settlement:debt", made.public_id)
    context = {
        "form": form,
        "action": {"button": _("Charge the customer"), "explain": f"{slip.number} · {slip.customer_name}"},
        "back_url": reverse("settlement:debts"),
        "page_title": _("Charge the customer"),
        "crumbs": [(reverse("settlement:debts"), _("Customers' debts"))],
    }
    return render(request, "settlement/debt_act.html", context, status=422 if form.errors else 200)


@require_GET
def page(request: Request, public_id: str) -> HttpResponse:
    """One debt: for the customer to read, and what came."""
    viewer = request.viewer
    found = debts.one(viewer, public_id)
    buttons = [
        Button(rule.label, reverse("settlement:debt_act", args=[public_id, verb]), ACTIONS[verb].key, danger=ACTIONS[verb].danger)
        for rule in rights.buttons(viewer, "debt", found)
        if (verb := rule.action.partition(".")[2]) in ACTIONS
    ]  # fmt: skip
    row = debts.row(local_date(timezone.now()))(found)
    context = {
        "debt": found,
        "row": row,
        "is_open": found.state in DEBT_OPEN,
        "quote": _quote(viewer, found),
        "payments": [(one, shown(one.amount), one.get_way_display()) for one in debts.payments(viewer, found)],
        "next": buttons[0] if buttons else None,
        "more": buttons[1:],
        "next_title": _("Still owed: %(sum)s yuan") % {"sum": row.left} if row.left else found.get_state_display(),
        "page_title": found.number,
        "crumbs": [(reverse("settlement:debts"), _("Customers' debts"))],
    }
    return render(request, "settlement/debt.html", context)


def _quote(viewer: Viewer, debt: CustomerDebt) -> str:
    """What is sent to the customer: nothing of what a manufacturer pays (domain.md 2.3). Chinese, as the customer is."""
    return "\n".join(
        [
            f"【费用通知】{debt.number}",
            f"客户:{debt.customer_name}",
            f"服务单:{debt.slip.number}",
            f"事项:{debt.what}",
            f"金额:¥{shown(debt.amount)}(含税)",
            f"{viewer.org_name}",
        ]
    )


@require_http_methods(["GET", "POST"])
def act(request: Request, public_id: str, verb: str) -> HttpResponse:
    """The form of a step, and taking it."""
    action = ACTIONS.get(verb)
    if action is None:
        raise Http404
    viewer = request.viewer
    found = debts.one(viewer, public_id)
    posted = request.method == "POST"
    if posted and expected_version(request) != found.version:
        raise debts.stale(found)
    rights.require(viewer, f"debt.{verb}", found)
    form = action.form(request.POST if posted else None, debt=found, today=local_date(timezone.now()))
    if take(request, action, form, public_id):
        return redirect("settlement:debt", public_id)
    back = reverse("settlement:debt", args=[public_id])
    context = {
        "form": form,
        "action": action,
        "back_url": back,
        "page_title": action.title,
        "crumbs": [(back, found.number)],
    }
    return render(request, "settlement/debt_act.html", context, status=422 if form.is_bound else 200)
