"""Pages without account about one slip: signing on the customer's own phone, the proof of a paper (domain.md 8.5, 18.5)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import limits, stored
from core.calendars import local_date
from core.errors import NotFound, Refused
from core.forms import apply_refusal
from tickets.documents.slip_sheet import HASH_DIGITS
from tickets.enums import Copy, LinkKind, LinkState, SignatureKind, SlipState
from tickets.explain import slip_problems
from tickets.forms.public import DigitsForm, OwnPhoneSignForm
from tickets.models import Slip
from tickets.operations import by_link, tries
from tickets.operations.complete_slip import Incomplete
from tickets.operations.sign_slip import Answer
from tickets.queries import public, slips
from tickets.queries.public import Opened
from tickets.views.public import by, fees_of, frame, over

#: how long the right four digits hold on this phone
PASS_SECONDS = 3600


# ── the four digits ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _passed(request: HttpRequest, kind: LinkKind, code: str) -> bool:
    salt = f"{kind.value}:{code}"
    return bool(request.get_signed_cookie("pass", default="", salt=salt, max_age=PASS_SECONDS) == kind.value)


def _let_through(response: HttpResponse, kind: LinkKind, code: str, path: str) -> HttpResponse:
    response.set_signed_cookie(
        "pass",
        kind.value,
        salt=f"{kind.value}:{code}",
        max_age=PASS_SECONDS,
        path=path,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _ask_digits(request: HttpRequest, code: str, opened: Opened, page: str, now: datetime) -> HttpResponse:
    """Compare the digits and go back to the page; a wrong try is committed, so it answers with a redirect, not with an error."""
    slip = public.slip(opened.viewer)
    if slip is None:
        raise NotFound
    address = reverse(f"public:{page}", args=[code])
    form = DigitsForm(request.POST)
    if not form.is_valid():
        return redirect(f"{address}?left=digits")
    left = tries.check_digits(
        viewer=opened.viewer,
        token=f"{opened.kind.value} {slip.pk}",
        address=limits.client_address(request),
        given=form.cleaned_data["digits"],
        wanted=public.endings(slip.phone),
        now=now,
    )
    if left < 0:
        return _let_through(redirect(address), opened.kind, code, address)
    return redirect(f"{address}?left={left}")


def _digits_context(request: HttpRequest, code: str, page: str) -> dict[str, Any]:
    left = request.GET.get("left", "")
    problem = ""
    if left == "digits":
        problem = _("Four digits, please.")
    elif left in {"0", "1", "2", "3", "4"}:
        problem = _("These are not the last four digits of the contact's number. Tries left this hour: %(n)s") % {
            "n": left
        }
    return {
        "digits_form": DigitsForm(),
        "digits_problem": problem,
        "has_errors": bool(problem),
        "digits_url": reverse(f"public:{page}_digits", args=[code]),
    }


# ── signing ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "POST"])
@by(LinkKind.SIGN)
def sign(request: HttpRequest, code: str, opened: Opened, now: datetime) -> HttpResponse:
    """/s/TOKEN: after the four digits what was done, fees, rating, opinion, signature; once it is signed, the customer's copy."""
    dealer, slip = public.dealer(opened.viewer), public.slip(opened.viewer)
    if slip is None or opened.state is LinkState.EXPIRED:
        text = _("The right to sign ends after 72 hours. Ask the service technician to show you the code again.")
        return over(request, _("This link is over"), text, status=410, dealer=dealer)
    context = frame(request, dealer) | {"slip": slip, "ticket": slip.ticket}
    if not _passed(request, LinkKind.SIGN, code):
        context |= _digits_context(request, code, "sign") | {"page_title": _("Confirm the service")}
        return render(request, "tickets/public/digits.html", context)
    if slip.state in (SlipState.SIGNED, SlipState.REFUSED, SlipState.VOID):
        return _signed(request, code, opened, slip, context)
    if slip.state != SlipState.WAIT_SIGN or opened.state is not LinkState.VALID:
        text = _("The dealer is correcting this slip. Ask the service technician to show you a new code.")
        return over(request, _("Nothing to sign now"), text, status=409, dealer=dealer)
    form = OwnPhoneSignForm(request.POST or None, initial={"version": slip.version, "signer": slip.contact})
    if request.method == "POST" and form.is_valid() and _answered(opened, form, now):
        return redirect("public:sign", code)
    context |= {
        "faults": public.faults(opened.viewer),
        "parts": public.parts(opened.viewer),
        "fees": fees_of(slip),
        "form": form,
        "strokes_error": "".join(str(error) for error in form.errors.get("strokes", [])[:1]),
        "has_errors": bool(form.errors),
        "today": now,
        "page_title": _("Please check and sign"),
    }
    return render(request, "tickets/public/sign.html", context, status=422 if form.errors else 200)


@require_POST
@by(LinkKind.SIGN)
def sign_digits(request: HttpRequest, code: str, opened: Opened, now: datetime) -> HttpResponse:
    """The four digits before signing."""
    if opened.state is LinkState.EXPIRED:
        return redirect("public:sign", code)
    return _ask_digits(request, code, opened, "sign", now)


@require_GET
@by(LinkKind.SIGN)
def sign_copy(request: HttpRequest, code: str, opened: Opened, now: datetime) -> HttpResponseBase:
    """The customer's copy as PDF, after the signature."""
    slip = public.slip(opened.viewer)
    if slip is None or opened.state is LinkState.EXPIRED or slip.state not in (SlipState.SIGNED, SlipState.REFUSED):
        raise NotFound
    if not _passed(request, LinkKind.SIGN, code):
        return redirect("public:sign", code)
    kept = slips.files(opened.viewer, slip).get(Copy.CUSTOMER)
    if kept is None:
        raise NotFound
    name = f"{slip.number}-客户联.pdf"
    return stored.answer(request, kept.file.name, content_type="application/pdf", as_name=name)


def _signed(request: HttpRequest, code: str, opened: Opened, slip: Slip, context: dict[str, Any]) -> HttpResponse:
    kept = slips.files(opened.viewer, slip)
    context |= {
        "is_void": slip.state == SlipState.VOID,
        "copy_url": reverse("public:sign_copy", args=[code]) if Copy.CUSTOMER in kept else "",
        "page_title": _("Void")
        if slip.state == SlipState.VOID
        else _("Signed already")
        if slip.state == SlipState.SIGNED
        else _("Answered already"),
    }
    return render(request, "tickets/public/signed.html", context)


def _answered(opened: Opened, form: OwnPhoneSignForm, now: datetime) -> bool:
    data, kind = form.cleaned_data, form.kind
    if kind is SignatureKind.NONE:
        form.add_error("strokes", _("Please sign in the box, or confirm by name below it."))
        return False
    answer = Answer(
        rating=data["rating"], opinion=data["opinion"], signer=data["signer"], strokes=_strokes(data["strokes"])
    )
    try:
        by_link.sign_by_link(
            viewer=opened.viewer,
            link_id=opened.link_id,
            expected_version=data["version"],
            answer=answer,
            drawn=kind is SignatureKind.DRAWN,
            now=now,
        )
    except Incomplete as refusal:
        for item in slip_problems.sentences(refusal.problems):
            form.add_error(None, item.text)
        return False
    except Refused as refusal:
        if refusal.code.startswith("signature_"):
            refusal.field = "strokes"
        apply_refusal(form, refusal)
        return False
    return True


def _strokes(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


# ── the proof of a paper ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@require_GET
@by(LinkKind.PROOF)
def proof(request: HttpRequest, code: str, opened: Opened, now: datetime) -> HttpResponse:
    """/p/CODE: dealer, number, date, model, valid or void, the short hash; after the four digits what to compare with the paper."""
    dealer, slip = public.dealer(opened.viewer), public.slip(opened.viewer)
    if slip is None or slip.frozen_at is None:
        raise NotFound
    digits = slip.content_hash[:HASH_DIGITS]
    passed = _passed(request, LinkKind.PROOF, code)
    context = frame(request, dealer) | {
        "slip": slip,
        "models": slip.ticket.model_summary,
        "on": local_date(slip.frozen_at),
        "is_void": slip.state == SlipState.VOID,
        "short_hash": " ".join(digits[at : at + 4] for at in range(0, len(digits), 4)),
        "passed": passed,
        "page_title": _("Proof of a service slip"),
    }
    if passed:
        context |= {"faults": public.faults(opened.viewer), "fees": fees_of(slip)}
    else:
        context |= _digits_context(request, code, "proof")
    return render(request, "tickets/public/proof.html", context)


@require_POST
@by(LinkKind.PROOF)
def proof_digits(request: HttpRequest, code: str, opened: Opened, now: datetime) -> HttpResponse:
    """The four digits that show more of the slip."""
    return _ask_digits(request, code, opened, "proof", now)
