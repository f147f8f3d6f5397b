"""Pages of old parts: the list, one with its steps, packing and labels, the photo of a destruction (domain.md 10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import rights, stored
from core.calendars import local_date
from core.errors import NotFound, Refused, Sentence
from core.forms import apply_refusal
from core.paging import cut_page
from core.tables import Column, render_list, table_of
from core.tenancy import Tier, Viewer
from partners.access import Request, expected_version
from partners.models import Organisation
from partners.queries import partnerships
from settlement.calculations import old_part_duties as old_part_days
from settlement.documents import old_parts as papers
from settlement.enums import OldPartDuty, OldPartState, PartFinding, PartRequest
from settlement.forms import old_parts as forms
from settlement.models import OldPart, ReturnBox
from settlement.operations import old_parts as life
from settlement.operations.return_boxes import pack as pack_parts
from settlement.operations.return_boxes import unpack
from settlement.queries import old_part_duties, old_parts, return_boxes
from tickets.enums import SheetPaper
from tickets.forms.papers import chosen_paper
from tickets.queries import lists


@dataclass(frozen=True)
class Action:
    """One verb of a part: its form, the operation behind it, its words. explain: what will happen, said before it does."""

    form: type[forms.PartForm]
    operation: Callable[..., Any]
    title: Sentence
    button: Sentence
    done: Sentence
    explain: Sentence = ""
    danger: bool = False


ACTIONS: dict[str, Action] = {
    "unpack": Action(
        forms.PartForm,
        unpack,
        gettext_lazy("Take it out of the box?"),
        gettext_lazy("Take out of the box"),
        gettext_lazy("It is out of the box."),
        gettext_lazy("A box out of which the last part is taken is gone."),
    ),
    "extension": Action(
        forms.ExtensionForm,
        life.ask_extension,
        gettext_lazy("Ask for more time"),
        gettext_lazy("Send the request"),
        gettext_lazy("The request is sent."),
        gettext_lazy("The manufacturer sees this part from now on and answers."),
    ),
    "exemption": Action(
        forms.WhyForm,
        life.ask_exemption,
        gettext_lazy("Ask to keep it"),
        gettext_lazy("Send the request"),
        gettext_lazy("The request is sent."),
        gettext_lazy("The manufacturer sees this part from now on and answers."),
    ),
    "agree": Action(
        forms.NoteForm,
        life.agree,
        gettext_lazy("Agree to what the dealer asks?"),
        gettext_lazy("Agree"),
        gettext_lazy("Agreed."),
    ),
    "refuse": Action(
        forms.WhyForm,
        life.refuse,
        gettext_lazy("Decline what the dealer asks?"),
        gettext_lazy("Decline"),
        gettext_lazy("Declined."),
        danger=True,
    ),
    "find": Action(
        forms.PartForm,
        life.find,
        gettext_lazy("Has it turned up?"),
        gettext_lazy("It has turned up"),
        gettext_lazy("It is received."),
    ),
    "take": Action(
        forms.PartForm,
        life.take,
        gettext_lazy("Begin the appraisal?"),
        gettext_lazy("Begin the appraisal"),
        gettext_lazy("The appraisal has begun."),
    ),
    "appraise": Action(
        forms.AppraisalForm,
        life.appraise,
        gettext_lazy("Appraise"),
        gettext_lazy("Save the finding"),
        gettext_lazy("The finding is saved."),
        gettext_lazy("The dealer reads finding and note."),
    ),
    "claim": Action(
        forms.ClosingForm,
        life.claim,
        gettext_lazy("Does the supplier take it?"),
        gettext_lazy("Claimed by the supplier"),
        gettext_lazy("The part has gone to its supplier."),
    ),
    "destroy": Action(
        forms.DestroyForm,
        life.destroy,
        gettext_lazy("Has it been destroyed?"),
        gettext_lazy("Destroyed"),
        gettext_lazy("The destruction is recorded."),
        danger=True,
    ),
    "give_back": Action(
        forms.ClosingForm,
        life.give_back,
        gettext_lazy("Give it back to the dealer?"),
        gettext_lazy("Give back"),
        gettext_lazy("The part goes back to the dealer."),
    ),
}
#: the one next step, the first that the viewer may do
NEXT = ("agree", "find", "appraise", "claim", "give_back")


@dataclass(frozen=True)
class Button:
    """As components/button.html wants it."""

    label: Any
    url: str
    danger: bool = False
    post: bool = False
    icon: str = ""
    dialog: str = ""
    fields: tuple[tuple[str, Any], ...] = ()


@require_GET
def old_part_list(request: Request) -> HttpResponse:
    """The old parts that the viewer may see, what is due first on top."""
    viewer, today = request.viewer, local_date(timezone.now())
    rights.require(viewer, "old_part.read")
    filters = forms.OldPartFilters(request.GET or None, viewer=viewer)
    facts = filters.facts() if filters.is_bound else old_parts.Filters()
    page = cut_page(
        request.GET, old_parts.listing(viewer, facts, today), orders=old_parts.ORDERS, default=old_parts.DEFAULT
    )
    table = table_of(
        request,
        page,
        caption=_("Old parts"),
        columns=[
            Column("number", _("Old part")),
            Column("due", _("Due back by"), order="due"),
            Column("part", _("Part")),
            Column("quantity", _("Quantity"), numeric=True),
            Column("customer", _("Customer")),
            Column("machine", _("Machine")),
            Column("state", _("State")),
            Column("slip_number", _("Service slip")),
            Column("partner", _("Manufacturer") if viewer.tier is Tier.DEALER else _("Dealer")),
        ],
        row=lambda part: old_parts.row(viewer, part, filters.offered.names, today),
        filters=filters if filters.is_bound else (),
        empty=(_("Part lines whose old part goes back appear here when their slip is signed."), "", ""),
        none_found=_("No old part fits these filters."),
        clear_label=_("Clear the filters"),
    )
    context = {
        "table": table,
        "rows_template": "settlement/_old_part_rows.html",
        "form": filters,
        "page_title": _("Old parts"),
        "may_pack": rights.may(viewer, "return_box.pack"),
    }
    return render_list(request, "settlement/old_parts.html", context)


@require_GET
def old_part(request: Request, public_id: str) -> HttpResponse:
    """One old part: what its label says, what was asked, what was found; the same for every tier."""
    viewer, today = request.viewer, local_date(timezone.now())
    part = old_parts.one(viewer, public_id)
    buttons = _buttons(viewer, part)
    first = next((buttons[verb] for verb in NEXT if verb in buttons), None)
    box = return_boxes.of_part(viewer, part)
    context = {
        "part": part,
        "row": old_parts.row(viewer, part, lists.partner_names(viewer), today),
        "next": first,
        "more": [button for button in buttons.values() if button is not first],
        "box": box,
        "pack_url": _pack_url(viewer, part),
        "count_url": _count_url(viewer, part, box),
        "charge": old_part_duties.charge_of(viewer, part),
        "away": _away(viewer, part),
        "finding": PartFinding(part.finding).label if part.finding else "",
        "requests": [(PartRequest(one.kind).label, one) for one in old_parts.requests(viewer, part)],
        "page_title": part.number,
        "crumbs": [(reverse("settlement:old_parts"), _("Old parts"))],
    }
    return render(request, "settlement/old_part.html", context)


def _pack_url(viewer: Viewer, part: OldPart) -> str:
    """Where the dealer packs it, "" when it is not his turn."""
    if not rights.may(viewer, "old_part.pack", part):
        return ""
    return f"{reverse('settlement:old_part_pack')}?maker={part.manufacturer.public_id}"


def _count_url(viewer: Viewer, part: OldPart, box: ReturnBox | None) -> str:
    """Where its box is counted with this part ticked: a phone's camera has opened the address on the label. "" when that is nobody's turn."""
    if box is None or part.state != OldPartState.SHIPPED or not rights.may(viewer, "return_box.receive", box):
        return ""
    return f"{reverse('settlement:return_box_receive', args=[box.public_id])}?seen={part.public_id}"


def _away(viewer: Viewer, part: OldPart) -> dict[str, date] | None:
    """Until when it stays away without deduction and block; None when it is here, or its manufacturer settles nothing on the platform."""
    if not old_parts.is_unreturned(part) or part.manufacturer_id in viewer.own_makers:
        return None
    return {
        "deduct": old_part_days.last_day(part.due_on, OldPartDuty.DEDUCT),
        "block": old_part_days.last_day(part.due_on, OldPartDuty.BLOCK),
    }


def _buttons(viewer: Viewer, part: OldPart) -> dict[str, Button]:
    made = {}
    for rule in rights.buttons(viewer, "old_part", part):
        verb = rule.action.split(".")[1]
        url = reverse("settlement:old_part_act", args=[part.public_id, verb])
        made[verb] = Button(rule.label, url, danger=ACTIONS[verb].danger)
    return made


@require_http_methods(["GET", "POST"])
def old_part_act(request: Request, public_id: str, verb: str) -> HttpResponse:
    """The form of a verb, and doing it. A refusal of input is shown at its field and nothing typed is lost."""
    action = ACTIONS.get(verb)
    if action is None:
        raise Http404
    viewer = request.viewer
    part = old_parts.one(viewer, public_id)
    posted = request.method == "POST"
    if posted and expected_version(request) != part.version:
        raise old_parts.stale(part)  # before the right is asked: who was faster, and how it stands now
    rights.require(viewer, f"old_part.{verb}", part)
    form = action.form(*((request.POST, request.FILES) if posted else ()), part=part)
    if posted and form.is_valid():
        try:
            action.operation(
                viewer=viewer,
                public_id=public_id,
                expected_version=form.cleaned_data["version"],
                now=timezone.now(),
                **form.arguments(),
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, str(action.done))
            return redirect("settlement:old_part", public_id)
    context = {
        "part": part,
        "action": action,
        "form": form,
        "asked": next(iter(old_parts.requests(viewer, part)), None) if part.asked else None,
        "page_title": action.title,
        "crumbs": [(reverse("settlement:old_part", args=[public_id]), part.number)],
    }
    return render(request, "settlement/old_part_act.html", context, status=422 if form.is_bound else 200)


@require_GET
def old_part_photo(request: Request, public_id: str) -> HttpResponseBase:
    """The photo of the destruction."""
    part = old_parts.one(request.viewer, public_id)
    if not part.photo:
        raise NotFound
    return stored.answer(request, part.photo.name, content_type="image/jpeg", as_name=f"{part.number}.jpg")


@require_http_methods(["GET", "POST"])
def pack(request: Request) -> HttpResponse:
    """Choose parts that are due for one manufacturer: put them in a box (POST), or print their labels (`old_part_labels`)."""
    viewer = request.viewer
    rights.require(viewer, "return_box.pack")
    owed = old_parts.owed_makers(viewer)
    makers = [maker for maker in partnerships.makers(viewer) if maker.pk in owed]
    maker = _maker(request, makers)
    parts = old_parts.to_pack(viewer, maker.pk) if maker else []
    boxes = return_boxes.open_ones(viewer, maker.pk) if maker else []
    form = forms.PackForm(request.POST if request.method == "POST" else None, parts=parts, boxes=boxes)
    if request.method == "POST" and form.is_valid():
        try:
            box = pack_parts(viewer=viewer, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Packed into %(number)s.") % {"number": box.number})
            return redirect("settlement:return_box", box.public_id)
    today = local_date(timezone.now())
    context = {
        "form": form,
        "makers": makers,
        "maker": maker,
        "rows": [old_parts.row(viewer, part, {}, today) for part in parts],
        "chosen": set(request.POST.getlist("parts")) if form.is_bound else {part.public_id for part in parts},
        "papers": SheetPaper.choices,
        "page_title": _("Pack old parts"),
        "crumbs": [(reverse("settlement:old_parts"), _("Old parts"))],
    }
    return render(request, "settlement/pack.html", context, status=422 if form.errors else 200)


def _maker(request: Request, makers: list[Organisation]) -> Organisation | None:
    """The manufacturer that the address names, else the first one. Errors: NotFound for one to whom the dealer owes nothing."""
    key = request.GET.get("maker", "")
    if not key:
        return makers[0] if makers else None
    found = next((one for one in makers if one.public_id == key), None)
    if found is None:
        raise NotFound
    return found


@require_POST
def labels(request: Request) -> HttpResponseBase:
    """The labels of the chosen old parts as PDF."""
    viewer = request.viewer
    rights.require(viewer, "return_box.pack")
    chosen = old_parts.several(viewer, request.POST.getlist("parts")[: old_parts.MOST + 1])
    pdf = papers.label_sheets(chosen, site=settings.SITE_URL, paper=chosen_paper(request.POST))
    return stored.answer_bytes(pdf, content_type="application/pdf", as_name="旧件标签.pdf")
