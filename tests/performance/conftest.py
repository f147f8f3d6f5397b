"""A database of its own with tickets in numbers, in which plans are those of big data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections

from core.tenancy import Viewer
from partners.models import Account, Person
from partners.queries import viewers
from servicedesk.demo.load import HQ_PHONE, OFFICE_PHONE, dealers
from tests import factories
from tests.isolation.database import Copies

TICKETS = 20_000

#: Every 150th ticket is of what is rare: a city, a technician, a maker, a void slip. A filter that finds much is fast with any index.
RARE_CITY, RARE_LEAD = "张家界市", "龙小飞"
_RARE = f"""
ALTER TABLE tickets_ticket DISABLE TRIGGER USER;
ALTER TABLE tickets_slip DISABLE TRIGGER USER;
UPDATE tickets_ticket SET city = '{RARE_CITY}', lead_name = CASE WHEN lead_name = '' THEN '' ELSE '{RARE_LEAD}' END
    WHERE id % 150 = 7 OR id IN (SELECT DISTINCT ON (dealer_id) id FROM tickets_ticket
                                 WHERE lead_name <> '' AND state = 'in_work' AND shared_with_maker ORDER BY dealer_id, reported_at DESC);
UPDATE tickets_slip s SET technician = '{RARE_LEAD}' FROM tickets_ticket t WHERE t.id = s.ticket_id AND t.lead_name = '{RARE_LEAD}';
UPDATE tickets_slip SET state = 'void', void_reason = '重复' WHERE id % 150 = 8 AND number <> '';
ALTER TABLE tickets_ticket ENABLE TRIGGER USER;
ALTER TABLE tickets_slip ENABLE TRIGGER USER;
VACUUM ANALYZE tickets_ticket; VACUUM ANALYZE tickets_slip
"""


@dataclass(frozen=True)
class Filled:
    """The people who look at the filled database, by name."""

    persons: dict[str, Person]
    viewers: dict[str, Viewer]


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[Filled]:
    """A copy of the test database with TICKETS tickets of 40 dealers, one of them with 30 %; gone after the module."""
    with django_db_blocker.unblock():
        default, owner = connections["default"], connections["owner"]
        template = default.settings_dict["NAME"]
        copies = Copies(template, 0)
        copies.fresh()
        owner.settings_dict["NAME"] = copies.name
        try:
            call_command("seed_load", "--tickets", str(TICKETS), stdout=StringIO())
            with owner.cursor() as cursor:
                for statement in _RARE.split(";"):
                    cursor.execute(statement)
            owner.close()
            yield _people()
        finally:
            owner.settings_dict["NAME"] = default.settings_dict["NAME"] = template
            copies.drop()


def _people() -> Filled:
    big, small = dealers()[0], dealers()[-1]
    phones = {
        "dealer": big.dispatcher_phone, "small": small.dispatcher_phone, "technician": big.technician_phone,
        "office": OFFICE_PHONE, "hq": HQ_PHONE,
    }  # fmt: skip
    persons, seen = {}, {}
    for name, phone in phones.items():
        account = Account.objects.get(phone=phone)
        (persons[name],) = factories.rows(Person, account_id=account.pk)
        found = viewers.of_account(account.pk, None)
        assert found is not None
        seen[name] = found[0]
    return Filled(persons, seen)
