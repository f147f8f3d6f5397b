from datetime import timedelta

import pytest

from equipment.models import Customer, Machine
from partners.models import Partnership
from tests import factories
from tests.people import act, refused, sees
from tests.tickets.driver import T0, Job
from tests.tickets.facts import shared_columns
from tickets.enums import Source, TicketState
from tickets.models import Ticket, TicketMachine
from tickets.operations.report_fault import Report, report_fault


def reported(people, *, machines=None, customer=None, by=None, now=T0, **facts):
    customer = customer or factories.customer(people.cs01)
    machines = [factories.machine(customer, people.sf)] if machines is None else machines
    report = Report(**{"fault": "烫手,有异响", **facts})
    return act(
        report_fault, viewer=by or people.dispatcher, customer=customer, machines=machines, report=report, now=now
    )


@pytest.mark.parametrize(
    ("source", "state", "channel"),
    [
        (Source.PHONE, TicketState.CONTACTED, "phone"),
        (Source.IN_PERSON, TicketState.CONTACTED, "on_site"),
        (Source.VISIT, TicketState.CONTACTED, "on_site"),
        (Source.WECHAT, TicketState.NEW, ""),
        (Source.QR, TicketState.NEW, ""),
        (Source.HQ_REFERRAL, TicketState.NEW, ""),
        (Source.OFFICE_REFERRAL, TicketState.NEW, ""),
        (Source.HOST_MAKER, TicketState.NEW, ""),
    ],
)
def test_what_a_person_took_is_answered_at_once_the_rest_waits(people, source, state, channel):
    ticket = reported(people, source=source)
    assert (ticket.state, ticket.contact_channel) == (state, channel)
    assert ticket.contacted_at == (T0 if state == TicketState.CONTACTED else None)


def test_the_ticket_carries_its_own_copies(people):
    customer = factories.customer(people.cs01, name="永州远山矿业(示例)", industry="矿山", district="冷水滩区")
    machines = [
        factories.machine(customer, people.sf, model="WQ100-20-15", serial_number="2603B-041", conditions=["粉尘"]),
        factories.machine(customer, people.sf, model="WQ100-20-15", serial_number="2603B-042"),
        factories.machine(customer, people.sf, model="YE3-90L-4"),
    ]
    ticket = reported(people, customer=customer, machines=machines, phone="13874651234", contact="欧阳建国")
    assert ticket.number == "BX-CS01-202606-0001"
    assert ticket.model_summary == "WQ100-20-15 ×2, YE3-90L-4"
    assert (ticket.customer_name, ticket.industry, ticket.site) == ("永州远山矿业(示例)", "矿山", customer.full_address)
    assert (ticket.contact, ticket.phone) == ("欧阳建国", "13874651234")
    copies = factories.rows(TicketMachine, ticket=ticket)
    assert [(c.serial_number, c.conditions) for c in copies[:2]] == [("2603B-041", ["粉尘"]), ("2603B-042", [])]
    assert {shared_columns(row) for row in (ticket, *copies)} == {(people.cs01.pk, people.sf.pk, people.sf_hn.pk, True)}


def test_the_first_line_of_the_story_is_the_report_in_the_customers_words(people):
    job = Job(people, fault="冒烟不转")
    assert [(e.verb, e.text, e.at, e.target_state, e.facts) for e in job.log] == [
        ("report", "冒烟不转", T0, "contacted", {})
    ]


def test_late_typing_keeps_t0_and_is_marked(people):
    job = Job(people, at=T0, now=T0 + timedelta(minutes=31))
    ticket = job.ticket
    assert (ticket.reported_at, ticket.round_started_at, ticket.recorded_at) == (T0, T0, job.clock)
    assert job.last.facts == {"typed_late": True}


def test_the_same_machine_twice_is_one_machine(people):
    customer = factories.customer(people.cs01)
    machine = factories.machine(customer, people.sf)
    ticket = reported(people, customer=customer, machines=[machine, machine])
    assert len(factories.rows(TicketMachine, ticket=ticket)) == 1


def test_a_report_is_shared_from_birth_only_when_referred_or_when_all_is_shared(people):
    customer = factories.customer(people.hf01)
    machines = [factories.machine(customer, people.hc)]
    facts = {"customer": customer, "machines": machines, "by": people.stranger}
    own, referred = reported(people, **facts), reported(people, **facts, source=Source.OFFICE_REFERRAL)
    assert (own.shared_with_maker, referred.shared_with_maker) == (False, True)
    assert sees(people.other_office, Ticket) == sees(people.other_reviewer, Ticket) == [referred]
    assert sees(people.office, Ticket) == []


def test_a_report_about_an_unlisted_maker_stays_with_the_dealer(people):
    maker = factories.maker("UNK", owner_dealer=people.cs01)
    factories.partnership(people.cs01, maker, listed=False, sharing="full")
    by = people.fresh("dispatcher")
    customer = factories.customer(people.cs01)
    machines = [factories.machine(customer, maker)]
    ticket = reported(people, customer=customer, machines=machines, by=by, source=Source.HQ_REFERRAL)
    assert ticket.shared_with_maker is False


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"fault": " 坏了 "}, "fault_missing", "fault"),
        ({"fault": "坏" * 201}, "text_too_long", "fault"),
        ({"reported_at": T0 + timedelta(minutes=2)}, "reported_in_future", "reported_at"),
        ({"source": "fax"}, "choice_unknown", "source"),
        ({"urgency": "now"}, "choice_unknown", "urgency"),
        ({"contact": "张" * 21}, "text_too_long", "contact"),
        ({"machines": []}, "machine_missing", "machines"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(people, facts, code, field):
    with refused(code, field=field):
        reported(people, **facts)
    assert factories.rows(Ticket) == []


def test_machines_of_two_makers_or_of_another_customer_are_refused(people):
    customer, other = factories.customer(people.cs01), factories.customer(people.cs01)
    mine, elsewhere = factories.machine(customer, people.sf), factories.machine(other, people.sf)
    foreign_brand = factories.machine(customer, people.hc)
    with refused("several_makers", field="machines"):
        reported(people, customer=customer, machines=[mine, foreign_brand])
    with refused("machine_of_other_customer", field="machines"):
        reported(people, customer=customer, machines=[mine, elsewhere])


def test_another_dealers_customer_and_machine_do_not_exist(people):
    theirs = factories.customer(people.hf01)
    machine = factories.machine(theirs, people.hc)
    with refused("not_found"):
        reported(people, customer=theirs, machines=[machine])
    customer = factories.customer(people.cs01)
    with refused("not_found"):
        reported(people, customer=customer, machines=[machine])
    assert sees(people.dispatcher, Customer) == [customer]
    assert sees(people.dispatcher, Machine) == []


@pytest.mark.parametrize("name", ["technician", "owner", "accountant", "storekeeper", "office", "reviewer", "platform"])
def test_only_the_desk_takes_reports(people, name):
    with refused("not_allowed"):
        reported(people, by=getattr(people, name))


@pytest.mark.parametrize("change", [{"ended_at": T0}, {"manufacturer_confirmed_at": None}])
def test_no_report_without_a_partnership_that_holds(people, change):
    with factories.writing():
        Partnership._base_manager.filter(pk=people.partnership.pk).update(**change)
    with refused("partnership_ended", field="machines"):
        reported(people)
