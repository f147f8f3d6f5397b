from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import Stamped
from core.tenancy import Kind, TenantModel, Tier
from partners.models import DealerPrivate, Organisation, Person
from settlement.enums import ClaimState
from settlement.models.claim import Claim
from tickets.enums import RequestState


class AmountLimit(TenantModel):
    """Up to which amount of a claim somebody goes on alone, in yuan; without a row there is no limit (domain.md 2.2).

    person: a reviewer of headquarters. None: of a dealer as a whole, above which its owner agrees before a claim is submitted.
    """

    tenancy = Kind.OWN
    deletable_by = (Tier.DEALER, Tier.HQ)

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person"], nulls_distinct=False, name="amount_limit_once",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="amount_limit_not_negative"),
        ]  # fmt: skip


class OwnerApproval(DealerPrivate, Stamped):
    """That the owner of a dealer is asked whether a claim above its own limit may be submitted, and what he says; no manufacturer sees it.

    amount: of the claim when it was asked; granted, it covers the claim as long as this asks for no more.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=RequestState, default=RequestState.ASKED)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answer = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dealer", "claim"], condition=Q(state=RequestState.ASKED), name="one_open_owner_approval"
            ),
        ]
        indexes = [models.Index(fields=["claim", "-id"], name="owner_approval_claim")]


class ClaimRaise(TenantModel):
    """That a reviewer has passed a claim above his limit up to colleagues with a higher one (转领导审批, domain.md 9.4); for headquarters alone.

    state, turn: of the claim at that time; in another state or turn it is his again. Append-only.
    """

    tenancy = Kind.OWN
    insertable_by = (Tier.HQ,)

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=ClaimState)
    turn = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    author_id = models.BigIntegerField()
    author_name = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "claim", "state", "turn", "author_id"], name="claim_raise_once"
            ),
        ]
        indexes = [models.Index(fields=["claim", "-id"], name="claim_raise_claim")]
