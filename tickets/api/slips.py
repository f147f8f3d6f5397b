"""Service slips: the list, one, saving, handing in, signing, voiding, the kept files (表7-27; domain.md 8)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import jobs, rights
from core.api.bodies import body_of, checked, data_of
from core.api.paging import page, page_of
from core.api.problem import FieldError, Invalid
from core.api.schema import IF_MATCH, KEY, PAGING, filters_of
from core.api.versions import expected, tag
from core.errors import NotFound, Refused
from core.forms import Form
from core.models import JobState
from core.tenancy import Tier, Viewer
from partners.api.base import View
from tickets.api.photos import FileView
from tickets.api.slip_data import SlipBody, forms_of
from tickets.api.slip_shapes import FilesShape, SlipRow, SlipShape, slip_row, slip_shape
from tickets.documents import kept_files
from tickets.enums import FROZEN, Copy, SignatureKind, SlipState
from tickets.explain import slip_problems
from tickets.forms.lists import SlipFilters
from tickets.forms.slip import PaperSignForm, RefusalForm, SignForm
from tickets.forms.slip_input import with_defaults, written_on
from tickets.models import Slip
from tickets.operations.complete_slip import Incomplete, complete_slip, correct_slip
from tickets.operations.hand_in_signed import hand_in_signed
from tickets.operations.print_slip import print_slip
from tickets.operations.save_slip import open_slip, save_slip
from tickets.operations.sign_slip import Answer, confirm_by_name, refuse_signature, sign_on_paper, sign_slip
from tickets.operations.void_slip import void_slip
from tickets.queries import slip_list, slips, tickets


class ReasonForm(Form):
    """Why."""

    reason = forms.CharField(max_length=200, required=False)  # where it must not be empty the operation says so


Reason = body_of("Reason", ReasonForm)
SignBody = body_of(
    "Signature",
    SignForm,
    leave_out=("strokes", "technician_strokes"),
    strokes=serializers.ListField(
        required=False, child=serializers.ListField(child=serializers.ListField(child=serializers.FloatField())),
        help_text="Pen points [x, y, milliseconds] of each stroke, in a box of 600 × 220. Without: `confirmed` and `signer`.",
    ),
    technician_strokes=serializers.ListField(
        required=False, child=serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))
    ),
)  # fmt: skip


class HandInForm(Form):
    """What comes along with a slip that was signed without a line."""

    op = forms.CharField(min_length=8, max_length=40, help_text="Random key of the one who sends it.")
    signed_at = forms.DateTimeField(required=False, help_text="When it was signed, by the phone's clock.")


class HandedIn(serializers.Serializer[Any]):
    """What became of it."""

    slip = SlipShape()
    lapsed = serializers.CharField(help_text="Why the signature took no effect; empty when the slip is signed.")


HandInBody = body_of("SignedSlip", HandInForm, slip=SlipBody(required=False), answer=SignBody())
PaperSignBody = body_of("PaperSignature", PaperSignForm)
RefuseBody = body_of("RefusedSignature", RefusalForm)


class Slips(View):
    """The list."""

    @extend_schema(
        operation_id="slips",
        tags=["slips"],
        parameters=[*filters_of(SlipFilters), *PAGING],
        responses=page_of(SlipRow),
    )
    def get(self, request: Request) -> Response:
        """The slips with a number that the viewer may list, the latest first."""
        viewer = self.viewer
        rights.require(viewer, "slip.list")
        filters = checked(SlipFilters(request.query_params, viewer=viewer))
        rows = slip_list.listing(viewer, filters.facts())
        return page(request, rows, orders=slip_list.ORDERS, default=slip_list.DEFAULT, shape=slip_row)


class Open(View):
    """The slip of a ticket's present round."""

    @extend_schema(operation_id="slip_open", tags=["slips"], parameters=[KEY], request=None, responses={200: SlipShape})
    def post(self, request: Request, public_id: str) -> Response:
        """Begin the slip of the ticket's present round with what is known; there is one already: that one."""
        viewer = self.viewer
        tickets.one(viewer, public_id)
        slip = open_slip(viewer=viewer, ticket_public_id=public_id, now=timezone.now())
        return _answer(viewer, slip.public_id)


class OneSlip(View):
    """One slip."""

    @extend_schema(operation_id="slip", tags=["slips"], responses=SlipShape)
    def get(self, request: Request, public_id: str) -> Response:
        """A slip with fault lines and parts. Its version is the `ETag`."""
        return _answer(self.viewer, public_id)

    @extend_schema(
        operation_id="slip_save", tags=["slips"], parameters=[IF_MATCH, KEY], request=SlipBody, responses=SlipShape
    )
    def patch(self, request: Request, public_id: str) -> Response:
        """Save the draft, complete or not. What is not sent stays; `faults` and `parts` replace all lines."""
        viewer = self.viewer
        slip = slips.one(viewer, public_id)
        version = expected(request)
        rights.require(viewer, "slip.save", slip)
        typed = forms_of(viewer, slip, request.data)
        save_slip(
            viewer=viewer,
            public_id=public_id,
            expected_version=version,
            written=written_on(slip, typed),
            now=timezone.now(),
        )
        return _answer(viewer, public_id)


class Complete(View):
    """提交待签."""

    @extend_schema(
        operation_id="slip_complete", tags=["slips"], parameters=[IF_MATCH, KEY], request=SlipBody, responses=SlipShape
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Hand in: everything is checked, the number is given. What is sent is saved first; `errors` says what is missing."""
        viewer, now = self.viewer, timezone.now()
        slip = slips.one(viewer, public_id)
        version = expected(request)
        rights.require(viewer, "slip.complete", slip)
        typed = forms_of(viewer, slip, request.data)
        try:
            complete_slip(
                viewer=viewer,
                public_id=public_id,
                expected_version=version,
                written=with_defaults(viewer, slip, written_on(slip, typed), now=now),
                long_stay_confirmed=bool(typed.main.read("long_stay")),
                now=now,
            )
        except Incomplete as refusal:
            raise missing(refusal) from None
        return _answer(viewer, public_id)


class Correct(View):
    """Back to the draft."""

    @extend_schema(
        operation_id="slip_correct", tags=["slips"], parameters=[IF_MATCH, KEY], request=Reason, responses=SlipShape
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Back to the draft before the customer signs; the number stays."""
        slips.one(self.viewer, public_id)
        correct_slip(
            viewer=self.viewer,
            public_id=public_id,
            expected_version=expected(request),
            reason=_reason(request.data),
            now=timezone.now(),
        )
        return _answer(self.viewer, public_id)


class Sign(View):
    """The customer's answer."""

    @extend_schema(
        operation_id="slip_sign", tags=["slips"], parameters=[IF_MATCH, KEY], request=SignBody, responses=SlipShape
    )
    def post(self, request: Request, public_id: str) -> Response:
        """The customer signs (`strokes`), or confirms by name (`confirmed` and `signer`); the slip is frozen."""

        def read(slip: Slip) -> Deed:
            answer = _signature(slip, request.data)
            return partial(sign_slip if answer.strokes else confirm_by_name, answer=answer)

        return _answered(self.viewer, request, public_id, "slip.sign", read)


class SignOnPaper(View):
    """The customer's answer on paper."""

    @extend_schema(
        operation_id="slip_sign_on_paper",
        tags=["slips"],
        parameters=[IF_MATCH, KEY],
        request=PaperSignBody,
        responses=SlipShape,
    )
    def post(self, request: Request, public_id: str) -> Response:
        """The customer signed with a pen: what he wrote beside it. The photo of the paper (slot `paper`) comes first."""

        def read(slip: Slip) -> Deed:
            form = checked(PaperSignForm(data_of(request.data, PaperSignForm.base_fields, version=slip.version)))
            data = form.cleaned_data
            answer = Answer(rating=data["rating"], opinion=data["opinion"], signer=data["signer"])
            return partial(sign_on_paper, answer=answer, signed_on=data["signed_on"])

        return _answered(self.viewer, request, public_id, "slip.sign_on_paper", read)


class HandIn(View):
    """A slip that was signed without a line."""

    @extend_schema(
        operation_id="slip_hand_in", tags=["slips"], parameters=[IF_MATCH, KEY], request=HandInBody, responses=HandedIn
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Complete and sign in one transaction what waited on a phone; the same `op` again changes nothing. `lapsed` says why the
        signature took no effect: the slip has gone as far as it could, the signature is kept and has to be given again."""
        viewer, now = self.viewer, timezone.now()
        slip = slips.one(viewer, public_id)
        version = expected(request)
        rights.require(viewer, "slip.hand_in", slip)
        given = request.data if isinstance(request.data, Mapping) else {}
        form = checked(
            HandInForm(data_of({name: given.get(name) for name in HandInForm.base_fields}, HandInForm.base_fields))
        )
        at = form.cleaned_data["signed_at"]
        written, confirmed = None, False
        if slip.state == SlipState.DRAFT:
            typed = forms_of(viewer, slip, given.get("slip") or {})
            written = with_defaults(viewer, slip, written_on(slip, typed), now=min(at or now, now))
            confirmed = bool(typed.main.read("long_stay"))
        done = hand_in_signed(
            viewer=viewer,
            public_id=public_id,
            expected_version=version,
            written=written,
            long_stay_confirmed=confirmed,
            answer=replace(_signature(slip, given.get("answer")), op=form.cleaned_data["op"], at=at),
            now=now,
            say=slip_problems.in_chinese,
        )
        response = _answer(viewer, public_id)
        response.data = {"slip": response.data, "lapsed": done.lapsed.reason if done.lapsed else ""}
        return response


class Refuse(View):
    """拒签/未签."""

    @extend_schema(
        operation_id="slip_refuse", tags=["slips"], parameters=[IF_MATCH, KEY], request=RefuseBody, responses=SlipShape
    )
    def post(self, request: Request, public_id: str) -> Response:
        """The customer does not sign: with a reason of the list the slip is frozen as signing does."""

        def read(slip: Slip) -> Deed:
            form = checked(RefusalForm(data_of(request.data, RefusalForm.base_fields, version=slip.version)))
            return partial(refuse_signature, reason=form.text(), answer=Answer(rating=""))

        return _answered(self.viewer, request, public_id, "slip.refuse", read)


class Void(View):
    """作废."""

    @extend_schema(
        operation_id="slip_void", tags=["slips"], parameters=[IF_MATCH, KEY], request=Reason, responses=SlipShape
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Void a slip that has a number; the number stays used."""
        slips.one(self.viewer, public_id)
        void_slip(
            viewer=self.viewer,
            public_id=public_id,
            expected_version=expected(request),
            reason=_reason(request.data),
            now=timezone.now(),
        )
        return _answer(self.viewer, public_id)


class Print(View):
    """The triplicate."""

    @extend_schema(
        operation_id="slip_print", tags=["slips"], parameters=[KEY], request=None, responses={200: FilesShape}
    )
    def post(self, request: Request, public_id: str) -> Response:
        """Count a print of the triplicate; from the second one on the file says 补打 n."""
        slips.one(self.viewer, public_id)
        slip = print_slip(viewer=self.viewer, public_id=public_id, now=timezone.now())
        return Response(files_shape(self.viewer, slip))


class Files(View):
    """The kept files."""

    @extend_schema(operation_id="slip_files", tags=["slips"], responses=FilesShape)
    def get(self, request: Request, public_id: str) -> Response:
        """The files of a frozen slip that this viewer may take, or how far they are."""
        return Response(files_shape(self.viewer, self._frozen(public_id)))

    @extend_schema(operation_id="slip_files_again", tags=["slips"], request=None, responses={202: FilesShape})
    def post(self, request: Request, public_id: str) -> Response:
        """Make them once more after a failure; a task that is under way is left alone."""
        viewer, slip = self.viewer, self._frozen(public_id)
        rights.require(viewer, "slip.print", slip)
        job = kept_files.job_of(viewer, slip)
        if job is None or job.state in (JobState.FAILED, JobState.CANCELLED):
            jobs.enqueue(
                kept_files.KIND, viewer=viewer, now=timezone.now(), title=slip.number, of=3, slip=slip.public_id
            )
        return Response(files_shape(viewer, slip), status=202)

    def _frozen(self, public_id: str) -> Slip:
        slip = slips.one(self.viewer, public_id)
        if slip.state not in FROZEN:
            raise NotFound
        return slip


class Pdf(FileView):
    """One file."""

    @extend_schema(operation_id="slip_pdf", tags=["slips"], responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: str, copy: str) -> HttpResponseBase:
        """One copy: `dealer`, `customer` or `maker`; `triplicate`: all three."""
        slip = slips.one(self.viewer, public_id)
        return kept_files.answer(request._request, self.viewer, slip, copy)


def files_shape(viewer: Viewer, slip: Slip) -> dict[str, Any]:
    """How far the files are. state: ready, making, failed or none (nothing is kept for this viewer)."""
    kept = slips.files(viewer, slip)
    copies = [copy for copy in Copy if copy in kept and kept_files.may_take(viewer, copy, slip)]
    complete = len(copies) >= (len(Copy) if viewer.tier is Tier.DEALER else 1)
    job = None if complete else kept_files.job_of(viewer, slip)
    failed = job is not None and job.state in (JobState.FAILED, JobState.CANCELLED)
    unfinished = "failed" if failed else "making" if viewer.tier is Tier.DEALER else "none"
    wanted = [*copies, *(["triplicate"] if complete and viewer.tier is Tier.DEALER else [])]
    return {
        "state": "ready" if complete else unfinished,
        "job": job.public_id if job is not None and job.person_id == viewer.person_id else None,
        "printed": slip.printed,
        "files": [
            {"copy": str(copy), "url": reverse("api:slip_pdf", args=[slip.public_id, str(copy)])} for copy in wanted
        ],
    }


def missing(refusal: Incomplete) -> Invalid:
    """What the slip still lacks, as field errors."""
    return Invalid(
        [
            FieldError(item.field.replace("-", "."), item.code, item.text)
            for item in slip_problems.sentences(refusal.problems)
        ]
    )


def _signature(slip: Slip, given: Any) -> Answer:
    """The customer's answer as it was sent. Errors: Invalid, Refused("signature_empty")."""
    given = dict(given) if isinstance(given, Mapping) else {}
    drawn, own = given.pop("strokes", None), given.pop("technician_strokes", None)
    strokes = json.dumps(drawn) if drawn else ""
    form = checked(SignForm(data_of(given, SignForm.base_fields, version=slip.version, strokes=strokes)))
    data = form.cleaned_data
    if form.kind is SignatureKind.NONE:
        raise Refused("signature_empty", field="strokes")
    by_name = form.kind is SignatureKind.TYPED
    return Answer(
        rating=data["rating"],
        opinion=data["opinion"],
        signer=data["signer"] or ("" if by_name else slip.contact),
        strokes=None if by_name else drawn,
        technician_strokes=own or None,
    )


#: an operation on a slip with what was read for it; the frame adds viewer, slip, version and time
Deed = Callable[..., Slip]


def _answered(viewer: Viewer, request: Request, public_id: str, right: str, read: Callable[[Slip], Deed]) -> Response:
    """The customer answers in one way or another: the right is asked before the body is read."""
    slip = slips.one(viewer, public_id)
    version = expected(request)
    rights.require(viewer, right, slip)
    do = read(slip)
    try:
        do(viewer=viewer, public_id=public_id, expected_version=version, now=timezone.now())
    except Incomplete as refusal:
        raise missing(refusal) from None
    return _answer(viewer, public_id)


def _reason(given: Any) -> str:
    form = checked(ReasonForm(data_of(given, ReasonForm.base_fields)))
    return str(form.cleaned_data["reason"])


def _answer(viewer: Viewer, public_id: str) -> Response:
    slip = slips.one(viewer, public_id)
    response = Response(slip_shape(viewer, slip))
    response["ETag"] = tag(slip.version)
    return response
