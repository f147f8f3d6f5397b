"""Old work orders become closed tickets of the dealer (issue "Import of real data", domain.md 6: IMPORTED → CLOSED)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db import connection, transaction

from core import rights
from core.calendars import SHANGHAI
from core.errors import Refused
from core.numbering import next_numbers
from core.tenancy import Viewer
from equipment.models import Customer, Machine
from partners.enums import Sharing
from partners.models import Organisation, Partnership
from partners.operations.organisations import Card, add_unlisted_maker, with_own_maker
from partners.queries import partnerships
from tickets.calculations.work_orders import WorkOrder, WorkOrderFile
from tickets.enums import EntryKind, Source, TicketState
from tickets.models import Entry, Ticket, TicketMachine
from tickets.operations.steps import columns_of, machine_copy
from tickets.queries import imports

# Words of the data, Chinese in every language
CUSTOMER = "历史导入"
UNKNOWN_MAKER, UNKNOWN_MAKER_CODE = "未知厂家", "UNKNOWN"
NO_TYPE, NO_MODEL, NO_TEXT = "未分类", "不详", "无描述"

CHUNK = 500  # rows a statement; keeps memory flat and the progress moving
FAULT_LENGTH = 200  # of Ticket.fault; the whole text stands in the timeline
ENTRY_LENGTH = 500

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do. elsewhere: known orders by manufacturer other than the one that was asked for."""

    rows: int
    new: int
    unchanged: int
    rejected: int
    elsewhere: tuple[tuple[str, int], ...] = ()


def foresee_import(*, viewer: Viewer, file: WorkOrderFile, maker_code: str | None) -> Imported:
    """Count what `import_work_orders` would do, writing nothing.

    Errors: Refused("not_allowed", 403), Refused("no_partnership", maker=code).
    """
    rights.require(viewer, "ticket.import")
    partnership = _partnership(viewer, maker_code) if maker_code else None
    return _outcome(viewer, file, imports.known_keys(viewer), partnership)


@transaction.atomic
def import_work_orders(
    *, viewer: Viewer, file: WorkOrderFile, maker_code: str | None, now: datetime, progress: Progress
) -> Imported:
    """Enter the orders that the dealer does not have yet as closed tickets with their cost, all or nothing.

    maker_code: a manufacturer with whom the dealer works; None = the dealer's own 未知厂家, made when it is missing.
    Orders already known are left as they are, also when another manufacturer is named now; a machine that is known
    from an earlier import keeps its manufacturer for new orders, too, so that its history stays in one piece.
    progress: called with done and all new orders after each chunk.
    Effects: customer 历史导入, one machine an asset (type 未分类, model 不详), tickets CLOSED, one timeline line each.
    Errors: Refused("not_allowed", 403), Refused("no_partnership", maker=code).
    """
    rights.require(viewer, "ticket.import")
    _one_import_at_a_time(viewer)
    if maker_code:
        partnership = _partnership(viewer, maker_code)
    else:
        viewer, partnership = _with_unknown_maker(viewer, now)
    known = imports.known_keys(viewer)
    outcome = _outcome(viewer, file, known, partnership if maker_code else None)
    fresh = [order for order in file.orders if key_of(order) not in known]
    if fresh:
        customer = _customer(viewer)
        machines = _machines(viewer, customer, partnership.manufacturer_id, fresh)
        by_maker = {row.manufacturer_id: row for row in partnerships.all_of(viewer)}
        numbers = _numbers(viewer, fresh)
        for start in range(0, len(fresh), CHUNK):
            chunk = fresh[start : start + CHUNK]
            _write(viewer, chunk, numbers[start : start + CHUNK], customer, machines, by_maker, now)
            progress(start + len(chunk), len(fresh))
    return outcome


@transaction.atomic
def import_chunk(*, viewer: Viewer, orders: Sequence[WorkOrder], maker_code: str | None, now: datetime) -> list[Ticket]:
    """Enter some orders that the dealer does not have yet, as `import_work_orders` does; those that are known are left out.

    For an import that goes chunk by chunk. Returns the tickets in the order of the orders.
    Errors: Refused("not_allowed", 403), Refused("no_partnership", maker=code).
    """
    rights.require(viewer, "ticket.import")
    _one_import_at_a_time(viewer)
    if maker_code:
        partnership = _partnership(viewer, maker_code)
    else:
        viewer, partnership = _with_unknown_maker(viewer, now)
    known = imports.known_among(viewer, [key_of(order) for order in orders])
    fresh = [order for order in orders if key_of(order) not in known]
    if not fresh:
        return []
    customer = _customer(viewer)
    machines = _machines(viewer, customer, partnership.manufacturer_id, fresh)
    by_maker = {row.manufacturer_id: row for row in partnerships.all_of(viewer)}
    return _write(viewer, fresh, _numbers(viewer, fresh), customer, machines, by_maker, now)


def key_of(order: WorkOrder) -> str:
    """The order's key within the dealer: the row and how manieth of its like."""
    return f"{order.digest}-{order.n}"


def _outcome(viewer: Viewer, file: WorkOrderFile, known: dict[str, int], asked: Partnership | None) -> Imported:
    keys = [key_of(order) for order in file.orders]
    makers = imports.makers_of(known, keys)
    unchanged = makers.total()
    elsewhere = Counter({maker: n for maker, n in makers.items() if asked and maker != asked.manufacturer_id})
    names = {row.id: row.label for row in partnerships.makers(viewer)}
    return Imported(
        rows=file.rows,
        new=len(keys) - unchanged,
        unchanged=unchanged,
        rejected=len(file.rejected),
        elsewhere=tuple((names.get(maker, UNKNOWN_MAKER), n) for maker, n in elsewhere.most_common()),
    )


def _one_import_at_a_time(viewer: Viewer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('tickets.import'), %s)", [viewer.org % 2**31])


def _partnership(viewer: Viewer, maker_code: str) -> Partnership:
    maker = next((row for row in partnerships.makers(viewer) if row.code == maker_code), None)
    partnership = partnerships.with_maker(viewer, maker.id) if maker else None
    if partnership is None or not partnership.holds:
        raise Refused("no_partnership", maker=maker_code)
    return partnership


def _with_unknown_maker(viewer: Viewer, now: datetime) -> tuple[Viewer, Partnership]:
    """The dealer's own 未知厂家 and the viewer who may write for it (厂家未入驻, domain.md 2.4)."""
    known = Organisation.objects.visible_to(viewer).filter(owner_dealer_id=viewer.org, code=UNKNOWN_MAKER_CODE).first()
    maker = known or add_unlisted_maker(viewer=viewer, code=UNKNOWN_MAKER_CODE, card=Card(UNKNOWN_MAKER), now=now)
    if known is None:
        viewer = with_own_maker(viewer, maker)
    partnership = partnerships.with_maker(viewer, maker.id)
    assert partnership is not None  # add_unlisted_maker made it
    return viewer, partnership


def _customer(viewer: Viewer) -> Customer:
    return imports.customer_of_imports(viewer, CUSTOMER) or Customer.objects.create(dealer_id=viewer.org, name=CUSTOMER)


def _machines(
    viewer: Viewer, customer: Customer, manufacturer_id: int, orders: Sequence[WorkOrder]
) -> dict[str, Machine]:
    machines = imports.machines_of_imports(viewer, customer)
    missing = dict.fromkeys(order.asset for order in orders if order.asset not in machines)
    made = Machine.objects.bulk_create(
        [
            Machine(
                dealer_id=viewer.org,
                customer=customer,
                manufacturer_id=manufacturer_id,
                product_type=NO_TYPE,
                model=NO_MODEL,
                serial_number=asset,
            )
            for asset in missing
        ],
        batch_size=CHUNK,
    )
    return machines | {machine.serial_number: machine for machine in made}


def _numbers(viewer: Viewer, orders: Sequence[WorkOrder]) -> list[str]:
    """BX numbers in each order's own month; months one after the other, so that two imports lock in one order."""
    months: dict[str, list[int]] = defaultdict(list)
    for at, order in enumerate(orders):
        months[f"{order.day:%Y%m}"].append(at)
    numbers = [""] * len(orders)
    for month in sorted(months):
        places = months[month]
        given = next_numbers(
            series="BX",
            dealer_id=viewer.org,
            dealer_code=viewer.org_code,
            day=orders[places[0]].day,
            count=len(places),
        )
        for at, number in zip(places, given, strict=True):
            numbers[at] = number
    return numbers


def _write(
    viewer: Viewer,
    orders: Sequence[WorkOrder],
    numbers: Sequence[str],
    customer: Customer,
    machines: dict[str, Machine],
    by_maker: dict[int, Partnership],
    now: datetime,
) -> list[Ticket]:
    tickets = Ticket.objects.bulk_create(
        [
            _ticket(viewer, order, number, customer, by_maker[machines[order.asset].manufacturer_id], now)
            for order, number in zip(orders, numbers, strict=True)
        ]
    )
    TicketMachine.objects.bulk_create(
        [
            TicketMachine(
                ticket=ticket,
                machine=machines[order.asset],
                **columns_of(ticket),
                **machine_copy(machines[order.asset]),
            )
            for ticket, order in zip(tickets, orders, strict=True)
        ]
    )
    Entry.objects.bulk_create(
        [entry for ticket, order in zip(tickets, orders, strict=True) for entry in _entries(viewer, ticket, order, now)]
    )
    return tickets


def _ticket(
    viewer: Viewer, order: WorkOrder, number: str, customer: Customer, partnership: Partnership, now: datetime
) -> Ticket:
    midnight = datetime.combine(order.day, time(), SHANGHAI)  # the file knows the day only
    text = order.text or NO_TEXT
    return Ticket(
        dealer_id=viewer.org,
        manufacturer_id=partnership.manufacturer_id,
        office_id=partnership.office_id,
        shared_with_maker=partnership.listed and partnership.sharing == Sharing.FULL,
        number=number,
        state=TicketState.CLOSED,
        source=Source.IMPORT,
        customer=customer,
        customer_name=customer.name,
        model_summary=NO_MODEL,
        fault=text if len(text) <= FAULT_LENGTH else text[: FAULT_LENGTH - 1] + "…",
        reported_at=midnight,
        recorded_at=now,
        recorded_by=viewer.name,
        round_started_at=midnight,
        finished_at=midnight,
        closed_at=midnight,
        cost=order.cost,
        import_key=key_of(order),
    )


def _entries(viewer: Viewer, ticket: Ticket, order: WorkOrder, now: datetime) -> list[Entry]:
    """The step, with the file's own class of the order; a text too long for the ticket stands whole in further lines."""
    long = order.text if len(order.text) > FAULT_LENGTH else ""
    texts = ["", *(long[at : at + ENTRY_LENGTH] for at in range(0, len(long), ENTRY_LENGTH))]
    return [
        Entry(
            ticket=ticket,
            kind=EntryKind.NOTE if at else EntryKind.STEP,
            verb="" if at else "import",
            target_state="" if at else ticket.state,
            text=text,
            facts={} if at or not order.kind else {"kind": order.kind},
            at=ticket.reported_at,
            recorded_at=now,
            author_id=viewer.person_id,
            author_name=viewer.name,
            author_organisation=viewer.org_name,
            author_tier=viewer.tier.value,
            **columns_of(ticket),
        )
        for at, text in enumerate(texts)
    ]
