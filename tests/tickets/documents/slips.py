"""Slips of several kinds, after the sample faults of domain.md 21.2: papers that everybody knows."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from core.calendars import SHANGHAI
from core.signatures import Strokes
from tickets.documents.slip_paper import (
    Charges,
    CustomerAnswer,
    DealerHead,
    FaultLine,
    Machine,
    PartLine,
    SlipPaper,
    TechnicianSign,
    Trip,
)
from tickets.enums import SignatureKind

DEALER = DealerHead(
    name="长沙瑞启机电设备(示例)",
    address="湖南省长沙市雨花区万家丽中路三段 58 号",
    hotline="400-000-0731",
    foot_line="本单一式三联,客户签字后生效;请核对配件与收费。",
)


#: signatures as hands drew them: pen points in CSS pixels with milliseconds
CUSTOMER_STROKES: Strokes = (
    ((60, 150, 0), (75, 90, 40), (95, 60, 80), (110, 70, 120), (100, 120, 160), (85, 165, 200), (110, 140, 240), (150, 105, 280), (175, 110, 320), (160, 150, 360), (180, 150, 400), (210, 110, 440), (225, 120, 480), (220, 150, 520), (250, 140, 560), (300, 100, 600)),
    ((330, 70, 900), (335, 120, 940), (330, 170, 980)),
    ((300, 115, 1200), (360, 105, 1240), (420, 100, 1280), (400, 150, 1320), (450, 140, 1360), (520, 120, 1400)),
)  # fmt: skip
TECHNICIAN_STROKES: Strokes = (
    ((80, 60, 0), (84, 110, 30), (80, 170, 60), (90, 175, 90)),
    ((84, 66, 300), (120, 62, 330), (128, 80, 360), (100, 100, 390), (124, 118, 420), (112, 140, 450), (94, 132, 480)),
    ((150, 84, 700), (205, 78, 740), (176, 120, 780), (214, 122, 820), (182, 124, 860), (180, 172, 900), (196, 140, 940), (228, 158, 980)),
    ((262, 70, 1300), (300, 64, 1330), (282, 96, 1360), (330, 92, 1390), (270, 130, 1420), (306, 122, 1450), (340, 150, 1480), (296, 176, 1510), (380, 140, 1540), (470, 118, 1570)),
)  # fmt: skip


def at(day: int, hour: int, minute: int, month: int = 6) -> datetime:
    """A moment of 2026 on a Chinese clock, as UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


P04 = SlipPaper(
    dealer=DEALER,
    number="FW-CS01-202606-0009",
    ticket_number="BX-CS01-202606-0012",
    customer_name="永州远山矿业(示例)",
    address="湖南省永州市冷水滩区珊瑚路 12 号 锅炉房",
    contact="欧阳建国",
    phone="13874651234",
    machines=(Machine(kind="多级离心泵", model="DG46-50×8", serial_number="LT2403-0187", made_on=date(2025, 10, 18)),),
    in_warranty=True,
    conditions=("连续24h", "清水", "高温介质"),
    conditions_text="锅炉给水 104℃,进口压力 0.12MPa",
    first_arrival=at(11, 11, 35),
    last_departure=at(12, 16, 0),
    people=2,
    hours=Decimal("9.5"),
    km=Decimal("318.0"),
    nights=1,
    reported_fault="轴封喷水停产,锅炉只能用备用泵顶着,请尽快来人。",
    faults=(
        FaultLine(
            standard_hours=Decimal("6.0"),
            diagnosis="机封动环碎裂,轴套沟槽深 0.8mm,弹簧压缩量偏大 2mm。",
            fault_code="机封/泄漏",
            solution="更换机封与轴套组件,按图纸复核压缩量;联轴器重新找正至 0.05mm,试车 2h 无泄漏,轴承温度 58℃。",
            treatment="更换零件",
            responsibility="制造",
            cause="装配压缩量超差",
        ),
    ),
    other_services="顺检备用泵 1 台,校对联轴器",
    charges=Charges(parts=Decimal("186.00"), labour=Decimal("480.00"), free=True),
    answer=CustomerAnswer(
        kind=SignatureKind.DRAWN,
        rating=4,
        comment="处理得比较快,希望备件放一套在本地。",
        strokes=CUSTOMER_STROKES,
        on=date(2026, 6, 12),
    ),
    technician=TechnicianSign(name="陈志强", phone="19900000011", strokes=TECHNICIAN_STROKES, on=date(2026, 6, 12)),
    parts=(
        PartLine(
            code="KIT-DG46",
            name="机封轴套组件",
            quantity=Decimal(1),
            unit="套",
            source="厂家调拨",
            new_serial="KD46-26051",
            old_serial="KD46-25077",
            main_damage=True,
            returns_old=True,
        ),
        PartLine(
            code="CPL-ES",
            name="弹性块",
            quantity=Decimal(4),
            unit="只",
            source="自购原厂",
            main_damage=False,
            returns_old=False,
        ),
    ),
    trips=(
        Trip(
            arrived_at=at(11, 11, 35),
            left_at=at(11, 19, 20),
            people=("陈志强", "刘建军"),
            km=Decimal("318.0"),
            nights=1,
        ),
        Trip(arrived_at=at(12, 8, 30), left_at=at(12, 16, 0), people=("陈志强", "刘建军"), km=Decimal("12.5")),
    ),
    content_hash="3f2a9c1e77b04d5588e1a6f2c0de91ab3f2a9c1e77b04d5588e1a6f2c0de91ab",
    verify_url="https://fuwu.example.cn/p/7KQ2M9XD",
)

P02 = replace(
    P04,
    number="FW-CS01-202606-0017",
    ticket_number="BX-CS01-202606-0021",
    customer_name="长沙湖畔水务(示例)",
    address="湖南省长沙市开福区潘家坪路 8 号 3 号泵站",
    contact="喻晓敏",
    phone="0731-84441234",
    machines=(
        Machine(kind="潜污泵", model="WQ100-20-15", serial_number="2603B-041", made_on=date(2026, 3, 6)),
        Machine(kind="潜污泵", model="WQ100-20-15", serial_number="2603B-042", made_on=date(2026, 3, 7)),
    ),
    conditions=("污水含颗粒", "间歇频繁启停"),
    conditions_text="污水含纤维",
    first_arrival=at(19, 7, 50),
    last_departure=at(19, 11, 30),
    hours=Decimal("7.5"),
    km=Decimal("27.5"),
    nights=0,
    reported_fault="两台泵油室报警,现在都停着。",
    faults=(
        FaultLine(
            standard_hours=Decimal("8.0"),
            diagnosis="油乳化,机封静环崩边,批次 2603B。",
            fault_code="机封/进水",
            solution="更换机封、换油 32#,通电试机 30min 绝缘 200MΩ。",
            treatment="更换零件",
            machines=(1, 2),
            responsibility="材料/外购件",
            cause="批次 2603B 静环崩边,机封静环批量缺陷",
        ),
    ),
    other_services="同批次排查站内另外 3 台,未见异常",
    answer=CustomerAnswer(kind=SignatureKind.TYPED, rating=5, name="喻晓敏", on=date(2026, 6, 19)),
    parts=(
        PartLine(
            code="SEAL-M-35",
            name="机械密封",
            quantity=Decimal(2),
            unit="套",
            source="厂家调拨",
            new_serial="M35-8811、8812",
            old_serial="2603B-041/042",
            main_damage=True,
            returns_old=True,
        ),
    ),
    trips=(Trip(arrived_at=at(19, 7, 50), left_at=at(19, 11, 30), people=("王海涛", "赵鹏"), km=Decimal("27.5")),),
    technician=TechnicianSign(name="王海涛", phone="19900000013", strokes=TECHNICIAN_STROKES, on=date(2026, 6, 19)),
)

M09 = replace(
    P04,
    number="FW-CS01-202606-0020",
    ticket_number="BX-CS01-202606-0027",
    customer_name="长沙和盛包装(示例)",
    address="湖南省长沙市望城区金星北路 166 号",
    contact="镕喆堃",
    phone="13900001111",
    machines=(
        Machine(kind="三相异步电动机", model="YE3-90L-4", serial_number="HC2511-3302", made_on=date(2025, 11, 20)),
    ),
    conditions=("间歇频繁启停",),
    conditions_text="包装线,启停 30 次/h",
    first_arrival=None,
    last_departure=None,
    people=None,
    hours=Decimal("0.5"),
    km=None,
    nights=0,
    reported_fault="频繁跳热继电器,不会设。",
    faults=(
        FaultLine(
            standard_hours=Decimal(0),
            diagnosis="热继整定 2.6A,电机额定 3.5A,保护整定错误;电机无故障。",
            solution="电话指导客户将热继整定到 3.5A,运行 20min 正常。",
            treatment="指导",
            responsibility="使用操作",
        ),
    ),
    other_services="",
    charges=Charges(parts=Decimal(0), labour=Decimal(0)),
    answer=CustomerAnswer(kind=SignatureKind.REMOTE),
    parts=(),
    trips=(),
    remote=True,
)

M02 = replace(
    P04,
    number="FW-CS01-202606-0014",
    ticket_number="BX-CS01-202606-0018",
    customer_name="湘潭金穗米业(示例)",
    address="湖南省湘潭市雨湖区工农街 21 号",
    contact="贺𠮷囧",
    phone="13507320014",
    machines=(Machine(kind="三相异步电动机", model="YE3-180L-6", serial_number="", made_on_unknown="铭牌磨损"),),
    in_warranty=False,
    conditions=("粉尘",),
    conditions_text="农忙季,电网不稳",
    first_arrival=at(17, 10, 5),
    last_departure=at(17, 15, 0),
    people=1,
    hours=Decimal(5),
    km=Decimal("45.0"),
    nights=0,
    reported_fault="冒烟不转",
    faults=(
        FaultLine(
            standard_hours=Decimal("1.0"),
            diagnosis="△接法一组相绕组烧黑,其余完好;熔断器 L2 断,供电缺相运行。",
            fault_code="绕组/烧毁",
            solution="收费重绕定子绕组,加装缺相保护器。",
            treatment="维修",
            responsibility="使用操作",
        ),
    ),
    charges=Charges(parts=Decimal("232.00"), labour=Decimal("380.00")),
    answer=CustomerAnswer(
        kind=SignatureKind.REFUSED,
        rating=2,
        comment="不认可缺相的结论,要求厂家来看。",
        reason="对保外收费有异议,已拍照见证",
        on=date(2026, 6, 17),
    ),
    parts=(),
    trips=(Trip(arrived_at=at(17, 10, 5), left_at=at(17, 15, 0), people=("何小明",), km=Decimal(45)),),
)

_SENTENCE = "现场拆检:第{n}处读数见附表,振速{n}.2mm/s,轴承座温度{n}8℃,绝缘电阻{n}00MΩ,接线端子无松动,冷却风道积尘约{n}mm,均已拍照存档。"
LONG = replace(
    P04,
    number="FW-CS01-202606-0099",
    conditions_text="".join(f"工况说明{n}:介质含砂、启停频繁、环境温度高于 40℃。" for n in range(1, 6)),
    reported_fault="".join(f"第{n}次来电:异响加重,电流偏高。" for n in range(1, 16)),
    faults=(
        replace(P04.faults[0], diagnosis="".join(_SENTENCE.format(n=n) for n in range(1, 22))),
        replace(
            P04.faults[0],
            solution="\n".join(f"{n}. {_SENTENCE.format(n=n)}" for n in range(1, 12)),
            diagnosis="油位偏低,补油。",
        ),
    ),
    other_services="".join(f"培训操作工{n}名;" for n in range(1, 31)),
    answer=replace(P04.answer, comment="意见:" + "请把备件和油品清单发给我们采购科," * 10),
    parts=tuple(
        replace(P04.parts[0], code=f"KIT-DG46-{n:02}", name="机封轴套组件(含弹簧座、动环、静环、轴套与全套辅助密封圈)")
        for n in range(1, 12)
    ),
)
