"""Pages without account on a phone: without JavaScript, 360 px, nothing that the browser complains about (ui.md 3.10)."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.browser.conftest import PHONE, WCAG, overflow, small_targets
from tests.people import act
from tests.tickets.driver import Job
from tickets.enums import SlipState, TicketState
from tickets.models import Ticket
from tickets.operations import by_link


@pytest.fixture
def machine(people):
    """A machine with a sticker."""
    return factories.machine(factories.customer(people.cs01), people.sf, model="YE3-160M-4", serial_number="2603B0417")


def looked_at(page):
    """Nothing sticks out, everything can be hit with a thumb, and axe has nothing to say."""
    assert overflow(page) == []
    assert small_targets(page, 44) == []
    broken = Axe().run(page, options=WCAG).response["violations"]
    assert [item["id"] for item in broken] == []


def test_a_report_without_javascript(people, machine, open_context):
    page = open_context(PHONE, java_script_enabled=False).new_page()
    page.goto(f"/q/{machine.qr_code}")
    page.click(f"a[href='/q/{machine.qr_code}/report']")
    page.fill("[name=fault]", "前端轴承有咯咯声,烫手")
    page.click("form .primary")
    page.fill("[name=name]", "张工")
    page.fill("[name=phone]", "13874651234")
    page.press("[name=phone]", "Enter")  # goes on, not back
    page.click("form .primary")
    page.wait_for_url(re.compile(r"/t/[\w-]{32}"))
    assert factories.rows(Ticket)[0].number in page.content()


def test_signing_by_name_without_javascript(people, open_context):
    job = Job(people, at=timezone.now() - timedelta(hours=6)).to(TicketState.WAIT_SIGN)
    token = act(by_link.make_sign_link, viewer=people.technician, public_id=job.slip.public_id, now=timezone.now())
    page = open_context(PHONE, java_script_enabled=False).new_page()
    page.goto(f"/s/{token}")
    page.fill("[name=digits]", "1234")
    page.click("form .primary")
    page.check("[name=rating][value='5']", force=True)
    page.click("summary")
    page.fill("[name=signer]", "张建国")
    page.check("[name=confirmed]", force=True)
    page.click("form .primary")
    page.wait_for_selector(".note.good")
    assert (job.slip.state, job.slip.signature_kind) == (SlipState.SIGNED, "typed")


def test_drawing_the_signature(people, open_context):
    job = Job(people, at=timezone.now() - timedelta(hours=6)).to(TicketState.WAIT_SIGN)
    token = act(by_link.make_sign_link, viewer=people.technician, public_id=job.slip.public_id, now=timezone.now())
    page = open_context(PHONE).new_page()
    page.goto(f"/s/{token}")
    page.fill("[name=digits]", "1234")
    page.click("form .primary")
    page.check("[name=rating][value='4']", force=True)
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 30 + step * 15, box["y"] + 30 + (step % 3) * 14)
    page.mouse.up()
    page.click("form .primary")
    page.wait_for_selector(".note.good")
    assert (job.slip.state, job.slip.signature_kind) == (SlipState.SIGNED, "drawn")


def test_every_page_fits_a_phone(people, machine, open_context):
    job = Job(people, at=timezone.now() - timedelta(hours=6)).to(TicketState.WAIT_SIGN)
    signing = act(by_link.make_sign_link, viewer=people.technician, public_id=job.slip.public_id, now=timezone.now())
    done = Job(people, at=timezone.now() - timedelta(hours=6)).to(TicketState.WAIT_SIGN)
    slip = done.sign()
    progress = act(by_link.make_progress_link, viewer=people.dispatcher, public_id=job.key, now=timezone.now())
    page = open_context(PHONE).new_page()
    for address in (f"/q/{machine.qr_code}", f"/q/{machine.qr_code}/report", "/d/CS01", f"/t/{progress}", f"/p/{slip.proof_code}", f"/s/{signing}"):  # fmt: skip
        page.goto(address)
        looked_at(page)
        body = Client().get(address).content
        assert len(gzip.compress(body)) < 40_000
    page.fill("[name=digits]", "1234")
    page.click("form .primary")
    page.wait_for_selector("[name=rating]")
    looked_at(page)
