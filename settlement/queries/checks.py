"""Reading the automatic checks of claims (domain.md 9.3): a manufacturer's settings, what was found, and a setting tried on earlier claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.tenancy import Tier, Viewer
from settlement.calculations import checks
from settlement.calculations.cards import figure
from settlement.calculations.check_facts import Facts, Reference, Settings, codes_of
from settlement.calculations.check_record import read
from settlement.calculations.check_settings import PARAMS, settings_from, with_params
from settlement.calculations.checks import Finding, Report
from settlement.enums import CheckCode, CheckOutcome, ClaimState
from settlement.models import CheckRecord, CheckRun, CheckSetting, Claim
from settlement.queries import check_rows

#: what each setting is called, and its unit
LABELS: Mapping[str, tuple[Any, Any]] = {
    "unauthorised": (_("What becomes of a claim without the pre-authorisation"), ""),
    "without_policy": (_("What becomes of a claim for such a machine"), ""),
    "long_km": (_("Pre-authorisation for distances one way above"), _("km")),
    "authorise_above": (_("Pre-authorisation for claims above"), _("yuan")),
    "submit_days": (_("Submitted within"), _("days")),
    "warn_days": (_("Warning to the dealer from"), _("days")),
    "meter_hours_a_day": (_("Hours that a meter may run in a day"), _("hours")),
    "duplicate_days": (_("The same fault within"), _("days")),
    "repeat_days": (_("A repair counts as repeated within"), _("days")),
    "old_part_months": (_("Old parts overdue by more than"), _("months")),
    "amount": (_("A person looks at claims above"), _("yuan")),
    "km_over": (_("Allowed above the usual distance"), "%"),
    "people": (_("People on site without a question"), _("people")),
    "position_m": (_("Check-in away from the site, at most"), _("m")),
    "low_amount": (_("Approved without a person up to"), _("yuan")),
    "trusted": (_("Trusted dealers"), ""),
}
#: how long a reviewer waits for the checks before he may decide without them
PATIENCE = timedelta(minutes=5)
#: a trial looks at so many claims at most, the latest ones, and names so many of those that it would catch
TRIED, NAMED = 2_000, 50
MONTH = timedelta(days=31)


def is_running(claim: Claim, now: datetime) -> bool:
    """Whether the checks are still to come, and worth waiting for."""
    if claim.state != ClaimState.FIRST or claim.checked_at is not None or claim.submitted_at is None:
        return False
    return now - claim.submitted_at < PATIENCE


def rows_of(viewer: Viewer) -> dict[str, CheckSetting]:
    """The manufacturer's own settings by code; none for anybody else."""
    return {row.code: row for row in CheckSetting.objects.visible_to(viewer).order_by("code")}


def settings_of(viewer: Viewer) -> Settings:
    """What the checks of the viewer's organisation go by."""
    return settings_from((row.code, row.is_on, row.params) for row in rows_of(viewer).values())


def last_run(viewer: Viewer, claim: Claim) -> CheckRun | None:
    """What was found when it was submitted last; None = it was not checked yet."""
    return CheckRun.objects.visible_to(viewer).filter(claim=claim).order_by("-id").first()


def report_of(viewer: Viewer, run: CheckRun) -> Report:
    """The findings of a run in full for headquarters, and without other dealers' numbers for everybody else."""
    found = run.findings
    if viewer.tier is Tier.HQ:
        own = CheckRecord.objects.visible_to(viewer).filter(run=run).values_list("findings", flat=True).first()
        found = run.findings if own is None else own
    no_data = tuple(CheckCode(code) for code in run.no_data)
    return Report(findings_from(found), no_data, CheckOutcome(run.outcome))


def findings_from(kept: Sequence[Sequence[Any]]) -> tuple[Finding, ...]:
    """Findings as a run keeps them: [code, reason, outcome, params]."""
    return tuple(
        Finding(CheckCode(code), reason, CheckOutcome(outcome), params) for code, reason, outcome, params in kept
    )


@dataclass(frozen=True)
class Line:
    """A check as the list of settings shows it. outcome: what it makes of a claim; params: (label, value with its unit)."""

    code: CheckCode
    outcome: CheckOutcome
    is_on: bool
    params: Sequence[tuple[Any, str]]
    changed_by: str = ""
    changed_at: datetime | None = None


def lines(viewer: Viewer) -> list[Line]:
    """All 23 checks as they are set. One statement."""
    rows = rows_of(viewer)
    settings = settings_from((row.code, row.is_on, row.params) for row in rows.values())
    found = []
    for code in CheckCode:
        row = rows.get(code)
        found.append(
            Line(
                code, checks.outcome_of(code, settings), code in settings.on,
                [(LABELS[name][0], in_words(name, getattr(settings, name))) for name in PARAMS.get(code, ())],
                *((row.changed_by, row.updated_at) if row else ()),
            )
        )  # fmt: skip
    return found


def in_words(name: str, value: Any) -> str:
    """A setting with its unit; of trusted dealers the number."""
    if value is None:
        return str(_("none"))
    if isinstance(value, CheckOutcome):
        return str(value.label)
    if isinstance(value, frozenset):
        return str(len(value))
    if name == "km_over":
        value *= 100
    shown_value = figure(value) if isinstance(value, Decimal) else str(value)
    return f"{shown_value} {LABELS[name][1]}".strip()


@dataclass(frozen=True)
class Caught:
    """A claim that a tried setting would catch. before: the check as it is set now catches it, too."""

    claim: Claim
    findings: tuple[Finding, ...]
    before: bool


@dataclass(frozen=True)
class Trial:
    """A setting tried on the claims that were checked in the last months: how many there were, who is caught, how many are caught now.

    caught: at most NAMED of them, those that are caught newly first.
    """

    tried: int
    count: int
    before: int
    caught: Sequence[Caught]


def trial(
    viewer: Viewer, code: CheckCode, *, is_on: bool, params: Mapping[str, Any], months: int, now: datetime
) -> Trial:
    """Try a setting of one check on what the claims of the last months were checked on; writes nothing. Five statements.

    The facts are those of that day; the tables (check_rows) are those of today, so that a new table can be tried, too.
    """
    index, present = check_rows.index(viewer), settings_of(viewer)
    wanted = with_params(present, code, is_on, params)
    rows = CheckRecord.objects.visible_to(viewer).filter(at__gte=now - months * MONTH).order_by("-at", "-id")
    seen: set[int] = set()
    found: list[tuple[int, tuple[Finding, ...], bool]] = []
    before = 0
    for claim_id, facts, reference in rows.values_list("run__claim_id", "facts", "reference")[:TRIED]:
        if claim_id in seen:
            continue  # of a claim that came back, its last submission
        seen.add(claim_id)
        claim = read(Facts, facts)
        tables = check_rows.of_codes(index, codes_of(claim))
        known = claim, replace(read(Reference, reference), **tables)
        new, now_caught = _of(code, *known, wanted), bool(_of(code, *known, present))
        before += now_caught
        if new:
            found.append((claim_id, new, now_caught))
    found.sort(key=lambda one: one[2])
    named = found[:NAMED]
    rows_by_id = Claim.objects.visible_to(viewer).select_related("slip", "dealer").in_bulk([key for key, *_ in named])
    caught = [Caught(rows_by_id[key], new, was) for key, new, was in named if key in rows_by_id]
    return Trial(len(seen), len(found), before, caught)


def _of(code: CheckCode, facts: Facts, reference: Reference, settings: Settings) -> tuple[Finding, ...]:
    return tuple(one for one in checks.run(facts, reference, settings).findings if one.code == code)
