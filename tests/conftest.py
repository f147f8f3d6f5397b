"""Real servers for all tests (tests/servers.py), and the guards that hold for every one of them (style.md 4, reliability.md 12)."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples

from tests import servers

ROOT = Path(__file__).resolve().parent.parent


# a busy machine is no fault of a property
examples.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("patient")

try:
    HOLD, SLOT = servers.prepare_environment()
except servers.NoServers as problem:
    pytest.exit(str(problem), 2)

import django  # noqa: E402  # the environment comes first

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402
from django.db.models.expressions import OrderBy  # noqa: E402
from django.db.models.functions import Random  # noqa: E402
from django.db.models.sql.compiler import SQLCompiler  # noqa: E402
from django.test import Client, TransactionTestCase  # noqa: E402
from django.utils import translation  # noqa: E402

# ── the database ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, django_db_keepdb: bool, request: pytest.FixtureRequest
) -> Iterator[None]:
    """The owner makes and migrates the database; everything after that runs as the application's user."""
    keep = django_db_keepdb and not request.config.getvalue("create_db")
    name = f"test_{connections['default'].settings_dict['NAME']}_{SLOT}"
    with django_db_blocker.unblock():
        made = servers.make_database(name, keep=keep)
        _remember_filled_tables()
    yield
    with django_db_blocker.unblock():
        servers.drop_database(made)


_filled_by_migrate: set[str] = set()


def _all_tables(cursor: Any) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [name for (name,) in cursor.fetchall()]


def _filled_tables(cursor: Any) -> list[str]:
    tables = _all_tables(cursor)
    if not tables:
        return []
    cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables))
    return [name for (name,) in cursor.fetchall()]


def _remember_filled_tables() -> None:
    """Dictionaries and what else a migration fills stay through the tests that commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE app_fixture")
        _filled_by_migrate.update(_filled_tables(cursor))


def _empty_tables(self: TransactionTestCase) -> None:
    """After a test that commits: empty what it filled. Django's flush needs an owner and would empty the dictionaries, too."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE app_fixture")
        filled = [name for name in _filled_tables(cursor) if name not in _filled_by_migrate]
        if filled:
            # CASCADE reaches only empty tables: no dictionary refers to a tenant's row
            cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in filled) + " CASCADE")


TransactionTestCase._fixture_teardown = _empty_tables  # type: ignore[method-assign]

# ── guards ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

_ordered_as_asked = SQLCompiler._order_by_pairs


def _order_by_pairs(self: SQLCompiler) -> Iterator[Any]:
    """A query that names no order gets a random one, so that no test passes by luck."""
    asked = False
    for pair in _ordered_as_asked(self):
        asked = True
        yield pair
    query = self.query
    is_plain_list = not (query.subquery or query.combinator or query.distinct or query.group_by is not None)
    if not asked and is_plain_list and "a" not in query.annotations:  # "a" is Django's own EXISTS
        yield OrderBy(Random()), False


SQLCompiler._order_by_pairs = _order_by_pairs

_FORBIDDEN_IN_PAGES = {
    "an unrendered template tag": re.compile(r"\{\{|\{%|\{#"),
    "an inline style": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an inline script": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=.(?:application/(?:json|ld\+json)|importmap|speculationrules))[^>]*>",
        re.IGNORECASE,
    ),
    "a component of another template language": re.compile(r"<c-"),
}


def check_page(html: str, where: str) -> None:
    """Fail when a page holds what strict CSP would block or what a template forgot."""
    for what, pattern in _FORBIDDEN_IN_PAGES.items():
        found = pattern.search(html)
        if found:
            around = html[max(0, found.start() - 60) : found.end() + 60]
            pytest.fail(f"{where} has {what}: …{around}…")


_plain_request = Client.request


_UNPACK = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


def _readable(response: Any) -> str:
    """The text of an answer, compressed or not."""
    content: bytes = response.content
    return _UNPACK[response.headers.get("Content-Encoding", "")](content).decode()


def _guarded_request(self: Client, **request: Any) -> Any:
    response = _plain_request(self, **request)
    if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
        check_page(_readable(response), f"{request.get('REQUEST_METHOD')} {request.get('PATH_INFO')}")
    return response


Client.request = _guarded_request  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _plain_language() -> Iterator[None]:
    """A page that was asked for in English does not colour the words of the next test."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> None:
    """Redis holds nothing from the test before."""
    if (
        "db" in request.fixturenames
        or "transactional_db" in request.fixturenames
        or request.node.get_closest_marker("django_db")
    ):
        from django.core.cache import cache

        cache.clear()


# ── the people whom everybody knows ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def people(request: pytest.FixtureRequest) -> Any:
    """The known people of tests/people.py, in a fresh database; works in tests that commit and in those that do not."""
    name = "transactional_db" if _commits(request) else "db"
    request.getfixturevalue(name)
    from tests.people import People

    return People()


def _commits(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    wanted = {"transactional_db", "live_server"} & set(request.fixturenames)
    return bool(wanted) or (marker is not None and bool(marker.kwargs.get("transaction")))


@pytest.fixture
def sign_in(client: Client) -> Any:
    """`sign_in(people.dispatcher)`: the test client, signed in as this person."""
    from tests import people as known

    return lambda who: known.sign_in(client, who)


def pytest_configure(config: pytest.Config) -> None:
    """Browser traces and pictures of failures go where `make clean` finds them."""
    if hasattr(config.option, "output") and config.option.output == "test-results":
        config.option.output = str(ROOT / "var" / "browser")
