"""Merging two customers or two machines: choose the other one, see both, merge, undo."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core import rights
from core.errors import NotFound, Refused
from core.forms import Form, apply_refusal
from equipment.models import Merge, MergeKind
from equipment.operations.merging import merge_customers, merge_machines, undo_merge
from equipment.queries import customers, machines, merging
from partners.access import Request


class CustomerMergeForm(Form):
    """The other customer, by name (the hits carry its id)."""

    other = forms.CharField(label=gettext_lazy("The other customer"), max_length=100)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["other"].help_text = _(
            "Its machines and tickets come to this customer; it leaves lists and searches."
        )


class MachineMergeForm(Form):
    """The other machine of the same customer and manufacturer, or the one that has the number."""

    other = forms.ChoiceField(label=gettext_lazy("The other machine"), widget=forms.RadioSelect)


@require_http_methods(["GET", "POST"])
def merge_customer(request: Request, public_id: str) -> HttpResponse:
    """Choose the customer that is the same; shows both before anything happens."""
    viewer = request.viewer
    kept = customers.one(viewer, public_id)
    rights.require(viewer, "customer.merge", kept)
    wanted = (request.POST or request.GET).get("other", "").strip()
    hits = [hit for hit in customers.by_name(viewer, wanted) if hit.pk != kept.pk] if wanted else []
    form = CustomerMergeForm({"other": wanted} if wanted else None)
    if request.method == "POST" and "gone" in request.POST:
        try:
            gone = customers.one(viewer, request.POST["gone"])
            merge_customers(viewer=viewer, kept=public_id, gone=gone.public_id, now=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("%(name)s is merged into this customer.") % {"name": gone.name})
            return redirect("equipment:customer", public_id)
    context = {
        "form": form,
        "hits": [(hit.public_id, hit.name, hit.full_address, hit.contact, hit.phone) for hit in hits],
        "searched": bool(wanted),
        "kept": kept,
        "page_title": _("Merge with another customer"),
        "crumbs": [(reverse("equipment:customer", args=[public_id]), kept.name)],
    }
    return render(request, "equipment/merge_customer.html", context)


@require_http_methods(["GET", "POST"])
def merge_machine(request: Request, public_id: str) -> HttpResponse:
    """Choose the machine that is the same."""
    viewer = request.viewer
    kept = machines.one(viewer, public_id)
    rights.require(viewer, "machine.merge", kept)
    others = merging.candidates(viewer, kept)
    number = request.GET.get("number", "")
    numbered = machines.with_serial(viewer, kept.manufacturer_id, number) if number else None
    if numbered is not None and numbered != kept and numbered not in others:
        others.insert(0, numbered)
    form = MachineMergeForm(request.POST or None)
    form.fields["other"].choices = [(row.public_id, f"{row} {row.location}".strip()) for row in others]  # type: ignore[attr-defined]
    if (
        request.method == "POST"
        and request.POST.get("other")
        and request.POST["other"] not in {row.public_id for row in others}
    ):
        machines.one(
            viewer, request.POST["other"]
        )  # another customer's machine is merged as well, a foreign one is not found
        form.fields["other"].choices.append((request.POST["other"], ""))  # type: ignore[attr-defined]
    if form.is_valid():
        try:
            merge_machines(viewer=viewer, kept=public_id, gone=form.cleaned_data["other"], now=timezone.now())
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("The two machines are one."))
            return redirect("equipment:machine", public_id)
    context = {
        "form": form,
        "others": others,
        "page_title": _("Merge with another machine"),
        "crumbs": [(reverse("equipment:machine", args=[public_id]), str(kept))],
    }
    return render(request, "equipment/merge_machine.html", context, status=422 if form.is_bound else 200)


@require_POST
def undo(request: Request, public_id: str) -> HttpResponse:
    """Take a merge back."""
    merge: Merge = undo_merge(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("The merge is taken back."))
    row: Any = (customers if merge.kind == MergeKind.CUSTOMER else machines).by_id(request.viewer, merge.kept_id)
    if row is None:
        raise NotFound
    return redirect(f"equipment:{merge.kind}", row.public_id)
