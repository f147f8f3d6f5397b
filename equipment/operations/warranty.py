"""Writing policies of warranty (domain.md 4.3): a scope, and versions of terms that are never changed once they are in force.

A manufacturer writes its own; a dealer's administrator writes those of its unlisted manufacturers (厂家未入驻).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from core import districts, rights
from core.calendars import local_date
from core.errors import Refused
from core.tenancy import TenantQuerySet, Viewer
from equipment.calculations.policy_choice import clash
from equipment.calculations.policy_input import ScopeFacts, TermFacts
from equipment.enums import (
    EXCLUDABLE,
    CompareDate,
    EvidenceKind,
    ExchangeRule,
    ModelMatch,
    ReplacedPartRule,
    VersionState,
    WarrantyBasis,
)
from equipment.models import ProductLine, WarrantyPolicy, WarrantyVersion
from equipment.queries import warranty

MOST_MONTHS = 600
#: number of the lock under which the scopes of one manufacturer's policies are compared and written
SCOPES = 5_273


@transaction.atomic
def add_policy(
    *, viewer: Viewer, manufacturer_id: int, scope: ScopeFacts, terms: TermFacts, now: datetime
) -> WarrantyPolicy:
    """Write a policy with its first version, a draft.

    Errors: Refused("not_allowed", 403); NotFound for a foreign line; ("policy_clash"), ("policy_range_backwards"), ("name_missing"),
    ("province_unknown") and those of `write_draft` for the terms.
    """
    rights.require(viewer, "policy.write", manufacturer_id)
    policy = WarrantyPolicy(manufacturer_id=manufacturer_id)
    _fill_scope(viewer, policy, scope)
    draft = WarrantyVersion(manufacturer_id=manufacturer_id, number=1)
    _fill_terms(viewer, draft, terms)
    policy.save(force_insert=True)
    draft.policy = policy
    draft.save(force_insert=True)
    return policy


@transaction.atomic
def change_policy(
    *, viewer: Viewer, public_id: str, scope: ScopeFacts, expected_version: int | None, now: datetime
) -> WarrantyPolicy:
    """Change name and machines of a policy; of one that has been in force the name alone.

    Errors as `add_policy`; NotFound; stale (409); Refused("policy_stands") for the machines of a policy that has been in force.
    """
    policy = _for_change(viewer, public_id)
    warranty.require_version(policy, expected_version)
    before = policy.scope
    _fill_scope(viewer, policy, scope)
    if policy.scope != before and _versions(viewer, policy).exclude(state=VersionState.DRAFT).exists():
        raise Refused("policy_stands")
    policy.version += 1
    policy.save()
    return policy


@transaction.atomic
def write_draft(
    *, viewer: Viewer, public_id: str, terms: TermFacts, expected_version: int | None, now: datetime
) -> WarrantyVersion:
    """Write the draft of a policy (public_id is the policy's), or begin one.

    expected_version: of the draft that the page showed, None = there was none. Errors: NotFound; not_allowed; stale (409), also when
    somebody has begun a draft meanwhile; and of the terms: ("start_rule_missing"), ("start_rule_twice"), ("version_range_backwards"),
    ("months_wrong"), ("cap_incomplete"), ("replaced_months_missing"), ("choice_unknown").
    """
    policy = _for_change(viewer, public_id)
    draft = _versions(viewer, policy).filter(state=VersionState.DRAFT).first()
    if draft is None:
        last = _versions(viewer, policy).order_by("-number").values_list("number", flat=True).first() or 0
        draft = WarrantyVersion(manufacturer_id=policy.manufacturer_id, policy=policy, number=last + 1)
        if expected_version is not None:  # the draft that was open is gone, or in force by now
            raise Refused("wrong_state", status=409)
        _fill_terms(viewer, draft, terms)
        draft.save(force_insert=True)
        return draft
    warranty.require_version(draft, expected_version or 0)
    _fill_terms(viewer, draft, terms)
    draft.version += 1
    draft.save()
    return draft


@transaction.atomic
def put_in_force(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> WarrantyVersion:
    """A draft (public_id is the version's) comes into force for reports from its first day on; the version before it ends the day before.

    Errors: NotFound; not_allowed; wrong_state (409) when it is none any more; stale (409); Refused("version_begins_early", after=day)
    when it would leave the version before it no day.
    """
    rights.require_ever(viewer, "policy.write")
    policy = _for_change(viewer, warranty.version(viewer, public_id).policy.public_id)
    draft = _versions(viewer, policy).select_for_update().one(public_id=public_id)
    if draft.state != VersionState.DRAFT:
        raise Refused("wrong_state", status=409)
    warranty.require_version(draft, expected_version)
    earlier = list(_versions(viewer, policy).exclude(state=VersionState.DRAFT).order_by("valid_from"))
    if earlier and draft.valid_from <= earlier[-1].valid_from:
        raise Refused("version_begins_early", field="valid_from", after=earlier[-1].valid_from.isoformat())
    for version in earlier:
        last = draft.valid_from - timedelta(days=1)
        if version.state == VersionState.IN_FORCE:
            version.state = VersionState.REPLACED
            version.valid_until = min(version.valid_until or last, last)
            version.version += 1
            version.save(update_fields=["state", "valid_until", "version", "updated_at"])
    draft.state = VersionState.IN_FORCE
    draft.in_force_at, draft.in_force_by = now, viewer.name
    draft.version += 1
    draft.save()
    return draft


@transaction.atomic
def end_version(
    *, viewer: Viewer, public_id: str, last_day: date, expected_version: int | None, now: datetime
) -> WarrantyVersion:
    """Let the version in force end without a successor: reports after last_day fall under other policies, or under none.

    Errors: NotFound; not_allowed; wrong_state (409); stale (409); Refused("end_not_earlier", field="last_day") unless the day lies between
    today and its present end.
    """
    rights.require_ever(viewer, "policy.write")
    policy = _for_change(viewer, warranty.version(viewer, public_id).policy.public_id)
    version = _versions(viewer, policy).select_for_update().one(public_id=public_id)
    if version.state != VersionState.IN_FORCE:
        raise Refused("wrong_state", status=409)
    warranty.require_version(version, expected_version)
    first = max(local_date(now), version.valid_from)
    if last_day < first or (version.valid_until is not None and last_day >= version.valid_until):
        raise Refused("end_not_earlier", field="last_day", first=first.isoformat())
    version.valid_until = last_day
    version.version += 1
    version.save(update_fields=["valid_until", "version", "updated_at"])
    return version


@transaction.atomic
def discard_draft(*, viewer: Viewer, public_id: str, now: datetime) -> WarrantyPolicy | None:
    """Throw a draft away (public_id is the version's), and the policy with it when it was all there is: then None.

    Errors: NotFound; not_allowed; wrong_state (409).
    """
    rights.require_ever(viewer, "policy.write")
    policy = _for_change(viewer, warranty.version(viewer, public_id).policy.public_id)
    draft = _versions(viewer, policy).one(public_id=public_id)
    if draft.state != VersionState.DRAFT:
        raise Refused("wrong_state", status=409)
    draft.delete()
    if _versions(viewer, policy).exists():
        return policy
    policy.delete()
    return None


def _for_change(viewer: Viewer, public_id: str) -> WarrantyPolicy:
    """The policy, locked, for who may write it; rights come first, since a row that is only read cannot be locked."""
    rights.require(viewer, "policy.write", warranty.one(viewer, public_id))
    return warranty.lock(viewer, public_id)


def _versions(viewer: Viewer, policy: WarrantyPolicy) -> TenantQuerySet[WarrantyVersion]:
    return WarrantyVersion.objects.visible_to(viewer).filter(policy=policy)


def _fill_scope(viewer: Viewer, policy: WarrantyPolicy, facts: ScopeFacts) -> None:
    name = facts.name.strip()
    if not name:
        raise Refused("name_missing", field="name")
    if facts.made_from and facts.made_until and facts.made_until < facts.made_from:
        raise Refused("policy_range_backwards", field="made_until")
    if facts.province and facts.province not in {province.name for province in districts.provinces()}:
        raise Refused("province_unknown", field="province")
    if facts.match not in ModelMatch.values:
        raise Refused("choice_unknown", field="match")
    policy.name = name
    policy.line = None
    if facts.line:
        lines = ProductLine.objects.visible_to(viewer).filter(manufacturer_id=policy.manufacturer_id)
        policy.line = lines.one(public_id=facts.line)
    policy.product_type = facts.product_type.strip()
    policy.model, policy.match = facts.model.strip(), facts.match
    policy.made_from, policy.made_until = facts.made_from, facts.made_until
    policy.province, policy.priority = facts.province, facts.priority
    policy.changed_by = viewer.name
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SCOPES, policy.manufacturer_id % 2**31])
    others = list(
        WarrantyPolicy.objects.visible_to(viewer)
        .filter(manufacturer_id=policy.manufacturer_id)
        .exclude(pk=policy.pk)
        .order_by("id")
    )
    place = clash(policy.scope, [other.scope for other in others])
    if place is not None:
        raise Refused("policy_clash", field="priority", name=others[place].name)


def _fill_terms(viewer: Viewer, version: WarrantyVersion, facts: TermFacts) -> None:
    if facts.valid_until is not None and facts.valid_until < facts.valid_from:
        raise Refused("version_range_backwards", field="valid_until")
    if not facts.start_rules:
        raise Refused("start_rule_missing", field="rules-0-basis")
    seen: set[str] = set()
    for place, rule in enumerate(facts.start_rules):
        here = f"rules-{place}-"
        _one_of(WarrantyBasis.values, rule.basis, here + "basis")
        if rule.basis in seen:
            raise Refused("start_rule_twice", field=here + "basis")
        seen.add(rule.basis)
        _months(rule.months, here + "months", least=1)
        for kind in rule.evidence:
            _one_of(EvidenceKind.values, kind, here + "evidence")
    if bool(facts.cap_basis) is not (facts.cap_months is not None):
        raise Refused("cap_incomplete", field="cap_months")
    if facts.cap_months is not None:
        _one_of(WarrantyBasis.values, facts.cap_basis, "cap_basis")
        _months(facts.cap_months, "cap_months", least=1)
    own = facts.replaced_part_rule != ReplacedPartRule.MACHINE
    if own and not facts.replaced_part_months:
        raise Refused("replaced_months_missing", field="replaced_part_months")
    for group, months in facts.part_periods.items():
        if not group.strip() or len(group) > 40:
            raise Refused("choice_unknown", field="part_periods")
        _months(months, "part_periods")
    for cause in facts.exclusions:
        _one_of(EXCLUDABLE, cause, "exclusions")
    _months(facts.grace_months, "grace_months")
    if not 0 <= facts.goodwill_days <= 3660:
        raise Refused("days_wrong", field="goodwill_days")
    if facts.hours_limit is not None and not 0 <= facts.hours_limit < 10**7:
        raise Refused("hours_limit_wrong", field="hours_limit")
    version.valid_from, version.valid_until = facts.valid_from, facts.valid_until
    version.start_rules = [
        {"basis": str(rule.basis), "months": rule.months, "evidence": [str(kind) for kind in rule.evidence]}
        for rule in facts.start_rules
    ]
    version.cap_basis, version.cap_months = facts.cap_basis, facts.cap_months
    version.hours_limit, version.grace_months = facts.hours_limit, facts.grace_months
    version.inclusive_end, version.repair_extension = facts.inclusive_end, facts.repair_extension
    version.part_periods = {group.strip(): months for group, months in facts.part_periods.items()}
    version.goodwill_days = facts.goodwill_days
    version.replaced_part_rule = _one_of(ReplacedPartRule.values, facts.replaced_part_rule, "replaced_part_rule")
    version.replaced_part_months = _months(facts.replaced_part_months or 0, "replaced_part_months") if own else None
    version.exchange_rule = _one_of(ExchangeRule.values, facts.exchange_rule, "exchange_rule")
    version.compare_date = _one_of(CompareDate.values, facts.compare_date, "compare_date")
    version.exclusions = sorted({str(cause) for cause in facts.exclusions})
    version.note, version.changed_by = facts.note.strip()[:300], viewer.name


def _one_of(known: Sequence[str], value: str, place: str) -> str:
    if value not in known:
        raise Refused("choice_unknown", field=place)
    return str(value)


def _months(value: int, place: str, *, least: int = 0) -> int:
    if not least <= value <= MOST_MONTHS:
        raise Refused("months_wrong", field=place, most=MOST_MONTHS)
    return value
