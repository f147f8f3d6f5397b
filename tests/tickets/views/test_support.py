"""Pages of requests for support, referrals, solved cases and the three levels."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests import factories
from tests.people import act
from tests.tickets.driver import Job, picture
from tests.tickets.support import MOTOR, PHENOMENON, Support, case, refer, ticket_of
from tickets.enums import EscalationState, ReferralState, TicketState
from tickets.models import Escalation, Referral
from tickets.operations import refer_ticket

pytestmark = pytest.mark.django_db(transaction=True)


def form_of(job, **changes):
    readings = {f"r_{code}": value for code, value in MOTOR.items()}
    return {
        "version": "0", "reason": "technical", "phenomenon": PHENOMENON, "checked": "紧固接线", "wanted": "phone", "batch": "2603B",
        "machine": str(job.on_ticket[0].pk), "down_hours": "2.5", "then": "submit", **readings, **changes,
    }  # fmt: skip


def test_the_form_sends_with_a_new_photo(people, sign_in):
    job = Job(people)
    client = sign_in(people.dispatcher)
    page = client.get(f"/tickets/{job.key}/escalate/").content.decode()
    assert "current U" not in page
    assert "U 相电流" in page
    shot = SimpleUploadedFile("x.jpg", picture("现象"), content_type="image/jpeg")
    answer = client.post(f"/tickets/{job.key}/escalate/", form_of(job, new_photos=shot))
    (row,) = factories.rows(Escalation)
    assert (answer.status_code, answer["Location"]) == (302, f"/escalations/{row.public_id}/")
    assert (row.state, row.readings["current_w"], str(row.down_hours), len(row.photo_ids)) == (
        EscalationState.WAIT_OFFICE,
        "35",
        "2.5",
        1,
    )
    assert "厂家支持中" in client.get(f"/tickets/{job.key}/").content.decode()
    assert "支持" in client.get("/").content.decode()


def test_the_form_says_what_to_write_and_loses_nothing(people, sign_in):
    job = Job(people)
    client = sign_in(people.technician) if job.to(TicketState.DISPATCHED) else None
    assert client is not None
    answer = client.post(f"/tickets/{job.key}/escalate/", form_of(job, phenomenon="坏了", r_current_v=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "28/29/35 A" in page
    assert "至少一张照片" in page
    assert "\n坏了</textarea>" in page
    assert 'value="35"' in page
    assert factories.rows(Escalation) == []


def test_a_draft_is_kept_and_written_on(people, sign_in):
    job = Job(people)
    client = sign_in(people.dispatcher)
    client.post(f"/tickets/{job.key}/escalate/", form_of(job, then="save", phenomenon="坏了", r_current_u=""))
    (row,) = factories.rows(Escalation)
    assert row.state == EscalationState.DRAFT
    assert "坏了" in client.get(f"/tickets/{job.key}/escalate/").content.decode()
    assert client.post(f"/tickets/{job.key}/escalate/", form_of(job, then="save", version="7")).status_code == 409
    client.post(f"/tickets/{job.key}/escalate/", form_of(job, then="save", version="1"))
    assert factories.again(row).phenomenon == PHENOMENON


def test_the_queue_shows_first_what_burns_and_accepts_from_the_row(people, sign_in):
    at = timezone.now() - timedelta(minutes=10)
    plain, stopped = Support(people, Job(people, at=at)), Support(people, Job(people, at=at, urgency="stopped"))
    for request in (plain, stopped):
        request.submit(now=timezone.now())
    client = sign_in(people.office)
    page = client.get("/escalations/").content.decode()
    assert page.index(stopped.row.number) < page.index(plain.row.number)
    answer = client.post(
        f"/escalations/{stopped.key}/accept/", {"version": stopped.row.version, "next": "/escalations/"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/escalations/")
    assert stopped.row.state == EscalationState.AT_OFFICE
    late = sign_in(people.office_engineer).post(
        f"/escalations/{stopped.key}/accept/", {"version": stopped.row.version - 1}
    )
    assert late.status_code == 409
    assert "郭伟" in late.content.decode()


def test_an_answer_goes_to_the_dealer_who_confirms(people, sign_in):
    request = Support(people)
    request.submit()
    request.accept(people.office)
    url = f"/escalations/{request.key}/answer/"
    client = sign_in(people.office)
    bad = client.post(url, {"version": request.row.version, "text": "先测轴电压"})
    assert (bad.status_code, "先测轴电压" in bad.content.decode()) == (422, True)
    day = f"{timezone.now() + timedelta(days=5):%Y-%m-%d}"
    good = {
        "version": request.row.version,
        "text": "先测轴电压",
        "next_step": "发绝缘轴承",
        "next_person": "方梅",
        "next_on": day,
    }
    assert client.post(url, good).status_code == 302
    client = sign_in(people.dispatcher)
    page = client.get(f"/escalations/{request.key}/").content.decode()
    assert "先测轴电压" in page
    assert "发绝缘轴承" in page
    assert (
        client.post(f"/escalations/{request.key}/confirm/", {"version": request.row.version, "note": ""}).status_code
        == 302
    )
    assert request.row.state == EscalationState.CLOSED
    assert "先测轴电压" in client.get("/cases/?q=轴电压").content.decode()


def test_departments_see_no_number_and_foreigners_nothing(people, sign_in):
    request = Support(people)
    request.submit()
    phone = request.job.ticket.phone
    for who in (people.quality, people.office, people.reviewer):
        page = sign_in(who).get(f"/escalations/{request.key}/")
        assert page.status_code == 200
        assert phone not in page.content.decode()
    for who in (people.stranger, people.other_office, people.other_reviewer):
        assert sign_in(who).get(f"/escalations/{request.key}/").status_code == 404


def test_the_hotline_refers_and_the_dealer_accepts(people, sign_in):
    client = sign_in(people.call_centre)
    page = client.get("/referrals/new/").content.decode()
    assert "长沙瑞启" in page
    assert "长沙瑞启" in client.get("/referrals/dealers/", {"province": "湖南省"}).content.decode()
    facts = case()
    kind = factories.words("product_type")[0]
    typed = {
        "phone": facts.phone, "customer_name": facts.customer_name, "province": "湖南省", "city": "永州市", "address": "石场路 8 号",
        "product_type": "三相异步电动机", "model": "YE3-200L-4", "fault": facts.fault, "urgency": "stopped", "serial_number": "2601H0777",
    }  # fmt: skip
    assert kind
    without = client.post("/referrals/new/", typed)
    assert without.status_code == 422
    answer = client.post("/referrals/new/", typed | {"dealer": people.cs01.public_id})
    (row,) = factories.rows(Referral)
    assert answer["Location"] == f"/referrals/{row.public_id}/"
    ticket = ticket_of(row)
    assert facts.customer_name in client.get("/referrals/?q=2601H0777").content.decode()
    assert facts.customer_name in client.get("/referrals/lookup/?phone=13874650001").content.decode()
    known = factories.customer(people.cs01, phone="13874650001", name="老客户(示例)")
    desk = sign_in(people.dispatcher)
    assert ticket.number in desk.get("/").content.decode()
    page = desk.get(f"/tickets/{ticket.public_id}/act/contact/").content.decode()
    assert "老客户(示例)" in page
    done = desk.post(
        f"/tickets/{ticket.public_id}/act/contact/",
        {"version": factories.again(ticket).version, "channel": "phone", "customer": known.public_id, "note": ""},
    )
    assert done.status_code == 302
    assert (factories.again(row).state, factories.again(ticket).customer_id) == (ReferralState.ACCEPTED, known.pk)


def test_headquarters_decides_on_a_transfer_from_the_page(people, sign_in):
    referral = refer(people, people.call_centre, people.cs01)
    ticket = ticket_of(referral)
    act(
        refer_ticket.ask_transfer, viewer=people.dispatcher, public_id=ticket.public_id,
        expected_version=factories.again(ticket).version, reason="不在我区域", now=timezone.now(),
    )  # fmt: skip
    client = sign_in(people.reviewer)
    assert "不在我区域" in client.get(f"/referrals/{referral.public_id}/").content.decode()
    version = factories.again(referral).version
    url = f"/referrals/{referral.public_id}/insist/"
    assert client.post(url, {"version": version, "reason": ""}).status_code == 422
    assert client.post(url, {"version": version, "reason": "只有你有授权"}).status_code == 302
    assert client.post(url, {"version": version, "reason": "又"}).status_code == 409


def test_the_three_levels_show_each_only_what_it_may(people, sign_in):
    Support(people).submit()
    foreign = Support(people, Job(people, desk=people.stranger, lead=people.stranger_technician))
    foreign.submit()
    for who in (people.dispatcher, people.office, people.reviewer):
        page = sign_in(who).get("/levels/").content.decode()
        assert page.count('<strong class="num">1</strong>') >= 2
        assert '<strong class="num">2</strong>' not in page
