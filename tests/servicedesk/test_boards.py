"""The figures of the home boards are those of the lists behind them."""

from __future__ import annotations

from core import tenancy
from core.calendars import local
from servicedesk import boards
from tests.tickets.driver import Job
from tickets.enums import TicketState, Urgency
from tickets.queries import lists


def test_open_tickets_are_counted_by_state_urgency_and_partner(people):
    jobs = [Job(people).to(state) for state in (TicketState.CONTACTED, TicketState.CONTACTED, TicketState.IN_WORK)]
    Job(people).to(TicketState.CLOSED)
    with tenancy.acting(people.dispatcher):
        load, names = lists.load(people.dispatcher), lists.partner_names(people.dispatcher)
    makers = {job.ticket.manufacturer_id for job in jobs}
    assert load.by_state == {"contacted": 2, "in_work": 1}
    assert load.stopped == sum(job.ticket.urgency == Urgency.STOPPED for job in jobs)
    assert dict(load.by_partner) == dict.fromkeys(makers, 3)
    sent = jobs[-1].ticket.crew_ids
    assert sent
    assert dict(load.by_person) == dict.fromkeys(sent, 1)
    assert boards.by_partner(load, names) == [{"label": names[maker], "value": 3} for maker in makers]
    with tenancy.acting(people.stranger):
        assert lists.load(people.stranger).by_state == {}
    with tenancy.acting(people.reviewer):
        assert lists.load(people.reviewer).by_state == load.by_state
        assert lists.load(people.reviewer).by_person == {}


def test_finished_tickets_are_counted_in_their_month(people):
    done = Job(people).to(TicketState.CLOSED).ticket
    with tenancy.acting(people.dispatcher):
        months = boards.finished_by_month(people.dispatcher, done.finished_at)
    assert [item["value"] for item in months] == [0, 0, 0, 0, 0, 1]
    assert months[-1]["label"] == f"{local(done.finished_at):%Y-%m}"
