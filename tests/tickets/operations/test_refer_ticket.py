"""A referral from the hotline to a dealer, and to another one (domain.md 6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import jobs
from equipment.models import Customer, Machine
from partners.enums import Role
from partners.models import Partnership
from tests import factories
from tests.people import act, refused, sees
from tests.tickets.driver import T0
from tests.tickets.facts import kinds_told
from tests.tickets.support import case, refer, ticket_of
from tickets.enums import ReferralState, Source, TicketState
from tickets.models import Referral, Ticket
from tickets.operations import dispatch, finish_ticket, refer_ticket
from tickets.queries import referrals

R = ReferralState
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def second(people):
    """Another dealer of SF, in another region without office, and his dispatcher."""
    dealer = factories.dealer("ZZ09")
    factories.partnership(dealer, people.sf, level="2")
    return dealer, factories.viewer(factories.person(dealer, Role.DISPATCHER))


def contact(who, ticket, **more):
    return act(
        dispatch.contact_customer, viewer=who, public_id=ticket.public_id, expected_version=factories.again(ticket).version,
        channel="phone", note="", now=T0 + timedelta(hours=1), **more,
    )  # fmt: skip


def ask(who, ticket, reason="不在我区域"):
    return act(
        refer_ticket.ask_transfer, viewer=who, public_id=ticket.public_id, expected_version=factories.again(ticket).version,
        reason=reason, now=T0 + timedelta(minutes=20),
    )  # fmt: skip


def test_it_becomes_a_ticket_of_the_dealer_shared_from_birth(people):
    referral = refer(people, people.call_centre, people.cs01)
    assert (referral.state, sees(people.dispatcher, Ticket)) == (R.SENT, [])
    ticket = ticket_of(referral)
    again = factories.again(referral)
    assert (ticket.state, ticket.source, ticket.shared_with_maker) == (TicketState.NEW, Source.HQ_REFERRAL, True)
    assert ticket.reported_at == again.arrived_at > referral.sent_at
    assert ticket.customer_reported_at == T0 - timedelta(minutes=40)
    assert (ticket.recorded_by, ticket.referred_by) == ("江月", "示范机电 · 江月")
    assert (ticket.customer_name, ticket.phone, again.state) == ("永州新世纪破碎(示例)", "13874650001", R.ARRIVED)
    (customer,) = factories.rows(Customer, dealer=people.cs01)
    (machine,) = factories.rows(Machine, dealer=people.cs01)
    assert (customer.name, machine.serial_number, machine.host_model) == (
        "永州新世纪破碎(示例)",
        "2601H0777",
        "破碎机 PE400",
    )
    assert kinds_told(people, "dispatcher") == ["ticket_referred"]


def test_only_its_own_side_sees_it(people):
    referral = refer(people, people.office, people.cs01)
    ticket_of(referral)
    for who in (people.office, people.reviewer, people.dispatcher):
        assert [row.pk for row in sees(who, Referral)] == [referral.pk]
    for who in (people.stranger, people.other_office, people.other_reviewer):
        assert sees(who, Referral) == []
    assert factories.rows(Ticket)[0].source == Source.OFFICE_REFERRAL
    with refused("dealer_missing", field="dealer"):
        refer(people, people.call_centre, people.hf01)
    with refused("not_allowed"):
        refer(people, people.quality, people.cs01)


def test_arriving_twice_is_one_ticket(people):
    referral = refer(people, people.call_centre, people.cs01)
    ticket_of(referral)
    dealer = factories.viewer(people.person("dispatcher"))
    assert act(refer_ticket.receive_referral, viewer=dealer, referral_id=referral.pk, now=T0) is None
    assert len(factories.rows(Ticket)) == 1


def test_a_known_machine_keeps_its_customer_a_known_number_is_offered(people):
    known = factories.customer(people.cs01, phone="13874650001")
    machine = factories.machine(factories.customer(people.cs01), people.sf, serial_number="2601H0777")
    assert ticket_of(refer(people, people.call_centre, people.cs01)).customer_id == machine.customer_id
    ticket = ticket_of(refer(people, people.call_centre, people.cs01, serial_number=""))
    assert ticket.customer_id not in (known.pk, machine.customer_id)
    assert act(referrals.known_customers, viewer=people.dispatcher, ticket=ticket) == [known]
    contact(people.dispatcher, ticket, customer=known.public_id)
    assert factories.again(ticket).customer_id == known.pk
    assert factories.rows(Customer, active=False)[0].name == "永州新世纪破碎(示例)"


def test_contacting_the_customer_is_accepting_it(people):
    referral = refer(people, people.office, people.cs01)
    ticket = ticket_of(referral)
    contact(people.dispatcher, ticket)
    assert factories.again(referral).state == R.ACCEPTED
    jobs.drain()
    assert kinds_told(people, "office") == ["referral_accepted"]


def test_it_cannot_be_refused(people):
    ticket = ticket_of(refer(people, people.call_centre, people.cs01))
    with refused("not_allowed"):
        act(
            finish_ticket.cancel_ticket, viewer=people.dispatcher, public_id=ticket.public_id, expected_version=None,
            reason="不接", now=T0,
        )  # fmt: skip
    with refused("reason_missing"):
        ask(people.dispatcher, ticket, " ")
    ask(people.dispatcher, ticket)
    row = factories.again(ticket)
    assert (row.state, row.transfer_asked_at) == (TicketState.NEW, T0 + timedelta(minutes=20))
    jobs.drain()
    assert kinds_told(people, "call_centre") == ["referral_asked"]


def test_headquarters_insists_with_a_reason(people):
    referral = refer(people, people.call_centre, people.cs01)
    ticket = ticket_of(referral)
    ask(people.dispatcher, ticket)
    version = factories.again(referral).version
    with refused("reason_missing"):
        act(
            refer_ticket.insist,
            viewer=people.call_centre,
            public_id=referral.public_id,
            expected_version=version,
            reason="",
            now=T0,
        )
    act(
        refer_ticket.insist,
        viewer=people.call_centre,
        public_id=referral.public_id,
        expected_version=version,
        reason="只有你有授权",
        now=T0,
    )
    assert (factories.again(referral).state, factories.again(ticket).transfer_asked_at) == (R.ARRIVED, None)
    jobs.drain()
    assert kinds_told(people, "dispatcher")[-1] == "referral_insisted"
    with refused("stale"):
        act(
            refer_ticket.insist,
            viewer=people.office,
            public_id=referral.public_id,
            expected_version=version,
            reason="x",
            now=T0,
        )


def test_the_first_ticket_ends_only_when_the_other_dealer_has_accepted(people, second):
    dealer, dispatcher = second
    referral = refer(people, people.call_centre, people.cs01)
    ticket = ticket_of(referral)
    ask(people.dispatcher, ticket)
    further = act(
        refer_ticket.redirect_referral, viewer=people.call_centre, public_id=referral.public_id,
        expected_version=factories.again(referral).version, dealer=dealer.public_id, reason="永州归他", now=T0 + timedelta(minutes=30),
    )  # fmt: skip
    other = ticket_of(further)
    assert (factories.again(referral).state, factories.again(ticket).state) == (R.REDIRECTED, TicketState.NEW)
    assert (other.dealer_id, other.state, other.customer_reported_at) == (
        dealer.pk,
        TicketState.NEW,
        ticket.customer_reported_at,
    )
    assert other.reported_at > ticket.reported_at
    assert [row.pk for row in sees(dispatcher, Referral)] == [further.pk]
    assert [row.pk for row in sees(people.dispatcher, Referral)] == [referral.pk]
    assert [row.pk for row in sees(people.office, Referral)] == [referral.pk]
    contact(dispatcher, other)
    jobs.drain()
    ended = factories.again(ticket)
    assert (ended.state, ended.closed_at is not None) == (TicketState.TRANSFERRED, True)
    assert (factories.again(referral).state, factories.again(further).state) == (R.TRANSFERRED, R.ACCEPTED)
    assert kinds_told(people, "dispatcher")[-1] == "ticket_transferred"
    act(refer_ticket.end_as_transferred, viewer=people.dispatcher, referral_id=referral.pk, now=T0)  # twice is once
    assert factories.again(ticket).version == ended.version


def test_a_dealer_has_a_case_once(people, second):
    dealer, _dispatcher = second
    referral = refer(people, people.call_centre, people.cs01)
    ask(people.dispatcher, ticket_of(referral))
    with refused("dealer_missing", field="dealer"):
        act(
            refer_ticket.redirect_referral, viewer=people.call_centre, public_id=referral.public_id, expected_version=None,
            dealer=people.cs01.public_id, reason="", now=T0,
        )  # fmt: skip
    with refused("dealer_missing", field="dealer"):  # the other dealer is not of the office's region
        act(
            refer_ticket.redirect_referral, viewer=people.office, public_id=referral.public_id, expected_version=None,
            dealer=dealer.public_id, reason="", now=T0,
        )  # fmt: skip


def test_the_form_proposes_dealers_and_says_why(people, second):
    dealer, _dispatcher = second
    line, other_line = factories.product_line(people.sf), factories.product_line(people.sf)
    with factories.writing():
        Partnership.objects.unscoped("test").filter(pk=people.partnership.pk).update(districts=["431100"])
    where = referrals.Place("湖南省", "永州市", "冷水滩区")
    first, last = act(referrals.candidates, viewer=people.call_centre, place=where, line=line)
    assert (first.name, first.fits, last.name, last.fits) == ("长沙瑞启", True, dealer.name, True)
    away = act(
        referrals.candidates, viewer=people.call_centre, place=referrals.Place("安徽省", "合肥市"), line=other_line
    )
    assert [(one.name, one.fits) for one in away] == [(dealer.name, True), ("长沙瑞启", False)]
    assert (away[1].reasons[0][0], "永州市" in away[1].reasons[0][1]) == (False, True)
    assert [one.name for one in act(referrals.candidates, viewer=people.office, place=where, line=None)] == ["长沙瑞启"]


def test_earlier_referrals_of_the_number_or_machine_are_found(people):
    referral = refer(people, people.call_centre, people.cs01)
    for words in ({"phone": "138 7465 0001"}, {"serial": "2601H0777"}):
        assert act(referrals.known_before, viewer=people.reviewer, **words) == [referral]
        assert act(referrals.known_before, viewer=people.other_reviewer, **words) == []
    assert act(referrals.known_before, viewer=people.reviewer, phone="1387", serial="") == []
    assert case().model == "YE3-200L-4"
