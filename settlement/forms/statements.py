"""Forms of statements: closing a month, lines by hand, objections and answers, invoice, payments, filters (domain.md 11)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.calendars import local
from core.forms import DayField, FigureField, Form
from core.money import LIMIT
from core.tenancy import Viewer
from partners.queries import partnerships
from settlement.enums import ENTERED, EntryState, PayWay, StatementItem, StatementState
from settlement.models import Statement
from settlement.queries import statements
from tickets.forms.partner_filters import PartnerFilters

MOST = LIMIT - Decimal("0.01")


class MonthField(forms.CharField):
    """A month as 2026-06; its value is the first day."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"type": "month", "data-width": "half", "placeholder": "2026-06"})
        super().__init__(**{"widget": widget, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return date.fromisoformat(f"{text.strip()}-01")
        except ValueError:
            raise ValidationError(_("Write the month as 2026-06."), code="invalid") from None


def _amount(label: Any, **more: Any) -> FigureField:
    return FigureField(label=label, highest=MOST, unit=gettext_lazy("yuan"), **more)


def _words(label: Any, length: int = 200, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=length, widget=forms.Textarea({"rows": 3, "maxlength": length}), **more
    )


def _rates() -> forms.TypedChoiceField:
    choices = [("0.13", "13 %"), ("0.06", "6 %"), ("0.03", "3 %"), ("0.01", "1 %")]
    return forms.TypedChoiceField(label=gettext_lazy("Tax rate"), choices=choices, coerce=Decimal)


def _file(label: Any, accept: str, **more: Any) -> forms.FileField:
    return forms.FileField(label=label, widget=forms.ClearableFileInput({"accept": accept}), **more)


class CloseForm(Form):
    """Which month is closed."""

    month = MonthField(label=gettext_lazy("Month"))
    tax_rate = _rates()

    def __init__(self, data: Any = None, *, today: date) -> None:
        last = date.fromordinal(today.replace(day=1).toordinal() - 1).replace(day=1)
        super().__init__(data, initial={"month": last, "tax_rate": "0.13"})
        self.fields["tax_rate"].help_text = _("For dealers without an earlier statement; the others keep theirs.")


class EntryForm(Form):
    """A line by hand."""

    partnership = forms.ChoiceField(label=gettext_lazy("Dealer"))
    item = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[(item, StatementItem(item).label) for item in ENTERED]
    )
    amount = _amount(gettext_lazy("Amount"), help_text=gettext_lazy("With tax; a deduction with a minus sign: -200.00"))
    month = MonthField(label=gettext_lazy("On the statement of"))
    reason = _words(gettext_lazy("Reason"), 120, help_text=gettext_lazy("It stands on the statement."))
    paper = _file(gettext_lazy("Supporting document"), ".pdf,image/*", help_text=gettext_lazy("PDF or photo."))

    def __init__(self, data: Any = None, files: Any = None, *, viewer: Viewer, today: date) -> None:
        super().__init__(data, files, initial={"month": today.replace(day=1)})
        rows = [row for row in partnerships.all_of(viewer) if row.holds and row.listed]
        fields: Any = self.fields
        fields["partnership"].choices = [("", "–"), *((row.public_id, row.dealer.label) for row in rows)]

    def facts(self) -> dict[str, Any]:
        """What the operation takes."""
        values = dict(self.cleaned_data)
        paper = values.pop("paper")
        return values | {"paper": paper.read(), "paper_name": paper.name[:120]}


class StepForm(Form):
    """A step of a statement: nothing but the version."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, *, viewer: Viewer, statement: Statement) -> None:
        super().__init__(data, files, initial={"version": statement.version, **self.first(viewer, statement)})

    def first(self, viewer: Viewer, statement: Statement) -> dict[str, Any]:
        """What stands in the fields at the beginning."""
        return {}

    def arguments(self) -> dict[str, Any]:
        """What the operation takes, by its own names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ReasonForm(StepForm):
    """Why."""

    reason = _words(gettext_lazy("Reason"))


class RateForm(StepForm):
    """Another tax rate."""

    tax_rate = _rates()

    def first(self, viewer: Viewer, statement: Statement) -> dict[str, Any]:
        return {"tax_rate": f"{statement.tax_rate.normalize():f}"}


class NotifyForm(StepForm):
    """To whom the invoice is made out."""

    title = forms.CharField(label=gettext_lazy("Invoice title"), max_length=80)
    tax_number = forms.CharField(label=gettext_lazy("Tax number"), max_length=20)
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=200, required=False, help_text=gettext_lazy("Address, bank, items.")
    )

    def first(self, viewer: Viewer, statement: Statement) -> dict[str, Any]:
        title, number = statements.invoice_facts(viewer)
        return {"title": title, "tax_number": number}


class InvoiceForm(StepForm):
    """Number, amount, day and file of the invoice."""

    number = forms.CharField(
        label=gettext_lazy("Invoice number"), max_length=20, widget=forms.TextInput({"inputmode": "numeric"})
    )
    amount = _amount(gettext_lazy("Amount with tax"))
    issued_on = DayField(label=gettext_lazy("Day of the invoice"))
    paper = _file(gettext_lazy("Invoice as file"), ".pdf,.ofd,.xml", help_text=gettext_lazy("PDF, OFD or XML."))

    def first(self, viewer: Viewer, statement: Statement) -> dict[str, Any]:
        return {"issued_on": local(statement.updated_at).date()}

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        paper = values.pop("paper")
        return values | {"paper": paper.read(), "paper_name": paper.name[:120]}


class ReverseForm(ReasonForm):
    """The red invoice."""

    red_number = forms.CharField(
        label=gettext_lazy("Number of the red invoice"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    field_order = ("version", "red_number", "reason")


class PayForm(StepForm):
    """A payment."""

    amount = _amount(gettext_lazy("Amount"), lowest=Decimal("0.01"))
    way = forms.ChoiceField(label=gettext_lazy("Way"), choices=PayWay.choices)
    paid_on = DayField(label=gettext_lazy("Paid on"))
    reference = forms.CharField(label=gettext_lazy("Bank's number or voucher"), max_length=60, required=False)

    def first(self, viewer: Viewer, statement: Statement) -> dict[str, Any]:
        return {"amount": f"{statement.payable - statement.paid:.2f}"}


class UnpayForm(ReasonForm):
    """Which payment is taken back."""

    payment = forms.TypedChoiceField(label=gettext_lazy("Payment"), coerce=int)
    field_order = ("version", "payment", "reason")

    def __init__(self, data: Any = None, files: Any = None, *, viewer: Viewer, statement: Statement) -> None:
        super().__init__(data, files, viewer=viewer, statement=statement)
        rows = [row for row in statements.payments(viewer, statement) if not row.undone_at]
        fields: Any = self.fields
        fields["payment"].choices = [
            (row.sequence, f"{row.paid_on} · {row.amount} · {row.get_way_display()} {row.reference}") for row in rows
        ]


class AnswerForm(Form):
    """The answer to an objection."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    amount = _amount(gettext_lazy("Amount that stands"))
    text = _words(gettext_lazy("Answer"))

    def __init__(self, data: Any = None, *, version: int, amount: Decimal) -> None:
        super().__init__(data, initial={"version": version, "amount": f"{amount:.2f}"})


class ObjectForm(Form):
    """Why a line is not right."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = _words(gettext_lazy("What is not right"))

    def __init__(self, data: Any = None, *, version: int) -> None:
        super().__init__(data, initial={"version": version})


class StatementFilters(PartnerFilters):
    """What narrows the list of statements."""

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("Number")}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("open", gettext_lazy("open")), ("all", gettext_lazy("all")), *StatementState.choices],
    )
    turn = forms.ChoiceField(
        label=gettext_lazy("Whose turn"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            ("dealer", gettext_lazy("dealer")),
            ("maker", gettext_lazy("manufacturer")),
        ],
    )
    month = MonthField(label=gettext_lazy("Month"), required=False)
    begins: ClassVar[dict[str, str]] = {"state": "open"}
    field_order = ("q", "state", "turn", "month", "partner")

    def facts(self) -> statements.Filters:
        """The filters as the query takes them."""
        return statements.Filters(**self.chosen())


class EntryFilters(PartnerFilters):
    """What narrows the list of lines by hand."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("all")), *EntryState.choices]
    )
    field_order = ("state", "partner")
