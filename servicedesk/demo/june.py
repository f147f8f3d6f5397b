"""The worked month of domain.md 15.2: June 2026, dealer CS01, maker SF, eight jobs with fixed moments and numbers.

Slip numbers run gap-free over all of a dealer's work, so thirteen jobs for its other makers stand between the eight.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from random import Random

from core.calendars import SHANGHAI
from equipment.enums import PartSource, Responsibility
from servicedesk.demo.building import aftermath, by_phone, driving, minutes, photos_for, signing, slip_of, visit
from servicedesk.demo.customers import named
from servicedesk.demo.faults import FAULT
from servicedesk.demo.machines import MachinePark
from servicedesk.demo.people import BY_KEY, dispatcher
from servicedesk.demo.plan import JobPlan, PartUse, SlipPlan, Step, Verb
from tickets.enums import Rating, SignatureKind, Source, TicketState, Treatment, Urgency, WarrantyTick

YEAR, DEALER, MAKER = 2026, "CS01", "SF"
LAST_DAY = date(2026, 6, 30)  # the month's own jobs are over by then, and open tickets touch none of its numbers
QUIET = (date(2026, 5, 24), date(2026, 6, 30))  # no other slip of this dealer may take a number between these days


def _at(text: str) -> datetime:
    """Read "06-11 07:30" as a moment of the fixture's year in China."""
    return datetime.strptime(f"{YEAR}-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Worked:
    """A line of the worked month: what 15.2 gives, and the trip that fits its claim (km one way, nights)."""

    number: int
    customer: str
    fault: str
    model: str
    reported: str
    diagnosis: str
    solution: str
    cause: str
    responsibility: Responsibility
    in_warranty: WarrantyTick
    treatment: Treatment
    t0: str
    set_out: str
    arrived: str
    left: str
    crew: tuple[str, ...]
    km: str
    hours: str
    parts: tuple[PartUse, ...] = ()
    fees: tuple[str, str] = ("0", "0")
    quantity: int = 1
    nights: int = 0
    batch: str = ""
    made_on: str = "2026-02-18"
    urgency: Urgency = Urgency.AFFECTED
    rating: Rating = Rating.GOOD
    other_service: str = ""
    appointment: str = ""


R, W, X, S = Responsibility, WarrantyTick, Treatment, PartSource
CHEN, LIU, WANG, ZHAO, HE, XIE = (f"CS01/{name}" for name in ("陈志强", "刘建军", "王海涛", "赵鹏", "何小明", "谢军"))

WORKED = (
    Worked(3, "宁乡恒泰饲料", "M01", "YE3-160M-4", "前端异响发烫", "前轴承6309内圈剥落", "更换前后轴承,加脂", "轴承外购件早期失效",
        R.MATERIAL, W.YES, X.REPLACE_PART, "06-02 08:40", "06-02 09:20", "06-02 10:05", "06-02 15:20", (CHEN,), "14", "3.0",
        (PartUse("BRG-6309", 2, S.MAKER_FREE, return_old=True),), made_on="2025-11-05", rating=Rating.VERY_GOOD),
    Worked(9, "永州远山矿业", "P04", "DG46-50×8", "轴封喷水,停产", "机封动环碎裂,轴套磨损", "换机封轴套,重新找正", "装配压缩量超差",
        R.MANUFACTURE, W.YES, X.REPLACE_PART, "06-11 06:50", "06-11 07:30", "06-11 11:05", "06-12 16:00", (LIU, XIE), "168", "4.5",
        (PartUse("KIT-DG46", 1, S.BOUGHT_GENUINE, "KIT-DG46-240518", return_old=True),), nights=1, made_on="2025-12-10",
        urgency=Urgency.STOPPED, other_service="联轴器找正"),
    Worked(11, "株洲启明塑业", "M03", "YE3-132S-4", "起动跳闸", "V相绝缘0.08MΩ", "烘干浸漆", "接线盒密封垫漏装进水",
        R.MANUFACTURE, W.YES, X.REPAIR, "06-13 10:05", "06-13 10:50", "06-13 11:45", "06-13 17:40", (WANG,), "40", "4.0",
        (PartUse("JB-GSK", 1, S.MAKER_FREE),), made_on="2026-01-12"),
    Worked(14, "湘潭金穗米业", "M02", "YE3-180L-6", "冒烟不转", "一组相绕组烧黑,熔断器L2断", "收费换绕组", "供电缺相(用户侧)",
        R.OPERATION, W.YES, X.REPAIR, "06-16 09:20", "06-17 08:10", "06-17 09:05", "06-17 15:00", (ZHAO,), "45", "1.0",
        made_on="2025-09-16", urgency=Urgency.STOPPED, rating=Rating.FAIR, appointment="06-17 09:00"),
    Worked(17, "长沙湖畔水务", "P02", "WQ100-20-15", "油室报警", "机封渗漏,油乳化", "换机封、换油", "批次2603B静环崩边",
        R.MATERIAL, W.YES, X.REPLACE_PART, "06-18 20:10", "06-19 07:10", "06-19 07:50", "06-19 11:30", (HE, CHEN), "27.5", "8.0",
        (PartUse("SEAL-M-35", 2, S.MAKER_FREE, return_old=True),), quantity=2, batch="2603B", made_on="2026-03-22",
        appointment="06-19 08:00", rating=Rating.VERY_GOOD, other_service="顺检同批泵2台"),
    Worked(19, "浏阳顺成烟花", "M05", "YVF2-112M-4", "低速过热", "独立风机接反", "调相序", "安装接线错误",
        R.INSTALLATION, W.YES, X.ADJUST, "06-22 14:00", "06-22 14:40", "06-22 15:30", "06-22 18:10", (LIU,), "36", "2.0",
        made_on="2026-03-05", other_service="培训操作工2人"),
    Worked(20, "长沙和盛包装", "M09", "YE3-90L-4", "不会设热继电器", "电话指导后正常", "远程指导", "使用不熟",
        R.OPERATION, W.YES, X.ADVISE, "06-24 11:15", "", "", "06-24 11:40", (XIE,), "0", "0", made_on="2026-04-08",
        urgency=Urgency.NORMAL),
    Worked(21, "衡阳东昌化工", "P03", "IH65-50-160", "流量不足", "叶轮口环间隙1.6mm", "换口环", "介质含颗粒磨损",
        R.WEAR, W.NO, X.REPLACE_PART, "06-25 08:00", "06-25 09:10", "06-25 13:10", "06-25 19:20", (WANG,), "180", "3.0",
        (PartUse("RING-IH65", 1, S.BOUGHT_GENUINE),), fees=("95.00", "445.00"), made_on="2025-04-20"),
)  # fmt: skip

#: the number of the slip for which the office proposes 照顾性保修 and HQ grants it
GOODWILL = 19

#: number, fault, customer, maker, leaving: what the dealer did for its other makers in between
BETWEEN = (
    (1, "M03", "湘乡锦程铸锻", "HC", "06-01 13:10", WANG), (2, "P01", "长沙圭塘热力", "LT", "06-01 17:05", ZHAO),
    (4, "M02", "湘潭金穗米业", "HC", "06-03 16:10", XIE), (5, "P07", "长沙湖畔水务", "LT", "06-04 11:50", HE),
    (6, "M10", "株洲启明塑业", "HC", "06-06 15:30", LIU), (7, "M02", "宁乡恒泰饲料", "HC", "06-08 17:20", CHEN),
    (8, "P06", "长沙圭塘热力", "LT", "06-10 14:40", ZHAO), (10, "M05", "益阳沧水纺织", "HC", "06-13 15:20", HE),
    (12, "M02", "株洲启明塑业", "HC", "06-15 12:00", WANG), (13, "P05", "岳阳临湖纸业", "LT", "06-16 16:30", LIU),
    (15, "M10", "长沙和盛包装", "HC", "06-18 13:30", XIE), (16, "P01", "衡阳东昌化工", "LT", "06-18 16:50", WANG),
    (18, "M03", "宁乡恒泰饲料", "HC", "06-22 13:40", ZHAO),
)  # fmt: skip


def june(park: MachinePark, random: Random) -> list[JobPlan]:
    """Plan the fixture and the jobs between its numbers."""
    return [_worked(row, park, random) for row in WORKED] + [_between(*row, park, random) for row in BETWEEN]


def _number(count: int) -> str:
    return f"FW-{DEALER}-{YEAR}06-{count:04d}"


def _worked(row: Worked, park: MachinePark, random: Random) -> JobPlan:
    customer, fault = named(DEALER, row.customer), FAULT[row.fault]
    made_on = date.fromisoformat(row.made_on)
    machines = [
        park.new(customer, MAKER, row.model, made_on, batch=row.batch, fault=fault) for _ in range(row.quantity)
    ]
    lead, left, desk = row.crew[0], _at(row.left), dispatcher(DEALER).key
    is_remote = fault.is_remote
    slip = SlipPlan(
        fault=row.fault, reported=row.reported, diagnosis=row.diagnosis, cause=row.cause, responsibility=row.responsibility,
        in_warranty=row.in_warranty, solution=row.solution, treatment=row.treatment, symptom=fault.symptom,
        fault_part=fault.fault_part, conditions=fault.conditions, conditions_note=fault.note, parts=row.parts,
        standard_hours=Decimal(row.hours), parts_fee=Decimal(row.fees[0]), labour_fee=Decimal(row.fees[1]),
        other_service=row.other_service, rating=None if is_remote else row.rating,
        confirmation=SignatureKind.REMOTE if is_remote else SignatureKind.DRAWN, signer="" if is_remote else customer.contact,
        is_remote=is_remote, number=_number(row.number),
    )  # fmt: skip
    t0 = _at(row.t0)
    steps = [Step(t0, Verb.REPORT, desk)]
    if is_remote:
        steps += by_phone(t0, left, desk, lead, row.solution)
    else:
        set_out = _at(row.set_out)
        if row.appointment:
            steps.append(Step(t0 + minutes(14), Verb.APPOINT, desk, when=_at(row.appointment), text=customer.contact))
        steps += [
            Step(t0 + minutes(18), Verb.DISPATCH, desk, people=row.crew),
            Step(t0 + minutes(25), Verb.ACCEPT, lead),
            *visit(crew=row.crew, set_out=set_out, arrive=_at(row.arrived), leave=left, km=Decimal(row.km), nights=row.nights,
                photos=photos_for(fault)),
            *signing(slip, left, lead),
        ]  # fmt: skip
    if row.number == GOODWILL:
        words = "新机首次调试,接线图标注不清,请厂家照顾"
        steps += [
            Step(left + minutes(17 * 60), Verb.PROPOSE_GOODWILL, "SF-HN/陆川", text=words),
            Step(left + minutes(20 * 60), Verb.GRANT_GOODWILL, "SF/孟洋", text="同意照顾一次"),
        ]
    steps += aftermath(DEALER, left, random, lead, slip.rating)
    return JobPlan(
        key=f"june/{row.number}", dealer=DEALER, maker=MAKER, customer=row.customer, machines=tuple(m.key for m in machines),
        source=Source.PHONE, urgency=row.urgency, reporter=customer.contact, reporter_phone=customer.phone, fault=row.reported,
        steps=tuple(steps), slips=(slip,), ends=TicketState.CLOSED, case=f"15.2 No. {row.number}",
    )  # fmt: skip


def _between(
    count: int, fault_id: str, name: str, maker: str, left_at: str, lead: str, park: MachinePark, random: Random
) -> JobPlan:
    customer, fault, left = named(DEALER, name), FAULT[fault_id], _at(left_at)
    stay = minutes(float(fault.hours) * 48 + 25)
    arrive = left - stay
    set_out = arrive - driving(customer.km)
    t0 = set_out - minutes(75)
    machine = park.for_fault(customer, maker, fault, t0.date())
    reported = random.choice(fault.reported)
    slip = replace(
        slip_of(fault, random, reported=reported, contact=customer.contact), number=_number(count),
    )  # fmt: skip
    desk = dispatcher(DEALER).key
    steps = [
        Step(t0, Verb.REPORT, desk),
        Step(t0 + minutes(20), Verb.DISPATCH, desk, people=(lead,)),
        Step(t0 + minutes(31), Verb.ACCEPT, lead),
        *visit(
            crew=(lead,), set_out=set_out, arrive=arrive, leave=left, km=Decimal(customer.km), photos=photos_for(fault)
        ),
        *signing(slip, left, lead),
        *aftermath(DEALER, left, random, lead, slip.rating),
    ]
    assert BY_KEY[lead].organisation == DEALER
    return JobPlan(
        key=f"june/{count}", dealer=DEALER, maker=maker, customer=name, machines=(machine.key,), source=Source.PHONE,
        urgency=fault.urgency, reporter=customer.contact, reporter_phone=customer.phone, fault=reported, steps=tuple(steps),
        slips=(slip,), ends=TicketState.CLOSED,
    )  # fmt: skip


def is_over(now: datetime) -> bool:
    """Tell whether the worked month lies behind a moment; before that day the sample data has no June fixture."""
    return now.astimezone(SHANGHAI).date() > LAST_DAY


def is_quiet(dealer: str, day: date) -> bool:
    """Tell whether a day belongs to the fixture's numbers alone."""
    return dealer == DEALER and QUIET[0] <= day <= QUIET[1]
