"""Claims for the latest signed slips of the sample dealer, each a step further than the one before (domain.md 9.4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from core import tenancy
from core.tenancy import Viewer
from servicedesk.demo.walk import Walk
from settlement.calculations.claim_input import Word
from settlement.models import Claim
from settlement.operations import claims, review_claims
from settlement.queries import claims as reading

DEALER = "CS01/黄慧"
#: by manufacturer: who reviews first, who decides
REVIEWERS = {"HC": ("HC-HN/郭伟", "HC/吴丽"), "SF": ("SF-HN/陆川", "SF/孟洋")}
#: how far each claim goes, the latest slip first; the slips after them have no claim yet
STAGES = ("draft", "first", "first", "second", "returned", "approved", "agreed", "refused")


def make_claims(walk: Walk, now: datetime) -> int:
    """Begin, submit, review and decide them through the product's operations; the number."""
    viewers = walk.world.viewers
    dealer, at, made = viewers[DEALER], now - timedelta(days=3), 0
    with tenancy.acting(dealer):
        rows = reading.unclaimed(dealer).filter(manufacturer__code__in=REVIEWERS, finished_at__lt=at)
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
    cut = {1: Word(Decimal("60.00"), "hours", "诊断工时已含在内")} if stage == "approved" else {}
    if stage == "returned":
        do(office, review_claims.send_back, 20, reason="缺更换前后的对比照片,请补传")
        return
    do(office, review_claims.pass_on, 20, words=_within(key, office, cut))
    if stage == "refused":
        do(chief, review_claims.refuse, 40, cause="not_quality", reason="绕组 V 相全烧,熔断器断,属缺相运行")
    elif stage != "second":
        do(chief, review_claims.approve, 40, words={})
    if stage == "agreed":
        do(dealer, claims.agree, 44)


def _within(key: str, viewer: Viewer, words: dict[int, Word]) -> dict[int, Word]:
    """Only words on lines that ask for more."""
    with tenancy.acting(viewer):
        lines = {line.row.sequence: line.row.claimed for line in reading.lines(viewer, reading.one(viewer, key))}
    return {place: word for place, word in words.items() if lines.get(place, Decimal(0)) > word.approved}
