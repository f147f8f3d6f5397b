"""Each automatic check finds what it is for and nothing else; its neighbour, which differs in one fact, passes (domain.md 9.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from types import NoneType
from typing import get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.calendars import CHINA
from equipment.enums import PartSource, WarrantyTime
from settlement.calculations.check_facts import (
    Authorisation,
    Campaign,
    EarlierJob,
    Facts,
    FreeService,
    OperationFacts,
    Reading,
    Reference,
    RegisterRow,
    Settings,
)
from settlement.calculations.checks import run
from settlement.enums import AuthorisationKind, CheckCode, CheckOutcome
from tests.settlement.checks import (
    CLEAN,
    MACHINE,
    NEXT,
    STAY,
    TABLES,
    at,
    dealer,
    evidence,
    found,
    machine,
    outing,
    part,
    reported,
)
from tickets.enums import WarrantyOutcome

D = Decimal
REFUSE, RETURN, MANUAL, PASS = CheckOutcome


def allowed(kind, until=None):
    return {"authorisations": (Authorisation(kind, "YS-0001", until),)}


def over(**changes):
    return machine(warranty=WarrantyOutcome.OUT_OVER, time=WarrantyTime.OVER, period_end=date(2026, 6, 10), **changes)


SECOND_TRIP = {**allowed(AuthorisationKind.SECOND_TRIP), **outing(trips=2)}
LATE = {"submitted_at": at("2026-07-12 00:10"), **dealer(unreturned_since=None)}
CAMPAIGN = Campaign("夏季巡检", released=True, evaluated=True)

#: check, reason, facts that fail exactly it, and the neighbour's facts that pass
CASES = [
    ("R01", "over_time", over(), over() | allowed(AuthorisationKind.OUT_OF_WARRANTY)),
    (
        "R01", "over_time",
        over() | allowed(AuthorisationKind.OUT_OF_WARRANTY, date(2026, 6, 10)),
        over() | allowed(AuthorisationKind.OUT_OF_WARRANTY, date(2026, 6, 11)),
    ),
    (
        "R01", "over_hours",
        machine(warranty=WarrantyOutcome.OUT_OVER, time=WarrantyTime.OVER_HOURS),
        machine(warranty=WarrantyOutcome.GOODWILL, time=WarrantyTime.OVER_HOURS),
    ),
    ("R01", "over", machine(warranty=WarrantyOutcome.OUT_OVER, period_end=None), machine(period_end=None)),
    (
        "R02", "authorisation_missing",
        part(source=PartSource.BOUGHT_URGENT),
        part(source=PartSource.BOUGHT_GENUINE),
    ),
    (
        "R02", "authorisation_missing",
        part(source=PartSource.BOUGHT_URGENT) | allowed(AuthorisationKind.COURIER),
        part(source=PartSource.BOUGHT_URGENT) | allowed(AuthorisationKind.URGENT_PART),
    ),
    (
        "R02", "authorisation_ended",
        part(source=PartSource.BOUGHT_URGENT) | allowed(AuthorisationKind.URGENT_PART, date(2026, 6, 10)),
        part(source=PartSource.BOUGHT_URGENT) | allowed(AuthorisationKind.URGENT_PART, date(2026, 6, 11)),
    ),
    ("R02", "authorisation_missing", outing(km=D("300.1"), usual_km=D(300)), outing(km=D(300), usual_km=D(300))),
    ("R02", "authorisation_missing", {"courier": True}, {"courier": True} | allowed(AuthorisationKind.COURIER)),
    (
        "R03", "free_services_used",
        {"free_services": (FreeService("first", "首次保养", MACHINE.label, 1),)},
        {"free_services": (FreeService("first", "首次保养", MACHINE.label, 0),)},
    ),
    ("R04", "late", LATE, LATE | {"submitted_at": at("2026-07-11 23:50")}),
    (
        "B01", "labour_not_for_fault",
        {"operations": (OperationFacts("M10", "绕组/烧毁", "YE3-160M-4"),)},
        {"operations": (OperationFacts("M10", "轴承/异响", "YE3-160M-4"),)},
    ),
    (
        "B02", "labour_not_for_model",
        {"operations": (OperationFacts("M10", "轴承/异响", "YE3-180M-4"),)},
        {"operations": (OperationFacts("M10", "轴承/异响", "YE3-160M-4"),)},
    ),
    ("B03", "part_not_for_model", part(model="YE3-180M-4"), part(model="YE3-160M-4")),
    ("B03", "too_many_parts", part(quantity=D("2.5")), part(quantity=D("2.5"), machines=2)),
    ("B04", "meter_lower", machine(meter=Reading(D("1999.9"), date(2026, 6, 11))), machine(meter=Reading(D(2000), date(2026, 6, 11)))),
    # ten days with the first and the last: 240 h
    ("B04", "meter_jumps", machine(meter=Reading(D("2240.5"), date(2026, 6, 11))), machine(meter=Reading(D(2240), date(2026, 6, 11)))),
    ("B05", "slip_claimed", {"same_slip": ("JS-CS01-202606-0003",)}, {"same_slip": ()}),
    (
        "B05", "fault_claimed",
        machine(claimed=(EarlierJob("JS-1", date(2026, 5, 12)),)),
        machine(claimed=(EarlierJob("JS-1", date(2026, 5, 11)),)),
    ),
    (
        "B05", "fault_claimed",
        machine(claimed=(EarlierJob("JS-1", date(2026, 6, 11)),)),
        machine(claimed=(EarlierJob("JS-1", date(2026, 6, 11)),)) | {"repeat_declared": True},
    ),
    (
        "B06", "repeat_undeclared",
        machine(repeats=EarlierJob("FW-1", date(2026, 3, 13))),
        machine(repeats=EarlierJob("FW-1", date(2026, 3, 12))),
    ),
    (
        "B06", "repeat_undeclared",
        machine(repeats=EarlierJob("FW-1", date(2026, 6, 1))),
        machine(repeats=EarlierJob("FW-1", date(2026, 6, 1))) | {"repeat_declared": True},
    ),
    ("B07", "serial_missing", machine(serial_number=""), machine(serial_number="SF2505-0117")),
    ("B07", "not_in_register", machine(register=None), machine(register=RegisterRow("YE3-160M-4"))),
    ("B07", "not_sold", machine(register=RegisterRow("YE3-160M-4", sold=False)), machine(register=RegisterRow("YE3-160M-4"))),
    ("B07", "model_differs", machine(register=RegisterRow("YE3-160L-4")), machine(register=RegisterRow("YE3-160M-4"))),
    ("B07", "ex_factory_differs", machine(ex_factory_on=date(2023, 5, 20)), machine(ex_factory_on=None)),
    ("B08", "dealer_inactive", dealer(active=False), dealer(active=True)),
    ("B08", "line_unauthorised", machine(line="WQ"), machine(line="YE3")),
    ("B08", "line_unknown", machine(line=""), machine(line="") | dealer(lines=None)),
    ("B09", "no_policy", machine(policy_known=False), machine(policy_known=True)),
    ("B10", "old_parts_overdue", dealer(unreturned_since=date(2026, 3, 29)), dealer(unreturned_since=date(2026, 3, 30))),
    ("B11", "campaign_not_released", {"campaign": replace(CAMPAIGN, released=False)}, {"campaign": CAMPAIGN}),
    ("B11", "campaign_not_evaluated", {"campaign": replace(CAMPAIGN, evaluated=False)}, {"campaign": None}),
    ("B12", "photos_missing", evidence(present=frozenset({"nameplate", "fault"})), evidence(present=frozenset({"nameplate", "fault", "after"}))),
    ("B12", "photos_unreadable", evidence(unreadable=frozenset({"nameplate"})), evidence(unreadable=frozenset({"other"}))),
    ("B12", "signature_missing", evidence(signed=False), evidence(signed=True)),
    ("B12", "check_in_missing", evidence(checked_in=False), evidence(checked_in=True)),
    ("B13", "supplier_wrong", part(supplier="别家轴承"), part(supplier="别家轴承", causal=False)),
    ("M01", "part_over", part(days_over=1), part(days_over=0)),
    ("M02", "amount_high", {"amount": D("2000.01")}, {"amount": D("2000.00")}),
    ("M03", "km_over", outing(km=D("157.6")), outing(km=D("157.5"))),
    ("M03", "second_trip", SECOND_TRIP, SECOND_TRIP | outing(trips=1)),
    ("M03", "many_people", outing(people=3), outing(people=2)),
    ("M03", "overnight", outing(nights=1), outing(nights=0)),
    ("M04", "jobs_overlap", {"other_stays": (replace(NEXT, arrived=at("2026-06-11 11:44")),)}, {"other_stays": (NEXT,)}),
    ("M04", "jobs_overlap", {"other_stays": (STAY,)}, {"other_stays": (replace(STAY, technician="p8"),)}),
    ("M05", "far_from_site", evidence(position_m=501), evidence(position_m=None)),
    ("M05", "times_typed_in", evidence(typed_in=True), evidence(typed_in=False)),
    ("M05", "times_changed", evidence(times_changed=True), evidence(times_changed=False)),
    ("M05", "same_photo", evidence(same_photos=("FW-CS01-202605-0031",)), evidence(same_photos=())),
    (
        "A01", "trusted",
        {"amount": D("500.00")} | dealer(trusted=True),
        {"amount": D("500.00")} | dealer(trusted=False),
    ),
    (
        "A01", "trusted",
        {"amount": D("500.00")} | dealer(trusted=True),
        {"amount": D("500.01")} | dealer(trusted=True),
    ),
]  # fmt: skip
OUTCOMES = {"R": REFUSE, "B": RETURN, "M": MANUAL, "A": PASS}
CHOSEN = {"R02": RETURN, "B09": MANUAL}


def test_nothing_is_found_in_the_clean_claim_and_a_person_decides():
    report = reported()
    assert (report.findings, report.no_data, report.outcome, report.warnings) == ((), (), MANUAL, ())


def test_the_cases_below_try_every_check():
    assert {code for code, *_ in CASES} == set(CheckCode.values)


@pytest.mark.parametrize(
    ("code", "reason", "failing", "passing"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_check_finds_its_case_and_passes_the_neighbour(code, reason, failing, passing):
    report = reported(**failing)
    assert [(one.code, one.reason) for one in report.findings] == [(code, reason)]
    assert report.outcome == report.findings[0].outcome == CHOSEN.get(code, OUTCOMES[code[0]])
    assert found(**passing) == []


@pytest.mark.parametrize(("code", "reason", "failing"), [case[:3] for case in CASES], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_a_check_that_is_off_finds_nothing(code, reason, failing):
    assert found(settings=Settings(on=frozenset(CheckCode.values) - {code}), **failing) == []
    assert [one[0] for one in found(settings=Settings(on=frozenset({code})), **failing)] == [code]


# ── numbers of a finding ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "params"),
    [
        (over(), {"machine": MACHINE.label, "end": "2026-06-10"}),
        (LATE, {"days": 31, "finished": "2026-06-11", "limit": 30}),
        (part(quantity=D(3)), {"part": "BRG-6309", "model": "YE3-160M-4", "quantity": "3", "machines": 1, "most": "2"}),
        (
            machine(meter=Reading(D("2300.50"), date(2026, 6, 11))),
            {"machine": MACHINE.label, "hours": "2,300.5", "before": "2,000", "day": "2026-06-02", "most": "240"},
        ),
        ({"amount": D(2345)}, {"amount": "2,345.00", "limit": "2,000.00"}),
        (outing(km=D(168), usual_km=D(152)), {"km": "168", "usual": "152", "most": "159.6"}),  # domain.md 9.5, A3
        (machine(line="WQ", line_name="WQ 系列"), {"machine": MACHINE.label, "line": "WQ 系列"}),
        (
            {"other_stays": (replace(NEXT, arrived=at("2026-06-11 10:30")),)},
            {"name": "陈志强", "slip": NEXT.slip, "begin": "2026-06-11 10:30", "end": "2026-06-11 11:45"},
        ),
        (evidence(present=frozenset({"fault"})), {"slots": "after,nameplate"}),
        (
            part(source=PartSource.BOUGHT_URGENT) | allowed(AuthorisationKind.URGENT_PART, date(2026, 6, 1)),
            {"kind": "urgent_part", "number": "YS-0001", "end": "2026-06-01", "finished": "2026-06-11"},
        ),
    ],
)
def test_a_finding_carries_its_numbers(changes, params):
    [finding] = reported(**changes).findings
    assert finding.params == params


def test_of_several_pre_authorisations_the_last_of_the_kind_is_named():
    ended = [
        Authorisation(AuthorisationKind.COURIER, "YS-1", date(2026, 6, 1)),
        Authorisation(AuthorisationKind.COURIER, "YS-2", date(2026, 6, 9)),
        Authorisation(AuthorisationKind.SECOND_TRIP, "YS-3", date(2026, 6, 10)),
    ]
    [finding] = reported(courier=True, authorisations=tuple(ended)).findings
    assert (finding.reason, finding.params["number"]) == ("authorisation_ended", "YS-2")
    assert found(courier=True, authorisations=(ended[2],)) == [("R02", "authorisation_missing", RETURN)]


@pytest.mark.parametrize(
    "passing",
    [
        {"settings": Settings(authorise_above=D("2000.00"))},
        {"other_stays": (replace(NEXT, arrived=at("2026-06-11 07:00"), left=STAY.arrived),)},
        machine(meter=None),
        machine(earlier_meter=None),
        machine(repeats=EarlierJob("FW-1", date(2026, 6, 12))),  # after this one: that claim declares it
    ],
)
def test_what_only_touches_a_limit_or_has_nothing_to_compare_passes(passing):
    assert found(**passing) == []


def test_a_fault_repaired_twice_on_one_day_is_a_repeat_repair():
    assert found(**machine(repeats=EarlierJob("FW-1", date(2026, 6, 11)))) == [("B06", "repeat_undeclared", RETURN)]


def test_a_claim_with_two_wrong_parts_is_told_of_both():
    wrong, more = replace(CLEAN.parts[0], model="WQ-50"), replace(CLEAN.parts[0], quantity=D(9))
    assert found(parts=(wrong, more)) == [("B03", "part_not_for_model", RETURN), ("B03", "too_many_parts", RETURN)]


def test_a_machine_on_two_fault_lines_is_named_once():
    assert found(machines=machine(register=None)["machines"] * 2) == [("B07", "not_in_register", RETURN)]


def test_days_are_chinese_days():
    """23:50 and 00:10 in China are the same day in UTC."""
    assert found(**LATE) == [("R04", "late", REFUSE)]
    assert found(**LATE | {"finished_at": at("2026-06-12 00:05")}) == []


@pytest.mark.parametrize(
    ("since", "submitted", "overdue"),
    [
        (date(2025, 11, 30), "2026-02-28 12:00", False),  # three months later, the month's last day
        (date(2025, 11, 30), "2026-03-01 12:00", True),
        (date(2025, 8, 31), "2025-11-30 12:00", False),
        (date(2025, 8, 31), "2025-12-01 12:00", True),
        (date(2024, 1, 15), "2026-01-15 12:00", True),
    ],
)
def test_three_months_of_old_parts_end_on_the_same_day_or_the_months_last(since, submitted, overdue):
    report = reported(
        settings=Settings(on=frozenset({"B10"})), submitted_at=at(submitted), **dealer(unreturned_since=since)
    )
    assert bool(report.findings) is overdue


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_where_the_handbook_leaves_a_choice_the_manufacturer_chooses():
    strict = Settings(unauthorised=REFUSE, without_policy=RETURN)
    assert found(settings=strict, courier=True) == [("R02", "authorisation_missing", REFUSE)]
    assert found(settings=strict, **machine(policy_known=False)) == [("B09", "no_policy", RETURN)]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"submit_days": 18}, ("R04", "late", REFUSE)),
        ({"long_km": D(157)}, ("R02", "authorisation_missing", RETURN)),
        ({"authorise_above": D(1999)}, ("R02", "authorisation_missing", RETURN)),
        ({"meter_hours_a_day": D(16)}, ("B04", "meter_jumps", RETURN)),
        ({"duplicate_days": 101}, ("B05", "fault_claimed", RETURN)),
        ({"repeat_days": 101}, ("B06", "repeat_undeclared", RETURN)),
        ({"old_part_months": 2}, ("B10", "old_parts_overdue", RETURN)),
        ({"amount": D(1999)}, ("M02", "amount_high", MANUAL)),
        ({"km_over": D("0.04")}, ("M03", "km_over", MANUAL)),
        ({"people": 1}, ("M03", "many_people", MANUAL)),
        ({"position_m": 499}, ("M05", "far_from_site", MANUAL)),
    ],
)
def test_a_manufacturer_sets_its_own_limits(limits, expected):
    assert found(settings=Settings(**limits)) == [expected]


def test_ten_days_before_the_limit_a_claim_is_only_warned_about():
    report = reported(submitted_at=at("2026-07-01 00:10"), **dealer(unreturned_since=None))
    assert (report.findings, report.outcome) == ((), MANUAL)
    [warning] = report.warnings
    assert (warning.code, warning.reason) == ("R04", "late_soon")
    assert warning.params == {"days": 20, "finished": "2026-06-11", "left": 10}
    [last] = reported(submitted_at=at("2026-07-11 23:50"), **dealer(unreturned_since=None)).warnings
    assert (last.params["days"], last.params["left"]) == (30, 0)
    day_before = reported(submitted_at=at("2026-06-30 23:50"), **dealer(unreturned_since=None))
    assert day_before.warnings == ()
    assert reported(settings=Settings(on=frozenset()), submitted_at=at("2026-07-01 00:10")).warnings == ()


# ── tables without rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_tables_a_claim_is_not_judged_by_them():
    report = reported(Reference())
    assert (report.findings, report.outcome) == ((), MANUAL)
    assert report.no_data == ("R03", "B01", "B02", "B03", "B07", "B13")


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("R03", {"free_services": (FreeService("second", "二次保养", MACHINE.label, 9),)}),
        ("B01", {"operations": (OperationFacts("M10", "", "YE3-160M-4"),)}),
        ("B13", part(code="X") | {"table": {"part_models": {"X": {"YE3-160M-4": D(2)}}}}),
        ("B03", part(code="X") | {"table": {"suppliers": {"X": frozenset({"示范轴承"})}}}),
        ("M03", outing(usual_km=None)),
    ],
)
def test_a_row_that_a_table_lacks_is_no_finding(code, changes):
    facts = {name: value for name, value in changes.items() if name != "table"}
    report = reported(replace(TABLES, **changes.get("table", {})), **facts)
    assert (report.findings, report.no_data) == ((), (code,))


def test_a_check_that_is_off_misses_no_data():
    assert reported(Reference(), Settings(on=frozenset({"B01", "M02"}))).no_data == ("B01",)


def test_what_a_claim_does_not_ask_for_needs_no_table():
    report = reported(Reference(register=True), operations=(), parts=(), free_services=())
    assert (report.findings, report.no_data) == ((), ())


# ── outcomes ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ([over(), {"courier": True}, {"amount": D(3000)}], REFUSE),
        ([{"courier": True}, {"amount": D(3000)}, dealer(trusted=True)], RETURN),
        ([{"amount": D(300)}, outing(nights=1), dealer(trusted=True)], MANUAL),
        ([{"amount": D(300)}, dealer(trusted=True)], PASS),
        ([{"amount": D(300)}], MANUAL),
    ],
)
def test_the_worst_finding_decides(changes, outcome):
    together = {name: value for one in changes for name, value in one.items()}
    assert reported(**together).outcome == outcome


def test_a_trusted_dealer_is_passed_only_when_nothing_else_was_found():
    low = {"amount": D(300)} | dealer(trusted=True)
    assert found(**low) == [("A01", "trusted", PASS)]
    assert found(**low | outing(nights=1)) == [("M03", "overnight", MANUAL)]


@pytest.mark.parametrize("outcome", [outcome for outcome in WarrantyOutcome if outcome != WarrantyOutcome.IN])
def test_nothing_but_what_is_in_warranty_is_paid_without_a_person(outcome):
    low = {"amount": D(300)} | dealer(trusted=True)
    assert reported(**low | machine(warranty=outcome)).outcome in (MANUAL, REFUSE)
    assert reported(**low | {"machines": ()}).outcome == MANUAL


# ── any claim ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

SIMPLE: dict[object, st.SearchStrategy[object]] = {
    str: st.sampled_from(["", "YE3", "M10", "BRG-6309", "YE3-160M-4", "示范轴承", "轴承/异响", "first", "nameplate"]),
    bool: st.booleans(),
    int: st.integers(0, 10**6),
    Decimal: st.decimals(0, 500, places=2) | st.decimals(0, 10**6, places=2),
    date: st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    datetime: st.datetimes(datetime(2000, 1, 1), datetime(2100, 12, 31), timezones=st.just(CHINA)),  # noqa: DTZ001
}


def any_of(kind):
    """Values of a type of the facts, whatever they say together."""
    arguments = [one for one in get_args(kind) if one is not Ellipsis]
    if kind in SIMPLE:
        return SIMPLE[kind]
    if kind is NoneType:
        return st.none()
    if is_dataclass(kind):
        return st.builds(kind, **{name: any_of(one) for name, one in get_type_hints(kind).items()})
    if get_origin(kind) is tuple:
        return st.lists(any_of(arguments[0]), max_size=2).map(tuple)
    if get_origin(kind) is frozenset:
        return st.frozensets(any_of(arguments[0]), max_size=2)
    if get_origin(kind) is Mapping:
        return st.dictionaries(any_of(arguments[0]), any_of(arguments[1]), max_size=3)
    if arguments:
        return st.one_of(*map(any_of, arguments))
    return st.sampled_from(kind)


OWN = {"on": st.frozensets(st.sampled_from(CheckCode.values))}


@given(any_of(Facts), any_of(Reference), st.builds(Settings, **OWN))
@settings(max_examples=300, deadline=None)
def test_every_claim_gets_a_report_with_the_worst_of_its_findings(facts, reference, chosen):
    report = run(facts, reference, chosen)
    outcomes = {one.outcome for one in report.findings}
    order = (REFUSE, RETURN, MANUAL, PASS)
    assert report.outcome == next((one for one in order if one in outcomes), MANUAL)
    codes = [one.code for one in report.findings]
    assert codes == sorted(codes, key=list(CheckCode).index)
    assert {*codes, *report.no_data} <= chosen.on
    assert "A01" not in codes or codes == ["A01"]
    assert report == run(facts, reference, chosen)
