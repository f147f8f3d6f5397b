"""Small answers while somebody types: customers of a telephone number, models, parts, districts."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_GET

from core import districts, rights
from core.errors import NotFound
from core.typed import digits
from equipment.forms import MachineForm
from equipment.models import Customer
from equipment.queries import catalogue, customers, machines
from partners.access import Request, without_session

WEEK = 7 * 24 * 3600  # seconds


@require_GET
def lookup_phone(request: Request) -> HttpResponse:
    """Fragment: customers whose number begins (or ends) with the digits of ``phone=``, each with its machines."""
    rights.require(request.viewer, "customer.list")
    typed = request.GET.get("phone", "")
    found = customers.by_phone(request.viewer, typed)
    return _hits(request, found, enough=len(digits(typed)) >= customers.DIGITS_NEEDED)


@require_GET
def lookup_customer(request: Request) -> HttpResponse:
    """Fragment: customers whose name, contact or number holds ``q=``, each with its machines.

    With ``as=options`` the entries of a combobox.
    """
    rights.require(request.viewer, "customer.list")
    text = request.GET.get("q", "").strip()
    found = customers.by_name(request.viewer, text)
    if request.GET.get("as") == "options":
        return render(request, "equipment/_customer_options.html", {"customers": found})
    return _hits(request, found, enough=bool(text))


@require_GET
def models(request: Request) -> HttpResponse:
    """Options of the models' datalist for ``manufacturer_id=`` (public id) that hold ``model=``.

    When the model is a published one, the product type's select comes along, set to the line's type.
    """
    viewer = request.viewer
    rights.require(viewer, "catalogue.read")
    text = request.GET.get("model", "").strip()
    maker_id = _maker_id(request, "manufacturer_id")
    codes = catalogue.model_codes(viewer, maker_id, text=text) if maker_id else []
    exact = next((kind for code, kind in codes if code.casefold() == text.casefold()), "") if text else ""
    type_field = MachineForm(viewer=viewer, initial={"product_type": exact})["product_type"] if exact else None
    return render(
        request,
        "equipment/_model_options.html",
        {"codes": codes, "type_field": type_field.as_widget(attrs={"hx-swap-oob": "true"}) if type_field else ""},
    )


@require_GET
def parts(request: Request) -> HttpResponse:
    """Entries of the parts' combobox: parts of ``maker=`` (public id) whose number or name holds ``q=``."""
    viewer = request.viewer
    rights.require(viewer, "catalogue.read")
    maker_id = _maker_id(request, "maker")
    found = catalogue.find_parts(viewer, maker_id, request.GET.get("q", "").strip()) if maker_id else []
    return render(request, "equipment/_part_options.html", {"parts": found})


def _districts_file() -> Path:
    return Path(districts.__file__).parent / "data" / "districts.json"


def _etag(_request: HttpRequest) -> str:
    return f'"{sha256(_districts_file().read_bytes()).hexdigest()[:16]}"'


@require_GET
@without_session
@gzip_page
@condition(etag_func=_etag)
def districts_json(_request: HttpRequest) -> HttpResponse:
    """The list of provinces, cities and districts for static/js/districts.js; browsers keep it a week."""
    response = HttpResponse(_districts_file().read_bytes(), content_type="application/json")
    response["Cache-Control"] = f"public, max-age={0 if settings.DEBUG else WEEK}"
    return response


def _maker_id(request: Request, name: str) -> int | None:
    """The manufacturer named in the address, when the viewer reads its catalogue."""
    public_id = request.GET.get(name, "")
    try:
        return catalogue.maker(request.viewer, public_id).id if public_id else None
    except NotFound:
        return None


def _hits(request: Request, found: list[Customer], *, enough: bool) -> HttpResponse:
    owned = machines.of_customers(request.viewer, found)
    hits = [{"customer": customer, "machines": owned[customer.id]} for customer in found]
    return render(request, "equipment/_hits.html", {"hits": hits, "enough": enough})
