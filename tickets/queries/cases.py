"""Solved cases, found again by machine, model and fault: the viewer's own escalations and what the manufacturer publishes (domain.md 7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Q, Subquery

from core import rights
from core.tenancy import TenantQuerySet, Viewer
from partners.models import Organisation
from tickets.enums import EscalationState
from tickets.models import Escalation, EscalationAnswer, PublishedCase
from tickets.queries import escalations

MOST = 50


@dataclass(frozen=True)
class Found:
    """A solved case as a list shows it. url: of the escalation, "" for a published case; key: of a published case, to take it back."""

    at: datetime
    product_type: str
    model: str
    fault: str
    cause: str
    cure: str
    url: str = ""
    key: str = ""
    published: bool = False
    may_withdraw: bool = False


def search(viewer: Viewer, *, q: str = "", product_type: str = "", model: str = "", limit: int = MOST) -> list[Found]:
    """Solved escalations that the viewer may open, and published cases; the newest first, at most `limit`.

    q: words of which each stands somewhere in machine, fault or answer.
    """
    last = EscalationAnswer.objects.visible_to(viewer).filter(escalation=OuterRef("pk")).order_by("-id")
    own = escalations.seen_by(viewer).filter(state=EscalationState.CLOSED)
    own = _narrowed(own, product_type, model)
    own = own.annotate(answer=Subquery(last.values("text")[:1]))  # type: ignore[assignment]  # the stubs give it another class
    for word in q.split():
        own = own.filter(
            Q(phenomenon__icontains=word)
            | Q(model__icontains=word)
            | Q(product_type__icontains=word)
            | Q(answer__icontains=word)
        )
    public = _narrowed(PublishedCase.objects.visible_to(viewer).filter(active=True), product_type, model)
    for word in q.split():
        public = public.filter(
            Q(fault__icontains=word) | Q(model__icontains=word) | Q(cause__icontains=word) | Q(cure__icontains=word)
            | Q(product_type__icontains=word)
        )  # fmt: skip
    found = [_own(row) for row in own.order_by("-closed_at", "-id")[:limit]]
    found += [_public(viewer, row) for row in public.order_by("-published_at", "-id")[:limit]]
    return sorted(found, key=lambda case: case.at, reverse=True)[:limit]


def similar(viewer: Viewer, escalation: Escalation) -> list[Found]:
    """Solved cases of the same model, else of the same type: beside the request that is being answered."""
    if escalation.model:
        found = [one for one in search(viewer, model=escalation.model, limit=6) if escalation.public_id not in one.url]
        if found:
            return found[:5]
    if not escalation.product_type:
        return []
    found = search(viewer, product_type=escalation.product_type, limit=6)
    return [one for one in found if escalation.public_id not in one.url][:5]


def names_in(viewer: Viewer, escalation: Escalation) -> Iterable[str]:
    """What a published case must not say: who the dealer and the customer are, and how to reach them."""
    ticket = escalation.ticket
    dealer = Organisation.objects.visible_to(viewer).filter(pk=escalation.dealer_id).first()
    words = [
        ticket.customer_name,
        ticket.customer_name.removesuffix("(示例)"),
        ticket.contact,
        ticket.phone,
        ticket.reporter,
    ]
    words += [ticket.lead_name, ticket.number, escalation.number, escalation.begun_by, ticket.address]
    if dealer is not None:
        words += [dealer.name, dealer.name.removesuffix("(示例)"), dealer.short_name, dealer.code]
    return {word for word in words if len(word) > 1}


def _narrowed(rows: TenantQuerySet, product_type: str, model: str) -> TenantQuerySet:  # type: ignore[type-arg]  # two tables
    if product_type:
        rows = rows.filter(product_type=product_type)
    if model:
        rows = rows.filter(model__icontains=model)
    return rows


def _own(row: Escalation) -> Found:
    answer: str = row.answer or ""  # type: ignore[attr-defined]  # annotated by search
    at = row.closed_at or row.begun_at
    return Found(at, row.product_type, row.model, row.phenomenon, "", answer, f"/escalations/{row.public_id}/")


def _public(viewer: Viewer, row: PublishedCase) -> Found:
    return Found(
        row.published_at, row.product_type, row.model, row.fault, row.cause, row.cure, key=row.public_id, published=True,
        may_withdraw=rights.may(viewer, "case.withdraw", row),
    )  # fmt: skip
