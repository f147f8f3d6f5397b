"""`manage.py explain rights|states|routes|jobs|events`: the tables of the product as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser
from django.urls import URLPattern, URLResolver, get_resolver

from core import events, jobs, rights
from core.transitions import Table

Lines = Iterable[tuple[str, ...]]


class Command(BaseCommand):
    help = "Prints a table of the product: rights, states, routes, jobs, events."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=sorted(TABLES))

    def handle(self, *args: Any, **options: Any) -> None:
        heads, lines = TABLES[options["what"]]
        rows = [heads, *lines()]
        widths = [max(len(row[place]) for row in rows) for place in range(len(heads))]
        for row in rows:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _rights() -> Lines:
    for rule in rights.rows():
        for tier, roles in rule.who.items():
            who = "every role" if roles == rights.ANY else " ".join(sorted(roles))
            states = " ".join(sorted(rule.states)) if rule.states is not None else ""
            when = (rule.when.__doc__ or "").strip().splitlines()[0] if rule.when and rule.when.__doc__ else ""
            yield rule.action, tier.value, who, when, states
    for row in rights.field_rows():
        yield f"field {row.field}", "", "", (row.sight.__doc__ or "").strip().splitlines()[0], ""


def _states() -> Lines:
    for module in _rooms("workflow"):
        for name, table in vars(module).items():
            if isinstance(table, Table):
                for row in table.rows:
                    guard = row.guard.__name__ if row.guard else ""
                    yield f"{module.__name__.split('.')[0]} {name.lower()}", row.source, row.verb, row.target, guard


def _routes() -> Lines:
    return sorted(_walk(get_resolver().url_patterns, "/", ""))


def _walk(patterns: Iterable[URLPattern | URLResolver], before: str, space: str) -> Iterator[tuple[str, ...]]:
    for pattern in patterns:
        address = before + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, address, inner)
        else:
            view = pattern.callback
            door = "open" if getattr(view, "public", False) else "signed in"
            yield address, f"{space}{pattern.name or ''}", door, f"{view.__module__}.{view.__name__}"


def _jobs() -> Lines:
    _rooms("tasks")
    return jobs.listing()


def _events() -> Lines:
    for name, meaning, handlers in events.listing():
        yield name, meaning, " ".join(handlers)


def _rooms(room: str) -> list[Any]:
    """The modules of this name in our apps, imported."""
    names = [f"{config.name}.{room}" for config in apps.get_app_configs() if "." not in config.name]
    return [import_module(name) for name in names if find_spec(name)]


TABLES: dict[str, tuple[tuple[str, ...], Any]] = {
    "rights": (("ACTION", "TIER", "ROLES", "WHEN", "STATES"), _rights),
    "states": (("TABLE", "FROM", "VERB", "TO", "GUARD"), _states),
    "routes": (("ADDRESS", "NAME", "DOOR", "VIEW"), _routes),
    "jobs": (("JOB", "HANDLER"), _jobs),
    "events": (("EVENT", "MEANING", "HEARD BY"), _events),
}
