"""Fills the database with many tickets for benchmarks: straight SQL as the owner, realistic in shape and distribution.

40 dealers of 4 makers, big and small; each with customers, machines, technicians and a dispatcher who can sign in. Tickets
come in the order of time over three years, a few percent of them open. Not the product's own operations: a million tickets in
minutes is the point. What each column means is the models' business; columns not named here get the models' defaults.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.postgres.fields import ArrayField
from django.db import connections, models, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.functional import Promise

from equipment.models import Customer, Machine, Part, ProductLine, ProductModel
from partners.enums import Level, OrganisationKind, Role, Scheme, Sharing
from partners.models import Account, Organisation, Partnership, Person
from servicedesk.demo.faults import FAULTS
from servicedesk.demo.products import MODELS, PARTS
from tickets.enums import OPEN, EntryKind, SlipState, Source, Urgency
from tickets.models import Assignment, Entry, FaultLine, FaultLineMachine, PartLine, Slip, Ticket, TicketMachine, Trip

OWNER = "owner"
DEALERS, MAKER_CODES, TECHNICIANS = 40, ("HC", "LT", "JL", "PC"), 6
CHUNK = 20_000  # tickets a transaction: a stopped run goes on where it was
TICKETS_PER_CUSTOMER, MACHINES_PER_CUSTOMER = 25, 3
OPEN_SHARE = 0.04
YEARS = 3
PASSWORD = "Load-2026-test"  # noqa: S105  # of benchmark accounts that exist in demo and tests only

Tell = Callable[[str], None]


@dataclass(frozen=True)
class LoadDealer:
    """A dealer of the load with who signs in for it."""

    code: str
    dispatcher_phone: str
    technician_phone: str


def dealers() -> tuple[LoadDealer, ...]:
    """Name the dealers of the load, the biggest first, with phones for signing in (password: PASSWORD)."""
    return tuple(LoadDealer(f"L{at:03d}", f"1980{at:04d}000", f"1980{at:04d}001") for at in range(1, DEALERS + 1))


def fill(*, tickets: int, now: datetime, tell: Tell) -> int:
    """Fill up to so many load tickets; returns how many were added. A second run adds what is missing.

    now: the youngest ticket is reported shortly before it.
    """
    with transaction.atomic(using=OWNER):
        _organisations(now)
    customers = max(12, tickets // DEALERS // TICKETS_PER_CUSTOMER)
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        _customers_and_machines(cursor, customers)
        tell(f"{DEALERS} dealers, {customers} customers each")
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM tickets_ticket t JOIN partners_organisation o ON o.id = t.dealer_id"
            " WHERE o.code ~ '^L[0-9]{3}$'"
        )
        (known,) = cursor.fetchone()
        for start in range(known, tickets, CHUNK):
            with transaction.atomic(using=OWNER):
                _tickets(cursor, start, min(start + CHUNK, tickets), tickets, now)
            tell(f"{min(start + CHUNK, tickets)} of {tickets} tickets")
        cursor.execute("ANALYZE")
    return max(0, tickets - int(known))


# --- the statements' maker --------------------------------------------------------------------------------------


def insert(cursor: CursorWrapper, model: type[models.Model], source: str, /, **expressions: str) -> None:
    """INSERT into a model's table by SELECT from `source`; expressions: SQL by column, other columns get defaults."""
    columns, values = [], []
    for field in model._meta.concrete_fields:
        sql = expressions.pop(str(field.column), None)
        if sql is None and field.primary_key:
            continue
        columns.append(f'"{field.column}"')
        values.append(sql if sql is not None else _default(field))
    assert not expressions, f"{model.__name__} has no column {', '.join(expressions)}"
    cursor.execute(
        f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) SELECT {", ".join(values)} FROM {source}'  # noqa: S608  # no input
    )


def _default(field: models.Field[Any, Any]) -> str:
    """SQL for what Django would put: ids are random, moments of writing are now."""
    if field.column in ("public_id", "proof_code", "qr_code"):
        return "substr(translate(md5(random()::text || clock_timestamp()::text), '01', 'xy'), 1, 16)"
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return "now()"
    value = field.get_default()
    if value is None:
        return "NULL"
    if isinstance(value, Promise):
        value = str(value)
    if isinstance(field, ArrayField):
        return f"'{{}}'::{field.db_type(connections[OWNER])}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, dict | list):
        return "'{}'::jsonb" if isinstance(value, dict) else "'[]'::jsonb"
    return quoted(str(value))


def quoted(text: str) -> str:
    """Write a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _array(texts: tuple[str, ...]) -> str:
    return "ARRAY[" + ", ".join(map(quoted, texts)) + "]::text[]"


# --- what stands before the tickets -----------------------------------------------------------------------------


def _organisations(now: datetime) -> None:
    """Make makers, offices, dealers, partnerships, people and the catalogue, once."""
    known = set(Organisation._plain.using(OWNER).values_list("code", flat=True))
    makers = {}
    for code in MAKER_CODES:
        name = f"L{code}"
        if name not in known:
            maker = Organisation(
                code=name, kind=OrganisationKind.MAKER, name=f"{code}测试制造有限公司(示例)", short_name=f"{code}测试"
            )
            maker.save(using=OWNER)
            for region in (1, 2):
                Organisation(
                    code=f"{name}-{region}",
                    kind=OrganisationKind.OFFICE,
                    name=f"{code}测试第{region}办事处(示例)",
                    parent=maker,
                ).save(using=OWNER)
            _catalogue(maker, code)
        makers[code] = Organisation._plain.using(OWNER).get(code=name)
    password = make_password(PASSWORD)
    for at, dealer in enumerate(dealers(), start=1):
        if dealer.code in known:
            continue
        row = Organisation(
            code=dealer.code, kind=OrganisationKind.DEALER, name=f"第{at}测试经销商(示例)", short_name=f"测试{at}",
            service_phone="400-000-0199", address=f"湖南省长沙市岳麓区麓谷大道{at}号",
        )  # fmt: skip
        row.save(using=OWNER)
        for place, code in enumerate(MAKER_CODES):
            if (at + place) % 2:  # each dealer works for two makers
                continue
            Partnership(
                dealer=row, manufacturer=makers[code], level=Level.FIRST, scheme=Scheme.PER_SLIP,
                office=Organisation._plain.using(OWNER).get(code=f"L{code}-{1 + at % 2}"),
                sharing=Sharing.FULL if at % 4 else Sharing.ON_DEMAND, dealer_confirmed_at=now, manufacturer_confirmed_at=now,
            ).save(using=OWNER)  # fmt: skip
        _people(row, dealer, password)


def _people(row: Organisation, dealer: LoadDealer, password: str) -> None:
    crew = [(dealer.dispatcher_phone, "调度员", [Role.ADMIN, Role.DISPATCHER])]
    crew += [
        (f"{dealer.dispatcher_phone[:-3]}{n:03d}", f"技师{n}", [Role.TECHNICIAN]) for n in range(1, TECHNICIANS + 1)
    ]
    for phone, name, roles in crew:
        account = Account(phone=phone, password=password)
        account.save(using=OWNER)
        Person(
            organisation=row, account=account, name=name, phone=phone, roles=[role.value for role in roles],
            is_admin=Role.ADMIN in roles,
        ).save(using=OWNER)  # fmt: skip


def _catalogue(maker: Organisation, code: str) -> None:
    lines: dict[str, ProductLine] = {}
    for model in (model for model in MODELS if model.maker == code):
        if model.line not in lines:
            lines[model.line] = ProductLine(
                manufacturer=maker, code=f"{len(lines) + 1:02d}", name=model.line, product_type=model.product_type
            )
            lines[model.line].save(using=OWNER)
        ProductModel(manufacturer=maker, line=lines[model.line], code=model.name).save(using=OWNER)
    for part in (part for part in PARTS if code in part.makers):
        Part(
            manufacturer=maker, code=part.code, name=part.name, unit=part.unit, price=part.price, key_part=part.key
        ).save(using=OWNER)


def _customers_and_machines(cursor: CursorWrapper, wanted: int) -> None:
    """Bring each dealer to so many customers with three machines each."""
    cursor.execute(
        "CREATE TEMP TABLE load_dealer ON COMMIT DROP AS"
        " SELECT d.id, d.code, substr(d.code, 2)::int AS at, array_agg(p.manufacturer_id ORDER BY p.id) AS makers,"
        " (SELECT count(*) FROM equipment_customer c WHERE c.dealer_id = d.id) AS known"
        " FROM partners_organisation d JOIN partners_partnership p ON p.dealer_id = d.id"
        " WHERE d.code ~ '^L[0-9]{3}$' GROUP BY d.id, d.code"
    )
    cities = _array(
        ("长沙市", "株洲市", "湘潭市", "衡阳市", "岳阳市", "常德市", "益阳市", "郴州市", "永州市", "娄底市")
    )
    names = _array(
        (
            "恒泰",
            "远山",
            "启明",
            "金穗",
            "湖畔",
            "顺成",
            "和盛",
            "东昌",
            "宏源",
            "天工",
            "临湖",
            "锦程",
            "鸿运",
            "金港",
            "旌湖",
        )
    )
    trades = _array(
        ("饲料", "矿山", "塑料", "粮食加工", "水务", "包装", "化工", "水泥", "面粉", "印染", "铸造", "食品", "造纸")
    )
    pick = "(%s)[1 + (g * {step} + at) %% {size}]"
    city, name, trade = (
        pick.format(step=step, size=size) % array
        for array, step, size in ((cities, 3, 10), (names, 7, 15), (trades, 5, 13))
    )
    phone = "'166' || lpad(((at * 100000 + g) % 100000000)::text, 8, '0')"
    insert(
        cursor, Customer, f"load_dealer, generate_series(known + 1, {wanted}) g",
        dealer_id="id", name=f"left({city}, 2) || {name} || {trade} || g::text || '(示例)'", industry=trade, province="'湖南省'",
        city=city, address="'工业园' || (g % 90 + 1)::text || '号'", contact="(ARRAY['周厂长','蒋主任','彭工','谭老板','李工'])[1 + g % 5]",
        phone=phone, phone_digits=phone,
    )  # fmt: skip
    cursor.execute(
        "CREATE TEMP TABLE load_model ON COMMIT DROP AS SELECT l.manufacturer_id, l.id AS line_id, l.product_type, m.code,"
        " row_number() OVER (PARTITION BY l.manufacturer_id ORDER BY m.id) - 1 AS at, count(*) OVER (PARTITION BY l.manufacturer_id) AS of"
        " FROM equipment_productmodel m JOIN equipment_productline l ON l.id = m.line_id"
        " JOIN partners_organisation o ON o.id = l.manufacturer_id WHERE o.code ~ '^L[A-Z]{2}$'"
    )
    insert(
        cursor, Machine,
        "load_dealer d JOIN equipment_customer c ON c.dealer_id = d.id"
        f" CROSS JOIN generate_series(0, {MACHINES_PER_CUSTOMER - 1}) g JOIN load_model m"
        " ON m.manufacturer_id = d.makers[1 + (c.id + g) % array_length(d.makers, 1)] AND m.at = (c.id * 7 + g * 3) % m.of"
        " WHERE NOT EXISTS (SELECT FROM equipment_machine k WHERE k.customer_id = c.id)",
        dealer_id="d.id", customer_id="c.id", manufacturer_id="m.manufacturer_id", line_id="m.line_id", product_type="m.product_type",
        model="m.code", serial_number="'LD' || lpad((c.id * 10 + g)::text, 9, '0')",
        ex_factory_on="(current_date - ((c.id * 13 + g * 101) % 1500)::int)", batch="to_char(current_date - ((c.id * 13 + g * 101) % 1500)::int, 'YYMM') || 'A'",
    )  # fmt: skip


# --- tickets ------------------------------------------------------------------------------------------------------


def _tickets(cursor: CursorWrapper, start: int, end: int, of: int, now: datetime) -> None:
    """Write the tickets start+1 .. end with all that hangs on them."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the triggers below cannot be switched
    _rows(cursor, start, end, of, now)
    done = "r.state NOT IN ('new','contacted','appointed','cancelled')"
    on_site = (
        "r.state NOT IN ('new','contacted','appointed','dispatched','accepted','en_route','cancelled','remote_done')"
    )
    signed = "r.state IN ('done','followed_up','closed')"
    columns = {
        "dealer_id": "r.dealer_id",
        "manufacturer_id": "r.manufacturer_id",
        "office_id": "r.office_id",
        "shared_with_maker": "r.shared",
    }
    words = (("tickets_ticket", "ticket_words_new"), ("tickets_ticketmachine", "ticket_machine_words_new"))
    for name, trigger in words:  # once for each ticket, when its machines are there
        cursor.execute(f'ALTER TABLE "{name}" DISABLE TRIGGER {trigger}')
    _ticket_rows(cursor, columns)
    insert(
        cursor, TicketMachine, "load_row r", id="r.machine_row", ticket_id="r.ticket_id", machine_id="r.machine_id",
        product_type="r.product_type", model="r.model", serial_number="r.serial_number", ex_factory_on="r.ex_factory_on",
        batch="r.batch", **columns,
    )  # fmt: skip
    cursor.execute(
        "SELECT count(tickets_ticket_keep(t)::text) FROM tickets_ticket t JOIN load_row r ON r.ticket_id = t.id"
    )
    for name, trigger in words:
        cursor.execute(f'ALTER TABLE "{name}" ENABLE TRIGGER {trigger}')
    insert(
        cursor, Assignment, f"load_row r WHERE {done}", ticket_id="r.ticket_id", person_id="r.person_id", name="r.person_name",
        is_lead="true", active="r.state <> 'closed'", assigned_at="r.reported_at + interval '20 minutes'", **columns,
    )  # fmt: skip
    insert(
        cursor, Trip, f"load_row r WHERE {on_site}", ticket_id="r.ticket_id", sequence="1", set_out_at="r.reported_at + interval '40 minutes'",
        arrived_at="r.arrived_at", left_at=f"CASE WHEN {signed} THEN r.left_at END", people="ARRAY[r.person_name]",
        km="(r.g % 180 + 5)::numeric", **columns,
    )  # fmt: skip
    for verb, target, at, who, condition in (
        ("report", "contacted", "r.reported_at", "'调度员'", "true"),
        ("dispatch", "dispatched", "r.reported_at + interval '20 minutes'", "'调度员'", done),
        ("arrive", "arrived", "r.arrived_at", "r.person_name", on_site),
        ("sign", "done", "r.left_at + interval '6 minutes'", "r.person_name", signed),
        ("close", "closed", "r.left_at + interval '8 days'", "'调度员'", "r.state = 'closed'"),
    ):
        insert(
            cursor, Entry, f"load_row r WHERE {condition}", ticket_id="r.ticket_id", kind=quoted(EntryKind.STEP), verb=quoted(verb),
            target_state=quoted(target), text="r.fault" if verb == "report" else "''", at=at, recorded_at=at, author_name=who,
            author_tier="'dealer'", **columns,
        )  # fmt: skip
    _slip_rows(cursor, signed, columns)
    for table in (Ticket, TicketMachine, Slip, FaultLine):
        name = table._meta.db_table
        cursor.execute(f'SELECT max(id) FROM "{name}"')  # noqa: S608  # a table's name
        (last,) = cursor.fetchone()
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [name, last or 1])


def _rows(cursor: CursorWrapper, start: int, end: int, of: int, now: datetime) -> None:
    """Choose for each ticket its dealer, machine, technician, fault, moments and state, in a table of this transaction."""
    cursor.execute(
        "CREATE TEMP TABLE load_fault (maker text, at int, of int, reported text, diagnosis text, cause text, solution text, responsibility text,"
        " treatment text, hours numeric, part text, part_name text, price numeric) ON COMMIT DROP"
    )
    names = {part.code: part for part in PARTS}
    letters = dict(zip("MPCR", MAKER_CODES, strict=True))
    by_maker = {
        maker: [(fault, text) for fault in FAULTS for text in fault.reported if fault.id.startswith(letter)]
        for letter, maker in letters.items()
    }
    cursor.executemany(
        "INSERT INTO load_fault VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            (
                f"L{maker}", at, len(wordings), text,
                fault.diagnosis.format(**{name: own for name, (own, _, _) in fault.readings.items()}), fault.cause, fault.solution,
                fault.responsibility.value, fault.treatment.value, fault.hours, fault.parts[0][0] if fault.parts else None,
                names[fault.parts[0][0]].name if fault.parts else None, names[fault.parts[0][0]].price if fault.parts else None,
            )
            for maker, wordings in by_maker.items()
            for at, (fault, text) in enumerate(wordings)
        ],
    )  # fmt: skip
    cursor.execute(
        "CREATE TEMP TABLE load_machine ON COMMIT DROP AS SELECT m.id, m.dealer_id, m.manufacturer_id, m.customer_id, m.product_type,"
        " m.model, m.serial_number, m.ex_factory_on, m.batch, c.name, c.industry, c.province, c.city, c.address, c.contact, c.phone,"
        " p.office_id, p.sharing = 'full' AS shared, d.code AS dealer_code, k.code AS maker,"
        " row_number() OVER (PARTITION BY m.dealer_id ORDER BY m.id) - 1 AS at, count(*) OVER (PARTITION BY m.dealer_id) AS of,"
        " substr(d.code, 2)::int AS dealer_at"
        " FROM equipment_machine m JOIN equipment_customer c ON c.id = m.customer_id JOIN partners_organisation d ON d.id = m.dealer_id"
        " JOIN partners_partnership p ON p.dealer_id = m.dealer_id AND p.manufacturer_id = m.manufacturer_id"
        " JOIN partners_organisation k ON k.id = m.manufacturer_id"
        " WHERE d.code ~ '^L[0-9]{3}$'"
    )
    cursor.execute("CREATE INDEX ON load_machine (dealer_at, at)")
    cursor.execute(
        "CREATE TEMP TABLE load_person ON COMMIT DROP AS SELECT p.id, p.name, substr(d.code, 2)::int AS dealer_at,"
        " row_number() OVER (PARTITION BY d.id ORDER BY p.id) - 1 AS at FROM partners_person p"
        " JOIN partners_organisation d ON d.id = p.organisation_id WHERE d.code ~ '^L[0-9]{3}$' AND 'technician' = ANY (p.roles)"
    )
    open_states = _array(tuple(state.value for state in OPEN))
    cursor.execute(
        "CREATE TEMP TABLE load_row ON COMMIT DROP AS"  # noqa: S608  # numbers of our own
        # the square of an even spread gives big and small dealers: the first has about a sixth, the last half a percent
        f" WITH drawn AS (SELECT g, 1 + floor({DEALERS} * power(((g::bigint * 7919) %% 9973) / 9973.0, 2))::int AS dealer_at,"
        f" %(now)s::timestamptz - make_interval(secs => {YEARS * 365 * 86400}::float8 * ({of} - g) / {of} + 600) AS reported_at"
        f" FROM generate_series({start + 1}, {end}) g),"
        " timed AS (SELECT *, reported_at + make_interval(mins => 60 + (g %% 300)::int) AS arrived_at,"
        " reported_at + make_interval(mins => 150 + (g %% 300)::int + (g %% 210)::int) AS left_at FROM drawn),"
        f" stated AS (SELECT *, CASE WHEN (g::bigint * 31) %% 1000 < 1000 * {OPEN_SHARE} AND reported_at > %(now)s::timestamptz - interval '400 days'"
        f" OR left_at > %(now)s::timestamptz THEN ({open_states})[1 + g %% {len(OPEN)}]"
        " WHEN g %% 41 = 0 THEN 'cancelled' WHEN g %% 17 = 0 THEN 'remote_done'"
        " WHEN left_at > %(now)s::timestamptz - interval '2 days' THEN 'done'"
        " WHEN left_at > %(now)s::timestamptz - interval '9 days' THEN 'followed_up' ELSE 'closed' END AS state FROM timed)"
        " SELECT s.g, s.reported_at, s.arrived_at, s.left_at, s.state, m.id AS machine_id, m.dealer_id, m.manufacturer_id, m.customer_id,"
        " m.product_type, m.model, m.serial_number, m.ex_factory_on, m.batch, m.name, m.industry, m.province, m.city, m.address,"
        " m.contact, m.phone, m.office_id, m.shared, m.dealer_code, p.id AS person_id, p.name AS person_name,"
        " (ARRAY['1号线','2号线','破碎线','泵房','空压站','锅炉房','打包间','搅拌楼'])[1 + s.g %% 8] || ',' || f.reported AS fault,"
        " f.diagnosis, f.cause, f.solution, f.responsibility, f.treatment, f.hours, f.part, f.part_name, f.price,"
        " b.ticket + s.g AS ticket_id, b.machine + s.g AS machine_row, b.slip + s.g AS slip_id, b.line + s.g AS line_id"
        " FROM stated s JOIN load_machine m ON m.dealer_at = s.dealer_at"
        " AND m.at = (s.g::bigint * 104729) %% m.of"
        f" JOIN load_person p ON p.dealer_at = s.dealer_at AND p.at = s.g %% {TECHNICIANS}"
        " JOIN load_fault f ON f.maker = m.maker AND f.at = (s.g::bigint * 37) %% f.of,"
        " (SELECT (SELECT coalesce(max(id), 0) FROM tickets_ticket) - %(start)s AS ticket,"
        " (SELECT coalesce(max(id), 0) FROM tickets_ticketmachine) - %(start)s AS machine,"
        " (SELECT coalesce(max(id), 0) FROM tickets_slip) - %(start)s AS slip,"
        " (SELECT coalesce(max(id), 0) FROM tickets_faultline) - %(start)s AS line) b",
        {"now": now, "start": start},
    )


def _ticket_rows(cursor: CursorWrapper, columns: dict[str, str]) -> None:
    finished = "r.state IN ('remote_done','done','followed_up','closed')"
    sent = "r.state NOT IN ('new','contacted','appointed','cancelled','remote_done')"
    insert(
        cursor, Ticket, "load_row r ORDER BY r.g", id="r.ticket_id",
        number="'BX-' || r.dealer_code || '-' || to_char(r.reported_at, 'YYYYMM') || '-' || lpad(r.g::text, 7, '0')", state="r.state",
        source=f"(ARRAY['{Source.PHONE}','{Source.PHONE}','{Source.PHONE}','{Source.WECHAT}','{Source.QR}'])[1 + r.g % 5]",
        urgency=f"(ARRAY['{Urgency.NORMAL}','{Urgency.AFFECTED}','{Urgency.AFFECTED}','{Urgency.STOPPED}'])[1 + r.g % 4]",
        customer_id="r.customer_id", customer_name="r.name", industry="r.industry", province="r.province", city="r.city",
        address="r.address", contact="r.contact", phone="r.phone", reporter="r.contact", reporter_phone="r.phone",
        model_summary="r.model", fault="left(r.fault, 200)", reported_at="r.reported_at", recorded_at="r.reported_at + interval '2 minutes'",
        recorded_by="'调度员'", round_started_at="r.reported_at", contacted_at="CASE WHEN r.state <> 'new' THEN r.reported_at END",
        dispatched_at=f"CASE WHEN {sent} THEN r.reported_at + interval '20 minutes' END",
        lead_person_id=f"CASE WHEN {sent} THEN r.person_id END", lead_name=f"CASE WHEN {sent} THEN r.person_name ELSE '' END",
        crew_ids=f"CASE WHEN {sent} THEN ARRAY[r.person_id] ELSE '{{}}' END", worked_ids=f"CASE WHEN {sent} THEN ARRAY[r.person_id] ELSE '{{}}' END",
        arrived_at=f"CASE WHEN {finished} AND r.state <> 'remote_done' THEN r.arrived_at END",
        finished_at=f"CASE WHEN {finished} THEN r.left_at END",
        closed_at="CASE WHEN r.state IN ('closed','cancelled') THEN r.left_at + interval '8 days' END",
        wait_reason="CASE WHEN r.state = 'wait_part' THEN '等厂家发件' WHEN r.state = 'wait_cust' THEN '等客户停机' ELSE '' END",
        end_reason="CASE WHEN r.state = 'cancelled' THEN '客户撤销' ELSE '' END",
        follow_up="CASE WHEN r.state IN ('followed_up','closed') THEN 'satisfied' ELSE '' END", **columns,
    )  # fmt: skip


def _slip_rows(cursor: CursorWrapper, signed: str, columns: dict[str, str]) -> None:
    """Write the signed slips; the triggers that protect signed ones rest meanwhile, since the lines come after."""
    tables = [model._meta.db_table for model in (FaultLine, FaultLineMachine, PartLine)]
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER line_frozen')
    insert(
        cursor, Slip, f"load_row r WHERE {signed}", id="r.slip_id", ticket_id="r.ticket_id",
        number="'FW-' || r.dealer_code || '-' || to_char(r.left_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMM') || '-' || lpad(r.g::text, 7, '0')",
        state=quoted(SlipState.SIGNED), customer_name="r.name", address="r.province || r.city || r.address", contact="r.contact",
        phone="r.phone", in_warranty="CASE WHEN r.g % 2 = 0 THEN 'yes' ELSE 'no' END", arrived_at="r.arrived_at", left_at="r.left_at",
        people="1", hours="2.0", rating="(3 + r.g % 3)::text", signature_kind="'typed'", signer="r.contact", technician_id="r.person_id",
        technician="r.person_name", finished_at="r.left_at", completed_at="r.left_at", frozen_at="r.left_at",
        content_hash="md5(r.g::text) || md5(r.name)", km="(r.g % 180 + 5)::numeric", **columns,
    )  # fmt: skip
    insert(
        cursor, FaultLine, f"load_row r WHERE {signed}", id="r.line_id", slip_id="r.slip_id", reported="left(r.fault, 200)",
        diagnosis="r.diagnosis", cause="r.cause", responsibility="r.responsibility", solution="r.solution", treatment="r.treatment",
        **columns,
    )  # fmt: skip
    insert(
        cursor,
        FaultLineMachine,
        f"load_row r WHERE {signed}",
        line_id="r.line_id",
        ticket_machine_id="r.machine_row",
        **columns,
    )
    insert(
        cursor, PartLine, f"load_row r WHERE {signed} AND r.part IS NOT NULL", slip_id="r.slip_id", code="r.part", name="r.part_name",
        source="CASE WHEN r.g % 2 = 0 THEN 'maker_free' ELSE 'bought_genuine' END", unit_price="r.price", **columns,
    )  # fmt: skip
    for table in tables:
        cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER line_frozen')
