"""The sample work as a plan: complete, in order of time, the same every time (domain.md 15.2, 21)."""

import itertools
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from core import districts
from core.calendars import SHANGHAI
from servicedesk.demo.customers import CUSTOMERS
from servicedesk.demo.faults import FAULT, FAULTS
from servicedesk.demo.organisations import DEALERS, MAKERS, OFFICES, PARTNERSHIPS
from servicedesk.demo.people import BY_KEY, PEOPLE
from servicedesk.demo.plan import JobPlan, Plan, Verb
from servicedesk.demo.products import MODEL, PART
from servicedesk.demo.schedule import plan
from tickets.enums import SignatureKind, TicketState, WarrantyTick

NOW = datetime(2026, 11, 30, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def whole() -> Plan:
    return plan(NOW)


def case(whole: Plan, words: str) -> list[JobPlan]:
    return [job for job in whole.jobs if words in job.case]


def test_the_same_day_gives_the_same_plan_and_another_day_another(whole: Plan) -> None:
    assert plan(NOW) == whole
    assert plan(NOW - timedelta(days=1)) != whole


def test_volumes_are_those_of_the_handbook(whole: Plan) -> None:
    assert (len(MAKERS), len(OFFICES), len(DEALERS), len(PEOPLE)) == (5, 4, 4, 60)
    assert len(whole.machines) == 160
    assert 115 <= len(whole.jobs) <= 135
    assert 90 <= sum(len(job.slips) for job in whole.jobs) <= 115


def test_every_phone_number_is_of_the_invented_range_and_every_company_carries_the_mark() -> None:
    assert [person.phone for person in PEOPLE] == [f"199{n:08d}" for n in range(1, 61)]
    assert all(customer.phone.startswith("199000") for customer in CUSTOMERS)
    assert all("(示例)" in who.name for who in (*MAKERS, *OFFICES, *DEALERS))
    assert all(customer.full_name.endswith("(示例)") for customer in CUSTOMERS)


@pytest.mark.parametrize("customer", CUSTOMERS, ids=lambda customer: customer.name)
def test_every_address_exists(customer) -> None:  # type: ignore[no-untyped-def]
    found = districts.find(customer.province + customer.city + customer.district + customer.street)
    assert (found.province, found.city, found.district) == (customer.province, customer.city, customer.district)


def test_the_thirty_faults_name_parts_that_the_maker_lists() -> None:
    assert len(FAULTS) == 30
    makers = {"M": "HC", "P": "LT", "C": "JL", "R": "PC"}
    for fault in FAULTS:
        maker = makers[fault.id[0]]
        assert (maker, fault.model) in MODEL
        assert all(maker in PART[code].makers for code, _ in fault.parts), fault.id


def test_every_fault_happens(whole: Plan) -> None:
    assert {slip.fault for job in whole.jobs for slip in job.slips} == set(FAULT)


def test_steps_are_in_order_and_none_lies_in_the_future(whole: Plan) -> None:
    for job in whole.jobs:
        moments = [step.at for step in job.steps]
        assert moments == sorted(moments), job.key
        assert moments[-1] <= NOW, job.key
        assert job.steps[0].verb is Verb.REPORT


def test_nobody_works_for_another_dealer_or_is_in_two_places(whole: Plan) -> None:
    stays: dict[str, list[tuple[datetime, datetime, str]]] = {}
    for job in whole.jobs:
        crew: tuple[str, ...] = ()
        arrived = None
        for step in job.steps:
            if step.verb not in (Verb.PROPOSE_GOODWILL, Verb.GRANT_GOODWILL):  # the office's and HQ's
                assert BY_KEY[step.by].organisation == job.dealer
            if step.verb is Verb.DISPATCH:
                crew = step.people
            elif step.verb is Verb.ARRIVE:
                arrived = step.at
            elif step.verb is Verb.LEAVE and arrived:
                for key in crew:
                    stays.setdefault(key, []).append((arrived, step.at, job.key))
    for found in stays.values():
        found.sort()
        for earlier, later in itertools.pairwise(found):
            assert earlier[1] <= later[0], (earlier, later)


def test_a_dealer_works_only_for_its_makers_and_its_own_customers(whole: Plan) -> None:
    partnerships = {(partnership.dealer, partnership.maker) for partnership in PARTNERSHIPS}
    customers = {(customer.dealer, customer.name) for customer in CUSTOMERS}
    machines = {machine.key: machine for machine in whole.machines}
    for job in whole.jobs:
        assert (job.dealer, job.maker) in partnerships
        assert (job.dealer, job.customer) in customers
        for key in job.machines:
            assert (machines[key].dealer, machines[key].maker, machines[key].customer) == (
                job.dealer,
                job.maker,
                job.customer,
            )


def test_serial_numbers_are_unique_and_a_few_are_missing(whole: Plan) -> None:
    numbers = Counter(machine.serial_number for machine in whole.machines)
    assert 1 <= numbers.pop("") <= 15
    assert set(numbers.values()) == {1}
    assert sum(machine.batch == "2603B" and machine.maker == "SF" for machine in whole.machines) == 5


JUNE = (
    # No., customer, model, machines, t0, finished, tick
    (3, "宁乡恒泰饲料", "YE3-160M-4", 1, "06-02 08:40", "06-02 15:20", "yes"),
    (9, "永州远山矿业", "DG46-50×8", 1, "06-11 06:50", "06-12 16:00", "yes"),
    (11, "株洲启明塑业", "YE3-132S-4", 1, "06-13 10:05", "06-13 17:40", "yes"),
    (14, "湘潭金穗米业", "YE3-180L-6", 1, "06-16 09:20", "06-17 15:00", "yes"),
    (17, "长沙湖畔水务", "WQ100-20-15", 2, "06-18 20:10", "06-19 11:30", "yes"),
    (19, "浏阳顺成烟花", "YVF2-112M-4", 1, "06-22 14:00", "06-22 18:10", "yes"),
    (20, "长沙和盛包装", "YE3-90L-4", 1, "06-24 11:15", "06-24 11:40", "yes"),
    (21, "衡阳东昌化工", "IH65-50-160", 1, "06-25 08:00", "06-25 19:20", "no"),
)


def finished(job: JobPlan) -> datetime:
    return max(step.at for step in job.steps if step.verb in (Verb.LEAVE, Verb.SOLVE_BY_PHONE))


@pytest.mark.parametrize("row", JUNE, ids=lambda row: str(row[0]))
def test_the_worked_month_has_its_numbers_and_moments(whole: Plan, row) -> None:  # type: ignore[no-untyped-def]
    number, customer, model, machines, t0, done, tick = row
    job = next(job for job in whole.jobs if job.case == f"15.2 No. {number}")
    assert (job.dealer, job.maker, job.customer, len(job.machines)) == ("CS01", "SF", customer, machines)
    assert [f"{at:%m-%d %H:%M}" for at in (job.reported_at, finished(job))] == [t0, done]
    assert job.slips[0].number == f"FW-CS01-202606-{number:04d}"
    assert job.slips[0].in_warranty == WarrantyTick(tick)
    assert f"/{model}/" in job.machines[0]


@pytest.mark.parametrize("days", [0, 30, 61, 80, 100, 120, 140, 145, 148, 152, -100, -200])
def test_the_numbers_of_june_follow_from_the_order_of_completing(days: int) -> None:
    whole = plan(NOW - timedelta(days=days))
    done = sorted(
        (step.at, job.slips[step.slip].number)
        for job in whole.jobs
        for step in job.steps
        if job.dealer == "CS01"
        and step.verb in (Verb.COMPLETE, Verb.SOLVE_BY_PHONE)
        and f"{finished(job):%Y%m}" == "202606"
    )
    assert [number for _, number in done][:21] == [f"FW-CS01-202606-{n:04d}" for n in range(1, 22)]
    assert not any(number for _, number in done[21:])


def test_the_charged_job_of_june_costs_540(whole: Plan) -> None:
    slip = case(whole, "15.2 No. 21")[0].slips[0]
    assert slip.parts_fee + slip.labour_fee == Decimal("540.00")


def test_every_state_has_a_ticket_at_the_first_dealer(whole: Plan) -> None:
    # 已改派 is the end of a referral: its sample is made with the referrals (servicedesk/demo/support.py)
    assert {job.ends for job in whole.jobs if job.dealer == "CS01"} == set(TicketState) - {TicketState.TRANSFERRED}


def test_the_planted_cases_are_there(whole: Plan) -> None:
    repeat = case(whole, "41天返修")[0]
    left = [step.at for step in repeat.steps if step.verb is Verb.LEAVE]
    reopened = next(step.at for step in repeat.steps if step.verb is Verb.REOPEN)
    assert (reopened.date() - left[0].date()).days == 41 and len(repeat.slips) == 2
    late = case(whole, "迟到")[0]
    assert next(step.at for step in late.steps if step.verb is Verb.ARRIVE) - late.reported_at > timedelta(hours=12)
    assert case(whole, "很不满意")[0].slips[0].opinion
    assert case(whole, "拒签")[0].slips[0].confirmation is SignatureKind.REFUSED
    assert [step.verb for step in case(whole, "作废重开")[0].steps].count(Verb.COMPLETE) == 2
    assert len(case(whole, "批次 2603B")) == 3
    assert len(case(whole, "暂停")) == 2
    assert len(case(whole, "主机厂用户转派")) == 3


def test_bearings_fail_in_summer_phases_are_lost_before_and_compressors_overheat_in_july() -> None:
    months: dict[str, Counter[int]] = {}
    for back in range(12):
        for job in plan(NOW - timedelta(days=back)).jobs:
            if job.key.startswith(("year/", "june/")):
                season = FAULT[job.slips[0].fault].season
                months.setdefault(season, Counter())[job.reported_at.month] += 1
    assert {month for month, _ in months["bearing"].most_common(2)} == {7, 8}
    assert {month for month, _ in months["phase_loss"].most_common(2)} == {5, 6}
    assert months["heat"].most_common(1)[0][0] == 7


@pytest.mark.parametrize("day", ["2026-07-01", "2027-02-28", "2027-09-15", "2028-02-29", "2026-03-10", "2026-11-24"])
@pytest.mark.parametrize("hour", [0, 10, 23])
def test_any_day_can_be_planned(day: str, hour: int) -> None:
    now = datetime.fromisoformat(day).replace(hour=hour, minute=59, tzinfo=SHANGHAI)
    whole = plan(now)
    assert len(whole.machines) >= 150
    assert all(step.at <= now for job in whole.jobs for step in job.steps)
    assert any(job.case.startswith("15.2") for job in whole.jobs) == (now.date().isoformat() > "2026-06-30")
