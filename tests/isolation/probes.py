"""Direct SQL as each tier's role: what layer 2 alone lets through, without any Python of the product in between.

Generated from the models: a new table is probed from the day it exists. Each probe runs in a savepoint that is rolled back:
  select, update, delete   a row of one's own is there (select), a foreign one is not, and cannot be touched
  insert                   a copy of a foreign row is refused by the policy (42501), before any constraint could tell of it
  hijack                   an own row cannot be given to another tenant
  settings                 without (or with empty) settings a tier sees nothing
  parent                   a child that points at a foreign parent is refused exactly like one that points at a missing one
  function                 SECURITY DEFINER functions answer only those roles they are for
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg2
from django.db import connection, models, transaction

from core import tenancy
from core.row_security import tenant_keys, tenant_models
from core.tenancy import Kind, Link, Tier, Viewer
from partners.queries import viewers
from tests.isolation import database
from tests.isolation.domain import Verdict, verdict
from tests.isolation.world import Row, Who, World

DENIED = "42501"
NOBODY_ID = 999_999_999

#: kinds of which a tier sees all rows, or a part that no organisation decides: they have nothing to hide from it
SEES_WITHOUT_SETTINGS = {
    *((Kind.COMMON, tier) for tier in Tier if tier is not Tier.SYSTEM),
    *((kind, Tier.PLATFORM) for kind in (Kind.PARTNERSHIP, Kind.PEOPLE, Kind.JOB, Kind.ORGANISATION)),
    (Kind.JOB, Tier.SYSTEM),
}
#: the column by which a tier owns a row
OWNERS = {
    Tier.DEALER: ("dealer_id", "organisation_id"),
    Tier.OFFICE: ("office_id", "organisation_id"),
    Tier.HQ: ("manufacturer_id", "organisation_id"),
    Tier.PLATFORM: ("organisation_id",),
}


@dataclass
class Found:
    """How many probes there were, and which of them were answered wrongly."""

    probes: int = 0
    leaks: list[str] = field(default_factory=list)

    def expect(self, right: bool, said: str) -> None:
        """One probe."""
        self.probes += 1
        if not right:
            self.leaks.append(said)


def run(template: str, world: World, *, thin: bool = False) -> Found:
    """All probes on a copy of the world. thin: fewer rows of each table."""
    copies = database.Copies(template, 99)
    copies.fresh()
    found = Found()
    try:
        connection.ensure_connection()
        for who in _one_of_each(world):
            viewer = viewers.of_person(who.person_id)
            assert viewer is not None
            _rows_of(world, who, viewer, found, rows=1 if thin else 3)
            _hijacks(world, who, viewer, found)
            _parents(world, who, viewer, found)
        _settings(found)
        _functions(found)
        _links(world, found)
    finally:
        copies.drop()
    return found


def _one_of_each(world: World) -> list[Who]:
    """One viewer per organisation: policies know no roles."""
    seen: dict[str, Who] = {}
    for who in world.viewers.values():
        if who.org:
            seen.setdefault(who.org, who)
    return list(seen.values())


@contextmanager
def _as(viewer: Viewer) -> Iterator[Any]:
    """A bare cursor in a transaction under the viewer's role, undone afterwards."""
    with transaction.atomic():
        tenancy.enter(viewer)
        with connection.connection.cursor() as cursor:
            yield cursor
        transaction.set_rollback(True)


def _try(cursor: Any, statement: str, params: Sequence[Any] = ()) -> tuple[int, str, str]:
    """(rows, SQL state, constraint) of a statement that leaves nothing behind."""
    cursor.execute("SAVEPOINT probe")
    try:
        cursor.execute(statement, params)
        rows = cursor.fetchone()[0] if statement.startswith("SELECT") else cursor.rowcount
        return rows, "", ""
    except psycopg2.Error as error:
        return 0, error.pgcode or "?", error.diag.constraint_name or ""
    finally:
        cursor.execute("ROLLBACK TO SAVEPOINT probe")


def within(world: World, who: Who, row: Row) -> bool:
    """Whether the policies may let the row through to the viewer's tier and organisation, whatever his role."""
    if row.model == "partners.person":
        return row.org == who.org or (who.tier == "platform" and row.admin)
    if row.model == "core.job" and who.tier == "platform":
        return True
    return verdict(world, who, row, "id", "") is not Verdict.FOREIGN


def _some(world: World, who: Who, model: type[models.Model], number: int) -> list[tuple[Row, bool]]:
    """Rows of a table with whether they are the viewer's, a few of each owner."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in world.of(model._meta.label_lower):
        groups[row.dealer, row.maker, row.office, row.org, str(row.shared), str(row.admin)].append(row)
    return [(row, within(world, who, row)) for rows in groups.values() for row in rows[:number]]


def _rows_of(world: World, who: Who, viewer: Viewer, found: Found, *, rows: int) -> None:
    for model in tenant_models():
        table, kind = model._meta.db_table, model.tenancy  # type: ignore[attr-defined]  # tenant models declare it
        if kind is Kind.IDENTITY:
            with _as(viewer) as cursor:
                for verb in ("SELECT count(*) FROM", "DELETE FROM"):
                    _rows, state, _constraint = _try(cursor, f'{verb} "{table}"')
                    found.expect(state == DENIED, f"{viewer.tier} {verb} {table}: {state or 'answered'}")
            continue
        chosen = _some(world, who, model, rows)
        copies = {row.pk: _copy_of(model, row.pk) for row, mine in chosen if not mine}
        column = _touchable(model, viewer.tier)
        with _as(viewer) as cursor:
            for row, mine in chosen:
                where = f"as {who} ({viewer.tier}): {{}} {table} {row}"
                seen, _state, _c = _try(cursor, f'SELECT count(*) FROM "{table}" WHERE id = %s', [row.pk])
                found.expect(bool(seen) is mine, where.format("SELECT") + (" is missing" if mine else " is seen"))
                if mine:
                    continue
                touched, state, _c = _try(
                    cursor, f'UPDATE "{table}" SET "{column}" = "{column}" WHERE id = %s', [row.pk]
                )
                found.expect(touched == 0 and state in ("", DENIED), where.format("UPDATE") + f" {touched} {state}")
                touched, state, _c = _try(cursor, f'DELETE FROM "{table}" WHERE id = %s', [row.pk])
                found.expect(touched == 0 and state in ("", DENIED), where.format("DELETE") + f" {touched} {state}")
                names, values = copies[row.pk]
                places = ", ".join(["%s"] * len(values))
                _t, state, _c = _try(cursor, f'INSERT INTO "{table}" ({names}) VALUES ({places})', values)
                found.expect(state == DENIED, where.format("INSERT copy of") + f" {state or 'succeeded'}")


def _touchable(model: type[models.Model], tier: Tier) -> str:
    """A column that the tier may write, where it may write any: so that the policy answers, not the grant."""
    columns: dict[Tier, tuple[str, ...]] = getattr(model, "writable_columns", {})
    return (columns.get(tier) or ("id",))[0]


def _copy_of(model: type[models.Model], pk: int) -> tuple[str, list[Any]]:
    """Columns and values of a row, with a new key and new random ids."""
    from core.models.base import public_id

    with database.as_fixture() as cursor:
        cursor.execute(f'SELECT * FROM "{model._meta.db_table}" WHERE id = %s', [pk])
        values = dict(zip([column.name for column in cursor.description], cursor.fetchone(), strict=True))
    for column in model._meta.concrete_fields:
        if isinstance(column, models.GeneratedField):  # the database makes it
            del values[column.column]
    values["id"] = NOBODY_ID
    for name in ("public_id", "qr_code", "proof_code"):
        if name in values:
            values[name] = public_id()
    json = [f.column for f in model._meta.concrete_fields if isinstance(f, models.JSONField)]
    for name in json:
        values[name] = "{}" if values[name] is not None else None
    return ", ".join(f'"{name}"' for name in values), list(values.values())


def _hijacks(world: World, who: Who, viewer: Viewer, found: Found) -> None:
    """Give an own row to somebody else."""
    others = [row.pk for code, row in world.organisations.items() if code != who.org]
    for model in tenant_models():
        table = model._meta.db_table
        columns = {column.column for column in model._meta.concrete_fields}
        owner = next((name for name in OWNERS[viewer.tier] if name in columns), None)
        mine = [row for row, is_mine in _some(world, who, model, 1) if is_mine]
        if owner is None or not mine or model.tenancy in (Kind.IDENTITY, Kind.COMMON):  # type: ignore[attr-defined]
            continue
        if viewer.tier is Tier.PLATFORM and (model.tenancy, Tier.PLATFORM) in SEES_WITHOUT_SETTINGS:  # type: ignore[attr-defined]
            continue  # the platform's policy is not by organisation
        with _as(viewer) as cursor:
            for row in mine:
                if getattr(row, {"dealer_id": "dealer", "office_id": "office", "manufacturer_id": "maker"}.get(owner, "org")) != who.org:  # fmt: skip
                    continue
                for other in others:
                    touched, state, _c = _try(
                        cursor, f'UPDATE "{table}" SET "{owner}" = %s WHERE id = %s', [other, row.pk]
                    )
                    found.expect(
                        touched == 0 and state != "", f"as {who}: {table} {row} given to organisation {other}: {touched} {state}"
                    )  # fmt: skip


def _parents(world: World, who: Who, viewer: Viewer, found: Found) -> None:
    """Point an own child at a foreign parent."""
    if viewer.tier is not Tier.DEALER:
        return
    tables = {model._meta.db_table: model._meta.label_lower for model in tenant_models()}
    for model in tenant_models():
        table = model._meta.db_table
        mine = [row for row in world.of(model._meta.label_lower) if row.dealer == who.org]
        for _name, column, parent in tenant_keys(model):
            foreign = [row for row in world.of(tables[parent]) if row.dealer not in ("", who.org)]
            with _as(viewer) as cursor:
                for child in mine[:3]:
                    for row in (foreign[:1] + foreign[-1:]) if foreign else []:
                        change = f'UPDATE "{table}" SET "{column}" = %s WHERE id = %s'
                        answer = _try(cursor, change, [row.pk, child.pk])
                        missing = _try(cursor, change, [NOBODY_ID, child.pk])
                        found.expect(
                            answer == missing and answer[1] != "",
                            f"as {who}: {table}.{column} of {child} at {row}: {answer}, at a missing one {missing}",
                        )


def _settings(found: Found) -> None:
    """A tier without settings, with empty ones, or with an organisation that does not exist, sees nothing."""
    for tier in Tier:
        for title, org in (("no settings", None), ("empty settings", ""), ("organisation 0", "0")):
            for model in tenant_models():
                table, kind = model._meta.db_table, model.tenancy  # type: ignore[attr-defined]
                with transaction.atomic():
                    with connection.connection.cursor() as cursor:
                        cursor.execute("SELECT set_config('role', %s, true)", [tier.role])
                        if org is not None:
                            for name in (
                                "org",
                                "maker",
                                "makers",
                                "own_makers",
                                "partners",
                                "person",
                                "link_machine",
                                "link_ticket",
                                "link_slip",
                            ):
                                cursor.execute(
                                    "SELECT set_config(%s, %s, true)", [f"app.{name}", org if name == "org" else ""]
                                )
                        seen, state, _c = _try(cursor, f'SELECT count(*) FROM "{table}"')
                        said = f"{tier} with {title}: {table} {seen} {state}"
                        right = (kind, tier) in SEES_WITHOUT_SETTINGS or (seen == 0 and state in ("", DENIED))
                        found.expect(right, said)
                        for verb in (f'DELETE FROM "{table}"', f'UPDATE "{table}" SET id = id'):
                            touched, state, _c = _try(cursor, verb)
                            right = (kind, tier) in SEES_WITHOUT_SETTINGS or (touched == 0 and state in ("", DENIED))
                            found.expect(right, f"{tier} with {title}: {verb}: {touched} {state}")
                    transaction.set_rollback(True)
    for model in tenant_models():  # nobody is known yet: the login user
        if model.tenancy is Kind.IDENTITY:  # type: ignore[attr-defined]
            continue
        with transaction.atomic(), connection.connection.cursor() as cursor:
            for verb in ("SELECT count(*) FROM", "DELETE FROM"):
                _seen, state, _c = _try(cursor, f'{verb} "{model._meta.db_table}"')
                found.expect(state == DENIED, f"login user {verb} {model._meta.db_table}: {state or 'answered'}")


def _links(world: World, found: Found) -> None:
    """Somebody with a customer's link: the rows that it opens, of this dealer, and nothing else; and nothing is written."""
    tables = {model._meta.label_lower: model for model in tenant_models()}
    tickets = [row for row in world.of("tickets.slip") if row.state in ("wait_sign", "signed")]
    for slip in tickets[:: max(1, len(tickets) // 12)]:
        ticket = slip.ticket
        assert ticket is not None
        machine = world.of("equipment.machine", dealer=slip.dealer)[0]
        for org, opened in ((slip.dealer, True), (next(o for o in ("DA01", "DB02") if o != slip.dealer), False)):
            viewer = Viewer(
                tier=Tier.OUTSIDE,
                org=world.organisations[org].pk,
                link=Link(machine=machine.pk, ticket=ticket.pk, slip=slip.pk),
            )
            wanted = {
                "equipment.machine": {machine.pk},
                "tickets.ticket": {ticket.pk},
                "tickets.slip": {slip.pk},
                "tickets.faultline": {row.pk for row in world.of("tickets.faultline", parent=slip)},
                "tickets.partline": {row.pk for row in world.of("tickets.partline", parent=slip)},
                "tickets.slipfile": {row.pk for row in world.of("tickets.slipfile", parent=slip, copy="customer")},
            }
            wanted = wanted if opened else {}
            wanted["partners.organisation"] = {world.organisations[org].pk}
            with _as(viewer) as cursor:
                for label, model in tables.items():
                    if model.tenancy is Kind.COMMON:  # type: ignore[attr-defined]
                        continue
                    table = model._meta.db_table
                    cursor.execute("SAVEPOINT link")
                    try:
                        cursor.execute(f'SELECT id FROM "{table}"')
                        seen = {pk for (pk,) in cursor.fetchall()}
                    except psycopg2.Error:
                        seen = set()
                    cursor.execute("ROLLBACK TO SAVEPOINT link")
                    found.expect(
                        seen == wanted.get(label, set()), f"by a link to {slip} as {org}: {table} {sorted(seen)[:5]}"
                    )
                    for verb in (f'DELETE FROM "{table}"', f'UPDATE "{table}" SET id = id'):
                        touched, state, _c = _try(cursor, verb)
                        found.expect(touched == 0 and state == DENIED, f"by a link: {verb}: {touched} {state}")


def _functions(found: Found) -> None:
    """Functions that run as the owner answer only whom they are granted to."""
    calls = {
        "SELECT count(*) FROM partners_viewer(1, NULL, NULL)": set(),
        "SELECT count(*) FROM partners_api_token('x', now())": set(),
        "SELECT count(*) FROM partners_active_dealers()": {Tier.SYSTEM},
        "SELECT count(*) FROM resources_duty_of(1, now())": set(),
        "SELECT count(*) FROM resources_partner_duty(now())": {Tier.OFFICE, Tier.HQ},
        "SELECT count(*) FROM resources_public_duty(now())": {Tier.OUTSIDE},
        "SELECT count(*) FROM notices_due_channels(now())": {Tier.SYSTEM},
        "SELECT count(*) FROM job_for_partner('x', 'x', '{}', 1, now(), now())": {Tier.DEALER, Tier.OFFICE, Tier.HQ},
        "SELECT count(*) FROM equipment_register_rows(1, '{}')": {Tier.DEALER, Tier.OFFICE, Tier.HQ},
        "SELECT count(*) FROM tickets_machine_repairs(1, '{}', '{}', now())": {Tier.DEALER, Tier.OFFICE, Tier.HQ},
        "SELECT count(*) FROM resolve_link('machine', 'x', now())": set(),
    }  # type: dict[str, set[Tier]]
    for call, granted in calls.items():
        for tier in Tier:
            with transaction.atomic():
                with connection.connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('role', %s, true)", [tier.role])
                    _seen, state, _c = _try(cursor, call)
                    found.expect((state == DENIED) is (tier not in granted), f"{tier} {call}: {state or 'answered'}")
                transaction.set_rollback(True)
