from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Kind, TenantModel, Tier
from partners.models import Organisation, Shared
from settlement.enums import CheckCode, CheckOutcome
from settlement.models.claim import Claim
from tickets.models.ticket import SHARING_ONLY


class CheckSetting(TenantModel, Stamped):
    """A manufacturer's own setting of one automatic check; a check without a row runs with the defaults (domain.md 9.3).

    Headquarters' alone: whoever is checked need not know up to which amount nobody looks. params: by the names of
    `calculations.check_settings.PARAMS`, figures as text.
    """

    tenancy = Kind.OWN
    insertable_by = (Tier.HQ,)

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    code = models.CharField(max_length=3, choices=CheckCode)
    is_on = models.BooleanField(_("switched on"), default=True)
    params = models.JSONField(default=dict)
    changed_by = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="check_setting_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.code}"


class CheckRun(Shared):
    """What the automatic checks found in a claim as it was submitted at one moment. Append-only.

    Read by the dealer and his office, so of other dealers' jobs it says only that there is one (`calculations.checks.told`).
    submitted_at: which submission. findings: [[code, reason, outcome, params]]; no_data: codes that had nothing to compare with.
    """

    writable_columns = SHARING_ONLY
    insertable_by = (Tier.HQ,)

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+")
    turn = models.PositiveSmallIntegerField()
    submitted_at = models.DateTimeField()
    outcome = models.CharField(max_length=6, choices=CheckOutcome)
    findings = models.JSONField(default=list)
    no_data = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dealer", "claim", "submitted_at"], name="check_run_once"),
        ]
        indexes = [models.Index(fields=["claim", "-id"], name="check_run_claim")]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.outcome}"


class CheckRecord(TenantModel):
    """The manufacturer's own record of a run: the whole findings, and the facts, tables and settings that they came from. Append-only.

    For headquarters alone: it names other dealers' jobs. Facts and tables are kept so that a setting can be tried on them
    (`calculations.check_record`).
    """

    tenancy = Kind.OWN
    insertable_by = (Tier.HQ,)
    writable_columns = dict.fromkeys((Tier.DEALER, Tier.OFFICE, Tier.HQ, Tier.PLATFORM), ())

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    run = models.ForeignKey(CheckRun, models.CASCADE, related_name="+")
    findings = models.JSONField(default=list)
    facts = models.JSONField()
    reference = models.JSONField()
    settings = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "run"], name="check_record_once")]
        indexes = [models.Index(fields=["organisation", "-at", "-id"], name="check_record_at")]

    def __str__(self) -> str:
        return str(self.run_id)
