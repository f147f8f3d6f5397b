"""W1–W10 of domain.md 4.6 through the product's own operations, and where a ticket's warranty is judged anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from core import jobs
from equipment.calculations.policy_input import RuleFacts
from equipment.models import RegisterMachine, Shipment
from equipment.operations.machines import MachineFacts, change_machine
from tests import factories
from tests.people import act, refused
from tests.tickets.driver import Job, picture
from tests.tickets.facts import kinds_told
from tests.warranty import force, next_draft, policy
from tickets.calculations.slip_input import MachineInput
from tickets.enums import PhotoSlot, Responsibility, TicketState, Treatment
from tickets.explain import warranty as words
from tickets.models import Slip, Ticket
from tickets.operations import judge, prove, warranty_requests
from tickets.operations.complete_slip import Incomplete
from tickets.queries import warranty


def at(year, month, day, hour=2):
    """Ten o'clock in China on that day."""
    return datetime(year, month, day, hour, tzinfo=UTC)


def machine(people, **dates):
    return factories.machine(factories.customer(people.cs01), people.sf, **dates)


def reported(people, day, on=None, **dates):
    """A job about a machine with these dates, reported on a day."""
    found = on or machine(people, **dates)
    customer = factories.rows(type(found.customer), id=found.customer_id)[0]
    return Job(people, customer=customer, machines=[found], at=at(*day))


def sentence(row, language="en"):
    with translation.override(language):
        return words.short(warranty.judgements(row))


W1 = {"accepted_on": date(2025, 3, 12), "ex_factory_on": date(2025, 1, 31)}


@pytest.fixture
def handbook(people):
    """The policy of W1–W10, in force at maker SF."""
    return policy(people.hq_admin)


def test_w1_the_anniversary_is_the_last_day(people, handbook):
    job = reported(people, (2026, 3, 12), **W1).to(TicketState.WAIT_SIGN)
    assert (job.ticket.warranty, job.slip.warranty) == ("in", "in")
    assert sentence(job.slip) == "Accepted 2025-03-12, 12 months, until 2026-03-12 (included)"
    assert sentence(job.slip, "zh-hans") == "验收 2025-03-12 起 12 个月,至 2026-03-12(含)"
    assert job.ticket.judgement[0]["policy"] == handbook.public_id


def test_w2_a_day_later_it_is_over_and_goodwill_is_possible(people, handbook):
    job = reported(people, (2026, 3, 13), **W1)
    assert job.ticket.warranty == "out_over"
    assert (job.ticket.judgement[0]["over"], job.ticket.judgement[0]["goodwill"]) == (1, True)
    assert warranty_requests.goodwill_possible(job.ticket)


def test_w3_days_in_repair_extend_the_period(people, handbook):
    found = machine(people, **W1)
    first = reported(people, (2025, 11, 3), found)
    first.clock = at(2025, 11, 12)
    with factories.writing():
        Ticket._plain.filter(public_id=first.key).update(urgency="stopped")
    first.to(TicketState.DONE)
    job = reported(people, (2026, 3, 13), found)
    kept = job.ticket.judgement[0]
    assert (job.ticket.warranty, kept["end"]) == ("in", "2026-03-21")
    assert "9 days in repair added" in sentence(job.ticket)


def test_a_machine_that_went_on_running_gets_no_days(people, handbook):
    found = machine(people, **W1)
    first = reported(people, (2025, 11, 3), found)
    first.clock = at(2025, 11, 12)
    first.to(TicketState.DONE)
    assert reported(people, (2026, 3, 13), found).ticket.warranty == "out_over"


def test_w4_ex_factory_alone_has_grace_and_clamps_to_the_months_end(people, handbook):
    job = reported(people, (2026, 2, 28), ex_factory_on=date(2024, 8, 31))
    assert (job.ticket.warranty, job.ticket.judgement[0]["end"]) == ("in", "2026-02-28")
    assert reported(people, (2026, 3, 1), ex_factory_on=date(2024, 8, 31)).ticket.warranty == "out_over"


def test_w5_the_cap_comes_first_and_another_start_can_be_granted(people, handbook):
    job = reported(people, (2026, 6, 10), accepted_on=date(2025, 9, 1), ex_factory_on=date(2024, 5, 20))
    assert (job.ticket.warranty, job.ticket.judgement[0]["end"]) == ("out_over", "2025-11-20")
    assert "capped at 18 months from Ex factory 2024-05-20" in sentence(job.ticket)
    key = factories.again(job.machines[0]).public_id
    asking = {
        "public_id": job.key, "machine": key, "start_on": date(2025, 8, 20), "reason": "在经销商仓库存放", "now": job.tick(),
    }  # fmt: skip
    with refused("shipping_proof_missing", field="machine"):
        act(warranty_requests.ask_start, viewer=people.dispatcher, **asking)
    add_proof(people, job, "shipped", date(2025, 8, 20))
    asked = act(warranty_requests.ask_start, viewer=people.dispatcher, **asking)
    act(
        warranty_requests.answer_request, viewer=people.reviewer, public_id=asked.public_id, granted=True, answer="凭证齐全",
        expected_version=asked.version, now=job.tick(),
    )  # fmt: skip
    assert (job.ticket.warranty, job.ticket.judgement[0]["end"]) == ("in", "2026-08-20")


def test_w6_the_hour_meter_ends_it(people, handbook):
    job = reported(people, (2026, 6, 1), accepted_on=date(2025, 6, 20), running_hours=Decimal(3140))
    assert (job.ticket.warranty, job.ticket.judgement[0]["time"]) == ("out_over", "over_hours")
    assert "the meter shows 3,140 h, the limit is 3,000 h" in sentence(job.ticket)


def test_w7_a_cause_of_the_users_is_no_warranty(people, handbook):
    job = reported(people, (2026, 4, 30), accepted_on=date(2025, 5, 18)).to(TicketState.IN_WORK)
    assert job.ticket.warranty == "in"
    fault = job.fault_input(responsibility=Responsibility.OPERATION, fault_part="绕组", cause="供电缺相运行")
    job.save(faults=[fault], in_warranty="no")
    assert (job.slip.warranty, job.ticket.warranty) == ("out_cause", "out_cause")
    assert "cause: use and operation" in sentence(job.slip)


def test_w8_a_wearing_part_has_its_own_shorter_period(people, handbook):
    job = reported(people, (2026, 2, 1), accepted_on=date(2025, 9, 1)).to(TicketState.IN_WORK)
    assert job.ticket.warranty == "in"
    job.save(faults=[job.fault_input(fault_part="机封")])
    assert (job.slip.warranty, job.slip.judgement[0]["end"]) == ("out_over", "2025-12-01")
    assert "机封 has 3 months" in sentence(job.slip)


def test_w9_the_same_part_again_is_the_dealers_own_rework(people, handbook):
    found = machine(people, **W1)
    first = reported(people, (2026, 2, 20), found).to(TicketState.DONE)
    assert first.slip.warranty == "in"
    again = reported(people, (2026, 4, 2), found).to(TicketState.IN_WORK)
    assert again.ticket.warranty == "out_over"  # nobody knows yet what it is
    again.save()
    assert again.slip.warranty == "rework"
    assert "the same part was repaired on 2026-02-20, 41 days before" in sentence(again.slip)
    again.save(faults=[again.fault_input(fault_part="绕组")])
    assert again.slip.warranty == "out_over"


def test_w10_a_nameplate_that_contradicts_the_records_has_to_be_verified(people, handbook):
    job = reported(people, (2026, 3, 1), ex_factory_on=date(2025, 2, 10)).to(TicketState.IN_WORK)
    plate = MachineInput(job.on_ticket[0].id, "2603B9999", date(2023, 2, 10))
    job.save(machines=[plate])
    assert job.slip.warranty == "to_verify"
    assert sentence(job.slip).startswith(
        "The ex-factory date on the nameplate, 2023-02-10, differs from the records (2025-02-10)"
    )


def test_of_the_register_a_dealer_learns_the_dates_by_the_exact_number(people, handbook):
    with factories.writing():
        row = RegisterMachine.objects.create(
            manufacturer=people.sf, serial_number="2402A0001", model="YE3-160M-4", ex_factory_on=date(2024, 2, 1)
        )
        Shipment.objects.create(manufacturer=people.sf, machine=row, dealer=people.hf01, shipped_on=date(2024, 2, 5))
    job = reported(people, (2025, 6, 1), serial_number="2402A0001")
    facts = job.ticket.judgement[0]["facts"]
    assert (facts["dates"], facts["register"]) == ({"ex_factory": "2024-02-01"}, True)  # not where it was shipped
    assert reported(people, (2025, 6, 1), serial_number="2402A0002").ticket.judgement[0]["facts"]["dates"] == {}


def test_repairs_of_another_dealer_count_once_they_are_shared_and_name_nobody(people, handbook):
    factories.partnership(people.hf01, people.sf, sharing="full", office=people.sf_hn)
    theirs = factories.machine(factories.customer(people.hf01), people.sf, serial_number="X1", **W1)
    desk, lead = people.fresh("stranger"), people.fresh("stranger_technician")
    customer = factories.rows(type(theirs.customer), id=theirs.customer_id)[0]
    desk = replace(desk, roles=desk.roles | {"dispatcher"})
    first = Job(people, desk=desk, lead=lead, customer=customer, machines=[theirs], at=at(2026, 2, 20))
    first.to(TicketState.DONE)
    mine = reported(people, (2026, 3, 2), machine(people, serial_number="X1", **W1)).to(TicketState.IN_WORK)
    mine.save()
    repairs = mine.slip.judgement[0]["facts"]["repairs"]
    assert repairs == [["2026-02-20", "2026-02-20", False, "轴承", "异响", True, False]]
    other = reported(people, (2026, 3, 2), machine(people, serial_number="X2", **W1))
    assert other.ticket.judgement[0]["facts"]["repairs"] == []


# ── evidence ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def add_proof(people, job, kind, day=None, hours=None, by=None):
    key = factories.again(job.machines[0]).public_id
    proof = prove.Proof(
        machine=key, kind=kind, day=day, hours=hours, photo=picture(kind), op=f"proof-{kind}-{job.key}"[:40]
    )
    return act(prove.prove, viewer=by or people.dispatcher, public_id=job.key, proof=proof, now=job.tick())


def test_missing_evidence_holds_it_until_it_is_there(people):
    policy(people.hq_admin, start_rules=(RuleFacts("acceptance", 12, ("acceptance", "nameplate")),))
    job = reported(people, (2026, 3, 12), **W1).to(TicketState.IN_WORK)
    assert (job.ticket.warranty, job.ticket.judgement[0]["missing"]) == ("evidence", ["acceptance", "nameplate"])
    add_proof(people, job, "acceptance", date(2025, 3, 12), by=people.technician)
    assert job.ticket.judgement[0]["missing"] == ["nameplate"]
    job.photo(PhotoSlot.NAMEPLATE)
    job.save()
    assert (job.slip.warranty, job.ticket.warranty) == ("in", "in")


def test_a_proved_date_comes_before_what_was_typed(people, handbook):
    job = reported(people, (2026, 3, 13), **W1)
    assert job.ticket.warranty == "out_over"
    made = add_proof(people, job, "acceptance", date(2025, 3, 20))
    assert (job.ticket.warranty, job.last.verb) == ("in", "judged")
    act(prove.withdraw_proof, viewer=people.dispatcher, public_id=made.public_id, now=job.tick())
    assert job.ticket.warranty == "out_over"


def test_the_meter_on_a_photo_comes_before_the_file(people, handbook):
    job = reported(people, (2026, 6, 1), accepted_on=date(2025, 6, 20), running_hours=Decimal(100))
    add_proof(people, job, "meter", hours=Decimal(3140))
    assert job.ticket.judgement[0]["time"] == "over_hours"


@pytest.mark.parametrize(
    ("kind", "day", "hours", "code"),
    [
        ("acceptance", None, None, "day_missing"),
        ("acceptance", date(2027, 1, 1), None, "in_future"),
        ("meter", None, None, "hours_missing"),
        ("gossip", date(2025, 1, 1), None, "choice_unknown"),
    ],
)
def test_a_proof_says_what_it_proves(people, kind, day, hours, code):
    job = reported(people, (2026, 3, 12), **W1)
    with refused(code):
        add_proof(people, job, kind, day, hours)


# ── when it is judged anew ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_corrected_file_changes_open_tickets_until_the_slip_is_handed_in(people, handbook):
    job = reported(people, (2026, 3, 13), **W1)
    correct(people, job.machines[0], accepted_on=date(2025, 4, 1))
    assert job.ticket.warranty == "in"
    job.to(TicketState.WAIT_SIGN)
    correct(people, job.machines[0], accepted_on=date(2025, 3, 1))
    assert (job.ticket.warranty, job.slip.warranty) == ("in", "in")


def test_a_corrected_ex_factory_date_is_no_contradiction(people, handbook):
    job = reported(people, (2026, 3, 1), ex_factory_on=date(2025, 2, 10))
    correct(people, job.machines[0], ex_factory_on=date(2025, 1, 10))
    assert (job.ticket.warranty, job.on_ticket[0].ex_factory_on) == ("in", date(2025, 1, 10))


def correct(people, row, **changes):
    row = factories.again(row)
    names = [name for name in MachineFacts.__dataclass_fields__ if hasattr(row, name)]
    facts = MachineFacts(**{name: getattr(row, name) for name in names} | changes)
    act(
        change_machine, viewer=people.dispatcher, public_id=row.public_id, facts=facts, expected_version=row.version,
        now=factories.NOW,
    )  # fmt: skip


def test_a_policy_that_comes_later_counts_when_it_is_asked_again(people):
    job = reported(people, (2026, 3, 12), **W1)
    assert job.ticket.warranty == "undecided"
    policy(people.hq_admin)
    assert job.ticket.warranty == "undecided"
    act(judge.judge_again, viewer=people.dispatcher, public_id=job.key, now=job.tick())
    assert (job.ticket.warranty, job.last.facts) == ("in", {"was": "undecided", "warranty": "in"})


def test_the_version_of_the_day_of_the_report_counts(people, handbook):
    force(
        people.hq_admin,
        next_draft(people.hq_admin, handbook, valid_from=date(2026, 3, 10), start_rules=(RuleFacts("acceptance", 6),)),
    )
    assert reported(people, (2026, 3, 9), **W1).ticket.warranty == "in"
    assert reported(people, (2026, 3, 10), **W1).ticket.warranty == "out_over"


def test_what_stands_on_a_signed_slip_is_frozen(people, handbook):
    job = reported(people, (2026, 3, 12), **W1).to(TicketState.DONE)
    with pytest.raises(Exception, match="frozen"), factories.writing():
        Slip._plain.filter(pk=job.slip.pk).update(warranty="out_over")
    before = job.slip.judgement
    policy(people.hq_admin, scope={"model": "YE3-160M-4"}, start_rules=(RuleFacts("acceptance", 1),))
    assert job.slip.judgement == before


def test_each_fault_line_is_judged_by_itself(people, handbook):
    job = reported(people, (2026, 3, 12), **W1).to(TicketState.IN_WORK)
    wear = job.fault_input(responsibility=Responsibility.WEAR, fault_part="风扇", treatment=Treatment.ADJUST)
    job.save(faults=[job.fault_input(), wear])
    assert [row["outcome"] for row in job.slip.judgement] == ["in", "out_cause"]
    assert job.slip.warranty == "out_cause"


def test_an_autosave_that_changes_no_fact_asks_nothing_anew(people, handbook):
    job = reported(people, (2026, 3, 12), **W1).to(TicketState.IN_WORK)
    job.save()
    with factories.writing():
        Slip._plain.filter(pk=job.slip.pk).update(warranty="evidence")
    job.save(other_service="顺检其他设备")
    assert job.slip.warranty == "evidence"
    job.save(faults=[job.fault_input(fault_part="绕组")])
    assert job.slip.warranty == "in"


# ── the tick against the computed result ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_tick_against_the_computed_result_needs_a_reason(people, handbook):
    job = reported(people, (2026, 3, 13), **W1).to(TicketState.IN_WORK)
    job.photograph()
    job.leave()
    with pytest.raises(Incomplete) as refusal:
        job.complete(in_warranty="yes")
    assert [(p.field, p.code) for p in refusal.value.problems] == [("warranty_reason", "warranty_reason_missing")]
    job.complete(in_warranty="yes", warranty_reason="厂家电话同意按保内处理")
    assert (job.slip.in_warranty, job.slip.warranty, job.slip.warranty_reason) == (
        "yes",
        "out_over",
        "厂家电话同意按保内处理",
    )
    was = job.slip.content_hash
    job.sign()
    assert was != job.slip.content_hash


@pytest.mark.parametrize("tick", ["no", "open"])
def test_the_computed_tick_and_none_need_no_reason(people, handbook, tick):
    job = reported(people, (2026, 3, 13), **W1).to(TicketState.IN_WORK)
    job.photograph()
    job.leave()
    job.complete(in_warranty=tick)
    assert job.state == TicketState.WAIT_SIGN


def test_a_slip_signed_without_a_line_is_taken_without_the_reason(people, handbook):
    job = reported(people, (2026, 3, 13), **W1).to(TicketState.IN_WORK)
    job.photograph()
    job.open_slip()
    done = job.hand_in(
        written=job.written(
            in_warranty="yes", left_at=job.clock + timedelta(minutes=5), arrived_at=job.ticket.arrived_at
        )
    )
    assert (done.lapsed, job.state) == (None, TicketState.DONE)
    assert (job.slip.in_warranty, job.slip.warranty, job.slip.warranty_reason) == ("yes", "out_over", "")


def test_a_job_solved_by_phone_says_why_too(people, handbook):
    job = reported(people, (2026, 3, 12), **W1)
    with pytest.raises(Incomplete):
        job.finish_remote(in_warranty="yes")  # its cause is the user's
    job.finish_remote(in_warranty="yes", warranty_reason="电话指导免费")
    assert (job.slip.warranty, job.slip.warranty_reason) == ("out_cause", "电话指导免费")


# ── goodwill ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def propose(people, job, by=None, percent=80, reason="同批已有两台"):
    return act(
        warranty_requests.propose_goodwill, viewer=by or people.office, public_id=job.key, maker_percent=percent, reason=reason,
        now=job.tick(),
    )  # fmt: skip


def answer(people, request, *, granted=True, words="同意", by=None):
    return act(
        warranty_requests.answer_request, viewer=by or people.reviewer, public_id=request.public_id, granted=granted,
        answer=words, expected_version=request.version, now=factories.NOW,
    )  # fmt: skip


def test_the_office_proposes_goodwill_and_hq_grants_it(people, handbook):
    job = reported(people, (2026, 3, 13), **W1)
    made = propose(people, job)
    jobs.drain()
    assert kinds_told(people, "reviewer")[-1] == kinds_told(people, "dispatcher")[-1] == "warranty_asked"
    answer(people, made)
    jobs.drain()
    assert (job.ticket.warranty, job.last.verb) == ("goodwill", "judged")
    assert kinds_told(people, "dispatcher")[-1] == kinds_told(people, "office")[-1] == "warranty_answered"
    job.to(TicketState.WAIT_SIGN)
    assert job.slip.warranty == "goodwill"


def test_a_declined_proposal_changes_nothing_and_says_why(people, handbook):
    job = reported(people, (2026, 3, 13), **W1)
    made = propose(people, job)
    with refused("decline_reason_missing", field="answer"):
        answer(people, made, granted=False, words=" ")
    answer(people, made, granted=False, words="超期且无同批记录")
    assert job.ticket.warranty == "out_over"
    with refused("wrong_state"):
        answer(people, made)


def test_goodwill_of_a_cause_within_the_period(people, handbook):
    job = reported(people, (2026, 3, 12), **W1).to(TicketState.IN_WORK)
    job.save(faults=[job.fault_input(responsibility=Responsibility.INSTALLATION)], in_warranty="no")
    answer(people, propose(people, job))
    job.save(faults=[job.fault_input(responsibility=Responsibility.INSTALLATION)])
    assert job.slip.warranty == "goodwill"


@pytest.mark.parametrize("day", [(2026, 4, 12), (2026, 3, 12)])
def test_no_goodwill_beyond_the_days_nor_within_the_period(people, handbook, day):
    job = reported(people, day, **W1)
    with refused("goodwill_not_possible"):
        propose(people, job)


def test_who_may_propose_and_who_may_answer(people, handbook):
    job = reported(people, (2026, 3, 13), **W1)
    for who in (people.dispatcher, people.reviewer, people.quality, people.finance):
        with refused("not_allowed"):
            propose(people, job, by=who)
    made = propose(people, job, by=people.office_engineer)
    with refused("request_open"):
        propose(people, job)
    for who in (people.dispatcher, people.office, people.office_engineer, people.quality, people.call_centre):
        with refused("not_allowed"):
            answer(people, made, by=who)
    with refused("not_found"):
        answer(people, made, by=people.other_reviewer)


def test_without_an_office_hq_proposes_and_a_second_pair_of_eyes_answers(people, handbook):
    with factories.writing():
        type(people.partnership)._base_manager.filter(pk=people.partnership.pk).update(office=None)
    second = factories.viewer(factories.person(people.sf, "reviewer", department="after_sales"))
    job = reported(people, (2026, 3, 13), **W1)
    made = propose(people, job, by=people.reviewer)
    with refused("four_eyes"):
        answer(people, made)
    answer(people, made, by=second)
    assert job.ticket.warranty == "goodwill"
