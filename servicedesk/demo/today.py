"""The open work: tickets in every state, with moments counted back from now (domain.md 21.2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from core.calendars import SHANGHAI
from servicedesk.demo.building import driving, minutes, photos_for, signing, slip_of, visit
from servicedesk.demo.customers import Customer, named
from servicedesk.demo.faults import FAULT, Fault
from servicedesk.demo.machines import MachinePark
from servicedesk.demo.people import dispatcher
from servicedesk.demo.plan import JobPlan, SlipPlan, Step, Verb
from tickets.enums import Channel, FollowUpResult, PhotoSlot, Rating, Source, TicketState, Urgency

CHEN, LIU, WANG, ZHAO, HE, XIE = (f"CS01/{name}" for name in ("陈志强", "刘建军", "王海涛", "赵鹏", "何小明", "谢军"))
SUN, XU = "HF01/孙浩", "HF01/许峰"
S = TicketState


@dataclass
class _Desk:
    """Builds the open jobs of one day; ago() counts back from now."""

    now: datetime
    park: MachinePark
    random: Random

    def ago(self, minutes_back: float) -> datetime:
        """Name the moment so many minutes before now, on the full minute."""
        return (self.now - minutes(minutes_back)).replace(second=0, microsecond=0)

    def day(self, days_back: int, clock: str) -> datetime:
        """Name a moment of an earlier day by its clock, "08:20"."""
        hour, minute = map(int, clock.split(":"))
        day = self.now.astimezone(SHANGHAI) - timedelta(days=days_back)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def job(  # the facts of a job
        self, key: str, dealer: str, maker: str, name: str, fault_id: str, ends: TicketState, steps: list[Step], *,
        source: Source = Source.PHONE, urgency: Urgency | None = None, slips: tuple[SlipPlan, ...] = (), case: str = "",
        reported: str = "", reporter: str = "", machines: int = 1, like: JobPlan | None = None,
    ) -> JobPlan:  # fmt: skip
        """Put a job together; reporter: who called, if not the customer's contact. like: the same machines as that job."""
        customer, fault = named(dealer, name), FAULT[fault_id]
        day = steps[0].at.astimezone(SHANGHAI).date()
        keys = (
            like.machines
            if like
            else tuple(self.park.for_fault(customer, maker, fault, day).key for _ in range(machines))
        )
        return JobPlan(
            key=f"today/{key}", dealer=dealer, maker=maker, customer=name, machines=tuple(dict.fromkeys(keys)), source=source,
            urgency=urgency or fault.urgency, reporter=reporter or customer.contact, reporter_phone=customer.phone,
            fault=reported or self.random.choice(fault.reported), steps=tuple(steps), slips=slips, ends=ends, case=case,
        )  # fmt: skip

    def sent(self, dealer: str, crew: tuple[str, ...], reported: float, *, accepted: bool = True) -> list[Step]:
        """Report by phone, dispatch and accept, so many minutes ago."""
        return self.sent_at(dealer, crew, self.ago(reported), accepted=accepted)

    def sent_at(self, dealer: str, crew: tuple[str, ...], at: datetime, *, accepted: bool = True) -> list[Step]:
        """Report by phone, dispatch and accept, beginning at a moment."""
        desk = dispatcher(dealer).key
        steps = [Step(at, Verb.REPORT, desk), Step(at + minutes(12), Verb.DISPATCH, desk, people=crew)]
        return [*steps, Step(at + minutes(19), Verb.ACCEPT, crew[0])] if accepted else steps

    def still_there(self, crew: tuple[str, ...], *, set_out: float, arrived: float) -> list[Step]:
        """Tell a trip that has not ended; minutes ago."""
        steps = visit(crew=crew, set_out=self.ago(set_out), arrive=self.ago(arrived), leave=self.now, km=Decimal(0))
        return [step for step in steps if step.verb is not Verb.LEAVE]

    def there(
        self, crew: tuple[str, ...], customer: Customer, fault: Fault, set_out: datetime, left: datetime, *, repaired: bool = True
    ) -> list[Step]:  # fmt: skip
        """Tell a whole trip."""
        photos = tuple(slot for slot in photos_for(fault) if repaired or slot is not PhotoSlot.AFTER)
        return visit(
            crew=crew, set_out=set_out, arrive=set_out + driving(customer.km), leave=left, km=Decimal(customer.km), photos=photos,
        )  # fmt: skip


def today(now: datetime, park: MachinePark, random: Random) -> list[JobPlan]:
    """Plan the open tickets; the first dealer has one in every state, the others a few each."""
    desk = _Desk(now, park, random)
    return [*_first_dealer(desk), *_others(desk), *_ended_otherwise(desk)]


def _first_dealer(d: _Desk) -> list[JobPlan]:
    call, hand = dispatcher("CS01").key, d.ago
    hepan, jincheng, guitang = (named("CS01", name) for name in ("长沙湖畔水务", "湘乡锦程铸锻", "长沙圭塘热力"))
    dongchang, linhu = named("CS01", "衡阳东昌化工"), named("CS01", "岳阳临湖纸业")
    tomorrow = (d.now + timedelta(days=1)).astimezone(SHANGHAI).replace(hour=9, minute=0, second=0, microsecond=0)
    waiting = slip_of(
        FAULT["P01"], d.random, reported="泵轴那里漏水,成一条线", contact=guitang.contact, rating=Rating.GOOD
    )
    return [
        d.job("new-wechat", "CS01", "HC", "益阳沧水纺织", "M07", S.NEW, [Step(hand(22), Verb.REPORT, call)], source=Source.WECHAT,
            reported="变频电机有电流声,视频发群里了,麻烦看看", reporter="曹厂长"),
        d.job("new-referral", "CS01", "HC", "永州远山矿业", "M04", S.NEW, [
            Step(hand(35), Verb.REPORT, call),
            Step(hand(33), Verb.NOTE, call, text="厂家400转派:主机厂(豫中重工)在外省销售的破碎机,本地无购机记录,铭牌照片待补"),
        ], source=Source.HQ_REFERRAL, case="主机厂用户转派", reported="破碎机电机振得厉害,地脚螺栓老松"),
        d.job("contacted", "CS01", "SF", "长沙和盛包装", "M09", S.CONTACTED, [
            Step(hand(48), Verb.REPORT, call),
            Step(hand(40), Verb.CALL, call, text="请客户先看热继电器整定值,10分钟后回话"),
        ], reported="包装线电机又跳热继电器"),
        d.job("appointed", "CS01", "HC", "湘乡锦程铸锻", "M06", S.APPOINTED, [
            Step(hand(150), Verb.REPORT, call), Step(hand(141), Verb.APPOINT, call, when=tomorrow, text=jincheng.contact),
        ], reported="上个月刚换的轴承又响了,明天停炉可以修"),
        d.job("dispatched", "CS01", "LT", "长沙湖畔水务", "P07", S.DISPATCHED, d.sent("CS01", (XIE,), 26, accepted=False),
            reported="2号泵井一下水就跳漏保"),
        d.job("accepted", "CS01", "HC", "湘潭金穗米业", "M02", S.ACCEPTED, d.sent("CS01", (HE,), 44), urgency=Urgency.STOPPED,
            reported="电机冒烟了,现在不转,等着碾米"),
        d.job("en-route", "CS01", "HC", "宁乡恒泰饲料", "M01", S.EN_ROUTE, [
            *d.sent("CS01", (CHEN,), 58), Step(hand(18), Verb.SET_OUT, CHEN),
        ], reported="2号制粒机电机前端异响,摸着烫手", urgency=Urgency.STOPPED),
        d.job("arrived", "CS01", "LT", "长沙圭塘热力", "P06", S.ARRIVED, [
            *d.sent("CS01", (LIU,), 95), Step(hand(52), Verb.SET_OUT, LIU), Step(hand(9), Verb.ARRIVE, LIU),
            Step(hand(6), Verb.PHOTO, LIU, text=PhotoSlot.GATE),
        ]),
        d.job("in-work", "CS01", "HC", "株洲启明塑业", "M10", S.IN_WORK, [
            *d.sent("CS01", (WANG,), 165), *d.still_there((WANG,), set_out=130, arrived=82),
            Step(hand(40), Verb.NOTE, WANG, text="风叶碎三片,车上有备件,正在拆风罩"),
        ]),
        d.job("wait-part", "CS01", "HC", "衡阳东昌化工", "M08", S.WAIT_PART, [
            *d.sent_at("CS01", (LIU, XIE), d.day(5, "07:40")),
            *d.there((LIU, XIE), dongchang, FAULT["M08"], d.day(5, "08:10"), d.day(5, "14:35"), repaired=False),
            Step(d.day(5, "14:40"), Verb.WAIT_PART, LIU, text="转子厂家备货中,厂家答复7天内发出"),
            Step(d.day(2, "10:05"), Verb.CALL, call, text="告知客户转子预计下周到,客户改用备用泵"),
        ], case="暂停:待配件"),
        d.job("wait-customer", "CS01", "LT", "岳阳临湖纸业", "P04", S.WAIT_CUST, [
            *d.sent_at("CS01", (ZHAO,), d.day(2, "08:15")),
            *d.there((ZHAO,), linhu, FAULT["P04"], d.day(2, "08:50"), d.day(2, "13:10"), repaired=False),
            Step(d.day(2, "13:14"), Verb.WAIT_CUSTOMER, ZHAO, text="客户等周末停炉才能拆泵"),
        ], urgency=Urgency.AFFECTED),
        d.job("wait-sign", "CS01", "LT", "长沙圭塘热力", "P01", S.WAIT_SIGN, [
            *d.sent("CS01", (ZHAO,), 185),
            *d.there((ZHAO,), guitang, FAULT["P01"], hand(160), hand(34)),
            Step(hand(31), Verb.COMPLETE, ZHAO, slip=0),
            Step(hand(25), Verb.NOTE, ZHAO, text="文站长在开会,约好一小时后回来签字"),
        ], slips=(waiting,)),
        d.job("handed-back", "CS01", "HC", "浏阳顺成烟花", "M03", S.DISPATCHED, [
            *d.sent("CS01", (CHEN,), 150),
            Step(hand(90), Verb.HAND_BACK, CHEN, text="恒泰停产急修,请改派"),
            Step(hand(30), Verb.DISPATCH, call, people=(WANG,)),
        ], reported="下雨以后混料间电机一开就跳闸"),
        _rework(d, hepan),
    ]  # fmt: skip


def _rework(d: _Desk, customer: Customer) -> JobPlan:
    """Finish a job four days ago and open it again this morning: 返修, not yet dispatched."""
    fault, call = FAULT["P01"], dispatcher("CS01").key
    slip = slip_of(fault, d.random, reported="泵轴那里漏水,成一条线", contact=customer.contact, rating=Rating.GOOD)
    left = d.day(4, "12:20")
    return d.job(
        "reopened", "CS01", "LT", customer.name, "P01", S.CONTACTED,
        [
            *d.sent_at("CS01", (HE,), d.day(4, "08:25")),
            *d.there((HE,), customer, fault, d.day(4, "09:00"), left),
            *signing(slip, left, HE),
            Step(d.day(2, "15:20"), Verb.FOLLOW_UP, call, text="暂时不漏,再观察", result=FollowUpResult.SATISFIED),
            Step(d.ago(72), Verb.REOPEN, call, text="同一台泵又滴水,要求免费返修"),
        ],
        slips=(slip,), case="返修",
    )  # fmt: skip


def _others(d: _Desk) -> list[JobPlan]:
    hf, cd, hy, hand = dispatcher("HF01").key, dispatcher("CD01").key, dispatcher("HY02").key, d.ago
    return [
        d.job("hf-new", "HF01", "HC", "淮南洛河矿机", "M04", S.NEW, [Step(hand(17), Verb.REPORT, hf)], source=Source.WECHAT),
        d.job("hf-work", "HF01", "JL", "肥西紫蓬食品", "C01", S.IN_WORK, [
            *d.sent("HF01", ("HF01/张磊",), 160), *d.still_there(("HF01/张磊",), set_out=125, arrived=78),
        ]),
        d.job("hf-part", "HF01", "JL", "阜阳宏源面粉", "C07", S.WAIT_PART, [
            Step(d.day(3, "07:20"), Verb.REPORT, hf),
            Step(d.day(3, "07:34"), Verb.CONTACT, hf, text="已与客户确认故障现象和地址"),
            Step(d.day(3, "07:45"), Verb.DISPATCH, hf, people=(SUN, XU)),
            Step(d.day(3, "07:52"), Verb.ACCEPT, SUN),
            *d.there((SUN, XU), named("HF01", "阜阳宏源面粉"), FAULT["C07"], d.day(3, "08:20"), d.day(3, "14:10"), repaired=False),
            Step(d.day(3, "14:16"), Verb.WAIT_PART, SUN, text="已申请预授权,等厂家发主机"),
        ], source=Source.HQ_REFERRAL, case="暂停:待配件"),
        d.job("cd-accepted", "CD01", "PC", "成都青羊印染", "R02", S.ACCEPTED, d.sent("CD01", ("CD01/罗刚",), 52)),
        d.job("cd-contacted", "CD01", "LT", "都江堰蒲阳水厂", "P05", S.CONTACTED, [
            Step(hand(66), Verb.REPORT, cd), Step(hand(41), Verb.CONTACT, cd, channel=Channel.WECHAT, text="已视频看过,怀疑底阀堵"),
        ], source=Source.WECHAT),
        d.job("hy-route", "HY02", "HC", "耒阳金港水泥制品", "M01", S.EN_ROUTE, [
            *d.sent("HY02", ("HY02/邓超",), 80), Step(hand(33), Verb.SET_OUT, "HY02/邓超"),
        ]),
        d.job("hy-new", "HY02", "HC", "祁东宏达粮油", "M02", S.NEW, [Step(hand(11), Verb.REPORT, hy)], source=Source.HQ_REFERRAL),
    ]  # fmt: skip


def _ended_otherwise(d: _Desk) -> list[JobPlan]:
    """End some without a trip: cancelled, merged into the first, refused by the technician and sent again, by phone today."""
    call, hand = dispatcher("CS01").key, d.ago
    first = d.job("merge-into", "CS01", "HC", "长沙和盛包装", "M05", S.CONTACTED, [Step(hand(130), Verb.REPORT, call)])
    twice = d.job("merged", "CS01", "HC", "长沙和盛包装", "M05", S.MERGED, [
        Step(hand(84), Verb.REPORT, call), Step(hand(80), Verb.MERGE, call, text=first.key),
    ], source=Source.WECHAT, like=first, reporter="小周", reported="机器低速过热,群里发过照片")  # fmt: skip
    cancelled = d.job("cancelled", "CS01", "HC", "株洲启明塑业", "M03", S.CANCELLED, [
        Step(d.day(1, "09:05"), Verb.REPORT, call), Step(d.day(1, "10:40"), Verb.CANCEL, call, text="客户自行解决"),
    ])  # fmt: skip
    declined = d.job("declined", "CS01", "LT", "衡阳东昌化工", "P03", S.ACCEPTED, [
        *d.sent("CS01", (HE,), 155, accepted=False),
        Step(hand(134), Verb.DECLINE, HE, text="下午已约湘潭金穗,赶不到衡阳"),
        Step(hand(120), Verb.DISPATCH, call, people=(XIE,)),
        Step(hand(112), Verb.ACCEPT, XIE),
    ])  # fmt: skip
    phone = d.job("by-phone", "CS01", "HC", "长沙和盛包装", "M09", S.REMOTE_DONE, [
        *d.sent_at("CS01", (XIE,), d.day(1, "08:50")), Step(d.day(1, "09:18"), Verb.SOLVE_BY_PHONE, XIE, text="电话指导把整定值调到额定电流"),
    ], slips=(slip_of(FAULT["M09"], d.random, reported="热继电器老跳,一天跳七八次", contact="黄师傅"),))  # fmt: skip
    return [_done_yesterday(d), _followed_up(d), first, twice, cancelled, declined, phone]


def _done_yesterday(d: _Desk) -> JobPlan:
    """Sign yesterday; nobody has called the customer yet."""
    customer, fault, left = named("CS01", "浏阳顺成烟花"), FAULT["M07"], d.day(1, "16:20")
    slip = slip_of(fault, d.random, reported=fault.reported[0], contact=customer.contact, rating=Rating.GOOD)
    steps = [
        *d.sent_at("CS01", (HE,), d.day(1, "10:05")),
        *d.there((HE,), customer, fault, d.day(1, "10:40"), left),
        *signing(slip, left, HE),
    ]
    return d.job("done", "CS01", "HC", customer.name, "M07", S.DONE, steps, slips=(slip,), reported=fault.reported[0])


def _followed_up(d: _Desk) -> JobPlan:
    """Call the customer two days after the work; the ticket closes by itself in some days."""
    customer, fault, left = named("CS01", "湘乡锦程铸锻"), FAULT["M01"], d.day(4, "14:10")
    slip = slip_of(fault, d.random, reported=fault.reported[1], contact=customer.contact, rating=Rating.VERY_GOOD)
    steps = [
        *d.sent_at("CS01", (CHEN,), d.day(4, "08:20")),
        *d.there((CHEN,), customer, fault, d.day(4, "08:50"), left),
        *signing(slip, left, CHEN),
        Step(
            d.day(2, "15:30"),
            Verb.FOLLOW_UP,
            dispatcher("CS01").key,
            text="声音没有了,已正常生产",
            result=FollowUpResult.SATISFIED,
        ),
    ]
    return d.job(
        "followed-up",
        "CS01",
        "HC",
        customer.name,
        "M01",
        S.FOLLOWED_UP,
        steps,
        slips=(slip,),
        reported=fault.reported[1],
    )
