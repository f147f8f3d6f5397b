"""Lines, values and errors of all kinds (calculations.md, "Lines, values, errors"), as text that comes in."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from servicedesk.calculate import KINDS, answer, written
from tests.cases import FULL, OPTIONAL, at, changed, places
from tests.cases import written as written_path


def raw(kind: str, line: str | bytes) -> tuple[Any, Any]:
    """Id and wrong field of a line; the field is None when it can be calculated."""
    found: Any = answer(kind, line)
    return found["id"], None if found["ok"] else found["error"]["field"]


def amount(text: str) -> tuple[Any, Any]:
    """Capitals of an amount that stands in the JSON exactly so."""
    return raw("capitals", f'{{"id": "c", "amount": {text}}}')


# ── the line ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "line",
    [
        "", "nonsense", "[]", '["id"]', '"id"', "5", "null", "true", "{", '{"id": "c"', '{"id": "c",}', "{'id': 'c'}",
        '{"id": "c"} {"id": "d"}', '{"id": "c", "amount": 1}]', '{"id": "c", "amount": 01}', '{"id": "c", "amount": 1.}',
        '{"id": "c", "amount": +1}', '{"id": "a\tb"}', "\ufeff{}", b"\xff\xfe{}", b'{"id": "\xc3"}', b'{"id": "\xed\xa0\x80"}',
        "[" * 100_000, '{"id":' * 100_000, '{"id": "c", "now": ' + "[" * 5000 + "]" * 5000 + "}", "\x00",
    ],
    ids=lambda line: repr(line[:20]),
)  # fmt: skip
def test_a_line_that_is_no_json_object_has_no_id_and_no_field(line: str | bytes) -> None:
    found: Any = answer("capitals", line)
    assert (found["id"], found["ok"], found["error"]["field"]) == (None, False, "")
    assert found["error"]["message"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"id": "\xff"}', "第 9 个字节不是 UTF-8"),
        ('{"id": "c",}', "第 12 个字符处不是有效的 JSON"),
        ("[" * 100_000, "嵌套太深"),
        ("[1]", "这里需要花括号里的对象"),
    ],
    ids=["bytes", "comma", "deep", "list"],
)
def test_a_line_that_cannot_be_read_says_where_and_why(line: str | bytes, words: str) -> None:
    found: Any = answer("capitals", line)
    assert words in found["error"]["message"]


@pytest.mark.parametrize("value", ["", None, 5, 5.5, True, [], ["c"], {}, {"id": "c"}])
def test_an_id_that_is_no_text_is_null_in_the_answer(value: object) -> None:
    assert raw("capitals", json.dumps({"id": value, "amount": 1})) == (None, "id")


def test_a_missing_id_is_named() -> None:
    assert raw("capitals", '{"amount": 1}') == (None, "id")
    assert raw("capitals", "{}") == (None, "id")


@pytest.mark.parametrize("name", ["c", " ", "申请-2026/06 №1", "💡", "\ud800", "\u2028", "a" * 10_000, '"', "null"])
def test_any_text_is_an_id_and_comes_back_as_it_was(name: str) -> None:
    found = answer("capitals", json.dumps({"id": name, "amount": 1}))
    assert found["ok"] is True
    line = written(found)
    assert line.count(b"\n") == 1
    assert json.loads(line.decode())["id"] == name


def test_letters_beyond_ascii_are_written_as_they_are() -> None:
    assert "人民币壹元整".encode() in written(answer("capitals", '{"id": "申", "amount": 1}'))


def test_a_field_that_stands_twice_is_named() -> None:
    assert raw("capitals", '{"id": "c", "amount": 1, "amount": 2}') == ("c", "amount")
    twice = '{"id": "c", "lines": [{"kind": "a", "amount": 1, "kind": "b"}], "tax_rate": 0}'
    assert raw("statement", twice) == ("c", "lines[0].kind")
    assert raw("capitals", '{"id": "c", "id": "d", "amount": 1}')[1] == "id"


def test_the_order_of_fields_does_not_matter() -> None:
    for kind, case in FULL.items():
        backwards = dict(reversed([("id", "c"), *case.items()]))
        assert answer(kind, json.dumps(backwards)) == answer(kind, json.dumps({"id": "c", **case}))


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text", ["1", "1.5", "1.50", '"1"', '"1.50"', "-1", '"-1.50"', "0", "-0", "-0.00", '"007"', "0.10"]
)
def test_a_decimal_is_a_json_number_or_a_string(text: str) -> None:
    assert amount(text) == ("c", None)


@pytest.mark.parametrize(
    "text",
    [
        "1.500", '"1.500"', "0.000", "1e2", "1E2", "1.5e1", "1e-2", "1e999999999", "-1e400", '"1e2"', "NaN", "Infinity", "-Infinity",
        '"NaN"', "9" * 1001, "9" * 5000, "0." + "1" * 5000, '"' + "9" * 1001 + '"', '"1 000"', '"1."', '"-"', '"- 1"', '"−1"', '"1.5\\n"',
        "[1]", '{"a": 1}', "true", '"true"', '"１"', '"٣"',
    ],
    ids=lambda text: text[:16],
)  # fmt: skip
def test_any_other_spelling_of_a_number_is_an_error_of_its_field(text: str) -> None:
    assert amount(text) == ("c", "amount")


@pytest.mark.parametrize(
    "text", ["1" * 1000, "0." + "1" * 998, '"' + "1" * 1000 + '"'], ids=["whole", "fraction", "text"]
)
def test_a_number_may_have_a_thousand_characters(text: str) -> None:
    line = json.dumps({"id": "c", **FULL["claim"]})
    assert raw("claim", line.replace('"hours": "4.5"', f'"hours": {text}')) == ("c", None)


def test_a_json_number_is_read_exactly() -> None:
    # as a float these would be 0.07 × 100 = 7.000000000000001 and 1.005 = 1.00499…
    line = '{"id": "c", "lines": [{"name": "a", "base": 100.00, "ratio": 0.07005}], "actual": [0,0,0,0], "complaints": [0,0,0,0]}'
    found: Any = answer("lump_sum", line)
    assert found["result"]["quota"] == "7.01"
    big = (
        '{"id": "c", "lines": [{"kind": "a", "amount": 99999999999.99}, {"kind": "b", "amount": 0.01}], "tax_rate": 0}'
    )
    found = answer("statement", big)
    assert found["result"]["payable"] == "100000000000.00"


# ── dates and instants ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def due(t0: str) -> Any:
    """What is due a minute after this point in time; a field when it is none."""
    found: Any = answer(
        "clock",
        json.dumps({"id": "c", "t0": t0, "allow_minutes": 1, "calendar": "7x24", "now": at("9999-12-31 00:00")}),
    )
    return found["result"]["due"] if found["ok"] else found["error"]["field"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-05T16:45+08:00", "2026-06-05T16:45:00+08:00", "2026-06-05T16:45:00.000+08:00", "2026-06-05T08:45Z",
        "2026-06-05T08:45:00Z", "2026-06-05T08:45+00:00", "2026-06-05T08:45-00:00", "2026-06-05T03:15-05:30", "2026-06-06T08:44+23:59",
        "2026-06-05T16:45+0800", "2026-06-05T16:45+08", "20260605T1645+0800",
    ],
)  # fmt: skip
def test_an_instant_is_iso_8601_with_an_offset(text: str) -> None:
    assert due(text) == "2026-06-05T16:46+08:00"


@pytest.mark.parametrize(
    "text",
    [
        "2026-06-05", "2026-06-05T16:45", "2026-06-05T16:45:00", "2026-06-05 16:45+08:00", "2026-06-05T16:45:30+08:00",
        "2026-06-05T16:45:00.5+08:00", "2026-06-05T16:45:60+08:00", "2026-06-05T24:00+08:00", "2026-06-05T16:60+08:00",
        "2026-02-30T16:45+08:00", "2026-13-05T16:45+08:00", "2026-06-05T16:45+25:00", "2026-06-05T16:45+24:00", "2026-06-05T16:45+08:60",
        "2026-06-05T16:45+08:00:30", "2026-06-05T16:45 +08:00", "2026-06-05T16:45CST", "26-06-05T16:45+08:00", "0000-06-05T16:45+08:00",
        "2026-06-05T16+08:00", " 2026-06-05T16:45+08:00", "2026-06-05T16:45+08:00\n", "２０２６-06-05T16:45+08:00", "1780649100",
        "9999-12-31T23:00-08:00", "0001-01-01T00:00+14:00", "2026-06-05T16:45+08:00[Asia/Shanghai]",
    ],
)  # fmt: skip
def test_any_other_spelling_of_an_instant_is_an_error_of_its_field(text: str) -> None:
    assert due(text) == "t0"


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29", "2026-04-31", "2026-00-10", "0000-01-01", "10000-01-01", "2026-6-5", "20260605", "2026-W23-5", "2026-156",
        "2026/06/05", "2026-06-05T00:00", "2026-06-05 ", "2026-06-05\n", "２０２６-06-05", "46176", "今天",
    ],
)  # fmt: skip
def test_a_date_is_spelt_in_one_way(text: str) -> None:
    case = changed(FULL["warranty"], "facts.reported_on", text)
    assert raw("warranty", json.dumps({"id": "c", **case})) == ("c", "facts.reported_on")


@pytest.mark.parametrize("text", ["2024-02-29", "0001-01-01", "9999-12-31"])
def test_every_day_of_the_calendar_is_a_date(text: str) -> None:
    case = changed(FULL["warranty"], "facts.reported_on", text)
    assert raw("warranty", json.dumps({"id": "c", **case})) == ("c", None)


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_explain_and_messages_are_in_the_active_language() -> None:
    line = json.dumps({"id": "c", **FULL["claim"]})
    chinese: Any = answer("claim", line)
    with translation.override("en"):
        english: Any = answer("claim", line)
    assert chinese["result"] == english["result"]
    assert len(chinese["explain"]) == len(english["explain"])
    assert chinese["explain"][0] == "工时费 seal:4.5 工时 × 80.00 = 360.00。"
    assert english["explain"][0] == "Labour seal: 4.5 h × 80.00 = 360.00."
    assert english["explain"][4] == (
        "Away from 2026-06-11 07:30 to 2026-06-12 18:10, 34 h 40 min (2080 min): days begun (24 h) 2, nights 1."
    )
    with translation.override("en"):
        wrong: Any = answer("capitals", '{"id": "c", "amount": "1.500"}')
    assert (
        wrong["error"]["message"] == "Money has two decimals at most: round the amount first, written zeros count too."
    )


def wrong_messages() -> set[tuple[str, str]]:
    """Messages of many faults in both languages."""
    found = set()
    for kind, case in FULL.items():
        for path, _ in places(case):
            for value in (None, 5, "x", [], {}, -1, "2026-02-30", "2026-06-05T16:45", 10**400):
                line = json.dumps({"id": "c", **changed(case, written_path(path), value)})
                pair = []
                for language in ("zh-hans", "en"):
                    with translation.override(language):
                        fault: Any = answer(kind, line)
                    pair.append(fault["error"]["message"] if not fault["ok"] else "")
                found.add((pair[0], pair[1]))
    return found


def test_each_message_is_said_in_both_languages() -> None:
    found = {pair for pair in wrong_messages() if pair != ("", "")}
    assert len({english for _chinese, english in found}) > 15
    for chinese, english in found:
        assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese), chinese
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in english), english
        assert "%(" not in chinese + english


# ── anything ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

kinds = st.sampled_from(sorted(KINDS))
odd = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-(10**500), 10**500), st.floats(), st.text(max_size=8),
    st.sampled_from(["0001-01-01", "9999-12-31", at("0001-01-01 00:00"), at("9999-12-31 23:59"), "24:00", "-0", "1" * 300, "\ud800"]),
    st.lists(st.none() | st.integers() | st.text(max_size=3), max_size=3), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip


@st.composite
def spoilt_cases(draw: st.DrawFn) -> tuple[str, str]:
    """A kind, and its full case with odd values at up to three places."""
    kind = draw(kinds)
    case = FULL[kind]
    paths = [written_path(path) for path, _ in places(case)]
    for path in draw(st.lists(st.sampled_from(paths), min_size=1, max_size=3)):
        with contextlib.suppress(KeyError, IndexError, TypeError):  # an outer place was spoilt before
            case = changed(case, path, draw(odd))
    return kind, json.dumps({"id": "c", **case})


@given(spoilt_cases())
def test_no_case_stops_the_engine(spoilt: tuple[str, str]) -> None:
    kind, line = spoilt
    found: Any = json.loads(written(answer(kind, line)))
    assert found["id"] == "c"
    assert set(found) == ({"id", "ok", "result", "explain"} if found["ok"] else {"id", "ok", "error"})


@given(kinds, st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_stop_the_engine(kind: str, line: bytes) -> None:
    found: Any = json.loads(written(answer(kind, line)))
    assert found["ok"] is False


def test_all_kinds_are_tried_here() -> None:
    assert set(KINDS) == set(FULL) == set(OPTIONAL)
