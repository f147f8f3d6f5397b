"""How many rows a statement reads for the rows that it shows, by EXPLAIN under the role and the settings it ran with.

`watching()` explains every SELECT of what runs inside it, in its own transaction and before it runs. Rows read are those that scans of
tables and indexes fetched, kept or threw away again; what a function of ours reads inside is told by the server's own counters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

TIMES = 20  # rows read for each row shown (performance.md 2)
TIMES_COUNTED = 10  # of a number, for each row that it is made of: with a thousand of these 20 × were the whole table
FLOOR = 50  # rows, a page: who reads less than TIMES * FLOOR has no need of a better plan
WORKING_SET = 1_000  # rows that a number may be made of, whoever asks: the cap of counts (core.paging)
WORKING_SHARE = (
    0.25  # part of the viewer's tickets that a number may be made of: what is open, half a year; never everything
)

ENTRY = 0.1  # of a row, for each entry of an index that a bitmap is made of: there are some 150 to a page, of rows one or a few

_READS = re.compile(r"\s*\(?\s*(SELECT|WITH)\b", re.IGNORECASE)
_SETTINGS = re.compile(r"\s*SELECT\s+set_config\(", re.IGNORECASE)
_OWN_FUNCTION = "core_search"
_GATHERS = ("Aggregate", "Group", "Unique")


@dataclass(frozen=True)
class Statement:
    """A statement as it ran. read: rows that its scans fetched. shown: rows of its answer. counted: rows that its numbers are made of.

    scans: each scan in words, for a person who has to mend it.
    """

    sql: str
    role: str
    read: float
    shown: float
    counted: float
    scans: list[str] = field(default_factory=list)

    @property
    def allowed(self) -> float:
        """The rows that it may read."""
        return max(TIMES * max(self.shown, FLOOR), TIMES_COUNTED * self.counted)

    def complaint(self, tickets: int) -> str:
        """What is wrong with its plan, "" when it is sound. tickets: how many the viewer sees in all."""
        most = max(WORKING_SET + 1, WORKING_SHARE * tickets)
        if self.counted > most:
            return self._words(f"makes numbers of {self.counted:.0f} rows, more than {most:.0f}")
        if self.read > self.allowed:
            return self._words(f"reads {self.read:.0f} rows, may read {self.allowed:.0f}")
        return ""

    def _words(self, what: str) -> str:
        scans = "".join(f"\n    {line}" for line in self.scans)
        return f"{self.role} {what}, shows {self.shown:.0f}:\n  {self.sql[:1500]}{scans}"


@contextmanager
def watching() -> Iterator[list[Statement]]:
    """The statements of the block, in the order in which they ran; of its SELECTs only, and none that only puts settings."""
    seen: list[Statement] = []

    def watch(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:  # Django's order
        if not many and _READS.match(sql) and not _SETTINGS.match(sql):
            seen.append(explain(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen


def explain(sql: str, params: Any = None) -> Statement:
    """Run a statement under EXPLAIN in the open transaction, as its role."""
    with connection.connection.cursor() as cursor:  # the driver's: the wrapper must not watch the watcher
        before = _inside(cursor) if _OWN_FUNCTION in sql else 0
        cursor.execute("SELECT current_setting('role')")
        (role,) = cursor.fetchone()
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF, FORMAT JSON) {sql}", params)
        ((answer,),) = cursor.fetchall()
        plan = answer[0]["Plan"]
        scans = list(_scans(plan))
        inside = _inside(cursor) - before if _OWN_FUNCTION in sql else 0
    words = [line for _rows, line in scans] + ([f"{inside} rows inside {_OWN_FUNCTION}"] if inside else [])
    return Statement(sql, role, sum(rows for rows, _line in scans) + inside, _out(plan), _counted(plan), words)


def _inside(cursor: Any) -> int:
    """Rows of the search table that this transaction has read so far."""
    cursor.execute(
        "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint FROM pg_stat_xact_user_tables"
        " WHERE relname = 'core_search'"
    )
    (rows,) = cursor.fetchone()
    return int(rows)


def _out(node: dict[str, Any]) -> float:
    return float(node["Actual Rows"]) * float(node["Actual Loops"])


def _scans(node: dict[str, Any]) -> Iterator[tuple[float, str]]:
    """Rows and words of each scan below a node. Where a bitmap costs more than the rows fetched with it, its entries count."""
    below = node.get("Plans", [])
    if "Relation Name" in node and node["Node Type"] != "ModifyTable":
        thrown = float(node.get("Rows Removed by Filter", 0)) + float(node.get("Rows Removed by Index Recheck", 0))
        rows = (float(node["Actual Rows"]) + thrown) * float(node["Actual Loops"])
        if node["Node Type"] == "Bitmap Heap Scan":
            rows = max(rows, sum(_entries(child) for child in below) * ENTRY)
        conditions = (node.get(name, "") for name in ("Index Cond", "Recheck Cond", "Filter"))
        index = node.get("Index Name", "") or ", ".join(_indexes(below))
        yield (
            rows,
            f"{node['Node Type']} on {node['Relation Name']} {index}: {rows:.0f} rows, {' | '.join(filter(None, conditions))}",
        )
    for child in below:
        yield from _scans(child)


def _entries(node: dict[str, Any]) -> float:
    own = _out(node) if node["Node Type"] == "Bitmap Index Scan" else 0.0
    return own + sum(_entries(child) for child in node.get("Plans", []))


def _indexes(nodes: list[dict[str, Any]]) -> Iterator[str]:
    for node in nodes:
        if "Index Name" in node:
            yield node["Index Name"]
        yield from _indexes(node.get("Plans", []))


def _counted(node: dict[str, Any]) -> float:
    """Rows that go into the topmost aggregates (count, GROUP BY, DISTINCT) of a plan; 0 = there is none."""
    below = node.get("Plans", [])
    if node["Node Type"] in _GATHERS:
        return sum(_out(child) for child in below if child.get("Parent Relationship") == "Outer")
    return sum(_counted(child) for child in below)
