"""The duty roster by API: who is on duty, shifts, gaps, requests to swap (domain.md 14)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import rights
from core.api.bodies import body_of, checked, data_of, laid_over
from core.api.paging import page, page_of
from core.api.schema import IF_MATCH, KEY, PAGING, filters_of
from core.api.versions import expected, tag
from core.tenancy import Viewer
from partners.api.base import View
from resources.calculations.hours import Span
from resources.enums import ShiftKind, SwapState
from resources.forms import ReasonForm, ShiftFilters, ShiftForm, SwapForm
from resources.models import DutyShift, DutySwap
from resources.operations import swaps as operations
from resources.operations.shifts import ShiftFacts, add_shift, change_shift, remove_shift
from resources.queries import duty, roster, swaps

COLLEAGUE = "Id of an active colleague."

ShiftBody = body_of(
    "DutyShiftBody", ShiftForm, person=serializers.CharField(help_text=COLLEAGUE),
    deputy=serializers.CharField(required=False, allow_blank=True, help_text=COLLEAGUE),
    leader=serializers.CharField(required=False, allow_blank=True, help_text=COLLEAGUE),
)  # fmt: skip
SwapBody = body_of(
    "DutySwapBody", SwapForm, colleague=serializers.CharField(required=False, allow_blank=True, help_text=COLLEAGUE + " Whoever has `other` when it is left out."),
    other=serializers.CharField(required=False, allow_blank=True, help_text="Id of a shift of his that is taken in exchange."),
)  # fmt: skip
ReasonBody = body_of("DutyReason", ReasonForm)


class OnDutyRow(serializers.Serializer[Any]):
    """Who is on duty at a dealer now."""

    dealer = serializers.CharField()
    shown = serializers.BooleanField(help_text="The dealer lets you know; if not, only the 24-hour number is told.")
    main = serializers.CharField(help_text="Empty: nobody is on duty.")
    phone = serializers.CharField()
    deputy = serializers.CharField()
    deputy_phone = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)
    next_main = serializers.CharField()
    next_from = serializers.DateTimeField(allow_null=True)
    hotline = serializers.CharField(help_text="The dealer's fixed 24-hour number; empty for the dealer itself.")


class OnDutyList(serializers.Serializer[Any]):
    """Who is on duty now."""

    items = OnDutyRow(many=True)


class Stretch(serializers.Serializer[Any]):
    """Hours in which nobody is on main duty."""

    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class Holiday(serializers.Serializer[Any]):
    """A holiday period whose roster is due."""

    first = serializers.DateField()
    last = serializers.DateField()
    gaps = Stretch(many=True)


class GapsShape(serializers.Serializer[Any]):
    """What is not covered."""

    gaps = Stretch(many=True)
    holidays = Holiday(
        many=True, help_text="Periods that begin within 7 days or run, with their gaps; empty gaps: covered."
    )


class DutyShiftRow(serializers.Serializer[Any]):
    """A shift of the roster."""

    id = serializers.CharField()
    day = serializers.DateField(help_text="The Chinese day on which it begins.")
    kind = serializers.ChoiceField(choices=ShiftKind.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    person = serializers.CharField(help_text="Id of who is on main duty.")
    person_name = serializers.CharField()
    phone = serializers.CharField(help_text="Where main duty is reached.")
    deputy = serializers.CharField(allow_null=True)
    deputy_name = serializers.CharField()
    leader = serializers.CharField(allow_null=True)
    leader_name = serializers.CharField()
    note = serializers.CharField(help_text="Hand-over note.")
    version = serializers.IntegerField()
    url = serializers.CharField()


class DutySwapRow(serializers.Serializer[Any]):
    """A request to swap duty."""

    id = serializers.CharField()
    state = serializers.ChoiceField(choices=SwapState.choices)
    shift = serializers.CharField(help_text="Id of the shift that is given away.")
    other = serializers.CharField(allow_null=True, help_text="Id of the shift that is taken in exchange.")
    asked_by = serializers.CharField()
    asked_to = serializers.CharField()
    note = serializers.CharField()
    asked_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(help_text="From then on nothing can be agreed.")
    answered_at = serializers.DateTimeField(allow_null=True)
    answered_by = serializers.CharField()
    reason = serializers.CharField()
    url = serializers.CharField()


class Now(View):
    """Who is on duty."""

    @extend_schema(operation_id="duty_now", tags=["duty"], responses=OnDutyList)
    def get(self, request: Request) -> Response:
        """Who is on duty now: a dealer's own; for offices and headquarters a row for each dealer whose partnership holds."""
        viewer = self.viewer
        if not rights.may(viewer, "duty.partners"):
            rights.require(viewer, "duty.read")
        names = [*OnDutyRow().fields]
        rows = duty.on_duty(viewer, timezone.now())
        return Response({"items": [{name: getattr(row, name) for name in names} for row in rows]})


class Gaps(View):
    """What is not covered."""

    @extend_schema(operation_id="duty_gaps", tags=["duty"], responses=GapsShape)
    def get(self, request: Request) -> Response:
        """Hours of the next 30 days in which nobody is on main duty, to the minute, and holiday periods whose roster is due."""
        viewer = self.viewer
        rights.require(viewer, "duty.read")
        ahead = roster.ahead(viewer, timezone.now())
        return Response(
            {
                "gaps": [_stretch(span) for span in ahead.gaps],
                "holidays": [
                    {"first": period.first, "last": period.last, "gaps": [_stretch(span) for span in missing]}
                    for period, missing in ahead.due
                ],
            }
        )


class Shifts(View):
    """The roster, and a new shift."""

    @extend_schema(
        operation_id="duty_shifts",
        tags=["duty"],
        parameters=[*filters_of(ShiftFilters), *PAGING],
        responses=page_of(DutyShiftRow),
    )
    def get(self, request: Request) -> Response:
        """The shifts on the roster in order of time, those that begin from `first` to `last` when these are given."""
        viewer = self.viewer
        rights.require(viewer, "duty.read")
        days = checked(ShiftFilters(request.query_params)).cleaned_data
        rows = roster.standing(viewer)
        if days["first"]:
            rows = rows.filter(day__gte=days["first"])
        if days["last"]:
            rows = rows.filter(day__lte=days["last"])
        return page(request, rows, orders=roster.ORDERS, default="ends", shape=_shift_row)

    @extend_schema(
        operation_id="duty_shift_add", tags=["duty"], parameters=[KEY], request=ShiftBody, responses={201: DutyShiftRow}
    )
    def post(self, request: Request) -> Response:
        """Put a shift on the roster; without `starts` and `ends` it has the hours of its kind."""
        viewer = self.viewer
        rights.require(viewer, "duty.plan")
        form = checked(ShiftForm(data_of(request.data, ShiftForm.base_fields), viewer=viewer))
        shift = add_shift(viewer=viewer, facts=ShiftFacts(**form.facts()), now=timezone.now())
        return _shift(shift, status=201)


class OneShift(View):
    """One shift."""

    @extend_schema(operation_id="duty_shift", tags=["duty"], responses=DutyShiftRow)
    def get(self, request: Request, public_id: str) -> Response:
        """A shift. Its version is the `ETag`."""
        viewer = self.viewer
        shift = roster.one(viewer, public_id)
        rights.require(viewer, "duty.read")
        return _shift(shift)

    @extend_schema(
        operation_id="duty_shift_change",
        tags=["duty"],
        parameters=[IF_MATCH, KEY],
        request=ShiftBody,
        responses=DutyShiftRow,
    )
    def patch(self, request: Request, public_id: str) -> Response:
        """Change hours or people; what is not sent stays. Open requests to swap it are off."""
        viewer = self.viewer
        shift = roster.one(viewer, public_id)
        version = expected(request)
        rights.require(viewer, "duty.plan")
        initial = ShiftForm.initial_of(shift, roster.settings(viewer))
        data = laid_over(initial, request.data, ShiftForm.base_fields)
        facts = ShiftFacts(**checked(ShiftForm(data, viewer=viewer, initial=initial)).facts())
        changed = change_shift(
            viewer=viewer, public_id=public_id, facts=facts, expected_version=version, now=timezone.now()
        )
        return _shift(changed)

    @extend_schema(
        operation_id="duty_shift_remove", tags=["duty"], parameters=[IF_MATCH, KEY], request=None, responses={204: None}
    )
    def delete(self, request: Request, public_id: str) -> Response:
        """Take a shift off the roster; on its page this can be undone."""
        viewer = self.viewer
        roster.one(viewer, public_id)
        version = expected(request)
        remove_shift(viewer=viewer, public_id=public_id, expected_version=version, now=timezone.now())
        return Response(status=204)


class AskSwap(View):
    """A request to swap."""

    @extend_schema(
        operation_id="duty_swap_ask", tags=["duty"], parameters=[KEY], request=SwapBody, responses={201: DutySwapRow}
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Ask a colleague to take one of one's own shifts, or to exchange it. Until he agrees the roster stays as it is."""
        viewer, now = self.viewer, timezone.now()
        shift = roster.one(viewer, public_id)
        rights.require(viewer, "duty.ask", shift)
        form = SwapForm(
            data_of(request.data, SwapForm.base_fields), viewer=viewer, others=roster.to_exchange(viewer, shift, now)
        )
        made = operations.ask_swap(viewer=viewer, shift=public_id, now=now, **checked(form).cleaned_data)
        return _swap(viewer, made.public_id, status=201)


class Swaps(View):
    """Requests to swap."""

    @extend_schema(operation_id="duty_swaps", tags=["duty"], parameters=PAGING, responses=page_of(DutySwapRow))
    def get(self, request: Request) -> Response:
        """The requests that the viewer may read, newest first: planners all, anybody else those that concern him."""
        viewer = self.viewer
        rights.require(viewer, "duty.read")
        return page(request, swaps.listing(viewer), orders=swaps.ORDERS, default="-asked", shape=_swap_row)


class OneSwap(View):
    """One request."""

    @extend_schema(operation_id="duty_swap", tags=["duty"], responses=DutySwapRow)
    def get(self, request: Request, public_id: str) -> Response:
        """A request to swap."""
        return _swap(self.viewer, public_id)


class Answer(View):
    """One answer to a request."""

    verb = ""

    def post(self, request: Request, public_id: str) -> Response:
        """Give it; answers the request as it is then."""
        viewer = self.viewer
        swap = swaps.one(viewer, public_id)
        rights.require(viewer, f"duty_swap.{self.verb}", swap)
        operation: Callable[..., DutySwap] = getattr(operations, self.verb)
        more: dict[str, Any] = {}
        if self.verb in WITH_REASON:
            more = checked(ReasonForm(data_of(request.data, ReasonForm.base_fields))).cleaned_data
        operation(viewer=viewer, public_id=public_id, now=timezone.now(), **more)
        return _swap(viewer, public_id)


VERBS = {
    "agree": "Take over: the colleague who was asked.",
    "decline": "Not: the colleague who was asked.",
    "withdraw": "Not needed any more: who asked.",
    "approve": "The desk decides in an emergency that the swap holds.",
    "reject": "The desk decides that everything stays as it is.",
}
WITH_REASON = ("approve", "reject")


def answer_view(name: str) -> type[Answer]:
    """The view of one answer, with a schema of its own."""
    note = extend_schema(
        operation_id=f"duty_swap_{name}", tags=["duty"], summary=VERBS[name], parameters=[KEY],
        request=ReasonBody if name in WITH_REASON else None, responses=DutySwapRow,
    )  # fmt: skip

    class Made(Answer):
        @note
        def post(self, request: Request, public_id: str) -> Response:
            return super().post(request, public_id)

    Made.verb, Made.__name__, Made.__doc__ = name, f"DutySwap{name}", VERBS[name]
    return Made


def _stretch(span: Span) -> dict[str, Any]:
    return {"starts_at": span[0], "ends_at": span[1]}


def _shift_row(shift: DutyShift) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": shift.public_id,
        "day": shift.day,
        "kind": shift.kind,
        "starts_at": shift.starts_at,
        "ends_at": shift.ends_at,
        "phone": shift.number,
        "note": shift.note,
        "version": shift.version,
        "url": reverse("api:duty_shift", args=[shift.public_id]),
    }
    for name in ("person", "deputy", "leader"):
        person = getattr(shift, name)
        found |= {name: person.public_id if person else None, f"{name}_name": person.name if person else ""}
    return found


def _shift(shift: DutyShift, *, status: int = 200) -> Response:
    response = Response(_shift_row(shift), status=status)
    response["ETag"] = tag(shift.version)
    if status == 201:
        response["Location"] = reverse("api:duty_shift", args=[shift.public_id])
    return response


def _swap_row(swap: DutySwap) -> dict[str, Any]:
    return {
        "id": swap.public_id,
        "state": swap.state,
        "shift": swap.shift.public_id,
        "other": swap.other.public_id if swap.other else None,
        "asked_by": swap.asked_by.name,
        "asked_to": swap.asked_to.name,
        "note": swap.note,
        "asked_at": swap.asked_at,
        "expires_at": swap.expires_at,
        "answered_at": swap.answered_at,
        "answered_by": swap.answered_by,
        "reason": swap.reason,
        "url": reverse("api:duty_swap", args=[swap.public_id]),
    }


def _swap(viewer: Viewer, public_id: str, *, status: int = 200) -> Response:
    response = Response(_swap_row(swaps.one(viewer, public_id)), status=status)
    if status == 201:
        response["Location"] = reverse("api:duty_swap", args=[public_id])
    return response
