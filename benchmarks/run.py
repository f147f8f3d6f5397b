"""`make bench`: a table of name, measured, goal; the same in var/bench/results.json; ends with `bench: N met, N missed`.

ONLY=name measures one group of rows. Databases with 10,000, 100,000 and 1,000,000 tickets stand side by side on the benchmarks' own
servers; each is made once and kept (`make bench-fill TICKETS=…`). Without `growth` the million is not needed.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "var" / "bench" / "results.json"
PAPER = ("slip_pdf", "slip_batch")
PAGES = ("list", "filters", "ticket", "api_list", "create", "save_slip", "search", "board")
ROWS = (
    *PAPER,
    *PAGES,
    "wire",
    "export",
    "import_machines",
    "calculate_clock",
    "tick",
    "month_close",
    "statement_pdf",
    "growth",
)
WITHOUT_TICKETS = {"slip_pdf", "statement_pdf", "calculate_clock"}


def main() -> int:
    """Fill when needed, measure, print each row when it is known; exit status 1 when a goal is missed."""
    os.environ.setdefault("SERVICEDESK_SERVERS", "bench-servers")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
    from servicedesk import embedded

    only = os.environ.get("ONLY", "")
    if only and only not in ROWS:
        print(f"ONLY={only}: there is {', '.join(ROWS)}")
        return 2
    hold = embedded.hold()
    try:
        from benchmarks.places import MAIN, SIZES, Place

        if "fill" in sys.argv:
            for tickets in [int(os.environ["TICKETS"])] if os.environ.get("TICKETS") else SIZES:
                Place(tickets).fill()
            return 0
        wanted = {only} if only else set(ROWS)
        for tickets in sorted(SIZES):
            if "growth" in wanted if tickets != MAIN else wanted - {"growth", *WITHOUT_TICKETS}:
                Place(tickets).fill()
        os.environ.update(Place(MAIN).environment)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("collectstatic", verbosity=0, interactive=False)
        results = []
        print(f"{'name':<24}{'measured':>10}  {'goal':>6}  unit")
        for row in measure(wanted):
            results.append(row)
            mark = "met" if row["met"] else "MISSED"
            print(f"{row['name']:<24}{row['value']:>10}  {row['goal']:>6}  {row['unit']}  {mark}", flush=True)
            RESULTS.parent.mkdir(parents=True, exist_ok=True)
            RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
        met = sum(bool(row["met"]) for row in results)
        print(f"bench: {met} met, {len(results) - met} missed")
        return 0 if met == len(results) else 1
    finally:
        hold.release()


def measure(names: set[str]) -> Iterator[dict[str, object]]:
    """Every row that was asked for."""
    from benchmarks import (
        calculate_clock,
        export,
        import_machines,
        month_close,
        pages,
        slip_batch,
        slip_pdf,
        statement_pdf,
        tick,
        wire,
    )

    if "slip_pdf" in names:
        yield slip_pdf.measure()
    if "slip_batch" in names:
        yield slip_batch.measure()
    if names.intersection(PAGES):
        yield from pages.measure(names)
    if "wire" in names:
        yield from wire.measure()
    if "export" in names:
        yield export.measure()
    if "import_machines" in names:
        yield import_machines.measure()
    if "calculate_clock" in names:
        yield calculate_clock.measure()
    if "tick" in names:
        yield from tick.measure()
    if "month_close" in names:
        yield from month_close.measure()
    if "statement_pdf" in names:
        yield statement_pdf.measure()
    if "growth" in names:
        yield from pages.growth()


if __name__ == "__main__":
    sys.exit(main())
