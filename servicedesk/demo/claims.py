"""Claims for the latest signed slips of the sample dealer, each a step further than the one before (domain.md 9.4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from core import tenancy
from core.tenancy import Viewer
from servicedesk.demo.walk import Walk
from settlement.calculations.claim_input import Word
from settlement.enums import CheckCode, ClaimState, FeeItem
from settlement.explain.checks import in_short
from settlement.models import Claim
from settlement.operations import claims, review_claims
from settlement.operations.checks import check_claim, set_check
from settlement.queries import claims as reading
from tickets.models import Slip

DEALER = "CS01/黄慧"
#: by manufacturer: who reviews first, who decides
REVIEWERS = {"HC": ("HC-HN/郭伟", "HC/吴丽"), "SF": ("SF-HN/陆川", "SF/孟洋")}
#: how far the claims go that the automatic checks leave to people, the latest slip first
STAGES = ("first", "draft", "second", "returned", "approved", "agreed", "refused", "charged", "first")
#: so many slips are looked at: the checks catch some of the claims
MOST = 16
#: what the manufacturers have set of their checks: HC looks at every claim above 300 yuan, SF gives more time
SETTINGS: dict[str, tuple[CheckCode, dict[str, Any]]] = {
    "HC": (CheckCode.M02, {"amount": Decimal("300.00")}),
    "SF": (CheckCode.R04, {"submit_days": 60, "warn_days": 40}),
}
IN_TIME, TOO_LATE, IN_TIME_FOR_SF = timedelta(days=29), timedelta(days=31), timedelta(days=50)


def make_claims(walk: Walk, now: datetime) -> int:
    """Begin, submit, check, review and decide them through the product's operations; the number.

    One of HC comes too late and is refused by the checks; one of SF comes when an old part is three months overdue and is sent back.
    """
    viewers = walk.world.viewers
    for maker, (code, params) in SETTINGS.items():
        chief = viewers[REVIEWERS[maker][1]]
        with tenancy.acting(chief):
            set_check(viewer=chief, code=code, is_on=True, params=params, expected_version=0, now=now)
    dealer, latest = viewers[DEALER], now - timedelta(days=3)
    with tenancy.acting(dealer):
        rows = reading.unclaimed(dealer).filter(manufacturer__code__in=REVIEWERS, is_remote=False)
        rows = rows.filter(finished_at__lt=latest).select_related("manufacturer").order_by("-finished_at")
        slips = list(rows[:MOST])
    late = next((slip for slip in slips if _is_of(slip, "HC") and _finished(slip) < latest - TOO_LATE), None)
    owing = next((slip for slip in slips if _is_of(slip, "SF") and _finished(slip) < latest - IN_TIME_FOR_SF), None)
    left, made = list(STAGES), 0
    for slip in slips:
        office, chief = (viewers[key] for key in REVIEWERS[slip.manufacturer.code])
        at = min(latest, _finished(slip) + (IN_TIME_FOR_SF if slip is owing else IN_TIME))
        at = latest if slip is late else at
        if not left and slip not in (late, owing):
            continue
        with tenancy.acting(dealer):
            key = claims.begin_claim(viewer=dealer, slip_public_id=slip.public_id, now=at).public_id
        made += 1
        if left[:1] == ["draft"] and slip not in (late, owing):
            left.pop(0)
        elif submit_checked(key, dealer, chief, at) == ClaimState.FIRST and left and slip not in (late, owing):
            _go(key, left.pop(0), dealer, office, chief, at)
    return made


def _is_of(slip: Slip, maker: str) -> bool:
    return slip.manufacturer.code == maker


def _finished(slip: Slip) -> datetime:
    return reading.finished(slip)


def submit_checked(key: str, dealer: Viewer, chief: Viewer, at: datetime) -> str:
    """Submit it, and let headquarters' checks run at once; the state that they leave it in."""
    sent = at + timedelta(hours=1)
    with tenancy.acting(dealer):
        claim = claims.submit(viewer=dealer, public_id=key, expected_version=None, now=sent)
    with tenancy.acting(chief):
        check_claim(viewer=chief, claim_id=claim.pk, submitted_at=sent, say=in_short, now=sent + timedelta(seconds=3))
        state: str = reading.one(chief, key).state
    return state


def _go(key: str, stage: str, dealer: Viewer, office: Viewer, chief: Viewer, at: datetime) -> None:
    def do(viewer: Viewer, operation: Any, hours: int, **more: Any) -> Claim:
        with tenancy.acting(viewer):
            done: Claim = operation(
                viewer=viewer, public_id=key, expected_version=None, now=at + timedelta(hours=hours), **more
            )
            return done

    if stage == "first":
        return
    if stage == "returned":
        do(office, review_claims.send_back, 20, reason="缺更换前后的对比照片,请补传")
        return
    do(office, review_claims.pass_on, 20, words=_shorter_way(key, office) if stage == "approved" else {})
    if stage in ("refused", "charged"):
        do(chief, review_claims.refuse, 40, cause="not_quality", reason="绕组 V 相全烧,熔断器断,属缺相运行")
    elif stage != "second":
        do(chief, review_claims.approve, 40, words={})
    if stage == "agreed":
        do(dealer, claims.agree, 44)
    if stage == "charged":
        do(dealer, claims.charge, 44, reason="非质量原因,由客户付费")


def _shorter_way(key: str, viewer: Viewer) -> dict[int, Word]:
    """The travel of the claim, 16 km less than was claimed at 3 yuan a kilometre (domain.md 9.5, A3)."""
    with tenancy.acting(viewer):
        lines = reading.lines(viewer, reading.one(viewer, key))
    rows = [line.row for line in lines if line.row.item == FeeItem.TRAVEL and line.row.claimed > 60]
    if not rows:
        first = lines[0].row
        return {first.sequence: Word(first.claimed - 1, "other", "零头核减")}
    return {row.sequence: Word(row.claimed - 48, "distance", "按路书里程核减 16 km") for row in rows}
