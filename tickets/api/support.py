"""Requests for support and solved cases by API: the same forms check the bodies, the same operations follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
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
from core.errors import NotFound
from core.tenancy import Viewer
from partners.api.base import View
from partners.enums import Department
from partners.queries import deputies, partnerships
from tickets.api.shapes import iso
from tickets.enums import ESCALATION_OPEN, EscalationReason, EscalationState, ReadingCode, WantedSupport
from tickets.forms import support as forms
from tickets.models import Escalation
from tickets.operations import escalate as dealers
from tickets.operations import support as makers
from tickets.queries import cases, escalations, lists, tickets

# ── shapes ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


class EscalationRow(serializers.Serializer[Any]):
    """A request for support in a list."""

    id = serializers.CharField()
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=EscalationState.choices)
    reason = serializers.ChoiceField(choices=EscalationReason.choices)
    ticket = serializers.CharField(help_text="Id of the ticket.")
    customer = serializers.CharField()
    partner = serializers.CharField(help_text="For a dealer the manufacturer, for the others the dealer.")
    product_type = serializers.CharField()
    model = serializers.CharField()
    phenomenon = serializers.CharField()
    urgent = serializers.BooleanField()
    named = serializers.CharField(help_text="Who looks after it, or is to accept it.")
    department = serializers.ChoiceField(choices=Department.choices, allow_blank=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="Acceptance while it waits, then the answer.")
    url = serializers.CharField()


class AnswerShape(serializers.Serializer[Any]):
    """An answer."""

    text = serializers.CharField()
    next_step = serializers.CharField()
    next_person = serializers.CharField()
    next_on = serializers.DateField()
    at = serializers.DateTimeField()
    who = serializers.CharField()
    organisation = serializers.CharField()


class EscalationShape(EscalationRow):
    """A request for support with everything on it."""

    version = serializers.IntegerField()
    serial_number = serializers.CharField()
    batch = serializers.CharField()
    checked = serializers.CharField()
    readings = serializers.DictField(child=serializers.CharField())
    photos = serializers.ListField(child=serializers.CharField(), help_text="Ids of photos.")
    down_hours = serializers.DecimalField(max_digits=6, decimal_places=1, allow_null=True)
    wanted = serializers.ChoiceField(choices=WantedSupport.choices)
    wanted_by = serializers.DateTimeField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.CharField()
    answers = AnswerShape(many=True)
    verbs = serializers.ListField(child=serializers.CharField(), help_text="What this viewer may do now.")


class CaseShape(serializers.Serializer[Any]):
    """A solved case. escalation: its id, null for one that the manufacturer has published."""

    at = serializers.DateTimeField()
    product_type = serializers.CharField()
    model = serializers.CharField()
    fault = serializers.CharField()
    cause = serializers.CharField()
    cure = serializers.CharField()
    published = serializers.BooleanField()


EscalateBody = body_of(
    "Escalate",
    forms.EscalationForm,
    leave_out=("machine", "to"),
    readings=serializers.DictField(
        child=serializers.CharField(), required=False, help_text=f"Codes: {', '.join(ReadingCode.values)}."
    ),
    draft=serializers.BooleanField(default=False, help_text="Only keep it; nobody else sees it."),
    to=serializers.CharField(required=False, help_text="Id of a contact of office or headquarters."),
)


# ── verbs ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Verb:
    """One thing that can be done to a request: the form that checks its body, the operation behind it."""

    form: type[forms.SupportForm]
    operation: Callable[..., Any]
    says: str


def _answer(*, viewer: Viewer, public_id: str, expected_version: int | None, now: Any, **reply: Any) -> Any:
    return makers.answer(
        viewer=viewer, public_id=public_id, expected_version=expected_version, reply=makers.Reply(**reply), now=now
    )


def _publish(*, viewer: Viewer, public_id: str, expected_version: int | None, now: Any, **case: Any) -> Any:
    return makers.publish_case(viewer=viewer, public_id=public_id, case=makers.Case(**case), now=now)


VERBS: dict[str, Verb] = {
    "accept": Verb(forms.PlainSupportForm, makers.accept, "Office or headquarters looks after it from now on."),
    "answer": Verb(forms.AnswerForm, _answer, "Answer, with the next step, who does it, until when."),
    "forward": Verb(forms.ForwardForm, makers.forward, "The office gives it to a contact of headquarters."),
    "pass_on": Verb(forms.PassOnForm, makers.pass_on, "To a colleague of the own organisation."),
    "merge": Verb(forms.MergeSupportForm, makers.merge, "Another request of the same dealer is about the same."),
    "confirm": Verb(forms.SolvedForm, dealers.confirm, "The dealer: it is solved."),
    "send_back": Verb(forms.WhySupportForm, dealers.send_back, "The dealer: it is not solved."),
    "withdraw": Verb(forms.WhySupportForm, dealers.withdraw, "The dealer needs no help any more."),
    "discard": Verb(forms.PlainSupportForm, dealers.discard, "Throw a draft away."),
    "publish": Verb(forms.CaseForm, _publish, "Headquarters publishes the solved case, without names."),
}


class Escalate(View):
    """A new request."""

    @extend_schema(
        operation_id="escalate",
        tags=["support"],
        parameters=[KEY],
        request=EscalateBody,
        responses={201: EscalationShape},
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Ask office or headquarters for support on a ticket; `draft` keeps it only, and is written on by the next call."""
        viewer, now = self.viewer, timezone.now()
        ticket = tickets.one(viewer, public_id)
        rights.require(viewer, "ticket.escalate", ticket)
        given = _flat(request.data)
        submits = given.pop("draft", False) is not True
        known = next((one for one in escalations.of_ticket(viewer, ticket) if one.state in ESCALATION_OPEN), None)
        partnership = partnerships.with_maker(viewer, ticket.manufacturer_id)
        receiver = (partnership.office_id if partnership else None) or ticket.manufacturer_id
        facts: dict[str, Any] = {
            "machines": tickets.machines(viewer, ticket),
            "photos": [photo for photo in tickets.photos(viewer, ticket) if not photo.internal],
            "contacts": deputies.contacts(viewer, receiver),
            "draft": known if known is not None and known.state == EscalationState.DRAFT else None,
        }
        blank = forms.EscalationForm(**facts)
        data = data_of(given, {name: field for name, field in blank.fields.items() if name != "machine"})
        data["then"] = "submit" if submits else "save"
        form = checked(forms.EscalationForm(data, **facts))
        made = dealers.save_draft(
            viewer=viewer, ticket_public_id=public_id, facts=dealers.Facts(**form.facts([])), now=now
        )
        if submits:
            to = form.cleaned_data.get("to", "")
            dealers.submit(viewer=viewer, public_id=made.public_id, expected_version=made.version, to=to, now=now)
        return one_answer(viewer, made.public_id, status=201)


def _flat(given: Any) -> dict[str, Any]:
    """The body with its readings as the form names them."""
    if not isinstance(given, Mapping):
        raise Invalid([FieldError("", "object_wanted", "Send one JSON object.")])
    flat = {str(name): value for name, value in given.items()}
    readings = flat.pop("readings", {})
    if not isinstance(readings, Mapping):
        raise Invalid([FieldError("readings", "object_wanted", "Send one JSON object.")])
    return flat | {f"r_{code}": value for code, value in readings.items()}


class Escalations(View):
    """The list."""

    @extend_schema(
        operation_id="escalations",
        tags=["support"],
        parameters=[*filters_of(forms.EscalationFilters), *PAGING],
        responses=page_of(EscalationRow),
    )
    def get(self, request: Request) -> Response:
        """The requests that the viewer may open, what is due first on top; without `state` the open ones."""
        viewer = self.viewer
        rights.require(viewer, "escalation.list")
        filters = forms.EscalationFilters({"state": "open", **request.query_params.dict()}, viewer=viewer)
        checked(filters)
        names = filters.offered.names
        return page(
            request,
            escalations.listing(viewer, filters.facts()),
            orders=escalations.ORDERS,
            default=escalations.DEFAULT,
            shape=lambda row: _row(viewer, row, names),
        )


class OneEscalation(View):
    """One request."""

    @extend_schema(operation_id="escalation", tags=["support"], responses=EscalationShape)
    def get(self, request: Request, public_id: str) -> Response:
        """A request for support with readings, photos and answers. Its version is the `ETag`."""
        return one_answer(self.viewer, public_id)


class Do(View):
    """A verb."""

    verb = ""

    def post(self, request: Request, public_id: str) -> Response:
        """Do it; answers the request as it is then, or 204 when it is gone."""
        viewer, verb = self.viewer, VERBS[self.verb]
        found = escalations.one(viewer, public_id)
        version = expected(request)
        if version is not None and version != found.version:
            raise escalations.stale(viewer, found)
        rights.require(viewer, f"escalation.{self.verb}", found)
        blank = verb.form(viewer=viewer, escalation=found)
        form = verb.form(data_of(request.data, blank.fields, version=found.version), viewer=viewer, escalation=found)
        verb.operation(
            viewer=viewer,
            public_id=public_id,
            expected_version=version,
            now=timezone.now(),
            **checked(form).arguments(),
        )
        try:
            return one_answer(viewer, public_id)
        except NotFound:
            return Response(status=204)


def verb_view(name: str) -> type[Do]:
    """The view of one verb, with a schema of its own."""
    verb = VERBS[name]
    body = body_of("Support" + "".join(part.title() for part in name.split("_")), verb.form)
    note = extend_schema(
        operation_id=f"escalation_{name}",
        tags=["support"],
        summary=verb.says,
        parameters=[IF_MATCH, KEY],
        request=body if body._declared_fields else None,
        responses={200: EscalationShape, 204: None},
    )

    class Made(Do):
        @note
        def post(self, request: Request, public_id: str) -> Response:
            return super().post(request, public_id)

    Made.verb, Made.__name__, Made.__doc__ = name, f"Escalation{name}", verb.says
    return Made


class Cases(View):
    """Solved cases."""

    @extend_schema(
        operation_id="cases", tags=["support"], parameters=filters_of(forms.CaseFilters), responses=CaseShape(many=True)
    )
    def get(self, request: Request) -> Response:
        """Solved requests that the viewer may open, and what the manufacturer has published; at most 50, the newest first."""
        viewer = self.viewer
        rights.require(viewer, "case.list")
        form = checked(forms.CaseFilters(request.query_params.dict()))
        asked = {name: value for name, value in form.cleaned_data.items() if value}
        names = ("product_type", "model", "fault", "cause", "cure", "published")
        return Response(
            [
                {"at": one.at.isoformat(), **{name: getattr(one, name) for name in names}}
                for one in cases.search(viewer, **asked)
            ]
        )


def one_answer(viewer: Viewer, public_id: str, *, status: int = 200) -> Response:
    """The request with its `ETag`."""
    found = escalations.one(viewer, public_id)
    response = Response(_shape(viewer, found), status=status)
    response["ETag"] = tag(found.version)
    if status == 201:
        response["Location"] = reverse("api:escalation", args=[public_id])
    return response


def _row(viewer: Viewer, found: Escalation, names: Mapping[int, str]) -> dict[str, Any]:
    row = escalations.row(viewer, found, dict(names), timezone.now())
    return {
        "id": found.public_id,
        "number": found.number,
        "state": found.state,
        "reason": found.reason,
        "ticket": found.ticket.public_id,
        "customer": row.customer,
        "partner": row.partner,
        "product_type": found.product_type,
        "model": found.model,
        "phenomenon": found.phenomenon,
        "urgent": found.urgent,
        "named": found.named,
        "department": found.department,
        "due_at": iso(row.due),
        "url": reverse("api:escalation", args=[found.public_id]),
    }


def _shape(viewer: Viewer, found: Escalation) -> dict[str, Any]:
    return _row(viewer, found, lists.partner_names(viewer)) | {
        "version": found.version,
        "serial_number": found.serial_number,
        "batch": found.batch,
        "checked": found.checked,
        "readings": found.readings,
        "photos": [photo.public_id for photo in escalations.photos(viewer, found)],
        "down_hours": None if found.down_hours is None else str(found.down_hours),
        "wanted": found.wanted,
        "wanted_by": iso(found.wanted_by),
        "submitted_at": iso(found.submitted_at),
        "accepted_at": iso(found.accepted_at),
        "answered_at": iso(found.answered_at),
        "closed_at": iso(found.closed_at),
        "end_reason": found.end_reason,
        "answers": [
            {
                "text": one.text,
                "next_step": one.next_step,
                "next_person": one.next_person,
                "next_on": one.next_on.isoformat(),
                "at": one.at.isoformat(),
                "who": one.author_name,
                "organisation": one.author_organisation,
            }
            for one in escalations.answers(viewer, found)
        ],
        "verbs": [rule.action.split(".")[1] for rule in rights.buttons(viewer, "escalation", found)],
    }
