"""Machines are entered at a customer, may begin without number, and have one number only once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from core import events
from core.errors import NotFound
from equipment.models import Machine
from equipment.operations.machines import MachineFacts, add_machine, change_machine, restore_machine, scrap_machine
from equipment.queries import machines
from tests import factories
from tests.factories import NOW, again
from tests.people import People, act, refused


def facts(people: People, **changes: Any) -> MachineFacts:
    plain = MachineFacts(
        manufacturer_id=people.sf.id,
        product_type="三相异步电动机",
        model="YE3-160M-4",
        serial_number="2603B017",
        ex_factory_on=date(2026, 3, 2),
        conditions=("粉尘", "连续24h"),
        running_hours=Decimal("120.5"),
    )
    return replace(plain, **changes)


def add(people: People, **changes: Any) -> Machine:
    customer = factories.customer(people.cs01)
    made: Machine = act(
        add_machine, viewer=people.dispatcher, customer=customer, facts=facts(people, **changes), now=NOW
    )
    return made


def test_a_machine_keeps_what_was_written(people: People) -> None:
    machine = again(add(people))
    assert (machine.dealer_id, machine.model, machine.serial_number) == (people.cs01.id, "YE3-160M-4", "2603B017")
    assert (machine.conditions, machine.running_hours) == (["粉尘", "连续24h"], Decimal("120.5"))
    assert (len(machine.qr_code), machine.changed_by, machine.line_id) == (16, "李静", None)


def test_machines_may_begin_without_number_more_than_once(people: People) -> None:
    add(people, serial_number="")
    add(people, serial_number="")
    assert [machine.serial_number for machine in factories.rows(Machine)] == ["", ""]


def test_a_published_model_brings_its_line_and_type(people: People) -> None:
    line = factories.product_line(people.sf, product_type="变频电动机")
    factories.product_model(line, "YVF2-112M-4")
    machine = again(add(people, model="yvf2-112m-4"))
    assert (machine.line_id, machine.product_type) == (line.id, "变频电动机")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [({"model": " "}, "model_missing", "model"), ({"manufacturer_id": 0}, "manufacturer_unknown", "manufacturer_id")],
)
def test_what_a_machine_needs(people: People, changes: dict[str, Any], code: str, field: str) -> None:
    with refused(code, field=field):
        add(people, **changes)


def test_a_maker_without_partnership_is_unknown(people: People) -> None:
    with refused("manufacturer_unknown"):
        add(people, manufacturer_id=people.hc.id)


def test_a_number_exists_once_per_maker_and_dealer(people: People) -> None:
    add(people)
    with refused("serial_taken", field="serial_number"):
        add(people)
    other = factories.maker("XX", owner_dealer=people.cs01)
    factories.partnership(people.cs01, other, listed=False)
    people.fresh("dispatcher")
    add(people, manufacturer_id=other.id)
    factories.machine(factories.customer(people.hf01), people.sf, serial_number="2603B017")
    assert len(factories.rows(Machine, serial_number="2603B017")) == 3


def test_a_refused_number_leaves_the_transaction_usable(people: People) -> None:
    """A form that shows the refusal reads from the same transaction afterwards."""
    first = add(people)
    from core import tenancy
    from core.errors import Refused

    with tenancy.acting(people.dispatcher):
        with pytest.raises(Refused):
            add_machine(viewer=people.dispatcher, customer=first.customer, facts=facts(people), now=NOW)
        found = machines.with_serial(people.dispatcher, people.sf.id, "2603B017")
    assert found == first


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    told: list[dict[str, Any]] = []

    def hear(**facts: Any) -> None:
        told.append(facts)

    events.on("machine_changed", hear)
    yield told
    events._handlers["machine_changed"].remove(hear)


def test_a_change_is_told_to_the_rooms_above(people: People, heard: list[dict[str, Any]]) -> None:
    machine = add(people)
    new = facts(people, serial_number="2603B018")
    act(
        change_machine,
        viewer=people.technician,
        public_id=machine.public_id,
        facts=new,
        expected_version=1,
        now=NOW,
    )
    assert (again(machine).serial_number, again(machine).version, again(machine).changed_by) == (
        "2603B018",
        2,
        "陈志强",
    )
    assert [(fact["machine"].serial_number, fact["now"]) for fact in heard] == [("2603B018", NOW)]


def test_a_stale_change_is_refused(people: People) -> None:
    machine = add(people)
    with refused("stale"):
        act(
            change_machine,
            viewer=people.dispatcher,
            public_id=machine.public_id,
            facts=facts(people),
            expected_version=9,
            now=NOW,
        )


def test_the_maker_stays_once_there_is_a_history(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    other = factories.maker("XX", owner_dealer=people.cs01)
    factories.partnership(people.cs01, other, listed=False)
    people.fresh("dispatcher")
    machine = add(people)
    monkeypatch.setattr(machines, "history_checks", [lambda viewer, thing: True])
    with refused("manufacturer_fixed", field="manufacturer_id"):
        act(
            change_machine,
            viewer=people.dispatcher,
            public_id=machine.public_id,
            facts=facts(people, manufacturer_id=other.id),
            expected_version=1,
            now=NOW,
        )


def test_scrapping_can_be_undone_and_keeps_the_number(people: People) -> None:
    machine = add(people)
    act(scrap_machine, viewer=people.dispatcher, public_id=machine.public_id, now=NOW)
    assert again(machine).active is False
    with refused("serial_taken"):
        add(people)
    act(restore_machine, viewer=people.dispatcher, public_id=machine.public_id, now=NOW)
    assert again(machine).active is True


def test_who_may_scrap_and_who_may_not_even_know(people: People) -> None:
    machine = add(people)
    with refused("not_allowed"):
        act(scrap_machine, viewer=people.technician, public_id=machine.public_id, now=NOW)
    for stranger in (people.stranger, people.office, people.hq_admin):
        with pytest.raises(NotFound):
            act(scrap_machine, viewer=stranger, public_id=machine.public_id, now=NOW)
