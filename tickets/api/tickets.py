"""Tickets: the list, one, a new report, every verb of the desk and of the field (tickets/workflow.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import access, rights
from core.api.bodies import body_of, checked, data_of
from core.api.paging import page, page_of
from core.api.problem import FieldError, Invalid
from core.api.schema import IF_MATCH, KEY, PAGING, filters_of
from core.api.versions import expected, tag
from core.errors import NotFound
from core.tenancy import Viewer
from equipment.queries import machines
from partners.api.base import View
from partners.models import Organisation
from tickets.api.shapes import TicketRow, TicketShape, ticket_row, ticket_shape
from tickets.explain import slip_problems
from tickets.forms import desk, field
from tickets.forms.lists import TicketFilters
from tickets.forms.report import ReportForm
from tickets.models import Ticket
from tickets.operations import dispatch, field_work, finish_ticket, refer_ticket, share_ticket, talk
from tickets.operations.complete_slip import Incomplete
from tickets.operations.enter_paper_slip import WrittenByHand, enter_paper_slip
from tickets.operations.explain_late import explain_late
from tickets.operations.field_work import Position
from tickets.operations.finish_remote import PhoneResult, finish_remote
from tickets.operations.take_report import Call, take_report
from tickets.queries import lists, tickets

METRE = Decimal("0.000001")  # six decimals of a degree are 0.1 m


@dataclass(frozen=True)
class Verb:
    """One thing that can be done to a ticket: the form that checks its body, the operation behind it.

    with_version: it changes what the caller has read, so he says which version that was.
    """

    form: type[desk.TicketForm]
    operation: Callable[..., Any]
    says: str
    with_version: bool = True


def _change(**arguments: Any) -> Ticket:
    chosen = machines.several(arguments["viewer"], arguments.pop("machines"))
    change = finish_ticket.Change(**{name: arguments.pop(name) for name in ("fault", "urgency", "contact", "phone")})
    return finish_ticket.change_ticket(change=change, machines=chosen, **arguments)


def _call(*, expected_version: int | None, **arguments: Any) -> Any:
    return talk.log_call(**arguments)


def _note(*, expected_version: int | None, **arguments: Any) -> Any:
    return talk.add_note(**arguments)


def _arrive(*, lat: Decimal | None, lng: Decimal | None, acc: int | None, **arguments: Any) -> Ticket:
    place = None
    if lat is not None and lng is not None:
        place = Position(lat.quantize(METRE), lng.quantize(METRE), acc or 0)
    return field_work.arrive(position=place, **arguments)


def _finish_remote(*, viewer: Viewer, public_id: str, expected_version: int | None, now: Any, **result: Any) -> Any:
    try:
        return finish_remote(
            viewer=viewer,
            public_id=public_id,
            expected_version=expected_version,
            result=PhoneResult(**result),
            now=now,
        )
    except Incomplete as refusal:
        raise Invalid(
            [
                FieldError(item.field.rsplit("-", 1)[-1], item.code, item.text)
                for item in slip_problems.sentences(refusal.problems)
            ]
        ) from None


def _enter_paper(*, viewer: Viewer, public_id: str, expected_version: int | None, now: Any, **paper: Any) -> Any:
    return enter_paper_slip(
        viewer=viewer,
        public_id=public_id,
        expected_version=expected_version,
        paper=WrittenByHand(**paper),
        now=now,
    )


class NoteForm(desk.TicketForm):
    """A note; internal ones stay with the dealer."""

    text = desk.NoteForm.base_fields["text"]
    internal = desk.NoteForm.base_fields["internal"]


class ReopenForm(desk.ReasonForm):
    """返修, with the time when the customer told it."""

    reported_at = forms.DateTimeField(required=False)


VERBS: dict[str, Verb] = {
    # the desk
    "contact": Verb(desk.ContactForm, dispatch.contact_customer, "Somebody has spoken with the customer."),
    "appoint": Verb(desk.AppointmentForm, dispatch.make_appointment, "Agree on a time with the customer."),
    "ask_transfer": Verb(
        desk.ReasonForm, refer_ticket.ask_transfer, "Ask the manufacturer to give a referral to another dealer."
    ),
    "explain_late": Verb(desk.LateForm, explain_late, "Say why the arrival was late; the slip waits for it."),
    "dispatch": Verb(desk.DispatchForm, dispatch.dispatch, "Send a technician and companions."),
    "merge": Verb(desk.MergeForm, finish_ticket.merge_into, "Merge into another open ticket of the same customer."),
    "cancel": Verb(desk.CancelForm, finish_ticket.cancel_ticket, "Cancel the report."),
    "follow_up": Verb(desk.FollowUpForm, finish_ticket.follow_up, "The follow-up call."),
    "close": Verb(desk.PlainForm, finish_ticket.close_ticket, "Close the ticket."),
    "reopen": Verb(ReopenForm, finish_ticket.reopen_as_rework, "Reopen as rework."),
    "change": Verb(desk.ChangeForm, _change, "Correct an open report."),
    "share": Verb(desk.PlainForm, share_ticket.share_ticket, "Share with the manufacturer; never taken back."),
    # notes and calls
    "note": Verb(NoteForm, _note, "Write a note.", with_version=False),
    "call": Verb(desk.CallForm, _call, "Log a call.", with_version=False),
    # the field
    "accept": Verb(desk.PlainForm, dispatch.accept, "Accept the job."),
    "refuse": Verb(desk.ReasonForm, dispatch.refuse, "Refuse the job, or take the dispatch back."),
    "hand_back": Verb(desk.ReasonForm, dispatch.hand_back, "Hand an accepted job back."),
    "set_out": Verb(desk.PlainForm, field_work.set_out, "Set out for the site."),
    "arrive": Verb(field.ArrivalForm, _arrive, "Check in at the site."),
    "start_work": Verb(desk.PlainForm, field_work.start_work, "Start work."),
    "leave": Verb(field.DepartureForm, field_work.leave, "Leave the site: ends the trip."),
    "wait_part": Verb(desk.ReasonForm, field_work.wait_for_part, "Wait for a part."),
    "wait_customer": Verb(desk.ReasonForm, field_work.wait_for_customer, "Wait for the customer."),
    "resume": Verb(desk.PlainForm, field_work.resume, "Go on without another trip."),
    "finish_remote": Verb(field.RemoteForm, _finish_remote, "Solved by phone: writes a numbered slip."),
    "enter_paper": Verb(
        field.PaperSlipForm,
        _enter_paper,
        "A slip was written by hand: brings the ticket to its slip, with the times of the paper. `lead` where nobody is sent.",
    ),
}
#: transitions of the ticket that follow from a verb of its slip or of the referral given to another dealer
FOLLOWING = {
    "complete_slip": "complete",
    "correct_slip": "correct",
    "sign": "sign",
    "refuse_signature": "refuse",
    "void_slip": "void",
    "void_remote_slip": "void",
    "transfer": "accept",
}

ReportBody = body_of("Report", ReportForm)


class Tickets(View):
    """The list, and a new report."""

    @extend_schema(
        operation_id="tickets",
        tags=["tickets"],
        parameters=[*filters_of(TicketFilters), *PAGING],
        responses=page_of(TicketRow),
    )
    def get(self, request: Request) -> Response:
        """The tickets that the viewer may list, the latest report first; without `state` the open ones."""
        viewer = self.viewer
        rights.require(viewer, "ticket.list")
        given = request.query_params
        filters = TicketFilters({"state": "open", **given.dict()}, viewer=viewer)
        checked(filters)
        rows = lists.listing(viewer, filters.facts())
        return page(request, rows, orders=lists.ORDERS, default=lists.DEFAULT, shape=ticket_row(filters.offered.names))

    @extend_schema(
        operation_id="report", tags=["tickets"], parameters=[KEY], request=ReportBody, responses={201: TicketShape}
    )
    def post(self, request: Request) -> Response:
        """Enter a fault report: of a known customer (`customer`) or a new one, about known machines (`machines`) or a new one."""
        viewer = self.viewer
        rights.require(viewer, "ticket.report")
        form = ReportForm(data_of(request.data, ReportForm.base_fields), viewer=viewer)
        ticket = take_report(viewer=viewer, call=Call(**checked(form).call()), now=timezone.now())
        return one_answer(viewer, ticket.public_id, status=201)


class OneTicket(View):
    """One ticket."""

    @extend_schema(operation_id="ticket", tags=["tickets"], responses=TicketShape)
    def get(self, request: Request, public_id: str) -> Response:
        """A ticket with machines, people, trips, slips, photos and story. Its version is the `ETag`."""
        return one_answer(self.viewer, public_id)


class Do(View):
    """A verb."""

    verb = ""

    def post(self, request: Request, public_id: str) -> Response:
        """Do it; answers the ticket as it is then, or 204 when it is not this viewer's any more."""
        viewer, verb = self.viewer, VERBS[self.verb]
        ticket = tickets.one(viewer, public_id)
        version = expected(request) if verb.with_version else None
        rights.require(viewer, f"ticket.{self.verb}", ticket)
        form = _form(verb.form, viewer, ticket, request.data)
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


class Phone(View):
    """The customer's whole number."""

    @extend_schema(
        operation_id="ticket_phone",
        tags=["tickets"],
        request=None,
        responses=type("PhoneNumber", (serializers.Serializer,), {"phone": serializers.CharField()}),
    )
    def post(self, request: Request, public_id: str) -> Response:
        """The whole number for office and HQ, of a ticket that the manufacturer referred; who asked is written down."""
        viewer = self.viewer
        phone = talk.unmask_phone(viewer=viewer, public_id=public_id, now=timezone.now())
        number = tickets.one(viewer, public_id).number
        access.remember(request._request, access.Action.PHONE_SHOWN, number)
        return Response({"phone": phone})


def verb_view(name: str) -> type[Do]:
    """The view of one verb, with a schema of its own."""
    verb = VERBS[name]
    body = body_of("".join(part.title() for part in name.split("_")), verb.form)
    note = extend_schema(
        operation_id=f"ticket_{name}",
        tags=["tickets"],
        summary=verb.says,
        parameters=[IF_MATCH, KEY] if verb.with_version else [KEY],
        request=body if body._declared_fields else None,
        responses={200: TicketShape, 204: None},
    )

    class Made(Do):
        @note
        def post(self, request: Request, public_id: str) -> Response:
            return super().post(request, public_id)

    Made.verb, Made.__name__, Made.__doc__ = name, f"Ticket{name}", verb.says
    return Made


def one_answer(viewer: Viewer, public_id: str, *, status: int = 200) -> Response:
    """The ticket with its `ETag`."""
    ticket = tickets.one(viewer, public_id)
    response = Response(ticket_shape(viewer, ticket, _names(viewer, ticket)), status=status)
    response["ETag"] = tag(ticket.version)
    if status == 201:
        response["Location"] = reverse("api:ticket", args=[public_id])
    return response


def _names(viewer: Viewer, ticket: Ticket) -> dict[int, str]:
    ids = (ticket.manufacturer_id, ticket.dealer_id)
    return {row.id: row.label for row in Organisation.objects.visible_to(viewer).filter(id__in=ids).order_by("id")}


def _form(kind: type[desk.TicketForm], viewer: Viewer, ticket: Ticket, given: Any) -> desk.TicketForm:
    more: dict[str, Any] = {}
    if kind is field.RemoteForm:
        more["machines"] = tickets.machines(viewer, ticket)
    blank = kind(viewer=viewer, ticket=ticket, **more)
    data = data_of(given, blank.fields, version=ticket.version)
    return kind(data, viewer=viewer, ticket=ticket, **more)
