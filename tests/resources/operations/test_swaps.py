"""Swapping with consent: until the colleague agrees the old holds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.models.job import Job
from resources.models import DutyChange, DutySwap
from resources.operations import swaps
from resources.operations.changes import undo_change
from resources.operations.shifts import change_shift, remove_shift
from tests import factories
from tests.people import act, refused, sees
from tests.resources.roster import NOW, Roster, log, told


@pytest.fixture
def roster(people):
    return Roster(people)


@pytest.fixture
def shift(roster):
    return roster.add("technician", "2026-10-01", "night", deputy="owner")


def answer(verb, swap, who, now=NOW, **more):
    return act(getattr(swaps, verb), viewer=who, public_id=swap.public_id, now=now, **more)


def test_the_colleague_is_asked_and_until_he_agrees_the_old_holds(roster, people, shift):
    swap = roster.ask(shift, note="孩子家长会")
    assert roster.standing() == [("10-01", "night", "陈志强", "黄总")]
    assert told("second_technician", people) == [
        ("duty_swap_asked", {"who": "陈志强", "shift": "10-01 20:00 – 10-02 08:00", "reason": ""})
    ]
    assert swap.expires_at == shift.starts_at
    answer("agree", swap, people.second_technician)
    assert roster.standing() == [("10-01", "night", "刘建军", "黄总")]
    assert told("technician", people)[-1][0] == "duty_swap_agreed"
    assert log()[-1] == ("swapped", "刘建军", 1)
    (kept,) = factories.rows(DutySwap)
    assert (kept.state, kept.answered_by, kept.answered_at) == ("agreed", "刘建军", NOW)


def test_the_log_says_from_whom_to_whom_and_why(roster, people, shift):
    answer("agree", roster.ask(shift, note="孩子家长会"), people.second_technician)
    change = factories.rows(DutyChange)[-1]
    (line,) = change.lines
    assert (line["before"]["person_name"], line["after"]["person_name"], change.reason) == (
        "陈志强",
        "刘建军",
        "孩子家长会",
    )


def test_two_shifts_are_exchanged(roster, people, shift):
    theirs = roster.add("second_technician", "2026-10-03", "day")
    swap = roster.ask(shift, other=theirs.public_id)
    answer("agree", swap, people.second_technician)
    assert [(day, main) for day, _kind, main, _deputy in roster.standing()] == [
        ("10-01", "刘建军"),
        ("10-03", "陈志强"),
    ]
    assert log()[-1] == ("swapped", "刘建军", 2)


def test_a_deputy_gives_his_own_place_away(roster, people, shift):
    swap = roster.ask(shift, who="owner")
    answer("agree", swap, people.second_technician)
    assert roster.standing() == [("10-01", "night", "陈志强", "刘建军")]


def test_a_deputy_who_takes_over_is_main_alone(roster, people, shift):
    answer("agree", roster.ask(shift, whom="owner"), people.owner)
    assert roster.standing() == [("10-01", "night", "黄总", "")]


def test_the_colleague_declines_and_everything_stays(roster, people, shift):
    answer("decline", roster.ask(shift), people.second_technician)
    assert roster.standing() == [("10-01", "night", "陈志强", "黄总")]
    assert told("technician", people)[-1][0] == "duty_swap_declined"
    assert roster.ask(shift).pk, "a new request is possible"


def test_who_asked_withdraws(roster, people, shift):
    swap = roster.ask(shift)
    answer("withdraw", swap, people.technician)
    assert told("second_technician", people)[-1][0] == "duty_swap_withdrawn"
    with refused("wrong_state"):
        answer("agree", swap, people.second_technician)


def test_the_desk_decides_with_a_reason(roster, people, shift):
    swap = roster.ask(shift)
    with refused("duty_reason_missing", field="reason"):
        answer("approve", swap, people.dispatcher, reason=" ")
    answer("approve", swap, people.dispatcher, reason="刘建军电话同意,手机没电")
    assert roster.standing() == [("10-01", "night", "刘建军", "黄总")]
    assert {told(name, people)[-1][0] for name in ("technician", "second_technician")} == {"duty_swap_approved"}
    assert log()[-1] == ("approved", "李静", 1)


def test_the_desk_rejects_with_a_reason(roster, people, shift):
    answer("reject", roster.ask(shift), people.admin, reason="当晚有停产单")
    assert roster.standing() == [("10-01", "night", "陈志强", "黄总")]
    assert told("technician", people)[-1] == (
        "duty_swap_rejected", {"who": "周岚", "shift": "10-01 20:00 – 10-02 08:00", "reason": "当晚有停产单"},
    )  # fmt: skip


@pytest.mark.parametrize("verb", ["agree", "decline", "withdraw", "approve", "reject"])
def test_who_may_answer(roster, people, shift, verb):
    swap = roster.ask(shift)
    allowed = {"agree": {"second_technician"}, "decline": {"second_technician"}, "withdraw": {"technician"}}
    more = {"reason": "急"} if verb in ("approve", "reject") else {}
    for name in ("technician", "second_technician", "dispatcher", "owner", "admin"):
        if name not in allowed.get(verb, {"dispatcher", "owner", "admin"}):
            with refused("not_allowed"):
                answer(verb, swap, getattr(people, name), **more)
    for name in ("storekeeper", "stranger", "office"):  # whom it does not concern finds nothing
        with refused("not_found"):
            answer(verb, swap, getattr(people, name), **more)
    assert factories.again(swap).state == "asked"


def test_one_request_for_a_shift_at_a_time(roster, people, shift):
    theirs = roster.add("second_technician", "2026-10-03", "day")
    first = roster.ask(shift, other=theirs.public_id)
    with refused("duty_swap_open"):
        roster.ask(shift, whom="owner")
    with refused("duty_swap_open"):
        roster.ask(theirs, who="second_technician", whom="technician")
    answer("decline", first, people.second_technician)
    roster.ask(theirs, who="second_technician", whom="technician")


def test_only_a_shift_of_ones_own_that_has_not_begun(roster, people, shift):
    with refused("not_allowed"):
        roster.ask(shift, who="second_technician", whom="technician")
    roster.now = shift.starts_at
    with refused("duty_begun"):
        roster.ask(shift)


def test_strangers_oneself_and_who_is_on_it_already_are_not_asked(roster, people, shift):
    for whom in ("technician", "stranger_technician"):
        with refused("duty_same_person" if whom == "technician" else "duty_person_unknown", field="colleague"):
            roster.ask(shift, whom=whom)
    with refused("duty_same_person", field="colleague"):
        roster.ask(shift, who="owner", whom="technician")  # the deputy asks who is main
    with refused("duty_not_his", field="other"):
        roster.ask(shift, other=roster.add("owner", "2026-10-04").public_id)
    both = roster.add("second_technician", "2026-10-05", deputy="technician")
    with refused("duty_same_person", field="other"):
        roster.ask(shift, other=both.public_id)


def test_after_the_shift_has_begun_nothing_is_agreed_and_the_job_ends_the_request(roster, people, shift):
    swap = roster.ask(shift)
    with refused("duty_begun"):
        answer("agree", swap, people.second_technician, now=shift.starts_at)
    (job,) = factories.rows(Job, kind=swaps.EXPIRE)
    assert (job.run_at, job.person_id, job.payload) == (shift.starts_at, None, {"swap": swap.public_id})
    viewer = people.dispatcher
    act(swaps.expire, viewer=viewer, public_id=swap.public_id, now=shift.starts_at - timedelta(minutes=1))
    assert factories.again(swap).state == "asked"
    for _run in range(2):
        act(swaps.expire, viewer=viewer, public_id=swap.public_id, now=shift.starts_at)
    assert factories.again(swap).state == "expired"
    kinds = [kind for name in ("technician", "second_technician") for kind, _params in told(name, people)]
    assert kinds.count("duty_swap_expired") == 2


def test_an_exchange_expires_with_the_earlier_shift(roster, people, shift):
    theirs = roster.add("second_technician", "2026-09-25", "day")
    assert roster.ask(shift, other=theirs.public_id).expires_at == theirs.starts_at


def test_a_change_of_the_shift_ends_the_request(roster, people, shift):
    swap = roster.ask(shift)
    facts = roster.facts("technician", "2026-10-01", "day")
    act(change_shift, viewer=people.admin, public_id=shift.public_id, facts=facts, expected_version=None, now=NOW)
    assert factories.again(swap).state == "overtaken"
    assert told("technician", people)[-2][0] == "duty_swap_overtaken"
    with refused("wrong_state"):
        answer("agree", swap, people.second_technician)


def test_a_removed_shift_takes_its_request_along_and_undo_does_not_bring_it_back(roster, people, shift):
    swap = roster.ask(shift)
    act(remove_shift, viewer=people.admin, public_id=shift.public_id, expected_version=None, now=NOW)
    act(undo_change, viewer=people.admin, public_id=factories.rows(DutyChange)[-1].public_id, now=NOW)
    assert factories.again(swap).state == "overtaken"


def test_a_swap_is_not_undone_by_a_planner(roster, people, shift):
    answer("agree", roster.ask(shift), people.second_technician)
    with refused("duty_not_undone"):
        act(undo_change, viewer=people.admin, public_id=factories.rows(DutyChange)[-1].public_id, now=NOW)


def test_who_has_left_does_not_take_over_by_the_desks_word(roster, people, shift):
    swap = roster.ask(shift)
    leaver = people.person("second_technician")
    with factories.writing():
        type(leaver)._base_manager.filter(pk=leaver.pk).update(active=False)
    with refused("duty_person_left"):
        answer("approve", swap, people.admin, reason="急")
    assert factories.again(swap).state == "asked"


def test_nobody_else_sees_a_request(roster, people, shift):
    roster.ask(shift)
    assert sees(people.stranger, DutySwap) == [] and sees(people.office, DutySwap) == []
