"""A machine goes back to the factory, is looked at, and comes back or stays (domain.md 17)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError

from core import jobs
from core.errors import NotFound
from equipment.operations import merging
from notices.models import Notice
from partners.models import Person
from tests import factories
from tests.people import act, refused, sees
from tests.tickets.goods_returns import WAY, Returned, application
from tickets.enums import RETURN_ENDED, ReturnState
from tickets.models import GoodsReturn, GoodsReturnEvent
from tickets.operations import goods_returns as life
from tickets.workflow import GOODS_RETURN

G = ReturnState


def told(kind):
    ids = {row.person_id for row in factories.rows(Notice, kind=kind)}
    return sorted(person.name for person in factories.rows(Person) if person.pk in ids)


def story(returned):
    rows = factories.rows(GoodsReturnEvent, "id", goods_return__public_id=returned.key)
    return [(row.verb, row.text) for row in rows]


def test_the_application_copies_the_machine_and_is_shared_at_once(people):
    returned = Returned(people)
    row, machine = returned.row, returned.machine
    assert (row.number, row.state) == ("FC-CS01-202606-0001", G.ASKED)
    assert (row.model, row.serial_number, row.ex_factory_on, row.hours) == (
        machine.model, machine.serial_number, date(2026, 3, 6), Decimal("620.0"),
    )  # fmt: skip
    assert (row.customer_name, row.wish, row.contact) == (machine.customer.name, "analysis", "李静 19900000002")
    assert row.due_on == returned.today + timedelta(days=5)
    assert sees(people.office, GoodsReturn) == sees(people.reviewer, GoodsReturn) == [row]
    assert sees(people.stranger, GoodsReturn) == sees(people.other_office, GoodsReturn) == []
    assert sees(people.other_reviewer, GoodsReturn) == []


def test_the_straight_way_there_and_back(people):
    returned = Returned(people)
    states, dues = [], []
    for verb in WAY:
        returned.do(verb)
        states.append(returned.state)
        dues.append(returned.row.due_on)
    assert states == [G.AGREED, G.SHIPPED, G.RECEIVED, G.INSPECTED, G.DECIDED, G.SENT_BACK, G.CLOSED]
    assert dues == [*(returned.today + timedelta(days=days) for days in (10, 15, 10, 5, 15, 15)), None]
    row = returned.row
    assert (row.freight, row.carrier, row.waybill, row.pieces) == ("maker", "安能物流", "AN20260611", 2)
    assert (row.shipped_on, row.received_on) == (returned.today, returned.today)
    assert (row.conclusion, row.decision, row.back_waybill) == ("quality", "repair", "DP2606180001")
    assert story(returned) == [
        ("apply", "振动大,启动跳闸"), ("agree", ""), ("ship", "安能物流 AN20260611"), ("receive", ""), ("inspect", "转子断条 2 根,铸造缩孔"),
        ("decide", "换转子"), ("send_back", "德邦快递 DP2606180001"), ("take_back", ""),
    ]  # fmt: skip


def test_each_step_is_told_to_who_goes_on(people):
    returned = Returned(people).to("take_back")
    jobs.drain()
    reviewer, store = people.reviewer.name, returned.store.name
    assert told("return_apply") == [reviewer]
    assert store in told("return_ship") and reviewer not in told("return_ship")
    assert reviewer in told("return_inspect") and store in told("return_decide")
    for verb in ("agree", "receive", "inspect", "decide", "send_back"):
        assert people.dispatcher.name in told(f"return_{verb}"), verb
    assert told("return_take_back") == [reviewer]


@pytest.mark.parametrize("decision", ["scrap", "refund"])
def test_what_is_scrapped_or_taken_back_ends_at_the_factory(people, decision):
    returned = Returned(people).to("decide", decision=decision)
    with refused("not_allowed"):
        returned.do("send_back")
    returned.do("close")
    assert returned.state == G.CLOSED


def test_what_is_repaired_is_not_closed_at_the_factory(people):
    with refused("not_allowed"):
        Returned(people).to("decide").do("close")


def test_an_offer_is_accepted_or_the_machine_comes_back_as_it_is(people):
    for answer, accepted in (("accept", True), ("decline", False)):
        returned = Returned(people).to("inspect", conclusion="not_quality", inspection="缺相烧毁")
        returned.do("quote", price=Decimal("860.00"))
        assert (returned.state, returned.row.decision, returned.row.price) == (G.QUOTED, "quote", Decimal("860.00"))
        returned.do(answer)
        assert (returned.state, returned.row.offer_accepted) == (G.DECIDED, accepted)
        returned.do("send_back")
        returned.do("take_back")
        assert returned.state == G.CLOSED


@pytest.mark.parametrize("price", ["0", "-1", "1.005", "1000000000000"])
def test_an_offer_is_an_amount_of_money(people, price):
    returned = Returned(people).to("inspect")
    with refused("price_wrong", field="price"):
        returned.do("quote", price=Decimal(price))


def test_it_is_refused_with_a_reason(people):
    returned = Returned(people)
    with refused("reason_missing", field="reason"):
        returned.do("refuse", reason=" ")
    returned.do("refuse")
    assert (returned.state, returned.row.end_reason, returned.row.due_on) == (G.REFUSED, "现场可修,请先换轴承", None)


@pytest.mark.parametrize("after", [None, "agree"])
def test_it_is_cancelled_before_it_leaves(people, after):
    returned = Returned(people)
    if after:
        returned.to(after)
    returned.do("cancel")
    assert returned.state == G.CANCELLED


def test_what_has_left_is_not_cancelled(people):
    with refused("wrong_state"):
        Returned(people).to("ship").do("cancel")


def test_only_the_steps_of_the_table_lead_on():
    reached = {row.target for row in GOODS_RETURN.rows}
    assert reached == set(G) - {G.ASKED}
    for ended in RETURN_ENDED:
        assert not any(ended in GOODS_RETURN.sources(row.verb) for row in GOODS_RETURN.rows)


@pytest.mark.parametrize(
    ("verb", "change", "code", "field"),
    [
        ("agree", {"ship_to": " "}, "ship_to_missing", "ship_to"),
        ("agree", {"send_until": date(2026, 6, 10)}, "send_until_wrong", "send_until"),
        ("agree", {"send_until": None}, "send_until_wrong", "send_until"),
        ("agree", {"freight": "nobody"}, "choice_unknown", "freight"),
        ("ship", {"carrier": ""}, "carrier_missing", "carrier"),
        ("ship", {"waybill_number": "12345"}, "waybill_wrong", "waybill_number"),
        ("ship", {"pieces": 0}, "pieces_wrong", "pieces"),
        ("ship", {"weight": Decimal(0)}, "weight_wrong", "weight"),
        ("inspect", {"inspection": ""}, "inspection_missing", "inspection"),
        ("inspect", {"conclusion": "perhaps"}, "choice_unknown", "conclusion"),
        ("decide", {"decision": "quote"}, "choice_unknown", "decision"),
        ("send_back", {"waybill_number": ""}, "waybill_wrong", "waybill_number"),
    ],
)
def test_a_step_says_what_is_missing_and_changes_nothing(people, verb, change, code, field):
    returned = Returned(people)
    if WAY.index(verb):
        returned.to(WAY[WAY.index(verb) - 1])
    before = returned.row
    with refused(code, field=field):
        returned.do(verb, **change)
    assert (returned.row.state, returned.row.version) == (before.state, before.version)


@pytest.mark.parametrize("field", ["conditions", "fault", "checked", "contact"])
def test_an_application_is_whole(people, field):
    with refused("reason_missing", field=field):
        Returned(people, **{field: "  "})


@pytest.mark.parametrize(
    ("verb", "names"),
    [
        ("agree", ["office", "finance", "quality", "dispatcher", "admin"]),
        ("ship", ["technician", "accountant", "owner", "office", "reviewer"]),
        ("receive", ["quality", "office", "hq_admin", "storekeeper"]),
        ("inspect", ["finance", "office", "dispatcher"]),
        ("decide", ["quality", "finance", "office", "admin"]),
        ("take_back", ["technician", "reviewer", "office"]),
    ],
)
def test_others_do_not_take_the_step(people, verb, names):
    returned = Returned(people)
    if WAY.index(verb):
        returned.to(WAY[WAY.index(verb) - 1])
    for name in names:
        with refused("not_allowed"):
            returned.do(verb, getattr(people, name))


def test_the_quality_department_inspects(people):
    returned = Returned(people).to("receive")
    returned.do("inspect", people.quality)
    assert returned.state == G.INSPECTED


def test_another_dealer_and_another_maker_find_nothing(people):
    returned = Returned(people)
    with pytest.raises(NotFound):
        returned.do("cancel", people.stranger)
    with pytest.raises(NotFound):
        returned.do("agree", people.other_reviewer)
    foreign = factories.machine(factories.customer(people.hf01), people.hc)
    with pytest.raises(NotFound):
        Returned(people, foreign)


def test_a_stale_page_is_noticed(people):
    returned = Returned(people)
    version = returned.row.version
    returned.do("agree")
    with refused("stale"):
        returned.do("ship", expected_version=version)


def test_a_machine_is_on_one_way_at_a_time(people):
    returned = Returned(people)
    with refused("return_open"):
        Returned(people, returned.machine)
    twin = returned.row
    twin.pk, twin.public_id, twin.number = None, "x" * 16, "FC-CS01-202606-0099"
    with pytest.raises(IntegrityError, match="one_open_return_per_machine"), factories.writing():
        twin.save(force_insert=True)
    returned.do("refuse")
    assert Returned(people, returned.machine).row.number == "FC-CS01-202606-0002"


def test_a_manufacturer_that_is_not_on_the_platform_is_not_asked(people):
    maker = factories.maker("WX1", owner_dealer=people.cs01)
    factories.partnership(people.cs01, maker, listed=False)
    machine = factories.machine(factories.customer(people.cs01), maker)
    with refused("maker_not_listed"):
        Returned(people, machine, by=people.fresh("dispatcher"))


def test_after_the_end_of_a_partnership_everything_stands(people):
    returned = Returned(people)
    people.partnership.ended_at = factories.NOW
    with factories.writing():
        people.partnership.save()
    with refused("partnership_ended"):
        returned.do("agree")


def test_returns_follow_when_two_machines_are_merged(people):
    returned = Returned(people)
    other = factories.machine(returned.machine.customer, people.sf)
    act(
        merging.merge_machines,
        viewer=people.dispatcher,
        kept=other.public_id,
        gone=returned.machine.public_id,
        now=returned.clock,
    )
    assert returned.row.machine_id == other.pk


def test_two_machines_that_are_both_on_their_way_are_two(people):
    first = Returned(people)
    second = Returned(people, factories.machine(first.machine.customer, people.sf))
    with refused("merge_both_return"):
        act(
            merging.merge_machines,
            viewer=people.dispatcher,
            kept=second.machine.public_id,
            gone=first.machine.public_id,
            now=first.clock,
        )


def test_a_text_is_not_cut_silently(people):
    with refused("text_too_long", field="fault"):
        Returned(people, fault="x" * 301)
    assert application()["wish"] == "analysis" and factories.rows(GoodsReturn) == []


def test_the_verbs_are_the_operations(people):
    assert all(callable(getattr(life, row.verb)) for row in GOODS_RETURN.rows)
