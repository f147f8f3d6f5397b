"""A policy of warranty as it is typed, as the operations take it (domain.md 4.3). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from equipment.enums import EXCLUDABLE, CompareDate, ExchangeRule, ModelMatch, ReplacedPartRule


@dataclass(frozen=True)
class ScopeFacts:
    """For which machines a policy is written; what is empty does not narrow. line: public id."""

    name: str
    line: str = ""
    product_type: str = ""
    model: str = ""
    match: str = ModelMatch.EXACT
    made_from: date | None = None
    made_until: date | None = None
    province: str = ""
    priority: int = 100


@dataclass(frozen=True)
class RuleFacts:
    """One start rule: so many months from the day of this basis, proved by these kinds of evidence."""

    basis: str
    months: int
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class TermFacts:
    """The terms of a version, as they are typed. part_periods: months by part group."""

    valid_from: date
    start_rules: Sequence[RuleFacts]
    valid_until: date | None = None
    cap_basis: str = ""
    cap_months: int | None = None
    hours_limit: Decimal | None = None
    grace_months: int = 0
    inclusive_end: bool = True
    repair_extension: bool = True
    part_periods: Mapping[str, int] = field(default_factory=dict)
    goodwill_days: int = 0
    replaced_part_rule: str = ReplacedPartRule.MACHINE
    replaced_part_months: int | None = None
    exchange_rule: str = ExchangeRule.KEEP
    compare_date: str = CompareDate.REPORTED
    exclusions: tuple[str, ...] = tuple(EXCLUDABLE)
    note: str = ""
