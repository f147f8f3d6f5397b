from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from partners.models import DealerPrivate

UNDO_DAYS = 7


class MergeKind(models.TextChoices):
    """What was merged."""

    CUSTOMER = "customer", _("customer")
    MACHINE = "machine", _("machine")


class Merge(DealerPrivate, Stamped):
    """Two customers or two machines that were one. kept_id, gone_id: rows of `kind`. moved: name of a table -> ids that were moved.

    facts: what else was changed on the two, to be put back (a serial number that went over). undone_at: taken back, within 7 days.
    """

    kind = models.CharField(max_length=8, choices=MergeKind)
    kept_id = models.BigIntegerField()
    gone_id = models.BigIntegerField()
    moved = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    merged_by = models.CharField(max_length=60)
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["dealer", "kind", "kept_id"], name="merge_kept"),
            models.Index(fields=["dealer", "kind", "gone_id"], name="merge_gone"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.gone_id} → {self.kept_id}"
