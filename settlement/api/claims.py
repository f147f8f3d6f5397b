"""Claims by API: the same forms check the bodies, the same operations follow (domain.md 9.2 to 9.4)."""

from __future__ import annotations

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
from core.tenancy import Tier, Viewer
from partners.api.base import View
from settlement.enums import ClaimState, CutReason, FeeItem
from settlement.forms import claims as forms
from settlement.models import Claim
from settlement.operations import claims as dealers
from settlement.operations import review_claims as reviews
from settlement.queries import claims


def money(**more: Any) -> serializers.DecimalField:
    """Yuan with two decimals, as text."""
    return serializers.DecimalField(max_digits=14, decimal_places=2, **more)


class ClaimRow(serializers.Serializer[Any]):
    """A claim in a list. Amounts in yuan with tax; approved: null before a decision."""

    id = serializers.CharField()
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=ClaimState.choices)
    slip = serializers.CharField(help_text="Number of the service slip.")
    partner = serializers.CharField(help_text="For a dealer the manufacturer, for the others the dealer.")
    customer = serializers.CharField()
    model = serializers.CharField()
    serial_number = serializers.CharField()
    finished_on = serializers.DateField()
    claimed = money()
    approved = money(allow_null=True)
    currency = serializers.CharField()
    due_on = serializers.DateField()
    flags = serializers.IntegerField(help_text="What the automatic checks found.")
    url = serializers.CharField()


class LineShape(serializers.Serializer[Any]):
    """A line. approved: what stands of it now; reason and note: of the last word on it."""

    sequence = serializers.IntegerField()
    item = serializers.ChoiceField(choices=FeeItem.choices)
    label = serializers.CharField()  # type: ignore[assignment]  # the name of a column, not of the field
    claimed = money()
    approved = money()
    reason = serializers.ChoiceField(choices=CutReason.choices, allow_blank=True)
    note = serializers.CharField()


class ClaimShape(ClaimRow):
    """A claim with its lines."""

    version = serializers.IntegerField()
    turn = serializers.IntegerField()
    one_way_km = serializers.DecimalField(max_digits=7, decimal_places=1)
    trips = serializers.IntegerField()
    people = serializers.IntegerField()
    left_at = serializers.DateTimeField()
    back_at = serializers.DateTimeField()
    work = serializers.ListField(child=serializers.CharField(), help_text="Codes of the standard hours.")
    reason = serializers.CharField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    lines = LineShape(many=True)
    verbs = serializers.ListField(child=serializers.CharField(), help_text="What this viewer may do now.")


class WordShape(serializers.Serializer[Any]):
    """A word on a line; a line without one stays as it is."""

    sequence = serializers.IntegerField()
    approved = money()
    reason = serializers.ChoiceField(choices=CutReason.choices, required=False)
    note = serializers.CharField(required=False)


class WordsBody(serializers.Serializer[Any]):
    """What a reviewer says, line by line."""

    lines = WordShape(many=True, required=False)


@dataclass(frozen=True)
class Verb:
    """One thing that can be done to a claim: the form that checks its body, the operation behind it."""

    form: Callable[..., Any]
    operation: Callable[..., Any]
    says: str
    body: type[serializers.Serializer[Any]] | None = None


VERBS: dict[str, Verb] = {
    "submit": Verb(forms.StepForm, dealers.submit, "To the first review; the manufacturer's automatic checks begin."),
    "take_back": Verb(forms.StepForm, dealers.take_back, "Before anybody has decided."),
    "pass": Verb(forms.ReviewForm, reviews.pass_on, "The first review lets it through, whole or in part.", WordsBody),
    "approve": Verb(forms.ReviewForm, reviews.approve, "Headquarters approves, whole or in part.", WordsBody),
    "refuse": Verb(forms.RefuseForm, reviews.refuse, "Headquarters refuses the whole claim."),
    "send_back": Verb(forms.ReasonForm, reviews.send_back, "The dealer completes it and submits it again."),
    "agree": Verb(forms.StepForm, dealers.agree, "The dealer takes what was approved."),
    "appeal": Verb(forms.ReasonForm, dealers.appeal, "Once, within five working days."),
    "charge": Verb(forms.ChargeForm, dealers.charge, "The customer pays instead."),
    "void": Verb(forms.ReasonForm, dealers.void, "The slip can be claimed anew."),
}


class Claims(View):
    """The list."""

    @extend_schema(
        operation_id="claims", tags=["settlement"], parameters=[*filters_of(forms.ClaimFilters), *PAGING], responses=page_of(ClaimRow)
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The claims that the viewer may open, what is due first on top; without `state` the open ones."""
        viewer = self.viewer
        rights.require(viewer, "claim.list")
        filters = forms.ClaimFilters({"state": "open", **request.query_params.dict()}, viewer=viewer)
        checked(filters)
        names = filters.offered.names
        return page(
            request,
            claims.listing(viewer, filters.facts()),
            orders=claims.ORDERS,
            default=claims.DEFAULT,
            shape=lambda found: row_of(viewer, found, names),
        )


class OneClaim(View):
    """One claim."""

    @extend_schema(operation_id="claim", tags=["settlement"], responses=ClaimShape)
    def get(self, request: Request, public_id: str) -> Response:
        """A claim with its lines. Its version is the `ETag`."""
        return one_answer(self.viewer, public_id)

    @extend_schema(
        operation_id="claim_change", tags=["settlement"], parameters=[IF_MATCH, KEY], request=body_of("ClaimChange", forms.ClaimForm),
        responses=ClaimShape,
    )  # fmt: skip
    def patch(self, request: Request, public_id: str) -> Response:
        """Write on a draft or on what was sent back; what is not sent stays. It is priced anew."""
        viewer = self.viewer
        found = claims.one(viewer, public_id)
        version = expected(request)
        if version is not None and version != found.version:
            raise claims.stale(viewer, found)
        rights.require(viewer, "claim.change", found)
        offer = claims.offer(viewer, claims.basis(viewer, found.slip, found.card))
        facts = claims.facts_of(found)
        blank = forms.ClaimForm(offer=offer, facts=facts, is_repeat=found.is_repeat, version=found.version)
        data = data_of(request.data, blank.fields, version=found.version)
        for name, value in blank.initial.items():
            if name in data or name == "version":
                continue
            if name == "work":
                data.setlist(name, value)
            else:
                data[name] = str(blank[name].value() if value is not None else "")
        form = checked(
            forms.ClaimForm(data, offer=offer, facts=facts, is_repeat=found.is_repeat, version=found.version)
        )
        dealers.change_claim(
            viewer=viewer, public_id=public_id, given=form.given(), expected_version=version, now=timezone.now()
        )
        return one_answer(viewer, public_id)


class Begin(View):
    """A new claim."""

    @extend_schema(
        operation_id="claim_begin", tags=["settlement"], parameters=[KEY], request=None, responses={201: ClaimShape}
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Begin the claim for a signed slip, priced by what the slip says."""
        made = dealers.begin_claim(viewer=self.viewer, slip_public_id=public_id, now=timezone.now())
        return one_answer(self.viewer, made.public_id, status=201)


class Do(View):
    """A verb."""

    verb = ""

    def post(self, request: Request, public_id: str) -> Response:
        """Do it; answers the claim as it is then."""
        viewer, verb = self.viewer, VERBS[self.verb]
        found = claims.one(viewer, public_id)
        version = expected(request)
        if version is not None and version != found.version:
            raise claims.stale(viewer, found)
        rights.require(viewer, f"claim.{self.verb}", found)
        blank = verb.form(viewer=viewer, claim=found)
        body = _flat(request.data) if verb.body else request.data
        form = checked(verb.form(data_of(body, blank.fields, version=found.version), viewer=viewer, claim=found))
        verb.operation(
            viewer=viewer, public_id=public_id, expected_version=version, now=timezone.now(), **form.arguments()
        )
        return one_answer(viewer, public_id)


def verb_view(name: str) -> type[Do]:
    """The view of one verb, with a schema of its own."""
    verb = VERBS[name]
    body = verb.body or body_of("Claim" + "".join(part.title() for part in name.split("_")), verb.form)  # type: ignore[arg-type]  # a form
    note = extend_schema(
        operation_id=f"claim_{name}",
        tags=["settlement"],
        summary=verb.says,
        parameters=[IF_MATCH, KEY],
        request=body if body._declared_fields else None,
        responses=ClaimShape,
    )

    class Made(Do):
        @note
        def post(self, request: Request, public_id: str) -> Response:
            return super().post(request, public_id)

    Made.verb, Made.__name__, Made.__doc__ = name, f"Claim{name}", verb.says
    return Made


def _flat(given: Any) -> dict[str, Any]:
    """The words of a review as the form names them. Errors: Invalid."""
    if not isinstance(given, Mapping):
        raise Invalid([FieldError("", "object_wanted", _("Send one JSON object."))])
    flat = {str(name): value for name, value in given.items() if name != "lines"}
    lines = given.get("lines", [])
    if not isinstance(lines, list) or not all(isinstance(line, Mapping) for line in lines):
        raise Invalid([FieldError("lines", "list_wanted", _("Send a list of objects."))])
    for line in lines:
        flat |= {f"{name}_{line.get('sequence')}": value for name, value in line.items() if name != "sequence"}
    return flat


def one_answer(viewer: Viewer, public_id: str, *, status: int = 200) -> Response:
    """The claim with its `ETag`."""
    found = claims.one(viewer, public_id)
    response = Response(_shape(viewer, found), status=status)
    response["ETag"] = tag(found.version)
    if status == 201:
        response["Location"] = reverse("api:claim", args=[public_id])
    return response


def row_of(viewer: Viewer, found: Claim, names: Mapping[int, str]) -> dict[str, Any]:
    """A claim as lists have it. names: of the other side's organisations."""
    return {
        "id": found.public_id,
        "number": found.number,
        "state": found.state,
        "slip": found.slip.number,
        "partner": names.get(found.manufacturer_id if viewer.tier is Tier.DEALER else found.dealer_id, ""),
        "customer": found.customer_name,
        "model": found.model,
        "serial_number": found.serial_number,
        "finished_on": found.finished_on.isoformat(),
        "claimed": f"{found.claimed:.2f}",
        "approved": None if found.approved is None else f"{found.approved:.2f}",
        "currency": found.currency,
        "due_on": found.due_on.isoformat(),
        "flags": found.flags,
        "url": reverse("api:claim", args=[found.public_id]),
    }


def _shape(viewer: Viewer, found: Claim) -> dict[str, Any]:
    lines = []
    for line in claims.lines(viewer, found):
        last = line.decisions[-1] if line.decisions else None
        lines.append(
            {
                "sequence": line.row.sequence,
                "item": line.row.item,
                "label": line.row.label,
                "claimed": f"{line.row.claimed:.2f}",
                "approved": f"{line.approved:.2f}",
                "reason": last.reason if last else "",
                "note": last.note if last else "",
            }
        )
    moments = ("left_at", "back_at", "submitted_at", "decided_at")
    return {
        **row_of(viewer, found, claims.partner_names(viewer)),
        "version": found.version,
        "turn": found.turn,
        "one_way_km": f"{found.one_way_km:f}",
        "trips": found.trips,
        "people": found.people,
        **{name: getattr(found, name) and getattr(found, name).isoformat() for name in moments},
        "work": [row["code"] for row in found.operations],
        "reason": found.reason,
        "lines": lines,
        "verbs": [name for name in VERBS if rights.may(viewer, f"claim.{name}", found)],
    }
