"""A database of its own with tickets in numbers, in which plans are those of big data, and who looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connections

from core import tenancy
from core.calendars import local
from core.tenancy import Tier, Viewer
from partners.models import Account, Organisation, Person
from partners.queries import viewers
from servicedesk.demo.load import HQ_PHONE, OFFICE_PHONE, dealers
from tests import factories
from tests.isolation.database import Copies
from tickets import enums
from tickets.models import Slip, Ticket, TicketMachine
from tickets.queries import slips, tickets

TICKETS, OPEN = 20_000, 1_200  # in all; open ones of the biggest dealer
RARE_CITY, RARE_LEAD = "张家界市", "龙小飞"

#: One ticket in 150 is of a rare city and a rare technician, one slip in 150 is void, and each dealer's newest job in work and newest
#: slip are of the rare technician, so that the filters offer him. What is common is found fast with any index; what is rare is not.
_RARE = f"""
ALTER TABLE tickets_ticket DISABLE TRIGGER USER;
ALTER TABLE tickets_slip DISABLE TRIGGER USER;
UPDATE tickets_ticket SET city = '{RARE_CITY}', lead_name = CASE WHEN lead_name = '' THEN '' ELSE '{RARE_LEAD}' END WHERE id % 150 = 7;
UPDATE tickets_ticket SET lead_name = '{RARE_LEAD}' WHERE id IN (
    SELECT DISTINCT ON (dealer_id, shared_with_maker) id FROM tickets_ticket WHERE state = 'in_work'
    ORDER BY dealer_id, shared_with_maker, reported_at DESC);
UPDATE tickets_ticket SET warranty = CASE WHEN id % 150 = 7 THEN 'to_verify' ELSE 'in' END;
UPDATE tickets_slip SET warranty = CASE WHEN id % 150 = 11 THEN 'to_verify' ELSE 'in' END;
UPDATE tickets_slip s SET technician = t.lead_name FROM tickets_ticket t WHERE t.id = s.ticket_id AND t.lead_name = '{RARE_LEAD}';
UPDATE tickets_slip SET technician = '{RARE_LEAD}' WHERE id IN (
    SELECT DISTINCT ON (dealer_id, shared_with_maker) id FROM tickets_slip WHERE finished_at IS NOT NULL
    ORDER BY dealer_id, shared_with_maker, finished_at DESC);
UPDATE tickets_slip SET state = 'void', void_reason = '重复' WHERE id % 150 = 8 AND number <> '';
ALTER TABLE tickets_ticket ENABLE TRIGGER USER;
ALTER TABLE tickets_slip ENABLE TRIGGER USER;
UPDATE tickets_slip s SET printed = printed FROM tickets_ticket t WHERE t.id = s.ticket_id AND '{RARE_LEAD}' IN (t.lead_name, s.technician)
    OR t.id = s.ticket_id AND t.city = '{RARE_CITY}';
VACUUM (ANALYZE) tickets_ticket;
VACUUM (ANALYZE) tickets_slip
"""


@dataclass(frozen=True)
class Known:
    """Somebody who looks at lists, with values for their filters that find something there.

    tickets: how many the viewer sees. partner: the other side of most of his tickets. customer, machine: the dealer's own files.
    """

    person: Person
    viewer: Viewer
    tickets: int
    ticket: Ticket
    slip: Slip
    partner: str
    customer: str = ""
    machine: str = ""

    @property
    def city(self) -> str:
        """A common one, as people type it."""
        return self.ticket.city.removesuffix("市")

    @property
    def day(self) -> str:
        """The day of the report."""
        return f"{local(self.ticket.reported_at):%Y-%m-%d}"


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Known]]:
    """Who looks at a copy of the test database with TICKETS tickets of 40 dealers, one of them with 30 %; gone after the module."""
    with django_db_blocker.unblock():
        default, owner = connections["default"], connections["owner"]
        template = default.settings_dict["NAME"]
        copies = Copies(template, 0)
        copies.fresh()
        owner.settings_dict["NAME"] = copies.name
        try:
            call_command("seed_load", "--tickets", str(TICKETS), "--open", str(OPEN), stdout=StringIO())
            with owner.cursor() as cursor:
                for statement in _RARE.split(";"):
                    cursor.execute(statement)
            owner.close()
            big, small = dealers()[0], dealers()[-1]
            phones = {
                "dealer": big.dispatcher_phone, "small dealer": small.dispatcher_phone, "technician": big.technician_phone,
                "office": OFFICE_PHONE, "hq": HQ_PHONE,
            }  # fmt: skip
            yield {name: _known(phone) for name, phone in phones.items()}
        finally:
            owner.settings_dict["NAME"] = default.settings_dict["NAME"] = template
            copies.drop()


def _known(phone: str) -> Known:
    account = Account.objects.get(phone=phone)
    (person,) = factories.rows(Person, account_id=account.pk)
    found = viewers.of_account(account.pk, None)
    assert found is not None
    viewer = found[0]
    with tenancy.acting(viewer):
        rows = tickets.seen_by(viewer).exclude(city=RARE_CITY).exclude(lead_name__in=["", RARE_LEAD])
        ticket = rows.filter(state__in=enums.OPEN).order_by("-reported_at", "-id")[0]
        signed = slips.listed(viewer).filter(state="signed", ticket__state="closed").exclude(technician=RARE_LEAD)
        slip = signed.order_by("-finished_at", "-id")[0]
        count = Ticket.objects.visible_to(viewer).count()
        own = {}
        if viewer.tier is Tier.DEALER:
            machine = TicketMachine.objects.visible_to(viewer).select_related("machine").get(ticket=ticket).machine
            own = {"customer": ticket.customer.public_id, "machine": machine.public_id}
    other = ticket.manufacturer_id if viewer.tier is Tier.DEALER else ticket.dealer_id
    (partner,) = factories.rows(Organisation, id=other)
    return Known(person, viewer, count, ticket, slip, partner.public_id, **own)


@contextmanager
def without_indexes(names: list[str]) -> Iterator[None]:
    """The filled database without these indexes, for the block. Nothing may have read its table in the test's transaction before."""
    given = connections["owner"].get_connection_params()
    owner = psycopg2.connect(
        **{key: value for key, value in given.items() if key in ("dbname", "user", "password", "host", "port")}
    )
    owner.autocommit = True  # Django's own connection would keep it in the test's transaction
    try:
        with owner.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = ANY (%s)", [names])
            definitions = cursor.fetchall()
            assert len(definitions) == len(names)
            cursor.execute("DROP INDEX " + ", ".join(names))
            try:
                yield
            finally:
                for (definition,) in definitions:
                    cursor.execute(definition)
    finally:
        owner.close()
