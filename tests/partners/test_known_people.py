"""The people of tests/people.py are who they seem to be, in both kinds of tests."""

import pytest

from core.tenancy import Tier
from partners.models import Organisation, Partnership, Person
from tests import factories
from tests.people import KNOWN, refused, sees


@pytest.mark.parametrize("name", KNOWN)
def test_every_known_person_has_a_viewer(people, name):
    viewer = getattr(people, name)
    assert (viewer.org_code, viewer.person_id) == (KNOWN[name][0], people.person(name).pk)


def test_a_dealer_sees_its_own_people_and_its_partners_cards_only(people):
    assert {p.name for p in sees(people.dispatcher, Person)} == {k[1] for k in KNOWN.values() if k[0] == "CS01"}
    assert {o.code for o in sees(people.dispatcher, Organisation)} == {"CS01", "SF", "SF-HN"}
    assert {o.code for o in sees(people.stranger, Organisation)} == {"HF01", "HC", "HC-AH"}
    assert sees(people.office, Partnership) == [people.partnership]


@pytest.mark.django_db(transaction=True)
def test_the_known_people_can_be_committed(people):
    assert people.technician.tier is Tier.DEALER
    assert factories.customer(people.cs01).dealer == people.cs01


def test_nobody_reads_a_tenant_table_without_a_role(people):
    from django.db import ProgrammingError, transaction

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        list(Person.objects.unscoped("the test wants to see the refusal").order_by("id"))


def test_a_refusal_must_have_the_expected_code(people):
    from core.errors import Refused

    with refused("not_allowed"):
        raise Refused("not_allowed", status=403)
