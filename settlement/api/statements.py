"""Statements by API: an ERP pulls them, confirms, hands in the invoice, writes payments down (domain.md 11)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import rights
from core.api.bodies import body_of, checked, data_of
from core.api.paging import page, page_of
from core.api.problem import FieldError, Invalid
from core.api.schema import IF_MATCH, KEY, PAGING, filters_of
from core.api.versions import expected, tag
from core.calendars import local_date
from core.tenancy import Tier, Viewer
from partners.api.base import View
from settlement.api.claims import money
from settlement.enums import InvoiceState, PayWay, StatementItem, StatementState
from settlement.forms import statements as forms
from settlement.models import Statement
from settlement.operations import invoices, payments
from settlement.operations import statements as steps
from settlement.operations.close_month import ask_close
from settlement.queries import claims, statements


class StatementRow(serializers.Serializer[Any]):
    """A statement in a list. Amounts in yuan; payable = net + tax."""

    id = serializers.CharField()
    number = serializers.CharField()
    month = serializers.CharField(help_text="2026-06")
    state = serializers.ChoiceField(choices=StatementState.choices)
    partner = serializers.CharField(help_text="For a dealer the manufacturer, for the others the dealer.")
    payable = money()
    net = money()
    tax = money()
    paid = money()
    currency = serializers.CharField()
    due_on = serializers.DateField()
    url = serializers.CharField()


class StatementLineShape(serializers.Serializer[Any]):
    """A line; one that does not stand was objected to. claim: its id."""

    sequence = serializers.IntegerField()
    item = serializers.ChoiceField(choices=StatementItem.choices)
    label = serializers.CharField()  # type: ignore[assignment]  # the name of a column, not of the field
    amount = money()
    material = money()
    standing = serializers.BooleanField()
    claim = serializers.CharField(allow_null=True)
    objection = serializers.CharField()
    answer = serializers.CharField()
    answered_amount = money(allow_null=True)


class InvoiceShape(serializers.Serializer[Any]):
    """An invoice."""

    number = serializers.CharField()
    amount = money()
    issued_on = serializers.DateField()
    state = serializers.ChoiceField(choices=InvoiceState.choices)
    red_number = serializers.CharField()


class PaymentShape(serializers.Serializer[Any]):
    """A payment; taken_back: it does not count any more."""

    sequence = serializers.IntegerField()
    amount = money()
    way = serializers.ChoiceField(choices=PayWay.choices)
    paid_on = serializers.DateField()
    reference = serializers.CharField()
    taken_back = serializers.BooleanField()


class StatementShape(StatementRow):
    """A statement with everything on it."""

    version = serializers.IntegerField()
    lines_sum = money()
    brought_forward = money()
    carried_forward = money()
    tax_rate = serializers.DecimalField(max_digits=4, decimal_places=3)
    invoice_title = serializers.CharField()
    invoice_tax_number = serializers.CharField()
    lines = StatementLineShape(many=True)
    invoices = InvoiceShape(many=True)
    payments = PaymentShape(many=True)
    verbs = serializers.ListField(child=serializers.CharField(), help_text="What this viewer may do now.")


class ClosingShape(serializers.Serializer[Any]):
    """The task that makes the statements."""

    job = serializers.CharField()
    url = serializers.CharField()


class ObjectBody(serializers.Serializer[Any]):
    """An objection."""

    line = serializers.IntegerField(help_text="Sequence of the line.")
    reason = serializers.CharField()


class AnswerBody(serializers.Serializer[Any]):
    """An answer to an objection."""

    line = serializers.IntegerField(help_text="Sequence of the line.")
    amount = money()
    text = serializers.CharField()


class InvoiceBody(serializers.Serializer[Any]):
    """An invoice with its file."""

    number = serializers.CharField()
    amount = money()
    issued_on = serializers.DateField()
    paper = serializers.CharField(help_text="PDF, OFD or XML, base64.")
    paper_name = serializers.CharField(required=False)


@dataclass(frozen=True)
class Verb:
    """One thing that can be done to a statement: the form that checks its body, the operation behind it."""

    form: Callable[..., Any]
    operation: Callable[..., Any]
    says: str


VERBS: dict[str, Verb] = {
    "confirm": Verb(forms.StepForm, steps.confirm, "The dealer confirms what stands on it."),
    "set_rate": Verb(forms.RateForm, steps.set_rate, "Another tax rate, while the dealer checks."),
    "notify": Verb(forms.NotifyForm, steps.notify, "The manufacturer asks for the invoice."),
    "verify": Verb(forms.StepForm, invoices.verify, "The invoice is genuine."),
    "reject": Verb(forms.ReasonForm, invoices.reject, "The invoice goes back."),
    "reverse": Verb(forms.ReverseForm, invoices.reverse, "A red invoice takes it back."),
    "pay": Verb(forms.PayForm, payments.pay, "A payment, whole or a part."),
    "unpay": Verb(forms.UnpayForm, payments.take_payment_back, "A payment was entered by mistake."),
    "close": Verb(forms.StepForm, steps.close, "The money is here."),
    "void": Verb(forms.ReasonForm, steps.void, "Before an invoice is there."),
}


class Statements(View):
    """The list."""

    @extend_schema(
        operation_id="statements", tags=["settlement"], parameters=[*filters_of(forms.StatementFilters), *PAGING],
        responses=page_of(StatementRow),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The statements that the viewer may open, the latest month on top; without `state` the open ones."""
        viewer = self.viewer
        rights.require(viewer, "statement.read")
        filters = forms.StatementFilters({"state": "open", **request.query_params.dict()}, viewer=viewer)
        checked(filters)
        names = filters.offered.names
        return page(
            request,
            statements.listing(viewer, filters.facts()),
            orders=statements.ORDERS,
            default=statements.DEFAULT,
            shape=lambda found: _row(viewer, found, names),
        )


class CloseMonth(View):
    """The close of a month."""

    @extend_schema(
        operation_id="month_close", tags=["settlement"], parameters=[KEY], request=body_of("MonthClose", forms.CloseForm),
        responses={202: ClosingShape},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """A worker makes the statements of a month; `jobs` tells how far it is."""
        viewer, now = self.viewer, timezone.now()
        rights.require(viewer, "statement.make")
        today = local_date(now)
        blank = forms.CloseForm(today=today)
        form = checked(forms.CloseForm(data_of(request.data, blank.fields), today=today))
        job = ask_close(viewer=viewer, now=now, **form.cleaned_data)
        return Response({"job": job.public_id, "url": reverse("api:job", args=[job.public_id])}, status=202)


class OneStatement(View):
    """One statement."""

    @extend_schema(operation_id="statement", tags=["settlement"], responses=StatementShape)
    def get(self, request: Request, public_id: str) -> Response:
        """A statement with lines, invoices and payments. Its version is the `ETag`."""
        return one_answer(self.viewer, public_id)


class ObjectTo(View):
    """An objection."""

    @extend_schema(
        operation_id="statement_object", tags=["settlement"], parameters=[IF_MATCH, KEY], request=ObjectBody, responses=StatementShape
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        """Object to one line; the rest goes on."""
        return _line_step(self.viewer, request, public_id, "object", ObjectBody, steps.object_to)


class Answer(View):
    """An answer."""

    @extend_schema(
        operation_id="statement_answer", tags=["settlement"], parameters=[IF_MATCH, KEY], request=AnswerBody, responses=StatementShape
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        """The manufacturer answers an objection."""
        return _line_step(self.viewer, request, public_id, "answer", AnswerBody, steps.answer)


class HandIn(View):
    """The invoice."""

    @extend_schema(
        operation_id="statement_invoice", tags=["settlement"], parameters=[IF_MATCH, KEY], request=InvoiceBody, responses=StatementShape
    )  # fmt: skip
    def post(self, request: Request, public_id: str) -> Response:
        """Hand in the invoice; number and amount are compared to the cent."""
        viewer = self.viewer
        found = _of_request(viewer, request, public_id, "invoice")
        given = _read(InvoiceBody, request.data)
        try:
            paper = base64.b64decode(given.pop("paper"), validate=True)
        except (binascii.Error, ValueError):
            raise Invalid([FieldError("paper", "base64_wanted", _("Send the file as base64."))]) from None
        invoices.hand_in(
            viewer=viewer, public_id=found.public_id, expected_version=expected(request), now=timezone.now(), paper=paper,
            **{"paper_name": "", **given},
        )  # fmt: skip
        return one_answer(viewer, public_id)


class Do(View):
    """A verb."""

    verb = ""

    def post(self, request: Request, public_id: str) -> Response:
        """Do it; answers the statement as it is then."""
        viewer, verb = self.viewer, VERBS[self.verb]
        found = _of_request(viewer, request, public_id, self.verb)
        blank = verb.form(viewer=viewer, statement=found)
        data = data_of(request.data, blank.fields, version=found.version)
        form = checked(verb.form(data, viewer=viewer, statement=found))
        verb.operation(
            viewer=viewer,
            public_id=public_id,
            expected_version=expected(request),
            now=timezone.now(),
            **form.arguments(),
        )
        return one_answer(viewer, public_id)


def verb_view(name: str) -> type[Do]:
    """The view of one verb, with a schema of its own."""
    verb = VERBS[name]
    body = body_of("Statement" + "".join(part.title() for part in name.split("_")), verb.form)  # type: ignore[arg-type]  # a form
    note = extend_schema(
        operation_id=f"statement_{name}",
        tags=["settlement"],
        summary=verb.says,
        parameters=[IF_MATCH, KEY],
        request=body if body._declared_fields else None,
        responses=StatementShape,
    )

    class Made(Do):
        @note
        def post(self, request: Request, public_id: str) -> Response:
            return super().post(request, public_id)

    Made.verb, Made.__name__, Made.__doc__ = name, f"Statement{name}", verb.says
    return Made


def _of_request(viewer: Viewer, request: Request, public_id: str, verb: str) -> Statement:
    """The statement of a step. Errors: NotFound, stale, not_allowed, wrong_state."""
    found = statements.one(viewer, public_id)
    version = expected(request)
    if version is not None and version != found.version:
        raise statements.stale(viewer, found)
    rights.require(viewer, f"statement.{verb}", found)
    return found


def _line_step(
    viewer: Viewer, request: Request, public_id: str, verb: str, body: type[serializers.Serializer[Any]], operation: Any
) -> Response:
    _of_request(viewer, request, public_id, verb)
    operation(
        viewer=viewer,
        public_id=public_id,
        expected_version=expected(request),
        now=timezone.now(),
        **_read(body, request.data),
    )
    return one_answer(viewer, public_id)


def _read(body: type[serializers.Serializer[Any]], given: Any) -> dict[str, Any]:
    """A body by its shape. Errors: Invalid with what is wrong at which field."""
    shape = body(data=given)
    if not shape.is_valid():
        raise Invalid(
            [
                FieldError(
                    name if name != "non_field_errors" else "", getattr(problem, "code", "invalid"), str(problem)
                )
                for name, problems in shape.errors.items()
                for problem in problems
            ]
        )
    return dict(shape.validated_data)


def one_answer(viewer: Viewer, public_id: str, *, status: int = 200) -> Response:
    """The statement with its `ETag`."""
    found = statements.one(viewer, public_id)
    response = Response(_shape(viewer, found), status=status)
    response["ETag"] = tag(found.version)
    return response


def _row(viewer: Viewer, found: Statement, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": found.public_id,
        "number": found.number,
        "month": f"{found.month:%Y-%m}",
        "state": found.state,
        "partner": names.get(found.manufacturer_id if viewer.tier is Tier.DEALER else found.dealer_id, ""),
        **{name: f"{getattr(found, name):.2f}" for name in ("payable", "net", "tax", "paid")},
        "currency": found.currency,
        "due_on": found.due_on.isoformat(),
        "url": reverse("api:statement", args=[found.public_id]),
    }


def _shape(viewer: Viewer, found: Statement) -> dict[str, Any]:
    verbs = ("object", "answer", "invoice", *VERBS)
    return {
        **_row(viewer, found, claims.partner_names(viewer)),
        "version": found.version,
        **{name: f"{getattr(found, name):.2f}" for name in ("lines_sum", "brought_forward", "carried_forward")},
        "tax_rate": f"{found.tax_rate:f}",
        "invoice_title": found.invoice_title,
        "invoice_tax_number": found.invoice_tax_number,
        "lines": [
            {
                "sequence": line.sequence,
                "item": line.item,
                "label": line.label,
                "amount": f"{line.amount:.2f}",
                "material": f"{line.material:.2f}",
                "standing": line.standing,
                "claim": line.claim.public_id if line.claim else None,
                "objection": line.objection,
                "answer": line.answer,
                "answered_amount": None if line.answered_amount is None else f"{line.answered_amount:.2f}",
            }
            for line in statements.lines(viewer, found)
        ],
        "invoices": [
            {
                "number": row.number,
                "amount": f"{row.amount:.2f}",
                "issued_on": row.issued_on.isoformat(),
                "state": row.state,
                "red_number": row.red_number,
            }
            for row in statements.invoices(viewer, found)
        ],
        "payments": [
            {
                "sequence": row.sequence,
                "amount": f"{row.amount:.2f}",
                "way": row.way,
                "paid_on": row.paid_on.isoformat(),
                "reference": row.reference,
                "taken_back": row.undone_at is not None,
            }
            for row in statements.payments(viewer, found)
        ],
        "verbs": [name for name in verbs if rights.may(viewer, f"statement.{name}", found)],
    }
