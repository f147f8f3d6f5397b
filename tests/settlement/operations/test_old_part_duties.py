"""Old parts that stay away or turn out to be others: reminders, holds, deductions, reversals (domain.md 10, 20)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError

from core import jobs, tick
from core.calendars import local_date
from core.models import Job as JobRow
from equipment.models import Part
from notices.models import Notice
from partners.enums import Role
from partners.operations import daily
from partners.queries import viewers
from settlement import tasks
from settlement.enums import OldPartCost, OldPartDuty
from settlement.models import OldPart, OldPartCharge, OldPartReminder
from settlement.operations import old_part_duties, old_parts, review_claims
from settlement.queries import claim_facts
from settlement.queries import old_part_duties as reading
from settlement.queries import old_parts as parts_reading
from tests import factories
from tests.people import act, sees
from tests.settlement.claims import Claiming
from tests.settlement.old_parts import BEARING, SEAL, Owed, keeper
from tickets.calculations.slip_input import PartInput

DAY = timedelta(days=1)
D = Decimal
BOUGHT = PartInput(
    code="BRG-6309", name="深沟球轴承", quantity=D(2), source="bought_genuine", unit_price=D("42.00"), return_old=True, supply_number="L1"
)  # fmt: skip


@pytest.fixture
def store(people):
    return keeper(people)


@pytest.fixture
def finance(people):
    return factories.viewer(factories.person(people.sf, Role.FINANCE, name="秦芳"))


@pytest.fixture
def prices(people):
    """The manufacturer's list prices."""
    with factories.writing():
        for code, price in (("BRG-6309", "42.00"), ("SEAL-M-35", "186.00")):
            Part.objects.create(manufacturer=people.sf, code=code, name=code, price=D(price))


def finished(owed):
    return owed.rows[0].replaced_on


def remind(people, day):
    nobody = viewers.of_organisation(people.cs01.pk)
    now = factories.NOW + (day - local_date(factories.NOW))
    return act(old_part_duties.remind_due, viewer=nobody, now=now)


def told(people, kind):
    names = {people.person(name).pk: name for name in ("admin", "dispatcher", "storekeeper", "accountant", "owner")}
    return sorted(names.get(row.person_id, "?") for row in factories.rows(Notice) if row.kind == kind)


def held(people, viewer, day):
    return act(reading.holds, viewer=viewer, dealer_id=people.cs01.pk, manufacturer_id=people.sf.pk, day=day)


def due(people, viewer, day):
    rows = act(reading.deductions, viewer=viewer, dealer_id=people.cs01.pk, manufacturer_id=people.sf.pk, day=day)
    return [(row.part.code, row.amount) for row in rows]


def take(people, viewer, day, statement="DZ-1"):
    taken = act(
        old_part_duties.take_charges, viewer=viewer, dealer_id=people.cs01.pk, manufacturer_id=people.sf.pk, day=day, statement=statement
    )  # fmt: skip
    return [(row.part.code, row.kind, row.amount) for row in taken]


def test_the_store_is_reminded_on_day_20_once(people):
    owed = Owed(people)
    day = finished(owed)
    assert [remind(people, day + age * DAY) for age in (19, 20, 20, 21, 30)] == [0, 2, 0, 0, 0]
    assert told(people, "old_parts_remind") == ["admin", "storekeeper"]
    (notice, _other) = [row for row in factories.rows(Notice) if row.kind == "old_parts_remind"]
    assert notice.params == {"n": 2, "number": owed.rows[0].number, "day": (day + 30 * DAY).isoformat()}
    assert notice.url == "/old-parts/?due=soon"


def test_what_costs_money_is_told_to_who_answers_for_it_each_step_once(people):
    owed = Owed(people, parts=(BEARING,))
    day = finished(owed)
    assert [remind(people, day + age * DAY) for age in (31, 31, 60, 61, 61, 90, 91, 92, 200)] == [
        1,
        0,
        0,
        1,
        0,
        0,
        1,
        0,
        0,
    ]
    for duty in ("hold", "deduct", "block"):
        assert told(people, f"old_parts_{duty}") == ["accountant", "admin", "owner", "storekeeper"], duty
    assert [row.duty for row in factories.rows(OldPartReminder, "id")] == ["hold", "deduct", "block"]


def test_who_was_asleep_is_told_the_present_duty_only(people):
    owed = Owed(people, parts=(BEARING,))
    assert remind(people, finished(owed) + 95 * DAY) == 1
    assert [row.duty for row in factories.rows(OldPartReminder)] == ["block"]


def test_what_has_left_or_need_not_go_is_not_reminded_of(people, store):
    owed = Owed(people)
    owed.do(old_parts.ask_exemption, people.storekeeper, 1, reason="太重")
    owed.do(old_parts.agree, people.reviewer, 1)
    owed.pack(0)
    assert remind(people, finished(owed) + 20 * DAY) == 1, "in the box, but here"
    owed.ship()
    assert remind(people, finished(owed) + 31 * DAY) == 0
    owed.receive(store)
    assert remind(people, finished(owed) + 95 * DAY) == 0


def test_more_time_is_reminded_of_anew(people):
    owed = Owed(people, parts=(BEARING,))
    day = finished(owed)
    assert remind(people, day + 20 * DAY) == 1
    owed.do(old_parts.ask_extension, people.storekeeper, until=day + 50 * DAY, reason="等同批")
    owed.do(old_parts.agree, people.reviewer)
    assert [remind(people, day + age * DAY) for age in (31, 39, 40)] == [0, 0, 1]


def test_of_a_manufacturer_who_is_not_here_only_the_reminder(people):
    maker = factories.maker("WX1", owner_dealer=people.cs01)
    factories.partnership(people.cs01, maker, listed=False)
    customer = factories.customer(people.cs01)
    machine = factories.machine(customer, maker, ex_factory_on=date(2026, 3, 6))
    desk, lead = people.fresh("dispatcher"), people.fresh("technician")
    owed = Owed(people, parts=(BEARING,), desk=desk, lead=lead, customer=customer, machines=[machine])
    day = finished(owed)
    assert [remind(people, day + age * DAY) for age in (20, 31, 61, 91)] == [1, 0, 0, 0]


def test_a_dealer_is_reminded_of_his_own_parts_only(people):
    owed = Owed(people, desk=people.stranger, lead=people.stranger_technician)
    assert remind(people, finished(owed) + 31 * DAY) == 0


def test_the_tick_plans_one_job_per_dealer_and_morning(people):
    for moment in (factories.NOW, factories.NOW + timedelta(minutes=1)):
        daily._planned.clear()  # another process each time
        assert tick.tick(moment)
    rows = factories.rows(JobRow, kind=tasks.REMIND_OLD_PARTS)
    assert {row.organisation_id for row in rows} == {people.cs01.pk, people.hf01.pk} and len(rows) == 2


def test_the_mornings_job_reminds(people):
    """Long ago, so that the worker's own clock finds it more than 90 days away."""
    owed = Owed(people, parts=(BEARING,))
    with factories.writing():
        OldPart._plain.update(due_on=date(2020, 1, 1))
        JobRow.objects.create(
            kind=tasks.REMIND_OLD_PARTS, organisation_id=people.cs01.pk, tier="dealer", run_at=factories.NOW, created_at=factories.NOW
        )  # fmt: skip
    jobs.drain()
    assert told(people, "old_parts_block") == ["accountant", "admin", "owner", "storekeeper"]
    assert [row.part_id for row in factories.rows(OldPartReminder)] == [owed.rows[0].pk]


def test_a_claim_is_held_from_day_31_until_its_part_left_or_was_deducted(people, finance, prices):
    owed = Owed(people, parts=(BEARING, SEAL))
    claiming = Claiming(people, owed.job)
    claiming.submit()
    day, key = finished(owed), claiming.row.pk
    assert [held(people, finance, day + age * DAY) for age in (30, 31, 61)] == [[], [key], [key]]
    assert held(people, people.accountant, day + 31 * DAY) == [key], "the dealer reads the same"
    owed.pack(0)
    owed.ship()
    assert held(people, finance, day + 31 * DAY) == [key], "the seal is still here"
    take(people, finance, day + 61 * DAY)
    assert held(people, finance, day + 62 * DAY) == []


def test_a_claim_without_old_parts_or_that_has_ended_is_not_held(people, finance):
    owed = Owed(people, parts=(BEARING,))
    claiming = Claiming(people, owed.job)
    claiming.submit()
    claiming.passed()
    claiming.do(review_claims.refuse, people.reviewer, cause="not_quality", reason="人为")
    assert held(people, finance, finished(owed) + 40 * DAY) == []


def test_after_day_60_the_part_is_deducted_once(people, finance, prices):
    owed = Owed(people, parts=(BEARING, SEAL))
    day = finished(owed)
    assert due(people, finance, day + 60 * DAY) == []
    want = [("BRG-6309", D("84.00")), ("SEAL-M-35", D("186.00"))]  # two bearings at 42.00
    assert due(people, finance, day + 61 * DAY) == want
    took = [(code, OldPartCost.DEDUCTION, amount) for code, amount in want]
    assert take(people, finance, day + 61 * DAY) == took
    assert (due(people, finance, day + 95 * DAY), take(people, finance, day + 95 * DAY)) == ([], [])
    rows = factories.rows(OldPartCharge, "id")
    assert [(row.taken_on, row.taken_by, row.shared_with_maker) for row in rows] == [(day + 61 * DAY, "DZ-1", True)] * 2
    assert sees(people.accountant, OldPartCharge) == rows
    assert sees(people.stranger_admin, OldPartCharge) == sees(people.other_office, OldPartCharge) == []


def test_the_database_lets_no_part_cost_twice(people, finance, prices):
    owed = Owed(people, parts=(BEARING,))
    take(people, finance, finished(owed) + 61 * DAY)
    (row,) = factories.rows(OldPartCharge)
    with pytest.raises(IntegrityError, match="old_part_costs_once"), factories.writing():
        OldPartCharge.objects.create(
            dealer_id=row.dealer_id, manufacturer_id=row.manufacturer_id, part=row.part, kind=OldPartCost.REVERSAL, amount=D(1),
            marked_on=row.marked_on,
        )  # fmt: skip


def test_without_list_price_a_part_costs_what_was_claimed_for_it_or_nothing(people, finance):
    owed = Owed(people, parts=(BOUGHT, SEAL))
    day = finished(owed) + 61 * DAY
    assert due(people, finance, day) == []
    claiming = Claiming(people, owed.job)
    claiming.submit()
    claimed = [amount for item, amount, _approved in claiming.lines() if item == "part"]
    assert due(people, finance, day) == [("BRG-6309", claimed[0])]


def test_what_was_not_in_its_box_stays_owed_and_what_is_on_its_way_does_not(people, store, finance, prices):
    owed = Owed(people, parts=(BEARING, SEAL))
    owed.pack()
    owed.ship()
    day = finished(owed) + 61 * DAY
    assert due(people, finance, day) == []
    owed.receive(store, 0)
    assert due(people, finance, day) == [("SEAL-M-35", D("186.00"))]


def approved(people, owed):
    claiming = Claiming(people, owed.job)
    claiming.submit()
    claiming.passed()
    claiming.approve()
    return claiming


@pytest.mark.parametrize("finding", ["not_quality", "mismatch", "not_genuine", "short"])
def test_an_appraisal_takes_back_what_was_approved_for_the_part(people, store, finance, finding):
    owed = Owed(people, parts=(BOUGHT,))
    claiming = approved(people, owed)
    amount = next(line[2] for line in claiming.lines() if line[0] == "part")
    assert amount == D("92.40"), "2 × 42.00 × 1.1"
    owed.arrived(store).appraise(store, finding=finding)
    (row,) = factories.rows(OldPartCharge)
    assert (row.kind, row.amount, row.because, row.taken_on) == (OldPartCost.REVERSAL, amount, finding, None)
    jobs.drain()
    assert told(people, "old_part_reversed") == ["accountant", "admin", "storekeeper"]
    waiting = act(reading.reversals, viewer=finance, dealer_id=people.cs01.pk, manufacturer_id=people.sf.pk)
    assert waiting == [row]
    assert take(people, finance, row.marked_on + DAY) == [("BRG-6309", OldPartCost.REVERSAL, amount)]
    assert act(reading.reversals, viewer=finance, dealer_id=people.cs01.pk, manufacturer_id=people.sf.pk) == []
    assert take(people, finance, row.marked_on + 2 * DAY) == []


@pytest.mark.parametrize("finding", ["quality", "undecided"])
def test_what_is_proved_or_cannot_be_decided_stands(people, store, finding):
    owed = Owed(people, parts=(BOUGHT,))
    approved(people, owed)
    owed.arrived(store).appraise(store, finding=finding)
    assert factories.rows(OldPartCharge) == []


def test_a_part_that_the_manufacturer_gave_costs_its_list_price(people, store, prices):
    owed = Owed(people, parts=(BEARING,))
    approved(people, owed)
    owed.arrived(store).appraise(store, finding="mismatch")
    assert [row.amount for row in factories.rows(OldPartCharge)] == [D("84.00")]


def test_before_an_approval_and_after_ninety_days_nothing_is_taken_back(people, store, prices):
    early = Owed(people, parts=(BEARING,))
    early.arrived(store).appraise(store, finding="mismatch")
    late = Owed(people, parts=(BEARING,), customer=early.job.customer)
    approved(people, late)
    late.arrived(store)
    act(
        old_parts.appraise, viewer=store, public_id=late.keys[0], expected_version=None, finding="mismatch", note="另一件",
        now=late.job.clock + 91 * DAY,
    )  # fmt: skip
    assert factories.rows(OldPartCharge) == []


def test_a_part_of_a_ticket_that_nobody_has_shared_is_appraised_without_its_slip(people):
    owed = Owed(people, parts=(BEARING,), desk=people.stranger, lead=people.stranger_technician)
    other = factories.viewer(factories.person(people.hc, Role.PARTS_STORE))
    owed.pack(by=people.stranger)
    owed.ship(by=people.stranger)
    owed.receive(other)
    owed.appraise(other, finding="mismatch")
    assert (owed.states, factories.rows(OldPartCharge)) == (["mismatch"], [])


def test_a_missing_part_that_turns_up_is_not_reversed_any_more(people, store, prices):
    owed = Owed(people, parts=(BEARING,))
    approved(people, owed)
    owed.arrived(store).appraise(store, finding="short", note="只有一只")
    assert len(factories.rows(OldPartCharge)) == 1
    owed.do(old_parts.find, store)
    assert factories.rows(OldPartCharge) == []


def test_what_was_deducted_is_not_reversed_as_well(people, store, finance, prices):
    owed = Owed(people, parts=(BEARING,))
    approved(people, owed)
    take(people, finance, finished(owed) + 61 * DAY)
    owed.arrived(store).appraise(store, finding="mismatch")
    assert [row.kind for row in factories.rows(OldPartCharge)] == [OldPartCost.DEDUCTION]


def test_the_check_of_new_claims_counts_from_completion(people, finance):
    owed = Owed(people, parts=(BEARING,))
    claiming = Claiming(people, owed.job)
    facts = act(claim_facts._dealer, viewer=people.accountant, claim=claiming.row, trusted=frozenset())
    assert facts.unreturned_since == finished(owed)
    owed.pack()
    owed.ship()
    assert (
        act(claim_facts._dealer, viewer=people.accountant, claim=claiming.row, trusted=frozenset()).unreturned_since
        is None
    )


def test_the_word_for_how_late_a_part_is(people):
    owed = Owed(people, parts=(BEARING,))
    part, day = owed.rows[0], finished(owed)
    labels = [parts_reading.row(people.storekeeper, part, {}, day + age * DAY).late_label for age in (30, 31, 61, 91)]
    assert labels == ["", *(str(OldPartDuty(duty).label) for duty in ("hold", "deduct", "block"))]
