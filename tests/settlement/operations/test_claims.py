"""The life of a claim: begun, priced, submitted, reviewed twice, decided, appealed, agreed (domain.md 9.2 to 9.5)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core import jobs
from settlement.calculations.claim_input import Word
from settlement.enums import ClaimState
from settlement.models import Claim, ClaimDecision, ClaimLine
from settlement.operations import claims, review_claims
from settlement.queries import claims as reading
from tests import factories
from tests.people import act, refused, sees
from tests.settlement.cards import card
from tests.settlement.claims import Claiming
from tests.tickets.driver import Job
from tests.tickets.facts import kinds_told
from tickets.enums import TicketState
from tickets.models import Slip
from tickets.operations.void_slip import void_slip

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
S = ClaimState


def test_one_press_begins_a_claim_that_is_the_dealers_alone(people):
    claiming = Claiming(people)
    row = claiming.row
    assert (row.state, row.number, row.shared_with_maker) == (S.DRAFT, "", False)
    assert row.claimed == sum((line[1] for line in claiming.lines()), D(0))
    assert sees(people.accountant, Claim) == [row]
    for who in (people.office, people.reviewer, people.stranger_admin):
        assert sees(who, Claim) == []
    with refused("claim_exists"):
        act(
            claims.begin_claim, viewer=people.accountant, slip_public_id=claiming.slip.public_id, now=claiming.job.clock
        )


def test_the_handbooks_outing_is_priced_to_the_cent(people):
    """A2 without its self-bought part: 480 + 504 + 320 + 338 + 36."""
    claiming = Claiming(people)
    claiming.write()
    assert [(item, claimed) for item, claimed, _ in claiming.lines()] == [
        ("labour", D("360.00")), ("labour", D("120.00")), ("travel", D("504.00")), ("subsidy", D("320.00")), ("lodging", D("338.00")),
        ("consumables", D("36.00")),
    ]  # fmt: skip
    assert claiming.row.claimed == D("1678.00")


def test_partial_approval_keeps_every_word(people):
    """A3: the distance is cut to the usual one, the alignment is in the work already."""
    claiming = Claiming(people)
    claiming.write()
    claiming.submit()
    assert (claiming.state, claiming.row.number) == (S.FIRST, "JS-CS01-202606-0001")
    claiming.passed(line_3=Word(D("456.00"), "distance", "路书 152 km"))
    assert (claiming.state, claiming.row.approved) == (S.SECOND, None)
    claiming.approve(line_2=Word(D("0.00"), "hours", "已含在 4.5 小时内"))
    row = claiming.row
    assert (row.state, row.claimed, row.approved) == (S.APPROVED, D("1678.00"), D("1510.00"))
    assert [approved for _i, _c, approved in claiming.lines()][:3] == [D("360.00"), D("0.00"), D("456.00")]
    words = factories.rows(ClaimDecision)
    assert [(word.level, word.approved, word.reason, word.author_name) for word in words] == [
        ("first", D("456.00"), "distance", "郭伟"), ("second", D("0.00"), "hours", "吴丽"),
    ]  # fmt: skip
    claiming.do(claims.agree)
    assert claiming.state == S.AGREED


def test_who_may_do_what(people):
    claiming = Claiming(people)
    claiming.write()
    with refused("not_allowed"):
        claiming.do(claims.submit, people.dispatcher)
    with refused("not_found"):
        claiming.do(claims.submit, people.technician)
    claiming.submit()
    with refused("not_allowed"):
        claiming.do(review_claims.pass_on, people.accountant, words={})
    with refused("not_allowed"):
        claiming.do(review_claims.pass_on, people.reviewer, words={})  # there is an office
    with refused("wrong_state"):
        claiming.do(review_claims.approve, people.reviewer, words={})
    claiming.passed()
    with refused("wrong_state"):
        claiming.do(review_claims.pass_on, people.office, words={})


def test_what_was_submitted_stands(people):
    claiming = Claiming(people)
    claiming.write()
    claiming.submit()
    with refused("wrong_state"):
        claiming.write(consumables=D("50.00"))
    for change in (
        lambda: Claim._base_manager.filter(public_id=claiming.key).update(claimed=1),
        lambda: ClaimLine._base_manager.filter(claim__public_id=claiming.key).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), factories.writing():
            change()
    with refused("slip_locked"):
        act(
            void_slip, viewer=people.admin, public_id=claiming.slip.public_id, expected_version=None, reason="填错", now=claiming.job.clock
        )  # fmt: skip


def test_taken_back_it_can_be_written_on_again(people):
    claiming = Claiming(people)
    claiming.submit()
    claiming.do(claims.take_back)
    claiming.write()
    number = claiming.row.number
    claiming.submit()
    assert (claiming.row.number, claiming.state) == (number, S.FIRST)
    claiming.passed()
    with refused("wrong_state"):
        claiming.do(claims.take_back)


def test_sent_back_the_next_turn_is_written_and_the_first_one_stays(people):
    claiming = Claiming(people)
    claiming.write()
    claiming.submit()
    claiming.passed(line_3=Word(D("456.00"), "distance"))
    claiming.do(review_claims.send_back, people.reviewer, reason="缺住宿发票")
    row = claiming.row
    assert (row.state, row.turn, row.reason, row.approved) == (S.RETURNED, 2, "缺住宿发票", None)
    claiming.write(lodging_invoice=D(0))
    claiming.submit()
    first = act(reading.lines, viewer=people.reviewer, claim=claiming.row, turn=1)
    assert [line.approved for line in first][2] == D("456.00")
    assert "lodging" not in [item for item, _c, _a in claiming.lines(people.reviewer)]
    claiming.passed()
    claiming.approve()
    assert claiming.row.approved == D("1340.00")


def test_refused_appealed_once_and_another_person_decides(people):
    claiming = Claiming(people)
    claiming.write()
    claiming.submit()
    claiming.passed()
    claiming.do(review_claims.refuse, people.reviewer, cause="not_quality", reason="V 相全烧,熔断器断")
    assert (claiming.state, claiming.row.approved) == (S.REFUSED, D("0.00"))
    claiming.do(claims.appeal, reason="绕组为匝间短路,见照片")
    with refused("claim_four_eyes"):
        claiming.approve(people.reviewer)
    claiming.approve(people.hq_admin, line_1=Word(D("360.00")))
    row = claiming.row
    assert (row.state, row.approved) == (S.APPROVED, D("360.00"))
    with refused("appealed_before"):
        claiming.do(claims.appeal, reason="再次申诉")
    claiming.do(claims.agree)


def test_an_appeal_has_its_time(people):
    claiming = Claiming(people)
    claiming.write()
    claiming.submit()
    claiming.passed()
    claiming.approve(line_2=Word(D("0.00"), "hours"))
    with refused("appeal_late"):
        claiming.do(claims.appeal, now=claiming.job.clock + timedelta(days=30), reason="工时另算")


def test_refused_the_customer_is_charged(people):
    claiming = Claiming(people)
    claiming.write()
    claiming.submit()
    claiming.passed()
    claiming.do(review_claims.refuse, people.reviewer, cause="not_quality", reason="人为")
    claiming.do(claims.charge, reason="非质量原因,客户付费")
    assert claiming.state == S.CHARGED


def test_a_void_claim_frees_its_slip(people):
    claiming = Claiming(people)
    assert factories.rows(Slip, public_id=claiming.slip.public_id)[0].locked
    claiming.do(claims.void, reason="重复")
    assert not factories.rows(Slip, public_id=claiming.slip.public_id)[0].locked
    again = act(
        claims.begin_claim, viewer=people.accountant, slip_public_id=claiming.slip.public_id, now=claiming.job.clock
    )
    assert again.public_id != claiming.key


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"work": ("X99",)}, "work_unknown", "work"),
        ({"one_way_km": D("-1")}, "km_wrong", "one_way_km"),
        ({"one_way_km": D("301")}, "beyond_bands", "one_way_km"),
        ({"trips": 51}, "trips_wrong", "trips"),
        ({"people": 0}, "people_wrong", "people"),
        ({"consumables": D("-0.01")}, "amount_wrong", "consumables"),
        ({"note": "长" * 301}, "text_too_long", "note"),
    ],
)
def test_bad_input_is_told_at_its_field_and_writes_nothing(people, changes, code, field):
    claiming = Claiming(people)
    before = claiming.lines()
    with refused(code, field=field):
        claiming.write(**changes)
    assert claiming.lines() == before


def test_the_way_back_ends_after_it_began(people):
    claiming = Claiming(people)
    moment = claiming.job.clock
    with refused("back_before_left", field="back"):
        claiming.write(left=moment, back=moment)


@pytest.mark.parametrize(
    ("word", "code"),
    [
        (Word(D("504.01"), "distance"), "approved_too_much"),
        (Word(D("-0.01"), "distance"), "amount_wrong"),
        (Word(D("456.001"), "distance"), "amount_wrong"),
        (Word(D("456.00")), "cut_reason_missing"),
        (Word(D("456.00"), "nonsense"), "cut_reason_missing"),
    ],
)
def test_a_word_on_a_line_is_checked(people, word, code):
    claiming = Claiming(people)
    claiming.write()
    claiming.submit()
    with refused(code):
        claiming.passed(line_3=word)
    assert factories.rows(ClaimDecision) == []


def test_all_cut_to_nothing_is_a_refusal(people):
    claiming = Claiming(people)
    claiming.submit()
    claiming.passed()
    words = {place: Word(D(0), "papers") for place, _line in enumerate(claiming.lines(), start=1)}
    with refused("nothing_approved"):
        claiming.do(review_claims.approve, people.reviewer, words=words)


def test_without_a_card_there_is_no_claim(people):
    job = Job(people).to(TicketState.DONE)
    with refused("card_missing"):
        act(claims.begin_claim, viewer=people.accountant, slip_public_id=job.slip.public_id, now=job.clock)
    card(people.reviewer, level="")
    act(claims.begin_claim, viewer=people.accountant, slip_public_id=job.slip.public_id, now=job.clock)


def test_a_slip_that_is_not_signed_is_not_claimed(people):
    card(people.reviewer, level="")
    job = Job(people).to(TicketState.WAIT_SIGN)
    with refused("slip_not_signed"):
        act(claims.begin_claim, viewer=people.accountant, slip_public_id=job.slip.public_id, now=job.clock)


def test_solved_by_phone_there_is_no_way_to_pay(people):
    claiming = Claiming(people, Job(people).to(TicketState.REMOTE_DONE))
    assert (claiming.row.trips, claiming.row.claimed) == (0, D("0.00"))
    with refused("claim_empty"):
        claiming.submit()
    claiming.write(work=("G90",), trips=0, one_way_km=D(0), lodging_invoice=D(0), consumables=D(0))
    assert claiming.lines() == [("labour", D("80.00"), D("80.00"))]


def test_both_sides_are_told(people):
    claiming = Claiming(people)
    claiming.submit()
    jobs.drain()
    assert "claim_submitted" in kinds_told(people, "office")
    claiming.passed()
    claiming.approve()
    jobs.drain()
    assert "claim_approved" in kinds_told(people, "accountant")
    assert not any("claim" in kind for kind in kinds_told(people, "technician"))


def test_only_the_slips_without_claim_are_offered(people):
    claiming = Claiming(people)
    assert act(lambda viewer: list(reading.unclaimed(viewer)), viewer=people.accountant) == []
    claiming.do(claims.void, reason="重复")
    offered = act(lambda viewer: list(reading.unclaimed(viewer)), viewer=people.accountant)
    wanted = [claiming.slip.public_id] if claiming.slip.in_warranty == "yes" else []
    assert [slip.public_id for slip in offered] == wanted
