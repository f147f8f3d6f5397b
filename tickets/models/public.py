"""What people without account use: links, and how often they tried (reliability.md 1, 9)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import public_id
from core.tenancy import Kind
from partners.models import DealerPrivate
from tickets.enums import LinkKind
from tickets.models.slip import Slip
from tickets.models.ticket import Ticket


class PublicLink(DealerPrivate):
    """A link to one ticket, or to one slip that waits for its signature. Only the hash of its token is kept.

    nonce: from it and the installation's secret the token is made again, so that the desk can copy a progress link twice.
    op: the key of the form that a report came in with; the same form sent twice is one report. expires_at: None = until 30 days after
    完工时间.
    """

    kind = models.CharField(max_length=8, choices=LinkKind)
    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="+")
    slip = models.ForeignKey(Slip, models.CASCADE, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64)
    nonce = models.CharField(max_length=16, default=public_id, editable=False)
    op = models.CharField(max_length=40, blank=True)
    made_by = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "token_hash"], name="public_link_token_unique"),
            models.UniqueConstraint(
                fields=["dealer", "ticket"], condition=Q(kind="progress"), name="one_progress_link_per_ticket"
            ),
            models.UniqueConstraint(fields=["dealer", "op"], condition=~Q(op=""), name="public_link_op_unique"),
        ]
        indexes = [
            models.Index(fields=["token_hash"], name="public_link_token"),
            models.Index(fields=["slip"], name="public_link_slip"),
        ]


class LinkTries(models.Model):
    """How often something was tried from one address or at one link, since when. In PostgreSQL: a lost Redis opens no door.

    Kind identity: counted by the login user, before and beside any tenant.
    """

    tenancy = Kind.IDENTITY

    key = models.CharField(max_length=90, unique=True)
    tries = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
