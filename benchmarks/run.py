"""`make bench`: a table of name, measured, goal; the same in var/bench/results.json; ends with `bench: N met, N missed`.

ONLY=name measures one row. The database with 10,000 tickets is made once and kept (`make bench-fill`).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "var" / "bench" / "results.json"
TICKETS = 10_000
ROWS = ("slip_pdf", "slip_batch", "list", "ticket", "api_list", "import_machines")


def main() -> int:
    """Fill when needed, measure, print each row when it is known; exit status 1 when a goal is missed."""
    os.environ.setdefault("SERVICEDESK_SERVERS", "bench-servers")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
    from servicedesk import embedded

    only = os.environ.get("ONLY", "")
    if only and only not in ROWS:
        print(f"ONLY={only}: there is {', '.join(ROWS)}")
        return 2
    hold = None
    if not os.environ.get("DATABASE_URL"):
        hold = embedded.hold()
        embedded.export(hold.servers)
    try:
        import django

        django.setup()
        results = []
        if "fill" in sys.argv or only != "slip_pdf":
            fill()
        if "fill" in sys.argv:
            return 0
        print(f"{'name':<20}{'measured':>10}  {'goal':>6}  unit")
        for row in measure({only} if only else set(ROWS)):
            results.append(row)
            mark = "met" if row["met"] else "MISSED"
            print(f"{row['name']:<20}{row['value']:>10}  {row['goal']:>6}  {row['unit']}  {mark}", flush=True)
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        met = sum(bool(row["met"]) for row in results)
        print(f"bench: {met} met, {len(results) - met} missed")
        return 0 if met == len(results) else 1
    finally:
        if hold:
            hold.release()


def fill() -> None:
    """10,000 tickets of 40 dealers, once."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("seed_load", tickets=TICKETS)


def measure(names: set[str]) -> Iterator[dict[str, object]]:
    """Every row that was asked for."""
    from benchmarks import import_machines, pages, slip_pdf

    if "slip_pdf" in names:
        yield slip_pdf.measure()
    if "slip_batch" in names:
        from benchmarks import slip_batch

        yield slip_batch.measure()
    if names & {"list", "ticket", "api_list"}:
        yield from pages.measure(names)
    if "import_machines" in names:
        yield import_machines.measure()


if __name__ == "__main__":
    raise SystemExit(main())
