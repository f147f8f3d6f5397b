"""Databases of the suite: one template with the committed world, a fresh copy whenever something was changed; fingerprints of all rows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection, connections, transaction

from core.row_security import tenant_models

Fingerprint = dict[tuple[str, str], tuple[int, int]]


def _administrate(statement: str) -> None:
    """One statement outside of any transaction, as the owner (who may make databases on a server for tests)."""
    owner = connections["owner"].settings_dict
    connected = psycopg2.connect(
        dbname="postgres", user=owner["USER"], password=owner["PASSWORD"], host=owner["HOST"], port=owner["PORT"] or None
    )  # fmt: skip
    try:
        connected.autocommit = True
        with connected.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connected.close()


class Copies:
    """Copies of the template for one worker; `fresh()` throws the present one away."""

    def __init__(self, template: str, worker: int) -> None:
        self.template = template
        self._names = (f"{template}_w{worker}_{place}" for place in itertools.count(1))
        self.name = ""
        self.made = 0

    def fresh(self) -> None:
        """Connect to a new copy of the world."""
        self.drop()
        self.name = next(self._names)
        _administrate(f'DROP DATABASE IF EXISTS "{self.name}"')
        _administrate(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}" STRATEGY file_copy')
        connections["default"].settings_dict["NAME"] = self.name
        self.made += 1

    def drop(self) -> None:
        """Leave the present copy and drop it."""
        connections["default"].close()
        connections["owner"].close()
        if self.name:
            _administrate(f'DROP DATABASE IF EXISTS "{self.name}"')
            self.name = ""


def _owner_columns(model: Any) -> str:
    """SQL that tells whose a row is, as fine as a writer may differ."""
    columns = {field.column for field in model._meta.concrete_fields}
    if {"dealer_id", "shared_with_maker"} <= columns:
        return "concat_ws('/', dealer_id, manufacturer_id, coalesce(office_id, 0), shared_with_maker)"
    if "dealer_id" in columns and "manufacturer_id" in columns and model._meta.label_lower != "equipment.machine":
        return "concat_ws('/', dealer_id, manufacturer_id)"
    if "dealer_id" in columns:
        return "dealer_id::text"
    if "organisation_id" in columns:
        return "organisation_id::text"
    if "manufacturer_id" in columns:
        return "manufacturer_id::text"
    if model._meta.label_lower == "partners.organisation":
        return "concat_ws('/', id, coalesce(owner_dealer_id, 0))"
    return "''"


def _statement() -> str:
    parts = []
    for model in tenant_models():
        table = model._meta.db_table
        # xmin: the transaction that wrote the row. A change, a new row and a row less all show; what was rolled back does not
        parts.append(
            f"SELECT '{table}', {_owner_columns(model)}, count(*), sum(xmin::text::bigint) FROM \"{table}\" GROUP BY 2"
        )
    return " UNION ALL ".join(parts)


_fingerprint_sql = ""


def fingerprint() -> Fingerprint:
    """Number and state of all rows by table and owner, seen by a role that no policy binds."""
    global _fingerprint_sql
    _fingerprint_sql = _fingerprint_sql or _statement()
    with as_fixture() as cursor:
        cursor.execute(_fingerprint_sql)
        return {(table, owner): (count, int(state)) for table, owner, count, state in cursor.fetchall()}


@contextmanager
def as_fixture() -> Iterator[Any]:
    """A cursor in a transaction of its own, as the role that no policy binds."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE app_fixture")
        yield cursor


def changes(before: Fingerprint, after: Fingerprint) -> set[tuple[str, str]]:
    """(table, owner) whose rows are not what they were."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def as_owner_may_not() -> bool:
    """Whether the application's user is bound by the policies here: the suite proves nothing otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        user, free = cursor.fetchone()
    return user == settings.APPLICATION_DB_USER and not free
