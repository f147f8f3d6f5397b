"""The calculation engine: one line of a case in, its whole answer out (calculations.md; docs/calculations.md)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from core import case_words
from core.cases import Wrong, parsed, text
from equipment.calculations import warranty_case
from equipment.calculations.warranty import warranty
from equipment.explain import warranty as warranty_words
from settlement.calculations import capitals_case, claim_case, lump_sum_case, statement_case
from settlement.calculations.claim import claim
from settlement.calculations.lump_sum import lump_sum
from settlement.calculations.statement import statement
from settlement.explain import capitals as capitals_words
from settlement.explain import claim as claim_words
from settlement.explain import lump_sum as lump_sum_words
from settlement.explain import statement as statement_words
from tickets.calculations import clock_case
from tickets.calculations.clock import clock
from tickets.explain import clock as clock_words


@dataclass(frozen=True, slots=True)
class Answer:
    """Fields of a result, and the sentences that explain it."""

    result: dict[str, object]
    explain: list[str]


def _clock(case: object) -> Answer:
    found = clock(clock_case.read(case))
    return Answer(clock_case.written(found), clock_words.sentences(found.steps))


def _warranty(case: object) -> Answer:
    found = warranty(*warranty_case.read(case))
    return Answer(warranty_case.written(found), warranty_words.sentences(found.steps))


def _claim(case: object) -> Answer:
    found = claim(*claim_case.read(case))
    return Answer(claim_case.written(found), claim_words.sentences(found.steps))


def _statement(case: object) -> Answer:
    found = statement(*statement_case.read(case))
    return Answer(statement_case.written(found), statement_words.sentences(found.steps))


def _lump_sum(case: object) -> Answer:
    year = lump_sum_case.read(case)
    found = lump_sum(year.lines, year.actual, year.complaints, year.rules, year.next_base)
    return Answer(lump_sum_case.written(found), lump_sum_words.sentences(found.steps))


def _capitals(case: object) -> Answer:
    amount = capitals_case.read(case)
    return Answer(capitals_case.written(amount), capitals_words.sentences(capitals_case.steps(amount)))


KINDS: dict[str, Callable[[object], Answer]] = {
    "clock": _clock,
    "warranty": _warranty,
    "claim": _claim,
    "statement": _statement,
    "lump_sum": _lump_sum,
    "capitals": _capitals,
}

# What the kinds add to the general sentences of core.case_words.
WRONG = {**clock_words.WRONG, **claim_words.WRONG, **statement_words.WRONG, **capitals_words.WRONG}


def answer(kind: str, line: str | bytes) -> dict[str, object]:
    """The answer to one line of input, explained in the active language; never raises for what stands on the line.

    kind: one of KINDS. Result: {"id", "ok": True, "result", "explain"} or {"id", "ok": False, "error": {"field", "message"}}.
    """
    calculate = KINDS[kind]
    name: str | None = None
    try:
        case = parsed(line)
        given = case.pop("id", None)
        if given is None:
            raise Wrong("id", "missing")
        name = text(given, "id")
        found = calculate(case)
    except Wrong as wrong:
        message = case_words.problem(wrong, WRONG)
        return {"id": name, "ok": False, "error": {"field": wrong.field, "message": message}}
    return {"id": name, "ok": True, "result": found.result, "explain": found.explain}


# Readers that split text at any line separator of Unicode would cut an answer in two.
SEPARATORS = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"})


def written(found: dict[str, object]) -> bytes:
    """An answer as a line of JSON in UTF-8; half of a surrogate pair, which UTF-8 has not, goes out escaped as it came in."""
    try:
        return json.dumps(found, ensure_ascii=False).translate(SEPARATORS).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(found).encode() + b"\n"
