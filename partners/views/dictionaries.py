"""The reference lists: all read them, the platform edits them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import rights
from core.errors import NotFound, Refused
from core.forms import apply_refusal
from core.models.dictionary import DictionaryKind
from partners.access import Request
from partners.forms import ChangeWordForm, WordForm
from partners.operations.dictionaries import add_word, change_word
from partners.queries import dictionaries


@require_GET
def dictionary_list(request: Request) -> HttpResponse:
    """All lists with the number of their words."""
    rights.require(request.viewer, "dictionary.read")
    context = {"page_title": _("Dictionaries"), "rows": dictionaries.kinds(request.viewer)}
    return render(request, "partners/dictionaries.html", context)


@require_http_methods(["GET", "POST"])
def dictionary(request: Request, kind: str) -> HttpResponse:
    """The words of one list, and a form for one more."""
    viewer = request.viewer
    rights.require(viewer, "dictionary.read")
    if kind not in DictionaryKind.values:
        raise NotFound
    form = WordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            entry = add_word(viewer=viewer, kind=kind, label=form.cleaned_data["label"], now=timezone.now())
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("%(word)s is in the list.") % {"word": entry.label})
            return redirect("partners:dictionary", kind)
    context = {
        "page_title": DictionaryKind(kind).label,
        "crumbs": _crumbs(),
        "words": dictionaries.words(viewer, kind),
        "kind": kind,
        "form": form,
        "may_change": rights.may(viewer, "dictionary.change"),
    }
    return render(request, "partners/dictionary.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def word(request: Request, kind: str, entry_id: int) -> HttpResponse:
    """Wording, place and use of a word."""
    viewer = request.viewer
    rights.require(viewer, "dictionary.change")
    entry = dictionaries.one(viewer, kind, entry_id)
    form = ChangeWordForm(request.POST if request.method == "POST" else None, initial=ChangeWordForm.facts_of(entry))
    if request.method == "POST" and form.is_valid():
        try:
            change_word(viewer=viewer, entry_id=entry.pk, now=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("partners:dictionary", kind)
    back = reverse("partners:dictionary", args=[kind])
    context = {
        "form": form,
        "page_title": entry.label,
        "lead": _("Records that carry the word keep it as it was."),
        "button": _("Save"),
        "crumbs": [*_crumbs(), (back, DictionaryKind(kind).label)],
        "back_url": back,
    }
    return render(request, "partners/form.html", context, status=422 if form.errors else 200)


def _crumbs() -> list[tuple[str, str]]:
    return [(reverse("partners:dictionaries"), _("Dictionaries"))]
