"""The life of a request for support: dealer, office, headquarters (domain.md 7)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from core import jobs
from core.models import Job as JobRow
from partners.enums import Department, Role
from partners.operations import deputies
from tests import factories
from tests.people import act, refused, sees
from tests.tickets.driver import Job
from tests.tickets.facts import jobs_of, kinds_told, told
from tests.tickets.support import MOTOR, Support
from tickets.enums import EscalationState, TicketState
from tickets.models import Entry, Escalation, EscalationAnswer
from tickets.operations import escalate, support
from tickets.operations.support import Case
from tickets.queries import cases, escalations

E = EscalationState
pytestmark = pytest.mark.django_db(transaction=True)


def shown(people, who, person="reviewer", duty="电机"):
    return act(deputies.show_contact, viewer=who, person=people.person(person).public_id, duty=duty, now=factories.NOW)


def test_a_draft_is_the_dealers_alone_and_submitting_shares_the_ticket(people):
    job = Job(people, desk=people.stranger, lead=people.stranger_technician)
    request = Support(people, job)
    assert (request.row.state, request.row.number) == (E.DRAFT, "")
    assert sees(people.other_office, Escalation) == []
    request.submit()
    row = request.row
    assert (row.state, row.number, row.shared_with_maker) == (E.WAIT_OFFICE, "SJ-HF01-202606-0001", True)
    assert [one.pk for one in sees(people.other_office, Escalation)] == [row.pk]
    assert [one.pk for one in sees(people.other_reviewer, Escalation)] == [row.pk]
    for who in (people.office, people.reviewer, people.dispatcher):
        assert sees(who, Escalation) == []
    assert job.ticket.shared_with_maker
    assert job.ticket.supported_since == job.clock


def test_a_draft_is_thrown_away_and_a_new_one_begun(people):
    job = Job(people)
    request = Support(people, job)
    request.do(escalate.discard, people.dispatcher)
    assert factories.rows(Escalation) == []
    again = Support(people, job)
    again.submit()
    with refused("wrong_state"):
        again.do(escalate.discard, people.dispatcher)


def test_the_tickets_state_stays_and_the_flag_goes_with_the_end(people):
    job = Job(people).to(TicketState.IN_WORK)
    request = Support(people, job, by=people.technician)
    request.submit()
    assert (job.state, job.ticket.supported_since is not None) == (TicketState.IN_WORK, True)
    request.accept(people.office)
    request.answer(people.office)
    assert job.ticket.supported_since is not None
    request.do(escalate.confirm, people.technician, note="")
    assert (request.row.state, job.state, job.ticket.supported_since) == (E.CLOSED, TicketState.IN_WORK, None)


@pytest.mark.parametrize("words", ["坏了", "不转", "电机坏了,不转。", "设备有问题,急!"])
def test_words_that_say_nothing_are_refused(people, words):
    request = Support(people, phenomenon=words)
    with refused("phenomenon_poor", field="phenomenon"):
        request.submit()
    assert request.row.state == E.DRAFT


def test_readings_and_a_photo_are_wanted(people):
    with refused("readings_missing", field="r_current_v"):
        Support(people, readings={**MOTOR, "current_v": " "}).submit()
    with refused("photos_missing_here", field="photos"):
        Support(people, photos=[]).submit()


def test_a_ticket_has_one_open_request(people):
    request = Support(people)
    request.submit()
    with refused("escalation_open"):
        Support(people, request.job)
    request.do(escalate.withdraw, people.dispatcher, reason="已自行解决")
    assert Support(people, request.job).row.state == E.DRAFT


def test_limits_count_working_hours_and_stopped_production_does_not_wait(people):
    """Thursday 2026-06-11, 10:30: 2 working hours; Friday 16:45 into Monday; production stopped: 30 minutes around the clock."""
    request = Support(people)
    request.submit(now=datetime(2026, 6, 12, 8, 45, tzinfo=UTC))  # Friday 16:45 in Changsha
    assert request.row.due_at == datetime(2026, 6, 15, 1, 45, tzinfo=UTC)  # Monday 09:45
    stopped = Support(people, Job(people, urgency="stopped"))
    stopped.submit(now=datetime(2026, 6, 12, 14, 0, tzinfo=UTC))
    assert stopped.row.due_at == datetime(2026, 6, 12, 14, 30, tzinfo=UTC)
    stopped.accept(
        people.office, now=datetime(2026, 6, 12, 14, 10, tzinfo=UTC)
    )  # 22:10: 8 working hours from Monday 08:30
    assert stopped.row.due_at == datetime(2026, 6, 15, 8, 30, tzinfo=UTC)


def test_a_forward_names_one_person_and_his_deputy_when_he_is_away(people):
    contact = shown(people, people.hq_admin, "quality", "轴承")
    act(
        deputies.name_deputy, viewer=people.quality, person=people.person("quality").public_id,
        deputy=people.person("reviewer").public_id, first_day=date(2026, 6, 10), last_day=date(2026, 6, 13), now=factories.NOW,
    )  # fmt: skip
    request = Support(people)
    request.submit()
    with refused("colleague_unknown", field="to"):
        request.do(support.forward, people.office, to="", note="")
    request.do(support.forward, people.office, to=contact.public_id, note="轴电流,请品质部看")
    row = request.row
    assert (row.state, row.named, row.department) == (E.WAIT_HQ, "吴丽", Department.QUALITY)
    assert request.job.last.facts["instead_of"] == "钱进"
    with refused("wrong_state"):
        request.accept(people.office)
    with refused("not_allowed"):
        request.accept(people.finance)
    request.accept(people.reviewer)
    assert request.row.state == E.AT_HQ


def test_headquarters_passes_on_to_a_colleague_of_another_department(people):
    contact = shown(people, people.hq_admin)
    request = Support(people)
    request.submit()
    request.do(support.forward, people.office, to=contact.public_id, note="")
    request.accept(people.reviewer)
    request.do(support.pass_on, people.reviewer, to=people.person("quality").public_id, note="批次?")
    assert (request.row.state, request.row.named, request.row.department) == (E.WAIT_HQ, "钱进", Department.QUALITY)
    request.accept(people.quality)
    request.answer(people.quality)
    assert (request.row.state, request.row.answered_by_hq) == (E.ANSWERED, True)
    request.do(escalate.send_back, people.dispatcher, reason="换了还是响")
    assert request.row.state == E.AT_HQ
    request.answer(people.quality)
    assert len(factories.rows(EscalationAnswer)) == 2


def test_an_answer_is_never_text_alone(people):
    request = Support(people)
    request.submit()
    request.accept(people.office_engineer)
    for name, value, code in (
        ("text", " ", "answer_missing"), ("next_step", "", "next_step_missing"), ("next_person", "", "next_person_missing"),
        ("next_on", None, "next_on_missing"), ("next_on", date(2026, 6, 1), "next_on_past"),
    ):  # fmt: skip
        with refused(code, field=name):
            request.answer(people.office_engineer, **{name: value})
    assert request.row.state == E.AT_OFFICE


def test_without_an_office_it_goes_to_headquarters_at_once(people):
    with factories.writing():
        people.partnership.office = None
        people.partnership.save()
    request = Support(people)
    request.submit()
    assert (request.row.state, request.row.office_id) == (E.WAIT_HQ, None)
    request.accept(people.reviewer)
    assert request.row.state == E.AT_HQ


def today(people):
    """A request of the last hour, so that the worker finds no clock run out."""
    return Support(people, Job(people, at=timezone.now() - timedelta(hours=1)))


def test_who_is_told_what(people):
    request = today(people)
    request.submit()
    jobs.drain()
    assert kinds_told(people, "office") == kinds_told(people, "office_engineer") == ["escalation_came"]
    request.accept(people.office)
    request.answer(people.office)
    jobs.drain()
    assert kinds_told(people, "dispatcher") == ["escalation_accepted", "escalation_answered"]
    request.do(escalate.send_back, people.dispatcher, reason="还是响")
    jobs.drain()
    assert kinds_told(people, "office")[-1] == "escalation_sent_back"
    assert "13874" not in str(told(people))


def test_not_accepted_in_time_goes_to_the_superiors(people):
    request = today(people)
    request.submit()
    (watch,) = jobs_of("tickets.escalation_due")
    assert (watch.organisation_id, watch.run_at) == (people.sf_hn.pk, request.row.due_at)
    with factories.writing():
        JobRow.objects.unscoped("test").filter(pk=watch.pk).update(run_at=factories.NOW)
    jobs.drain()
    assert kinds_told(people, "office_admin") == ["escalation_not_accepted"]
    assert "escalation_not_accepted" in kinds_told(people, "office")


def test_accepted_in_time_tells_nobody_until_the_answer_is_late(people):
    request = today(people)
    request.submit()
    request.accept(people.office)
    with factories.writing():
        JobRow.objects.unscoped("test").filter(kind="tickets.escalation_due").update(run_at=factories.NOW)
    watches = jobs_of("tickets.escalation_due")
    jobs.drain()
    assert len(watches) == 2
    assert kinds_told(people, "office_admin") == ["escalation_not_answered"]  # only the second clock has run out


def test_a_stale_page_is_refused_and_tells_who_was_faster(people):
    request = Support(people)
    request.submit()
    version = request.row.version
    request.accept(people.office)
    with pytest.raises(Exception) as caught:
        request.do(
            support.pass_on,
            people.office_engineer,
            to=people.person("office").public_id,
            note="",
            expected_version=version,
        )
    assert (caught.value.code, caught.value.params["who"]) == ("stale", "郭伟")


def test_merging_needs_another_of_the_same_dealer(people):
    first, second = Support(people), Support(people)
    first.submit()
    second.submit()
    stranger = Support(people, Job(people, desk=people.stranger, lead=people.stranger_technician))
    stranger.submit()
    with refused("escalation_target", field="target"):
        second.do(support.merge, people.office, target=stranger.key, reason="同一故障")
    second.do(support.merge, people.office, target=first.key, reason="同一故障")
    assert (second.row.state, second.row.merged_into_id) == (E.MERGED, first.row.pk)
    assert (second.job.ticket.supported_since, first.job.ticket.supported_since is not None) == (None, True)


def test_every_step_stands_on_the_timeline(people):
    request = Support(people).solved()
    verbs = [entry.verb for entry in factories.rows(Entry, kind="fact")]
    assert [verb for verb in verbs if verb.startswith("support")] == [
        "support_submit", "support_accept", "support_answer", "support_confirm",
    ]  # fmt: skip
    latest = act(escalations.story, viewer=people.dispatcher, escalation=request.row)[0]
    assert latest.verb == "support_confirm"


def test_a_technician_sees_only_requests_of_his_jobs(people):
    mine = Support(people, Job(people).to(TicketState.DISPATCHED))
    Support(people)
    found = act(escalations.seen_by, viewer=people.technician)
    with factories.writing():
        assert [row.public_id for row in found] == [mine.key]


def test_solved_cases_are_found_by_model_and_words_and_published_without_names(people):
    request = Support(people).solved()
    for who, n in (
        (people.dispatcher, 1),
        (people.office, 1),
        (people.reviewer, 1),
        (people.stranger, 0),
        (people.other_reviewer, 0),
    ):
        assert len(act(cases.search, viewer=who, q="绝缘轴承 异响")) == n
    assert act(cases.search, viewer=people.office, q="绝缘轴承", model="LG") == []
    customer = request.job.ticket.customer_name
    words = Case("三相异步电动机", "YE3-160M-4", "轴承搓衣板纹", "轴电流", f"{customer}:换绝缘轴承")
    with refused("case_names_somebody", field="cure"):
        act(support.publish_case, viewer=people.reviewer, public_id=request.key, case=words, now=request.job.clock)
    good = Case("三相异步电动机", "YE3-160M-4", "轴承搓衣板纹", "轴电流", "换绝缘轴承,加接地碳刷")
    made = act(support.publish_case, viewer=people.reviewer, public_id=request.key, case=good, now=request.job.clock)
    with refused("not_allowed"):
        act(support.publish_case, viewer=people.office, public_id=request.key, case=good, now=request.job.clock)
    other = factories.dealer()
    factories.partnership(other, people.sf)
    reader = factories.viewer(factories.person(other, Role.DISPATCHER))
    assert [one.cure for one in act(cases.search, viewer=reader, q="接地碳刷")] == ["换绝缘轴承,加接地碳刷"]
    assert act(cases.search, viewer=people.stranger, q="接地碳刷") == []
    act(support.withdraw_case, viewer=people.reviewer, public_id=made.public_id, now=request.job.clock)
    assert act(cases.search, viewer=reader, q="接地碳刷") == []


def test_the_day_after_a_leave_the_contact_himself_is_named(people):
    contact = shown(people, people.hq_admin, "quality")
    act(
        deputies.name_deputy, viewer=people.hq_admin, person=people.person("quality").public_id,
        deputy=people.person("reviewer").public_id, first_day=date(2026, 6, 11), last_day=date(2026, 6, 11), now=factories.NOW,
    )  # fmt: skip
    request = Support(people)
    request.submit()
    request.do(
        support.forward, people.office, to=contact.public_id, note="", now=datetime(2026, 6, 12, 3, 0, tzinfo=UTC)
    )
    assert request.row.named == "钱进"
