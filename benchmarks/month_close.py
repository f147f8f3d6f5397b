"""Row `month_close`: the statements of 10,000 claims of all dealers, against the same claims one by one straight through the driver (performance.md 4, 5).

Each claim has five lines, every third a cut; the product's own operation makes the statements, dealer by dealer, with old parts, carry-over, tax split and
the sum check of the database. Against it: for each claim read its lines, write one line, mark the claim, without any of that. Both
in a process of its own (`python -m benchmarks.month_close`), whose memory is measured, too; both are rolled back.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from benchmarks.http import Row, row
from benchmarks.places import MAIN, Place
from servicedesk import embedded

CLAIMS, MONTH = 10_000, date(2026, 3, 1)
GOAL, MOST_MB = 3.0, 400.0
MAKERS = ("LHC", "LLT", "LJL", "LPC")
TARGET = "CREATE TEMPORARY TABLE bench_line (statement bigint, claim bigint, amount numeric(14,2))"


def measure() -> list[Row]:
    """The ratio of both times, and the memory that the close took; MB."""
    place = Place(MAIN)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.month_close"], env={**os.environ, **place.environment}, cwd=embedded.ROOT,
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    words = f"× claim by claim, {found['claims']} claims on {found['statements']} statements, {found['close']:.1f} s"
    return [
        row("month_close", found["close"] / found["one_by_one"], words, GOAL),
        row("month_close_memory", found["memory_mb"], "MB more than before", MOST_MB),
    ]


def main() -> None:
    """Fill, close, compare, print what was measured."""
    import django

    django.setup()
    from django.db import connection, transaction

    from servicedesk.demo.load_claims import fill_claims

    there = fill_claims(claims=0, months=(MONTH,))
    if there < CLAIMS:
        fill_claims(claims=CLAIMS - there, months=(MONTH,))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with transaction.atomic():
        begin = time.perf_counter()
        statements, claims = _close()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        spent = time.perf_counter() - begin
        transaction.set_rollback(True)
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        json.dumps(
            {
                "close": spent,
                "claims": claims,
                "statements": statements,
                "one_by_one": _one_by_one(),
                "memory_mb": memory,
            }
        )
    )


def _close() -> tuple[int, int]:
    """Statements and lines that the product makes."""
    from core import tenancy
    from partners.models import Organisation
    from partners.queries import viewers
    from settlement.models import StatementLine
    from settlement.operations.close_month import close_partner
    from settlement.queries import statements

    made, lines = 0, 0
    for maker in Organisation._plain.using("owner").filter(code__in=MAKERS).order_by("code"):
        viewer = replace(viewers.of_organisation(maker.pk), roles=frozenset({"reviewer"}))
        with tenancy.acting(viewer):
            for tie in statements.to_close(viewer):
                done = close_partner(
                    viewer=viewer, partnership=tie.pk, month=MONTH, tax_rate=Decimal("0.13"), now=datetime.now(UTC)
                )
                made += done is not None
            lines += StatementLine.objects.visible_to(viewer).filter(claim__isnull=False).count()
    if lines != CLAIMS:
        raise AssertionError(f"{lines} lines for {CLAIMS} claims")
    return made, lines


def _one_by_one() -> float:
    """Seconds for the same claims with three statements each."""
    import psycopg2

    line = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    with line.cursor() as cursor:
        cursor.execute(TARGET)
        cursor.execute(
            "SELECT id, dealer_id FROM settlement_claim WHERE state = 'agreed' ORDER BY id LIMIT %s", [CLAIMS]
        )
        claims = cursor.fetchall()
        begin = time.perf_counter()
        for claim, dealer in claims:
            cursor.execute("SELECT item, claimed FROM settlement_claimline WHERE claim_id = %s", [claim])
            amount = sum((amount for _item, amount in cursor.fetchall()), Decimal(0))
            cursor.execute("INSERT INTO bench_line VALUES (%s, %s, %s)", [dealer, claim, amount])
            cursor.execute("UPDATE settlement_claim SET state = 'stated', version = version + 1 WHERE id = %s", [claim])
        spent = time.perf_counter() - begin
    line.rollback()
    line.close()
    return spent


if __name__ == "__main__":
    main()
