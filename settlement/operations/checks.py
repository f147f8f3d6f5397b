"""The automatic checks decide (系统自审, domain.md 9.3, 9.4): they run after submission with the manufacturer's eyes; and their settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from core import rights
from core.calendars import local
from core.errors import Refused
from core.money import ZERO
from core.tenancy import Viewer
from partners.queries import partnerships
from settlement import notices
from settlement.calculations import checks
from settlement.calculations.check_record import kept
from settlement.calculations.check_settings import DEFAULTS, params_of, with_params
from settlement.calculations.checks import Finding, Report
from settlement.enums import CLAIM_IN_REVIEW, CheckCode, CheckOutcome, ClaimState, CutReason, ReviewLevel
from settlement.models import CheckRecord, CheckRun, CheckSetting, Claim, ClaimDecision
from settlement.models.claim import CHECKED
from settlement.operations.claims import next_turn, step
from settlement.queries import checks as reading
from settlement.queries import claim_facts, claims
from tickets.operations.steps import columns_of

Words = Callable[[Iterable[Finding]], str]
#: under which word of the list a refusing check cuts the lines (domain.md 9.4)
CAUSES = {
    CheckCode.R01: CutReason.OUT_OF_PERIOD,
    CheckCode.R02: CutReason.NO_AUTHORISATION,
    CheckCode.R03: CutReason.OUTSIDE,
    CheckCode.R04: CutReason.LATE,
}


@transaction.atomic
def check_claim(*, viewer: Viewer, claim_id: int, submitted_at: datetime, say: Words, now: datetime) -> CheckRun | None:
    """Run the checks on a claim as it was submitted at that moment, keep what they found, and move it: refuse, send back, approve, or leave
    it to the first review.

    viewer: headquarters, so that other dealers' jobs count. say: puts findings into words (explain/checks.py). Run again it does nothing: None, as for a claim that was taken back meanwhile
    or whose partnership has ended. A claim that somebody has decided already keeps what was decided; the findings are only written down.
    """
    claim = claims.locked_by_id(viewer, claim_id)
    if claim is None or claim.submitted_at != submitted_at or claim.state not in CLAIM_IN_REVIEW or claim.checked_at:
        return None
    try:
        partnerships.require_holding(viewer, dealer_id=claim.dealer_id, manufacturer_id=claim.manufacturer_id)
    except Refused:
        return None
    settings = reading.settings_of(viewer)
    basis, usual = claims.basis(viewer, claim.slip, claim.card), claims.usual_km(viewer, claim)
    facts, reference = claim_facts.facts(viewer, claim, basis, usual, now, trusted=settings.trusted)
    report = checks.run(facts, reference, settings)
    run = CheckRun(
        claim=claim, turn=claim.turn, submitted_at=submitted_at, outcome=report.outcome, findings=_kept(checks.told(report.findings)),
        no_data=list(report.no_data), at=now, **columns_of(claim),
    )  # fmt: skip
    run.save(force_insert=True)
    CheckRecord.objects.create(
        organisation_id=viewer.org, run=run, findings=_kept(report.findings), facts=kept(facts), reference=kept(reference),
        settings=kept(settings), at=now,
    )  # fmt: skip
    claim.checked_at, claim.flags = now, sum(one.outcome != CheckOutcome.PASS for one in report.findings)
    claim.save(update_fields=CHECKED)
    if claim.state == ClaimState.FIRST:
        _move(viewer, claim, report, say, now)
    return run


def _move(viewer: Viewer, claim: Claim, report: Report, say: Words, now: datetime) -> None:
    """Each outcome's step; its story names nobody, since it was no person."""
    system = replace(viewer, person_id=None, name="")
    if report.outcome == CheckOutcome.REFUSE:
        claim.reason = say(_deciding(report))
        cause = CAUSES.get(_deciding(report)[0].code, CutReason.OTHER_REASON)
        _cut_all(viewer, claim, cause, now)
        claim.approved, claim.decided_at = ZERO, now
        step(system, claim, "check_refuse", now=now, text=claim.reason)
        notices.claim_told(viewer, claim, claim.dealer_id, "refused", now)
    elif report.outcome == CheckOutcome.RETURN:
        claim.reason = say(_deciding(report))
        next_turn(system, claim, "check_return", now=now)
        notices.claim_told(viewer, claim, claim.dealer_id, "sent_back", now)
    elif report.outcome == CheckOutcome.PASS:
        claim.approved, claim.decided_at = claim.claimed, now
        step(system, claim, "check_approve", now=now)
        notices.claim_told(viewer, claim, claim.dealer_id, "approved", now)
    else:
        notices.claim_told(viewer, claim, claim.office_id or claim.manufacturer_id, "submitted", now)


def _deciding(report: Report) -> list[Finding]:
    """The findings that decided, as the dealer may read them."""
    return [one for one in checks.told(report.findings) if one.outcome == report.outcome]


def _cut_all(viewer: Viewer, claim: Claim, cause: CutReason, now: datetime) -> None:
    """Each line is decided as zero, as with a person's refusal."""
    ClaimDecision.objects.bulk_create(
        [
            ClaimDecision(
                line=line.row, level=ReviewLevel.CHECK, approved=ZERO, reason=cause, at=now, author_id=None,
                author_organisation=viewer.org_name, **columns_of(claim),
            )
            for line in claims.lines(viewer, claim)
        ]
    )  # fmt: skip


def _kept(findings: Iterable[Finding]) -> list[list[Any]]:
    return [[one.code, one.reason, one.outcome, dict(one.params)] for one in findings]


@transaction.atomic
def set_check(
    *, viewer: Viewer, code: CheckCode, is_on: bool, params: Mapping[str, Any], expected_version: int, now: datetime
) -> CheckSetting | None:
    """Switch a check on or off and set its figures, for claims that are submitted from now on; what equals the defaults needs no row: None.

    params: by their names in `Settings`. expected_version: of the row, 0 = the page showed the defaults.
    Errors: not_allowed (403), Refused("stale", 409), ("warn_after_limit", field="warn_days").
    """
    rights.require(viewer, "check.write")
    row = CheckSetting.objects.visible_to(viewer).select_for_update().filter(code=code).first()
    if (row.version if row else 0) != expected_version:
        who, when = (row.changed_by, row.updated_at) if row else ("", now)
        raise Refused("stale", status=409, who=who, when=f"{local(when):%m-%d %H:%M}")
    wanted = with_params(DEFAULTS, code, is_on, params)
    if wanted.warn_days > wanted.submit_days:
        raise Refused("warn_after_limit", field="warn_days")
    if row is None:
        if wanted == DEFAULTS:
            return None
        row = CheckSetting(organisation_id=viewer.org, code=code, version=0)
    row.is_on, row.params, row.changed_by = is_on, params_of(wanted, code), viewer.name
    row.version += 1
    row.save()
    return row
