"""How one sample job runs: the steps of a visit, the words of a slip. Pure, so that the same facts give the same job."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from equipment.enums import PartSource
from servicedesk.demo.faults import FREE_ADVICE, Fault
from servicedesk.demo.people import dispatcher
from servicedesk.demo.plan import PartUse, SlipPlan, Step, Verb
from servicedesk.demo.products import PART
from tickets.enums import REPLACING, FollowUpResult, PhotoSlot, Rating, SignatureKind, WarrantyTick

RATINGS = (Rating.VERY_GOOD,) * 45 + (Rating.GOOD,) * 40 + (Rating.FAIR,) * 13 + (Rating.BAD,) * 2
OPINIONS = {
    Rating.VERY_GOOD: ("", "", "", "来得快,修得好", "师傅很专业", "夜里来的,辛苦了"),
    Rating.GOOD: ("", "", "", "希望备件备齐一点", "服务不错"),
    Rating.FAIR: ("", "等的时间长了点", "价格偏高", "来回跑了两趟"),
    Rating.BAD: ("配件等了一个星期,耽误生产", "同一个地方半年坏了两次"),
    Rating.VERY_BAD: ("停产两天才修好,配件没带齐,催了四次电话",),
}
HOUR_RATE = Decimal(120)  # yuan per standard hour that the sample dealers charge customers
SPEED_KMH = 52  # a service car over land and through town


def minutes(number: float) -> timedelta:
    """Say a span in minutes."""
    return timedelta(minutes=round(number))


def driving(km: int) -> timedelta:
    """Estimate the time one way; never under ten minutes."""
    return minutes(max(10, km / SPEED_KMH * 60 + 5))


def parts_of(fault: Fault, quantity: int, random: Random) -> tuple[PartUse, ...]:
    """Choose where the parts came from: charged ones were bought, those in warranty mostly sent by the maker."""
    uses = []
    for code, number in fault.parts:
        part = PART[code]
        if fault.charged and fault.id not in FREE_ADVICE:
            source = PartSource.BOUGHT_GENUINE
        else:
            source = random.choice(
                (PartSource.MAKER_FREE,) * 6 + (PartSource.CONSIGNED,) * 3 + (PartSource.BOUGHT_GENUINE,)
            )
        bought_key = part.key and source is PartSource.BOUGHT_GENUINE
        supply = f"{code.replace('×', 'X')}-{random.randint(100000, 999999)}" if bought_key else ""
        is_returned = fault.in_warranty is WarrantyTick.YES and (part.key or part.group == "轴承")
        uses.append(PartUse(code, number * quantity, source, supply, is_returned))
    return tuple(uses)


def slip_of(  # one argument a fact that differs from job to job
    fault: Fault,
    random: Random,
    *,
    reported: str,
    contact: str,
    is_first: bool = False,
    quantity: int = 1,
    rating: Rating | None = None,
    opinion: str | None = None,
    confirmation: SignatureKind = SignatureKind.DRAWN,
) -> SlipPlan:
    """Fill a slip from a fault; is_first keeps the handbook's own readings, later jobs have readings of their own."""
    rating = rating or random.choice(RATINGS)
    opinion = random.choice(OPINIONS[rating]) if opinion is None else opinion
    parts = parts_of(fault, quantity, random)
    parts_fee = labour_fee = Decimal(0)
    if fault.charged and fault.id not in FREE_ADVICE:
        parts_fee = sum((PART[use.code].price * use.quantity for use in parts), Decimal(0))
        labour_fee = fault.hours * HOUR_RATE + (
            Decimal(380) if fault.id == "M02" else Decimal(0)
        )  # rewinding by weight
    is_remote = fault.is_remote
    return SlipPlan(
        fault=fault.id,
        reported=reported,
        diagnosis=fault.diagnosis.format(**_readings(fault, random, is_first)),
        cause=fault.cause,
        responsibility=fault.responsibility,
        in_warranty=fault.in_warranty,
        solution=fault.solution,
        treatment=fault.treatment,
        symptom=fault.symptom,
        fault_part=fault.fault_part,
        conditions=fault.conditions,
        conditions_note=fault.note,
        parts=parts,
        standard_hours=fault.hours * quantity,
        parts_fee=parts_fee,
        labour_fee=labour_fee,
        other_service=fault.other_service,
        rating=None if is_remote else rating,
        opinion="" if is_remote else opinion,
        confirmation=SignatureKind.REMOTE if is_remote else confirmation,
        signer="" if is_remote else contact,
        is_remote=is_remote,
    )


def _readings(fault: Fault, random: Random, is_first: bool) -> dict[str, str]:  # one fact of one call
    found = {}
    for name, (own, low, high) in fault.readings.items():
        step = Decimal(str(own))
        value = own if is_first else random.uniform(low, high)
        found[name] = str(Decimal(str(value)).quantize(step if step % 1 else Decimal(1), ROUND_HALF_UP))
    return found


def visit(  # the moments of one trip
    *,
    crew: Iterable[str],
    set_out: datetime,
    arrive: datetime,
    leave: datetime,
    km: Decimal,
    nights: int = 0,
    photos: tuple[PhotoSlot, ...] = (PhotoSlot.NAMEPLATE, PhotoSlot.FAULT),
) -> list[Step]:
    """Tell one trip from setting out to leaving, with the photos taken on it spread over the stay."""
    lead = next(iter(crew))
    steps = [Step(set_out, Verb.SET_OUT, lead), Step(arrive, Verb.ARRIVE, lead)]
    stay = leave - arrive
    started = arrive + min(minutes(6), stay / 8)
    steps.append(Step(started, Verb.START, lead))
    for at, slot in enumerate(photos):
        moment = leave - stay / 10 if slot is PhotoSlot.AFTER else started + min(minutes(4), stay / 8) * (at + 1)
        steps.append(Step(moment, Verb.PHOTO, lead, text=slot))
    steps.append(Step(leave, Verb.LEAVE, lead, km=km, nights=nights))
    return steps


def by_phone(spoken: datetime, solved: datetime, desk: str, lead: str, text: str) -> list[Step]:
    """Hand the caller to a technician, who solves it without going there."""
    third = (solved - spoken) / 3
    return [
        Step(spoken + third / 2, Verb.DISPATCH, desk, people=(lead,)),
        Step(spoken + third, Verb.ACCEPT, lead),
        Step(solved, Verb.SOLVE_BY_PHONE, lead, text=text),
    ]


def photos_for(fault: Fault) -> tuple[PhotoSlot, ...]:
    """Name the photos that a slip of this fault needs, gate first where the plan shows one."""
    after = (PhotoSlot.AFTER,) if fault.treatment in REPLACING else ()
    return (PhotoSlot.NAMEPLATE, PhotoSlot.FAULT, *after)


def signing(slip: SlipPlan, left: datetime, lead: str, at: int = 0) -> list[Step]:
    """Complete the slip three minutes after leaving and have it confirmed, or refused with the reason as its text."""
    confirm = Verb.REFUSE if slip.confirmation is SignatureKind.REFUSED else Verb.SIGN
    return [
        Step(left + minutes(3), Verb.COMPLETE, lead, slip=at),
        Step(left + minutes(6), confirm, lead, slip=at, text=slip.opinion if confirm is Verb.REFUSE else ""),
    ]


def aftermath(dealer: str, finished: datetime, random: Random, lead: str, rating: Rating | None) -> list[Step]:
    """Call the customer a day or two later and close a week after that; one in seven is never called."""
    if random.random() < 1 / 7:
        return [Step(finished + timedelta(days=30), Verb.CLOSE, dispatcher(dealer).key)]
    called = (finished + timedelta(days=random.randint(1, 2))).replace(hour=9, minute=0, second=0) + minutes(
        random.randint(0, 480)
    )
    caller = dispatcher(dealer).key
    if caller == lead:
        return [Step(finished + timedelta(days=30), Verb.CLOSE, caller)]
    if rating in (Rating.BAD, Rating.VERY_BAD):
        result, text = FollowUpResult.UNSATISFIED, "客户对等待时间不满意,已记录并向老板汇报"
    elif random.random() < 0.06:  # some never pick up
        result, text = FollowUpResult.UNREACHABLE, "三次未接通"
    else:
        result = FollowUpResult.SATISFIED
        text = random.choice(
            (
                "运行正常,客户满意",
                "设备正常,声音没有了",
                "客户说已正常生产",
                "运行正常,提醒按时加脂",
                "满意,问了易损件价格",
            )
        )
    return [
        Step(called, Verb.FOLLOW_UP, caller, text=text, result=result),
        Step(called + timedelta(days=7), Verb.CLOSE, caller),
    ]
