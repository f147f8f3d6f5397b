"""Cases of all six kinds for hypothesis: valid ones that seek the corners of calculations.md, and broken ones that know their paths.

A case is an object of calculations.md. Decimals stand in it as they will be written: a text, an int, or a Decimal for a JSON number
with its digits (`line` writes them without float).

Where the text leaves a choice, no case asks for it: 5.0 or "5" for a whole number, 1.5 people, 1e3, a null in a free map, an empty
`part_group`, 8:30 for 08:30, three decimals of a rate per hour, kilometre or day, a second key of one name, and a last quarter of
−0.01 whose percents would outweigh the fixed sums.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.calculations import slow

Case = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]
Path = tuple[str | int, ...]

KINDS = tuple(slow.KINDS)


def line(case: Any) -> str:
    """The case as one line of JSON; a Decimal is written with all its digits."""
    if isinstance(case, dict):
        return (
            "{"
            + ", ".join(f"{json.dumps(name, ensure_ascii=False)}: {line(each)}" for name, each in case.items())
            + "}"
        )
    if isinstance(case, list):
        return "[" + ", ".join(line(each) for each in case) + "]"
    if isinstance(case, Decimal):
        return format(case, "f")
    return json.dumps(case, ensure_ascii=False)


# ── numbers, as people and programs write them ───────────────────────────────────────────────────────────────────────────────────


@st.composite
def written(draw: Draw, exact: Decimal, places: int) -> str | int | Decimal:
    """One way to write a number: as text or as JSON number, with more or fewer zeros behind, zero also as −0."""
    plain = format(exact.normalize(), "f") if exact else "0"
    if draw(st.booleans()):
        whole, _, behind = plain.partition(".")
        behind = behind.ljust(draw(st.integers(len(behind), max(len(behind), places))), "0")
        plain = f"{whole}.{behind}" if behind else whole
    if not exact and draw(st.integers(0, 3)) == 0:
        plain = "-" + plain
    way = draw(st.sampled_from(["text", "text", "number", "zeros in front"]))
    if way == "number":
        return Decimal(plain) if "." in plain or plain.startswith("-") else int(plain)
    if way == "zeros in front" and draw(st.booleans()):
        return plain.replace("-", "-00") if plain.startswith("-") else "00" + plain
    return plain


@st.composite
def money(draw: Draw, most: int = 50_000, least: int = 0, hot: Sequence[str] = ()) -> Any:
    """An amount between two yuan figures, sometimes 0, some cents, or one of `hot`."""
    cents = draw(
        st.one_of(
            st.integers(least * 100, most * 100),
            st.integers(max(least, 0) * 100, max(least, 0) * 100 + 30),
            st.sampled_from([max(least, 0) * 100, most * 100]),
        )
    )
    exact = Decimal(draw(st.sampled_from(hot))) if hot and draw(st.booleans()) else Decimal(cents).scaleb(-2)
    return draw(written(exact, 2))


@st.composite
def decimals(draw: Draw, most: int = 100, places: int = 3, hot: Sequence[str] = ()) -> Any:
    """A number ≥ 0 with some decimals, now and then with very many."""
    if hot and draw(st.booleans()):
        exact = Decimal(draw(st.sampled_from(hot)))
    else:
        digits = 16 if draw(st.integers(0, 9)) == 0 else draw(st.integers(0, places))
        exact = Decimal(draw(st.integers(0, most * 10**digits))).scaleb(-digits)
    return draw(written(exact, places + 2))


def fraction_of(value: Any) -> Decimal:
    return Decimal(str(value))


texts = st.sampled_from(["A", "换电机轴承", "x y", "0", "null", "6309-2RS", "«»", "a.b[0]", "false"])
ids = st.one_of(texts, st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8))


def maybe(draw: Draw, into: Case, name: str, strategy: st.SearchStrategy[Any]) -> None:
    """An optional field: given, absent, or null, which equals absent."""
    way = draw(st.sampled_from(["given", "given", "given", "absent", "null"]))
    if way == "given":
        into[name] = draw(strategy)
    elif way == "null":
        into[name] = None


# ── days and instants ────────────────────────────────────────────────────────────────────────────────────────────────────────────

#: around holidays and swap days, month ends, and in years that nobody has published
HOT_DAYS = [
    date.fromisoformat(each)
    for each in (
        "2018-12-28", "2019-04-30", "2020-01-31", "2021-02-11", "2022-12-30", "2023-10-06", "2023-12-29", "2024-02-09", "2024-02-29",
        "2024-06-07", "2025-01-25", "2025-05-31", "2025-10-08", "2026-01-01", "2026-02-13", "2026-02-27", "2026-04-03", "2026-05-08",
        "2026-06-18", "2026-09-19", "2026-09-30", "2026-10-09", "2026-12-31", "2027-01-01", "2027-02-05", "2028-02-28", "2028-09-30",
        "2031-10-01",
    )
]  # fmt: skip
days_of_the_year = st.one_of(
    st.builds(lambda hot, more: hot + timedelta(days=more), st.sampled_from(HOT_DAYS), st.integers(0, 4)),
    st.dates(date(2018, 12, 28), date(2029, 12, 31)),
)
minutes_of_the_day = st.one_of(
    st.sampled_from([0, 1, 359, 360, 361, 510, 720, 810, 1050, 1080, 1319, 1320, 1321, 1439]), st.integers(0, 1439)
)


def minute(day: date, minute_of_day: int = 0) -> int:
    """The number by which the second implementation knows an instant in China."""
    return (day - slow.DAWN.date()).days * slow.MINUTES_A_DAY + minute_of_day


moments = st.builds(minute, days_of_the_year, minutes_of_the_day)


@st.composite
def instant(draw: Draw, at: int) -> Any:
    """One way to write an instant: any offset, with :00 seconds or without, Z for +00:00."""
    east = draw(st.sampled_from([480, 480, 480, 0, -210, 330, 540, 765, -720, 840]))
    local = slow.DAWN.replace(tzinfo=None) + timedelta(minutes=at - 480 + east)
    zone = f"{'-' if east < 0 else '+'}{abs(east) // 60:02}:{abs(east) % 60:02}"
    if east == 0 and draw(st.booleans()):
        zone = "Z"
    return local.strftime("%Y-%m-%dT%H:%M") + draw(st.sampled_from(["", ":00"])) + zone


@st.composite
def overrides(draw: Draw, first: date, length: int = 12) -> Case:
    """`days` around a day: some off, some worked, some in both lists."""
    near = st.integers(-3, length).map(lambda more: (first + timedelta(days=more)).isoformat())
    found: Case = {}
    maybe(draw, found, "off", st.lists(near, max_size=5, unique=True))
    maybe(draw, found, "work", st.lists(near, max_size=5, unique=True))
    return found


# ── clock ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def time_text(minute_of_day: int) -> str:
    return f"{minute_of_day // 60:02}:{minute_of_day % 60:02}"


@st.composite
def calendars(draw: Draw) -> tuple[Any, int]:
    """A calendar, and the open minutes of one of its days."""
    shape = draw(st.sampled_from(["7x24", "open", "lunch", "lunch", "any", "any"]))
    if shape == "7x24":
        return "7x24", slow.MINUTES_A_DAY
    if shape == "lunch":
        calendar: Any = {"windows": [["08:30", "12:00"], ["13:30", "18:00"]]}
        return calendar, 480
    edge = st.one_of(st.sampled_from([0, 360, 510, 720, 810, 1050, 1080, 1320, 1439, 1440]), st.integers(0, 1440))
    if shape == "open":
        begin, end = sorted(draw(st.lists(edge, min_size=2, max_size=2, unique=True)))
        calendar = {"open": time_text(begin), "close": time_text(end)}
        if draw(st.integers(0, 5)) == 0:
            calendar["windows"] = None
        return calendar, end - begin
    edges = sorted(draw(st.lists(edge, min_size=2, max_size=7, unique=True)))
    windows = []
    while len(edges) > 1:
        begin, end = edges[0], edges[1]
        windows.append((begin, end))
        edges = edges[1:] if draw(st.booleans()) else edges[2:]  # the next one touches, or leaves a gap
    return {"windows": [[time_text(begin), time_text(end)] for begin, end in windows]}, sum(e - b for b, e in windows)


@st.composite
def pauses_around(draw: Draw, t0: int, near: Sequence[int]) -> list[Case]:
    """Pauses in any order: overlapping, before t0, empty, without end."""
    begins = st.one_of(
        st.sampled_from(near), st.integers(-3000, 9000).map(t0.__add__), st.sampled_from([t0 - 60, t0 - 1, t0, t0 + 1])
    )
    lengths = st.one_of(st.sampled_from([0, 0, 1, 30, 60, 420, 1440]), st.integers(0, 5000))
    found = []
    for _ in range(draw(st.integers(0, 4))):
        begin = draw(begins)
        pause: Case = {"from": draw(instant(begin))}
        without_end = draw(st.integers(0, 6))
        if without_end == 0:
            pause["to"] = None
        elif without_end > 1:
            pause["to"] = draw(instant(begin + draw(lengths)))
        found.append(pause)
    return found


def minute_of(text: str | None) -> int | None:
    """The minute that an instant of a result means."""
    return None if text is None else slow.instant(text, "", set())


@st.composite
def clock(draw: Draw) -> Case:
    t0 = draw(moments)
    calendar, open_a_day = draw(calendars())
    allow = draw(
        st.one_of(
            st.sampled_from([60, 240, 720, open_a_day, 2 * open_a_day]),
            st.integers(1, open_a_day),
            st.integers(1, 5 * open_a_day),
        )
    )
    case: Case = {"id": draw(ids), "t0": draw(instant(t0)), "allow_minutes": allow, "calendar": calendar}
    maybe(draw, case, "days", overrides(slow.date_of(t0)))

    def due() -> int | None:
        return minute_of(slow.answer("clock", {**case, "now": slow.shown_instant(t0)})["result"]["due"])

    bare_due = due()
    assert bare_due is not None
    maybe(draw, case, "pauses", pauses_around(t0, [bare_due - 1, bare_due, bare_due + 1, bare_due - allow]))
    due_now = due()
    known_due = bare_due if due_now is None else due_now
    near = [known_due - 1, known_due, known_due, known_due + 1, t0, t0 + 1]
    near += [minute_of(each) or t0 for pause in case.get("pauses") or [] for each in pause.values() if each]
    end = max(t0, draw(st.one_of(st.sampled_from(near), st.integers(0, 9000).map(t0.__add__))))
    if draw(st.booleans()):
        case["met_at"] = draw(instant(end))
        maybe(
            draw, case, "now", st.sampled_from(["2000-01-01T00:00Z", "yesterday", 5, True, [], {"a": 1}, ""])
        )  # ignored
    else:
        case["now"] = draw(instant(end))
        if draw(st.booleans()):
            case["met_at"] = None
    return case


# ── warranty ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

HOT_STARTS = [
    date.fromisoformat(each)
    for each in (
        "2023-08-31", "2023-11-30", "2023-12-31", "2024-01-31", "2024-02-29", "2024-05-30", "2024-08-31", "2024-12-31", "2025-01-31",
        "2025-02-28", "2025-03-12",
    )
]  # fmt: skip
starts = st.one_of(st.sampled_from(HOT_STARTS), st.dates(date(2023, 6, 1), date(2025, 12, 31)))
months = st.one_of(st.sampled_from([0, 1, 3, 6, 12, 18, 24]), st.integers(0, 40))
GROUPS = ["mechanical_seal", "bearing", "易损件"]


@st.composite
def warranty(draw: Draw) -> Case:
    rules = st.fixed_dictionaries({"basis": st.sampled_from(slow.BASES), "months": months})
    policy: Case = {"start_rules": draw(st.lists(rules, min_size=1, max_size=4))}
    limit = draw(decimals(5000, 1, ["0", "0", "3000"]))
    maybe(draw, policy, "cap", rules)
    maybe(draw, policy, "hours_limit", st.just(limit))
    maybe(draw, policy, "grace_months", months)
    maybe(draw, policy, "inclusive_end", st.booleans())
    maybe(draw, policy, "repair_extension", st.booleans())
    maybe(draw, policy, "part_periods", st.dictionaries(st.sampled_from(GROUPS), months))
    maybe(draw, policy, "goodwill_days", st.one_of(st.sampled_from([0, 1, 30, 400]), st.integers(0, 400)))
    only = draw(st.sampled_from(["ex_factory", "not named", "any", "named", "named", "named"]))
    some = draw(st.lists(st.sampled_from(slow.BASES), unique=True))
    named = draw(st.sampled_from(policy["start_rules"]))["basis"]
    wanted = {"ex_factory": ["ex_factory"], "any": some, "named": sorted({*some, named})}.get(only)
    if wanted is None:  # a date beside ex_factory that no rule names: no grace
        policy["start_rules"] = [{"basis": "ex_factory", "months": draw(months)}]
        wanted = ["ex_factory", draw(st.sampled_from(slow.BASES[:-1]))]
    dates: Case = {basis: draw(starts).isoformat() for basis in wanted}
    for basis in slow.BASES:
        if basis not in dates and draw(st.integers(0, 3)) == 0:
            dates[basis] = None
    if only == "ex_factory" and draw(st.booleans()):
        policy["start_rules"].append({"basis": "ex_factory", "months": draw(months)})
    facts: Case = {"dates": dates, "reported_on": "2026-01-01"}
    hours = fraction_of(limit)
    maybe(draw, facts, "meter_hours", decimals(6000, 1, [str(hours), str(hours + 1), str(hours + Decimal("0.1"))]))
    maybe(draw, facts, "repair_days", st.one_of(st.sampled_from([0, 1, 9]), st.integers(0, 200)))
    maybe(draw, facts, "part_group", st.sampled_from([*GROUPS, "nothing"]))
    nameplate = st.one_of(starts.map(date.isoformat), st.just(dates.get("ex_factory")))
    if draw(st.booleans()):
        maybe(draw, facts, "nameplate_ex_factory", nameplate)
    case: Case = {"id": draw(ids), "policy": policy, "facts": facts}
    end = slow.answer("warranty", case)["result"]["end"]
    reported = draw(st.dates(date(2023, 1, 1), date(2029, 12, 31)))
    if end is not None and draw(st.integers(0, 4)):
        goodwill = policy.get("goodwill_days") or 0
        after_end = [-300, -1, 0, 0, 1, 1, goodwill, goodwill, goodwill + 1, 500]
        reported = date.fromisoformat(end) + timedelta(days=draw(st.sampled_from(after_end)))
    facts["reported_on"] = reported.isoformat()
    return case


# ── claim ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@st.composite
def bands(draw: Draw) -> list[Case]:
    limits = draw(
        st.lists(
            st.one_of(st.sampled_from(["0", "20", "50", "100", "100.5", "300"]), st.integers(0, 6000).map(lambda n: f"{n / 10:.1f}")),
            min_size=1,
            max_size=4,
            unique_by=Decimal,
        )
    )  # fmt: skip
    found = []
    for up_to in sorted(map(Decimal, limits)):
        band: Case = {"up_to_km": draw(written(up_to, 2))}
        paid, other = draw(st.sampled_from([("flat", "per_km"), ("per_km", "flat")]))
        band[paid] = draw(money(300) if paid == "flat" else money(9, hot=["3.00", "2.55", "0.01"]))
        if draw(st.integers(0, 4)) == 0:
            band[other] = None
        found.append(band)
    return found


@st.composite
def rate_cards(draw: Draw) -> Case:
    names = draw(
        st.lists(st.sampled_from(["allocated", "consigned", "self_bought", "emergency", "客户自备"]), unique=True)
    )
    card: Case = {
        "hourly": draw(money(200, hot=["80.00", "0.01", "33.33"])),
        "travel": {"mode": draw(st.sampled_from(["whole", "progressive"])), "bands": draw(bands())},
        "subsidy_per_person_day": draw(money(200)),
        "subsidy_over_km": draw(decimals(120, 1, ["50"])),
        "lodging_cap": draw(money(400, hot=["200.00"])),
        "night_flat": draw(money(200, hot=["100.00"])),
        "holiday_flat": draw(money(200, hot=["100.00"])),
        "part_factors": {name: draw(decimals(2, 3, ["0", "1", "1.10"])) for name in names},
        "consumables_cap": draw(money(100)),
    }
    short_job = st.fixed_dictionaries({"max_km": decimals(120, 1, ["50"]), "min_labour": money(400)})
    maybe(draw, card, "short_job", short_job)
    return card


@st.composite
def distances(draw: Draw, card: Case) -> Any:
    """A distance that some band takes: an end of a band, a threshold, just beyond it, or any."""
    edges = [fraction_of(band["up_to_km"]) for band in card["travel"]["bands"]]
    near = [*edges, *(edge + Decimal("0.1") for edge in edges), fraction_of(card["subsidy_over_km"]), Decimal(0)]
    if card.get("short_job"):
        near.append(fraction_of(card["short_job"]["max_km"]))
    near = [each for each in near if each <= edges[-1]]
    anywhere = st.integers(0, int(edges[-1] * 100)).map(lambda n: Decimal(n).scaleb(-2))
    return draw(written(draw(st.one_of(st.sampled_from(near), anywhere)), 3))


@st.composite
def work_times(draw: Draw, left: int) -> Case:
    """Minutes of work: some touch 22:00, 06:00 or midnight, some lie on other days than the journey."""
    begin = draw(st.one_of(st.integers(left - 100, left + 3000), moments))
    end = begin + draw(st.one_of(st.sampled_from([1, 60, 480]), st.integers(1, 2000)))
    edge = draw(st.sampled_from([None, 0, 360, 1320, 1320]))
    if edge is not None:
        at = begin - begin % slow.MINUTES_A_DAY + edge
        begin, end = draw(
            st.sampled_from(
                [(at, at + 30), (at - 1, at), (at - 30, at), (at - 90, at + 1), (at, at + 1), (at + 600, at + 960)]
            )
        )
    return {"from": draw(instant(begin)), "to": draw(instant(end))}


@st.composite
def claim(draw: Draw) -> Case:
    card = draw(rate_cards())
    left = draw(moments)
    length = draw(
        st.one_of(st.sampled_from([1, 1439, 1440, 1441, 2880, 2881]), st.integers(1, 6000), st.integers(1441, 9000))
    )
    people = draw(st.integers(1, 4))
    slip: Case = {
        "operations": draw(
            st.lists(
                st.fixed_dictionaries({"code": texts, "hours": decimals(12, 2, ["0.5", "1.5", "0.05"])}), max_size=3
            )
        ),
        "one_way_km": draw(distances(card)),
        "people": people,
        "left": draw(instant(left)),
        "back": draw(instant(left + length)),
    }
    nights = (length - 1) // slow.MINUTES_A_DAY
    cap = str(fraction_of(card["lodging_cap"]) * people * nights)
    maybe(draw, slip, "trips", st.integers(1, 3))
    maybe(draw, slip, "lodging_invoice", money(900, hot=[cap, "338.00"]))
    maybe(draw, slip, "work", st.lists(work_times(left), max_size=2))
    if card["part_factors"]:
        parts = st.fixed_dictionaries(
            {
                "number": texts,
                "quantity": decimals(9, 2, ["1", "0.5"]).filter(fraction_of),
                "unit_price": money(2000, hot=["128.00", "0.05"]),
                "source": st.sampled_from(sorted(card["part_factors"])),
            }
        )
        maybe(draw, slip, "parts", st.lists(parts, max_size=3))
    maybe(draw, slip, "consumables", money(150, hot=[str(fraction_of(card["consumables_cap"]))]))
    maybe(draw, slip, "old_part_freight", money(100))
    maybe(draw, slip, "other", money(100))
    case: Case = {"id": draw(ids), "rate_card": card, "slip": slip}
    maybe(draw, case, "days", overrides(slow.date_of(left), 4))
    return case


# ── statement, lump sum, capitals ────────────────────────────────────────────────────────────────────────────────────────────────


@st.composite
def signed_money(draw: Draw, most: int = 50_000) -> Any:
    exact = fraction_of(draw(money(most)))
    return draw(written(-exact if draw(st.booleans()) else exact, 2))


#: at 0.6 one payable amount of eight has a net amount that ends on half a cent
rates = st.one_of(
    decimals(0), st.sampled_from(["0.13", "0.06", "0.6", "0.6", "0", "0.28", "0.999"]), st.just(Decimal("0.130"))
)


@st.composite
def statement(draw: Draw) -> Case:
    amounts = st.one_of(signed_money(), signed_money(3), signed_money(10**11))
    lines = draw(st.lists(st.fixed_dictionaries({"kind": texts, "amount": amounts}), max_size=5))
    corner = draw(st.integers(0, 9))
    if corner == 0:  # as large as a sum may be, out of lines that are larger still
        sign = draw(st.sampled_from(["", "-"]))
        other = "-" if sign == "" else ""
        lines = [{"kind": "a", "amount": f"{sign}1000000000000.00"}, {"kind": "b", "amount": f"{other}0.01"}]
    elif corner == 1 and lines:  # nothing is left
        total = sum(fraction_of(each["amount"]) for each in lines)
        lines.append({"kind": "rest", "amount": draw(written(-Decimal(total), 2))})
    case: Case = {"id": draw(ids), "lines": lines, "tax_rate": draw(rates)}
    maybe(draw, case, "brought_forward", money(20_000).map(lambda each: f"-{fraction_of(each).copy_abs():f}"))
    return case


@st.composite
def lump_sum(draw: Draw) -> Case:
    size = draw(st.sampled_from([10_000_000, 10_000_000, 100_000, 1]))
    line = st.fixed_dictionaries(
        {"name": texts, "base": money(size), "ratio": decimals(1, 3, ["0", "0.012", "0.015", "0.02", "1", "0.00005"])}
    )
    case: Case = {
        "id": draw(ids),
        "lines": draw(st.lists(line, min_size=1, max_size=3)),
        "actual": draw(st.lists(money(max(1, size // 100), hot=["0"]), min_size=4, max_size=4)),
        "complaints": draw(st.lists(st.one_of(st.integers(0, 3), st.integers(0, 9)), min_size=4, max_size=4)),
    }
    rules: Case = {}
    maybe(draw, rules, "second", money(900))
    maybe(draw, rules, "further", money(2000, 1))
    maybe(draw, rules, "further_percent", decimals(30, 2, ["0", "5", "0.1"]))
    maybe(draw, rules, "cap_percent", decimals(120, 2, ["0", "20", "100"]))
    maybe(draw, case, "deduction_rules", st.just(rules))
    maybe(draw, case, "next_base", money(size, hot=["0"]))
    return case


@st.composite
def capitals(draw: Draw) -> Case:
    """Amounts of every length, mostly with many zeros."""
    digits = draw(st.lists(st.sampled_from("0000123456789"), min_size=1, max_size=12))
    group = st.sampled_from(["0000", "0000", "0000", "0001", "1000", "0100", "1010", "0101", "1001", "1100", "0110"])
    groups = draw(st.sampled_from(["1", "20", "300", "4000", "5006"])) + "".join(draw(st.lists(group, max_size=2)))
    yuan = draw(st.sampled_from(["".join(digits), groups]))
    cents = draw(st.sampled_from(["00", "00", "05", "50", "55", "01", "10", "99"]))
    exact = Decimal(f"{yuan}.{cents}")
    return {"id": draw(ids), "amount": draw(written(-exact if exact and draw(st.booleans()) else exact, 2))}


VALID: dict[str, Callable[[], st.SearchStrategy[Case]]] = {
    "clock": clock,
    "warranty": warranty,
    "claim": claim,
    "statement": statement,
    "lump_sum": lump_sum,
    "capitals": capitals,
}


def valid(kind: str) -> st.SearchStrategy[Case]:
    return VALID[kind]()


# ── broken cases ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

NO_DATES = [
    "2026-02-30",
    "2026-6-3",
    "20260603",
    "2026-06-03T00:00+08:00",
    "2026-06-03\n",
    "2026-W23-3",
    "",
    20260603,
    True,
    [],
    {},
]
NO_INSTANTS = [
    "2026-06-05T16:45", "2026-06-05T16:45:30+08:00", "2026-06-05T16:45:01Z", "2026-02-30T10:00+08:00", "2026-06-05T25:00+08:00",
    "2026-13-01T00:00Z", "2026-06-05", "yesterday", "", 1780000000, True, False, [], {},
]  # fmt: skip
NO_NUMBERS = [
    "abc", "", " 1", "1 ", "1\n", "+1", "1.", ".5", "1e3", "1,5", "1_0", "0x10", "NaN", "Infinity", "--1", True, False, [], {}, [1],
]  # fmt: skip
NEGATIVE = ["-0.01", "-1", -1, Decimal("-0.5")]
THREE_DECIMALS = ["1.500", "0.000", Decimal("1.500"), "1.005", Decimal("2.555")]
NO_WHOLE_NUMBERS = [Decimal("1.5"), "abc", "", "1.5", True, False, [], {}, -1]
NO_TEXTS = ["", 5, 0, True, False, [], {}]
NO_LISTS = [{}, "", "x", 0, 5, True, False]
NO_OBJECTS = [[], "", "x", 0, 5, True, False]
NO_WORDS = ["", "other", 5, True, [], {}]
NO_TIMES = ["24:01", "25:00", "12:60", "8", "", "0830", "08:30:00", "08:30\n", "-1:00", 830, True, [], {}]

#: what may not stand in a field of each type
UNREADABLE: dict[str, list[Any]] = {
    "text": NO_TEXTS,
    "group": [5, 0, True, False, [], {}],
    "date": NO_DATES,
    "instant": NO_INSTANTS,
    "money": NO_NUMBERS + NEGATIVE + THREE_DECIMALS,
    "rate": NO_NUMBERS + NEGATIVE,
    "signed money": NO_NUMBERS + THREE_DECIMALS,
    "amount in capitals": [*NO_NUMBERS, *THREE_DECIMALS, "1000000000000", 10**12, "-1000000000000.00", Decimal("99999999999999.99")],
    "owed": [*NO_NUMBERS, *THREE_DECIMALS, "0.01", 5],
    "decimal": NO_NUMBERS + NEGATIVE,
    "kilometres of a band": NO_NUMBERS,
    "above 0": [*NO_NUMBERS, *NEGATIVE, "0", 0, "0.00", "-0", Decimal("-0.0")],
    "at most 1": [*NO_NUMBERS, *NEGATIVE, "1.01", 2, "1.0000000000000000001"],
    "below 1": [*NO_NUMBERS, *NEGATIVE, "1", 1, "1.00", "13"],
    "whole": NO_WHOLE_NUMBERS,
    "whole from 1": [*NO_WHOLE_NUMBERS, 0],
    "count from 1": ["abc", "", True, False, [], {}, -1, 0],
    "yes or no": [0, 1, "true", "", "false", [], {}],
    "basis": NO_WORDS,
    "mode": NO_WORDS,
    "calendar": ["24x7", "7X24", "", 0, 7, True, False, [], [["08:30", "12:00"]]],
    "begin": [*NO_TIMES, "24:00"],
    "end": NO_TIMES,
}  # fmt: skip

RULE = {"basis": "basis", "months": "whole"}
DAYS = {"off?": ["date"], "work?": ["date"]}
#: fields of each kind: an object is a dict ("?" = optional), a list has one entry, "{}" stands for the names of a free map
SHAPES: dict[str, dict[str, Any]] = {
    "clock": {
        "t0": "instant",
        "allow_minutes": "whole from 1",
        "calendar": "calendar",
        "pauses?": [{"from": "instant", "to?": "instant"}],
        "met_at?": "instant",
        "days?": DAYS,
    },
    "warranty": {
        "policy": {
            "start_rules": [RULE],
            "cap?": RULE,
            "hours_limit?": "decimal",
            "grace_months?": "whole",
            "inclusive_end?": "yes or no",
            "repair_extension?": "yes or no",
            "part_periods?": {"{}": "whole"},
            "goodwill_days?": "whole",
        },
        "facts": {
            "dates": {f"{basis}?": "date" for basis in slow.BASES},
            "reported_on": "date",
            "meter_hours?": "decimal",
            "repair_days?": "whole",
            "part_group?": "group",
            "nameplate_ex_factory?": "date",
        },
    },
    "claim": {
        "rate_card": {
            "hourly": "rate",
            "travel": {
                "mode": "mode",
                "bands": [{"up_to_km": "kilometres of a band", "flat?": "money", "per_km?": "rate"}],
            },
            "subsidy_per_person_day": "rate",
            "subsidy_over_km": "decimal",
            "lodging_cap": "money",
            "night_flat": "money",
            "holiday_flat": "money",
            "part_factors": {"{}": "decimal"},
            "consumables_cap": "money",
            "short_job?": {"max_km": "decimal", "min_labour": "money"},
        },
        "slip": {
            "operations": [{"code": "text", "hours": "decimal"}],
            "one_way_km": "decimal",
            "trips?": "count from 1",
            "people": "count from 1",
            "left": "instant",
            "back": "instant",
            "lodging_invoice?": "money",
            "work?": [{"from": "instant", "to": "instant"}],
            "parts?": [{"number": "text", "quantity": "above 0", "unit_price": "money", "source": "text"}],
            "consumables?": "money",
            "old_part_freight?": "money",
            "other?": "money",
        },
        "days?": DAYS,
    },
    "statement": {
        "lines": [{"kind": "text", "amount": "signed money"}],
        "brought_forward?": "owed",
        "tax_rate": "below 1",
    },
    "lump_sum": {
        "lines": [{"name": "text", "base": "money", "ratio": "at most 1"}],
        "actual": ["money"],
        "complaints": ["whole"],
        "deduction_rules?": {
            "second?": "money",
            "further?": "money",
            "further_percent?": "decimal",
            "cap_percent?": "decimal",
        },
        "next_base?": "money",
    },
    "capitals": {"amount": "amount in capitals"},
}


def said(path: Path) -> str:
    """A path as calculations.md writes it: slip.parts[1].source."""
    words = ""
    for step in path:
        words += f"[{step}]" if isinstance(step, int) else f".{step}" if words else step
    return words


@dataclass(frozen=True)
class Breakage:
    """One thing that goes wrong: what is put where (REMOVED takes the field away), and the paths that may be named for it."""

    changes: tuple[tuple[Path, Any], ...]
    fields: frozenset[str]


REMOVED = object()


def at(case: Any, path: Path) -> Any:
    for step in path:
        case = case[step]
    return case


def changed(case: Case, changes: Sequence[tuple[Path, Any]]) -> Case:
    found = deepcopy(case)
    for path, value in changes:
        holder = at(found, path[:-1])
        if value is REMOVED:
            del holder[path[-1]]
        else:
            holder[path[-1]] = value
    return found


def one(path: Path, value: Any) -> Breakage:
    return Breakage(((path, value),), frozenset({said(path)}))


def simple_breakages(value: Any, shape: Any, path: Path) -> Iterator[Breakage]:
    """Everything that a field, its entries and its fields may hold by mistake."""
    if isinstance(shape, str):
        yield from (one(path, bad) for bad in UNREADABLE[shape])
    elif isinstance(shape, list):
        yield from (one(path, bad) for bad in NO_LISTS)
        for place, entry in enumerate(value):
            yield one((*path, place), None)
            yield from simple_breakages(entry, shape[0], (*path, place))
    else:
        yield from (one(path, bad) for bad in NO_OBJECTS if path)
        if "{}" not in shape:
            yield one((*path, "surplus"), "1")
        for name, entry in value.items():
            of_map = shape.get("{}")
            inner = of_map or shape.get(name) or shape.get(f"{name}?")
            if name in shape:
                yield one((*path, name), REMOVED)
                yield one((*path, name), None)
            if inner is not None and entry is not None:
                yield from simple_breakages(entry, inner, (*path, name))


def wrong(*changes: tuple[Path, Any], fields: Sequence[str]) -> Breakage:
    return Breakage(changes, frozenset(fields))


def clock_breakages(case: Case) -> Iterator[Breakage]:
    t0 = slow.instant(case["t0"], "", set())
    assert t0 is not None
    just_before = slow.shown_instant(t0 - 1)
    if case.get("met_at") is None:
        yield from (one(("now",), bad) for bad in NO_INSTANTS)
        yield one(("now",), REMOVED)
        yield one(("now",), None)
        yield wrong((("now",), just_before), (("t0",), case["t0"]), fields=["now"])
    else:
        yield wrong((("met_at",), just_before), (("t0",), case["t0"]), fields=["met_at"])
        yield wrong((("met_at",), None), (("now",), None), fields=["now"])
    for place, pause in enumerate(case.get("pauses") or []):
        begin = minute_of(pause["from"])
        assert begin is not None
        path: Path = ("pauses", place, "to")
        yield wrong(
            (path, slow.shown_instant(begin - 1)), (("pauses", place, "from"), pause["from"]), fields=[said(path)]
        )
    calendar: Path = ("calendar",)
    whole = ["calendar", "calendar.open", "calendar.close", "calendar.windows"]
    yield wrong((calendar, {}), fields=whole)
    yield wrong((calendar, {"open": "08:30", "close": "17:30", "windows": [["08:30", "17:30"]]}), fields=whole)
    yield wrong((calendar, {"open": "08:30"}), fields=["calendar.close"])
    yield wrong((calendar, {"close": "08:30"}), fields=["calendar.open"])
    yield wrong((calendar, {"open": "08:30", "close": None}), fields=["calendar.close"])
    yield wrong((calendar, {"open": "17:30", "close": "08:30"}), fields=["calendar.close"])
    yield wrong((calendar, {"open": "08:30", "close": "08:30"}), fields=["calendar.close"])
    yield wrong((calendar, {"open": "08:30", "close": "17:30", "surplus": 1}), fields=["calendar.surplus"])
    yield wrong((calendar, {"windows": [], "surplus": 1}), fields=["calendar.surplus", "calendar.windows"])
    yield wrong((calendar, {"windows": [["08:30", "12:00"]], "surplus": 1}), fields=["calendar.surplus"])
    for bad in NO_TIMES:
        yield wrong((calendar, {"open": bad, "close": "17:30"}), fields=["calendar.open"])
        yield wrong((calendar, {"open": "00:00", "close": bad}), fields=["calendar.close"])
        yield wrong((calendar, {"windows": [["08:30", "12:00"], [bad, "18:00"]]}), fields=["calendar.windows[1][0]"])
        yield wrong((calendar, {"windows": [["08:30", "12:00"], ["13:30", bad]]}), fields=["calendar.windows[1][1]"])
    yield wrong((calendar, {"open": "24:00", "close": "24:00"}), fields=["calendar.open", "calendar.close"])
    for bad in (*NO_LISTS, []):
        yield wrong((calendar, {"windows": bad}), fields=["calendar.windows"])
    for bad in (*NO_LISTS, None):
        yield wrong((calendar, {"windows": [["08:30", "12:00"], bad]}), fields=["calendar.windows[1]"])
    pair = ["calendar.windows[0]"]
    yield wrong((calendar, {"windows": [[]]}), fields=[*pair, "calendar.windows[0][0]"])
    yield wrong((calendar, {"windows": [["08:30"]]}), fields=[*pair, "calendar.windows[0][1]"])
    yield wrong((calendar, {"windows": [["08:30", "12:00", "13:00"]]}), fields=[*pair, "calendar.windows[0][2]"])
    later = ["calendar.windows[1][0]"]
    yield wrong((calendar, {"windows": [["08:30", "12:00"], ["11:59", "18:00"]]}), fields=later)
    yield wrong((calendar, {"windows": [["08:30", "18:00"], ["09:00", "10:00"], ["18:00", "19:00"]]}), fields=later)
    yield wrong((calendar, {"windows": [["08:30", "12:00"], ["08:30", "18:00"]]}), fields=later)
    yield wrong(
        (calendar, {"windows": [["07:00", "08:00"], ["08:00", "12:00"], ["11:00", "18:00"]]}),
        fields=["calendar.windows[2][0]"],
    )
    yield wrong((calendar, {"windows": [["08:30", "12:00"], ["15:00", "13:00"]]}), fields=["calendar.windows[1][1]"])


def warranty_breakages(case: Case) -> Iterator[Breakage]:
    yield one(("policy", "start_rules"), [])
    yield one(("facts", "dates", "delivery"), "2026-01-01")
    yield one(("facts", "dates", "EX_FACTORY"), "2026-01-01")


def claim_breakages(case: Case) -> Iterator[Breakage]:
    slip, card = case["slip"], case["rate_card"]
    left = minute_of(slip["left"])
    assert left is not None
    for back in (left, left - 1):
        yield wrong(
            (("slip", "back"), slow.shown_instant(back)), (("slip", "left"), slip["left"]), fields=["slip.back"]
        )
    for place, work in enumerate(slip.get("work") or []):
        begin = minute_of(work["from"])
        assert begin is not None
        for end in (begin, begin - 1):
            path: Path = ("slip", "work", place, "to")
            yield wrong(
                (path, slow.shown_instant(end)), (("slip", "work", place, "from"), work["from"]), fields=[said(path)]
            )
    bands_path: Path = ("rate_card", "travel", "bands")
    every = card["travel"]["bands"]
    beyond = format(fraction_of(every[-1]["up_to_km"]) + Decimal("0.001"), "f")
    yield wrong((("slip", "one_way_km"), beyond), (bands_path, every), fields=["slip.one_way_km"])
    yield wrong((bands_path, []), fields=[said(bands_path)])
    for place, band in enumerate(every):
        own = said((*bands_path, place))
        yield wrong(((*bands_path, place), {"up_to_km": band["up_to_km"]}), fields=[own])
        yield wrong(((*bands_path, place), {**band, "flat": "1.00", "per_km": "1.00"}), fields=[own])
        yield wrong(((*bands_path, place), {**band, "flat": None, "per_km": None}), fields=[own])
        if place:
            for up_to in (every[place - 1]["up_to_km"], "0"):
                sunk = [{**other, "up_to_km": up_to} if other is band else other for other in every]
                yield wrong((bands_path, sunk), (("slip", "one_way_km"), "0"), fields=[own])
    yield wrong(
        ((*bands_path, 0, "up_to_km"), "-0.01"),
        (("slip", "one_way_km"), "0"),
        fields=[said((*bands_path, 0, "up_to_km"))],
    )
    factors: Path = ("rate_card", "part_factors")
    for place, part in enumerate(slip.get("parts") or []):
        path = ("slip", "parts", place, "source")
        yield wrong((path, "unheard of"), (factors, card["part_factors"]), fields=[said(path)])
        others = {name: factor for name, factor in card["part_factors"].items() if name != part["source"]}
        same = [each for each, other in enumerate(slip["parts"]) if other["source"] == part["source"]]
        yield wrong(
            (factors, others),
            (("slip", "parts"), slip["parts"]),
            fields=[said(("slip", "parts", each, "source")) for each in same],
        )


def statement_breakages(case: Case) -> Iterator[Breakage]:
    for amount in ("1000000000000", "-1000000000000.00", 10**13):
        yield wrong((("lines",), [{"kind": "a", "amount": amount}]), fields=["lines"])
    lines = [{"kind": "a", "amount": "999999999999.99"}, {"kind": "b", "amount": Decimal("0.01")}]
    yield wrong((("lines",), lines), fields=["lines"])


def lump_sum_breakages(case: Case) -> Iterator[Breakage]:
    yield one(("lines",), [])
    for name in ("actual", "complaints"):
        yield wrong(((name,), case[name][:3]), fields=[name, f"{name}[3]"])
        yield wrong(((name,), [*case[name], 0]), fields=[name, f"{name}[4]"])
        yield wrong(((name,), []), fields=[name, f"{name}[0]"])


def capitals_breakages(case: Case) -> Iterator[Breakage]:
    yield one(("currency",), "CNY")


OWN_BREAKAGES = {
    "clock": clock_breakages,
    "warranty": warranty_breakages,
    "claim": claim_breakages,
    "statement": statement_breakages,
    "lump_sum": lump_sum_breakages,
    "capitals": capitals_breakages,
}


def breakages(kind: str, case: Case) -> list[Breakage]:
    return [*simple_breakages(case, SHAPES[kind], ()), *OWN_BREAKAGES[kind](case)]


def overlap(one: Breakage, other: Breakage) -> bool:
    """Whether one change lies inside, around or upon the other."""
    return any(
        mine[: min(len(mine), len(theirs))] == theirs[: min(len(mine), len(theirs))]
        for mine, _ in one.changes
        for theirs, _ in other.changes
    )


@dataclass(frozen=True)
class Broken:
    """A case with one to three things wrong, and the paths of which the answer must name one."""

    case: Case
    fields: frozenset[str]


@st.composite
def broken(draw: Draw, kind: str) -> Broken:
    case = draw(valid(kind))
    chosen: list[Breakage] = []
    places: dict[str, list[Breakage]] = {}
    for each in breakages(kind, case):
        places.setdefault(min(each.fields), []).append(each)
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        each = draw(st.sampled_from(places[draw(st.sampled_from(sorted(places)))]))
        if not any(overlap(each, other) for other in chosen):
            chosen.append(each)
    for each in chosen:
        case = changed(case, each.changes)
    return Broken(case, frozenset().union(*(each.fields for each in chosen)))
