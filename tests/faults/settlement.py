"""`make faults-settlement`: processes are killed in the middle of the month's close and of payments; no line twice, none missing, no cent.

    KILLS=100 SEED=1 python -m tests.faults.settlement

Servers of its own with claims of 40 dealers, decided in six months. A warm parent forks children that do the real work: they close month by
month for each manufacturer (`run_close`, dealer by dealer), then confirm, invoice and pay statements in three parts. Each child is
killed (-9) while the database shows a transaction of its that has written; its work begins again in the next one. In the end what is there is compared
with what was agreed, in SQL, as the owner. Writes each kill to var/faults/settlement.jsonl, and ends with `kills=… duplicated=… missing=…`.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg2

from servicedesk import embedded
from tests.faults.conftest import ROOT, record
from tests.setup.conftest import forget, manage

NAME = "faults-settlement"
TICKETS, CLAIMS = 6_000, 2_400
MONTHS = tuple(date(2026, month, 1) for month in range(1, 7))
#: statements that are paid, in so many parts
PAID, PARTS = 40, 3
#: a transaction of a child that has written something
AT_WORK = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND backend_xid IS NOT NULL"
GONE = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
COUNTS = {
    "lines": "SELECT count(*) FROM settlement_statementline",
    "payments": "SELECT count(*) FROM settlement_payment",
}
#: claims on two lines, months with two statements of a dealer, payments beyond their part
DUPLICATED = (
    "SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM settlement_statementline WHERE claim_id IS NOT NULL GROUP BY claim_id) AS x WHERE n > 1",
    "SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM settlement_statement GROUP BY dealer_id, manufacturer_id, month) AS x WHERE n > 1",
    "SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM settlement_payment GROUP BY statement_id, reference) AS x WHERE n > 1",
    "SELECT count(*) FROM settlement_claimevent e WHERE verb = 'state' AND EXISTS (SELECT FROM settlement_claimevent o"
    " WHERE o.claim_id = e.claim_id AND o.verb = 'state' AND o.id < e.id)",
)
#: claims on no statement, statements that are not the sum of their claims, statements that were to be paid and are not, claims not settled with them
MISSING = (
    "SELECT count(*) FROM settlement_claim k WHERE decided_at IS NOT NULL AND NOT EXISTS (SELECT FROM settlement_statementline l WHERE l.claim_id = k.id)",
    "SELECT count(*) FROM settlement_statement s WHERE payable <> (SELECT sum(k.approved) FROM settlement_statementline l"
    " JOIN settlement_claim k ON k.id = l.claim_id WHERE l.statement_id = s.id)",
    f"SELECT {PAID} - count(*) FROM settlement_statement s WHERE state = 'paid' AND paid = payable"  # a number of ours
    " AND paid = (SELECT sum(amount) FROM settlement_payment p WHERE p.statement_id = s.id)",
    "SELECT count(*) FROM settlement_claim k JOIN settlement_statementline l ON l.claim_id = k.id JOIN settlement_statement s ON s.id = l.statement_id"
    " WHERE (s.state = 'paid') <> (k.state = 'settled')",
)


class Trial:
    """The children, the kills, and what is counted."""

    def __init__(self, owner: str, kills: int, seed: int) -> None:
        self.chance = random.Random(seed)  # when a child is killed is no secret
        self.line = psycopg2.connect(owner)
        self.line.autocommit = True
        self.wanted, self.kills, self.hits = kills, 0, 0

    def ask(self, statement: str, *values: Any) -> int:
        """The one number that a statement answers, as the owner."""
        with self.line.cursor() as cursor:
            cursor.execute(statement, values or None)
            return int(cursor.fetchone()[0])

    def rounds(self, point: str, work: Callable[[], bool], kills: int) -> None:
        """Fork children that work until there is nothing left; so many of them are killed."""
        left = kills
        while True:
            name = f"faults-{point}-{left}"
            child = self.fork(name, work)
            if left and self.kill(point, name, child):
                left -= 1
                continue
            _pid, status = os.waitpid(child, 0)
            if os.waitstatus_to_exitcode(status):
                raise RuntimeError(f"{point}: a child failed")
            return

    def fork(self, name: str, work: Callable[[], bool]) -> int:
        """A child that works under this name; it ends with 0 when there is nothing left, with 1 when it failed."""
        child = os.fork()
        if child:
            return child
        from django.db import connections

        try:
            connections.close_all()
            connections["default"].settings_dict["OPTIONS"]["application_name"] = name
            while work():
                pass
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    def kill(self, point: str, name: str, child: int) -> bool:
        """Kill the child a moment after it has begun to write; False when it ended before."""
        aim = self.chance.uniform(0, 0.06)
        while not self.ask(AT_WORK, name):
            if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                return False
            time.sleep(0.0005)
        before = {what: self.ask(statement) for what, statement in COUNTS.items()}
        time.sleep(aim)
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return False  # it had nothing left to do
        os.kill(child, signal.SIGSTOP)
        at_work = self.ask(AT_WORK, name)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while self.ask(GONE, name):
            time.sleep(0.001)
        self.kills += 1
        self.hits += bool(at_work)
        after = {what: self.ask(statement) for what, statement in COUNTS.items()}
        record(
            "settlement",
            {
                "at": datetime.now(UTC).isoformat(timespec="milliseconds"), "point": point, "in_transaction": bool(at_work),
                "before": before, "after": after,
            },
        )  # fmt: skip
        return True

    def tell(self) -> int:
        """The last lines; the exit status."""
        doubled = [self.ask(statement) for statement in DUPLICATED]
        missing = [self.ask(statement) for statement in MISSING]
        print(f"hit_open_transaction={self.hits} duplicated={doubled} missing={missing}")
        print(f"kills={self.kills} duplicated={sum(doubled)} missing={sum(missing)}", flush=True)
        return int(bool(sum(doubled) or sum(missing) or self.kills < self.wanted or self.hits * 2 < self.kills))


def close_all() -> bool:
    """Close every month of every manufacturer, as the job does; False = nothing is left."""
    from core import tenancy
    from settlement.models import Statement
    from settlement.operations.close_month import close_partner
    from settlement.queries import statements

    for month in MONTHS:
        for viewer in payers():
            with tenancy.acting(viewer):
                made = Statement.objects.visible_to(viewer).filter(month=month).values_list("dealer_id", flat=True)
                done = set(made)
                ties = [tie.pk for tie in statements.to_close(viewer) if tie.dealer_id not in done]
            for key in ties:
                with tenancy.acting(viewer):
                    close_partner(
                        viewer=viewer, partnership=key, month=month, tax_rate=Decimal("0.13"), now=datetime.now(UTC)
                    )
    return False


def pay_one() -> bool:
    """Take one statement one step further towards its money; False = nothing is left."""
    from core import tenancy
    from settlement.enums import StatementState as S
    from settlement.models import Statement
    from settlement.operations import invoices, payments, statements
    from tests.settlement.statements import invoice_xml

    now, today = datetime.now(UTC), datetime.now(UTC).date()
    for payer in payers():
        with tenancy.acting(payer):
            rows = Statement.objects.visible_to(payer).exclude(state=S.PAID).filter(month=MONTHS[0])
            found = rows.order_by("id").first()
        if found is None or _paid_enough():
            continue
        dealer = claimer(found.dealer_id)
        third = (found.payable / PARTS).quantize(Decimal("0.01"))
        part = min(int(found.paid / third) + 1, PARTS) if third else PARTS
        amount = found.payable - found.paid if part == PARTS else third
        number = f"{found.pk:020d}"
        step: dict[str, tuple[Any, Any, dict[str, Any]]] = {
            S.CHECKING: (dealer, statements.confirm, {}),
            S.CONFIRMED: (payer, statements.notify, {"title": "示范", "tax_number": "91430100MA4L00000X"}),
            S.NOTIFIED: (dealer, invoices.hand_in, {"number": number, "amount": found.payable, "issued_on": today,
                                                    "paper": invoice_xml(number, f"{found.payable}"), "paper_name": "x.xml"}),
            S.INVOICED: (payer, invoices.verify, {}),
        }  # fmt: skip
        pays = (
            payer, payments.pay, {"amount": amount, "way": "bank", "paid_on": today, "reference": f"{found.number}-{part}"},
        )  # fmt: skip
        viewer, operation, more = step.get(found.state, pays)
        with tenancy.acting(viewer):
            operation(viewer=viewer, public_id=found.public_id, expected_version=found.version, now=now, **more)
        return True
    return False


def _paid_enough() -> bool:
    from core import tenancy
    from settlement.models import Statement

    paid = 0
    for payer in payers():
        with tenancy.acting(payer):
            paid += Statement.objects.visible_to(payer).filter(state="paid").count()
    return paid >= PAID


def payers() -> list[Any]:
    """Somebody of each manufacturer who makes and pays statements."""
    return [_viewer(code, "hq", "reviewer") for code in ("LHC", "LLT", "LJL", "LPC")]


def claimer(dealer_id: int) -> Any:
    """Somebody of a dealer who confirms and invoices."""
    return _viewer(dealer_id, "dealer", "admin")


_viewers: dict[Any, Any] = {}


def _viewer(key: Any, tier: str, role: str) -> Any:
    """A viewer of an organisation with this role; the load has no such person for each of them."""
    from dataclasses import replace

    from partners.models import Organisation
    from partners.queries import viewers

    if key not in _viewers:
        lookup = {"id": key} if isinstance(key, int) else {"code": key}
        row = Organisation._plain.using("owner").get(**lookup)
        _viewers[key] = replace(viewers.of_organisation(row.pk), roles=frozenset({role}), name="测试")
    return _viewers[key]


def main() -> int:
    """Servers of its own, which are stopped and forgotten at the end."""
    kills, seed = (int(os.environ.get(name, usual)) for name, usual in (("KILLS", 100), ("SEED", 1)))
    forget(NAME)
    Path(ROOT / "var" / "faults" / "settlement.jsonl").unlink(missing_ok=True)
    try:
        with embedded.hold(NAME) as hold:
            for command in (["migrate"], ["seed_load", "--tickets", str(TICKETS)]):
                done = manage(*command, SERVICEDESK_SERVERS=NAME)
                if done.returncode:
                    print(done.stdout[-2000:] + done.stderr[-2000:])
                    return 2
            os.environ |= {
                **hold.servers.addresses(), "SERVICEDESK_EMBEDDED": "true", "SERVICEDESK_SERVERS": NAME,
                "DJANGO_SETTINGS_MODULE": "servicedesk.settings",
            }  # fmt: skip
            import django

            django.setup()
            from django.db import connections

            from servicedesk.demo.load_claims import fill_claims

            claims = fill_claims(claims=CLAIMS, months=MONTHS)
            print(f"· {claims} claims of 40 dealers in {len(MONTHS)} months, seed {seed}", flush=True)
            payers()
            from partners.models import Organisation

            for row in Organisation._plain.using("owner").filter(kind="dealer"):
                claimer(row.pk)
            connections.close_all()
            trial = Trial(hold.servers.addresses()["DATABASE_OWNER_URL"], kills, seed)
            trial.rounds("close", close_all, kills * 6 // 10)
            trial.rounds("payment", pay_one, kills - kills * 6 // 10)
            return trial.tell()
    finally:
        embedded.stop(embedded.server_set(NAME))
        forget(NAME)


if __name__ == "__main__":
    sys.exit(main())
