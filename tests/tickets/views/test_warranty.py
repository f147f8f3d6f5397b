"""Warranty on the pages of tickets, slips and machines, on their lists, and behind a machine's sticker."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories
from tests.people import sign_in
from tests.tickets.driver import Job, picture
from tests.warranty import policy
from tickets.enums import TicketState
from tickets.models import Evidence, Photo, WarrantyRequest

NOW = datetime.now(UTC)


@pytest.fixture
def job(people):
    """A job about a machine whose period ended ten days ago."""
    policy(people.hq_admin)
    customer = factories.customer(people.cs01)
    accepted = NOW.date() - timedelta(days=375)
    machine = factories.machine(customer, people.sf, accepted_on=accepted)
    return Job(people, customer=customer, machines=[machine], at=NOW - timedelta(hours=3))


def test_ticket_machine_and_lists_say_the_result_and_why(client, people, job):
    sign_in(client, people.dispatcher)
    page = client.get(f"/tickets/{job.key}/").content.decode()
    assert "保外(超期)" in page
    assert "怎么算的" in page
    key = factories.again(job.machines[0]).public_id
    assert "保外(超期)" in client.get(f"/machines/{key}/").content.decode()
    assert job.ticket.number in client.get("/tickets/?warranty=out_over").content.decode()
    assert job.ticket.number not in client.get("/tickets/?warranty=in").content.decode()


def test_the_sticker_tells_until_when(client, people, job):
    machine = factories.again(job.machines[0])
    page = client.get(f"/q/{machine.qr_code}").content.decode()
    assert "三包期已于" in page
    machine = factories.machine(job.customer, people.sf, accepted_on=NOW.date())
    page = client.get(f"/q/{machine.qr_code}").content.decode()
    assert "三包期至" in page
    assert "(含)" in page
    unknown = factories.machine(job.customer, people.sf)
    assert "三包期" not in client.get(f"/q/{unknown.qr_code}").content.decode()


def test_a_proof_is_added_and_withdrawn_on_the_ticket(client, people, job):
    sign_in(client, people.dispatcher)
    key = factories.again(job.machines[0]).public_id
    shot = SimpleUploadedFile("a.jpg", picture("proof"), content_type="image/jpeg")
    body = {"machine": key, "kind": "acceptance", "day": f"{NOW.date() - timedelta(days=30)}", "op": "proof-of-a-date"}
    wrong = client.post(f"/tickets/{job.key}/proof/", body | {"day": "", "photo": shot, "note": "验收单在抽屉里"})
    assert (wrong.status_code, "验收单在抽屉里" in wrong.content.decode()) == (422, True)
    shot.seek(0)
    assert client.post(f"/tickets/{job.key}/proof/", body | {"photo": shot}).status_code == 302
    (proof,) = factories.rows(Evidence)
    assert job.ticket.warranty == "in"
    page = client.get(f"/tickets/{job.key}/").content.decode()
    assert f"/photos/{factories.rows(Photo, id=proof.photo_id)[0].public_id}.jpg" in page
    assert client.post(f"/proofs/{proof.public_id}/withdraw/").status_code == 302
    assert job.ticket.warranty == "out_over"


def test_goodwill_from_the_offices_page_to_hqs_answer(client, people, job):
    sign_in(client, people.office)
    assert "提出照顾性保修" in client.get(f"/tickets/{job.key}/").content.decode()
    answer = client.post(f"/tickets/{job.key}/goodwill/", {"maker_percent": "80", "reason": "同批故障"})
    assert answer.status_code == 302
    (asked,) = factories.rows(WarrantyRequest)
    again = client.post(f"/tickets/{job.key}/goodwill/", {"maker_percent": "80", "reason": "还要一次"})
    assert (again.status_code, "还要一次" in again.content.decode()) == (422, True)
    sign_in(client, people.quality)
    page = client.get(f"/tickets/{job.key}/").content.decode()
    assert "同批故障" in page
    assert "80" not in page.split('id="warranty"')[1].split("</section>")[0]
    sign_in(client, people.reviewer)
    assert "80%" in client.get(f"/tickets/{job.key}/").content.decode()
    body = {"decision": "granted", "answer": "同意", "version": asked.version}
    assert client.post(f"/warranty-requests/{asked.public_id}/", body).status_code == 302
    assert job.ticket.warranty == "goodwill"


def test_a_slip_shows_office_and_hq_why_the_tick_differs(client, people, job):
    job.to(TicketState.IN_WORK)
    job.photograph()
    job.leave()
    job.complete(in_warranty="yes", warranty_reason="厂家电话同意按保内处理")
    for who in (people.dispatcher, people.office, people.reviewer, people.quality):
        sign_in(client, who)
        page = client.get(f"/slips/{job.slip.public_id}/").content.decode()
        assert "与系统判定不同" in page
        assert "厂家电话同意按保内处理" in page
    sign_in(client, people.technician)
    paper = client.get(f"/slips/{job.slip.public_id}/preview/?copy=dealer").content.decode()
    assert "厂家电话同意按保内处理" not in paper
    sign_in(client, people.office)
    assert job.slip.number in client.get("/slips/?warranty=out_over").content.decode()


def test_a_page_asks_for_judging_again(client, people, job):
    sign_in(client, people.technician)
    assert client.post(f"/tickets/{job.key}/warranty/").status_code == 404
    sign_in(client, people.dispatcher)
    assert client.post(f"/tickets/{job.key}/warranty/").status_code == 302


def test_the_workbook_has_the_column(client, people, job):
    import io

    import openpyxl

    sign_in(client, people.dispatcher)
    answer = client.post("/exports/tickets/")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "三包" in lines[0]
    assert lines[1][lines[0].index("三包")] == "保外(超期)"


def test_another_start_is_applied_for(client, people):
    policy(people.hq_admin)
    customer = factories.customer(people.cs01)
    machine = factories.machine(customer, people.sf, accepted_on=NOW.date(), ex_factory_on=date(2020, 1, 1))
    job = Job(people, customer=customer, machines=[machine], at=NOW - timedelta(hours=3))
    sign_in(client, people.dispatcher)
    body = {"machine": machine.public_id, "start_on": f"{NOW.date() - timedelta(days=5)}", "reason": "库存超期"}
    answer = client.post(f"/tickets/{job.key}/warranty-start/", body)
    assert (answer.status_code, "请先补上" in answer.content.decode()) == (422, True)
