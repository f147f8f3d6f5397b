"""What holds for every verb: who may, who may not, who sees nothing, old pages, wrong states, one line in the log."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from core.errors import Refused
from tests import factories
from tests.people import refused
from tests.tickets.driver import Job
from tickets.enums import PhotoSlot, TicketState
from tickets.workflow import SLIP, TICKET

S = TicketState


@dataclass(frozen=True)
class Door:
    """A verb: in which state it is tried, who may, what the log calls it, which slip verb it is.

    The lead is people.technician, his companion people.second_technician; the dealer shares everything with maker SF.
    """

    state: str
    may: frozenset[str]
    log: str = ""
    slip: bool = False


DESK = frozenset({"dispatcher", "admin"})
LEAD = DESK | {"technician"}
CREW = LEAD | {"second_technician"}

DOORS = {
    "contact": Door(S.NEW, DESK),
    "appoint": Door(S.CONTACTED, DESK),
    "dispatch": Door(S.CONTACTED, DESK),
    "accept": Door(S.DISPATCHED, LEAD),
    "refuse": Door(S.DISPATCHED, LEAD),
    "hand_back": Door(S.EN_ROUTE, LEAD),
    "set_out": Door(S.ACCEPTED, CREW),
    "arrive": Door(S.EN_ROUTE, CREW),
    "start_work": Door(S.ARRIVED, CREW),
    "leave": Door(S.IN_WORK, CREW),
    "wait_part": Door("left", LEAD),
    "wait_customer": Door("left", LEAD),
    "resume": Door(S.WAIT_PART, LEAD),
    "finish_remote": Door(S.ACCEPTED, LEAD),
    "merge": Door(S.CONTACTED, DESK),
    "cancel": Door(S.CONTACTED, DESK),
    "follow_up": Door(S.DONE, DESK | {"owner", "office", "office_engineer"}),
    "close": Door(S.FOLLOWED_UP, DESK),
    "reopen": Door(S.CLOSED, DESK),
    "complete": Door("ready", LEAD, "complete_slip", slip=True),
    "correct": Door(S.WAIT_SIGN, LEAD, "correct_slip", slip=True),
    "sign": Door(S.WAIT_SIGN, LEAD, "sign", slip=True),
    "confirm_by_name": Door(S.WAIT_SIGN, LEAD, "sign", slip=True),
    "sign_on_paper": Door("on paper", LEAD, "sign", slip=True),
    "refuse_signature": Door(S.WAIT_SIGN, LEAD, "refuse_signature", slip=True),
    "void": Door(S.DONE, DESK, "void_slip", slip=True),
}

#: of the dealer, without a hand in it; of its maker and office; of other dealers, makers and offices
INSIDE = ("dispatcher", "admin", "technician", "second_technician", "owner", "accountant", "storekeeper")
PARTNERS = ("office", "office_engineer", "office_admin", "hq_admin", "reviewer", "call_centre", "quality", "finance")
STRANGERS = ("stranger", "stranger_admin", "stranger_technician", "other_hq_admin", "other_office", "platform")


def ready(people, door: Door) -> Job:
    """A job that stands before the door."""
    job = Job(people, companions=[people.second_technician], **({"source": "wechat"} if door.state == S.NEW else {}))
    if door.state == "on paper":
        job.to(S.WAIT_SIGN).photo(PhotoSlot.PAPER)
        return job
    if door.state not in ("left", "ready"):
        return job.to(door.state)
    job.to(S.IN_WORK)
    job.photograph()
    job.leave()
    if door.state == "ready":
        job.save()
    return job


def try_door(job: Job, verb: str, who) -> None:
    getattr(job, verb)(by=who)


@pytest.mark.parametrize("verb", DOORS)
def test_who_may_and_what_the_log_says(people, verb):
    door = DOORS[verb]
    for name in sorted(door.may):
        job = ready(people, door)
        before, lines = job.ticket, len(job.log)
        try_door(job, verb, getattr(people, name))
        line, ticket = job.last, job.ticket
        assert ticket.version == before.version + 1
        assert len(job.log) == lines + 1
        assert (line.verb, line.author_id, line.at) == (door.log or verb, getattr(people, name).person_id, job.clock)
        assert (line.author_name, line.author_organisation) == (
            getattr(people, name).name,
            getattr(people, name).org_name,
        )
        if verb != "leave":
            assert (line.source_state, line.target_state) == (before.state, ticket.state)


@pytest.mark.parametrize("verb", DOORS)
def test_nobody_else_may_and_nothing_is_written(people, verb):
    door = DOORS[verb]
    job = ready(people, door)
    before, lines, slips = job.ticket, len(job.log), [(s.state, s.version, s.number) for s in job.slips]
    for name in INSIDE + PARTNERS:
        if name in door.may:
            continue
        sees_nothing = "technician" in name and not (before.crew_ids or before.worked_ids)
        with refused("not_found" if sees_nothing else "not_allowed"):
            try_door(job, verb, getattr(people, name))
    for name in STRANGERS:
        with refused("not_found"):
            try_door(job, verb, getattr(people, name))
    after = job.ticket
    assert (after.state, after.version, after.updated_at) == (before.state, before.version, before.updated_at)
    assert len(job.log) == lines
    assert [(s.state, s.version, s.number) for s in job.slips] == slips


@pytest.mark.parametrize("verb", [verb for verb, door in DOORS.items() if not door.slip])
def test_an_old_page_is_told_who_was_faster(people, verb):
    job = ready(people, DOORS[verb])
    who = people.office if verb == "follow_up" else people.dispatcher
    with pytest.raises(Refused) as caught:
        _on_an_old_page(job, verb, who)
    assert (caught.value.code, caught.value.status) == ("stale", 409)
    assert caught.value.params["who"] == job.last.author_name


def _on_an_old_page(job: Job, verb: str, who) -> None:
    if verb == "finish_remote":
        _old_remote(job)
    else:
        getattr(job, verb)(by=who, expected_version=job.ticket.version - 1)


def _old_remote(job: Job) -> None:
    from tickets.operations import finish_remote
    from tickets.operations.finish_remote import PhoneResult

    result = PhoneResult("热继整定错误", "整定错误", "operation", "电话指导调整")
    job.do(finish_remote.finish_remote, job.desk, expected_version=job.ticket.version - 1, result=result)


@pytest.mark.parametrize("verb", [verb for verb, door in DOORS.items() if door.slip and verb != "complete"])
def test_an_old_slip_page_is_refused(people, verb):
    job = ready(people, DOORS[verb])
    slip = job.slip
    with refused("wrong_state"):
        getattr(job, verb)(expected_version=slip.version - 1) if verb in ("correct", "void") else _old_answer(job, verb)
    assert factories.again(slip).version == slip.version


def _old_answer(job: Job, verb: str) -> None:
    from tickets.operations import sign_slip
    from tickets.operations.sign_slip import Answer

    operation = {
        "sign": sign_slip.sign_slip,
        "confirm_by_name": sign_slip.confirm_by_name,
        "sign_on_paper": sign_slip.sign_on_paper,
        "refuse_signature": sign_slip.refuse_signature,
    }[verb]
    more = {"refuse_signature": {"reason": "不在现场"}, "sign_on_paper": {"signed_on": None}}.get(verb, {})
    answer = Answer(rating="4", signer="张建国")
    job.do_slip(operation, job.lead, expected_version=job.slip.version - 1, answer=answer, **more)


def test_every_verb_of_the_tables_has_a_door():
    names = {"complete": "complete_slip", "correct": "correct_slip", "void": "void_slip"}
    tried = {names.get(verb, verb) for verb in DOORS} | {
        "void_remote_slip",
        "transfer",
    }  # test_void_slip.py, test_refer_ticket.py
    assert {row.verb for row in TICKET.rows} <= tried
    assert {row.verb for row in SLIP.rows} <= {"complete", "correct", "sign", "refuse", "finish_remote", "void"}
