"""Prepared queries, kept rows and the kept frame: drawn or compiled once, and still everybody's own."""

from __future__ import annotations

import pytest
from django.test import override_settings

from core.prepared import Prepared
from tests.people import sign_in
from tests.tickets.driver import Job
from tickets.enums import TicketState
from tickets.models import Trip
from tickets.queries import tickets


@pytest.fixture
def job(people):
    return Job(people).to(TicketState.IN_WORK)


def test_it_answers_as_the_plain_query_for_every_tier(people, job):
    from core import tenancy

    ticket = job.ticket
    for who in (people.dispatcher, people.office, people.reviewer, people.stranger):
        with tenancy.acting(who):
            plain = list(Trip.objects.visible_to(who).filter(ticket=ticket).order_by("round", "sequence"))
            for _again in range(2):
                assert tickets.trips(who, ticket) == plain
            with override_settings(ISOLATION_LAYER_1_OFF=True):
                assert tickets.trips(who, ticket) == plain
    with tenancy.acting(people.dispatcher):
        assert len(tickets.trips(people.dispatcher, ticket)) == 1


def test_a_query_that_is_not_narrowed_is_refused(people):
    wide = Prepared(lambda viewer, ticket: Trip.objects.visible_to(viewer).order_by("id"))
    with pytest.raises(TypeError, match="Trip"):
        wide(people.dispatcher, 1)


def test_the_kept_frame_is_the_persons_own(people, job, client):
    pages = {}
    for name in ("dispatcher", "admin", "stranger_admin"):
        sign_in(client, getattr(people, name))
        pages[name] = [client.get("/me/").content.decode(), client.get("/notices/?x=%22%3E").content.decode()]
    for name, (me, other) in pages.items():
        assert getattr(people, name).name in me and getattr(people, name).name in other
        assert 'name="next" value="/me/"' in me
        assert 'name="next" value="/notices/?x=%22%3E"' in other
        assert "ComesHere" not in me + other
    assert 'aria-current="page"' in pages["admin"][0]


def test_a_row_that_changed_is_drawn_again(people, job, client):
    sign_in(client, people.dispatcher)
    before = client.get("/tickets/").content.decode()
    assert job.ticket.number in before and "处理中" in before
    job.leave()
    job.wait_part()
    after = client.get("/tickets/").content.decode()
    assert "待配件" in after
    client.post("/language/", {"language": "en", "next": "/tickets/"})
    assert "处理中" not in client.get("/tickets/").content.decode()
