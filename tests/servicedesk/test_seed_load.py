"""`manage.py seed_load`: many tickets whose shape the pages can show."""

from io import StringIO

import pytest
from django.core.management import call_command

from partners.models import Account, Person
from partners.queries import viewers
from servicedesk.demo.load import DEALERS, dealers
from tests import factories
from tests.people import sees
from tickets.enums import OPEN
from tickets.models import Slip, Ticket


def run(tickets: int) -> str:
    out = StringIO()
    call_command("seed_load", "--tickets", str(tickets), stdout=out)
    return out.getvalue().splitlines()[-1]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_it_fills_up_to_the_number_and_adds_the_rest_later() -> None:
    assert run(400).startswith("tickets=400 added=400 ")
    assert run(400).startswith("tickets=400 added=0 ")
    assert run(600).startswith("tickets=600 added=200 ")
    tickets = factories.rows(Ticket)
    assert len(tickets) == len({ticket.number for ticket in tickets}) == 600
    assert len({ticket.dealer_id for ticket in tickets}) == DEALERS
    assert any(ticket.state in OPEN for ticket in tickets)
    signed = factories.rows(Slip)
    assert 400 < len(signed) < 600 and all(slip.number for slip in signed)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_its_dispatcher_sees_the_tickets_of_her_dealer_only() -> None:
    run(400)
    account = Account.objects.get(phone=dealers()[0].dispatcher_phone)
    (person,) = factories.rows(Person, account_id=account.pk)
    viewer = factories.viewer(person)
    mine = sees(viewer, Ticket)
    assert mine and {ticket.dealer_id for ticket in mine} == {viewer.org}
    assert len(mine) < 400
    found = viewers.of_account(account.pk, None)
    assert found is not None and found[0].org_code == "L001"
