"""Who is on duty on pages without account, on the board, in the technician's day and where a job is given out (domain.md 14)."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from resources.models import DutySettings
from resources.operations.settings import Hours, save_settings
from tests import factories
from tests.people import act
from tests.resources.roster import Roster, around_now
from tests.tickets.driver import Job
from tickets.enums import TicketState

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "13800001111"


@pytest.fixture
def roster(people):
    made = Roster(people, now=timezone.now())
    made.add(
        "technician", around_now(), "custom", starts="00:00", ends="00:00", phone=NUMBER, deputy="second_technician"
    )
    return made


@pytest.fixture
def machine(people):
    return factories.machine(factories.customer(people.cs01), people.sf)


def show_to_public(people):
    defaults = DutySettings()
    hours = Hours(*(defaults.hours_of(kind) for kind in ("day", "night", "whole")))
    act(
        save_settings, viewer=people.admin, hours=hours, shows_makers=True, shows_public=True, expected_version=0, now=timezone.now()
    )  # fmt: skip


def public_pages(people, machine):
    """Sticker, report by sticker, the dealer's own code, and a ticket's progress."""
    client = Client()
    sent = client.post(
        f"/q/{machine.qr_code}/report",
        {
            "fault": "前端轴承有咯咯声,烫手",
            "urgency": "affected",
            "name": "张工",
            "phone": "13874651234",
            "step": "3",
            "op": "op1op1op1op1op1a",
        },
    )
    return [f"/q/{machine.qr_code}", f"/q/{machine.qr_code}/report", "/d/CS01", sent.url]


def test_customers_see_the_24_hour_number_only_until_the_dealer_allows_more(people, roster, machine):
    urls = public_pages(people, machine)
    for url in urls:
        html = Client().get(url).content.decode()
        assert "陈志强" not in html and NUMBER not in html, url
        assert 'href="tel:0731-88880000"' in html, url
    show_to_public(people)
    for url in urls:
        html = Client().get(url).content.decode()
        assert "陈志强" in html and f'href="tel:{NUMBER}"' in html and 'href="tel:0731-88880000"' in html, url
        assert "刘建军" not in html, url


def test_who_is_signed_in_elsewhere_is_told_the_same(people, roster, machine, sign_in):
    urls = public_pages(people, machine)
    show_to_public(people)
    for url in urls:
        answer = sign_in(people.stranger).get(url)
        assert answer.status_code == 200, url
        assert "陈志强" in answer.content.decode(), url


def test_another_dealers_pages_tell_nothing_of_it(people, roster):
    show_to_public(people)
    html = Client().get("/d/HF01").content.decode()
    assert "陈志强" not in html and NUMBER not in html


def test_the_board_says_who_is_on_duty(people, roster, sign_in):
    page = BeautifulSoup(sign_in(people.dispatcher).get("/").content, "html.parser")
    line = page.select_one(".on-duty").get_text(" ", strip=True)
    assert line.startswith(f"值班 陈志强 {NUMBER}") and "副值 刘建军" in line
    other = BeautifulSoup(sign_in(people.stranger).get("/").content, "html.parser")
    assert "陈志强" not in other.get_text()
    office = BeautifulSoup(sign_in(people.office).get("/").content, "html.parser")
    assert office.select(".on-duty") == []


def test_the_technicians_day_has_his_next_duty(people, roster, sign_in):
    page = BeautifulSoup(sign_in(people.second_technician).get("/tickets/day/").content, "html.parser")
    assert "我的值班" in page.select_one("aside").get_text() and "正在值班" in page.select_one("aside").get_text()


def test_who_gives_out_a_job_sees_who_is_on_duty(people, roster, sign_in):
    job = Job(people).to(TicketState.CONTACTED)
    page = BeautifulSoup(sign_in(people.dispatcher).get(f"/tickets/{job.key}/").content, "html.parser")
    leads = [label.get_text(" ", strip=True) for label in page.select("#dispatch label.choice, form#dispatch label")]
    assert any(words.startswith("陈志强") and words.endswith("值班") for words in leads), leads
