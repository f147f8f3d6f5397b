"""迟到原因 (domain.md 5.4): asked for after the arrival, never before; the slip waits for it, a signature without a line does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import NotFound
from tests import factories
from tests.people import refused
from tests.tickets.driver import Job
from tickets.enums import TicketState
from tickets.explain import slip_problems, timeline
from tickets.models import Clock
from tickets.operations.complete_slip import Incomplete

S = TicketState
PROMISED = timedelta(hours=4)


def on_site(people, after, **more):
    """A job in the capital whose technician arrived so long after the report."""
    site = factories.customer(people.cs01, province="湖南省", city="长沙市", district="岳麓区")
    job = Job(people, customer=site, **more).to(S.EN_ROUTE)
    job.arrive(now=factories.NOW + after)
    return job


@pytest.fixture
def late(people):
    """The example of the handbook: 25 minutes late."""
    return on_site(people, PROMISED + timedelta(minutes=25))


def arrival(job, round_=1):
    return factories.rows(Clock, ticket=job.ticket, kind="arrival", round=round_)[0]


def test_who_comes_late_is_asked_and_who_comes_in_time_is_not(people, late):
    assert (late.state, late.ticket.late_unexplained, arrival(late).state) == (S.ARRIVED, True, "late")
    in_time = on_site(people, PROMISED)
    assert (in_time.ticket.late_unexplained, arrival(in_time).state) == (False, "met")
    with refused("not_allowed"):
        in_time.explain_late()


def test_the_reason_stands_on_the_clock_and_in_the_story(people, late):
    version = late.ticket.version
    late.explain_late(reason="traffic", note="京港澳高速事故")
    row = arrival(late)
    assert (row.late_reason, row.late_note) == ("traffic", "京港澳高速事故")
    assert (late.ticket.late_unexplained, late.ticket.version) == (False, version + 1)
    assert (late.last.verb, late.last.text, late.last.facts) == ("explain_late", "京港澳高速事故", {"late": "traffic"})
    (line,) = timeline.lines([late.last], people.cs01.name)
    assert line.text == "迟到原因:堵车、车辆故障"
    with refused("not_allowed"):
        late.explain_late()


def test_another_reason_wants_words(people, late):
    with refused("reason_missing"):
        late.explain_late(reason="other", note="  ")
    with refused("choice_unknown"):
        late.explain_late(reason="lazy")
    late.explain_late(reason="other", note="客户改了厂区")
    assert arrival(late).late_note == "客户改了厂区"


def test_the_work_goes_on_but_the_slip_waits_for_it(people, late):
    late.start_work()
    late.photograph()
    late.leave()
    with pytest.raises(Incomplete) as refusal:
        late.complete()
    assert [(item.field, item.text) for item in slip_problems.sentences(refusal.value.problems)] == [
        ("late", "到场超过承诺时间:请先填写迟到原因。")
    ]
    late.explain_late()
    late.complete()
    assert late.state == S.WAIT_SIGN


def test_a_signature_without_a_line_is_taken_and_the_reason_asked_afterwards(people, late):
    late.start_work()
    late.photograph()
    late.leave()
    late.open_slip()
    done = late.hand_in(written=late.written(), at=late.clock)
    assert (done.lapsed, late.state, late.ticket.late_unexplained) == (None, S.DONE, True)
    late.explain_late()
    assert arrival(late).late_reason == "traffic"


@pytest.mark.parametrize("who", ["technician", "dispatcher", "owner", "admin"])
def test_who_was_there_or_sent_him_says_it(people, late, who):
    late.explain_late(by=getattr(people, who))
    assert arrival(late).late_reason == "traffic"


@pytest.mark.parametrize("who", ["storekeeper", "office", "reviewer"])
def test_nobody_else_does(people, late, who):
    with refused("not_allowed"):
        late.explain_late(by=getattr(people, who))
    with pytest.raises(NotFound):
        late.explain_late(by=people.second_technician)


def test_an_appointment_kept_is_not_late(people):
    site = factories.customer(people.cs01, province="湖南省", city="长沙市", district="岳麓区")
    job = Job(people, customer=site)
    job.appoint(appointment_at=factories.NOW + timedelta(days=1))
    job.dispatch()
    job.accept()
    job.set_out()
    job.arrive(now=factories.NOW + timedelta(days=1))
    assert not job.ticket.late_unexplained


def test_rework_is_asked_for_itself(people, late):
    late.explain_late()
    late.start_work()
    late.photograph()
    late.leave()
    late.complete()
    late.sign()
    late.reopen()
    assert not late.ticket.late_unexplained
    late.dispatch()
    late.accept()
    late.set_out()
    late.arrive(now=late.clock + PROMISED + timedelta(hours=1))
    assert late.ticket.late_unexplained
    late.explain_late(reason="weather")
    assert (arrival(late).late_reason, arrival(late, 2).late_reason) == ("traffic", "weather")
