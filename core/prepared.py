"""Queries of one shape, built and compiled once per process (docs/performance.md).

Django builds and compiles a query anew each time it is asked; on a page with many small lists that costs more than the database does.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models.query import RawQuerySet

from core.errors import NotFound
from core.tenancy import TenantQuerySet, Tier, Viewer

M = TypeVar("M", bound=models.Model)

#: stand for the viewer's organisation and for the row asked about while a query is compiled; no row has such an id
_ORGANISATION, _PARENT = 9_100_000_000_000_000_001, 9_100_000_000_000_000_002


class Prepared(Generic[M]):
    """The children of one row that a viewer may see: ``trips = Prepared(lambda viewer, ticket: Trip.objects.visible_to(viewer)…)``.

    build: makes the query for a viewer and a parent's id, or a row's own public id. It may depend on the viewer's tier and
    organisation and on that id, on nothing else: no roles, no time, no `select_related`.
    """

    def __init__(self, build: Callable[[Viewer, Any], TenantQuerySet[M]]) -> None:
        self._build = build
        self._compiled: dict[Tier, tuple[type[M], str, tuple[Any, ...]] | None] = {}

    def __call__(self, viewer: Viewer, parent: int | str) -> list[M]:
        """The rows, in the query's order."""
        if (
            settings.ISOLATION_LAYER_1_OFF or viewer.link
        ):  # another query: the isolation suite's, one narrowed to a link
            return list(self._build(viewer, parent))
        if viewer.tier not in self._compiled:
            self._compiled[viewer.tier] = self._compile(viewer)
        known = self._compiled[viewer.tier]
        if known is None:
            return []
        model, sql, params = known
        stands_for = {_ORGANISATION: viewer.org, _PARENT: parent, str(_PARENT): parent}
        values = tuple(stands_for.get(value, value) if type(value) in (int, str) else value for value in params)
        return list(RawQuerySet(sql, model=model, params=values))

    def one(self, viewer: Viewer, public_id: str) -> M:
        """The single row. Errors: NotFound when it is missing or another's."""
        try:
            (row,) = self(viewer, public_id)
        except ValueError:  # none, or a text that no key can be
            raise NotFound from None
        return row

    def _compile(self, viewer: Viewer) -> tuple[type[M], str, tuple[Any, ...]] | None:
        rows = self._build(replace(viewer, org=_ORGANISATION), _PARENT)
        try:
            sql, params = rows.query.sql_with_params()
        except EmptyResultSet:  # this tier sees no row of the kind
            return None
        if _ORGANISATION not in params or not (_PARENT in params or str(_PARENT) in params):
            raise TypeError(
                f"{rows.model.__name__}: a prepared query is narrowed to the viewer's organisation and to a parent"
            )
        return rows.model, sql, params


class PerViewer:
    """A query that depends on the viewer alone, compiled once for each: ``names = PerViewer(lambda viewer: ….values_list(…))``.

    build: makes the query for a viewer; it may depend on everything of him, and on further values that seldom change, such as the month.
    Its columns are plain numbers, texts and times, which need no conversion.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Any]]) -> None:
        self._build = build
        self._compiled = lru_cache(maxsize=2048)(self._compile)

    def __call__(self, viewer: Viewer, *values: Hashable) -> list[tuple[Any, ...]]:
        """The rows. One statement, none where this tier sees no row of the kind."""
        known = self._compile(viewer, *values) if settings.ISOLATION_LAYER_1_OFF else self._compiled(viewer, *values)
        if known is None:
            return []
        with connection.cursor() as cursor:
            cursor.execute(*known)
            return list(cursor.fetchall())

    def _compile(self, viewer: Viewer, *values: Hashable) -> tuple[str, tuple[Any, ...]] | None:
        try:
            return self._build(viewer, *values).query.sql_with_params()
        except EmptyResultSet:
            return None
