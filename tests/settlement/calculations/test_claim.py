"""Claims: worked examples of domain.md 9.5, and each sentence of calculations.md, claim."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cases import FULL, at, changed, explained, result, wrong_field

CARD = FULL["claim"]["rate_card"]
BANDS = CARD["travel"]["bands"]
BEARINGS = {"number": "BRG-6309", "quantity": 2, "unit_price": "42.00", "source": "allocated"}


def case(card: dict[str, Any] | None = None, days: Any = None, **slip: Any) -> dict[str, Any]:
    """A morning in town that costs nothing unless something is added; card: what differs from CARD, without short_job."""
    plain = {
        "operations": [], "one_way_km": 0, "people": 1, "left": at("2026-06-11 08:00"), "back": at("2026-06-11 12:00"),
    }  # fmt: skip
    free = {"mode": "whole", "bands": [{"up_to_km": 1000, "flat": 0}]}
    return {
        "rate_card": {**CARD, "short_job": None, "travel": free, **(card or {})},
        "slip": {**plain, **slip},
        **({} if days is None else {"days": days}),
    }


def lines(*arguments: Any, **slip: Any) -> list[tuple[str, str]]:
    """Item and amount of each line; the total is their sum."""
    return lines_of(case(*arguments, **slip))


def lines_of(claim: dict[str, Any]) -> list[tuple[str, str]]:
    found = result("claim", claim)
    assert list(found) == ["lines", "total"]
    assert all(list(line) == ["item", "amount"] for line in found["lines"])
    cents = sum(int(line["amount"].replace(".", "")) for line in found["lines"])
    assert int(found["total"].replace(".", "")) == cents
    return [(line["item"], line["amount"]) for line in found["lines"]]


def travel(km: object, mode: str, bands: list[dict[str, Any]], **slip: Any) -> str:
    """The amount of the line travel, 0.00 where there is none."""
    found = dict(lines({"travel": {"mode": mode, "bands": bands}, "subsidy_over_km": 10000}, one_way_km=km, **slip))
    return found.pop("travel", "0.00")


# ── worked examples ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a1_in_town() -> None:
    town = case(
        {"travel": CARD["travel"], "short_job": CARD["short_job"]},
        operations=[{"code": "bearing", "hours": "3.0"}], one_way_km=14, parts=[BEARINGS], consumables="28.00",
    )  # fmt: skip
    assert lines_of(town) == [("labour", "240.00"), ("travel", "60.00"), ("consumables", "28.00")]
    assert result("claim", town)["total"] == "328.00"


def test_a2_outing() -> None:
    assert lines_of(FULL["claim"]) == [
        ("labour", "360.00"),
        ("labour", "120.00"),
        ("travel", "504.00"),
        ("subsidy", "320.00"),
        ("lodging", "338.00"),
        ("part", "204.60"),
        ("consumables", "36.00"),
    ]
    assert result("claim", FULL["claim"])["total"] == "1882.60"


def test_a5_parts_from_three_sources() -> None:
    parts = [
        BEARINGS,
        {"number": "OS-60×85", "quantity": 1, "unit_price": "22.00", "source": "consigned"},
        {"number": "contactor", "quantity": 1, "unit_price": "128.00", "source": "self_bought"},
    ]
    assert lines(parts=parts) == [("part", "140.80")]


def test_a6_night_on_a_holiday() -> None:
    work = [{"from": at("2026-10-02 03:20"), "to": at("2026-10-02 05:10")}]
    assert lines(work=work) == [("night", "100.00"), ("holiday", "100.00")]


def test_a7_minimum_for_short_jobs() -> None:
    found = lines({"short_job": CARD["short_job"]}, operations=[{"code": "check", "hours": "1.0"}], one_way_km=50)
    assert found == [("labour", "80.00"), ("labour_top_up", "40.00")]


# ── labour ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_operation_is_a_line_rounded_by_itself() -> None:
    # 0.125 h × 0.20 = 0.025: half up, each line before summing
    operations = [{"code": code, "hours": "0.125"} for code in ("a", "b", "c")]
    assert lines({"hourly": "0.20"}, operations=operations) == [("labour", "0.03")] * 3
    assert lines({"hourly": "0.20"}, operations=[{"code": "a", "hours": "0"}]) == []


@pytest.mark.parametrize(
    ("km", "hours", "expected"),
    [
        (50, "1.5", [("labour", "120.00")]),
        (50, "1.499", [("labour", "119.92"), ("labour_top_up", "0.08")]),
        ("50.1", "1.0", [("labour", "80.00")]),
        (0, "2.0", [("labour", "160.00")]),
    ],
)
def test_a_short_job_is_topped_up_to_the_minimum(km: object, hours: str, expected: list[tuple[str, str]]) -> None:
    card = {"short_job": CARD["short_job"], "subsidy_over_km": 100}
    assert lines(card, operations=[{"code": "a", "hours": hours}], one_way_km=km) == expected


def test_a_short_job_without_an_operation_gets_the_whole_minimum_once() -> None:
    assert lines({"short_job": CARD["short_job"]}) == [("labour_top_up", "120.00")]
    two = [{"code": "a", "hours": "0.5"}, {"code": "b", "hours": "0.25"}]
    assert lines({"short_job": CARD["short_job"]}, operations=two) == [
        ("labour", "40.00"), ("labour", "20.00"), ("labour_top_up", "60.00"),
    ]  # fmt: skip


# ── travel ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

THREE = [{"up_to_km": 20, "flat": "60.00"}, {"up_to_km": 100, "per_km": "3.00"}, {"up_to_km": 300, "per_km": "2.55"}]


@pytest.mark.parametrize(
    ("km", "amount"),
    [
        (0, "60.00"), (20, "60.00"), ("20.1", "60.30"), (100, "300.00"), ("100.5", "256.28"), (300, "765.00"),
    ],
)  # fmt: skip
def test_whole_distance_by_the_band_it_falls_into(km: object, amount: str) -> None:
    assert travel(km, "whole", THREE) == amount


@pytest.mark.parametrize(
    ("km", "amount"),
    [
        (0, "60.00"), (20, "60.00"), ("20.1", "60.30"), (100, "300.00"), ("100.5", "301.28"), (300, "810.00"),
    ],
)  # fmt: skip
def test_band_by_band(km: object, amount: str) -> None:
    assert travel(km, "progressive", THREE) == amount


def test_two_trips_are_one_line_rounded_once() -> None:
    assert travel("100.5", "progressive", THREE, trips=2) == "602.55"  # calculations.md, claim
    assert travel("100.5", "whole", THREE, trips=2) == "512.55"  # 256.275 × 2
    assert lines({"travel": {"mode": "whole", "bands": THREE}}, one_way_km=5, trips=3) == [("travel", "180.00")]


@pytest.mark.parametrize(
    ("km", "amount"), [(0, "0.00"), (10, "15.00"), (50, "75.00"), ("50.01", "115.00"), (80, "115.00"), (81, "117.00")]
)
def test_bands_by_the_kilometre_first_and_flat_later(km: object, amount: str) -> None:
    bands = [{"up_to_km": 50, "per_km": "1.50"}, {"up_to_km": 80, "flat": "40.00"}, {"up_to_km": 200, "per_km": "2.00"}]
    assert travel(km, "progressive", bands) == amount


def test_a_first_band_up_to_zero_pays_who_does_not_drive() -> None:
    bands = [{"up_to_km": 0, "flat": "10.00"}, {"up_to_km": 100, "per_km": "1.00"}]
    assert [travel(km, "progressive", bands) for km in (0, 5)] == ["10.00", "15.00"]
    assert [travel(km, "whole", bands) for km in (0, 5)] == ["10.00", "5.00"]


@pytest.mark.parametrize("mode", ["whole", "progressive"])
def test_beyond_the_last_band_the_distance_is_an_error(mode: str) -> None:
    far = case({"travel": {"mode": mode, "bands": THREE}}, one_way_km="300.01")
    assert wrong_field("claim", far) == "slip.one_way_km"


# ── days away ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("back", "days"),
    [
        ("2026-06-11 08:01", 1), ("2026-06-12 08:00", 1), ("2026-06-12 08:01", 2), ("2026-06-13 08:00", 2),
        ("2026-06-13 08:01", 3),
    ],
)  # fmt: skip
def test_a_day_is_each_begun_stretch_of_24_hours(back: str, days: int) -> None:
    # trips do not multiply the subsidy
    found = dict(lines(one_way_km=51, people=3, back=at(back), lodging_invoice="100000.00", trips=2))
    assert found["subsidy"] == f"{80 * 3 * days}.00"
    assert found.get("lodging", "0.00") == f"{200 * 3 * (days - 1)}.00"


def test_the_subsidy_is_for_distances_over_the_limit() -> None:
    assert lines(one_way_km=50) == []
    assert lines(one_way_km="50.01") == [("subsidy", "80.00")]


@pytest.mark.parametrize(("invoice", "paid"), [("199.99", "199.99"), ("200.00", "200.00"), ("200.01", "200.00")])
def test_lodging_is_the_invoice_up_to_the_cap(invoice: str, paid: str) -> None:
    assert lines(back=at("2026-06-12 10:00"), lodging_invoice=invoice) == [("lodging", paid)]


# ── night and holiday ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def surcharges(*stretches: tuple[str, str], days: Any = None) -> list[str]:
    work = [{"from": at(start), "to": at(end)} for start, end in stretches]
    return [item for item, _ in lines(None, days, work=work)]


@pytest.mark.parametrize(
    ("start", "end", "night"),
    [
        ("2026-06-11 21:00", "2026-06-11 22:00", False),
        ("2026-06-11 21:00", "2026-06-11 22:01", True),
        ("2026-06-11 06:00", "2026-06-11 22:00", False),
        ("2026-06-11 05:59", "2026-06-11 06:00", True),
        ("2026-06-11 00:00", "2026-06-11 00:01", True),
        ("2026-06-11 23:00", "2026-06-12 01:00", True),
        ("2026-06-11 07:00", "2026-06-12 07:00", True),
        ("2026-06-11 12:00", "2026-06-11 12:01", False),
    ],
)
def test_a_minute_between_ten_and_six_is_night(start: str, end: str, night: bool) -> None:
    assert surcharges((start, end)) == (["night"] if night else [])


def test_night_is_local_time_whatever_the_offset() -> None:
    work = [{"from": "2026-06-11T21:30Z", "to": "2026-06-11T22:30Z"}]  # 05:30 to 06:30 in China
    assert lines(work=work) == [("night", "100.00")]


@pytest.mark.parametrize(
    ("start", "end", "holiday"),
    [
        ("2026-06-19 09:00", "2026-06-19 10:00", True),
        ("2026-06-20 09:00", "2026-06-20 10:00", True),  # a Saturday inside the period
        ("2026-06-13 09:00", "2026-06-13 10:00", False),  # any other Saturday
        ("2026-05-09 09:00", "2026-05-09 10:00", False),  # a worked one
        ("2026-10-07 09:00", "2026-10-07 10:00", True),
        ("2026-10-08 00:00", "2026-10-08 06:00", False),
        ("2026-10-04 09:00", "2026-10-04 10:00", True),
        ("2025-10-05 09:00", "2025-10-05 10:00", True),
    ],
)
def test_work_on_a_day_of_a_holiday_period(start: str, end: str, holiday: bool) -> None:
    assert ("holiday" in surcharges((start, end))) is holiday


def test_the_last_minute_decides_on_which_day_the_work_lies() -> None:
    assert surcharges(("2026-06-18 21:00", "2026-06-18 22:00")) == []
    assert surcharges(("2026-06-18 23:00", "2026-06-19 00:00")) == ["night"]
    assert surcharges(("2026-06-18 23:00", "2026-06-19 00:01")) == ["night", "holiday"]


def test_night_and_holiday_are_paid_once() -> None:
    nights = [(f"2026-10-0{day} 22:00", f"2026-10-0{day} 23:00") for day in (1, 2, 3)]
    assert surcharges(*nights) == ["night", "holiday"]


def test_given_days_decide_on_holidays() -> None:
    saturday = ("2027-02-06 09:00", "2027-02-06 10:00")
    sunday = ("2027-02-07 09:00", "2027-02-07 10:00")
    assert surcharges(saturday) == []
    assert surcharges(saturday, days={"off": ["2027-02-06"]}) == ["holiday"]
    assert surcharges(sunday, days={"off": ["2027-02-06"]}) == ["holiday"]  # the same run of days off
    assert surcharges(sunday, days={"off": ["2027-02-05"], "work": ["2027-02-06"]}) == []
    worked = {"work": ["2026-06-19"]}
    assert surcharges(("2026-06-19 09:00", "2026-06-19 10:00"), days=worked) == []


def test_a_year_that_nobody_has_published_is_told() -> None:
    beyond = case(work=[{"from": at("2027-01-01 09:00"), "to": at("2027-01-01 10:00")}])
    assert lines_of(beyond) == []
    assert "2027 年的放假安排尚未公布" in explained("claim", beyond)
    published = case(work=[{"from": at("2026-12-31 09:00"), "to": at("2027-01-01 00:00")}])
    assert "尚未公布" not in explained("claim", published)
    stretches = [("2029-03-01 09:00", "2029-03-01 10:00"), ("2026-03-01 09:00", "2031-03-01 10:00")]
    for given in (stretches, stretches[::-1]):
        work = [{"from": at(start), "to": at(end)} for start, end in given]
        assert "2027–2031 年的放假安排尚未公布" in explained("claim", case(work=work))


def test_work_of_years_is_answered_at_once() -> None:
    assert surcharges(("1950-01-01 00:00", "9999-12-31 00:00")) == ["night", "holiday"]
    assert surcharges(("2027-03-01 07:00", "9999-12-31 00:00")) == ["night"]


# ── parts and what is given ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("quantity", "price", "factor", "amount"),
    [
        (1, "186.00", "1.10", "204.60"), ("0.5", "0.01", 1, "0.01"), ("0.25", "0.01", "1.9", None), (3, "0.35", "1.1", "1.16"),
        (1, "0.00", "1.10", None), ("2.5", "42.00", "1.105", "116.03"),
    ],
)  # fmt: skip
def test_a_part_is_quantity_times_price_times_factor(
    quantity: object, price: str, factor: object, amount: str | None
) -> None:
    parts = [{"number": "P", "quantity": quantity, "unit_price": price, "source": "any"}]
    assert lines({"part_factors": {"any": factor}}, parts=parts) == ([("part", amount)] if amount else [])


def test_numbers_are_exact_however_long_they_are() -> None:
    # 0.00499…9 (40 nines) must not become 0.005; a float or 28 digits would round it up
    parts = [{"number": "P", "quantity": "0." + "4" + "9" * 40, "unit_price": "0.01", "source": "any"}]
    assert lines({"part_factors": {"any": "1"}}, parts=parts) == []
    long = [{"code": "a", "hours": "1" * 30 + ".005"}]
    assert lines({"hourly": "1.00"}, operations=long) == [("labour", "1" * 30 + ".01")]


@pytest.mark.parametrize(("given", "paid"), [("0", None), ("49.99", "49.99"), ("50.00", "50.00"), (50.01, "50.00")])
def test_consumables_are_paid_up_to_the_cap(given: object, paid: str | None) -> None:
    assert lines(consumables=given) == ([("consumables", paid)] if paid else [])


def test_the_lines_stand_in_their_order() -> None:
    card = {"travel": CARD["travel"], "short_job": {"max_km": 500, "min_labour": "1000.00"}}
    everything = case(
        card, operations=[{"code": "a", "hours": 1}, {"code": "b", "hours": 2}], one_way_km=60,
        back=at("2026-06-12 10:00"), lodging_invoice=1, consumables=2, old_part_freight=3, other=4,
        work=[{"from": at("2026-06-20 05:00"), "to": at("2026-06-20 07:00")}],
        parts=[{"number": f"P{price}", "quantity": 1, "unit_price": price, "source": "emergency"} for price in (1, 2)],
    )  # fmt: skip
    assert lines_of(everything) == [
        ("labour", "80.00"), ("labour", "160.00"), ("labour_top_up", "760.00"), ("travel", "180.00"), ("subsidy", "160.00"),
        ("lodging", "1.00"), ("night", "100.00"), ("holiday", "100.00"), ("part", "1.10"), ("part", "2.20"),
        ("consumables", "2.00"), ("old_part_freight", "3.00"), ("other", "4.00"),
    ]  # fmt: skip


def test_a_slip_that_costs_nothing_has_no_lines() -> None:
    assert result("claim", case()) == {"lines": [], "total": "0.00"}


# ── input ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("rate_card.hourly", "80.001", "rate_card.hourly"),
        ("rate_card.hourly", 80.0005, "rate_card.hourly"),
        ("rate_card.lodging_cap", "-1", "rate_card.lodging_cap"),
        ("rate_card.travel.mode", "stepwise", "rate_card.travel.mode"),
        ("rate_card.travel.bands[1]", {"up_to_km": 300}, "rate_card.travel.bands[1]"),
        ("rate_card.travel.bands[1]", {"up_to_km": 300, "flat": None}, "rate_card.travel.bands[1]"),
        ("rate_card.travel.bands[0].per_km", 3, "rate_card.travel.bands[0]"),
        ("rate_card.travel.bands[1].up_to_km", 20, "rate_card.travel.bands[1]"),
        ("rate_card.travel.bands[1].up_to_km", 19, "rate_card.travel.bands[1]"),
        ("rate_card.travel.bands[0].up_to_km", 300, "rate_card.travel.bands[1]"),
        ("rate_card.travel.bands[0].up_to_km", None, "rate_card.travel.bands[0].up_to_km"),
        ("rate_card.travel.bands[0].flat", "sixty", "rate_card.travel.bands[0].flat"),
        ("rate_card.travel.bands[1].per_km", -3, "rate_card.travel.bands[1].per_km"),
        ("rate_card.part_factors", {"self_bought": "110%"}, "rate_card.part_factors.self_bought"),
        ("rate_card.part_factors", {"allocated": 0}, "slip.parts[0].source"),
        ("rate_card.part_factors.self_bought", None, "slip.parts[0].source"),
        ("slip.parts[0].source", "customer", "slip.parts[0].source"),
        ("slip.parts[0].quantity", 0, "slip.parts[0].quantity"),
        ("slip.parts[0].quantity", "0.00", "slip.parts[0].quantity"),
        ("slip.parts[0].unit_price", "1.999", "slip.parts[0].unit_price"),
        ("slip.operations[1].hours", "-0.5", "slip.operations[1].hours"),
        ("slip.operations[1].code", "", "slip.operations[1].code"),
        ("slip.one_way_km", "-1", "slip.one_way_km"),
        ("slip.trips", 0, "slip.trips"),
        ("slip.people", 0, "slip.people"),
        ("slip.back", FULL["claim"]["slip"]["left"], "slip.back"),
        ("slip.back", at("2026-06-11 07:29"), "slip.back"),
        ("slip.work[0].to", FULL["claim"]["slip"]["work"][0]["from"], "slip.work[0].to"),
        ("slip.work[0].to", at("2026-06-11 11:00"), "slip.work[0].to"),
        ("slip.left", "2026-06-11T07:30:30+08:00", "slip.left"),
        ("slip.consumables", "1.500", "slip.consumables"),
        ("slip.other", "1,500.00", "slip.other"),
    ],
)
def test_input_that_makes_no_sense_is_named(path: str, value: object, field: str) -> None:
    assert wrong_field("claim", changed(FULL["claim"], path, value)) == field


def test_kilometres_and_hours_may_have_any_decimals() -> None:
    found = lines(
        {"travel": {"mode": "whole", "bands": [{"up_to_km": "10.125", "per_km": "1.00"}]}}, one_way_km="10.1249"
    )
    assert found == [("travel", "10.12")]


def test_each_step_is_told_with_its_numbers() -> None:
    assert explained("claim", FULL["claim"]).splitlines() == [
        "工时费 seal:4.5 工时 × 80.00 = 360.00。",
        "工时费 align:1.5 工时 × 80.00 = 120.00。",
        "到 300 公里的一档:168 公里 × 3.00 = 504.00。",
        "差旅,单程 168 公里:每次 504.00 × 1 次 = 504.00。",
        "外出 2026-06-11 07:30 至 2026-06-12 18:10,共 34 小时 40 分(2080 分钟):每满或不足 24 小时算一天,2 天,1 晚。",
        "出差补助:80.00 × 2 人 × 2 天 = 320.00。",
        "住宿:发票 338.00,最多 200.00 × 2 人 × 1 晚 = 400.00;计 338.00。",
        "22:00 至 06:00 没有作业:不计夜间补贴。",
        "假期内没有作业:不计节假日补贴。",
        "配件 KIT-DG46(self_bought):1 × 186.00 × 1.10 = 204.60。",
        "辅料:36.00,最多 50.00;计 36.00。",
        "旧件运费:0.00。",
        "其他费用:0.00。",
        "各行四舍五入后合计:1,882.60。",
    ]


def test_what_is_not_paid_is_told_too() -> None:
    told = explained("claim", case({"short_job": CARD["short_job"]}, one_way_km=10))
    assert "没有出差补助:10 公里不超过 50 公里。" in told
    assert "没有填作业时间:不计夜间和节假日补贴。" in told
    assert "10 公里不超过 50 公里:工时费 0.00 补足到 120.00,补 120.00。" in told
    assert "到 1,000 公里的一档:固定 0。" in told
