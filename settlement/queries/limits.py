"""Up to which amount somebody goes on alone with a claim, and who is asked beyond it (domain.md 2.2, 9.4)."""

from __future__ import annotations

from decimal import Decimal

from core import rights
from core.tenancy import TenantQuerySet, Tier, Viewer
from equipment.rules import PUBLISHERS
from partners.enums import Role
from partners.models import Person
from settlement.enums import CLAIM_WRITTEN, ClaimState
from settlement.models import AmountLimit, Claim, ClaimRaise, OwnerApproval
from tickets.enums import RequestState

#: steps that exist only beyond a limit
OWNER_STEPS = frozenset({"ask_owner", "owner_agree", "owner_decline"})
BEYOND = OWNER_STEPS | {"raise"}


def all_of(viewer: Viewer) -> dict[int | None, Decimal]:
    """The limits of the viewer's organisation by person; None: of the organisation as a whole."""
    rows = AmountLimit.objects.visible_to(viewer).filter(organisation_id=viewer.org).order_by("id")
    return dict(rows.values_list("person_id", "amount"))


def own(viewer: Viewer) -> Decimal | None:
    """The limit that holds for the viewer: of a reviewer his own, of a dealer's people their organisation's; None = there is none."""
    rows = of(viewer, None if viewer.tier is Tier.DEALER else viewer.person_id or 0)
    return rows.values_list("amount", flat=True).first()


def of(viewer: Viewer, person_id: int | None) -> TenantQuerySet[AmountLimit]:
    """The limit of a person of the viewer's organisation, or (None) of the organisation as a whole: one row at most."""
    rows = AmountLimit.objects.visible_to(viewer).filter(organisation_id=viewer.org)
    return rows.filter(person=None) if person_id is None else rows.filter(person_id=person_id)


def reviewers(viewer: Viewer) -> list[Person]:
    """The active people of headquarters who decide on claims, by name."""
    rows = Person.objects.visible_to(viewer).filter(organisation_id=viewer.org, active=True)
    return list(rows.filter(roles__overlap=sorted(PUBLISHERS)).order_by("name", "id"))


def higher(viewer: Viewer, claim: Claim, amount: Decimal) -> list[Person]:
    """Reviewers who may approve this amount of the claim: with a limit that covers it or none, and not concerned with it before."""
    known = all_of(viewer)
    before = {viewer.person_id, claim.first_by_id, claim.decided_by_id}
    before |= {row.author_id for row in raises(viewer, claim) if row.state == claim.state and row.turn == claim.turn}
    return [
        person
        for person in reviewers(viewer)
        if person.pk not in before and (person.pk not in known or known[person.pk] >= amount)
    ]


def raises(viewer: Viewer, claim: Claim) -> list[ClaimRaise]:
    """How often it was passed up, the latest first; only headquarters knows of it."""
    if viewer.tier is not Tier.HQ:
        return []
    return list(ClaimRaise.objects.visible_to(viewer).filter(claim=claim).order_by("-id"))


def approvals(viewer: Viewer, claim: Claim) -> list[OwnerApproval]:
    """What the owner was asked and said, the latest first; only the dealer knows of it."""
    if viewer.tier is not Tier.DEALER:
        return []
    return list(OwnerApproval.objects.visible_to(viewer).filter(claim=claim).order_by("-id"))


def wants_owner(viewer: Viewer, claim: Claim, known: list[OwnerApproval]) -> bool:
    """Whether the claim is above the dealer's own limit and its owner has not agreed to this much."""
    limit = own(viewer)
    if limit is None or claim.claimed <= limit:
        return False
    return not any(row.state == RequestState.GRANTED and row.amount >= claim.claimed for row in known)


def closed_steps(viewer: Viewer, claim: Claim, known: list[OwnerApproval]) -> frozenset[str]:
    """Steps that the table of rights offers, and that the limits leave out now. known: what the owner was asked."""
    if viewer.tier is Tier.HQ:
        if claim.state not in (ClaimState.SECOND, ClaimState.APPEALED) or not rights.may_ever(viewer, "claim.raise"):
            return frozenset()
        limit = own(viewer)
        return frozenset() if limit is not None and claim.claimed > limit else frozenset({"raise"})
    if claim.state not in CLAIM_WRITTEN or not wants_owner(viewer, claim, known):
        return OWNER_STEPS
    asked = bool(known) and known[0].state == RequestState.ASKED
    if viewer.has(Role.OWNER):
        return frozenset({"ask_owner"}) if asked else OWNER_STEPS  # his own submission is his word
    return frozenset({"ask_owner"} if asked else ()) | {"submit"}
