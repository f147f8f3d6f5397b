from __future__ import annotations

from django.db import models

from core.tenancy import Kind, TenantModel
from notices.calculations.timing import QUIET_FROM, QUIET_TO, Quiet
from notices.enums import Pace
from partners.models import Organisation


class Preferences(TenantModel):
    """How a person wants to be told outside the portal; who has no row has the defaults.

    choices: group of kinds -> the channels that are on; a group that is not in it is as its room says. quiet_from, quiet_to: empty = never
    quiet. mail: to where, only once mail_confirmed_at is set; mail_nonce: of the code that was sent there, mail_tries: wrong codes so far.
    """

    tenancy = Kind.OWN

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    person_id = models.BigIntegerField()
    choices = models.JSONField(default=dict, blank=True)
    quiet_from = models.TimeField(default=QUIET_FROM, null=True, blank=True)
    quiet_to = models.TimeField(default=QUIET_TO, null=True, blank=True)
    pace = models.CharField(max_length=8, choices=Pace, default=Pace.AT_ONCE)
    mail = models.CharField(max_length=254, blank=True)
    mail_confirmed_at = models.DateTimeField(null=True, blank=True)
    mail_nonce = models.CharField(max_length=16, blank=True)
    mail_asked_at = models.DateTimeField(null=True, blank=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "person_id"], name="preferences_once")]

    @property
    def quiet(self) -> Quiet | None:
        """The hours in which nothing but urgent messages leaves."""
        return Quiet(self.quiet_from, self.quiet_to) if self.quiet_from and self.quiet_to else None

    @property
    def confirmed_mail(self) -> str:
        """The address that may be written to, "" when there is none."""
        return self.mail if self.mail_confirmed_at else ""
