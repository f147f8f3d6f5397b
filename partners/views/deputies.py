"""Leaves and deputies: one's own, and everybody's for the administrator; whom partners may name."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import rights
from core.calendars import local_date
from core.errors import Refused
from core.forms import apply_refusal
from core.tables import next_url
from partners.access import Request
from partners.forms import ContactForm, DeputyForm
from partners.models import Person
from partners.operations.deputies import end_leave, hide_contact, name_deputy, show_contact
from partners.queries import deputies, people


@require_http_methods(["GET", "POST"])
def mine(request: Request) -> HttpResponse:
    """The viewer's own leaves."""
    rights.require_ever(request.viewer, "deputy.name")
    return _page(request, people.me(request.viewer), (reverse("partners:me"), _("My account")))


@require_http_methods(["GET", "POST"])
def of_person(request: Request, public_id: str) -> HttpResponse:
    """Somebody's leaves, for the administrator."""
    person = people.one(request.viewer, public_id)
    return _page(request, person, (reverse("partners:person", args=[public_id]), person.name))


def _page(request: Request, person: Person, above: tuple[str, str]) -> HttpResponse:
    viewer, now = request.viewer, timezone.now()
    rights.require(viewer, "deputy.name", person)
    posted = request.POST if request.method == "POST" else None
    form = DeputyForm(posted, colleagues=people.colleagues(viewer, person))
    if posted is not None and form.is_valid():
        try:
            name_deputy(viewer=viewer, person=person.public_id, now=now, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            messages.success(request, _("Saved. New requests go to the deputy during these days."))
            return HttpResponseRedirect(request.path)
    context = {
        "form": form,
        "person": person,
        "leaves": deputies.of_person(viewer, person, local_date(now)),
        "page_title": _("Leave of %(name)s") % {"name": person.name},
        "crumbs": [above],
        "back_url": above[0],
    }
    return render(request, "partners/deputies.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: Request, public_id: str) -> HttpResponse:
    """The person is back."""
    end_leave(viewer=request.viewer, public_id=public_id, now=timezone.now())
    messages.success(request, _("The leave has ended."))
    return HttpResponseRedirect(next_url(request) or reverse("partners:my_deputy"))


@require_http_methods(["GET", "POST"])
def contact(request: Request, public_id: str) -> HttpResponse:
    """Whether partners may name a person."""
    viewer, now = request.viewer, timezone.now()
    person = people.one(viewer, public_id)
    rights.require(viewer, "contact.show", person)
    shown = deputies.contact_of(viewer, person)
    initial = {"shown": shown is not None, "duty": shown.duty if shown else ""}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["shown"]:
            show_contact(viewer=viewer, person=public_id, duty=form.cleaned_data["duty"], now=now)
        else:
            hide_contact(viewer=viewer, person=public_id, now=now)
        messages.success(request, _("Saved."))
        return redirect("partners:person", public_id)
    context = {
        "form": form,
        "page_title": _("Show %(name)s to partners") % {"name": person.name},
        "lead": _("Partners see name, department and duty, and who acts for the person during a leave; no number."),
        "button": _("Save"),
        "crumbs": [(reverse("partners:person", args=[public_id]), person.name)],
        "back_url": reverse("partners:person", args=[public_id]),
    }
    return render(request, "partners/form.html", context, status=422 if form.errors else 200)
