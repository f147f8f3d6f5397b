"""Claims on the load's signed slips, agreed to and waiting for the close of a month: for `make bench` and `make faults-settlement`.

As servicedesk/demo/load.py: straight SQL as the owner. Each claim has five lines of 80.00, 504.00, 160.00, 204.60 and 36.00 yuan; of every
third one the way is cut to 456.00 in the second review.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import connections, transaction

from partners.models import Organisation
from servicedesk.demo.load import OWNER, insert
from settlement.models import Claim, ClaimDecision, ClaimLine, RateCard

#: item and yuan of each line
LINES = (("labour", "80.00"), ("travel", "504.00"), ("subsidy", "160.00"), ("part", "204.60"), ("consumables", "36.00"))
CLAIMED = sum((Decimal(amount) for _item, amount in LINES), Decimal(0))
CUT = Decimal("48.00")
CUT_EVERY = 3


def fill_claims(*, claims: int, months: tuple[date, ...]) -> int:
    """Put claims on so many signed slips that are shared, as a submitted claim's is, decided in these months in turn; the number then.

    months: their first days.
    """
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        _cards()
        cursor.execute(
            "CREATE TEMPORARY TABLE load_claim ON COMMIT DROP AS"
            " SELECT s.id, s.dealer_id, s.manufacturer_id, p.office_id, s.number, s.customer_name, s.finished_at, c.id AS card_id,"
            " (%s::date[])[1 + row_number() OVER (ORDER BY s.id) %% %s] + interval '10 days' AS decided,"
            " row_number() OVER (ORDER BY s.id) AS g"
            " FROM tickets_slip s JOIN partners_partnership p ON p.dealer_id = s.dealer_id AND p.manufacturer_id = s.manufacturer_id"
            " JOIN settlement_ratecard c ON c.manufacturer_id = s.manufacturer_id"
            " WHERE s.state = 'signed' AND s.finished_at IS NOT NULL AND s.shared_with_maker"
            " AND NOT EXISTS (SELECT FROM settlement_claim k WHERE k.slip_id = s.id) ORDER BY s.id LIMIT %s",
            [list(months), len(months), claims],
        )
        owned = {
            "dealer_id": "r.dealer_id", "manufacturer_id": "r.manufacturer_id", "office_id": "r.office_id", "shared_with_maker": "true",
        }  # fmt: skip
        insert(
            cursor, Claim, "load_claim AS r", **owned, slip_id="r.id", card_id="r.card_id", number="'JS-' || r.number", state="'draft'",
            customer_name="r.customer_name", finished_on="r.finished_at::date", one_way_km="168", left_at="r.finished_at - interval '4 hours'",
            back_at="r.finished_at", claimed=f"{CLAIMED}", begun_at="r.finished_at", due_on="r.decided::date", decided_at="r.decided",
            approved=f"{CLAIMED} - CASE WHEN r.g % {CUT_EVERY} = 0 THEN {CUT} ELSE 0 END",
        )  # fmt: skip
        joined = "load_claim AS r JOIN settlement_claim AS k ON k.slip_id = r.id"
        for place, (item, amount) in enumerate(LINES, start=1):
            insert(
                cursor, ClaimLine, joined, **owned, claim_id="k.id", turn="1", sequence=f"{place}", item=f"'{item}'", claimed=amount
            )  # fmt: skip
        insert(
            cursor, ClaimDecision, f"{joined} JOIN settlement_claimline AS l ON l.claim_id = k.id AND l.item = 'travel' AND r.g % {CUT_EVERY} = 0",
            **owned, line_id="l.id", level="'second'", approved=f"l.claimed - {CUT}", reason="'distance'", at="r.decided",
        )  # fmt: skip
        cursor.execute(
            "UPDATE settlement_claim SET state = 'agreed' WHERE state = 'draft' AND slip_id IN (SELECT id FROM load_claim)"
        )
        cursor.execute("SELECT count(*) FROM settlement_claim WHERE state = 'agreed'")
        (found,) = cursor.fetchone()
    return int(found)


def _cards() -> None:
    """A card in force for each manufacturer of the load."""
    makers = Organisation._plain.using(OWNER).filter(kind="maker", code__startswith="L")
    for maker in makers:
        known = {"manufacturer": maker, "level": "", "number": 1}
        if not RateCard._plain.using(OWNER).filter(**known).exists():
            RateCard(**known, state="in_force", valid_from=date(2020, 1, 1), hourly=Decimal("80.00")).save(using=OWNER)
