"""Pages of statements: the list, closing a month, one statement with its steps, objections and answers, PDF and Excel (domain.md 11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core import rights, stored
from core.actions import Action, Button, take
from core.calendars import local_date
from core.errors import NotFound, Refused, Sentence
from core.forms import apply_refusal
from core.money import capitals, shown
from core.paging import cut_page
from core.tables import Column, next_url, render_list, table_of
from core.tenancy import Tier, Viewer
from partners.access import Request, expected_version
from settlement.documents import statements as papers
from settlement.enums import STATEMENT_ENDED, StatementItem, StatementState
from settlement.forms import statements as forms
from settlement.models import Statement, StatementLine
from settlement.operations import invoices, payments
from settlement.operations import statements as steps
from settlement.operations.close_month import ask_close
from settlement.queries import statements

ACTIONS: dict[str, Action] = {
    "confirm": Action(
        forms.StepForm,
        steps.confirm,
        gettext_lazy("Confirm this statement?"),
        gettext_lazy("Confirm the statement"),
        gettext_lazy("Confirmed: the manufacturer asks for the invoice."),
        gettext_lazy("After that nothing on it changes any more. Lines that you objected to go their own way."),
        key="a",
    ),
    "notify": Action(
        forms.NotifyForm,
        steps.notify,
        gettext_lazy("Ask for the invoice"),
        gettext_lazy("Ask for it"),
        gettext_lazy("The dealer is told."),
        key="a",
    ),
    "invoice": Action(
        forms.InvoiceForm,
        invoices.hand_in,
        gettext_lazy("Hand in the invoice"),
        gettext_lazy("Hand it in"),
        gettext_lazy("Handed in: the manufacturer verifies it."),
        gettext_lazy("Number and amount are compared with the statement to the cent."),
        key="a",
    ),
    "verify": Action(
        forms.StepForm,
        invoices.verify,
        gettext_lazy("Is the invoice genuine?"),
        gettext_lazy("Verified"),
        gettext_lazy("Verified: the time to pay begins."),
        gettext_lazy("Look it up at the tax office first."),
        key="a",
    ),
    "reject": Action(
        forms.ReasonForm,
        invoices.reject,
        gettext_lazy("Reject the invoice"),
        gettext_lazy("Reject"),
        gettext_lazy("Rejected; the dealer is told."),
        danger=True,
        key="x",
    ),
    "reverse": Action(
        forms.ReverseForm,
        invoices.reverse,
        gettext_lazy("Reverse the invoice"),
        gettext_lazy("Reverse"),
        gettext_lazy("Reversed; the dealer makes out a new one."),
        danger=True,
    ),
    "pay": Action(
        forms.PayForm,
        payments.pay,
        gettext_lazy("Enter a payment"),
        gettext_lazy("Enter"),
        gettext_lazy("Entered."),
        key="a",
    ),
    "unpay": Action(
        forms.UnpayForm,
        payments.take_payment_back,
        gettext_lazy("Take a payment back"),
        gettext_lazy("Take it back"),
        gettext_lazy("Taken back; it stays readable."),
        danger=True,
    ),
    "close": Action(
        forms.StepForm,
        steps.close,
        gettext_lazy("Is the money here?"),
        gettext_lazy("Close the statement"),
        gettext_lazy("Closed."),
        key="a",
    ),
    "set_rate": Action(
        forms.RateForm,
        steps.set_rate,
        gettext_lazy("Another tax rate"),
        gettext_lazy("Split anew"),
        gettext_lazy("Split anew; the next statements keep the rate."),
    ),
    "void": Action(
        forms.ReasonForm,
        steps.void,
        gettext_lazy("Void this statement"),
        gettext_lazy("Void"),
        gettext_lazy("Void; its claims wait for a statement again."),
        gettext_lazy("Claims and lines by hand wait again; the month can be closed anew."),
        danger=True,
    ),
}
#: the one next step, the first that the viewer may take
NEXT = ("confirm", "notify", "invoice", "verify", "pay", "close")


@dataclass(frozen=True)
class Row:
    """A statement in the list, ready to show."""

    url: str
    number: str
    month: str
    payable: str
    paid: str
    state: str
    state_label: Any
    due: date | None
    late: bool
    partner: str


@require_GET
def statement_list(request: Request) -> HttpResponse:
    """The statements that are open, the latest month on top."""
    viewer, today = request.viewer, local_date(timezone.now())
    rights.require(viewer, "statement.read")
    filters = forms.StatementFilters(request.GET or None, viewer=viewer)
    facts = filters.facts() if filters.is_bound else statements.Filters()
    page = cut_page(
        request.GET, statements.listing(viewer, facts), orders=statements.ORDERS, default=statements.DEFAULT
    )
    may_make = rights.may_ever(viewer, "statement.make")
    table = table_of(
        request,
        page,
        caption=_("Statements"),
        columns=[
            Column("number", _("Statement")),
            Column("month", _("Month"), order="month"),
            Column("due", _("Due"), order="due"),
            Column("payable", _("Payable"), numeric=True),
            Column("paid", _("Paid"), numeric=True),
            Column("state", _("State")),
            Column("partner", _("Manufacturer") if viewer.tier is Tier.DEALER else _("Dealer")),
        ],
        row=lambda found: _row(viewer, found, filters.offered.names, today),
        filters=filters if filters.is_bound else (),
        empty=(
            _("Statements appear here when a month is closed."),
            reverse("settlement:close_month") if may_make else "",
            _("Close a month"),
        ),
        none_found=_("No statement fits these filters."),
        clear_label=_("Clear the filters"),
    )
    context = {
        "table": table,
        "rows_template": "settlement/_statement_rows.html",
        "form": filters,
        "page_title": _("Statements"),
        "may_make": may_make,
    }
    return render_list(request, "settlement/statements.html", context)


def _row(viewer: Viewer, found: Statement, names: Any, today: date) -> Row:
    is_open = found.state not in STATEMENT_ENDED
    return Row(
        url=reverse("settlement:statement", args=[found.public_id]),
        number=found.number,
        month=f"{found.month:%Y-%m}",
        payable=shown(found.payable),
        paid=shown(found.paid) if found.paid else "",
        state=found.state,
        state_label=found.get_state_display(),
        due=found.due_on if is_open else None,
        late=is_open and found.due_on < today,
        partner=names.get(found.manufacturer_id if viewer.tier is Tier.DEALER else found.dealer_id, ""),
    )


@require_http_methods(["GET", "POST"])
def close_month(request: Request) -> HttpResponse:
    """Which month; a worker makes its statements, with progress."""
    viewer = request.viewer
    rights.require(viewer, "statement.make")
    form = forms.CloseForm(request.POST or None, today=local_date(timezone.now()))
    if form.is_bound and form.is_valid():
        try:
            job = ask_close(viewer=viewer, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            return redirect("partners:task_poll", job.public_id)
    context = {
        "form": form,
        "page_title": _("Close a month"),
        "crumbs": [(reverse("settlement:statements"), _("Statements"))],
        "back_url": reverse("settlement:statements"),
        "button": _("Make the statements"),
        "lead": _("One statement per dealer of what was approved until the month's last day. Who has one keeps it."),
    }
    return render(request, "partners/form.html", context, status=422 if form.errors else 200)


@require_GET
def statement_page(request: Request, public_id: str) -> HttpResponse:
    """One statement: what is paid and for what, objections, invoices, payments, story."""
    viewer, today = request.viewer, local_date(timezone.now())
    found = statements.one(viewer, public_id)
    buttons = _buttons(viewer, found)
    first = next((verb for verb in NEXT if verb in buttons), None)
    is_open = found.state not in STATEMENT_ENDED
    context = {
        "statement": found,
        "lines": [_line(viewer, found, line) for line in statements.lines(viewer, found)],
        "totals": _totals(found),
        "facts": _facts(found),
        "invoices": [
            (row, shown(row.amount), reverse("settlement:invoice_file", args=[row.public_id]))
            for row in statements.invoices(viewer, found)
        ],
        "payments": [(row, shown(row.amount)) for row in statements.payments(viewer, found)],
        "story": [_event(event) for event in statements.story(viewer, found)],
        "next": buttons.get(first) if first else None,
        "more": [button for verb, button in buttons.items() if verb != first],
        "next_title": _next_title(found),
        "is_open": is_open,
        "late": is_open and found.due_on < today,
        "page_title": found.number,
        "crumbs": [(reverse("settlement:statements"), _("Statements"))],
    }
    return render(request, "settlement/statement.html", context)


def _line(viewer: Viewer, statement: Statement, line: StatementLine) -> dict[str, Any]:
    claim = line.claim if line.item == StatementItem.CLAIM else None
    place = [statement.public_id, line.sequence]
    objects = line.standing and not line.objected_at and not line.carried_from_id
    waits = line.objected_at and not line.answered_at
    return {
        "sequence": line.sequence,
        "item": line.get_item_display(),
        "label": line.label,
        "url": reverse("settlement:claim", args=[claim.public_id]) if claim else "",
        "paper_url": reverse("settlement:entry_paper", args=[line.entry.public_id]) if line.entry else "",
        "amount": shown(line.amount),
        "negative": line.amount < 0,
        "standing": line.standing,
        "objection": line.objection,
        "objected_by": line.objected_by,
        "answer": line.answer,
        "answered": shown(line.answered_amount) if line.answered_amount is not None else "",
        "object_url": reverse("settlement:statement_object", args=place)
        if objects and rights.may(viewer, "statement.object", statement)
        else "",
        "answer_url": reverse("settlement:statement_answer", args=place)
        if waits and rights.may(viewer, "statement.answer", statement)
        else "",
    }


def _totals(found: Statement) -> list[tuple[str, str]]:
    rate = f"{(found.tax_rate * 100).normalize():f} %"
    rows = [(_("Sum of the lines"), shown(found.lines_sum))]
    if found.brought_forward:
        rows.append((_("Brought forward"), shown(found.brought_forward)))
    rows += [
        (_("Payable"), shown(found.payable)),
        (_("In capitals"), capitals(found.payable)),
        (_("Net"), shown(found.net)),
        (_("Tax at %(rate)s") % {"rate": rate}, shown(found.tax)),
    ]
    if found.carried_forward:
        rows.append((_("Carried to the next statement"), shown(found.carried_forward)))
    if found.paid:
        rows += [(_("Paid"), shown(found.paid)), (_("Open"), shown(found.payable - found.paid))]
    return rows


def _facts(found: Statement) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = [
        (_("Month"), f"{found.month:%Y-%m}"),
        (_("Dealer"), found.dealer.name),
        (_("Manufacturer"), found.manufacturer.name),
        (_("Confirmed by"), found.confirmed_by),
    ]
    if found.invoice_title:
        rows += [
            (_("Invoice title"), found.invoice_title),
            (_("Tax number"), found.invoice_tax_number),
            (_("Note"), found.invoice_note),
        ]
    return rows


#: words of the story
EVENTS: dict[str, Sentence] = {
    "make": gettext_lazy("made"), "object": gettext_lazy("objected to a line"), "answer": gettext_lazy("answered an objection"),
    "confirm": gettext_lazy("confirmed"), "set_rate": gettext_lazy("tax rate set"), "notify": gettext_lazy("asked for the invoice"),
    "invoice": gettext_lazy("invoice handed in"), "verify": gettext_lazy("invoice verified"), "reject": gettext_lazy("invoice rejected"),
    "reverse": gettext_lazy("invoice reversed"), "pay": gettext_lazy("paid in part"), "pay_rest": gettext_lazy("paid"),
    "unpay": gettext_lazy("payment taken back"), "unpay_all": gettext_lazy("payment taken back"), "close": gettext_lazy("closed"),
    "void": gettext_lazy("made void"),
}  # fmt: skip


def _event(event: Any) -> dict[str, Any]:
    return {
        "at": event.at,
        "text": EVENTS[event.verb],
        "said": event.text,
        "who": " · ".join(filter(None, (event.author_name, event.author_organisation))),
    }


def _buttons(viewer: Viewer, found: Statement) -> dict[str, Button]:
    buttons = {}
    for rule in rights.buttons(viewer, "statement", found):
        verb = rule.action.partition(".")[2]
        url = reverse("settlement:statement_act", args=[found.public_id, verb])
        buttons[verb] = Button(rule.label, url, ACTIONS[verb].key, danger=ACTIONS[verb].danger)
    return buttons


def _next_title(found: Statement) -> str:
    said = {
        StatementState.CHECKING: _("The dealer checks: confirm, or object to single lines"),
        StatementState.CONFIRMED: _("The manufacturer asks for the invoice")
        if found.payable
        else _("Nothing to pay: the dealer closes it"),
        StatementState.NOTIFIED: _("The dealer hands in the invoice"),
        StatementState.INVOICED: _("The manufacturer verifies the invoice"),
        StatementState.RECEIVED: _("Waits for payment"),
        StatementState.PAYING: _("Paid in part: %(rest)s yuan are open") % {"rest": shown(found.payable - found.paid)},
        StatementState.PAID: _("Paid: the dealer looks whether the money came"),
        StatementState.CLOSED: _("Closed"),
        StatementState.VOID: _("Void: %(reason)s") % {"reason": found.reason},
    }
    title = said[StatementState(found.state)]
    if found.state == StatementState.NOTIFIED and found.reason:
        title += " · " + _("the last one was rejected: %(reason)s") % {"reason": found.reason}
    return title


@require_http_methods(["GET", "POST"])
def act(request: Request, public_id: str, verb: str) -> HttpResponse:
    """The form of a step, and taking it."""
    action = ACTIONS.get(verb)
    if action is None:
        raise Http404
    viewer, found = _of_page(request, public_id)
    rights.require(viewer, f"statement.{verb}", found)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = action.form(data, files, viewer=viewer, statement=found)
    if take(request, action, form, public_id):
        return HttpResponseRedirect(next_url(request) or reverse("settlement:statement", args=[public_id]))
    return _act_page(request, found, form, action, action.title)


@require_http_methods(["GET", "POST"])
def object_to(request: Request, public_id: str, line: int) -> HttpResponse:
    """Object to one line."""
    viewer, found = _of_page(request, public_id)
    rights.require(viewer, "statement.object", found)
    row = statements.line(viewer, found, line)
    form = forms.ObjectForm(request.POST if request.method == "POST" else None, version=found.version)
    action = {
        "button": _("Object"),
        "danger": True,
        "explain": _("The line is taken off until the manufacturer answers; the rest of the statement goes on."),
    }
    return _line_step(request, found, row, form, action, steps.object_to, _("Object to a line"), _("Objected."))


@require_http_methods(["GET", "POST"])
def answer(request: Request, public_id: str, line: int) -> HttpResponse:
    """Answer an objection."""
    viewer, found = _of_page(request, public_id)
    rights.require(viewer, "statement.answer", found)
    row = statements.line(viewer, found, line)
    posted = request.POST if request.method == "POST" else None
    form = forms.AnswerForm(posted, version=found.version, amount=row.amount)
    action = {"button": _("Answer"), "explain": _("The dealer objects: %(why)s") % {"why": row.objection}}
    return _line_step(request, found, row, form, action, steps.answer, _("Answer an objection"), _("Answered."))


def _line_step(
    request: Request,
    found: Statement,
    row: StatementLine,
    form: Any,
    action: Any,
    operation: Any,
    title: str,
    done: str,
) -> HttpResponse:
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        version = values.pop("version")
        try:
            operation(
                viewer=request.viewer, public_id=found.public_id, expected_version=version, line=row.sequence,
                now=timezone.now(), **values,
            )  # fmt: skip
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect("settlement:statement", found.public_id)
    subject = f"{row.get_item_display()} {row.label} · {shown(row.amount)}"
    return _act_page(request, found, form, action, title, subject)


def _of_page(request: Request, public_id: str) -> tuple[Viewer, Statement]:
    """The statement of a step, whose page is not stale."""
    viewer = request.viewer
    found = statements.one(viewer, public_id)
    if request.method == "POST" and expected_version(request) != found.version:
        raise statements.stale(viewer, found)  # before the right is asked: who was faster, and how it stands now
    return viewer, found


def _act_page(
    request: Request, found: Statement, form: Any, action: Any, title: Any, subject: str = ""
) -> HttpResponse:
    page = reverse("settlement:statement", args=[found.public_id])
    context = {
        "statement": found,
        "form": form,
        "action": action,
        "subject": subject or f"{found.number} · {shown(found.payable)}",
        "back_url": page,
        "page_title": title,
        "crumbs": [(reverse("settlement:statements"), _("Statements")), (page, found.number)],
    }
    return render(request, "settlement/statement_act.html", context, status=422 if form.is_bound else 200)


@require_GET
def statement_pdf(request: Request, public_id: str) -> HttpResponseBase:
    """对账单 as PDF."""
    found = statements.one(request.viewer, public_id)
    content = papers.pdf(found, statements.lines(request.viewer, found))
    return stored.answer_bytes(content, content_type="application/pdf", as_name=f"{found.number}.pdf")


@require_GET
def statement_sheet(request: Request, public_id: str) -> HttpResponseBase:
    """对账单 as Excel."""
    found = statements.one(request.viewer, public_id)
    content = papers.sheet(found, statements.lines(request.viewer, found))
    return stored.answer_bytes(content, content_type=papers.XLSX, as_name=f"{found.number}.xlsx")


#: ending -> type of a kept invoice
TYPES = {"pdf": "application/pdf", "ofd": "application/ofd", "xml": "application/octet-stream"}


@require_GET
def invoice_file(request: Request, public_id: str) -> HttpResponseBase:
    """The invoice as it was handed in, to be saved."""
    row = statements.invoice(request.viewer, public_id)
    ending = str(row.paper.name).rpartition(".")[2]
    return stored.answer(
        request,
        row.paper.name,
        content_type=TYPES.get(ending, "application/octet-stream"),
        as_name=f"{row.number}.{ending}",
        save=True,
    )


@require_GET
def entry_paper(request: Request, public_id: str) -> HttpResponseBase:
    """The paper of a line by hand."""
    row = statements.entry_seen(request.viewer, public_id)
    if not row.paper:
        raise NotFound
    ending = str(row.paper.name).rpartition(".")[2]
    kind = "application/pdf" if ending == "pdf" else "image/jpeg"
    return stored.answer(
        request, row.paper.name, content_type=kind, as_name=f"{row.item}.{ending}", save=ending == "pdf"
    )
