"""Statements of the sample dealer for the last months: the older ones are paid, the last ones on their way (domain.md 11, 21.2)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from core import tenancy
from core.calendars import SHANGHAI, local_date
from core.tenancy import Viewer
from partners.queries import partnerships
from servicedesk.demo.claims import DEALER, REVIEWERS, submit_checked
from servicedesk.demo.walk import Walk
from settlement.calculations.claim_input import Word
from settlement.calculations.statement_limits import following
from settlement.enums import ClaimState, StatementState
from settlement.models import Statement
from settlement.operations import claims, close_month, invoices, payments, review_claims, statement_entries, statements
from settlement.queries import claims as reading
from tickets.models import Slip

#: by manufacturer: who pays
FINANCE = {"HC": "HC/秦芳", "SF": "SF/纪晓燕"}
#: months before the present one, the oldest first
MONTHS = 5
#: how many steps towards the money the statement of each of these months has taken
STEPS = (7, 7, 5, 4, 0)
TITLES = {
    "HC": ("海川电机有限公司(示例)", "91430100MA4L0HC01X"),
    "SF": ("示范机电有限公司(示例)", "91430100MA4L0SF01X"),
}
#: lines by hand, in turn: item, amount, why
ENTRIES = (
    ("activity", "300.00", "夏季送服务上门,两天"),
    ("freight", "85.00", "旧件集中返厂运费"),
    ("assessment", "-200.00", "有效投诉一次"),
)
#: yuan paid by set-off against goods where a month is paid in two parts
IN_GOODS = Decimal("100.00")


def make_statements(walk: Walk, now: datetime) -> int:
    """Claim, review and agree what was finished in these months, and close month by month through the product's operations."""
    first = local_date(now).replace(day=1)
    months: list[date] = []
    while len(months) < MONTHS:
        first = (first - timedelta(days=1)).replace(day=1)
        months.insert(0, first)
    made = 0
    for place, month in enumerate(months):
        for code in REVIEWERS:
            if _close(walk, code, month, place, now) is not None:
                made += 1
    return made


def _close(walk: Walk, code: str, month: date, place: int, now: datetime) -> Statement | None:
    viewers = walk.world.viewers
    dealer, finance = viewers[DEALER], viewers[FINANCE[code]]
    with tenancy.acting(dealer):
        rows = reading.unclaimed(dealer).filter(manufacturer__code=code, is_remote=False)
        until = datetime.combine(following(month), time(), SHANGHAI) - timedelta(days=4)
        slips = list(rows.filter(finished_at__lt=until).select_related("manufacturer").order_by("finished_at"))
    for slip in slips:
        _claim(walk, slip, max(slip.finished_at or now, datetime.combine(month, time(8), SHANGHAI)))
    with tenancy.acting(finance):
        ties = [row for row in partnerships.all_of(finance) if row.dealer_id == dealer.org]
        if not ties:
            return None
        if slips or place == MONTHS - 1:
            item, amount, why = ENTRIES[place % len(ENTRIES)]
            statement_entries.enter(
                viewer=finance, partnership=ties[0].public_id, item=item, amount=Decimal(amount), month=month, reason=why,
                paper=PAPER, paper_name="依据(示例).pdf", now=min(datetime.combine(following(month), time(9), SHANGHAI), now),
            )  # fmt: skip
        at = datetime.combine(following(month).replace(day=8), time(9), SHANGHAI)
        if at > now:
            return None
        made = close_month.close_partner(
            viewer=finance, partnership=ties[0].pk, month=month, tax_rate=Decimal("0.13"), now=at
        )
    if made is not None:
        _go_on(made, code, dealer, finance, at, now, steps=STEPS[place])
    return made


def _claim(walk: Walk, slip: Slip, since: datetime) -> None:
    """From the draft to the dealer's agreement within three days."""
    viewers = walk.world.viewers
    dealer = viewers[DEALER]
    office, chief = (viewers[key] for key in REVIEWERS[slip.manufacturer.code])
    with tenancy.acting(dealer):
        key = claims.begin_claim(viewer=dealer, slip_public_id=slip.public_id, now=since + timedelta(hours=3)).public_id
        if not reading.one(dealer, key).claimed:
            return

    def do(viewer: Viewer, operation: Any, hours: int, **more: Any) -> None:
        with tenancy.acting(viewer):
            operation(viewer=viewer, public_id=key, expected_version=None, now=since + timedelta(hours=hours), **more)

    if submit_checked(key, dealer, chief, since + timedelta(hours=3)) != ClaimState.FIRST:
        return  # the automatic checks have sent it back or refused it
    words: dict[int, Word] = {}
    do(office, review_claims.pass_on, 24, words=words)
    do(chief, review_claims.approve, 48, words=words)
    do(dealer, claims.agree, 52)


def _go_on(
    made: Statement, code: str, dealer: Viewer, finance: Viewer, at: datetime, now: datetime, *, steps: int
) -> None:
    """So many steps towards the money, as long as time has not run out."""
    title, tax_number = TITLES[code]
    number = f"{made.month:%y}43200000{made.pk:010d}"[:20].ljust(20, "0")
    half = min(IN_GOODS, made.payable - Decimal("0.01")) if made.payable else Decimal(0)
    day = timedelta(days=1)
    way: list[tuple[int, Viewer, Any, dict[str, Any]]] = [
        (2, dealer, statements.confirm, {}),
        (3, finance, statements.notify, {"title": title, "tax_number": tax_number, "note": "服务费"}),
        (6, dealer, invoices.hand_in, {"number": number, "amount": made.payable, "issued_on": local_date(at + 6 * day),
                                       "paper": PAPER, "paper_name": "发票(示例).pdf"}),
        (8, finance, invoices.verify, {}),
        (12, finance, payments.pay, {"amount": half, "way": "goods", "paid_on": local_date(at + 12 * day)}),
        (17, finance, payments.pay, {"amount": made.payable - half, "way": "bank", "paid_on": local_date(at + 17 * day),
                                     "reference": f"2026{made.pk:08d}"}),
        (19, dealer, statements.close, {}),
    ]  # fmt: skip
    for days, viewer, operation, more in way[:steps]:
        when = at + days * day
        if when > now:
            return
        if not made.payable and made.state == StatementState.CONFIRMED:  # nothing to invoice
            with tenancy.acting(dealer):
                statements.close(viewer=dealer, public_id=made.public_id, expected_version=None, now=when)
            return
        with tenancy.acting(viewer):
            made = operation(viewer=viewer, public_id=made.public_id, expected_version=None, now=when, **more)


#: a page that says that it is a sample
PAPER = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 298]/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/Contents 4 0 R>>endobj
4 0 obj<</Length 53>>stream
BT /F 24 Tf 60 140 Td (SAMPLE - NOT AN INVOICE) Tj ET
endstream endobj
trailer<</Root 1 0 R>>
"""
