"""Real servers for all tests, and the guards that hold for every one of them (style.md 4, reliability.md 12).

Each pytest process takes a free slot: a database, a Redis number and a folder of files of its own. So xdist's workers, or two runs
side by side, never meet.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servicedesk import embedded

ROOT = Path(__file__).resolve().parent.parent


def _take_slot(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for slot in range(15):
        lock = os.open(folder / f"slot-{slot}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return slot  # the lock stays open until the process ends
        except BlockingIOError:
            os.close(lock)
    pytest.exit("15 test processes run already", 2)


def _prepare_environment() -> tuple[embedded.Hold | None, int]:
    os.environ["SERVICEDESK_TESTS"] = "true"
    os.environ["SERVICEDESK_SERVERS"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "servicedesk.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "1"  # Playwright runs an event loop, in which Django refuses its ORM (tried)
    )
    servers = embedded.server_set("test")
    slot = _take_slot(servers.folder)
    hold = None
    own = os.environ.get("DATABASE_URL") and os.environ.get("SERVICEDESK_EMBEDDED") != "true"
    if not own:
        try:
            hold = embedded.hold("test")
        except embedded.EmbeddedError as error:
            pytest.exit(f"error: {error}", 2)
        embedded.export(servers)
        os.environ["REDIS_URL"] = os.environ["REDIS_URL"].replace("db=0", f"db={slot}")
    elif not os.environ.get("DATABASE_OWNER_URL"):
        pytest.exit(
            "DATABASE_OWNER_URL is not set: the owner makes the test database (ops/roles.sql, ops/roles_test.sql)", 2
        )
    os.environ["SERVICEDESK_FILES_FOLDER"] = str(servers.folder / "files" / str(slot))
    return hold, slot


HOLD, SLOT = _prepare_environment()

import django  # noqa: E402  # the environment comes first

django.setup()

from django.db import connection, connections, transaction  # noqa: E402
from django.db.models.expressions import OrderBy  # noqa: E402
from django.db.models.functions import Random  # noqa: E402
from django.db.models.sql.compiler import SQLCompiler  # noqa: E402
from django.test import Client, TransactionTestCase  # noqa: E402

# ── the database ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, django_db_keepdb: bool, request: pytest.FixtureRequest
) -> Iterator[None]:
    """The owner makes and migrates the database; everything after that runs as the application's user."""
    default, owner = connections["default"], connections["owner"]
    application = {key: default.settings_dict[key] for key in ("USER", "PASSWORD")}
    as_owner = {key: owner.settings_dict[key] for key in ("USER", "PASSWORD")}
    real_name = default.settings_dict["NAME"]
    keep = django_db_keepdb and not request.config.getvalue("create_db")
    with django_db_blocker.unblock():
        default.close()
        default.settings_dict.update(as_owner)
        default.settings_dict["TEST"]["NAME"] = f"test_{real_name}_{SLOT}"
        default.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=keep)
        with default.cursor() as cursor:
            cursor.execute("GRANT USAGE ON SCHEMA public TO app_fixture")
            cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO app_fixture")
            cursor.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO app_fixture")
        default.close()
        default.settings_dict.update(application)
        owner.close()
        owner.settings_dict["NAME"] = default.settings_dict["NAME"]
        _remember_filled_tables()
    yield
    with django_db_blocker.unblock():
        owner.close()
        owner.settings_dict["NAME"] = real_name
        default.close()
        default.settings_dict.update(as_owner)
        default.creation.destroy_test_db(real_name, verbosity=0, keepdb=keep)


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


def _guarded_request(self: Client, **request: Any) -> Any:
    response = _plain_request(self, **request)
    if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
        check_page(response.content.decode(), f"{request.get('REQUEST_METHOD')} {request.get('PATH_INFO')}")
    return response


Client.request = _guarded_request  # type: ignore[method-assign]


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
