"""Old parts from the signed slip to their end (domain.md 10)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.calendars import local_date
from core.errors import NotFound
from settlement.enums import OldPartState
from settlement.models import OldPart, OldPartRequest
from settlement.operations import old_parts
from tests import factories
from tests.people import refused, sees
from tests.settlement.old_parts import BEARING, SEAL, Owed, keeper
from tests.tickets.driver import Job, picture
from tickets.enums import TicketState

P = OldPartState


@pytest.fixture
def store(people):
    return keeper(people)


def test_a_signed_slip_makes_an_old_part_of_each_line_that_goes_back(people):
    owed = Owed(people)
    slip = owed.job.slip
    bearing, seal = owed.rows
    finished = local_date(slip.finished_at)
    assert (bearing.number, seal.number) == (f"JJ{slip.number[2:]}-1", f"JJ{slip.number[2:]}-2")
    assert (bearing.state, bearing.slip_number, bearing.customer_name) == (P.DUE, slip.number, slip.customer_name)
    assert (bearing.model, bearing.serial_number) == (owed.job.machines[0].model, owed.job.machines[0].serial_number)
    assert (bearing.code, bearing.name, bearing.quantity, bearing.unit) == ("BRG-6309", "深沟球轴承", 2, "件")
    assert (bearing.part_serial, bearing.causal, seal.causal) == ("A77", True, False)
    assert (bearing.fault, bearing.conditions) == ("前端有咯咯声,烫手", "粉尘、连续24h")
    assert (bearing.replaced_on, bearing.due_on) == (finished, finished + timedelta(days=30))
    assert sees(people.office, OldPart) == sees(people.reviewer, OldPart) == [bearing, seal]
    assert sees(people.stranger_admin, OldPart) == sees(people.other_office, OldPart) == []


def test_a_slip_whose_parts_stay_owes_nothing(people):
    Job(people).to(TicketState.DONE)
    assert factories.rows(OldPart) == []


def test_what_is_not_shared_is_seen_by_the_dealer_alone_until_the_ticket_is(people):
    owed = Owed(people, desk=people.stranger, lead=people.stranger_technician, parts=(BEARING,))
    assert sees(people.stranger_admin, OldPart) == owed.rows
    assert sees(people.other_office, OldPart) == []
    owed.job.share()
    assert sees(people.other_office, OldPart) == sees(people.other_reviewer, OldPart) == owed.rows


def test_the_whole_life(people, store):
    owed = Owed(people)
    box = owed.pack()
    assert (box.number[:7], owed.states) == ("ZX-CS01", [P.BOXED, P.BOXED])
    owed.ship()
    assert owed.states == [P.SHIPPED, P.SHIPPED]
    owed.receive(store)
    assert owed.states == [P.RECEIVED, P.RECEIVED]
    owed.do(old_parts.take, store)
    assert owed.states == [P.APPRAISING, P.RECEIVED]
    owed.appraise(people.quality)
    part = owed.rows[0]
    assert (part.state, part.finding, part.appraised_by) == (P.CONFIRMED, "quality", "钱进")
    assert part.finding_note == "内圈剥落,游隙 0.12mm"
    owed.do(old_parts.claim, store, note="轴承厂 张工")
    part = owed.rows[0]
    assert (part.state, part.closed_by, part.closed_note) == (P.CLAIMED, "库管员", "轴承厂 张工")


@pytest.mark.parametrize(
    ("finding", "state"),
    [
        ("quality", P.CONFIRMED),
        ("not_quality", P.CONFIRMED),
        ("undecided", P.CONFIRMED),
        ("short", P.MISSING),
        ("mismatch", P.MISMATCH),
        ("not_genuine", P.MISMATCH),
    ],
)
def test_each_finding_has_its_state(people, store, finding, state):
    owed = Owed(people, parts=(BEARING,)).arrived(store)
    owed.appraise(store, finding=finding)
    assert owed.states == [state]


def test_an_appraisal_says_what_was_seen(people, store):
    owed = Owed(people, parts=(BEARING,)).arrived(store)
    with refused("finding_note_missing", field="note"):
        owed.appraise(store, note="  ")
    with refused("choice_unknown", field="finding"):
        owed.appraise(store, finding="broken")
    with refused("text_too_long", field="note"):
        owed.appraise(store, note="字" * 301)
    assert (owed.states, owed.rows[0].finding) == ([P.RECEIVED], "")


def test_what_was_destroyed_has_its_photo(people, store):
    owed = Owed(people, parts=(BEARING,)).arrived(store)
    owed.appraise(store, finding="mismatch")
    with refused("destruction_photo_missing", field="photo"):
        owed.do(old_parts.destroy, store, photo=b"", note="")
    with refused("not_an_image"):
        owed.do(old_parts.destroy, store, photo=b"text", note="")
    owed.do(old_parts.destroy, store, photo=picture("press"), note="压碎")
    part = owed.rows[0]
    assert (part.state, part.closed_note) == (P.DESTROYED, "压碎")
    with part.photo.open() as file:
        assert file.read(3) == b"\xff\xd8\xff"


def test_what_does_not_match_goes_back_and_is_not_claimed(people, store):
    owed = Owed(people, parts=(BEARING,)).arrived(store)
    owed.appraise(store, finding="mismatch")
    with refused("wrong_state"):
        owed.do(old_parts.claim, store, note="轴承厂")
    with refused("reason_missing", field="note"):
        owed.do(old_parts.give_back, store, note="")
    owed.do(old_parts.give_back, store, note="随下批发货")
    assert owed.states == [P.RETURNED]


def test_a_missing_part_turns_up(people, store):
    owed = Owed(people)
    owed.pack()
    owed.ship()
    owed.receive(store, 1)
    assert owed.states == [P.MISSING, P.RECEIVED]
    owed.do(old_parts.find, store)
    assert owed.states == [P.RECEIVED, P.RECEIVED]
    owed.appraise(store, finding="short")
    assert owed.states == [P.MISSING, P.RECEIVED]
    owed.do(old_parts.find, store)
    part = owed.rows[0]
    assert (part.state, part.finding, part.appraised_at) == (P.RECEIVED, "", None)


def test_more_time_is_asked_for_and_granted(people, store):
    owed = Owed(people, parts=(BEARING,))
    until = owed.rows[0].due_on + timedelta(days=20)
    owed.do(old_parts.ask_extension, people.storekeeper, until=until, reason="等同批一起发")
    assert owed.rows[0].asked == "extension"
    with refused("not_allowed"):
        owed.do(old_parts.ask_exemption, people.storekeeper, reason="再问一次")
    owed.do(old_parts.agree, store, note="")
    part = owed.rows[0]
    assert (part.due_on, part.asked, part.state) == (until, "", P.DUE)
    (request,) = factories.rows(OldPartRequest)
    assert (request.state, request.reason, request.answered_by) == ("granted", "等同批一起发", "库管员")


@pytest.mark.parametrize("days", [0, -5, 91])
def test_more_time_lies_after_the_due_day_and_within_ninety_days(people, days):
    owed = Owed(people, parts=(BEARING,))
    until = owed.rows[0].due_on + timedelta(days=days)
    with refused("extension_wrong", field="until"):
        owed.do(old_parts.ask_extension, people.storekeeper, until=until, reason="等同批")
    with refused("extension_wrong", field="until"):
        owed.do(old_parts.ask_extension, people.storekeeper, until=None, reason="等同批")


def test_what_need_not_go_back_leaves_its_box(people, store):
    owed = Owed(people)
    owed.pack()
    owed.do(old_parts.ask_exemption, people.dispatcher, reason="油封值 6 元")
    owed.do(old_parts.agree, people.reviewer, note="就地报废")
    part = owed.rows[0]
    assert (owed.states, part.box_id, part.asked) == ([P.EXEMPT, P.BOXED], None, "")


def test_a_declined_request_leaves_everything_as_it_was(people, store):
    owed = Owed(people, parts=(BEARING,))
    due = owed.rows[0].due_on
    owed.do(old_parts.ask_exemption, people.storekeeper, reason="太重")
    with refused("reason_missing", field="reason"):
        owed.do(old_parts.refuse, store, reason=" ")
    owed.do(old_parts.refuse, store, reason="要返厂分析")
    part = owed.rows[0]
    assert (part.state, part.due_on, part.asked) == (P.DUE, due, "")
    owed.do(old_parts.ask_exemption, people.storekeeper, reason="已丢弃")  # may be asked again
    assert [row.state for row in factories.rows(OldPartRequest)] == ["declined", "asked"]


def test_what_is_asked_is_shown_to_the_manufacturer(people):
    owed = Owed(people, desk=people.stranger, lead=people.stranger_technician)
    owed.do(old_parts.ask_exemption, people.stranger, reason="太重")
    assert sees(people.other_reviewer, OldPart) == [owed.rows[0]]
    assert len(sees(people.other_reviewer, OldPartRequest)) == 1
    assert sees(people.reviewer, OldPart) == []


def test_a_voided_slip_voids_the_parts_that_are_still_here(people, store):
    owed = Owed(people)
    owed.pack(0)
    owed.job.void()
    assert owed.states == [P.VOID, P.VOID]
    assert owed.rows[0].box_id is None


def test_a_part_on_its_way_belongs_to_the_next_slip_of_the_round(people, store):
    owed = Owed(people)
    owed.pack(0)
    owed.ship()
    owed.job.void()
    assert owed.states == [P.SHIPPED, P.VOID]
    owed.job.complete(parts=[SEAL, BEARING])
    owed.job.sign()
    bearing, old_seal, new_seal = owed.rows
    slip = owed.job.slip
    assert (bearing.state, bearing.slip_number, bearing.sequence) == (P.SHIPPED, slip.number, 2)
    assert (old_seal.state, new_seal.state, new_seal.slip_number) == (P.VOID, P.DUE, slip.number)


def test_a_request_lapses_when_the_part_leaves_or_its_slip_is_void(people):
    owed = Owed(people)
    for place in (0, 1):
        owed.do(old_parts.ask_exemption, people.storekeeper, place, reason="太重")
    owed.pack(0)
    owed.ship()
    owed.job.void()
    assert (owed.states, [part.asked for part in owed.rows]) == ([P.SHIPPED, P.VOID], ["", ""])
    ends = [(row.state, row.answer) for row in factories.rows(OldPartRequest)]
    assert ends == [("declined", owed.the_box.number), ("declined", "里程写错")]


@pytest.mark.parametrize("name", ["technician", "accountant", "owner", "office", "reviewer", "quality"])
def test_others_do_not_ask(people, name):
    owed = Owed(people, parts=(BEARING,))
    with refused("not_allowed"):
        owed.do(old_parts.ask_exemption, getattr(people, name), reason="太重")


@pytest.mark.parametrize("name", ["storekeeper", "office", "reviewer", "hq_admin", "finance"])
def test_others_do_not_appraise(people, store, name):
    owed = Owed(people, parts=(BEARING,)).arrived(store)
    with refused("not_allowed"):
        owed.appraise(getattr(people, name))


def test_another_dealer_and_another_maker_find_nothing(people, store):
    owed = Owed(people, parts=(BEARING,)).arrived(store)
    other = factories.viewer(factories.person(people.hc, "parts_store"))
    with pytest.raises(NotFound):
        owed.appraise(other)
    with pytest.raises(NotFound):
        owed.do(old_parts.ask_exemption, people.stranger_admin, reason="太重")


def test_a_stale_page_is_noticed(people, store):
    owed = Owed(people, parts=(BEARING,)).arrived(store)
    version = owed.rows[0].version
    owed.do(old_parts.take, store)
    with refused("stale"):
        owed.do(old_parts.appraise, people.quality, expected_version=version, finding="quality", note="剥落")


def test_after_the_end_of_a_partnership_everything_stands(people, store):
    owed = Owed(people, parts=(BEARING,)).arrived(store)
    people.partnership.ended_at = factories.NOW
    with factories.writing():
        people.partnership.save()
    with refused("partnership_ended"):
        owed.appraise(store)


def test_for_a_manufacturer_who_is_not_on_the_platform_the_dealer_writes_down_what_he_was_told(people):
    maker = factories.maker("WX1", owner_dealer=people.cs01)
    factories.partnership(people.cs01, maker, listed=False)
    desk, lead = people.fresh("dispatcher"), people.fresh("technician")
    customer = factories.customer(people.cs01)
    machine = factories.machine(customer, maker, ex_factory_on=date(2026, 3, 6))
    owed = Owed(people, parts=(BEARING,), desk=desk, lead=lead, customer=customer, machines=[machine])
    with refused("not_allowed"):
        owed.do(old_parts.ask_exemption, desk, reason="太重")
    owed.pack(by=desk)
    owed.ship(by=desk)
    assert not owed.the_box.shared_with_maker
    owed.receive(desk)
    owed.appraise(desk)
    owed.do(old_parts.claim, desk, note="厂家来电确认")
    assert owed.states == [P.CLAIMED]
