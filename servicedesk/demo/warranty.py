"""The policies of warranty of the sample manufacturers (domain.md 4.2, 4.6), put in force before the first report."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from core import tenancy
from core.calendars import local_date
from core.tenancy import Viewer
from equipment.calculations.policy_input import RuleFacts, ScopeFacts, TermFacts
from equipment.enums import EvidenceKind, WarrantyBasis
from equipment.operations.warranty import add_policy, put_in_force
from equipment.queries import warranty

#: why a technician ticks against the computed result, in the words of the trade
REASONS = {
    "yes": "客户认为在三包期内,先按期内填写,请厂家终判",
    "no": "现场判断属使用原因,已向客户说明收费",
}


@dataclass(frozen=True)
class Policy:
    """One policy: for which machines, and what differs from acceptance + 12 months, capped at ex factory + 18, grace 6."""

    maker: str
    name: str
    product_type: str = ""
    model: str = ""
    months: int = 12
    cap: int = 18
    hours: int | None = None
    parts: dict[str, int] = field(default_factory=dict)
    goodwill: int = 30


POLICIES = (
    Policy("HC", "电机整机三包"),
    Policy("HC", "YBX3 防爆电机三包", model="YBX3-", months=18, cap=24),
    Policy("LT", "水泵整机三包", parts={"填料": 3}),
    Policy("JL", "压缩机三包(12个月或4000小时)", hours=4000, parts={"三滤": 3}),
    Policy("PC", "减速机三包", goodwill=15),
    Policy("SF", "整机三包"),
)


def publish(acting: dict[str, Viewer], reviewers: dict[str, str], now: datetime) -> int:
    """Write each policy as a reviewer of its manufacturer and put it in force; the number. reviewers: keys of people by manufacturer."""
    begins = local_date(now) - timedelta(days=1200)
    for policy in POLICIES:
        viewer = acting[reviewers[policy.maker]]
        with tenancy.acting(viewer):
            made = add_policy(
                viewer=viewer,
                manufacturer_id=viewer.org,
                scope=ScopeFacts(policy.name, product_type=policy.product_type, model=policy.model, match="prefix"),
                terms=TermFacts(
                    valid_from=begins,
                    start_rules=(
                        RuleFacts(WarrantyBasis.ACCEPTANCE, policy.months, (EvidenceKind.NAMEPLATE,)),
                        RuleFacts(WarrantyBasis.INVOICE, policy.months, (EvidenceKind.NAMEPLATE,)),
                        RuleFacts(WarrantyBasis.EX_FACTORY, policy.months, (EvidenceKind.NAMEPLATE,)),
                    ),
                    cap_basis=WarrantyBasis.EX_FACTORY,
                    cap_months=policy.cap,
                    hours_limit=None if policy.hours is None else Decimal(policy.hours),
                    grace_months=6,
                    part_periods=policy.parts,
                    goodwill_days=policy.goodwill,
                ),
                now=now,
            )
            (draft,) = warranty.versions_of(warranty.one(viewer, made.public_id))
            put_in_force(viewer=viewer, public_id=draft.public_id, expected_version=None, now=now)
    return len(POLICIES)
