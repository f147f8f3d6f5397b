from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Stamped
from core.tenancy import Tier
from equipment.calculations.policy_choice import Offer, Scope, Terms
from equipment.calculations.warranty import Period
from equipment.calculations.warranty import WarrantyPolicy as EnginePolicy
from equipment.enums import (
    CompareDate,
    ExchangeRule,
    ModelMatch,
    ReplacedPartRule,
    Responsibility,
    VersionState,
    WarrantyBasis,
)
from equipment.models.catalogue import ProductLine
from partners.models import MakerPublished


class WarrantyPolicy(MakerPublished, Stamped):
    """For which machines of a manufacturer terms of warranty are written (三包政策, domain.md 4.3); the terms are its versions.

    What is empty does not narrow. model: a model, or its first letters (match). made_from, made_until: ex-factory dates, both included.
    priority: of two policies that name a machine equally closely, the smaller number comes first. The scope does not change
    any more once a version is in force (trigger, equipment/sql/warranty.sql).
    """

    deletable_by = (Tier.HQ, Tier.DEALER)  # a policy that never had a version in force

    name = models.CharField(_("name"), max_length=60)
    line = models.ForeignKey(ProductLine, models.PROTECT, null=True, blank=True, related_name="+")
    product_type = models.CharField(_("product type"), max_length=40, blank=True)
    model = models.CharField(_("model"), max_length=60, blank=True)
    match = models.CharField(max_length=6, choices=ModelMatch, default=ModelMatch.EXACT)
    made_from = models.DateField(_("ex factory from"), null=True, blank=True)
    made_until = models.DateField(_("ex factory until"), null=True, blank=True)
    province = models.CharField(_("province"), max_length=20, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), default=100)
    changed_by = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(made_from=None) | Q(made_until=None) | Q(made_until__gte=F("made_from")),
                name="policy_range_not_backwards",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> Scope:
        """For which machines, as the look-up takes it."""
        return Scope(
            product_type=self.product_type,
            line=self.line_id,
            model=self.model,
            exact=self.match == ModelMatch.EXACT,
            made_from=self.made_from,
            made_until=self.made_until,
            province=self.province,
            priority=self.priority,
        )


class WarrantyVersion(MakerPublished, Stamped):
    """The terms of a policy for reports of a range of days (domain.md 4.3): draft → in force → replaced.

    start_rules: [{"basis", "months", "evidence": [kinds]}] in order. part_periods: months by part group (故障部位). replaced_part_months:
    of parts with a period of their own. exclusions: responsibility classes that the warranty does not cover. A version that is in force
    changes no more, apart from being replaced: then its last day comes earlier (trigger).
    """

    deletable_by = (Tier.HQ, Tier.DEALER)  # drafts only, the trigger says so

    policy = models.ForeignKey(WarrantyPolicy, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=VersionState, default=VersionState.DRAFT)
    valid_from = models.DateField(_("for reports from"))
    valid_until = models.DateField(_("for reports until"), null=True, blank=True)
    start_rules = models.JSONField()
    cap_basis = models.CharField(_("cap counted from"), max_length=12, choices=WarrantyBasis, blank=True)
    cap_months = models.PositiveSmallIntegerField(_("months of the cap"), null=True, blank=True)
    hours_limit = models.DecimalField(_("limit of hours"), max_digits=8, decimal_places=1, null=True, blank=True)
    grace_months = models.PositiveSmallIntegerField(_("grace months"), default=0)
    inclusive_end = models.BooleanField(_("the anniversary is in warranty"), default=True)
    repair_extension = models.BooleanField(_("days in repair extend the period"), default=True)
    part_periods = models.JSONField(default=dict, blank=True)
    goodwill_days = models.PositiveSmallIntegerField(_("days of goodwill"), default=0)
    replaced_part_rule = models.CharField(max_length=7, choices=ReplacedPartRule, default=ReplacedPartRule.MACHINE)
    replaced_part_months = models.PositiveSmallIntegerField(null=True, blank=True)
    exchange_rule = models.CharField(max_length=7, choices=ExchangeRule, default=ExchangeRule.KEEP)
    compare_date = models.CharField(max_length=8, choices=CompareDate, default=CompareDate.REPORTED)
    exclusions = ArrayField(models.CharField(max_length=14, choices=Responsibility), default=list, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    changed_by = models.CharField(max_length=60, blank=True, editable=False)
    in_force_at = models.DateTimeField(null=True, blank=True, editable=False)
    in_force_by = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["manufacturer", "policy", "number"], name="policy_version_number_unique"),
            models.UniqueConstraint(
                fields=["manufacturer", "policy"],
                condition=Q(state=VersionState.DRAFT),
                name="policy_one_draft_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["manufacturer", "policy"],
                condition=Q(state=VersionState.IN_FORCE),
                name="policy_one_version_in_force",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="version_range_not_backwards"
            ),
            models.CheckConstraint(
                condition=Q(cap_basis="", cap_months=None) | (~Q(cap_basis="") & Q(cap_months__isnull=False)),
                name="version_cap_whole",
            ),
            models.CheckConstraint(condition=~Q(start_rules=[]), name="version_has_start_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} v{self.number}"

    @property
    def terms(self) -> Terms:
        """The terms as the calculations take them."""
        rules: list[dict[str, Any]] = self.start_rules
        cap = None if self.cap_months is None else Period(WarrantyBasis(self.cap_basis), self.cap_months)
        return Terms(
            policy=EnginePolicy(
                start_rules=tuple(Period(WarrantyBasis(rule["basis"]), rule["months"]) for rule in rules),
                cap=cap,
                hours_limit=self.hours_limit,
                grace_months=self.grace_months,
                inclusive_end=self.inclusive_end,
                repair_extension=self.repair_extension,
                part_periods=dict(self.part_periods),
                goodwill_days=self.goodwill_days,
            ),
            evidence=tuple(tuple(rule.get("evidence", ())) for rule in rules),
            replaced_part_rule=ReplacedPartRule(self.replaced_part_rule),
            replaced_part_months=self.replaced_part_months or 0,
            exchange_rule=ExchangeRule(self.exchange_rule),
            compare_date=CompareDate(self.compare_date),
            exclusions=frozenset(self.exclusions),
        )

    @property
    def offer(self) -> Offer:
        """This version as the look-up takes it; its policy is read along."""
        return Offer(
            key=self.public_id,
            name=self.policy.name,
            number=self.number,
            scope=self.policy.scope,
            terms=self.terms,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )
