"""`manage.py seed_demo`: the planned work went through the product's own operations and stands in the database."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core import tenancy
from core.calendars import SHANGHAI, local
from core.tenancy import Viewer
from equipment.models import Machine, WarrantyPolicy, WarrantyVersion
from notices.models import Notice
from partners.models import Account, Organisation, Person
from partners.queries import viewers
from resources.models import DutyShift, DutySwap
from resources.queries import roster
from resources.queries.duty import on_duty
from servicedesk.demo import PASSWORD, sign_ins
from servicedesk.demo.people import PEOPLE
from settlement.models import (
    CheckRun,
    Claim,
    ClaimEvent,
    OldPart,
    OldPartReminder,
    OldPartRequest,
    RateCard,
    ReturnBox,
    Statement,
    StatementLine,
)
from tests import factories
from tests.people import sees
from tickets.calculations.judgement import tick_of
from tickets.enums import ClockKind, SignatureKind, SlipState, TicketState
from tickets.models import Entry, FaultLine, GoodsReturn, Photo, Slip, Ticket, Trip, WarrantyRequest
from tickets.queries import rates

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """What the command told; its rows stay for this module's tests and are rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        out = StringIO()
        call_command("seed_demo", "--as-of", "2026-11-30", stdout=out)
        # the tests look at rows, not at the moment of the commit
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield out.getvalue()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _in_it(told: str, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def who(organisation: str, name: str) -> Viewer:
    """The viewer of a sample person."""
    (row,) = factories.rows(Person, organisation__code=organisation, name=name)
    return factories.viewer(row)


def test_it_tells_its_progress_and_what_there_is(told: str) -> None:
    assert "2026-06" in told
    assert re.search(r"(?:报修单 1[23]\d|1[23]\d tickets)", told.splitlines()[-1])


def test_a_second_run_changes_nothing(told: str) -> None:
    before = len(factories.rows(Ticket)), len(factories.rows(Organisation))
    out = StringIO()
    call_command("seed_demo", stdout=out)
    assert (len(factories.rows(Ticket)), len(factories.rows(Organisation))) == before
    assert len(out.getvalue().splitlines()) == 1


def test_everybody_signs_in_with_the_one_password() -> None:
    accounts = list(Account.objects.order_by("phone"))
    assert [account.phone for account in accounts] == [person.phone for person in PEOPLE]
    assert {account.password for account in accounts if check_password(PASSWORD, accounts[0].password)}
    for phone in (accounts[0].phone, accounts[1].phone, accounts[-1].phone):
        assert check_password(PASSWORD, Account.objects.get(phone=phone).password)
    assert all(viewers.of_account(account.pk, None) for account in accounts)


def test_the_table_of_sign_ins_names_people_who_exist() -> None:
    heads, *rows = sign_ins()
    phones = {account.phone for account in Account.objects.order_by("phone")}
    assert len(heads) == 5
    assert all(row[3] in phones and row[4] == PASSWORD for row in rows)


JUNE = {
    "0003": ("宁乡恒泰饲料(示例)", "YE3-160M-4", 1, "前轴承6309内圈剥落", "更换前后轴承,加脂", "轴承外购件早期失效", "06-02 08:40", "06-02 15:20"),
    "0009": ("永州远山矿业(示例)", "DG46-50×8", 1, "机封动环碎裂,轴套磨损", "换机封轴套,重新找正", "装配压缩量超差", "06-11 06:50", "06-12 16:00"),
    "0011": ("株洲启明塑业(示例)", "YE3-132S-4", 1, "V相绝缘0.08MΩ", "烘干浸漆", "接线盒密封垫漏装进水", "06-13 10:05", "06-13 17:40"),
    "0014": ("湘潭金穗米业(示例)", "YE3-180L-6", 1, "一组相绕组烧黑,熔断器L2断", "收费换绕组", "供电缺相(用户侧)", "06-16 09:20", "06-17 15:00"),
    "0017": ("长沙湖畔水务(示例)", "WQ100-20-15", 2, "机封渗漏,油乳化", "换机封、换油", "批次2603B静环崩边", "06-18 20:10", "06-19 11:30"),
    "0019": ("浏阳顺成烟花(示例)", "YVF2-112M-4", 1, "独立风机接反", "调相序", "安装接线错误", "06-22 14:00", "06-22 18:10"),
    "0020": ("长沙和盛包装(示例)", "YE3-90L-4", 1, "电话指导后正常", "远程指导", "使用不熟", "06-24 11:15", "06-24 11:40"),
    "0021": ("衡阳东昌化工(示例)", "IH65-50-160", 1, "叶轮口环间隙1.6mm", "换口环", "介质含颗粒磨损", "06-25 08:00", "06-25 19:20"),
}  # fmt: skip


def test_the_worked_month_stands_as_the_handbook_has_it() -> None:
    maker = who("SF", "孟洋")
    found = {}
    for slip in sees(maker, Slip, number__startswith="FW-CS01-202606-"):
        (ticket,) = sees(maker, Ticket, pk=slip.ticket_id)
        (line,) = sees(maker, FaultLine, slip=slip)
        with tenancy.acting(maker):
            machines = (
                line._meta.apps.get_model("tickets", "FaultLineMachine").objects.visible_to(maker).filter(line=line)
            )
            models = [machine.model for machine in machines.order_by("id")]
        times = [f"{local(at):%m-%d %H:%M}" for at in (ticket.round_started_at, slip.finished_at)]
        found[slip.number[-4:]] = (
            slip.customer_name,
            models[0],
            len(models),
            line.diagnosis,
            line.solution,
            line.cause,
            *times,
        )
    assert found == JUNE


def test_slip_numbers_of_june_have_no_gap() -> None:
    numbers = [slip.number for slip in sees(who("CS01", "李静"), Slip, number__startswith="FW-CS01-202606-")]
    assert sorted(numbers) == [f"FW-CS01-202606-{n:04d}" for n in range(1, len(numbers) + 1)]
    assert len(numbers) >= 21


def test_every_state_has_a_ticket_and_every_ticket_its_story() -> None:
    tickets = sees(who("CS01", "李静"), Ticket)
    assert {ticket.state for ticket in tickets} == set(TicketState)
    entries = Counter(entry.ticket_id for entry in factories.rows(Entry))
    assert all(entries[ticket.pk] >= 1 for ticket in tickets)


def test_signed_slips_are_frozen_with_strokes_and_photos() -> None:
    desk = who("CS01", "李静")
    slips = sees(desk, Slip, state=SlipState.SIGNED)
    drawn = [slip for slip in slips if slip.signature_kind == SignatureKind.DRAWN]
    assert len(drawn) > 30
    assert all(slip.strokes and slip.technician_strokes and slip.content_hash for slip in drawn)
    photos = Counter((photo.ticket_id, photo.slot) for photo in sees(desk, Photo))
    assert all(photos[slip.ticket_id, "nameplate"] and photos[slip.ticket_id, "fault"] for slip in drawn)


def test_a_refusal_and_a_void_slip_with_its_replacement_are_there() -> None:
    (refused,) = factories.rows(Slip, state=SlipState.REFUSED)
    assert refused.refusal_reason == "客户拒签,对费用有异议"
    (void,) = factories.rows(Slip, state=SlipState.VOID)
    (again,) = factories.rows(Slip, ticket_id=void.ticket_id, state=SlipState.SIGNED)
    assert int(again.number[-4:]) > int(void.number[-4:]) and again.number[:15] == void.number[:15]


def test_the_rework_has_a_round_and_a_slip_of_its_own() -> None:
    (ticket,) = factories.rows(Ticket, is_rework=True, state=TicketState.CLOSED)
    slips = factories.rows(Slip, "round", ticket=ticket)
    assert [slip.round for slip in slips] == [1, 2]
    assert (local(slips[1].arrived_at).date() - local(slips[0].left_at).date()).days == 41


def test_each_sees_his_own() -> None:
    everything = len(factories.rows(Ticket))
    seen = {
        (code, name): len(sees(who(code, name), Ticket))
        for code, name in (("CS01", "李静"), ("HF01", "汪敏"), ("CD01", "曾洁"), ("HY02", "肖红"))
    }
    assert sum(seen.values()) == everything and all(seen.values())
    jl = sees(who("JL", "华琳"), Ticket)
    assert {ticket.source for ticket in jl} == {"hq_referral"}  # on demand: only what it referred
    hunan = {ticket.dealer_id for ticket in sees(who("HC-HN", "郭伟"), Ticket)}
    assert len(hunan) == 2
    assert len(factories.rows(Machine)) == 160 + 4  # four came with referrals


def test_trips_say_how_far_and_old_messages_are_read() -> None:
    assert all(trip.km is not None for trip in factories.rows(Trip) if trip.left_at)
    unread = Counter(notice.person_id for notice in factories.rows(Notice, read_at=None))
    assert unread and max(unread.values()) < 25


def test_the_charged_job_of_june_shows_540() -> None:
    (slip,) = factories.rows(Slip, number="FW-CS01-202606-0021")
    assert slip.parts_fee + slip.labour_fee == Decimal("540.00")


def test_a_day_that_is_none_is_said() -> None:
    with pytest.raises(CommandError, match="--as-of"):
        call_command("seed_demo", "--as-of", "30.11.2026")


def test_policies_judge_every_ticket_and_slip_of_the_year() -> None:
    assert len(factories.rows(WarrantyPolicy)) == 6
    assert {row.state for row in factories.rows(WarrantyVersion)} == {"in_force"}
    tickets = [ticket for ticket in factories.rows(Ticket) if ticket.source != "import"]
    assert {ticket.warranty for ticket in tickets} >= {"in", "out_cause", "out_over", "goodwill", "rework"}
    assert [ticket.number for ticket in tickets if not ticket.warranty or not ticket.judgement] == []
    handed_in = factories.rows(Slip, number__gt="")
    assert [slip.number for slip in handed_in if not slip.warranty] == []
    against = [slip for slip in handed_in if {slip.in_warranty, tick_of(slip.warranty)} == {"yes", "no"}]
    assert against
    assert [slip.number for slip in against if not slip.warranty_reason] == []
    (granted,) = factories.rows(WarrantyRequest)
    assert (granted.state, granted.kind, granted.ticket_id) == (
        "granted",
        "goodwill",
        factories.rows(Slip, number="FW-CS01-202606-0019")[0].ticket_id,
    )


def test_the_first_dealers_roster_has_one_gap_and_one_swap_that_waits() -> None:
    desk = who("CS01", "李静")
    (swap,) = sees(desk, DutySwap)
    shifts = sees(desk, DutyShift, removed_at=None)
    (removed,) = sees(desk, DutyShift, removed_at__isnull=False)
    now = removed.removed_at
    with tenancy.acting(desk):
        ahead = roster.ahead(desk, now)
        (duty,) = on_duty(desk, now)
    assert (swap.state, swap.asked_by_id) == ("asked", who("CS01", "陈志强").person_id)
    assert ahead.gaps == [(removed.starts_at, removed.ends_at)]
    assert duty.main and duty.deputy and duty.next_main
    assert {local(shift.starts_at).date() for shift in shifts} >= {local(now).date()}
    assert factories.rows(DutyShift, dealer__code="HF01")


def test_a_year_of_promises_was_kept_and_who_came_late_said_why() -> None:
    boss = who("CS01", "周岚")
    asked = rates.Filters(date(2025, 12, 1), date(2026, 11, 1))
    with tenancy.acting(boss):
        found = rates.rates(boss, asked, datetime(2026, 11, 30, 10, tzinfo=SHANGHAI))
    arrival = found.kept[ClockKind.ARRIVAL]
    assert len(arrival.months) >= 10
    assert arrival.total.figure.rate is not None and 50 < arrival.total.figure.rate < 100
    assert found.late and "" not in found.late


def test_every_maker_has_a_rate_card_for_each_level_and_one_a_draft() -> None:
    cards = factories.rows(RateCard, "manufacturer__code", "level", "number")
    in_force = [card for card in cards if card.state == "in_force"]
    assert len(in_force) == 15
    assert {(card.level, str(card.hourly)) for card in in_force} == {("1", "90.00"), ("2", "80.00"), ("3", "70.00")}
    (draft,) = (card for card in cards if card.state == "draft")
    assert (draft.level, draft.number, str(draft.hourly), str(draft.valid_from)) == ("2", 2, "85.00", "2027-01-01")


def test_old_parts_are_on_every_stretch_of_their_way_and_one_stays_away() -> None:
    assert {box.state for box in factories.rows(ReturnBox)} == {"shipped", "received"}
    states = Counter(part.state for part in factories.rows(OldPart))
    assert states.keys() >= {"due", "shipped", "received", "confirmed", "claimed", "mismatch"}
    late = [part for part in factories.rows(OldPart, state="due") if part.due_on < date(2026, 11, 30)]
    assert [(part.code, part.replaced_on) for part in late] == [("SEAL-M-35", date(2026, 6, 19))]
    assert {row.duty for row in factories.rows(OldPartReminder)} == {"block"}
    (asked,) = factories.rows(OldPartRequest)
    assert (asked.kind, asked.state) == ("exemption", "asked")


def test_the_checks_have_left_refused_and_sent_back_claims() -> None:
    runs = factories.rows(CheckRun)
    assert {run.outcome for run in runs} >= {"refuse", "return", "manual"}
    flagged = {claim.state for claim in factories.rows(Claim, flags__gt=0)}
    assert flagged & {"first", "second"}
    verbs = {event.verb for event in factories.rows(ClaimEvent)}
    assert verbs >= {"check_refuse", "check_return", "send_back", "refuse", "pass"}


def test_machines_go_back_to_the_factory_in_every_stage() -> None:
    found = factories.rows(GoodsReturn)
    states = {row.state for row in found}
    assert states == {"asked", "agreed", "shipped", "quoted", "closed", "refused"}
    (agreed,) = (row for row in found if row.state == "agreed")
    assert agreed.due_on is not None and agreed.due_on < date(2026, 11, 30), "one is overdue"


def test_the_latest_slips_have_claims_in_every_stage() -> None:
    claims = factories.rows(Claim)
    assert {claim.state for claim in claims} >= {
        "draft",
        "first",
        "second",
        "returned",
        "approved",
        "stated",
        "refused",
    }
    assert all(claim.claimed > 0 for claim in claims)
    (cut,) = (claim for claim in claims if claim.state == "approved")
    assert cut.approved < cut.claimed


def test_the_last_months_have_statements_from_the_dealers_check_to_the_money() -> None:
    made = factories.rows(Statement)
    states = {one.state for one in made}
    assert states >= {"checking", "closed"}
    assert states & {"invoiced", "received", "paying"}, "one is on its way to the money"
    assert {one.number[:10] for one in made} >= {"DZ-SF-CS01", "DZ-HC-CS01"}
    items = {line.item for line in factories.rows(StatementLine)}
    assert items >= {"claim", "activity", "assessment", "freight"}
