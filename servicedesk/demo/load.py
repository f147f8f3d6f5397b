"""Fills the database with many tickets for benchmarks: straight SQL as the owner, realistic in shape and distribution.

40 dealers of 4 makers with two offices each, one of them with 30 % of all tickets; each with customers, machines, technicians and a
dispatcher who can sign in, and one person at an office and at HQ. Tickets come in the order of time over three years, a few percent of
them open; each has one slip, two clocks, six lines of its story, two photos (rows without files) and its search words. Not the product's own
operations: a million tickets in minutes is the point. What each column means is the models' business; columns not named here get the
models' defaults.

Work goes in steps, each a transaction: people, customers with machines, CHUNK tickets at a time, indexes, statistics. A run that was
killed is continued by the next one. Triggers rest meanwhile, search words are written by sets with the tokeniser that the database has.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import ceil, sqrt
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
from tickets.enums import OPEN, EntryKind, PhotoSlot, PhotoSource, SlipState, Source, Urgency, WarrantyOutcome
from tickets.models import (
    Assignment,
    Clock,
    Entry,
    FaultLine,
    FaultLineMachine,
    PartLine,
    Photo,
    Slip,
    Ticket,
    TicketMachine,
    Trip,
)

OWNER = "owner"
DEALERS, MAKER_CODES, TECHNICIANS = 40, ("HC", "LT", "JL", "PC"), 6
CHUNK = 25_000  # tickets a transaction: a stopped run goes on where it was
MANY = 50_000  # from so many new tickets on, indexes are made after the rows
BIGGEST = 0.3  # share of the first dealer
ENTRIES, PHOTOS = 6, 2  # a ticket
TICKETS_PER_CUSTOMER, MACHINES_PER_CUSTOMER = 25, 3
OPEN_SHARE, OPEN_DAYS = 0.04, 400  # of the tickets of so many days
YEARS = 3
NAMES, CODES = "true", "false"  # names have pinyin initials, the other texts do not (core/sql/search.sql)
FILLED = (
    Ticket, TicketMachine, Assignment, Trip, Entry, Photo, Slip, FaultLine, FaultLineMachine, PartLine, Clock,
)  # fmt: skip
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


#: who signs in at the office and the HQ that see the biggest dealer's work (password: PASSWORD)
OFFICE_PHONE, HQ_PHONE = "19899990001", "19899990002"
OFFICE, HQ = "LLT-1", "LLT"


def share(at: int) -> float:
    """Say which part of all tickets the dealer in this place (from 1) has: 30 % the first, the others by the square of an even spread."""
    if at == 1:
        return BIGGEST
    return (1 - BIGGEST) * (sqrt(at - 1) - sqrt(at - 2)) / sqrt(DEALERS - 1)


def fill(*, tickets: int, now: datetime, tell: Tell, open_tickets: int = 0) -> int:
    """Fill up to so many load tickets; returns how many were added. A second run adds what is missing.

    now: the youngest ticket is reported shortly before it. open_tickets: so many of the biggest dealer's are open, else a few percent.
    """
    with transaction.atomic(using=OWNER):
        _organisations(now)
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET work_mem = '64MB'")
        words = _tokeniser(cursor)
        with transaction.atomic(using=OWNER):
            _customers_and_machines(cursor, tickets, words)
        tell(f"{DEALERS} dealers, their customers and machines")
        known = _known(cursor)
        if tickets - known >= MANY:
            _rest_indexes(cursor)
        recent = BIGGEST * tickets * OPEN_DAYS / (YEARS * 365)
        open_share = min(0.9, max(OPEN_SHARE, open_tickets / recent))
        if known < tickets:
            _prepare(cursor)
        for start in range(known, tickets, CHUNK):
            end = min(start + CHUNK, tickets)
            with transaction.atomic(using=OWNER):
                _tickets(cursor, start, end, tickets, now, words, open_share)
            tell(f"{end} of {tickets} tickets")
        _make_indexes(cursor, tell)
        if known < tickets:
            for name in ("core_search", *(model._meta.db_table for model in (*FILLED, Customer, Machine))):
                cursor.execute(f'VACUUM (ANALYZE) "{name}"')
            cursor.execute("ANALYZE")
            tell("statistics")
    return max(0, tickets - known)


def _known(cursor: CursorWrapper) -> int:
    cursor.execute(
        "SELECT count(*) FROM tickets_ticket t JOIN partners_organisation o ON o.id = t.dealer_id"
        " WHERE o.code ~ '^L[0-9]{3}$'"
    )
    return int(cursor.fetchone()[0])


# --- what rests while rows come ---------------------------------------------------------------------------------


def _rest_indexes(cursor: CursorWrapper) -> None:
    """Drop the indexes that no constraint needs, and keep their definitions in a table until they stand again."""
    names = ["core_search", *(model._meta.db_table for model in FILLED)]
    with transaction.atomic(using=OWNER):
        cursor.execute("CREATE TABLE IF NOT EXISTS load_index (name text PRIMARY KEY, definition text NOT NULL)")
        cursor.execute("REVOKE ALL ON load_index FROM PUBLIC")
        cursor.execute(
            "INSERT INTO load_index SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid::regclass::text = ANY (%s) AND NOT i.indisunique"
            " AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)"
            " ON CONFLICT DO NOTHING RETURNING name",
            [names],
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP INDEX "{name}"')


def _make_indexes(cursor: CursorWrapper, tell: Tell) -> None:
    """Make the indexes that rest, one by one."""
    cursor.execute("SELECT to_regclass('load_index') IS NOT NULL")
    if not cursor.fetchone()[0]:
        return
    cursor.execute("SET maintenance_work_mem = '512MB'")
    cursor.execute("SELECT name, definition FROM load_index ORDER BY name")
    for name, definition in cursor.fetchall():
        with transaction.atomic(using=OWNER):
            cursor.execute(definition)
            cursor.execute("DELETE FROM load_index WHERE name = %s", [name])
        tell(f"index {name}")
    cursor.execute("DROP TABLE load_index")


def _rest_triggers(cursor: CursorWrapper, models: tuple[type[models.Model], ...]) -> None:
    """Let triggers of these tables rest in this transaction: all of them where the owner may, else those that are not foreign keys."""
    cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
    if cursor.fetchone()[0]:
        cursor.execute("SET LOCAL session_replication_role = replica")
        return
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or triggers cannot be switched
    for model in models:
        cursor.execute(f'ALTER TABLE "{model._meta.db_table}" DISABLE TRIGGER USER')


def _wake_triggers(cursor: CursorWrapper, models: tuple[type[models.Model], ...]) -> None:
    cursor.execute("SELECT current_setting('session_replication_role')")
    if cursor.fetchone()[0] == "origin":
        for model in models:
            cursor.execute(f'ALTER TABLE "{model._meta.db_table}" ENABLE TRIGGER USER')


# --- search words -----------------------------------------------------------------------------------------------

Words = Callable[[str, str], str]


def _tokeniser(cursor: CursorWrapper) -> Words:
    """Give the database's `core_search_words` as a lateral subquery: its query asked for a set is twelve times as fast as its calls."""
    cursor.execute(
        "SELECT substring(prosrc FROM 'RETURN \\((.*)\\); END') FROM pg_proc WHERE proname = 'core_search_words'"
    )
    (body,) = cursor.fetchone()

    def words(text: str, pinyin: str) -> str:
        return (
            "LATERAL ("
            + re.sub(r"\bp_(text|pinyin)\b", lambda found: text if found[1] == "text" else pinyin, body)
            + ")"
        )

    return words


def _keep_words(cursor: CursorWrapper, source: str, texts: tuple[tuple[str, str], ...], words: Words) -> None:
    """Put the words of texts that are not known yet into the session's load_word; texts: SQL over source, and whether with pinyin."""
    for text, pinyin in texts:
        cursor.execute(
            f"INSERT INTO load_word SELECT n.text, {pinyin}, w.words FROM (SELECT DISTINCT {text} AS text FROM {source}) n,"  # noqa: S608
            f" {words('n.text', pinyin)} AS w (words)"
            f" WHERE NOT EXISTS (SELECT FROM load_word k WHERE k.text = n.text AND k.pinyin = {pinyin})"
        )


def _vector(kind: str, parts: list[str], *, shared: bool) -> str:
    tenants = ["'d' || r.dealer_id"]
    if shared:
        tenants += [
            "CASE WHEN r.shared THEN 'o' || r.office_id END",
            "CASE WHEN r.shared THEN 'm' || r.manufacturer_id END",
        ]
    return f"array_to_tsvector(array_remove({' || '.join(parts)} || ARRAY['k{kind}', {', '.join(tenants)}], NULL))"


def _private(column: str) -> str:
    return f"(SELECT coalesce(array_agg('p' || word), '{{}}') FROM unnest({column}) AS word)"  # noqa: S608  # a column of ours


# --- the statements' maker --------------------------------------------------------------------------------------


def insert(cursor: CursorWrapper, model: type[models.Model], source: str, /, **expressions: str) -> None:
    """INSERT into a model's table by SELECT from `source`; expressions: SQL by column, other columns get defaults."""
    columns, values = [], []
    for field in model._meta.concrete_fields:
        if field.generated:
            continue
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
                office=Organisation._plain.using(OWNER).get(code=f"L{code}-{1 + at // 2 % 2}"),
                sharing=Sharing.FULL if at % 4 else Sharing.ON_DEMAND, dealer_confirmed_at=now, manufacturer_confirmed_at=now,
            ).save(using=OWNER)  # fmt: skip
        _people(row, dealer, password)
    for phone, code, role in ((OFFICE_PHONE, OFFICE, Role.OFFICE_MANAGER), (HQ_PHONE, HQ, Role.REVIEWER)):
        if not Account.objects.using(OWNER).filter(phone=phone).exists():
            account = Account(phone=phone, password=password)
            account.save(using=OWNER)
            workplace = Organisation._plain.using(OWNER).get(code=code)
            Person(organisation=workplace, account=account, name="测试经理", phone=phone, roles=[role.value]).save(
                using=OWNER
            )


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


def _customers_and_machines(cursor: CursorWrapper, tickets: int, words: Words) -> None:
    """Bring each dealer to the customers that its share of the tickets needs, with three machines each."""
    _rest_triggers(cursor, (Customer, Machine))
    wanted = [max(12, ceil(share(at) * tickets / TICKETS_PER_CUSTOMER)) for at in range(1, DEALERS + 1)]
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
        cursor, Customer, f"load_dealer, generate_series(known + 1, (ARRAY{wanted})[at]) g",
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
    customer = "concat_ws(' ', r.name, r.contact, r.city, r.district)"
    machine = "concat_ws(' ', o.name, r.product_type, r.location)"
    cursor.execute(
        "INSERT INTO core_search SELECT 'customer', r.id, r.created_at, "  # noqa: S608  # no input
        + _vector("customer", ["a.w", "b.w", "c.w", "d.w", "e.w"], shared=False)
        + f" FROM equipment_customer r JOIN load_dealer l ON l.id = r.dealer_id,"
        f" {words(customer, NAMES)} a (w), {words('r.address', CODES)} b (w),"
        f" {words('r.credit_code', CODES)} c (w), {words('r.phone_digits', CODES)} d (w), {words('r.phone2_digits', CODES)} e (w)"
        " WHERE NOT EXISTS (SELECT FROM core_search k WHERE k.kind = 'customer' AND k.row_id = r.id)"
    )
    cursor.execute(
        "INSERT INTO core_search SELECT 'machine', r.id, r.created_at, "  # noqa: S608  # no input
        + _vector("machine", ["a.w", "b.w", "c.w", "d.w", "e.w"], shared=False)
        + " FROM equipment_machine r JOIN load_dealer l ON l.id = r.dealer_id JOIN equipment_customer o ON o.id = r.customer_id,"
        f" {words(machine, NAMES)} a (w), {words('r.model', CODES)} b (w),"
        f" {words('r.host_model', CODES)} c (w), {words('r.serial_number', CODES)} d (w), {words('r.host_number', CODES)} e (w)"
        " WHERE NOT EXISTS (SELECT FROM core_search k WHERE k.kind = 'machine' AND k.row_id = r.id)"
    )
    _wake_triggers(cursor, (Customer, Machine))


# --- tickets ------------------------------------------------------------------------------------------------------


def _tickets(
    cursor: CursorWrapper, start: int, end: int, of: int, now: datetime, words: Words, open_share: float
) -> None:
    """Write the tickets start+1 .. end with all that hangs on them."""
    _rest_triggers(cursor, FILLED)
    _rows(cursor, start, end, of, now, open_share)
    done = "r.state NOT IN ('new','contacted','appointed','cancelled')"
    on_site = (
        "r.state NOT IN ('new','contacted','appointed','dispatched','accepted','en_route','cancelled','remote_done')"
    )
    signed = "r.state IN ('done','followed_up','closed','remote_done')"
    columns = {
        "dealer_id": "r.dealer_id",
        "manufacturer_id": "r.manufacturer_id",
        "office_id": "r.office_id",
        "shared_with_maker": "r.shared",
    }
    _ticket_rows(cursor, columns)
    insert(
        cursor, TicketMachine, "load_row r", id="r.machine_row", ticket_id="r.ticket_id", machine_id="r.machine_id",
        product_type="r.product_type", model="r.model", serial_number="r.serial_number", ex_factory_on="r.ex_factory_on",
        batch="r.batch", **columns,
    )  # fmt: skip
    insert(
        cursor, Assignment, f"load_row r WHERE {done}", ticket_id="r.ticket_id", person_id="r.person_id", name="r.person_name",
        is_lead="true", active="r.state <> 'closed'", assigned_at="r.reported_at + interval '20 minutes'", **columns,
    )  # fmt: skip
    insert(
        cursor, Trip, f"load_row r WHERE {on_site}", ticket_id="r.ticket_id", sequence="1", set_out_at="r.reported_at + interval '40 minutes'",
        arrived_at="r.arrived_at", left_at=f"CASE WHEN {signed} THEN r.left_at END", people="ARRAY[r.person_name]",
        km="(r.g % 180 + 5)::numeric", **columns,
    )  # fmt: skip
    steps = (
        ("report", "contacted", "r.reported_at", "'调度员'", "true"),
        ("dispatch", "dispatched", "r.reported_at + interval '20 minutes'", "'调度员'", done),
        ("accept", "accepted", "r.reported_at + interval '25 minutes'", "r.person_name", done),
        ("arrive", "arrived", "r.arrived_at", "r.person_name", on_site),
        ("sign", "done", "r.left_at + interval '6 minutes'", "r.person_name", signed),
        ("close", "closed", "r.left_at + interval '8 days'", "'调度员'", "r.state = 'closed'"),
    )
    for place, (verb, target, at, who, condition) in enumerate(
        steps
    ):  # what has not happened yet is a note in its place
        early = f"r.reported_at + interval '{place * 4} minutes'"
        insert(
            cursor, Entry, "load_row r", ticket_id="r.ticket_id", author_tier="'dealer'",
            kind=f"CASE WHEN {condition} THEN {quoted(EntryKind.STEP)} ELSE {quoted(EntryKind.NOTE)} END",
            verb=f"CASE WHEN {condition} THEN {quoted(verb)} ELSE '' END",
            target_state=f"CASE WHEN {condition} THEN {quoted(target)} ELSE '' END",
            text="r.fault" if verb == "report" else f"CASE WHEN {condition} THEN '' ELSE '客户来电催问进度' END",
            at=f"CASE WHEN {condition} THEN {at} ELSE {early} END", recorded_at=f"CASE WHEN {condition} THEN {at} ELSE {early} END",
            author_name=f"CASE WHEN {condition} THEN {who} ELSE '调度员' END", **columns,
        )  # fmt: skip
    for place, slot in enumerate((PhotoSlot.FAULT, PhotoSlot.NAMEPLATE)[:PHOTOS]):
        insert(
            cursor, Photo, "load_row r", ticket_id="r.ticket_id", slot=quoted(slot), file="'load/none.jpg'", thumbnail="'load/none-small.jpg'",
            width="1600", height="1200", size="240000", sha256=f"md5('{place}' || r.g::text) || md5(r.ticket_id::text)",
            look=f"left(md5(r.g::text || '{place}'), 16)", source=quoted(PhotoSource.CAMERA), taken_at="r.reported_at",
            recorded_at="r.reported_at + interval '1 minute'", author_id="r.person_id", author_name="r.person_name",
            op=f"'load-' || r.ticket_id::text || '-{place}'", **columns,
        )  # fmt: skip
    _clock_rows(cursor, on_site, columns)
    _slip_rows(cursor, signed, columns)
    _search_rows(cursor, words)
    for table in (Ticket, TicketMachine, Slip, FaultLine):
        name = table._meta.db_table
        cursor.execute(f'SELECT max(id) FROM "{name}"')  # noqa: S608  # a table's name
        (last,) = cursor.fetchone()
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [name, last or 1])
    _wake_triggers(cursor, FILLED)


def _search_rows(cursor: CursorWrapper, words: Words) -> None:
    """Write the search rows of the chunk, as the triggers of tickets and slips would (tickets/sql/search.sql)."""
    sent = "CASE WHEN r.lead THEN r.person_name ELSE '' END"
    names, people = f"concat_ws(' ', r.name, r.city, {sent})", "concat_ws(' ', r.contact, r.contact)"
    slips = "concat_ws(' ', r.name, r.person_name)"
    _keep_words(
        cursor, "load_row r",
        (
            (names, NAMES), (slips, NAMES), (people, NAMES), ("r.contact", NAMES), ("r.phone", CODES), ("r.model", CODES),
            ("left(r.fault, 200)", CODES), ("r.serial_number", CODES),
        ),
        words,
    )  # fmt: skip
    cursor.execute("ANALYZE load_word")
    known = "load_word {0} ON {0}.text = {1} AND {0}.pinyin = {2}"
    joins = [
        known.format("a", names, NAMES),
        known.format("b", "r.model", CODES),
        known.format("c", "left(r.fault, 200)", CODES),
    ]
    joins += [
        known.format("d", people, NAMES),
        known.format("e", "r.phone", CODES),
        known.format("f", "r.serial_number", CODES),
    ]
    parts = ["a.words", "n.words", "b.words", "c.words", _private("d.words"), _private("e.words"), "f.words"]
    cursor.execute(
        "INSERT INTO core_search SELECT 'ticket', r.ticket_id, r.reported_at, "  # noqa: S608  # no input
        + _vector("ticket", parts, shared=True) + f" FROM load_row r JOIN {' JOIN '.join(joins)}, {words('r.number', CODES)} n (words)"
    )  # fmt: skip
    joins = [
        known.format("a", slips, NAMES),
        known.format("d", "r.contact", NAMES),
        known.format("e", "r.phone", CODES),
    ]
    parts = ["a.words", "n.words", _private("d.words"), _private("e.words")]
    cursor.execute(
        "INSERT INTO core_search SELECT 'slip', r.slip_id, coalesce(s.finished_at, s.created_at), "  # noqa: S608  # no input
        + _vector("slip", parts, shared=True)
        + f" FROM load_row r JOIN tickets_slip s ON s.id = r.slip_id JOIN {' JOIN '.join(joins)}, {words('s.number', CODES)} n (words)"
    )


def _prepare(cursor: CursorWrapper) -> None:
    """Make the session's tables that every chunk reads: faults, machines, technicians, known words."""
    cursor.execute(
        "DROP TABLE IF EXISTS pg_temp.load_fault, pg_temp.load_machine, pg_temp.load_share, pg_temp.load_person, pg_temp.load_word"
    )
    cursor.execute("CREATE TEMP TABLE load_word (text text NOT NULL, pinyin boolean NOT NULL, words text[] NOT NULL)")
    cursor.execute("CREATE INDEX ON load_word (text)")
    cursor.execute(
        "CREATE TEMP TABLE load_fault (maker text, at int, of int, reported text, diagnosis text, cause text, solution text, responsibility text,"
        " treatment text, hours numeric, part text, part_name text, price numeric)"
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
        "CREATE TEMP TABLE load_machine AS SELECT m.id, m.dealer_id, m.manufacturer_id, m.customer_id, m.product_type,"
        " m.model, m.serial_number, m.ex_factory_on, m.batch, c.name, c.industry, c.province, c.city, c.address, c.contact, c.phone,"
        " p.office_id, p.sharing = 'full' AS shared, d.code AS dealer_code, k.code AS maker,"
        " row_number() OVER (PARTITION BY m.dealer_id ORDER BY m.id) - 1 AS at,"
        " substr(d.code, 2)::int AS dealer_at"
        " FROM equipment_machine m JOIN equipment_customer c ON c.id = m.customer_id JOIN partners_organisation d ON d.id = m.dealer_id"
        " JOIN partners_partnership p ON p.dealer_id = m.dealer_id AND p.manufacturer_id = m.manufacturer_id"
        " JOIN partners_organisation k ON k.id = m.manufacturer_id"
        " WHERE d.code ~ '^L[0-9]{3}$'"
    )
    cursor.execute("CREATE INDEX ON load_machine (dealer_at, at)")
    cursor.execute(
        "CREATE TEMP TABLE load_share AS SELECT dealer_at, count(*) AS machines FROM load_machine GROUP BY dealer_at"
    )
    cursor.execute(
        "CREATE TEMP TABLE load_person AS SELECT p.id, p.name, substr(d.code, 2)::int AS dealer_at,"
        " row_number() OVER (PARTITION BY d.id ORDER BY p.id) - 1 AS at FROM partners_person p"
        " JOIN partners_organisation d ON d.id = p.organisation_id WHERE d.code ~ '^L[0-9]{3}$' AND 'technician' = ANY (p.roles)"
    )
    cursor.execute("ANALYZE load_fault")
    cursor.execute("ANALYZE load_share")
    cursor.execute("ANALYZE load_machine")
    cursor.execute("ANALYZE load_person")


def _rows(cursor: CursorWrapper, start: int, end: int, of: int, now: datetime, open_share: float) -> None:
    """Choose for each ticket its dealer, machine, technician, fault, moments and state, in a table of this transaction."""
    open_states = _array(tuple(state.value for state in OPEN))
    cursor.execute(
        "CREATE TEMP TABLE load_row ON COMMIT DROP AS"  # noqa: S608  # numbers of our own
        f" WITH spread AS (SELECT g, ((g::bigint * 7919) %% 9973) / 9973.0 AS u FROM generate_series({start + 1}, {end}) g),"
        f" drawn AS (SELECT g, CASE WHEN u < {BIGGEST} THEN 1 ELSE 2 + floor({DEALERS - 1} * power((u - {BIGGEST}) / {1 - BIGGEST}, 2))::int END"
        " AS dealer_at,"
        f" %(now)s::timestamptz - make_interval(secs => {YEARS * 365 * 86400}::float8 * ({of} - g) / {of} + 600) AS reported_at"
        " FROM spread),"
        " timed AS (SELECT *, reported_at + make_interval(mins => 60 + (g %% 300)::int) AS arrived_at,"
        " reported_at + make_interval(mins => 150 + (g %% 300)::int + (g %% 210)::int) AS left_at FROM drawn),"
        f" stated AS (SELECT *, CASE WHEN (g::bigint * 31) %% 1000 < 1000 * CASE WHEN dealer_at = 1 THEN {open_share} ELSE {OPEN_SHARE} END"
        f" AND reported_at > %(now)s::timestamptz - interval '{OPEN_DAYS} days'"
        f" OR left_at > %(now)s::timestamptz THEN ({open_states})[1 + g %% {len(OPEN)}]"
        " WHEN g %% 41 = 0 THEN 'cancelled' WHEN g %% 17 = 0 THEN 'remote_done'"
        " WHEN left_at > %(now)s::timestamptz - interval '2 days' THEN 'done'"
        " WHEN left_at > %(now)s::timestamptz - interval '9 days' THEN 'followed_up' ELSE 'closed' END AS state FROM timed)"
        " SELECT s.g, s.reported_at, s.arrived_at, s.left_at, s.state, m.id AS machine_id, m.dealer_id, m.manufacturer_id, m.customer_id,"
        " m.product_type, m.model, m.serial_number, m.ex_factory_on, m.batch, m.name, m.industry, m.province, m.city, m.address,"
        " m.contact, m.phone, m.office_id, m.shared, m.dealer_code, s.state NOT IN ('new','contacted','appointed','cancelled','remote_done') AS lead,"
        " 'BX-' || m.dealer_code || '-' || to_char(s.reported_at, 'YYYYMM') || '-' || lpad(s.g::text, 7, '0') AS number, p.id AS person_id, p.name AS person_name,"
        " (ARRAY['1号线','2号线','破碎线','泵房','空压站','锅炉房','打包间','搅拌楼'])[1 + s.g %% 8] || ',' || f.reported AS fault,"
        " f.diagnosis, f.cause, f.solution, f.responsibility, f.treatment, f.hours, f.part, f.part_name, f.price,"
        " b.ticket + s.g AS ticket_id, b.machine + s.g AS machine_row, b.slip + s.g AS slip_id, b.line + s.g AS line_id"
        " FROM stated s JOIN load_share d ON d.dealer_at = s.dealer_at"
        " JOIN load_machine m ON m.dealer_at = s.dealer_at AND m.at = (s.g::bigint * 104729) %% d.machines"
        f" JOIN load_person p ON p.dealer_at = s.dealer_at AND p.at = m.customer_id %% {TECHNICIANS}"
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
        number="r.number", state="r.state",
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
        burns_at="CASE WHEN r.state = 'new' THEN r.reported_at + interval '60 minutes'"
        f" WHEN {UNDER_WAY} THEN r.reported_at + make_interval(mins => {ALLOWED}) END",
        warranty=WARRANTY, burns=f"CASE WHEN r.state = 'new' THEN 'response' WHEN {UNDER_WAY} THEN 'arrival' ELSE '' END", city_tier=CITY_TIER,
        wait_reason="CASE WHEN r.state = 'wait_part' THEN '等厂家发件' WHEN r.state = 'wait_cust' THEN '等客户停机' ELSE '' END",
        end_reason="CASE WHEN r.state = 'cancelled' THEN '客户撤销' ELSE '' END",
        follow_up="CASE WHEN r.state IN ('followed_up','closed') THEN 'satisfied' ELSE '' END", **columns,
    )  # fmt: skip


#: as it was computed; what is judged is not written with it
WARRANTY = f"CASE WHEN r.g % 2 = 0 THEN {quoted(WarrantyOutcome.IN)} ELSE {quoted(WarrantyOutcome.OUT_OVER)} END"
#: of a site, and the minutes promised for the arrival there
CITY_TIER = "CASE WHEN r.city = '长沙市' THEN 'capital' ELSE 'other' END"
ALLOWED = "CASE WHEN r.city = '长沙市' THEN 240 ELSE 720 END"
#: somebody is to come and has not arrived: the clock of the arrival runs
UNDER_WAY = "r.state IN ('contacted','appointed','dispatched','accepted','en_route')"


def _clock_rows(cursor: CursorWrapper, on_site: str, columns: dict[str, str]) -> None:
    """Write the clocks of answer and arrival: three in five reports are answered as they come in, some arrivals are late. None rings."""
    tier, allowed = CITY_TIER, ALLOWED
    by_phone, after = "r.g % 5 < 3", "CASE WHEN r.g % 5 < 3 THEN 0 ELSE r.g % 75 END"
    told = "r.state <> 'new'"
    insert(
        cursor, Clock, "load_row r", ticket_id="r.ticket_id", kind="'response'", started_at="r.reported_at", allow_minutes="60",
        state=f"CASE WHEN NOT {told} THEN 'running' WHEN {after} <= 60 THEN 'met' ELSE 'late' END",
        bucket=f"CASE WHEN {by_phone} THEN 'answered' ELSE '' END", due_at="r.reported_at + interval '60 minutes'",
        met_at=f"CASE WHEN {told} THEN r.reported_at + make_interval(mins => ({after})::int) END", used_minutes=f"CASE WHEN {told} THEN {after} END",
        counts="r.state <> 'cancelled'", city_tier=tier, **columns,
    )  # fmt: skip
    used = "60 + r.g % 300"
    insert(
        cursor, Clock, "load_row r", ticket_id="r.ticket_id", kind="'arrival'", started_at="r.reported_at", allow_minutes=allowed,
        state=f"CASE WHEN NOT ({on_site}) THEN 'running' WHEN {used} <= {allowed} THEN 'met' ELSE 'late' END",
        due_at=f"r.reported_at + make_interval(mins => {allowed})",
        met_at=f"CASE WHEN {on_site} THEN r.arrived_at END", used_minutes=f"CASE WHEN {on_site} THEN {used} END",
        ended="CASE r.state WHEN 'cancelled' THEN 'ticket_ended' WHEN 'remote_done' THEN 'not_needed' ELSE '' END",
        late_reason=f"CASE WHEN {on_site} AND {used} > {allowed} THEN (ARRAY['traffic','previous_job','sent_late',''])[1 + r.g % 4] ELSE '' END",
        counts="r.state NOT IN ('cancelled', 'remote_done')", city_tier=tier, **columns,
    )  # fmt: skip


def _slip_rows(cursor: CursorWrapper, signed: str, columns: dict[str, str]) -> None:
    """Write one slip a ticket: signed where the work is done, waiting for the signature, else a draft."""
    numbered = f"({signed} OR r.state = 'wait_sign')"
    number = "'FW-' || r.dealer_code || '-' || to_char(r.left_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMM') || '-' || lpad(r.g::text, 7, '0')"

    def when_signed(sql: str, otherwise: str = "NULL") -> str:
        return f"CASE WHEN {signed} THEN {sql} ELSE {otherwise} END"

    insert(
        cursor, Slip, "load_row r", id="r.slip_id", ticket_id="r.ticket_id", number=f"CASE WHEN {numbered} THEN {number} ELSE '' END",
        state=f"CASE WHEN {signed} THEN {quoted(SlipState.SIGNED)} WHEN {numbered} THEN {quoted(SlipState.WAIT_SIGN)}"
        f" ELSE {quoted(SlipState.DRAFT)} END",
        is_remote="r.state = 'remote_done'", customer_name="r.name", address="r.province || r.city || r.address", contact="r.contact",
        phone="r.phone", in_warranty="CASE WHEN r.g % 2 = 0 THEN 'yes' ELSE 'no' END", warranty=WARRANTY, arrived_at=when_signed("r.arrived_at"),
        left_at=when_signed("r.left_at"), people="1", hours="2.0", rating=when_signed("(3 + r.g % 3)::text", "''"),
        signature_kind=when_signed("'typed'", "''"), signer=when_signed("r.contact", "''"), technician_id="r.person_id",
        technician="r.person_name", shown_technician="r.person_name", city_key="regexp_replace(r.city, '市$', '')",
        finished_at=when_signed("r.left_at"), completed_at=when_signed("r.left_at"),
        frozen_at=when_signed("r.left_at"), content_hash=when_signed("md5(r.g::text) || md5(r.name)", "''"),
        km="(r.g % 180 + 5)::numeric", **columns,
    )  # fmt: skip
    insert(
        cursor, FaultLine, "load_row r", id="r.line_id", slip_id="r.slip_id", reported="left(r.fault, 200)",
        diagnosis="r.diagnosis", cause="r.cause", responsibility="r.responsibility", solution="r.solution", treatment="r.treatment",
        **columns,
    )  # fmt: skip
    insert(cursor, FaultLineMachine, "load_row r", line_id="r.line_id", ticket_machine_id="r.machine_row", **columns)
    insert(
        cursor, PartLine, "load_row r WHERE r.part IS NOT NULL", slip_id="r.slip_id", code="r.part", name="r.part_name",
        source="CASE WHEN r.g % 2 = 0 THEN 'maker_free' ELSE 'bought_genuine' END", unit_price="r.price", **columns,
    )  # fmt: skip
