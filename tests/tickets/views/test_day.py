"""The technician's day, his home."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.tickets.driver import Job
from tickets.enums import TicketState

DAY = "/tickets/day/"


@pytest.fixture
def fresh(people):
    """A job reported a moment ago; `at` is when."""
    return lambda **more: Job(people, **{"at": timezone.now() - timedelta(minutes=30), **more})


def test_a_free_day_says_so(people, sign_in):
    page = sign_in(people.technician).get(DAY)
    assert page.status_code == 200
    assert "今天没有派给你的工单" in page.content.decode()


def test_the_next_job_is_on_top_with_the_button_of_its_next_state(people, sign_in, fresh):
    job = fresh().to(TicketState.DISPATCHED)
    page = sign_in(people.technician).get(DAY)
    card = page.context["first"]
    assert (card.ticket.public_id, str(card.button.label), card.button.url) == (
        job.key,
        "接单",
        reverse("tickets:step", args=[job.key, "accept"]),
    )
    html = page.content.decode()
    assert f'href="tel:{job.ticket.phone}"' in html and 'href="geo:0,0?q=' in html


def test_what_he_is_at_comes_before_what_is_late_and_what_is_new(people, sign_in, fresh):
    late = fresh(at=timezone.now() - timedelta(days=2)).to(TicketState.DISPATCHED)
    new = fresh(urgency="stopped").to(TicketState.DISPATCHED)
    at_it = fresh().to(TicketState.ARRIVED)
    waiting = fresh(at=timezone.now() - timedelta(days=3)).to(TicketState.WAIT_PART)
    page = sign_in(people.technician).get(DAY)
    assert page.context["first"].ticket.public_id == at_it.key
    groups = [(str(label), [card.ticket.public_id for card in cards]) for label, cards in page.context["groups"]]
    assert groups == [("超时", [late.key]), ("今天", [new.key]), ("之后", [waiting.key])]


def test_an_appointment_of_another_day_is_for_later_and_a_missed_one_is_late(people, sign_in, fresh):
    tomorrow = fresh().to(TicketState.CONTACTED)
    tomorrow.appoint(appointment_at=timezone.now() + timedelta(days=1))
    tomorrow.dispatch()
    page = sign_in(people.technician).get(DAY)
    assert page.context["first"].ticket.public_id == tomorrow.key
    assert not page.context["first"].late


def test_a_companion_sees_the_job_marked_and_without_the_leads_button(people, sign_in, fresh):
    fresh(companions=[people.second_technician]).to(TicketState.DISPATCHED)
    card = sign_in(people.second_technician).get(DAY).context["first"]
    assert (card.companion, card.button) == (True, None)


def test_drafts_are_counted_and_finished_jobs_listed(people, sign_in, fresh):
    fresh().to(TicketState.IN_WORK).save()
    done = fresh(at=timezone.now() - timedelta(hours=4)).to(TicketState.DONE)
    page = sign_in(people.technician).get(DAY)
    assert page.context["drafts"] == 1
    assert [slip.number for slip in page.context["finished"]] == [done.slip.number]


def test_another_technician_sees_nothing_of_it(people, sign_in, fresh):
    fresh().to(TicketState.DISPATCHED)
    assert sign_in(people.second_technician).get(DAY).context["empty"]


@pytest.mark.parametrize("who", ["dispatcher", "office", "reviewer"])
def test_it_is_the_technicians_page(people, sign_in, who):
    assert sign_in(getattr(people, who)).get(DAY).status_code == 403
