"""Layer 2 of isolation: makes PostgreSQL's policies, grants and tenant foreign keys from the models' declarations.

`sync()` runs as the owner after every migrate and changes nothing when nothing changed. There are no default
privileges: a table that declares nothing stays closed to every tier. One equality policy per tier, table and verb,
because with OR in a policy the planner loses the index (docs/isolation.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import connections, models
from django.db.backends.utils import CursorWrapper

from core.tenancy import Kind, Outside, Tier

TIERS = [tier.role for tier in Tier]

_ORG = "nullif(current_setting('app.org', true), '')::bigint"
_MAKER = "nullif(current_setting('app.maker', true), '')::bigint"
_MAKERS = "coalesce(nullif(current_setting('app.makers', true), ''), '{}')::bigint[]"
_OWN_MAKERS = "coalesce(nullif(current_setting('app.own_makers', true), ''), '{}')::bigint[]"
_PARTNERS = "coalesce(nullif(current_setting('app.partners', true), ''), '{}')::bigint[]"


@dataclass(frozen=True)
class Policy:
    """What a tier may do with a kind of table. verbs: any of S(elect) I(nsert) U(pdate) D(elete)."""

    tier: Tier
    verbs: str
    condition: str


_D, _O, _H, _P, _S = Tier.DEALER, Tier.OFFICE, Tier.HQ, Tier.PLATFORM, Tier.SYSTEM
_DEALER = f"dealer_id = {_ORG}"
_SHARED_OFFICE = f"office_id = {_ORG} AND shared_with_maker"
_SHARED_HQ = f"manufacturer_id = {_ORG} AND shared_with_maker"
_OWN = f"organisation_id = {_ORG}"

POLICIES: dict[Kind, tuple[Policy, ...]] = {
    Kind.DEALER_PRIVATE: (Policy(_D, "SIUD", _DEALER),),
    Kind.SHARED: (
        Policy(_D, "SIUD", _DEALER),
        Policy(_O, "SIUD", _SHARED_OFFICE),
        Policy(_H, "SIUD", _SHARED_HQ),
    ),
    Kind.MAKER_PUBLISHED: (
        Policy(_D, "S", f"manufacturer_id = ANY ({_MAKERS})"),
        Policy(_D, "IUD", f"manufacturer_id = ANY ({_OWN_MAKERS})"),
        Policy(_O, "S", f"manufacturer_id = {_MAKER}"),
        Policy(_H, "SIUD", f"manufacturer_id = {_ORG}"),
    ),
    Kind.MAKER_PRIVATE: (
        Policy(_O, "S", f"manufacturer_id = {_MAKER}"),
        Policy(_H, "SIUD", f"manufacturer_id = {_ORG}"),
    ),
    Kind.COMMON: (
        Policy(_D, "S", "true"),
        Policy(_O, "S", "true"),
        Policy(_H, "S", "true"),
        Policy(_P, "SIUD", "true"),
        Policy(Tier.OUTSIDE, "S", "true"),
    ),
    Kind.PARTNERSHIP: (
        Policy(_D, "SUD", _DEALER),
        Policy(_D, "I", f"{_DEALER} AND NOT listed AND manufacturer_id = ANY ({_OWN_MAKERS})"),
        Policy(_O, "S", f"office_id = {_ORG}"),
        Policy(_H, "SIUD", f"manufacturer_id = {_ORG}"),
        Policy(_P, "SIU", "listed"),
    ),
    Kind.OWN: tuple(Policy(tier, "SIUD", _OWN) for tier in (_D, _O, _H, _P)),
    Kind.PEOPLE: (
        *(Policy(tier, "SIUD", _OWN) for tier in (_D, _O, _H)),
        Policy(_P, "SIU", "is_admin"),
    ),
    Kind.CONTACT: tuple(
        policy
        for tier in (_D, _O, _H)
        for policy in (
            Policy(tier, "S", f"organisation_id = ANY ({_PARTNERS})"),
            Policy(tier, "IUD", _OWN),
        )
    ),
    Kind.JOB: (
        *(Policy(tier, "SIU", _OWN) for tier in (_D, _O, _H)),
        Policy(_P, "SIU", "true"),
        Policy(_S, "SIU", "true"),
    ),
    Kind.ORGANISATION: (
        *(Policy(tier, "S", f"id = ANY ({_PARTNERS})") for tier in (_O, _H)),
        # an unlisted manufacturer is seen by its dealer from the statement on that inserts it
        Policy(_D, "S", f"(id = ANY ({_PARTNERS}) OR owner_dealer_id = {_ORG})"),
        *(Policy(tier, "U", f"id = {_ORG}") for tier in (_O, _H)),
        Policy(_D, "U", f"(id = {_ORG} OR owner_dealer_id = {_ORG})"),
        Policy(_D, "I", f"owner_dealer_id = {_ORG}"),
        Policy(_P, "SIU", "owner_dealer_id IS NULL"),
        Policy(Tier.OUTSIDE, "S", f"id = {_ORG}"),
    ),
    Kind.IDENTITY: (),
}

#: tables of Django's own that are needed before anybody is known
IDENTITY_TABLES = ("django_session",)

_VERBS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}


def tenant_models() -> list[type[models.Model]]:
    """All concrete models that declare `tenancy`, in a stable order."""
    found = [m for m in apps.get_models(include_auto_created=True) if hasattr(m, "tenancy")]
    return sorted(found, key=lambda m: m._meta.db_table)


def policies_of(model: type[models.Model]) -> tuple[Policy, ...]:
    """The policies of a table: those of its kind, and what somebody with a customer's link reads of it (`outside`)."""
    opened: Outside | None = getattr(model, "outside", None)
    of_kind = POLICIES[model.tenancy]  # type: ignore[attr-defined]  # tenant_models() takes only models that declare it
    if opened is None:
        return of_kind
    condition = f"{_DEALER} AND {opened.column} = nullif(current_setting('app.link_{opened.opened}', true), '')::bigint"
    if opened.only:
        condition += f" AND {opened.only[0]} = '{opened.only[1]}'"
    return (*of_kind, Policy(Tier.OUTSIDE, "S", condition))


def statements(model: type[models.Model]) -> list[str]:
    """The SQL that puts one table under its declaration: row security, policies, grants."""
    table = f'"{model._meta.db_table}"'
    kind: Kind = model.tenancy  # type: ignore[attr-defined]  # tenant_models() takes only models that declare it
    columns: dict[Tier, tuple[str, ...]] = getattr(model, "writable_columns", {})
    deleters: tuple[Tier, ...] = getattr(model, "deletable_by", ())
    inserters: tuple[Tier, ...] | None = getattr(model, "insertable_by", None)
    sql = [f"REVOKE ALL ON {table} FROM PUBLIC, {', '.join(TIERS)}, {settings.APPLICATION_DB_USER}"]
    if kind is Kind.IDENTITY:
        # nobody is known yet at sign-in: no policies, granted to the login user only
        sql.append(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {settings.APPLICATION_DB_USER}")
        return sql
    sql.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    for policy in policies_of(model):
        for letter in policy.verbs:
            if letter == "D" and policy.tier not in deleters:
                continue
            if letter == "I" and inserters is not None and policy.tier not in inserters:
                continue
            verb, role = _VERBS[letter], policy.tier.role
            using = "" if letter == "I" else f" USING ({policy.condition})"
            check = f" WITH CHECK ({policy.condition})" if letter in "IU" else ""
            sql.append(f"CREATE POLICY {policy.tier}_{verb.lower()} ON {table} FOR {verb} TO {role}{using}{check}")
            limited = columns.get(policy.tier) if letter == "U" else None
            scope = f" ({', '.join(limited)})" if limited else ""
            if letter == "U" and limited == ():
                continue
            sql.append(f"GRANT {verb}{scope} ON {table} TO {role}")
    return sql


def tenant_keys(model: type[models.Model]) -> Iterator[tuple[str, str, str]]:
    """(name, child column, parent table) of foreign keys that must stay inside one dealer.

    A child of dealer A cannot point at a parent of dealer B: UNIQUE (dealer_id, id) on the parent and a second
    foreign key (dealer_id, parent_id) on the child, beside Django's own.
    """
    if not _has_dealer(model):
        return
    for field in model._meta.concrete_fields:
        parent = field.related_model if isinstance(field, models.ForeignKey) else None
        if isinstance(parent, type) and issubclass(parent, models.Model) and _has_dealer(parent):
            yield f"{model._meta.db_table}_{field.column}_dealer", str(field.column), parent._meta.db_table


def _has_dealer(model: type[models.Model]) -> bool:
    kind = getattr(model, "tenancy", None)
    return kind in (Kind.DEALER_PRIVATE, Kind.SHARED) and any(
        field.column == "dealer_id" for field in model._meta.concrete_fields
    )


def sync(using: str) -> int:
    """Bring the database in line with the declarations; returns how many tables changed. Runs as the owner."""
    changed = 0
    with connections[using].cursor() as cursor:
        existing = set(connections[using].introspection.table_names(cursor))
        for model in tenant_models():
            table = model._meta.db_table
            if table in existing and _sync_table(cursor, table, statements(model)):
                changed += 1
        for model in tenant_models():
            if model._meta.db_table in existing:
                for name, column, parent in tenant_keys(model):
                    if parent in existing:
                        _sync_key(cursor, model._meta.db_table, name, column, parent)
        for table in IDENTITY_TABLES:
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {settings.APPLICATION_DB_USER}")
        readers = f"{settings.APPLICATION_DB_USER}, {Tier.PLATFORM.role}"  # the platform's page says what is pending
        cursor.execute(f"GRANT SELECT ON django_migrations TO {readers}")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {settings.APPLICATION_DB_USER}, {', '.join(TIERS)}")
    return changed


def out_of_line(using: str) -> list[str]:
    """Tables whose row security is not what the models declare, and undeclared ones that a tier may read. Changes nothing."""
    models_by_table = {model._meta.db_table: model for model in tenant_models()}
    found = []
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity, coalesce(obj_description(c.oid, 'pg_class'), ''),"
            " ARRAY(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid),"
            " EXISTS (SELECT FROM unnest(%s::text[]) AS tier WHERE has_table_privilege(tier, c.oid, 'SELECT'))"
            " FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1",
            [TIERS],
        )
        for table, secured, comment, policies, readable in cursor.fetchall():
            model = models_by_table.pop(table, None)
            if model is None:
                if readable and table != "django_migrations":
                    found.append(table)
                continue
            wanted = statements(model)
            names = {sql.split()[2] for sql in wanted if sql.startswith("CREATE POLICY ")}
            secure = any(" ENABLE ROW LEVEL SECURITY" in sql for sql in wanted)
            if comment != _fingerprint(wanted) or secured is not secure or set(policies) != names:
                found.append(table)
    return sorted([*found, *models_by_table])


def _fingerprint(wanted: list[str]) -> str:
    return "tenancy " + hashlib.sha256("\n".join(wanted).encode()).hexdigest()[:32]


def _sync_table(cursor: CursorWrapper, table: str, wanted: list[str]) -> bool:
    fingerprint = _fingerprint(wanted)
    cursor.execute("SELECT obj_description(to_regclass(%s), 'pg_class')", [f'"{table}"'])
    if cursor.fetchone()[0] == fingerprint:
        return False
    cursor.execute("SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = %s", [table])
    for (policy,) in cursor.fetchall():
        cursor.execute(f'DROP POLICY "{policy}" ON "{table}"')
    for statement in wanted:
        cursor.execute(statement)
    cursor.execute(f"COMMENT ON TABLE \"{table}\" IS '{fingerprint}'")
    return True


def _sync_key(cursor: CursorWrapper, table: str, name: str, column: str, parent: str) -> None:
    cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [_short(f"{parent}_dealer_id_key")])
    if cursor.fetchone() is None:
        cursor.execute(
            f'ALTER TABLE "{parent}" ADD CONSTRAINT "{_short(parent + "_dealer_id_key")}" UNIQUE (dealer_id, id)'
        )
    cursor.execute("SELECT 1 FROM pg_constraint WHERE conname = %s", [_short(name)])
    if cursor.fetchone() is None:
        cursor.execute(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{_short(name)}" FOREIGN KEY (dealer_id, {column})'
            f' REFERENCES "{parent}" (dealer_id, id)'
        )


def _short(name: str) -> str:
    """PostgreSQL cuts names at 63 bytes; cut ourselves, so that we find them again."""
    return name if len(name) <= 63 else name[:54] + "_" + hashlib.sha256(name.encode()).hexdigest()[:8]
