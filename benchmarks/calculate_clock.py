"""Row `calculate_clock`: cases a minute of `manage.py calculate clock`, from its first answer to its last.

The cases are mixed as reports are: day and night and business hours with and without lunch, up to three pauses, promises from an hour
to five weeks, each third with days of its own. The process runs as in production, its own start is not counted.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.http import Row, row
from servicedesk import embedded

CASES = 20_000
GOAL = 20_000.0
CALENDARS = ["7x24", {"open": "08:30", "close": "17:30"}, {"windows": [["08:30", "12:00"], ["13:30", "18:00"]]}]
SEED = 1


def measure() -> Row:
    """Cases a minute; every answer must be a result."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cases.jsonl"
        path.write_text("".join(f"{json.dumps(case)}\n" for case in _cases()))
        command = [sys.executable, "-W", "ignore", "manage.py", "calculate", "clock"]
        with (
            path.open("rb") as cases,
            subprocess.Popen(command, stdin=cases, stdout=subprocess.PIPE, cwd=embedded.ROOT) as process,
        ):
            assert process.stdout is not None
            answers = [process.stdout.readline()]
            begin = time.perf_counter()
            answers += process.stdout.readlines()
            spent = time.perf_counter() - begin
    results = [json.loads(answer)["result"] for answer in answers]
    if len(results) != CASES or not all(result["due"] for result in results):
        raise AssertionError(f"{len(results)} results of {CASES} cases")
    return row("calculate_clock", round((CASES - 1) / spent * 60), "cases a minute", GOAL, at_least=True)


def _cases() -> list[dict[str, object]]:
    chance = random.Random(SEED)
    return [_case(number, chance) for number in range(CASES)]


def _case(number: int, chance: random.Random) -> dict[str, object]:
    t0 = datetime.fromisoformat("2026-01-01T00:00+08:00") + timedelta(minutes=chance.randrange(365 * 1440))

    def after(least: int, most: int) -> str:
        return (t0 + timedelta(minutes=chance.randrange(least, most))).isoformat(timespec="minutes")

    case: dict[str, object] = {
        "id": f"BX-{number}",
        "t0": t0.isoformat(timespec="minutes"),
        "allow_minutes": chance.choice([60, 240, 720, 50_000]),
        "calendar": chance.choice(CALENDARS),
        "pauses": [{"from": after(-500, 2000), "to": after(2000, 6000)} for _ in range(chance.randrange(4))],
        "now": after(0, 9000),
    }
    if number % 3 == 0:
        case["days"] = {"off": ["2027-02-06", "2027-02-08"], "work": ["2027-02-20"]}
    return case
