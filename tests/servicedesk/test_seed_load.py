"""`manage.py seed_load`: many tickets whose shape the pages can show."""

import signal
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections

from partners.models import Account, Organisation, Person
from partners.queries import viewers
from servicedesk.demo import load
from servicedesk.demo.load import DEALERS, dealers
from tests import factories
from tests.people import sees
from tickets.enums import OPEN, SlipState
from tickets.models import Entry, Photo, Slip, Ticket


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
    numbered = [slip for slip in signed if slip.state != SlipState.DRAFT]
    assert len(signed) == 600 and 400 < len(numbered) < 600 and all(slip.number for slip in numbered)
    assert len(factories.rows(Entry)) == 6 * 600 and len(factories.rows(Photo)) == 2 * 600
    (biggest,) = factories.rows(Organisation, code=dealers()[0].code)
    assert 0.27 < sum(ticket.dealer_id == biggest.pk for ticket in tickets) / 600 < 0.33


def kept() -> dict[tuple[str, int], tuple[object, str]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT kind, row_id, at, words::text FROM core_search")
        return {(kind, row): (at, words) for kind, row, at, words in cursor.fetchall()}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_its_search_words_are_those_that_the_triggers_write() -> None:
    run(300)
    written = kept()
    assert {kind for kind, _row in written} == {"ticket", "slip", "customer", "machine"}
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM core_search")
        cursor.execute("SELECT tickets_ticket_keep(t) FROM tickets_ticket t")
        cursor.execute("SELECT tickets_slip_keep(s) FROM tickets_slip s")
        cursor.execute("SELECT equipment_customer_keep(c) FROM equipment_customer c")
        cursor.execute("SELECT equipment_machine_keep(m) FROM equipment_machine m")
    assert kept() == written


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("at", ["150 of 400 tickets", "index ticket_dealer"])
def test_a_killed_run_is_continued_by_the_next(monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    monkeypatch.setattr(load, "CHUNK", 50)
    monkeypatch.setattr(load, "MANY", 100)
    before = indexes()
    assert subprocess_until(at)
    assert indexes() < before
    assert run(400).startswith("tickets=400 ")
    assert indexes() == before
    tickets = factories.rows(Ticket)
    assert len(tickets) == len({ticket.number for ticket in tickets}) == len(factories.rows(Slip)) == 400
    assert len(factories.rows(Entry)) == 6 * 400 and len(factories.rows(Photo)) == 2 * 400
    assert sum(kind == "ticket" for kind, _row in kept()) == sum(kind == "slip" for kind, _row in kept()) == 400


def indexes() -> set[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'load_index'")
        return {name for (name,) in cursor.fetchall()}


KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
from django.utils import timezone
from servicedesk.demo import load
name, stop = sys.argv[1:]
for alias in settings.DATABASES:
    load.connections[alias].settings_dict["NAME"] = name
load.CHUNK, load.MANY = 50, 100
def tell(line):
    print(line, flush=True)
    if line == stop:
        os.kill(os.getpid(), signal.SIGKILL)
load.fill(tickets=400, now=timezone.now(), tell=tell)
"""


def subprocess_until(stop: str) -> bool:
    """Run the fill in a process of its own that is killed when it has told this line; whether it was."""
    name = connections["owner"].settings_dict["NAME"]
    done = subprocess.run([sys.executable, "-c", KILLED, name, stop], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == stop, done.stderr
    return done.returncode == -signal.SIGKILL


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
