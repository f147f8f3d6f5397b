"""Which policy of a manufacturer counts for a machine, and why (domain.md 4.3, order of the look-up). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from equipment.calculations.warranty import WarrantyPolicy
from equipment.enums import CompareDate, ExchangeRule, PolicyRank, ReplacedPartRule


@dataclass(frozen=True, slots=True)
class Scope:
    """For which machines a policy is written; what is empty does not narrow. line: id. made_*: ex-factory dates, both included."""

    product_type: str = ""
    line: int | None = None
    model: str = ""
    exact: bool = True
    made_from: date | None = None
    made_until: date | None = None
    province: str = ""
    priority: int = 100

    @property
    def rank(self) -> PolicyRank:
        """How closely it names a machine."""
        if self.model:
            return PolicyRank.MODEL
        return PolicyRank.LINE if self.line is not None or self.product_type else PolicyRank.MAKER


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a version. evidence: kinds that each start rule wants, in the rules' order; exclusions: responsibility classes."""

    policy: WarrantyPolicy
    evidence: tuple[tuple[str, ...], ...] = ()
    replaced_part_rule: ReplacedPartRule = ReplacedPartRule.MACHINE
    replaced_part_months: int = 0
    exchange_rule: ExchangeRule = ExchangeRule.KEEP
    compare_date: CompareDate = CompareDate.REPORTED
    exclusions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Offer:
    """A version that was put in force, or a draft that is tried. key: its public id; name: of its policy. valid_*: days of the report."""

    key: str
    name: str
    number: int
    scope: Scope
    terms: Terms
    valid_from: date
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether a report of this day falls under it."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Subject:
    """The machine that a policy is looked up for. line: id; made_on: ex-factory date; province: of the site."""

    product_type: str = ""
    line: int | None = None
    model: str = ""
    made_on: date | None = None
    province: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the look-up found. rank: how closely it names the machine. passed_over: names of fitting policies that come later."""

    offer: Offer | None = None
    rank: PolicyRank | None = None
    passed_over: tuple[str, ...] = ()


def choose(offers: Iterable[Offer], subject: Subject, reported_on: date) -> Choice:
    """The policy that counts: by model, then by product line, then the manufacturer's own (domain.md 4.3).

    Of equally close ones the smaller priority, then the narrower one: exact before the longer beginning of the model's name, with
    a province, with a range of dates, with line before type, then the one whose reports begin later.
    """
    fitting = sorted(
        (offer for offer in offers if offer.holds_on(reported_on) and fits(offer.scope, subject)), key=_order
    )
    if not fitting:
        return Choice()
    return Choice(fitting[0], fitting[0].scope.rank, tuple(offer.name for offer in fitting[1:]))


def fits(scope: Scope, subject: Subject) -> bool:
    """Whether a policy is written for this machine; an unknown ex-factory date lies in no range."""
    if scope.model:
        model, pattern = subject.model.strip().upper(), scope.model.upper()
        if not (model == pattern if scope.exact else model.startswith(pattern)):
            return False
    if scope.line is not None and scope.line != subject.line:
        return False
    if scope.product_type and scope.product_type != subject.product_type:
        return False
    if scope.province and scope.province != subject.province:
        return False
    if scope.made_from is None and scope.made_until is None:
        return True
    made = subject.made_on
    return made is not None and (scope.made_from or date.min) <= made <= (scope.made_until or date.max)


def clash(scope: Scope, others: Sequence[Scope]) -> int | None:
    """The place of the first of `others` that could not be told from `scope`: same machines, same rank, and ranges that overlap."""
    for place, other in enumerate(others):
        same = (scope.rank, *_named(scope)) == (other.rank, *_named(other))
        if same and _overlap(scope, other):
            return place
    return None


def _named(scope: Scope) -> tuple[object, ...]:
    return (
        scope.model.upper(), scope.exact or not scope.model, scope.line, scope.product_type, scope.province, scope.priority,
    )  # fmt: skip


def _overlap(one: Scope, other: Scope) -> bool:
    """Whether an ex-factory date could lie in both ranges. No range beside one with a range is the wider one, and comes later."""
    ranged = [scope.made_from is not None or scope.made_until is not None for scope in (one, other)]
    if ranged[0] is not ranged[1]:
        return False
    return (one.made_from or date.min) <= (other.made_until or date.max) and (other.made_from or date.min) <= (
        one.made_until or date.max
    )


def _order(offer: Offer) -> tuple[object, ...]:
    scope = offer.scope
    return (
        scope.rank,
        scope.priority,
        not (scope.model and scope.exact),
        -len(scope.model),
        not scope.province,
        scope.made_from is None and scope.made_until is None,
        scope.line is None,
        -offer.valid_from.toordinal(),
        offer.key,
    )
