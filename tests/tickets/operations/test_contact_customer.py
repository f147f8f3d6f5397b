import pytest

from tests.people import refused
from tests.tickets.driver import Job
from tickets.enums import TicketState


@pytest.mark.parametrize("channel", ["phone", "wechat", "on_site"])
def test_whoever_spoke_with_the_customer_answers_the_report(people, channel):
    job = Job(people, source="wechat")
    job.contact(channel=channel, note=" 下午去看 ")
    ticket = job.ticket
    assert (ticket.state, ticket.contacted_at, ticket.contact_channel) == (TicketState.CONTACTED, job.clock, channel)
    assert (job.last.text, job.last.facts) == ("下午去看", {"channel": channel})


def test_an_unknown_channel_is_refused(people):
    with refused("choice_unknown", field="channel"):
        Job(people, source="wechat").contact(channel="pigeon")


def test_what_is_answered_is_not_answered_again(people):
    job = Job(people)
    with refused("wrong_state"):
        job.contact()
