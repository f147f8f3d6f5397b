"""Clocks count down on the page, by the server's time (ui.md 6, check 23)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from tests import factories
from tests.browser.conftest import DESK, PHONE
from tests.people import People, act
from tests.tickets.driver import Job
from tickets.enums import TicketState
from tickets.operations import hold_clocks

MINUTE = timedelta(minutes=1)


def job_of(people: People, ago: timedelta, state: str = TicketState.DISPATCHED) -> Job:
    """A job in the capital (four hours to be on site), reported some time ago."""
    customer = factories.customer(people.cs01, province="湖南省", city="长沙市", district="岳麓区")
    job = Job(people, customer=customer, at=timezone.now() - ago)
    job.dispatch(now=timezone.now())
    return job


def left(page: Page) -> int:
    """The minutes that the first clock of the page says are left."""
    words = page.locator("time[data-due]").first.text_content() or ""
    found = re.search(r"(\d+):(\d\d)", words)
    assert found, words
    return int(found[1]) * 60 + int(found[2])


@pytest.mark.parametrize("wrong", [-20, 0, 20])
@pytest.mark.parametrize("where", ["list", "ticket", "day"])
def test_it_re_words_itself_though_the_phones_clock_is_wrong(
    people: People, open_context: Callable[..., BrowserContext], enter: Any, where: str, wrong: int
) -> None:
    job = job_of(people, 60 * MINUTE)
    who = people.technician if where == "day" else people.dispatcher
    page = enter(open_context(PHONE if where == "day" else DESK), who).new_page()
    page.clock.install(time=timezone.now() + wrong * MINUTE)
    page.goto({"list": "/tickets/", "ticket": f"/tickets/{job.key}/", "day": "/tickets/day/"}[where])
    expect(page.locator("time[data-due]").first).to_contain_text("还剩")
    assert 177 <= left(page) <= 180
    page.clock.fast_forward("30:00")
    expect(page.locator("time[data-due]").first).to_have_text(re.compile(r"还剩 2:(2[789]|30)"))
    assert page.locator("time[data-due]").first.get_attribute("datetime")


def test_what_runs_out_while_one_looks_turns_red_and_says_so(people: People, desk: BrowserContext, enter: Any) -> None:
    job = job_of(people, 238 * MINUTE)
    page = enter(desk, people.dispatcher).new_page()
    page.clock.install(time=timezone.now())
    page.goto(f"/tickets/{job.key}/")
    chip = page.locator(".chip", has=page.locator("time[data-due]")).first
    expect(chip).to_have_class(re.compile("warning|active"))
    page.clock.fast_forward("10:00")
    expect(chip).to_have_class(re.compile(r"\bbad\b"))
    expect(chip).to_contain_text(re.compile(r"超时|已超"))
    assert "#triangle-alert" in (chip.locator("use").get_attribute("href") or "")


def test_a_pause_is_said_in_words(people: People, desk: BrowserContext, enter: Any) -> None:
    job = job_of(people, 10 * MINUTE)
    act(
        hold_clocks.hold,
        viewer=people.dispatcher,
        public_id=job.key,
        expected_version=None,
        reason="customer_stop",
        now=timezone.now(),
    )
    page = enter(desk, people.dispatcher).new_page()
    for address in ("/tickets/", f"/tickets/{job.key}/"):
        page.goto(address)
        expect(page.locator("main")).to_contain_text("暂停")
        assert page.locator("time[data-due]").count() == 0


def test_the_exact_time_is_its_title(people: People, desk: BrowserContext, enter: Any) -> None:
    job = job_of(people, 60 * MINUTE)
    page = enter(desk, people.dispatcher).new_page()
    page.goto("/tickets/")
    assert job.ticket.burns_at is not None
    wanted = timezone.localtime(job.ticket.burns_at).strftime("%Y-%m-%d %H:%M")
    expect(page.locator(".chip", has=page.locator("time[data-due]")).first).to_have_attribute("title", wanted)
