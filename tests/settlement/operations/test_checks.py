"""The automatic checks decide on claims that were really submitted, with headquarters' eyes (domain.md 9.3, 9.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from core import jobs
from core.models import Job as JobRow
from core.models.job import JobState
from equipment.models import RegisterMachine
from partners.enums import Sharing
from settlement.calculations.check_facts import Facts, Reference, Settings
from settlement.calculations.check_record import read
from settlement.calculations.check_settings import DEFAULTS, params_of, settings_from
from settlement.calculations.checks import run as calculated
from settlement.calculations.claim_input import Word
from settlement.enums import CheckCode, CheckOutcome, ClaimState
from settlement.explain.checks import explained, in_short
from settlement.models import CheckRecord, CheckRun, CheckSetting, Claim, ClaimDecision, ClaimEvent, ClaimLine
from settlement.operations import claims, review_claims
from settlement.operations.checks import check_claim, set_check
from settlement.queries import checks as reading
from tests import factories
from tests.people import People, act, refused, sees
from tests.settlement.claims import Claiming
from tests.tickets.driver import Job, picture
from tests.tickets.facts import kinds_told
from tests.warranty import policy
from tickets.enums import PhotoSlot, TicketState
from tickets.models import Photo

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
S = ClaimState


def put(people: People, code: str, *, is_on: bool = True, version: int = 0, **params: Any) -> CheckSetting | None:
    """Set a check as the reviewer does."""
    return act(
        set_check, viewer=people.reviewer, code=CheckCode(code), is_on=is_on, expected_version=version, now=factories.NOW,
        params={**{name: getattr(DEFAULTS, name) for name in params_of(DEFAULTS, code)}, **params},
    )  # fmt: skip


def codes(run: CheckRun) -> list[str]:
    return [row[0] for row in run.findings]


def story(claiming: Claiming) -> list[tuple[str, str, str]]:
    return [
        (one.verb, one.author_name, one.author_organisation)
        for one in factories.rows(ClaimEvent, claim__public_id=claiming.key)
    ]


def partner(people: People) -> None:
    """Dealer HF01 works for SF, too, in another region."""
    office = factories.office(people.sf, "SF-AH")
    factories.partnership(people.hf01, people.sf, office=office, sharing=Sharing.FULL, level="1")
    for name in ("stranger", "stranger_technician", "stranger_admin", "reviewer", "hq_admin"):
        people.fresh(name)


def foreign_job(people: People, serial_number: str, **more: Any) -> Job:
    """A finished job of HF01 on a machine of SF with this number."""
    customer = factories.customer(people.hf01)
    machine = factories.machine(customer, people.sf, serial_number=serial_number, ex_factory_on=date(2026, 3, 6))
    return Job(
        people, desk=people.stranger, lead=people.stranger_technician, customer=customer, machines=[machine], **more
    )


def out_of_warranty(people: People) -> Job:
    """A signed job on a machine that is three years old, ticked as in warranty all the same."""
    machine = factories.machine(factories.customer(people.cs01), people.sf, ex_factory_on=date(2023, 3, 6))
    job = Job(people, customer=machine.customer, machines=[machine]).to(TicketState.IN_WORK)
    job.photograph()
    job.leave()
    job.complete(warranty_reason="客户坚持按三包处理")
    job.sign()
    return job


# ── what a run leaves ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_person_should_look_at_stays_for_the_first_review_with_its_flags(people):
    policy(people.hq_admin)
    claiming = Claiming(people)
    claiming.write(people=3)
    run = claiming.checked()
    row = claiming.row
    assert (run.outcome, codes(run)) == ("manual", ["M03", "M03"])  # three people, and a night away
    assert (row.state, row.flags, row.checked_at, row.reason) == (S.FIRST, 2, run.at, "")
    assert (
        sees(people.accountant, CheckRun) == sees(people.office, CheckRun) == sees(people.reviewer, CheckRun) == [run]
    )
    assert "claim_submitted" in kinds_told(people, "office")
    claiming.passed()
    assert claiming.state == S.SECOND


def test_without_findings_a_person_decides_as_always(people):
    policy(people.hq_admin)
    claiming = Claiming(people)
    run = claiming.checked()
    assert (run.outcome, run.findings, claiming.row.flags, claiming.state) == ("manual", [], 0, S.FIRST)


def test_a_trusted_dealers_low_amount_is_approved_by_nobody(people):
    policy(people.hq_admin)
    put(people, "A01", trusted=frozenset({people.partnership.public_id}), low_amount=D(500))
    claiming = Claiming(people)
    run = claiming.checked()
    row = claiming.row
    assert (run.outcome, codes(run)) == ("pass", ["A01"])
    assert (row.state, row.approved, row.flags, row.decided_by_id) == (S.APPROVED, row.claimed, 0, None)
    assert story(claiming)[-1] == ("check_approve", "", people.sf.label)
    jobs.drain()
    assert "claim_approved" in kinds_told(people, "accountant")
    assert "claim_submitted" not in kinds_told(people, "office")
    claiming.do(claims.agree)


@pytest.mark.parametrize(
    ("trusted", "low_amount"), [(False, D(500)), (True, D("100.00"))], ids=["not trusted", "not low"]
)
def test_nobody_else_is_approved_without_a_person(people, trusted, low_amount):
    policy(people.hq_admin)
    chosen = frozenset({people.partnership.public_id}) if trusted else frozenset()
    put(people, "A01", trusted=chosen, low_amount=low_amount)
    claiming = Claiming(people)
    assert claiming.checked().outcome == "manual"
    assert claiming.state == S.FIRST


def test_what_is_out_of_warranty_is_refused_line_by_line_and_can_be_appealed(people):
    policy(people.hq_admin)
    claiming = Claiming(people, out_of_warranty(people))
    run = claiming.checked()
    row = claiming.row
    assert (run.outcome, codes(run)[0]) == ("refuse", "R01")
    assert (row.state, row.approved, row.decided_by_id, row.due_on) == (S.REFUSED, D(0), None, row.due_on)
    assert row.reason.startswith("R01 ")
    assert claiming.job.machines[0].serial_number in row.reason
    words = factories.rows(ClaimDecision)
    assert len(words) == len(claiming.lines())
    assert {(word.level, word.approved, word.reason, word.author_name) for word in words} == {
        ("check", D(0), "out_of_period", "")
    }
    assert story(claiming)[-1] == ("check_refuse", "", people.sf.label)
    jobs.drain()
    assert "claim_refused" in kinds_told(people, "accountant")
    claiming.do(claims.appeal, reason="验收日期另有凭证")
    claiming.approve(people.reviewer, **{f"line_{place}": _all(claiming, place) for place in range(1, len(words) + 1)})
    assert (claiming.state, claiming.row.approved) == (S.APPROVED, claiming.row.claimed)


def _all(claiming: Claiming, place: int) -> Word:
    return Word(claiming.lines()[place - 1][1])


def test_what_comes_too_late_is_refused(people):
    policy(people.hq_admin)
    claiming = Claiming(people)
    claiming.do(claims.submit, now=claiming.job.clock + timedelta(days=31))
    jobs.drain()
    (run,) = factories.rows(CheckRun)
    assert (claiming.state, "R04" in codes(run)) == (S.REFUSED, True)
    assert {word.reason for word in factories.rows(ClaimDecision)} == {"late"}


def test_what_lacks_evidence_goes_back_with_its_sentences_and_comes_again(people):
    policy(people.hq_admin)
    claiming = Claiming(people)
    with factories.writing():
        Photo._base_manager.filter(slot=PhotoSlot.AFTER).delete()
    run = claiming.checked()
    row = claiming.row
    assert (run.outcome, codes(run)) == ("return", ["B12"])
    assert (row.state, row.turn, row.flags) == (S.RETURNED, 2, 1)
    assert row.reason.startswith("B12 ")
    assert {line.turn for line in factories.rows(ClaimLine)} == {1, 2}
    assert story(claiming)[-1] == ("check_return", "", people.sf.label)
    jobs.drain()
    assert "claim_sent_back" in kinds_told(people, "accountant")
    claiming.job.photo(PhotoSlot.AFTER, data=picture("later"))
    claiming.do(claims.submit, now=row.submitted_at + timedelta(days=40))  # what comes back is not late by that
    jobs.drain()
    second = factories.rows(CheckRun)[-1]
    assert (second.turn, second.outcome, second.findings, claiming.state) == (2, "manual", [], S.FIRST)
    assert claiming.row.flags == 0


# ── other dealers ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_fault_at_another_dealer_goes_back_and_his_numbers_stay_with_headquarters(people):
    partner(people)
    policy(people.hq_admin)
    first = Claiming(people, foreign_job(people, "2603B0777").to(TicketState.DONE), by=people.stranger)
    assert first.checked().findings == []
    machine = factories.machine(
        factories.customer(people.cs01), people.sf, serial_number="2603B0777", ex_factory_on=date(2026, 3, 6)
    )
    mine = Job(people, customer=machine.customer, machines=[machine], at=first.job.clock).to(TicketState.DONE)
    claiming = Claiming(people, mine)
    run = claiming.checked()
    assert (claiming.state, codes(run)) == (S.RETURNED, ["B05", "B06"] + ["M05"] * ("M05" in codes(run)))
    (record,) = factories.rows(CheckRecord, run=run)
    assert first.slip.number in str(record.findings)
    secrets = {
        first.row.number, first.slip.number, first.job.ticket.number, people.hf01.name, people.hf01.short_name, people.hf01.code,
        first.row.customer_name,
    }  # fmt: skip
    for text in (str(run.findings), claiming.row.reason, str([one.text for one in factories.rows(ClaimEvent)])):
        assert not [secret for secret in secrets if secret in text], text
    assert "其他合作方" in claiming.row.reason
    for who in (people.accountant, people.office, people.stranger, people.office_admin):
        assert sees(who, CheckRecord) == []
    assert sees(people.stranger, CheckRun) == factories.rows(CheckRun, claim__public_id=first.key)
    assert record in sees(people.reviewer, CheckRecord)


def test_the_same_photo_at_another_dealer_is_a_doubt_without_a_number(people):
    partner(people)
    policy(people.hq_admin)
    foreign = foreign_job(people, "2603B0778").to(TicketState.DONE)
    with_shared = Claiming(people, foreign, by=people.stranger)
    with_shared.submit()
    claiming = Claiming(people, Job(people, at=foreign.clock).to(TicketState.DONE))
    run = claiming.checked()
    assert (claiming.state, run.outcome) == (S.FIRST, "manual")
    assert run.findings == [["M05", "same_photo_elsewhere", "manual", {}]]
    (record,) = factories.rows(CheckRecord, run=run)
    assert record.findings == [["M05", "same_photo_elsewhere", "manual", {"slip": foreign.ticket.number}]]
    told = act(reading.report_of, viewer=people.reviewer, run=run)
    assert foreign.ticket.number in explained(told.findings)[0].text
    for who in (people.accountant, people.office):
        told = act(reading.report_of, viewer=who, run=run)
        assert foreign.ticket.number not in explained(told.findings)[0].text


def test_the_dealers_own_repeat_is_named_and_passes_when_he_says_so(people):
    policy(people.hq_admin)
    first = Claiming(people)
    first.checked()
    again = Job(people, customer=first.job.customer, machines=first.job.machines, at=first.job.clock)
    claiming = Claiming(people, again.to(TicketState.DONE))
    run = claiming.checked()
    assert (claiming.state, {"B05", "B06"} <= set(codes(run))) == (S.RETURNED, True)
    assert first.slip.number in claiming.row.reason
    claiming.write(is_repeat=True, note="轴承再次损坏")
    claiming.submit()
    jobs.drain()
    assert not {"B05", "B06"} & set(codes(factories.rows(CheckRun)[-1]))


def test_a_number_that_the_register_does_not_know_goes_back(people):
    policy(people.hq_admin)
    with factories.writing():
        RegisterMachine.objects.create(manufacturer=people.sf, serial_number="2603B9999", model="YE3-160M-4")
    claiming = Claiming(people)
    run = claiming.checked()
    assert (claiming.state, codes(run)) == (S.RETURNED, ["B07"])


# ── once, and not for ever ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reviewer_waits_for_the_checks_but_not_for_ever(people):
    claiming = Claiming(people)
    claiming.submit()
    now = claiming.job.clock
    with refused("check_running"):
        claiming.do(review_claims.pass_on, people.office, now=now + timedelta(minutes=4), words={})
    with refused("check_running"):
        claiming.do(review_claims.send_back, people.office, now=now + timedelta(minutes=4), reason="缺发票")
    claiming.do(review_claims.pass_on, people.office, now=now + timedelta(minutes=5), words={})
    jobs.drain()
    (run,) = factories.rows(CheckRun)
    assert (claiming.state, claiming.row.checked_at) == (S.SECOND, run.at)  # written down; nobody's word is overruled


def test_a_late_refusal_overrules_nobody(people):
    policy(people.hq_admin)
    claiming = Claiming(people)
    claiming.do(claims.submit, now=claiming.job.clock + timedelta(days=31))
    claiming.passed()
    jobs.drain()
    assert (claiming.state, claiming.row.flags) == (S.SECOND, 1)
    assert factories.rows(ClaimDecision) == []


def test_taken_back_before_it_ran_nothing_happens_and_the_next_submission_is_checked(people):
    claiming = Claiming(people)
    claiming.submit()
    claiming.do(claims.take_back)
    jobs.drain()
    assert (claiming.state, factories.rows(CheckRun)) == (S.DRAFT, [])
    run = claiming.checked()
    assert (run.submitted_at, len(factories.rows(CheckRun))) == (claiming.row.submitted_at, 1)


def test_a_job_that_is_killed_in_the_middle_runs_again_without_double_effects(people, monkeypatch):
    policy(people.hq_admin)
    claiming = Claiming(people, out_of_warranty(people))
    claiming.submit()

    class Killed(BaseException):
        pass

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("settlement.notices.claim_told", killed)  # the last thing that a refusal does
        with pytest.raises(Killed):
            jobs.drain()
    assert (claiming.state, factories.rows(CheckRun), factories.rows(ClaimDecision)) == (S.FIRST, [], [])
    with factories.writing():
        left = JobRow._base_manager.filter(kind=claims.CHECK, state=JobState.RUNNING)
        assert left.update(locked_until=factories.NOW) == 1  # the lease runs out
    jobs.drain()
    (job,) = factories.rows(JobRow, kind=claims.CHECK)
    assert (job.state, job.attempts, claiming.state) == (JobState.DONE, 2, S.REFUSED)
    before = factories.rows(ClaimEvent), factories.rows(ClaimDecision), claiming.row.version
    hq = replace(people.reviewer, roles=frozenset(), person_id=None)
    again = partial(act, check_claim, viewer=hq, claim_id=claiming.row.pk, say=in_short, now=factories.NOW)
    assert again(submitted_at=claiming.row.submitted_at) is None
    assert (factories.rows(ClaimEvent), factories.rows(ClaimDecision), claiming.row.version) == before
    assert len(factories.rows(CheckRun)) == 1


def test_with_the_end_of_the_partnership_nothing_is_decided_any_more(people):
    claiming = Claiming(people)
    claiming.submit()
    with factories.writing():
        type(people.partnership)._base_manager.filter(pk=people.partnership.pk).update(ended_at=factories.NOW)
    people.fresh("reviewer")
    jobs.drain()
    assert (claiming.state, factories.rows(CheckRun)) == (S.FIRST, [])


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_what_differs_from_the_defaults_is_kept_and_counts_for_the_next_submission(people):
    policy(people.hq_admin)
    assert put(people, "M02") is None
    put(people, "M02", amount=D("100.00"))
    claiming = Claiming(people)
    assert codes(claiming.checked()) == ["M02"]
    claiming.do(claims.take_back)
    put(people, "M02", version=1, is_on=False, amount=D("100.00"))
    assert claiming.checked().findings == []
    (row,) = factories.rows(CheckSetting)
    assert (row.code, row.is_on, row.params, row.changed_by, row.version) == (
        "M02", False, {"amount": "100.00"}, "吴丽", 2,
    )  # fmt: skip


@pytest.mark.parametrize("code", CheckCode.values)
def test_every_check_can_be_switched_off(people, code):
    put(people, code, is_on=False)
    settings = act(reading.settings_of, viewer=people.hq_admin)
    assert settings == replace(DEFAULTS, on=DEFAULTS.on - {code})


def test_what_is_kept_of_a_run_says_the_same_when_it_is_calculated_again(people):
    policy(people.hq_admin)
    claiming = Claiming(people)
    claiming.write(people=3, one_way_km=D(290))
    run = claiming.checked()
    (record,) = factories.rows(CheckRecord)
    kept = read(Facts, record.facts), read(Reference, record.reference), read(Settings, record.settings)
    report = calculated(*kept)
    assert kept[2] == DEFAULTS
    assert [list(one[:2]) for one in run.findings] == [[one.code, one.reason] for one in report.findings]
    assert (list(report.no_data), report.outcome) == (run.no_data, run.outcome)


def test_settings_are_written_by_few_and_one_after_the_other(people):
    for name in ("finance", "office", "office_admin", "accountant", "call_centre", "quality"):
        with refused("not_allowed"):
            act(
                set_check, viewer=getattr(people, name), code=CheckCode.M02, is_on=False, params={}, expected_version=0, now=factories.NOW
            )  # fmt: skip
    put(people, "M02", amount=D(10))
    with refused("stale"):
        put(people, "M02", amount=D(20))
    with refused("warn_after_limit", field="warn_days"):
        put(people, "R04", submit_days=10)
    for who in (people.office, people.accountant, people.other_reviewer):
        assert sees(who, CheckSetting) == []
    assert act(reading.settings_of, viewer=people.other_reviewer) == DEFAULTS


def test_a_trial_says_whom_a_setting_would_catch_and_writes_nothing(people):
    policy(people.hq_admin)
    claiming = Claiming(people)
    claiming.checked()
    before = {model: factories.rows(model) for model in (CheckSetting, CheckRun, CheckRecord, Claim, ClaimEvent)}
    tried = partial(
        act, reading.trial, viewer=people.reviewer, code=CheckCode.M02, months=1, now=factories.rows(CheckRun)[0].at
    )
    found = tried(is_on=True, params={"amount": D("100.00")})
    assert (found.tried, found.count, found.before) == (1, 1, 0)
    assert [(one.claim.number, one.before) for one in found.caught] == [(claiming.row.number, False)]
    assert tried(is_on=True, params={"amount": D("9000.00")}).count == 0
    assert tried(is_on=False, params={"amount": D("100.00")}).count == 0
    assert {model: factories.rows(model) for model in before} == before
    later = partial(act, reading.trial, viewer=people.reviewer, code=CheckCode.M02, months=1, is_on=True)
    assert later(params={"amount": D(1)}, now=factories.rows(CheckRun)[0].at + timedelta(days=40)).tried == 0
    assert act(
        reading.trial, viewer=people.other_reviewer, code=CheckCode.M02, months=12, is_on=True, params={"amount": D(1)},
        now=factories.rows(CheckRun)[0].at,
    ).tried == 0  # fmt: skip


def test_unknown_figures_of_an_old_row_are_left_alone():
    made = settings_from([("M02", True, {"amount": "10.00", "gone": 1}), ("B05", False, {})])
    assert (made.amount, CheckCode.B05 in made.on, made.without_policy) == (D("10.00"), False, CheckOutcome.MANUAL)
