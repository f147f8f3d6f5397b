from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Tier
from partners.models import Shared
from settlement.enums import AuthorisationKind
from tickets.enums import RequestState
from tickets.models import Ticket
from tickets.models.ticket import maker_side

#: what an answer writes
ANSWERED = (
    "state", "version", "updated_at", "granted_amount", "valid_until", "answer", "answered_at", "answered_by", "answered_by_id",
)  # fmt: skip


class PreAuthorisation(Shared, Stamped):
    """预授权: the manufacturer agrees beforehand to pay for something out of the ordinary on one ticket (domain.md 4.5, 9.1).

    Shared from the moment it is asked. round: of the ticket. amount, granted_amount: yuan with tax, None = not said; km: one way.
    valid_until: the last day on which the job may be finished.
    """

    writable_columns: ClassVar[dict[Tier, tuple[str, ...]]] = {Tier.OFFICE: ANSWERED, Tier.HQ: ANSWERED}
    insertable_by = (Tier.DEALER,)

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    number = models.CharField(max_length=30)
    kind = models.CharField(_("what for"), max_length=16, choices=AuthorisationKind)
    state = models.CharField(max_length=8, choices=RequestState, default=RequestState.ASKED)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    km = models.DecimalField(_("distance one way"), max_digits=7, decimal_places=1, null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=60, blank=True)
    asked_by_id = models.BigIntegerField(null=True)
    granted_amount = models.DecimalField(_("granted amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "number"], name="authorisation_number_unique"),
            models.UniqueConstraint(
                fields=["dealer", "ticket", "kind"],
                condition=Q(state=RequestState.ASKED),
                name="one_open_authorisation",
                violation_error_message=_("This has been asked for already, and nobody has answered yet."),
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.GRANTED) | Q(valid_until__isnull=False), name="authorisation_ends"
            ),
            models.CheckConstraint(
                condition=(Q(amount=None) | Q(amount__gt=0)) & (Q(granted_amount=None) | Q(granted_amount__gt=0)),
                name="authorisation_positive",
            ),
        ]
        indexes = [
            models.Index(fields=["ticket"], name="authorisation_ticket"),
            models.Index(fields=["dealer", "-asked_at", "-id"], name="authorisation_dealer"),
            *maker_side("authorisation", "-asked_at"),
        ]

    def __str__(self) -> str:
        return self.number
