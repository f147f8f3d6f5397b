"""The one search box: tickets, slips, customers and machines of the viewer, by words, pinyin initials, last digits (docs/search.md)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import rights, search
from core.calendars import local
from core.tenancy import Viewer
from equipment.models import Customer, Machine
from partners.access import Request
from tickets.enums import SlipState, TicketState
from tickets.queries import slips, tickets

EACH = 8
MOST = 100


@dataclass(frozen=True)
class Hit:
    """One thing found. code: number or model; state, state_label: of its chip, empty = none."""

    url: str
    code: str
    title: str
    detail: str = ""
    state: str = ""
    state_label: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one kind; more_url: the list with the same question, "" when everything is shown."""

    label: str
    hits: Sequence[Hit]
    more_url: str
    count_text: str


Read = Callable[[Viewer, list[int], int], list[Hit]]


def found(viewer: Viewer, text: str, *, each: int = EACH) -> list[Group]:
    """The groups that hold something, each with its first rows; one statement, and one for each kind that has hits."""
    kinds: tuple[tuple[str, str, str, Read, str, dict[str, str]], ...] = (
        ("ticket", "ticket.list", _("Tickets"), _tickets, "tickets:tickets", {"state": "all"}),
        ("slip", "slip.list", _("Service slips"), _slips, "tickets:slips", {}),
        ("customer", "customer.list", _("Customers"), _customers, "equipment:customers", {}),
        ("machine", "machine.list", _("Machines"), _machines, "equipment:machines", {}),
    )
    kinds = tuple(kind for kind in kinds if rights.may_ever(viewer, kind[1]))
    if not kinds:
        return []  # the platform: none of it is the platform's business
    groups, ids_of = [], search.everything(viewer, text, limit=MOST)
    for kind, _right, label, read, listing, more in kinds:
        ids = ids_of.get(kind)
        hits = read(viewer, ids, each + 1) if ids else []
        if hits:
            more_url = f"{reverse(listing)}?{urlencode({**more, 'q': text})}" if len(hits) > each else ""
            count = f"{each}+" if len(hits) > each else str(len(hits))
            groups.append(Group(label, hits[:each], more_url, count))
    return groups


def _tickets(viewer: Viewer, ids: list[int], limit: int) -> list[Hit]:
    rows = tickets.seen_by(viewer).filter(id__in=ids).order_by("-reported_at", "-id")
    columns = ("public_id", "number", "customer_name", "city", "model_summary", "fault", "state")
    return [
        Hit(
            reverse("tickets:ticket", args=[row["public_id"]]),
            row["number"],
            row["customer_name"],
            " · ".join(filter(None, (row["city"], row["model_summary"], row["fault"]))),
            row["state"],
            str(TicketState(row["state"]).label),
        )
        for row in rows.values(*columns)[:limit]
    ]


def _slips(viewer: Viewer, ids: list[int], limit: int) -> list[Hit]:
    rows = slips.listed(viewer).filter(id__in=ids).exclude(number="").order_by("-finished_at", "-id")
    columns = ("public_id", "number", "customer_name", "technician", "finished_at", "state")
    return [
        Hit(
            reverse("tickets:slip", args=[row["public_id"]]),
            row["number"],
            row["customer_name"],
            " · ".join(filter(None, (f"{local(row['finished_at']):%Y-%m-%d}" if row["finished_at"] else "", row["technician"]))),
            row["state"],
            str(SlipState(row["state"]).label),
        )
        for row in rows.values(*columns)[:limit]
    ]  # fmt: skip


def _customers(viewer: Viewer, ids: list[int], limit: int) -> list[Hit]:
    rows = Customer.objects.visible_to(viewer).filter(id__in=ids).order_by("-active", "-updated_at", "-id")
    columns = ("public_id", "name", "city", "contact", "phone")
    return [
        Hit(
            reverse("equipment:customer", args=[row["public_id"]]),
            "",
            row["name"],
            " · ".join(filter(None, (row["city"], row["contact"], row["phone"]))),
        )
        for row in rows.values(*columns)[:limit]
    ]


def _machines(viewer: Viewer, ids: list[int], limit: int) -> list[Hit]:
    rows = Machine.objects.visible_to(viewer).filter(id__in=ids).order_by("-active", "-updated_at", "-id")
    columns = ("public_id", "model", "serial_number", "product_type", "customer__name")
    return [
        Hit(
            reverse("equipment:machine", args=[row["public_id"]]),
            " ".join(filter(None, (row["model"], row["serial_number"]))),
            row["customer__name"],
            row["product_type"],
        )
        for row in rows.values(*columns)[:limit]
    ]


@require_GET
def page(request: Request) -> HttpResponse:
    """The search page; for the box in the dialog (`as=options`) only its hits."""
    text = request.GET.get("q", "").strip()[:100]
    options = request.GET.get("as") == "options"
    context: dict[str, Any] = {
        "groups": found(request.viewer, text, each=4 if options else EACH) if text else [],
        "text": text,
        "page_title": _("Search"),
    }
    return render(request, "servicedesk/_search_options.html" if options else "servicedesk/search.html", context)
