"""`make isolation`: the matrix and the SQL probes on a database of their own, with real commits, as the application's real user.

python -m tests.isolation                  all cells
SAMPLE=2000 SEED=3 python -m tests.isolation   every route x role once, filled up by a seed
ONLY=tickets:slip,api:slip python -m tests.isolation    routes whose names begin so (while you write a recipe)
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import sys
import time
import traceback
import warnings
import zlib
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests import servers

WORKERS = 2
ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    """Run and print; 0 when nothing leaks and everything that may succeed does."""
    begin = time.monotonic()
    try:
        hold, slot = servers.prepare_environment()
    except servers.NoServers as problem:
        print(problem, file=sys.stderr)
        return 2
    import django

    django.setup()
    logging.disable(logging.CRITICAL)  # refusals are wanted here by the thousand
    warnings.filterwarnings("ignore", "No directory at")
    del hold  # keeps the servers until this process ends: the lock lies in a descriptor that stays open
    name = f"test_isolation_{slot}"
    made = servers.make_database(name)
    try:
        return _run(name, begin)
    finally:
        servers.drop_database(made)


def _run(template: str, begin: float) -> int:
    from tests.isolation import database, matrix, probes, world

    if not database.as_owner_may_not():
        print("the application's user is not bound by the policies: nothing would be proved", file=sys.stderr)
        return 2
    known = world.build()
    rows, tokens = sum(map(len, known.rows.values())), len(known.tokens)
    _say(begin, f"world: {rows} rows, {tokens} canaries, {len(known.viewers)} people")
    database.Copies(template, 0).drop()  # no connection may be open while copies are made

    seed = _number("SEED", 0)
    every = matrix.cells(known, seed)
    only = os.environ.get("ONLY", "")
    if only:
        every = [cell for cell in every if cell.recipe.name.startswith(tuple(only.split(",")))]
    size = _number("SAMPLE", 0)
    plain = _number("FEW", 0)
    chosen = matrix.sample(every, size, seed) if size else every
    if plain:
        chosen = matrix.few(every, plain, seed)
    not_tried = [] if only else matrix.uncovered(every)
    _say(begin, f"matrix: {len(chosen)} of {len(every)} cells")

    tally = matrix.Tally()
    for part in _share_out(template, known, chosen, begin):
        tally.add(part)
    found = probes.run(template, known, thin=bool(plain))
    _say(begin, f"SQL: {found.probes} probes")
    return _report(tally, found, not_tried, begin)


def _share_out(template: str, known: Any, chosen: list[Any], begin: float) -> list[Any]:
    """Cells of one route and viewer go to one worker, so that answers to compare with are asked once."""
    context = multiprocessing.get_context("fork")
    results: Any = context.Queue()
    workers = []
    for number in range(WORKERS):
        mine = [cell for cell in chosen if zlib.crc32(f"{cell.recipe.name}{cell.who.key}".encode()) % WORKERS == number]
        worker = context.Process(target=_work, args=(template, known, mine, number, begin, results))
        worker.start()
        workers.append(worker)
    parts = []
    for _worker in workers:
        part = results.get()
        if isinstance(part, str):
            print(part, file=sys.stderr)
            for worker in workers:
                worker.terminate()
            raise SystemExit(2)
        parts.append(part)
    for worker in workers:
        worker.join()
    return parts


def _work(template: str, known: Any, mine: list[Any], number: int, begin: float, results: Any) -> None:
    from tests.isolation import database, matrix

    try:
        runner = matrix.Runner(known, database.Copies(template, number + 1))
        for mode in matrix.Mode:
            runner.run(mine, mode)
            _say(begin, f"worker {number + 1}: {mode.value} done, {runner.tally.requests} requests")
        runner.copies.drop()
        results.put(runner.tally)
    except BaseException:  # noqa: BLE001  # whatever it was, the parent must hear of it
        results.put(traceback.format_exc())


def _report(tally: Any, found: Any, not_tried: list[str], begin: float) -> int:
    leaks = [leak for leak in tally.leaks if leak.kind == "leak"]
    both = [leak for leak in leaks if leak.mode == "both layers"]
    rights = [leak for leak in tally.leaks if leak.kind == "rights"]
    absent = [leak for leak in tally.leaks if leak.kind == "positive"]
    for title, some in (("LEAK", leaks), ("RIGHTS", rights), ("MISSING POSITIVE", absent)):
        for leak in some[:200]:
            mode = "" if leak.mode == "both layers" else f" [{leak.mode}]"
            print(f"{title}{mode} {leak.cell}\n    {leak.seen}")
        if len(some) > 200:
            print(f"{title}: {len(some) - 200} more in var/isolation/report.json")
    for line in found.leaks[:100]:
        print(f"LEAK in SQL: {line}")
    for line in not_tried:
        print(f"MISSING POSITIVE no object to try {line} on")
    figures = {
        "cells": tally.cells,
        "leaks": len(both) + len(found.leaks),
        "layer1_off_leaks": sum(leak.mode == "layer 1 off" for leak in leaks),
        "layer2_off_leaks": sum(leak.mode == "layer 2 off" for leak in leaks),
        "rights_leaks": len(rights),
        "positive": tally.positive,
        "missing_positive": len(absent) + len(not_tried),
    }
    folder = ROOT / "var" / "isolation"
    folder.mkdir(parents=True, exist_ok=True)
    report = {
        **figures,
        "sql_probes": found.probes,
        "sql_leaks": found.leaks,
        "by_check": dict(tally.by_check),
        "requests": tally.requests,
        "copies": tally.copies,
        "seconds": round(time.monotonic() - begin, 1),
        "by_route": Counter(leak.route for leak in tally.leaks).most_common(),
        "not_tried": not_tried,
        "found": [asdict(leak) for leak in tally.leaks],
    }
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1))
    kinds = ", ".join(f"{number} {name}" for name, number in sorted(tally.by_check.items()))
    _say(begin, f"{kinds}; {tally.requests} requests, {tally.copies} copies of the world")
    print(f"sql_probes={found.probes} sql_leaks={len(found.leaks)}")
    print(" ".join(f"{name}={number}" for name, number in figures.items()))
    wrong = ("leaks", "layer1_off_leaks", "layer2_off_leaks", "rights_leaks", "missing_positive")
    return 1 if any(figures[name] for name in wrong) else 0


def _number(name: str, otherwise: int) -> int:
    text = os.environ.get(name, "").strip()
    return int(text) if text.isdecimal() else otherwise


def _say(begin: float, text: str) -> None:
    print(f"{time.monotonic() - begin:6.1f} s  {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
