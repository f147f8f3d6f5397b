"""Lines that the manufacturer enters by hand for a dealer's next statement: 服务活动费, 考核扣款, 上期调整 and others (domain.md 11)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from core import papers, rights
from core.errors import Refused
from core.models import public_id as random_name
from core.money import LIMIT
from core.tenancy import Viewer
from partners.queries import partnerships
from settlement.enums import ENTERED, EntryState
from settlement.models import StatementEntry
from settlement.queries import statements
from tickets.operations.steps import fits, said


@transaction.atomic
def enter(
    *,
    viewer: Viewer,
    partnership: str,
    item: str,
    amount: Decimal,
    month: date,
    reason: str,
    paper: bytes,
    paper_name: str,
    now: datetime,
) -> StatementEntry:
    """Enter a line. amount: a deduction is negative; month: any day of the first month on whose statement it may stand. paper: PDF or a photo.

    Errors: not_allowed, NotFound, Refused("choice_unknown", field="item"), ("entry_sign_wrong", field="amount"), ("reason_missing", field="reason"),
    ("entry_paper_missing", field="paper"), what a photo that cannot be read is refused with, ("partnership_ended", 409).
    """
    rights.require(viewer, "entry.write")
    tie = partnerships.one(viewer, partnership)
    partnerships.require_holding(viewer, dealer_id=tie.dealer_id, manufacturer_id=tie.manufacturer_id)
    if item not in ENTERED:
        raise Refused("choice_unknown", field="item")
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -2 or abs(amount) >= LIMIT:
        raise Refused("amount_wrong", field="amount")
    if (1 if amount > 0 else -1 if amount < 0 else 0) not in ENTERED[item]:
        raise Refused("entry_sign_wrong", field="amount")
    row = StatementEntry(
        dealer_id=tie.dealer_id, manufacturer_id=tie.manufacturer_id, office_id=tie.office_id, shared_with_maker=True, item=item,
        amount=amount, month=month.replace(day=1), reason=fits(said(reason), 120, field="reason"), entered_at=now, entered_by=viewer.name,
        paper_name=fits(paper_name, 120, field="paper"),
    )  # fmt: skip
    row.paper = _kept(viewer, paper)
    row.save(force_insert=True)
    return row


@transaction.atomic
def withdraw(*, viewer: Viewer, public_id: str, expected_version: int | None, now: datetime) -> StatementEntry:
    """Take an entry back that stands on no statement yet. Errors: NotFound, not_allowed, wrong_state, stale, ("partnership_ended", 409)."""
    rights.require_ever(viewer, "entry.withdraw")
    row = statements.entry(viewer, public_id, version=expected_version)
    rights.require(viewer, "entry.withdraw", row)
    partnerships.require_holding(viewer, dealer_id=row.dealer_id, manufacturer_id=row.manufacturer_id)
    row.state = EntryState.WITHDRAWN
    row.version += 1
    row.save(update_fields=["state", "version", "updated_at"])
    return row


def _kept(viewer: Viewer, paper: bytes) -> str:
    """Name of the stored paper: a PDF as it is, a photo made anew."""
    if not paper:
        raise Refused("entry_paper_missing", field="paper")
    name = f"statement-entries/{viewer.org}/{random_name()}"
    kind, content = papers.kept(paper)
    return default_storage.save(f"{name}.{kind}", ContentFile(content))
