"""Reading trials of draft policies, and the tickets that they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.tenancy import Viewer
from equipment.calculations.policy_choice import Offer
from equipment.enums import VersionState
from equipment.models import WarrantyVersion
from tickets.calculations import judgement
from tickets.models import PolicyTrial, Ticket
from tickets.queries import tickets, warranty

SHOWN = 200


@dataclass(frozen=True)
class Changed:
    """A ticket whose result would be another one. was, then: results."""

    public_id: str
    number: str
    customer: str
    machine: str
    reported_at: datetime
    was: str
    then: str


def of_version(viewer: Viewer, version: WarrantyVersion) -> PolicyTrial | None:
    """The latest trial of a version by the viewer's organisation, or None."""
    rows = PolicyTrial.objects.visible_to(viewer).filter(policy_version=version)
    return rows.order_by("-asked_at", "-id").first()


def one(viewer: Viewer, public_id: str) -> PolicyTrial | None:
    """The trial with this public id, or None when another one took its place."""
    return PolicyTrial.objects.visible_to(viewer).filter(public_id=public_id).first()


def draft_of(viewer: Viewer, trial: PolicyTrial) -> WarrantyVersion | None:
    """The draft that is tried, its policy along; None when it is gone or in force."""
    rows = WarrantyVersion.objects.visible_to(viewer).select_related("policy")
    return rows.filter(pk=trial.policy_version_id, state=VersionState.DRAFT).first()


def with_draft(viewer: Viewer, offers: Sequence[Offer], draft: WarrantyVersion) -> list[Offer]:
    """The policies as they would be if the draft had always been in force: other versions of its policy step aside."""
    tried = replace(draft.offer, valid_from=date.min, valid_until=None)
    versions = WarrantyVersion.objects.visible_to(viewer).filter(policy_id=draft.policy_id)
    others = set(versions.values_list("public_id", flat=True))
    return [*(offer for offer in offers if offer.key not in others), tried]


def chunk(viewer: Viewer, manufacturer_id: int, since: datetime, after: int, size: int) -> list[Ticket]:
    """Tickets of a manufacturer's machines from a moment on, in chunks by id: what the viewer's organisation sees of them."""
    rows = Ticket.objects.visible_to(viewer).filter(
        manufacturer_id=manufacturer_id, reported_at__gte=since, id__gt=after
    )
    return list(rows.only("id", "warranty", "judgement").order_by("id")[:size])


def count(viewer: Viewer, manufacturer_id: int, since: datetime) -> int:
    """How many tickets a trial looks at."""
    return Ticket.objects.visible_to(viewer).filter(manufacturer_id=manufacturer_id, reported_at__gte=since).count()


def outcome_with(ticket: Ticket, offers: Sequence[Offer]) -> str:
    """What a ticket's result would be by these policies, from the facts that were kept with it."""
    return judgement.summary([judgement.judge(offers, one.facts) for one in warranty.judgements(ticket)])


def changed(viewer: Viewer, trial: PolicyTrial, *, limit: int = SHOWN) -> list[Changed]:
    """The tickets whose result would change, the latest report first, as far as the viewer sees them."""
    by_id = {key: (was, then) for key, was, then in trial.changed}
    rows = tickets.seen_by(viewer).filter(id__in=list(by_id)).order_by("-reported_at", "-id")
    names = ("id", "public_id", "number", "customer_name", "model_summary", "reported_at")
    return [
        Changed(key, number, customer, machine, reported_at, *by_id[pk])
        for pk, key, number, customer, machine, reported_at in rows.values_list(*names)[:limit]
    ]
