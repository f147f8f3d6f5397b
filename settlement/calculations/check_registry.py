"""Which checks stand behind each code of domain.md 9.3, and how one is added. Pure.

`checks` holds those that the slip, the dealer and the tables answer. A room that knows more puts its own behind a code with `check`: of
M04 the certificates, of M05 the audit flags are still to come, each with facts and sentences of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from settlement.calculations.check_facts import Facts, Reference, Settings
from settlement.enums import CheckCode

#: text or whole numbers, so that a finding can be kept as JSON and worded in any language later; lists are joined by LIST
Params = Mapping[str, str | int]
LIST = ","


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a check does not pass. code: of its sentence; params: for it."""

    code: str
    params: Params = field(default_factory=dict)


Check = Callable[[Facts, Reference, Settings], Iterator[Reason]]
CHECKS: dict[CheckCode, list[Check]] = {code: [] for code in CheckCode}
NO_DATA = Reason("no_data")


def check(code: CheckCode) -> Callable[[Check], Check]:
    """Put a check behind a code. Later ones of a code are asked after the earlier ones."""

    def add(one: Check) -> Check:
        CHECKS[code].append(one)
        return one

    return add
