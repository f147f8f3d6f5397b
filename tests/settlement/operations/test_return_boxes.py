"""Boxes of old parts: packed, sent, counted (domain.md 10)."""

from __future__ import annotations

import pytest

from core.errors import NotFound
from settlement.enums import BoxState, OldPartState
from settlement.models import OldPart, ReturnBox
from settlement.operations import return_boxes
from tests import factories
from tests.people import act, refused, sees
from tests.settlement.old_parts import BEARING, Owed, keeper

P = OldPartState


@pytest.fixture
def store(people):
    return keeper(people)


def test_a_box_is_filled_in_two_goes_and_emptied_again(people):
    owed = Owed(people)
    box = owed.pack(0)
    again = owed.pack(1, box=box.public_id)
    assert (again.pk, len(factories.rows(ReturnBox)), owed.states) == (box.pk, 1, [P.BOXED, P.BOXED])
    owed.do(return_boxes.unpack, people.storekeeper, 0)
    assert (owed.states, owed.rows[0].box_id) == ([P.DUE, P.BOXED], None)
    owed.do(return_boxes.unpack, people.dispatcher, 1)
    assert (owed.states, factories.rows(ReturnBox)) == ([P.DUE, P.DUE], [])


def test_what_is_packed_is_not_packed_again(people):
    owed = Owed(people)
    owed.pack(0)
    with refused("wrong_state"):
        owed.pack(0, 1)
    assert owed.states == [P.BOXED, P.DUE]
    with refused("part_missing", field="parts"):
        act(return_boxes.pack, viewer=people.storekeeper, parts=[], now=factories.NOW)


def test_a_box_goes_to_one_manufacturer(people):
    with factories.writing():
        factories.partnership(people.cs01, people.hc)
    desk = people.fresh("dispatcher")
    one = Owed(people, parts=(BEARING,))
    machine = factories.machine(one.job.customer, people.hc, serial_number="HC0001")
    other = Owed(people, parts=(BEARING,), desk=desk, customer=one.job.customer, machines=[machine])
    keys = [*one.keys, *other.keys]
    with refused("one_maker_a_box", field="parts"):
        act(return_boxes.pack, viewer=desk, parts=keys, now=factories.NOW)
    box = one.pack()
    with refused("one_maker_a_box", field="parts"):
        other.pack(box=box.public_id, by=desk)


def test_a_box_that_leaves_takes_its_parts_along_and_is_seen_by_the_maker(people):
    owed = Owed(people, desk=people.stranger, lead=people.stranger_technician)
    box = owed.pack(by=people.stranger)
    assert sees(people.other_reviewer, ReturnBox) == sees(people.other_reviewer, OldPart) == []
    owed.ship(by=people.stranger, waybill=" sf1234-5678 ")
    sent = owed.the_box
    assert (sent.state, sent.waybill, sent.sent, sent.shipped_by) == (BoxState.SHIPPED, "SF1234-5678", 2, "孙浩")
    assert sees(people.other_office, ReturnBox) == sees(people.other_reviewer, ReturnBox) == [box]
    assert sees(people.other_reviewer, OldPart) == owed.rows
    with refused("wrong_state"):
        owed.do(return_boxes.unpack, people.stranger)
    with refused("wrong_state"):
        owed.ship(by=people.stranger)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"waybill": "12345"}, "waybill_wrong", "waybill"),
        ({"waybill": "1" * 33}, "waybill_wrong", "waybill"),
        ({"waybill": "顺丰123456"}, "waybill_wrong", "waybill"),
        ({"carrier": "  "}, "carrier_missing", "carrier"),
        ({"carrier": "字" * 41}, "text_too_long", "carrier"),
        ({"transport": "ship"}, "choice_unknown", "transport"),
    ],
)
def test_a_box_travels_with_carrier_waybill_and_transport(people, changes, code, field):
    owed = Owed(people, parts=(BEARING,))
    owed.pack()
    with refused(code, field=field):
        owed.ship(**changes)
    assert owed.states == [P.BOXED]


def test_an_emptied_box_does_not_leave(people):
    owed = Owed(people)
    owed.pack()
    owed.job.void()
    with refused("box_empty"):
        owed.ship()


def test_what_is_ticked_or_scanned_is_received_and_the_rest_is_missing(people, store):
    owed = Owed(people)
    owed.pack()
    owed.ship()
    number = owed.rows[0].number
    owed.receive(store, codes=(f"https://x.example/old-parts/{owed.keys[1]}/", number.lower()))
    box = owed.the_box
    assert (owed.states, box.state, box.came, box.received_by) == ([P.RECEIVED] * 2, BoxState.RECEIVED, 2, "库管员")

    other = Owed(people, customer=owed.job.customer, at=owed.job.clock)
    other.pack()
    other.ship()
    other.receive(store, codes=(other.rows[1].number,))
    assert (other.states, other.the_box.sent, other.the_box.came) == ([P.MISSING, P.RECEIVED], 2, 1)


def test_a_code_of_another_box_is_named(people, store):
    owed = Owed(people)
    owed.pack(0)
    owed.ship()
    with refused("code_not_in_box", field="codes"):
        owed.receive(store, codes=(owed.rows[0].number, owed.rows[1].number))
    with refused("nothing_counted", field="codes"):
        act(
            return_boxes.receive,
            viewer=store,
            public_id=owed.box,
            expected_version=None,
            there=[owed.keys[1]],
            now=owed.job.tick(),
        )
    assert owed.states == [P.SHIPPED, P.DUE]


@pytest.mark.parametrize("name", ["technician", "accountant", "owner", "office", "reviewer"])
def test_others_do_not_pack(people, name):
    owed = Owed(people, parts=(BEARING,))
    with refused("not_allowed"):
        owed.pack(by=getattr(people, name))


@pytest.mark.parametrize("name", ["storekeeper", "office", "reviewer", "quality", "hq_admin"])
def test_others_do_not_receive(people, name):
    owed = Owed(people, parts=(BEARING,))
    owed.pack()
    owed.ship()
    with refused("not_allowed"):
        owed.receive(getattr(people, name))


def test_strangers_find_neither_part_nor_box(people):
    owed = Owed(people, parts=(BEARING,))
    with pytest.raises(NotFound):
        owed.pack(by=people.stranger_admin)
    owed.pack()
    with pytest.raises(NotFound):
        owed.ship(by=people.stranger_admin)
    owed.ship()
    other = factories.viewer(factories.person(people.hc, "parts_store"))
    with pytest.raises(NotFound):
        owed.receive(other)


def test_a_stale_page_of_a_box_is_noticed(people):
    owed = Owed(people)
    box = owed.pack(0)
    owed.pack(1, box=box.public_id)
    with refused("stale"):
        owed.ship(expected_version=box.version)


def test_after_the_end_of_a_partnership_nothing_is_sent(people):
    owed = Owed(people)
    owed.pack(0)
    people.partnership.ended_at = factories.NOW
    with factories.writing():
        people.partnership.save()
    with refused("partnership_ended"):
        owed.ship()
    with refused("partnership_ended"):
        owed.pack(1)
