"""Reading statements (domain.md 11): one, its lines, invoices, payments and story, the list, what a month's close takes up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum

from core import rights
from core.calendars import local
from core.errors import NotFound, Refused
from core.money import ZERO
from core.paging import Orders
from core.tenancy import TenantQuerySet, Tier, Viewer
from partners.models import Partnership
from partners.queries import partnerships
from settlement.enums import (
    INVOICE_STANDS,
    STATEMENT_ENDED,
    ClaimState,
    EntryState,
    FeeItem,
    InvoiceState,
    StatementItem,
    StatementState,
)
from settlement.models import (
    Claim,
    ClaimDecision,
    ClaimLine,
    Invoice,
    Payment,
    Statement,
    StatementEntry,
    StatementEvent,
    StatementLine,
)

ORDERS: Orders = {"month": ("month", "id"), "due": ("due_on", "id")}
DEFAULT = "-month"
#: whose turn it is -> states
TURNS = {
    "dealer": (StatementState.CHECKING, StatementState.NOTIFIED, StatementState.PAID),
    "maker": (StatementState.CONFIRMED, StatementState.INVOICED, StatementState.RECEIVED, StatementState.PAYING),
}


def one(viewer: Viewer, public_id: str) -> Statement:
    """The statement with both sides. Errors: NotFound, also for who reads no amounts."""
    found = Statement.objects.visible_to(viewer).select_related("dealer", "manufacturer").one(public_id=public_id)
    if not rights.may(viewer, "statement.read", found):
        raise NotFound
    return found


def lock(viewer: Viewer, public_id: str, *, version: int | None) -> Statement:
    """The statement, locked. Errors: NotFound, Refused("stale", 409), ("partnership_ended", 409)."""
    found = Statement.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    if not rights.may(viewer, "statement.read", found):
        raise NotFound
    if version is not None and version != found.version:
        raise stale(viewer, found)
    partnerships.require_holding(viewer, dealer_id=found.dealer_id, manufacturer_id=found.manufacturer_id)
    return found


def stale(viewer: Viewer, found: Statement) -> Refused:
    """The refusal for a page that is older than the statement, with who changed it."""
    last = story(viewer, found)[:1]
    when = local(last[0].at if last else found.updated_at)
    return Refused("stale", status=409, who=last[0].author_name if last else "", when=f"{when:%m-%d %H:%M}")


def by_id(viewer: Viewer, key: int) -> Statement | None:
    """The statement of a job's payload; None when the viewer does not see it any more."""
    return Statement.objects.visible_to(viewer).filter(pk=key).first()


def lines(viewer: Viewer, statement: Statement) -> list[StatementLine]:
    """Its lines in order, those that do not count included, with their claims."""
    rows = StatementLine.objects.visible_to(viewer).filter(statement=statement)
    return list(rows.select_related("claim", "claim__slip", "entry").order_by("sequence"))


def line(viewer: Viewer, statement: Statement, sequence: int) -> StatementLine:
    """One line by its place. Errors: NotFound."""
    return StatementLine.objects.visible_to(viewer).one(statement=statement, sequence=sequence)


def standing_sum(viewer: Viewer, statement: Statement) -> Decimal:
    """Sum of the lines that count."""
    rows = StatementLine.objects.visible_to(viewer).filter(statement=statement, standing=True)
    total: Decimal | None = rows.order_by().aggregate(total=Sum("amount"))["total"]
    return total or ZERO


def invoices(viewer: Viewer, statement: Statement) -> list[Invoice]:
    """Its invoices, the latest first."""
    return list(Invoice.objects.visible_to(viewer).filter(statement=statement).order_by("-id"))


def standing_invoice(viewer: Viewer, statement: Statement, *states: InvoiceState) -> Invoice:
    """The invoice that counts, in one of these states, locked. Errors: Refused("wrong_state", 409)."""
    rows = Invoice.objects.visible_to(viewer).filter(statement=statement, state__in=states or INVOICE_STANDS)
    found = rows.select_for_update().first()
    if found is None:
        raise Refused("wrong_state", status=409)
    return found


def invoice(viewer: Viewer, public_id: str) -> Invoice:
    """An invoice with its statement. Errors: NotFound."""
    found = Invoice.objects.visible_to(viewer).select_related("statement").one(public_id=public_id)
    if not rights.may(viewer, "statement.read", found.statement):
        raise NotFound
    return found


def payments(viewer: Viewer, statement: Statement) -> list[Payment]:
    """Its payments in order, those taken back included."""
    return list(Payment.objects.visible_to(viewer).filter(statement=statement).order_by("sequence"))


def story(viewer: Viewer, statement: Statement) -> list[StatementEvent]:
    """What happened to it, the latest first."""
    return list(StatementEvent.objects.visible_to(viewer).filter(statement=statement).order_by("-id"))


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to. state: a state, "open" or "all"; turn: whose turn; month: "2026-06"; partner: id of the other side."""

    q: str = ""
    state: str = "open"
    turn: str = ""
    month: date | None = None
    partner: int = 0


def listing(viewer: Viewer, filters: Filters) -> TenantQuerySet[Statement]:
    """The statements of a list, in no order yet."""
    rows = Statement.objects.visible_to(viewer)
    if filters.state == "open":
        rows = rows.exclude(state__in=STATEMENT_ENDED)
    elif filters.state and filters.state != "all":
        rows = rows.filter(state=filters.state)
    if filters.turn in TURNS:
        rows = rows.filter(state__in=TURNS[filters.turn])
    if filters.month:
        rows = rows.filter(month=filters.month)
    if filters.partner:
        side = "manufacturer_id" if viewer.tier is Tier.DEALER else "dealer_id"
        rows = rows.filter(**{side: filters.partner})
    for word in filters.q.split():
        rows = rows.filter(number__icontains=word)
    return rows


def entry(viewer: Viewer, public_id: str, *, version: int | None) -> StatementEntry:
    """A line entered by hand, locked. Errors: NotFound, Refused("stale", 409)."""
    found = StatementEntry.objects.visible_to(viewer).select_for_update().one(public_id=public_id)
    if not rights.may(viewer, "entry.read", found):
        raise NotFound
    if version is not None and version != found.version:
        raise Refused("stale", status=409, who=found.entered_by, when=f"{local(found.updated_at):%m-%d %H:%M}")
    return found


def entry_seen(viewer: Viewer, public_id: str) -> StatementEntry:
    """A line entered by hand, not locked. Errors: NotFound."""
    found = StatementEntry.objects.visible_to(viewer).one(public_id=public_id)
    if not rights.may(viewer, "entry.read", found):
        raise NotFound
    return found


def entries(viewer: Viewer, *, state: str = "", partner: int = 0) -> TenantQuerySet[StatementEntry]:
    """The entries of a list, in no order yet."""
    rows = StatementEntry.objects.visible_to(viewer)
    if state:
        rows = rows.filter(state=state)
    if partner:
        side = "manufacturer_id" if viewer.tier is Tier.DEALER else "dealer_id"
        rows = rows.filter(**{side: partner})
    return rows


# what a close takes up


def to_close(viewer: Viewer) -> list[Partnership]:
    """The partnerships of a manufacturer that hold, by the dealer's code."""
    rows = Partnership.objects.visible_to(viewer).filter(manufacturer_id=viewer.org, listed=True)
    return [row for row in rows.select_related("dealer").order_by("dealer__code") if row.holds]


def lock_partnership(viewer: Viewer, key: int) -> Partnership:
    """The partnership, locked: one close of a dealer at a time. Errors: NotFound."""
    rows = Partnership.objects.visible_to(viewer).select_related("dealer", "manufacturer")
    return rows.select_for_update(of=("self",)).one(id=key)


def lock_partnership_of(viewer: Viewer, statement: Statement) -> Partnership:
    """The partnership of a statement, locked."""
    rows = Partnership.objects.visible_to(viewer).filter(dealer_id=statement.dealer_id)
    return rows.select_for_update(of=("self",)).one(manufacturer_id=statement.manufacturer_id)


def of_partnership(viewer: Viewer, tie: Partnership) -> TenantQuerySet[Statement]:
    """The statements of a partnership that are not void, the latest month first."""
    rows = Statement.objects.visible_to(viewer).filter(dealer_id=tie.dealer_id, manufacturer_id=tie.manufacturer_id)
    return rows.exclude(state=StatementState.VOID).order_by("-month")


def numbered(viewer: Viewer, tie: Partnership, month: date) -> int:
    """How many statements a month has had so far, void ones included."""
    rows = Statement.objects.visible_to(viewer).filter(dealer_id=tie.dealer_id, manufacturer_id=tie.manufacturer_id)
    return rows.filter(month=month).count()


def agreed_claims(viewer: Viewer, tie: Partnership, until: datetime) -> list[Claim]:
    """Claims that were decided before `until` and that the dealer has agreed to, locked in the order of their ids."""
    rows = Claim.objects.visible_to(viewer).filter(
        dealer_id=tie.dealer_id, manufacturer_id=tie.manufacturer_id, state=ClaimState.AGREED, decided_at__lt=until
    )
    return list(rows.select_for_update(of=("self",)).select_related("slip").order_by("id"))


def waiting_entries(viewer: Viewer, tie: Partnership, month: date) -> list[StatementEntry]:
    """Entries for this month or an earlier one that stand on no statement, locked."""
    rows = StatementEntry.objects.visible_to(viewer).filter(
        dealer_id=tie.dealer_id, manufacturer_id=tie.manufacturer_id, state=EntryState.WAITING, month__lte=month
    )
    return list(rows.select_for_update(of=("self",)).order_by("id"))


def answered_lines(viewer: Viewer, tie: Partnership) -> list[StatementLine]:
    """Lines that were objected to, answered after their statement was confirmed, and stand on no later one."""
    rows = StatementLine.objects.visible_to(viewer).filter(
        dealer_id=tie.dealer_id, manufacturer_id=tie.manufacturer_id, standing=False, answered_at__isnull=False
    )
    rows = rows.exclude(statement__state__in=(StatementState.CHECKING, StatementState.VOID))
    taken = (
        StatementLine.objects.visible_to(viewer).filter(carried_from__in=rows).values_list("carried_from", flat=True)
    )
    return list(rows.exclude(id__in=list(taken)).select_related("claim").order_by("id"))


@dataclass(frozen=True)
class Shares:
    """What of a claim's approved amount is paid for parts, and for labour; the rest is travel and expenses."""

    material: Decimal = ZERO
    labour: Decimal = ZERO


def shares(viewer: Viewer, claims: Sequence[Claim]) -> dict[int, Shares]:
    """The shares of each claim, by its key. Two statements."""
    halves = {FeeItem.PART: "material", FeeItem.LABOUR: "labour", FeeItem.LABOUR_TOP_UP: "labour"}
    rows = ClaimLine.objects.visible_to(viewer).filter(claim__in=[claim.pk for claim in claims], item__in=list(halves))
    turns = {claim.pk: claim.turn for claim in claims}
    lines = {row.pk: row for row in rows if row.turn == turns[row.claim_id]}
    standing = {key: row.claimed for key, row in lines.items()}
    for word in ClaimDecision.objects.visible_to(viewer).filter(line__in=list(lines)).order_by("id"):
        standing[word.line_id] = word.approved
    found: dict[int, Shares] = {claim.pk: Shares() for claim in claims}
    for key, amount in standing.items():
        row = lines[key]
        half = halves[FeeItem(row.item)]
        before = found[row.claim_id]
        found[row.claim_id] = replace(before, **{half: getattr(before, half) + amount})
    return found


def open_holds(viewer: Viewer, tie: Partnership) -> list[StatementLine]:
    """Lines that hold back a claim's labour and parts, and that no later line has released."""
    rows = StatementLine.objects.visible_to(viewer).filter(
        dealer_id=tie.dealer_id, manufacturer_id=tie.manufacturer_id, standing=True
    )
    released = rows.filter(item=StatementItem.RELEASE).values("claim")
    return list(
        rows.filter(item=StatementItem.HOLD).exclude(claim__in=released).select_related("claim__slip").order_by("id")
    )


def invoice_facts(viewer: Viewer) -> tuple[str, str]:
    """Title and tax number of the manufacturer's latest request for an invoice."""
    rows = Statement.objects.visible_to(viewer).exclude(invoice_title="").order_by("-id")
    return rows.values_list("invoice_title", "invoice_tax_number").first() or (viewer.org_name, "")
