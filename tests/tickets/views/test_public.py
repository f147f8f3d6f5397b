"""Pages without account: sticker, report, progress, complaint (domain.md 18.4, ui.md 3.10)."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from core.models import Counter
from equipment.models import Customer, Machine
from equipment.operations.machines import scrap_machine
from tests import factories
from tests.people import act
from tests.tickets.driver import Job, picture
from tests.tickets.facts import told
from tickets.enums import Source, TicketState
from tickets.models import Entry, LinkTries, Photo, PublicLink, Ticket
from tickets.operations import by_link, tries

pytestmark = pytest.mark.django_db(transaction=True)

FAULT = {"fault": "前端轴承有咯咯声,烫手", "urgency": "affected"}
WHO = {"name": "张工", "phone": "13874651234"}


@pytest.fixture
def machine(people):
    """A machine of the dealer CS01 at its customer's."""
    return factories.machine(factories.customer(people.cs01), people.sf, model="YE3-160M-4", serial_number="2603B0417")


def send(client, machine, *, op="op1op1op1op1op1a", **more):
    """The last step of a report, with what the earlier ones carried along."""
    return client.post(f"/q/{machine.qr_code}/report", {**FAULT, **WHO, "step": "3", "op": op, **more})


def token_in(response):
    """The token of the progress page that a report leads to."""
    return re.fullmatch(r"/t/([\w-]{20,})\?new=1", response.url)[1]


def text_of(page):
    return page.content.decode()


def test_the_sticker_shows_model_dates_and_whom_to_call_and_nobodys_name(client, people, machine):
    page = client.get(f"/q/{machine.qr_code}")
    html = text_of(page)
    assert page.status_code == 200
    assert "YE3-160M-4" in html and "2603B0417" in html and 'href="tel:0731-88880000"' in html
    assert people.cs01.name in html and f"/q/{machine.qr_code}/report" in html
    customer = factories.rows(Customer)[0]
    assert customer.name not in html and customer.phone not in html and customer.contact not in html
    assert "sessionid" not in page.cookies


def test_three_plain_steps_become_a_ticket_of_the_dealer(client, people, machine):
    address = f"/q/{machine.qr_code}/report"
    assert client.get(address).status_code == 200
    second = client.post(address, {**FAULT, "step": "1", "op": "op1op1op1op1op1a"})
    assert second.status_code == 200 and 'name="phone"' in text_of(second)
    assert f'name="fault" value="{FAULT["fault"]}"' in text_of(second)
    third = client.post(address, {**FAULT, **WHO, "step": "2", "op": "op1op1op1op1op1a"})
    assert third.status_code == 200 and 'type="file"' in text_of(third) and WHO["phone"] in text_of(third)
    assert not factories.rows(Ticket)
    photo = SimpleUploadedFile("a.jpg", picture("故障"), "image/jpeg")
    done = send(client, machine, photos=photo)
    assert done.status_code == 302
    ticket = factories.rows(Ticket)[0]
    assert (ticket.dealer_id, ticket.source, ticket.state) == (people.cs01.pk, Source.QR, TicketState.NEW)
    assert (ticket.fault, ticket.reporter, ticket.reporter_phone) == (FAULT["fault"], "张工", "13874651234")
    assert ticket.customer_id == machine.customer_id
    assert len(factories.rows(Photo, ticket=ticket)) == 1
    entry = factories.rows(Entry, verb="report")[0]
    assert (entry.author_name, entry.author_tier) == ("张工", "outside")
    assert "New report by QR code" in told(people)["dispatcher"][0]
    page = client.get(done.url)
    assert page.status_code == 200 and ticket.number in text_of(page) and FAULT["fault"] in text_of(page)


def test_back_keeps_what_was_typed(client, machine):
    page = client.post(f"/q/{machine.qr_code}/report", {**FAULT, "step": "2", "op": "x", "back": "1"})
    assert page.status_code == 200 and FAULT["fault"] in text_of(page) and 'name="urgency"' in text_of(page)


def test_a_wrong_step_is_shown_again_with_what_is_wrong(client, machine):
    page = send(client, machine, fault="坏")
    assert page.status_code == 422 and "data-error-summary" in text_of(page)
    page = send(client, machine, phone="12")
    assert page.status_code == 422 and 'name="phone"' in text_of(page)
    assert not factories.rows(Ticket)


def test_the_same_form_sent_twice_is_one_report(client, machine):
    first, second = send(client, machine), send(client, machine)
    assert first.url == second.url
    assert len(factories.rows(Ticket)) == 1
    assert send(client, machine, op="anotheronehere1a").url != first.url


def test_the_same_key_at_another_sticker_is_another_report(client, people, machine):
    other = factories.machine(machine.customer, people.sf, model="WQ100-20-15")
    assert send(client, machine).url != send(client, other).url
    assert [row.model_summary for row in factories.rows(Ticket)] == ["YE3-160M-4", "WQ100-20-15"]


def test_a_scrapped_machine_says_so_and_takes_no_report(client, people, machine):
    act(scrap_machine, viewer=people.dispatcher, public_id=machine.public_id, now=timezone.now())
    html = text_of(client.get(f"/q/{machine.qr_code}"))
    assert "scrapped" in html or "报废" in html
    assert "/report" not in html
    assert send(client, machine).status_code == 410
    assert not factories.rows(Ticket)


def bomb():
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"<script>alert(1)</script>", b"%PDF-1.4 no picture", b"GIF89a" + b"\0" * 40, b"\xff\xd8\xff\xe0 cut", bomb()],
    ids=["html", "pdf", "gif", "cut off", "bomb"],
)
def test_what_is_no_picture_is_refused_and_nothing_is_written(client, machine, content):
    page = send(client, machine, photos=SimpleUploadedFile("a.jpg", content, "image/jpeg"))
    assert page.status_code == 422
    assert not factories.rows(Ticket) and not factories.rows(PublicLink)


def test_a_picture_that_is_also_something_else_is_kept_without_it(client, machine):
    polyglot = picture("故障") + b"<script>alert(1)</script>PK\x03\x04"
    assert send(client, machine, photos=SimpleUploadedFile("a.jpg", polyglot, "image/jpeg")).status_code == 302
    kept = factories.rows(Photo)[0].file
    with kept.open("rb") as file:
        assert b"script" not in file.read()


def test_more_than_six_photos_are_refused(client, machine):
    photos = [SimpleUploadedFile(f"{n}.jpg", picture("x"), "image/jpeg") for n in range(7)]
    assert send(client, machine, photos=photos).status_code == 422


def test_five_hundred_reports_from_one_address_are_refused(client, machine):
    """The first ones come in, then 429 with a sentence that says when; the counter is in PostgreSQL."""
    codes = []
    for number in range(500):
        if number == tries.REPORTS_OF_ADDRESS.most + 3:
            assert codes[-1] == 429
            break
        codes.append(send(client, machine, op=f"many{number:012d}").status_code)
    assert codes.count(302) == tries.REPORTS_OF_ADDRESS.most
    with factories.writing():
        LinkTries.objects.update(tries=500)
    page = send(client, machine, op="oncemoreoncemore")
    assert page.status_code == 429 and re.search(r"(\d+) (minutes|分钟)", text_of(page))
    assert len(factories.rows(Ticket)) == tries.REPORTS_OF_ADDRESS.most


def test_a_form_of_another_site_is_refused(machine):
    strict = Client(enforce_csrf_checks=True)
    assert send(strict, machine).status_code == 403
    assert not factories.rows(Ticket)


@pytest.mark.parametrize("address", ["/q/zzzzzzzzzzzzzzzz", "/t/" + "x" * 32, "/p/zzzzzzzzzzzzzzzz", "/s/" + "x" * 32, "/d/NO99", "/t/" + "x" * 300])  # fmt: skip
def test_an_unknown_address_is_a_clear_page(client, people, address):
    page = client.get(address)
    assert page.status_code == 404 and ("scan the code" in text_of(page) or "扫" in text_of(page))


def test_the_progress_tells_state_technician_and_time_but_no_notes_and_no_numbers(client, people):
    job = Job(people, at=timezone.now() - timedelta(hours=5)).to(TicketState.ARRIVED)
    job.note(text="客户很难缠", internal=True)
    token = act(by_link.make_progress_link, viewer=people.dispatcher, public_id=job.key, now=timezone.now())
    html = text_of(client.get(f"/t/{token}"))
    ticket = job.ticket
    assert ticket.number in html and people.technician.name in html and ticket.fault in html
    assert "客户很难缠" not in html and ticket.phone not in html and ticket.customer_name not in html
    assert people.technician.phone not in html
    assert html.count('class="done"') == 2 and html.count('class="now"') == 1


def test_the_progress_has_words_for_every_state(client, people):
    job = Job(people)
    token = act(by_link.make_progress_link, viewer=people.dispatcher, public_id=job.key, now=timezone.now())
    for state in TicketState:
        with factories.writing():
            Ticket._plain.filter(pk=job.ticket.pk).update(state=state, finished_at=timezone.now())
        assert client.get(f"/t/{token}").status_code == 200, state
    html = text_of(client.get(f"/t/{token}"))
    assert state is TicketState.TRANSFERRED and "已由另一家经销商接手您的报修" in html


def test_the_link_is_the_same_when_the_desk_asks_again_and_only_its_hash_is_kept(people):
    job = Job(people)
    tokens = {
        act(by_link.make_progress_link, viewer=people.dispatcher, public_id=job.key, now=timezone.now()) for _ in "12"
    }
    (token,) = tokens
    (link,) = factories.rows(PublicLink)
    assert len(token) >= 20 and token not in str(link.__dict__)


def test_the_link_ends_thirty_days_after_the_work(client, people):
    job = Job(people, at=timezone.now() - timedelta(days=1)).to(TicketState.DONE)
    token = act(by_link.make_progress_link, viewer=people.dispatcher, public_id=job.key, now=timezone.now())
    assert client.get(f"/t/{token}").status_code == 200
    with factories.writing():
        Ticket._plain.filter(pk=job.ticket.pk).update(finished_at=timezone.now() - timedelta(days=31))
    page = client.get(f"/t/{token}")
    assert page.status_code == 410 and "tel:0731-88880000" in text_of(page)
    assert client.post(f"/t/{token}/complain", {"text": "来得太晚了"}).status_code == 410


def test_a_complaint_marks_the_ticket_and_tells_the_desk(client, people):
    job = Job(people)
    token = act(by_link.make_progress_link, viewer=people.dispatcher, public_id=job.key, now=timezone.now())
    assert client.post(f"/t/{token}/complain", {"text": ""}).status_code == 422
    answer = client.post(f"/t/{token}/complain", {"text": "等了三天没人来"})
    assert answer.status_code == 302
    assert job.ticket.complained_at is not None
    entry = factories.rows(Entry, verb="complain")[0]
    assert (entry.text, entry.internal, entry.author_tier) == ("等了三天没人来", True, "outside")
    assert "等了三天没人来" in told(people)["dispatcher"][-1]
    for _again in range(2):
        client.post(f"/t/{token}/complain", {"text": "还是没人来"})
    assert client.post(f"/t/{token}/complain", {"text": "还是没人来"}).status_code == 429


def test_a_report_without_sticker_enters_customer_and_machine(client, people):
    data = {
        **FAULT, **WHO, "maker": people.sf.public_id, "product_type": "单级离心泵", "model": "IS100-80-160", "serial_number": "A1",
        "company": "长沙新厂(示例)", "address": "星沙工业园 8 栋", "step": "3", "op": "dealerdealerdeal",
    }  # fmt: skip
    assert "示范机电" in text_of(client.get("/d/cs01"))
    done = client.post("/d/CS01", data)
    assert done.status_code == 302
    ticket, customer = factories.rows(Ticket)[0], factories.rows(Customer)[0]
    assert (ticket.dealer_id, ticket.customer_id, customer.name) == (people.cs01.pk, customer.pk, "长沙新厂(示例)")
    again = client.post("/d/CS01", data | {"op": "dealerdealerdea2"})
    assert again.status_code == 302 and len(factories.rows(Customer)) == 1 and len(factories.rows(Machine)) == 1


def test_a_number_that_stands_elsewhere_is_not_told(client, people, machine):
    data = {
        **FAULT, **WHO, "maker": people.sf.public_id, "product_type": "单级离心泵", "model": "IS100-80-160",
        "serial_number": machine.serial_number, "company": "别家(示例)", "address": "别处的地址", "step": "3", "op": "dealerdealerdeal",
    }  # fmt: skip
    assert client.post("/d/CS01", data).status_code == 302
    made = next(row for row in factories.rows(Machine) if row.pk != machine.pk)
    assert made.serial_number == "" and machine.serial_number in made.note


def test_another_dealers_manufacturer_is_no_choice(client, people):
    data = {**FAULT, **WHO, "maker": people.hc.public_id, "product_type": "单级离心泵", "model": "X", "company": "别家", "address": "别处的地址", "step": "3"}  # fmt: skip
    assert client.post("/d/CS01", data).status_code == 422
    assert not factories.rows(Customer) and not factories.rows(Counter)
