"""An invented slip for the preview of print settings: nobody's data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from tickets.documents.slip_paper import (
    Charges,
    CustomerAnswer,
    DealerHead,
    FaultLine,
    Machine,
    PartLine,
    SlipPaper,
    TechnicianSign,
)


def sample_paper(dealer: DealerHead) -> SlipPaper:
    """A slip with every box filled, under this dealer's head."""
    return SlipPaper(
        dealer=dealer,
        number="FW-示例-202606-0001",
        ticket_number="BX-示例-202606-0001",
        customer_name="示例客户有限公司",
        address="湖南省长沙市雨花区示例路 1 号 泵房",
        contact="张工",
        phone="13800000000",
        machines=(
            Machine(kind="多级离心泵", model="DG46-50×8", serial_number="SL2603-0001", made_on=date(2026, 3, 6)),
        ),
        in_warranty=True,
        conditions=("连续", "清水"),
        conditions_text="环境温度 35℃",
        first_arrival=datetime(2026, 6, 11, 1, 30, tzinfo=UTC),
        last_departure=datetime(2026, 6, 11, 6, 0, tzinfo=UTC),
        people=2,
        hours=Decimal(9),
        km=Decimal("27.5"),
        reported_fault="轴封处漏水,振动偏大。",
        faults=(
            FaultLine(
                diagnosis="机械密封动环磨损",
                solution="更换机械密封,重新找正,试车 2 h 无泄漏。",
                treatment="更换零件",
                fault_code="机械密封/泄漏",
                responsibility="制造",
                cause="装配压缩量超差",
                standard_hours=Decimal(6),
            ),
        ),
        other_services="顺检备用泵 1 台",
        charges=Charges(free=True),
        answer=CustomerAnswer(rating=5, comment="服务及时。"),
        parts=(
            PartLine(
                code="SEAL-50", name="机械密封", quantity=Decimal(1), unit="套", source="厂家调拨", main_damage=True
            ),
        ),
        technician=TechnicianSign(name="示例技师", phone="13900000000", on=date(2026, 6, 11)),
    )
