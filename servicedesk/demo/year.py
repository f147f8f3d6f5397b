"""The closed work of the last twelve months: every fault at least once, in its season, with the planted cases."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from core.calendars import SHANGHAI
from servicedesk.demo.building import (
    OPINIONS,
    aftermath,
    by_phone,
    driving,
    minutes,
    photos_for,
    signing,
    slip_of,
    visit,
)
from servicedesk.demo.customers import CUSTOMERS, Customer, named, of
from servicedesk.demo.faults import FAULT, FAULTS, Fault, Season
from servicedesk.demo.june import is_quiet
from servicedesk.demo.machines import MachinePark
from servicedesk.demo.people import dispatcher, technicians
from servicedesk.demo.plan import JobPlan, SlipPlan, Step, Verb
from tickets.enums import Channel, FollowUpResult, PhotoSlot, Rating, SignatureKind, Source, TicketState, Urgency

#: how many closed jobs each dealer does for each maker, beside the fixture and the open ones
SHARES = (
    ("CS01", "HC", "M", 15), ("CS01", "LT", "P", 10), ("HF01", "HC", "M", 8), ("HF01", "JL", "C", 11), ("CD01", "LT", "P", 7),
    ("CD01", "HC", "M", 4), ("CD01", "PC", "R", 8), ("HY02", "HC", "M", 8),
)  # fmt: skip

#: industries where a fault is at home; others are taken where a dealer has none of them
AT_HOME = {
    "M02": ("粮食加工", "饲料", "面粉", "塑料"), "M04": ("矿山", "水泥"), "M08": ("矿山", "水泥", "冶金", "电力"),
    "M09": ("包装", "食品"), "P01": ("水务", "电力", "化工"), "P02": ("水务",), "P03": ("化工", "印染"),
    "P04": ("电力", "造纸", "冶金"), "P05": ("造纸", "化工", "水务"), "P06": ("电力", "印染"), "P07": ("水务", "食品"),
    "R02": ("食品", "印染"), "R04": ("水务",), "R05": ("食品",), "R01": ("冶金", "铸造"), "C01": ("塑料", "食品"),
    "C04": ("矿山", "水泥"), "C07": ("水泥", "面粉"),
}  # fmt: skip

#: how often a month is drawn, 1 where nothing is said
WEIGHTS: dict[Season, dict[int, int]] = {
    Season.EVEN: {},
    Season.BEARING: {7: 7, 8: 7},
    Season.PHASE_LOSS: {5: 7, 6: 6},
    Season.HEAT: {6: 2, 7: 9, 8: 4},
}
SOURCES = (
    (Source.PHONE,) * 62 + (Source.WECHAT,) * 22 + (Source.IN_PERSON,) * 4 + (Source.VISIT,) * 4 + (Source.QR,) * 8
)
FAR = 100  # km one way from which two people go for a heavy job
HEAVY = frozenset({"M04", "M08", "C07", "P04", "R04"})
TWO_TRIPS = frozenset({"M08", "C07", "R03", "M04"})  # the part has to come first


@dataclass
class Diary:
    """Who is busy when, so that nobody is in two places."""

    random: Random
    taken: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)

    def crew(self, dealer: str, begins: datetime, ends: datetime, size: int) -> tuple[str, ...]:
        """Take technicians who are free for the span; () when there are not enough."""
        free = [person.key for person in technicians(dealer) if self._is_free(person.key, begins, ends)]
        if len(free) < size:
            return ()
        crew = tuple(self.random.sample(free, size))
        for key in crew:
            self.taken.setdefault(key, []).append((begins, ends))
        return crew

    def note(self, job: JobPlan) -> None:
        """Write down a job that was planned elsewhere."""
        for step in job.steps:
            if step.verb is Verb.DISPATCH:
                for key in step.people:
                    self.taken.setdefault(key, []).append(
                        (step.at, job.steps[-1].at if len(job.steps) < 3 else _left(job))
                    )

    def _is_free(self, key: str, begins: datetime, ends: datetime) -> bool:
        return all(ends <= other_begins or other_ends <= begins for other_begins, other_ends in self.taken.get(key, ()))


def _left(job: JobPlan) -> datetime:
    return max(step.at for step in job.steps if step.verb not in (Verb.FOLLOW_UP, Verb.CLOSE))


def year(now: datetime, park: MachinePark, random: Random, diary: Diary) -> list[JobPlan]:
    """Plan the closed jobs of the year before `now`, oldest first."""
    jobs: list[JobPlan] = []
    firsts: set[str] = set()
    for dealer, maker, letter, count in SHARES:
        for at, fault in enumerate(_faults(letter, count, dealer, random)):
            job = _job(
                f"year/{dealer}-{maker}-{at + 1:02d}",
                now,
                dealer,
                maker,
                fault,
                fault.id not in firsts,
                park,
                random,
                diary,
            )
            firsts.add(fault.id)
            jobs.append(job)
    jobs = [truncated(job, now) for job in _with_planted(jobs, now, park, random, diary)]
    return sorted(jobs, key=lambda job: (job.reported_at, job.key))


def _faults(letter: str, count: int, dealer: str, random: Random) -> Iterable[Fault]:
    """Choose faults of a maker's kind: each once before any comes twice; the batch P02 belongs to the fixture's maker."""
    kind = [fault for fault in FAULTS if fault.id.startswith(letter) and fault.id != "P02"]
    random.shuffle(kind)
    # the two dealers with few jobs begin where the others end, so that the four together have all
    kind = kind[::-1] if dealer in ("HF01", "HY02") and letter == "M" else kind
    return [kind[at % len(kind)] for at in range(count)]


def _day(now: datetime, season: Season, dealer: str, random: Random) -> date:
    today = now.astimezone(SHANGHAI).date()
    days = [today - timedelta(days=back) for back in range(3, 365)]
    days = [day for day in days if not is_quiet(dealer, day)]
    weights = [WEIGHTS[season].get(day.month, 1) * (0.35 if day.weekday() == 6 else 1) for day in days]
    return random.choices(days, weights)[0]


def _hour(random: Random) -> timedelta:
    """Draw the time of a report: mostly working hours, early ones before a shift, one in twelve in the evening."""
    if random.random() < 1 / 12:
        return timedelta(hours=random.choice((20, 21, 22)), minutes=random.randint(0, 59))
    return timedelta(
        hours=random.choice((7, 8, 8, 8, 9, 9, 10, 10, 11, 13, 14, 14, 15, 16)), minutes=random.randint(0, 59)
    )


def _customer(dealer: str, fault: Fault, random: Random) -> Customer:
    customers = of(dealer)
    at_home = [customer for customer in customers if customer.industry in AT_HOME.get(fault.id, ())]
    return random.choice(at_home or customers)


def _job(  # the facts of a job
    key: str, now: datetime, dealer: str, maker: str, fault: Fault, is_first: bool, park: MachinePark, random: Random, diary: Diary,
) -> JobPlan:  # fmt: skip
    customer = _customer(dealer, fault, random)
    for _ in range(40):
        midnight = datetime.combine(_day(now, fault.season, dealer, random), datetime.min.time(), SHANGHAI)
        reported_at = midnight + _hour(random)
        steps, lead = _course(dealer, fault, customer, reported_at, random, diary)
        if steps and steps[-1].at + minutes(30) < now:  # a second trip may lie ahead
            break
    else:
        raise ValueError(f"nobody is free for {key}")
    machine = park.for_fault(customer, maker, fault, reported_at.date())
    return _closed(key, dealer, maker, customer, (machine.key,), fault, steps, lead, random, is_first=is_first)


def _closed(  # the facts of a job
    key: str, dealer: str, maker: str, customer: Customer, machines: tuple[str, ...], fault: Fault, steps: list[Step], lead: str,
    random: Random, *, is_first: bool, source: Source | None = None, rating: Rating | None = None,
    confirmation: SignatureKind | None = None, case: str = "",
) -> JobPlan:  # fmt: skip
    """Add slip, signature, call and closing to a course of steps that ends on site or on the phone."""
    reported = fault.reported[0] if is_first else random.choice(fault.reported)
    confirmation = confirmation or random.choice((SignatureKind.DRAWN,) * 14 + (SignatureKind.TYPED,))
    slip = slip_of(
        fault, random, reported=reported, contact=customer.contact, is_first=is_first, quantity=len(machines), rating=rating,
        confirmation=confirmation,
    )  # fmt: skip
    finished = steps[-1].at
    ending = [] if fault.is_remote else signing(slip, finished, lead)
    ending += aftermath(dealer, finished, random, lead, slip.rating)
    first = steps[0]
    source = source or (Source.WECHAT if any(step.verb is Verb.CONTACT for step in steps) else Source.PHONE)
    return JobPlan(
        key=key, dealer=dealer, maker=maker, customer=customer.name, machines=machines, source=source, urgency=fault.urgency,
        reporter=customer.contact, reporter_phone=customer.phone, fault=reported, steps=(first, *steps[1:], *ending),
        slips=(slip,), ends=TicketState.CLOSED, case=case,
    )  # fmt: skip


def _course(  # the facts of a job
    dealer: str, fault: Fault, customer: Customer, reported_at: datetime, random: Random, diary: Diary, *,
    late: timedelta = timedelta(0), source: Source | None = None,
) -> tuple[list[Step], str]:  # fmt: skip
    """Run a job from the report to the end of its last trip; ([], "") when nobody is free then."""
    desk = dispatcher(dealer).key
    source = source or random.choice(SOURCES)
    steps = [Step(reported_at, Verb.REPORT, desk)]
    spoken = reported_at
    if source not in (Source.PHONE, Source.IN_PERSON, Source.VISIT):
        spoken = reported_at + minutes(random.randint(4, 48))
        channel = Channel.WECHAT if source is Source.WECHAT and random.random() < 0.4 else Channel.PHONE
        steps.append(Step(spoken, Verb.CONTACT, desk, channel=channel, text="已与客户确认故障现象和地址"))
    if fault.is_remote:
        crew = diary.crew(dealer, spoken, spoken + minutes(30), 1)
        if not crew:
            return [], ""
        solved = spoken + minutes(random.randint(12, 35))
        return [*steps, *by_phone(spoken, solved, desk, crew[0], fault.solution)], crew[0]
    size = 2 if fault.id in HEAVY and (customer.km > FAR or random.random() < 0.5) and dealer != "CD01" else 1
    drive = driving(customer.km)
    dispatched = spoken + minutes(random.randint(6, 40))
    ready = dispatched + minutes(random.randint(15, 50)) + late
    is_late_in_day = (ready + drive).astimezone(SHANGHAI).hour >= 18  # the sample dealers' evening
    if is_late_in_day and fault.urgency is not Urgency.STOPPED and not late:
        agreed = (reported_at + timedelta(days=1)).replace(hour=random.choice((8, 9, 10)), minute=30)
        agreed = max(agreed, (dispatched + drive + minutes(40)).replace(second=0))
        steps.append(Step(dispatched - minutes(3), Verb.APPOINT, desk, when=agreed, text=customer.contact))
        ready = agreed - drive - minutes(random.randint(0, 12))
    stay = minutes(float(fault.hours) * random.uniform(46, 62) / (1.5 if size > 1 else 1) + 22)
    arrive = ready + drive
    first_leave = arrive + (minutes(70) if fault.id in TWO_TRIPS else stay)
    second = _second_trip(first_leave, drive, stay, random) if fault.id in TWO_TRIPS else None
    crew = diary.crew(dealer, dispatched, (second[2] if second else first_leave) + drive, size)
    if not crew:
        return [], ""
    steps += [
        Step(dispatched, Verb.DISPATCH, desk, people=crew),
        Step(dispatched + minutes(random.randint(3, 12)), Verb.ACCEPT, crew[0]),
    ]
    km, photos = Decimal(customer.km), photos_for(fault)
    if not second:
        return [*steps, *visit(crew=crew, set_out=ready, arrive=arrive, leave=first_leave, km=km, photos=photos)], crew[
            0
        ]
    on_first = tuple(slot for slot in photos if slot is not PhotoSlot.AFTER)
    steps += visit(crew=crew, set_out=ready, arrive=arrive, leave=first_leave, km=km, photos=on_first)
    steps.append(Step(first_leave + minutes(4), Verb.WAIT_PART, crew[0], text="已报厂家发件,预计2~3天到货"))
    set_out, again, leave = second
    steps += visit(crew=crew, set_out=set_out, arrive=again, leave=leave, km=km, photos=(PhotoSlot.AFTER,))
    return steps, crew[0]


def _second_trip(
    left: datetime, drive: timedelta, stay: timedelta, random: Random
) -> tuple[datetime, datetime, datetime]:
    arrive = (left + timedelta(days=random.randint(2, 4))).replace(
        hour=random.choice((9, 10)), minute=random.randint(0, 40)
    )
    return arrive - drive, arrive, arrive + stay


def truncated(job: JobPlan, now: datetime) -> JobPlan:
    """Leave out what would happen after `now`: the call and the closing of the youngest jobs."""
    done = tuple(step for step in job.steps if step.at < now)
    if len(done) == len(job.steps):
        return job
    ends = {
        Verb.FOLLOW_UP: TicketState.FOLLOWED_UP, Verb.SIGN: TicketState.DONE, Verb.REFUSE: TicketState.DONE,
        Verb.SOLVE_BY_PHONE: TicketState.REMOTE_DONE,
    }  # fmt: skip
    return replace(job, steps=done, ends=ends[done[-1].verb])


# --- the planted cases of domain.md 21.2 that belong to the main job ---------------------------------------------


def _with_planted(jobs: list[JobPlan], now: datetime, park: MachinePark, random: Random, diary: Diary) -> list[JobPlan]:
    plant = _Planting(now, park, random, diary)
    return [
        *jobs,
        *plant.batch(),
        plant.repeat(),
        plant.late(),
        plant.unhappy(),
        plant.refusal(),
        plant.voided(),
        plant.referred("CS01", "永州远山矿业", "M01", 58),
        plant.referred("CD01", "成都青羊印染", "M07", 44),
    ]


@dataclass
class _Planting:
    now: datetime
    park: MachinePark
    random: Random
    diary: Diary

    def _run(  # the facts of a job
        self, key: str, dealer: str, maker: str, name: str, fault_id: str, days_ago: float, *, hour: int = 9, case: str,
        late: timedelta = timedelta(0), source: Source | None = Source.PHONE, rating: Rating | None = Rating.GOOD,
        confirmation: SignatureKind = SignatureKind.DRAWN, machines: tuple[str, ...] = (),
    ) -> JobPlan:  # fmt: skip
        customer, fault = named(dealer, name), FAULT[fault_id]
        for shift in range(90):
            day = self.now.astimezone(SHANGHAI) - timedelta(days=days_ago + shift)
            reported_at = day.replace(hour=hour, minute=12, second=0, microsecond=0)
            if is_quiet(dealer, reported_at.date()):
                continue
            steps, lead = _course(
                dealer, fault, customer, reported_at, self.random, self.diary, late=late, source=source
            )
            if steps:
                break
        machines = machines or (self.park.for_fault(customer, maker, fault, reported_at.date()).key,)
        return _closed(
            key, dealer, maker, customer, machines, fault, steps, lead, self.random, is_first=False, source=source, rating=rating,
            confirmation=confirmation, case=case,
        )  # fmt: skip

    def _is_quiet_between(self, days_ago: int, span: int) -> bool:
        """Tell whether one of the days around a day so long ago belongs to the fixture's numbers."""
        today = self.now.astimezone(SHANGHAI).date()
        return any(is_quiet("CS01", today - timedelta(days=days_ago + shift)) for shift in range(-span, span + 1))

    def batch(self) -> list[JobPlan]:
        """Let three more pumps of the fixture's batch 2603B fail, 40 days and more before now but after the fixture."""
        jobs = []
        for at, (name, on) in enumerate(
            (
                ("长沙湖畔水务", date(2026, 7, 20)),
                ("长沙圭塘热力", date(2026, 8, 17)),
                ("益阳沧水纺织", date(2026, 9, 8)),
            )
        ):
            ago = (self.now.astimezone(SHANGHAI).date() - on).days
            if ago < 8:  # not yet
                continue
            machine = self.park.new(
                named("CS01", name), "SF", "WQ100-20-15", date(2026, 3, 22), batch="2603B", fault=FAULT["P02"]
            )
            jobs.append(
                self._run(
                    f"planted/batch-{at + 1}",
                    "CS01",
                    "SF",
                    name,
                    "P02",
                    ago,
                    case="批次 2603B",
                    machines=(machine.key,),
                )
            )
        return jobs

    def repeat(self) -> JobPlan:
        """Bring a bearing back after 41 days: the ticket opens again as 返修 and its second round has a slip of its own."""
        customer = named("CS01", "湘潭金穗米业")
        ago = next(
            days
            for days in (*range(72, 170), *range(71, 52, -1))
            if not self._is_quiet_between(days, 4) and not self._is_quiet_between(days - 41, 4)
        )
        job = self._run("planted/repeat", "CS01", "HC", customer.name, "M01", ago, case="41天返修", rating=Rating.GOOD)
        finished = next(step.at for step in job.steps if step.verb is Verb.LEAVE)
        again = (finished + timedelta(days=41)).replace(hour=8, minute=35)
        fault, desk = FAULT["M01"], dispatcher("CS01").key
        crew = self.diary.crew("CS01", again, again + timedelta(hours=8), 1) or (technicians("CS01")[0].key,)
        arrive = again + minutes(30) + driving(customer.km)
        leave = arrive + minutes(190)
        slip = slip_of(
            fault, self.random, reported="上次换的轴承又响了", contact=customer.contact, rating=Rating.FAIR, opinion="41天又坏,希望查清原因",
        )  # fmt: skip
        slip = replace(
            slip,
            diagnosis="前轴承6309再次剥落,轴承座81℃,振速7.9mm/s;润滑良好,对中合格",
            cause="同批轴承早期疲劳,疑似批次问题",
        )
        second = [
            Step(again, Verb.REOPEN, desk, text="客户来电:同一台电机前端轴承又响,距上次维修41天"),
            Step(again + minutes(12), Verb.DISPATCH, desk, people=crew),
            Step(again + minutes(18), Verb.ACCEPT, crew[0]),
            *visit(
                crew=crew,
                set_out=again + minutes(30),
                arrive=arrive,
                leave=leave,
                km=Decimal(customer.km),
                photos=photos_for(fault),
            ),
            *signing(slip, leave, crew[0], at=1),
            *aftermath("CS01", leave, self.random, crew[0], Rating.FAIR),
        ]
        first = [step for step in job.steps if step.at < again]
        return replace(job, steps=(*first, *second), slips=(*job.slips, slip))

    def late(self) -> JobPlan:
        """Arrive far too late: 12 h were promised outside the capital, it became more than fifteen."""
        job = self._run(
            "planted/late", "CS01", "HC", "永州远山矿业", "M04", 26, hour=6, late=timedelta(hours=13), case="迟到", rating=Rating.FAIR,
        )  # fmt: skip
        note = Step(
            job.steps[1].at + timedelta(hours=5),
            Verb.CALL,
            dispatcher("CS01").key,
            text="告知客户:技师在邵阳抢修未结束,预计晚上到",
        )
        return replace(job, steps=tuple(sorted((*job.steps, note), key=lambda step: step.at)))

    def unhappy(self) -> JobPlan:
        """Plant a customer who is 很不满意 and says why; the call afterwards confirms it."""
        job = self._run(
            "planted/unhappy", "CS01", "LT", "衡阳东昌化工", "P05", 33, case="很不满意", rating=Rating.VERY_BAD, source=Source.WECHAT,
        )  # fmt: skip
        slip = replace(job.slips[0], opinion=OPINIONS[Rating.VERY_BAD][0])
        closing = [step for step in job.steps if step.verb not in (Verb.FOLLOW_UP, Verb.CLOSE)]
        signed = closing[-1].at
        called = (signed + timedelta(days=1)).replace(hour=10, minute=15)
        desk = "CS01/周岚"
        closing += [
            Step(
                called,
                Verb.FOLLOW_UP,
                desk,
                text="客户仍不满意:停产两天,催了四次;老板已致歉,答应备一套机封",
                result=FollowUpResult.UNSATISFIED,
            ),
            Step(called + timedelta(days=7), Verb.CLOSE, desk),
        ]
        return replace(job, steps=tuple(closing), slips=(slip,))

    def refusal(self) -> JobPlan:
        """Plant a customer who will not sign, because he disputes the charge."""
        job = self._run(
            "planted/refusal", "HF01", "JL", "蚌埠淮上塑料", "C04", 19, case="拒签", rating=Rating.BAD, confirmation=SignatureKind.REFUSED,
        )  # fmt: skip
        slip = replace(job.slips[0], opinion="认为三滤应属保内,不同意收费", signer="")
        steps = tuple(replace(s, text="客户拒签,对费用有异议") if s.verb is Verb.REFUSE else s for s in job.steps)
        return replace(job, steps=steps, slips=(slip,))

    def voided(self) -> JobPlan:
        """Void a signed slip for a wrong machine number; the round gets a new one with a new number."""
        job = self._run("planted/void", "CS01", "HC", "株洲启明塑业", "M10", 47, case="作废重开")
        signed = next(at for at, step in enumerate(job.steps) if step.verb is Verb.SIGN)
        before, sign = job.steps[: signed + 1], job.steps[signed]
        lead = sign.by
        after = [
            Step(sign.at + minutes(55), Verb.VOID, "CS01/周岚", text="出厂编号抄错一位,客户要求重开"),
            Step(sign.at + minutes(70), Verb.COMPLETE, lead, slip=1),
            Step(sign.at + minutes(74), Verb.SIGN, lead, slip=1),
        ]
        return replace(job, steps=(*before, *after, *job.steps[signed + 1 :]), slips=(job.slips[0], job.slips[0]))

    def referred(self, dealer: str, name: str, fault_id: str, ago: int) -> JobPlan:
        """Refer a host machine's user to the dealer: bought in another province, unknown here, found by the maker's hotline."""
        return self._run(
            f"planted/referred-{dealer}", dealer, "HC", name, fault_id, ago, case="主机厂用户转派", source=Source.HQ_REFERRAL,
        )  # fmt: skip


def coverage(jobs: Iterable[JobPlan], is_wanted: Callable[[SlipPlan], bool] = lambda _: True) -> set[str]:
    """Collect the faults that a plan shows, for tests and the printed summary."""
    return {slip.fault for job in jobs for slip in job.slips if is_wanted(slip)}


assert {customer.dealer for customer in CUSTOMERS} == {dealer for dealer, *_ in SHARES}
