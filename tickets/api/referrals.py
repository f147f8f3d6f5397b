"""Referrals of the manufacturer's side by API."""

from __future__ import annotations

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
from core.api.schema import IF_MATCH, KEY, PAGING, filters_of
from core.api.versions import expected, tag
from core.phones import mask_phone
from core.tenancy import Viewer
from partners.api.base import View
from tickets.api.shapes import iso
from tickets.enums import ReferralState, Source, Urgency
from tickets.forms.referral import DecisionForm, ReferralFilters, ReferralForm
from tickets.models import Referral
from tickets.operations.refer_ticket import Case, insist, redirect_referral, refer_ticket
from tickets.queries import lists, referrals


class ReferralShape(serializers.Serializer[Any]):
    """A referral to one dealer."""

    id = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(choices=ReferralState.choices)
    source = serializers.ChoiceField(choices=Source.choices)  # type: ignore[assignment]  # the record's own word
    dealer = serializers.CharField()
    ticket = serializers.CharField(allow_null=True, help_text="Id of the dealer's ticket; null while it is on its way.")
    customer = serializers.CharField()
    phone = serializers.CharField(help_text="Masked.")
    city = serializers.CharField()
    model = serializers.CharField()
    serial_number = serializers.CharField()
    fault = serializers.CharField()
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    sent_at = serializers.DateTimeField()
    customer_reported_at = serializers.DateTimeField()
    arrived_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    ask_reason = serializers.CharField()
    decision = serializers.CharField()
    url = serializers.CharField()


ReferBody = body_of("Refer", ReferralForm)
RedirectBody = body_of("Redirect", DecisionForm)
InsistBody = body_of("Insist", DecisionForm, leave_out=("dealer",))


class Referrals(View):
    """The list, and a new one."""

    @extend_schema(
        operation_id="referrals",
        tags=["referrals"],
        parameters=[*filters_of(ReferralFilters), *PAGING],
        responses=page_of(ReferralShape),
    )
    def get(self, request: Request) -> Response:
        """The referrals of the viewer's side, the latest first."""
        viewer = self.viewer
        rights.require(viewer, "referral.list")
        filters = checked(ReferralFilters(request.query_params.dict(), viewer=viewer))
        names = filters.offered.names
        return page(
            request,
            referrals.listing(viewer, filters.facts()),
            orders=referrals.ORDERS,
            default=referrals.DEFAULT,
            shape=lambda row: _shape(viewer, row, names),
        )

    @extend_schema(
        operation_id="refer", tags=["referrals"], parameters=[KEY], request=ReferBody, responses={201: ReferralShape}
    )
    def post(self, request: Request) -> Response:
        """Refer a user's case to a dealer (`dealer`: his id); he cannot refuse it."""
        viewer = self.viewer
        rights.require(viewer, "referral.send")
        form = checked(ReferralForm(data_of(request.data, ReferralForm.base_fields), viewer=viewer))
        made = refer_ticket(
            viewer=viewer, case=Case(**form.facts()), dealer=form.cleaned_data["dealer"], now=timezone.now()
        )
        return _answer(viewer, made.public_id, status=201)


class OneReferral(View):
    """One referral."""

    @extend_schema(operation_id="referral", tags=["referrals"], responses=ReferralShape)
    def get(self, request: Request, public_id: str) -> Response:
        """A referral. Its version is the `ETag`."""
        return _answer(self.viewer, public_id)


class Redirect(View):
    """Another dealer."""

    @extend_schema(
        operation_id="referral_redirect",
        tags=["referrals"],
        parameters=[IF_MATCH, KEY],
        request=RedirectBody,
        responses=ReferralShape,
    )
    def post(self, request: Request, public_id: str) -> Response:
        """The dealer has asked for a transfer: another one is asked. Answers the new referral."""
        viewer = self.viewer
        data = _decided(request, viewer, public_id, "redirect")
        made = redirect_referral(
            viewer=viewer,
            public_id=public_id,
            expected_version=expected(request),
            dealer=data["dealer"],
            reason=data["reason"],
            now=timezone.now(),
        )
        return _answer(viewer, made.public_id)


class Insist(View):
    """It stays."""

    @extend_schema(
        operation_id="referral_insist",
        tags=["referrals"],
        parameters=[IF_MATCH, KEY],
        request=InsistBody,
        responses=ReferralShape,
    )
    def post(self, request: Request, public_id: str) -> Response:
        """The case stays with the dealer who has asked for a transfer, with reason."""
        viewer = self.viewer
        data = _decided(request, viewer, public_id, "insist")
        insist(
            viewer=viewer,
            public_id=public_id,
            expected_version=expected(request),
            reason=data["reason"],
            now=timezone.now(),
        )
        return _answer(viewer, public_id)


def _decided(request: Request, viewer: Viewer, public_id: str, verb: str) -> dict[str, Any]:
    found = referrals.one(viewer, public_id)
    expected(request)
    rights.require(viewer, f"referral.{verb}", found)
    had = frozenset(one.dealer_id for one in referrals.thread(viewer, found))
    place = referrals.Place(found.province, found.city, found.district)
    able = referrals.candidates(viewer, place, found.line, without=had)
    blank = DecisionForm(candidates=able, version=found.version)
    form = DecisionForm(
        data_of(request.data, blank.fields, version=found.version), candidates=able, version=found.version
    )
    return checked(form).cleaned_data


def _answer(viewer: Viewer, public_id: str, *, status: int = 200) -> Response:
    found = referrals.one(viewer, public_id)
    response = Response(_shape(viewer, found, lists.partner_names(viewer)), status=status)
    response["ETag"] = tag(found.version)
    if status == 201:
        response["Location"] = reverse("api:referral", args=[public_id])
    return response


def _shape(viewer: Viewer, found: Referral, names: Any) -> dict[str, Any]:
    ticket = referrals.ticket_of(viewer, found)
    return {
        "id": found.public_id,
        "version": found.version,
        "state": found.state,
        "source": found.source,
        "dealer": names.get(found.dealer_id, ""),
        "ticket": ticket.public_id if ticket else None,
        "customer": found.customer_name,
        "phone": mask_phone(found.phone),
        "city": found.city,
        "model": found.model,
        "serial_number": found.serial_number,
        "fault": found.fault,
        "urgency": found.urgency,
        "sent_at": found.sent_at.isoformat(),
        "customer_reported_at": found.customer_reported_at.isoformat(),
        "arrived_at": iso(found.arrived_at),
        "accepted_at": iso(found.accepted_at),
        "ask_reason": found.ask_reason,
        "decision": found.decision,
        "url": reverse("api:referral", args=[found.public_id]),
    }
