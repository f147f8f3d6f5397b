"""The rate cards of the sample manufacturers: the demo card of domain.md 9.1 for each level, in force before the first report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from core import tenancy
from core.calendars import local_date
from core.tenancy import Viewer
from partners.enums import Level
from settlement.calculations.cards import BandFacts, CardFacts, HoursFacts
from settlement.operations.cards import add_card, put_in_force
from settlement.queries import cards

#: yuan a standard hour by level, tax included
HOURLY = {Level.FIRST: Decimal("90.00"), Level.SECOND: Decimal("80.00"), Level.THIRD: Decimal("70.00")}

#: code, name, hours, product types ("" = every one), frame size up to
HOURS = (
    ("DJ-01", "换电机轴承", "3.0", "三相异步电动机 变频电动机 防爆电动机", 160),
    ("DJ-01", "换电机轴承", "4.5", "三相异步电动机 变频电动机 防爆电动机", 280),
    ("DJ-02", "绕组检测", "1.0", "三相异步电动机 变频电动机 防爆电动机", None),
    ("DJ-03", "绝缘处理(烘干浸漆)", "4.0", "三相异步电动机 变频电动机 防爆电动机", None),
    ("DJ-04", "变频参数检查", "1.0", "变频电动机", None),
    ("SB-01", "换单级泵机封", "2.5", "管道离心泵 热水管道泵 化工泵", None),
    ("SB-02", "换多级泵机封轴套", "4.5", "多级离心泵", None),
    ("SB-03", "换潜污泵机封换油", "4.0", "潜污泵", None),
    ("KY-01", "换空压机温控阀芯", "1.5", "螺杆空压机 永磁变频空压机", None),
    ("KY-02", "换油分芯", "1.0", "螺杆空压机 永磁变频空压机", None),
    ("JS-01", "换减速机输出油封", "2.0", "斜齿轮减速机 锥齿轮减速机 蜗轮减速机 平行轴减速机", None),
    ("JS-02", "换蜗轮副", "5.0", "蜗轮减速机", None),
    ("TY-01", "联轴器找正", "1.5", "", None),
    ("TY-02", "故障诊断(未修)", "1.0", "", None),
)


def publish(acting: dict[str, Viewer], reviewers: dict[str, str], now: datetime) -> int:
    """Write the cards as a reviewer of each manufacturer and put them in force; the number. reviewers: keys of people by manufacturer.

    SF has a draft beside them: the next version of level 2, dearer by five yuan an hour from the year after next on.
    """
    begins = local_date(now) - timedelta(days=1200)
    number = 0
    for maker, key in reviewers.items():
        viewer = acting[key]
        with tenancy.acting(viewer):
            hours = _hours(viewer)
            for level, hourly in HOURLY.items():
                facts = _card(begins, hourly, hours)
                made = add_card(viewer=viewer, manufacturer_id=viewer.org, level=level, card=facts, now=now)
                put_in_force(viewer=viewer, public_id=made.public_id, expected_version=None, now=now)
                number += 1
            if maker == "SF":
                later = replace(
                    facts, hourly=HOURLY[Level.SECOND] + 5, valid_from=date(now.year + 2, 1, 1), note="人工成本上调"
                )
                add_card(viewer=viewer, manufacturer_id=viewer.org, level=Level.SECOND, card=later, now=now)
                number += 1
    return number


def _hours(viewer: Viewer) -> tuple[HoursFacts, ...]:
    """The standard hours for the product lines that the manufacturer has."""
    lines = cards.lines_in_use(viewer, viewer.org)
    found = []
    for code, name, hours, types, size in HOURS:
        codes = [line.code for line in lines.values() if line.product_type in types.split()] if types else [""]
        found += [HoursFacts(code, name, Decimal(hours), line, size) for line in codes]
    return tuple(found)


def _card(begins: date, hourly: Decimal, hours: tuple[HoursFacts, ...]) -> CardFacts:
    return CardFacts(
        valid_from=begins,
        hourly=hourly,
        subsidy_per_person_day=Decimal("80.00"),
        subsidy_over_km=Decimal(50),
        lodging_cap=Decimal("200.00"),
        night_flat=Decimal("100.00"),
        holiday_flat=Decimal("100.00"),
        consumables_cap=Decimal("50.00"),
        factors={"bought_genuine": Decimal("1.10"), "bought_urgent": Decimal("1.10")},
        bands=(
            BandFacts(Decimal(0), Decimal(20), flat=Decimal("60.00")),
            BandFacts(Decimal(20), Decimal(300), per_km=Decimal("3.00")),
        ),
        hours=hours,
    )
