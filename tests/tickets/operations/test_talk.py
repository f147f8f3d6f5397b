from datetime import timedelta

import pytest

from partners.models import Partnership
from tests import factories
from tests.people import act, refused, sees
from tests.tickets.driver import Job
from tickets.enums import TicketState
from tickets.models import Entry
from tickets.operations.talk import log_call, unmask_phone


def call(job, by=None, **facts):
    facts = {"channel": "phone", "reached": False, "text": "无人接听", "internal": False, **facts}
    return act(log_call, viewer=by or job.desk, public_id=job.key, now=job.tick(), **facts)


def test_a_note_is_shared_unless_it_is_internal(people):
    job = Job(people)
    shown, hidden = job.note("备件已寄出"), job.note("客户欠款,先收钱", internal=True)
    assert [e.text for e in sees(people.office, Entry, kind="note")] == ["备件已寄出"]
    assert sees(people.dispatcher, Entry, kind="note") == [shown, hidden]
    assert (job.last.internal, job.last.shared_with_maker, job.ticket.version) == (True, False, 1)


def test_the_makers_side_has_no_secrets_on_a_dealers_ticket(people):
    job = Job(people)
    for name in ("office", "reviewer", "quality"):
        note = job.note("请附照片", internal=True, by=getattr(people, name))
        assert (note.internal, note.shared_with_maker) == (False, True)
    assert len(sees(people.dispatcher, Entry, kind="note")) == 3


@pytest.mark.parametrize("state", [TicketState.CONTACTED, TicketState.CLOSED, TicketState.CANCELLED])
def test_notes_and_calls_at_any_time(people, state):
    job = Job(people).to(state)
    job.note()
    call(job)
    assert [e.kind for e in job.log[-2:]] == ["note", "call"]


def test_a_logged_call_says_how_and_whether_somebody_answered(people):
    job = Job(people)
    when = job.clock
    call(job, channel="wechat", reached=True, text="约好周五", at=when)
    assert (job.last.facts, job.last.text, job.last.at) == ({"channel": "wechat", "reached": True}, "约好周五", when)
    with refused("in_future", field="at"):
        call(job, at=job.clock + timedelta(hours=1))
    with refused("choice_unknown", field="channel"):
        call(job, channel="smoke")


def test_an_empty_or_endless_note_is_refused(people):
    job = Job(people)
    with refused("text_missing", field="text"):
        job.note("  ")
    with refused("text_too_long", field="text"):
        job.note("长" * 501)


def test_who_may_not_read_may_not_write(people):
    job = Job(people)
    for name in ("stranger", "second_technician", "other_office", "other_reviewer"):
        with refused("not_found"):
            job.note(by=getattr(people, name))
    for name in ("accountant", "storekeeper", "finance"):
        with refused("not_allowed"):
            job.note(by=getattr(people, name))


def unmask(job, who):
    return act(unmask_phone, viewer=who, public_id=job.key, now=job.clock)


def test_the_number_is_shown_to_the_makers_service_when_it_referred_the_ticket(people):
    referred, own = Job(people, source="hq_referral", phone="13874651234"), Job(people, phone="13874651234")
    for name in ("office", "reviewer", "call_centre"):
        assert unmask(referred, getattr(people, name)) == "13874651234"
        with refused("not_allowed"):
            unmask(own, getattr(people, name))
    for name in ("quality", "finance"):
        with refused("not_allowed"):
            unmask(referred, getattr(people, name))


def test_the_end_of_a_partnership_makes_records_read_only_for_both_sides(people):
    job = Job(people).to(TicketState.IN_WORK)
    with factories.writing():
        Partnership._base_manager.filter(pk=people.partnership.pk).update(ended_at=job.clock)
    deeds = [job.leave, job.cancel, job.note, job.photo, job.open_slip, lambda: call(job)]
    for deed in (*deeds, lambda: job.note(by=people.office), lambda: job.note(by=people.reviewer)):
        with refused("partnership_ended"):
            deed()
    assert len(sees(people.office, Entry)) == len(job.log)
