"""Claims for the latest signed slips of the sample dealer, each a step further than the one before (domain.md 9.4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core import tenancy
from core.tenancy import Viewer
from servicedesk.demo.walk import Walk
from settlement.calculations.claim_input import Word
from settlement.enums import FeeItem
from settlement.models import Claim
from settlement.operations import claims, review_claims
from settlement.queries import claims as reading

DEALER = "CS01/黄慧"
#: by manufacturer: who reviews first, who decides
REVIEWERS = {"HC": ("HC-HN/郭伟", "HC/吴丽"), "SF": ("SF-HN/陆川", "SF/孟洋")}
#: how far each claim goes, the latest slip first; the slips after them have no claim yet
STAGES = ("draft", "first", "first", "second", "returned", "approved", "agreed", "refused", "charged")


def make_claims(walk: Walk, now: datetime) -> int:
    """Begin, submit, review and decide them through the product's operations; the number."""
    viewers = walk.world.viewers
    dealer, at, made = viewers[DEALER], now - timedelta(days=3), 0
    with tenancy.acting(dealer):
        rows = reading.unclaimed(dealer).filter(manufacturer__code__in=REVIEWERS, finished_at__lt=at, is_remote=False)
        slips = list(rows.select_related("manufacturer").order_by("-finished_at")[: len(STAGES)])
    for slip, stage in zip(slips, STAGES, strict=False):
        office, chief = (viewers[key] for key in REVIEWERS[slip.manufacturer.code])
        with tenancy.acting(dealer):
            key = claims.begin_claim(viewer=dealer, slip_public_id=slip.public_id, now=at).public_id
        _go(key, stage, dealer, office, chief, at)
        made += 1
    return made


def _go(key: str, stage: str, dealer: Viewer, office: Viewer, chief: Viewer, at: datetime) -> None:
    def do(viewer: Viewer, operation: Any, hours: int, **more: Any) -> Claim:
        with tenancy.acting(viewer):
            done: Claim = operation(
                viewer=viewer, public_id=key, expected_version=None, now=at + timedelta(hours=hours), **more
            )
            return done

    if stage == "draft":
        return
    do(dealer, claims.submit, 1)
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
