from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Kind, TenantModel
from notices.calculations.timing import PATIENT, QUIET_FROM, QUIET_TO, Quiet
from notices.enums import PERSONAL, ROBOTS, ChannelKind
from partners.models import Organisation


class Channel(TenantModel, Stamped):
    """A way out of the portal for one organisation: a robot of a group's chat, or the installation's mail or SMS as it works here.

    key, secret: what stands after the base address, and what signs; no page and no log ever shows them, key_end is what people see.
    groups: codes of the groups of kinds that a robot tells. active: its administrator has not stopped it.
    failures: in a row; until rests_until nothing is tried. last_problem: code of `enums.Problem`. ready_at: a robot may not speak more often.
    """

    tenancy = Kind.OWN

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ChannelKind)
    name = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=200, blank=True)
    key_end = models.CharField(max_length=4, blank=True)
    secret = models.CharField(max_length=200, blank=True)
    groups = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    quiet_from = models.TimeField(default=QUIET_FROM, null=True, blank=True)
    quiet_to = models.TimeField(default=QUIET_TO, null=True, blank=True)
    active = models.BooleanField(default=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_failure_at = models.DateTimeField(null=True, blank=True)
    last_problem = models.CharField(max_length=16, blank=True)
    last_detail = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind"], condition=Q(kind__in=PERSONAL), name="channel_personal_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=Q(removed_at=None, kind__in=ROBOTS),
                name="channel_name_unique",
                violation_error_message=_("There is a robot with this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())

    @property
    def is_robot(self) -> bool:
        """Whether it writes into a group's chat."""
        return self.kind in ROBOTS

    @property
    def is_troubled(self) -> bool:
        """Whether it has failed so often that it rests for minutes."""
        return self.failures >= PATIENT

    @property
    def quiet(self) -> Quiet | None:
        """The hours in which it says nothing that is not urgent."""
        return Quiet(self.quiet_from, self.quiet_to) if self.quiet_from and self.quiet_to else None

    def is_open(self, now: datetime) -> bool:
        """Whether something may leave by it now."""
        waits = [moment for moment in (self.rests_until, self.ready_at) if moment is not None]
        return self.active and self.removed_at is None and all(moment <= now for moment in waits)
