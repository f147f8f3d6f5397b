"""The service slip while it is written: its page, autosave, handing in (表7-27; domain.md 8.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import rights
from core.calendars import local
from core.errors import Refused, Sentence
from core.offline import keep_for
from core.templatetags.ui import chip
from core.tenancy import Viewer
from equipment.queries import catalogue
from partners.access import Request
from tickets.calculations.judgement import against, tick_of
from tickets.calculations.slip_checks import Problem, problems, wanted_photos
from tickets.enums import PhotoSlot, SlipState
from tickets.explain import slip_problems
from tickets.forms.slip import MOST_FAULTS, MOST_PARTS, REPLACING_WORDS, SignForm, SlipForms, differences
from tickets.forms.slip_input import facts_with_defaults, proposed_hours, with_defaults, written_on
from tickets.models import Slip
from tickets.operations import complete_slip as completing
from tickets.operations import save_slip as saving
from tickets.operations.check_slip import check_slip
from tickets.operations.complete_slip import Incomplete, facts_of
from tickets.operations.hand_in_signed import hand_in_signed
from tickets.queries import phrases, slips
from tickets.views.photos import slots
from tickets.views.slip_pages import answer_of, paper_page
from tickets.views.warranty import Shown, shown

#: the parts of the form: key, words; the last one comes after handing in
PARTS: tuple[tuple[str, Sentence], ...] = (
    ("site", gettext_lazy("Customer and machine")),
    ("times", gettext_lazy("Arrival and departure")),
    ("diagnosis", gettext_lazy("Diagnosis")),
    ("parts", gettext_lazy("Parts")),
    ("photos", gettext_lazy("Photos")),
    ("answer", gettext_lazy("Rating and signature")),
)
STATES: dict[str, tuple[str, Sentence]] = {
    "done": ("good", gettext_lazy("filled in")),
    "todo": ("new", gettext_lazy("to fill in")),
    "bad": ("bad", gettext_lazy("wrong")),
    "none": ("waiting", gettext_lazy("none")),
    "later": ("new", gettext_lazy("after handing in")),
}
_PART_OF = {
    "customer_name": "site",
    "address": "site",
    "contact": "site",
    "phone": "site",
    "machines": "site",
    "faults": "diagnosis",
    "parts": "parts",
    "photos": "photos",
    "in_warranty": "diagnosis",
    "warranty_reason": "diagnosis",
    "conditions": "diagnosis",
    "conditions_note": "diagnosis",
    "other_service": "diagnosis",
    "parts_fee": "parts",
    "labour_fee": "parts",
}


@dataclass(frozen=True)
class Part:
    """One part of the form in the task list."""

    key: str
    label: Any
    state: str
    family: str
    words: Any


@dataclass(frozen=True)
class Computed:
    """The computed warranty beside the technician's tick. tick: what the box would say; contradicts: his tick says otherwise."""

    shown: Shown
    tick: str
    contradicts: bool

    @classmethod
    def of(cls, slip: Slip, ticked: str) -> Computed:
        """Of a slip; one that was not judged yet shows what its ticket knows."""
        judged = slip if slip.judgement else slip.ticket
        tick = tick_of(judged.warranty).value
        return cls(shown(judged), tick, against(ticked, tick))


@require_POST
def open_slip(request: Request, public_id: str) -> HttpResponse:
    """填服务单: to the slip of this round, begun with what is known when there is none."""
    slip = saving.open_slip(viewer=request.viewer, ticket_public_id=public_id, now=timezone.now())
    return redirect("tickets:slip", slip.public_id)


@require_GET
def slip(request: Request, public_id: str) -> HttpResponse:
    """A slip on its page: the form while it is written, the paper afterwards (and for all who only read)."""
    found = slips.one(request.viewer, public_id)
    if found.state == SlipState.DRAFT and rights.may(request.viewer, "slip.save", found):
        extra = request.GET.get("add", "")
        return _form_page(request, found, SlipForms.of(request.viewer, found, extra=extra))
    return paper_page(request, found)


@require_POST
def save(request: Request, public_id: str) -> HttpResponse:
    """Autosave (JSON) and the plain button: keep the draft, complete or not.

    add, remove: a line more or less, for browsers without JavaScript. 409: somebody else wrote meanwhile, with both versions.
    """
    viewer, now, sign_in = request.viewer, timezone.now(), _sign_in(request)
    data = _without_line(request.POST, request.POST.get("remove", ""))
    try:
        slip = saving.take_draft(
            viewer=viewer, public_id=public_id, expected_version=_version(request), sign_in=sign_in
        )
        forms = SlipForms.of(viewer, slip, data=data)
        readable = forms.is_valid()
        content = saving.write(viewer, slip, written_on(slip, forms), sign_in=sign_in, content=forms.content)
    except Refused as refusal:
        return _not_saved(request, public_id, data, refusal)
    if _wants_json(request):
        return JsonResponse(_saved_facts(viewer, slip, content, forms, readable, now))
    if not readable:
        return _form_page(request, slip, SlipForms.of(viewer, slip, data=data), status=422)
    extra = request.POST.get("add", "")
    if not extra and not request.POST.get("remove"):
        messages.success(request, _("The draft is saved."))
    page = reverse("tickets:slip", args=[public_id])
    return HttpResponseRedirect(f"{page}?add={extra}#{extra}" if extra in ("faults", "parts") else page)


@require_http_methods(["GET", "POST"])
def complete(request: Request, public_id: str) -> HttpResponse:
    """提交待签: everything is checked; what is missing is said at its field and nothing that was typed is lost.

    GET comes from the address line of a slip that was sent back with errors, and leads to the slip."""
    viewer = request.viewer
    found = slips.one(viewer, public_id)
    if request.method == "GET":
        return redirect("tickets:slip", public_id)
    if found.state != SlipState.DRAFT:
        messages.info(request, _("Handed in already, number %(number)s.") % {"number": found.number})
        return redirect("tickets:slip", public_id)
    rights.require(viewer, "slip.complete", found)
    now = timezone.now()
    forms = SlipForms.of(viewer, found, data=request.POST)
    readable = forms.is_valid()
    written = with_defaults(viewer, found, written_on(found, forms), now=now)
    confirmed = bool(forms.main.read("long_stay"))
    try:
        if not readable:
            missing = check_slip(
                viewer=viewer, public_id=public_id, written=written, long_stay_confirmed=confirmed, now=now
            )
            return _with_problems(request, found, forms, missing)
        completing.complete_slip(
            viewer=viewer,
            public_id=public_id,
            expected_version=_version(request),
            written=written,
            long_stay_confirmed=confirmed,
            now=now,
            sign_in=_sign_in(request),
        )
    except Incomplete as refusal:
        return _with_problems(request, found, forms, refusal.problems)
    except Refused as refusal:
        return _not_saved(request, public_id, request.POST, refusal)
    return redirect("tickets:slip", public_id)


@require_POST
def hand_in(request: Request, public_id: str) -> HttpResponse:
    """A slip from the phone's queue that was signed without a line (JSON): signed, or how far it went and why not further.

    Fields: those of the slip's form (none for a slip that waited for its signature already) and, after "sign-", those of
    the customer's page; `op` and `signed_at` of the answer.
    """
    viewer, now = request.viewer, timezone.now()
    found = slips.one(viewer, public_id)
    rights.require(viewer, "slip.hand_in", found)
    signed_at = _moment(request.POST.get("signed_at", ""))
    sign = SignForm(request.POST, prefix="sign")
    sign.is_valid()  # what is missing, the operation says
    written, confirmed = None, False
    if found.state == SlipState.DRAFT:
        forms = SlipForms.of(viewer, found, data=request.POST)
        forms.is_valid()
        written = with_defaults(viewer, found, written_on(found, forms), now=min(signed_at or now, now))
        confirmed = bool(forms.main.read("long_stay"))
    done = hand_in_signed(
        viewer=viewer,
        public_id=public_id,
        expected_version=_version(request),
        written=written,
        long_stay_confirmed=confirmed,
        answer=answer_of(sign, op=request.POST.get("op", ""), at=signed_at),
        now=now,
        sign_in=_sign_in(request),
        say=slip_problems.in_chinese,
    )
    lapsed = done.lapsed
    return JsonResponse(
        {
            "state": done.slip.state,
            "number": done.slip.number,
            "url": reverse("tickets:slip", args=[public_id]),
            "lapsed": lapsed.reason if lapsed else "",
        }
    )


@require_GET
def parts(request: Request, public_id: str) -> HttpResponse:
    """Hits of the maker's catalogue for the part line that is being typed (htmx)."""
    viewer = request.viewer
    found = slips.one(viewer, public_id)
    rights.require(viewer, "slip.save", found)
    text = next((str(value) for name, value in request.GET.items() if name.endswith("-code")), "").strip()
    hits = catalogue.find_parts(viewer, found.manufacturer_id, text) if text else []
    return render(request, "tickets/_part_hits.html", {"hits": hits})


def _version(request: Request) -> int | None:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _moment(text: str) -> datetime | None:
    """An ISO time with its zone, or nothing."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


def _sign_in(request: Request) -> str:
    """Whose page this is, told by nothing that could open a session."""
    key = f"{request.session.session_key}:{request.viewer.person_id}"
    return sha256(key.encode()).hexdigest()[:32]


def _form_page(
    request: Request,
    slip: Slip,
    forms: SlipForms,
    *,
    missing: Sequence[Problem] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    viewer, ticket, now = request.viewer, slip.ticket, timezone.now()
    computed = Computed.of(slip, str(forms.main["in_warranty"].value()))
    here = reverse("tickets:slip", args=[slip.public_id])
    content = forms.content
    facts = facts_of(viewer, slip, now=now, content=content)
    hours = proposed_hours(viewer, slip, slip, now=now, trips=content.trips)
    open_points = missing if missing is not None else problems(facts_with_defaults(facts, hours, now=now))
    photos = [photo for photo in content.photos if photo.round == slip.round]
    needed = wanted_photos((form["treatment"].value() or "" for form in forms.faults), from_paper=slip.from_paper)
    forms.offer_phrases(phrases.of_technician(viewer))
    forms.main.fields["hours"].help_text = _hours_hint(hours, slip, now)
    context = {
        "slip": slip,
        "ticket": ticket,
        "forms": forms,
        "form": forms,
        "parts": parts_of(forms, open_points),
        "left": _left(open_points),
        "asks_long_stay": any(problem.code == "long_stay" for problem in open_points),
        "slots": slots(
            photos,
            needed=needed,
            offered=[slot for slot in PhotoSlot if slot not in (PhotoSlot.PAPER, PhotoSlot.PROOF)],
            may_remove=rights.may(viewer, "ticket.remove_photo", ticket),
            back=f"{here}#photos",
        ),
        "papers": [photo for photo in photos if photo.slot == PhotoSlot.PAPER],
        "upload_url": f"{reverse('tickets:photo_add', args=[ticket.public_id])}?next={here}",
        "may_explain": rights.may(viewer, "ticket.explain_late", ticket),
        "may_complete": rights.may(viewer, "slip.complete", slip),
        "replacing": REPLACING_WORDS,
        "has_errors": bool(forms.errors),
        "version": request.POST.get("version", slip.version),
        "most_faults": MOST_FAULTS,
        "most_parts": MOST_PARTS,
        "lapsed": slips.lapsed(viewer, slip),
        "warranty": computed,
        "sign_form": SignForm(prefix="sign", initial={"signer": slip.contact}),
        "page_title": _("Service slip"),
        "crumbs": [(reverse("tickets:ticket", args=[ticket.public_id]), ticket.customer_name)],
        **more,
    }
    response = render(request, "tickets/slip_form.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return keep_for(request, response)


def parts_of(forms: SlipForms, found: Sequence[Problem]) -> list[Part]:
    """The task list: each part filled in, to fill in, or wrong; wrong is what was typed and cannot stay."""
    states = dict.fromkeys((key for key, _label in PARTS), "done")
    places = [(problem.field, forms.field(problem.field)) for problem in found]
    places += [(bound.html_name, bound) for bound in forms if bound.errors]
    for name, bound in places:
        key = _part_of(name)
        typed = bound is not None and bool(str(bound.value() or "").strip("[] "))
        states[key] = "bad" if typed or states[key] == "bad" else "todo"
    if not forms.parts and states["parts"] == "done":
        states["parts"] = "none"
    states["answer"] = "later"
    return [Part(key, label, states[key], *STATES[states[key]]) for key, label in PARTS]


def _part_of(name: str) -> str:
    return _PART_OF.get(name.partition("-")[0], "times")


def _with_problems(request: Request, slip: Slip, forms: SlipForms, found: Sequence[Problem]) -> HttpResponse:
    for item in slip_problems.sentences(found):
        forms.add_problem(item.field, item.text)
    return _form_page(request, slip, forms, missing=found, status=422)


def _not_saved(request: Request, public_id: str, data: QueryDict, refusal: Refused) -> HttpResponse:
    """Stale: both versions side by side; input that no draft can hold: beside its field; all else as everywhere."""
    viewer = request.viewer
    if refusal.code == "wrong_state" and _wants_json(request):
        gone = {"slip": slips.one(viewer, public_id)}
        return HttpResponse(render_to_string("tickets/_slip_gone.html", gone, request), status=409)
    if refusal.code != "stale" and refusal.status != 422:
        raise refusal
    if refusal.status == 422 and _wants_json(request):
        return JsonResponse({"error": str(refusal), "field": refusal.field}, status=422)
    slip = slips.one(viewer, public_id)
    forms = SlipForms.of(viewer, slip, data=data)
    if refusal.code == "stale":
        return _stale(request, slip, forms, refusal)
    forms.add_problem(refusal.field or "", str(refusal))
    return _form_page(request, slip, forms, status=422)


def _stale(request: Request, theirs: Slip, mine: SlipForms, refusal: Refused) -> HttpResponse:
    conflict = {
        "who": refusal.params.get("who", ""),
        "when": local(theirs.updated_at),
        "changes": differences(SlipForms.of(request.viewer, theirs, content=mine.content), mine),
        "again_url": reverse("tickets:slip", args=[theirs.public_id]),
        "version": theirs.version,
    }
    if _wants_json(request):
        return HttpResponse(render_to_string("tickets/_slip_stale.html", conflict, request), status=409)
    return _form_page(request, theirs, mine, status=409, conflict=conflict, version=theirs.version)


def _saved_facts(
    viewer: Viewer, slip: Slip, content: slips.Content, forms: SlipForms, readable: bool, now: datetime
) -> dict[str, Any]:
    computed = Computed.of(slip, slip.in_warranty)
    hours = proposed_hours(viewer, slip, slip, now=now, trips=content.trips)
    found = problems(facts_with_defaults(facts_of(viewer, slip, now=now, content=content), hours, now=now))
    return {
        "version": slip.version,
        "saved_at": now.isoformat(),
        "partial": not readable,
        "hours_hint": _hours_hint(hours, slip, now),
        "left": _left(found),
        "warranty": {
            "tick": computed.tick,
            "html": render_to_string("tickets/_slip_warranty.html", {"warranty": computed}),
        },
        "parts": [{"key": part.key, "chip": chip(part.family, str(part.words))} for part in parts_of(forms, found)],
    }


def _left(found: Sequence[Problem]) -> str:
    if not found:
        return _("Everything is there")
    return ngettext("%(n)s entry is missing", "%(n)s entries are missing", len(found)) % {"n": len(found)}


def _hours_hint(hours: Decimal | None, slip: Slip, now: datetime) -> str:
    """What the hours are when nobody writes them: (离开−到达)×人数."""
    if hours is None or slip.arrived_at is None:
        return _("Empty: by the times.")
    minutes = max(0, int(((slip.left_at or now) - slip.arrived_at).total_seconds() // 60))
    return _("Empty: %(total)s (%(hours)s h %(minutes)s min × %(people)s)") % {
        "total": f"{hours.normalize():f}",
        "hours": minutes // 60,
        "minutes": minutes % 60,
        "people": slip.people or 1,
    }


def _without_line(data: QueryDict, line: str) -> QueryDict:
    """The form without one of its lines ("parts-2")."""
    if not line:
        return data
    kept = data.copy()
    for name in [name for name in kept if name.startswith(f"{line}-")]:
        del kept[name]
    return kept


def _wants_json(request: Request) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
