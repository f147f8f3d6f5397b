"""What the list of slips is filtered by stands on the slip and follows its ticket (tickets/sql/slip_filters.sql)."""

from __future__ import annotations

import pytest

from tests import factories
from tests.tickets.driver import Job
from tickets.enums import TicketState
from tickets.models import Slip, Ticket


def kept(job: Job) -> tuple[str, str]:
    slip = factories.again(job.slip)
    return slip.city_key, slip.shown_technician


def change(job: Job, model: type[Ticket] | type[Slip], **values: str) -> None:
    row = job.ticket if model is Ticket else job.slip
    with factories.writing():
        assert model._base_manager.filter(pk=row.pk).update(**values) == 1


@pytest.fixture
def waiting(people):
    """A job in 永州 whose slip waits for the signature."""
    return Job(people, customer=factories.customer(people.cs01, city="永州市")).to(TicketState.WAIT_SIGN)


def test_before_the_signature_the_lead_is_shown_and_a_change_of_him_is_followed(people, waiting):
    assert waiting.slip.technician == ""
    assert kept(waiting) == ("永州", waiting.ticket.lead_name)
    change(waiting, Ticket, lead_name="刘建军")
    assert kept(waiting) == ("永州", "刘建军")


def test_a_frozen_slip_keeps_who_signed_and_follows_the_city(people, waiting):
    waiting.sign()
    signed_by = factories.again(waiting.slip).technician
    assert signed_by != ""
    change(waiting, Ticket, lead_name="刘建军", city="株洲市")
    assert kept(waiting) == ("株洲", signed_by)


def test_what_somebody_writes_into_them_is_put_right(people, waiting):
    change(waiting, Slip, city_key="别处", shown_technician="别人")
    assert kept(waiting) == ("永州", waiting.ticket.lead_name)


@pytest.mark.parametrize(
    ("city", "key"), [("长沙市", "长沙"), ("长沙", "长沙"), ("", ""), ("市中区", "市中区"), ("沙市", "沙")]
)
def test_a_city_is_found_with_and_without_its_last_character(people, waiting, city, key):
    change(waiting, Ticket, city=city)
    assert factories.again(waiting.ticket).city_key == key
    assert kept(waiting)[0] == key


def test_the_list_is_filtered_by_them(people, sign_in, waiting):
    number = waiting.slip.number
    desk = sign_in(people.dispatcher)
    lead = waiting.ticket.lead_name
    assert number in desk.get(f"/slips/?technician={lead}").content.decode()
    assert number in desk.get("/slips/?city=永州市").content.decode()
    assert number not in desk.get("/slips/?city=株洲").content.decode()
