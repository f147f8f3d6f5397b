"""Customers are written by the dealer's desk and by nobody else."""

from __future__ import annotations

import pytest

from core.errors import NotFound
from equipment.models import Customer
from equipment.operations.customers import (
    CustomerFacts,
    activate_customer,
    add_customer,
    change_customer,
    deactivate_customer,
)
from tests import factories
from tests.factories import NOW, again
from tests.people import People, act, refused

FACTS = CustomerFacts(
    name=" 宁乡恒泰饲料 ", phone="0731-8888 0000", phone2="+86 138 0000 1111", contact="张工", city="长沙市"
)


def test_a_new_customer_belongs_to_the_dealer_and_is_found_by_its_digits(people: People) -> None:
    customer = again(act(add_customer, viewer=people.dispatcher, facts=FACTS, now=NOW))
    assert (customer.dealer_id, customer.name, customer.changed_by) == (people.cs01.id, "宁乡恒泰饲料", "李静")
    assert (customer.phone_digits, customer.phone2_digits) == ("073188880000", "13800001111")


def test_a_customer_needs_a_name(people: People) -> None:
    with refused("name_missing", field="name"):
        act(add_customer, viewer=people.dispatcher, facts=CustomerFacts(name=" "), now=NOW)


@pytest.mark.parametrize("who", ["technician", "storekeeper", "owner", "accountant", "office", "hq_admin", "platform"])
def test_only_the_desk_writes_customers(people: People, who: str) -> None:
    with refused("not_allowed"):
        act(add_customer, viewer=getattr(people, who), facts=FACTS, now=NOW)
    assert factories.rows(Customer) == []


def test_a_change_raises_the_version_and_says_who(people: People) -> None:
    customer = factories.customer(people.cs01)
    act(change_customer, viewer=people.admin, public_id=customer.public_id, facts=FACTS, expected_version=1, now=NOW)
    changed = again(customer)
    assert (changed.version, changed.contact, changed.changed_by) == (2, "张工", "周岚")


def test_a_stale_change_is_refused_and_names_who_was_faster(people: People) -> None:
    customer = factories.customer(people.cs01, changed_by="周岚", version=3)
    with pytest.raises(Exception, match="周岚") as caught:
        act(
            change_customer,
            viewer=people.dispatcher,
            public_id=customer.public_id,
            facts=FACTS,
            expected_version=2,
            now=NOW,
        )
    assert (caught.value.code, caught.value.status) == ("stale", 409)
    assert again(customer).name == customer.name


def test_a_foreign_customer_is_not_found(people: People) -> None:
    customer = factories.customer(people.cs01)
    for operation in (deactivate_customer, activate_customer):
        with pytest.raises(NotFound):
            act(operation, viewer=people.stranger_admin, public_id=customer.public_id, now=NOW)
    with pytest.raises(NotFound):
        act(
            change_customer,
            viewer=people.stranger_admin,
            public_id=customer.public_id,
            facts=FACTS,
            expected_version=1,
            now=NOW,
        )
    assert again(customer).version == 1


def test_deactivating_twice_changes_once_and_can_be_undone(people: People) -> None:
    customer = factories.customer(people.cs01)
    for _time in range(2):
        act(deactivate_customer, viewer=people.dispatcher, public_id=customer.public_id, now=NOW)
    assert (again(customer).active, again(customer).version) == (False, 2)
    act(activate_customer, viewer=people.dispatcher, public_id=customer.public_id, now=NOW)
    assert (again(customer).active, again(customer).version) == (True, 3)


def test_a_technician_does_not_deactivate_customers(people: People) -> None:
    customer = factories.customer(people.cs01)
    with refused("not_allowed"):
        act(deactivate_customer, viewer=people.technician, public_id=customer.public_id, now=NOW)
