"""Servers and databases of the tests, for pytest and for suites with a runner of their own (isolation).

Each process takes a free slot: a database, a Redis number and a folder of files of its own. So xdist's workers, or two runs side
by side, never meet. Standard library and `servicedesk.embedded` only until `django.setup()` has run.
"""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path
from typing import Any

from servicedesk import embedded


class NoServers(Exception):
    """The tests cannot have their servers; the text is one line for a person."""


def take_slot(folder: Path) -> int:
    """The number of a slot that no other process uses; it stays taken until this process ends."""
    folder.mkdir(parents=True, exist_ok=True)
    for slot in range(15):
        lock = os.open(folder / f"slot-{slot}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return slot  # the lock stays open until the process ends
        except BlockingIOError:
            os.close(lock)
    raise NoServers("15 test processes run already")


def prepare_environment() -> tuple[embedded.Hold | None, int]:
    """Start the servers of the test set (or take those of the environment) and say so to Django's settings.

    Returns what keeps the servers running, and the slot.
    """
    os.environ["SERVICEDESK_TESTS"] = "true"
    os.environ["SERVICEDESK_SERVERS"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "servicedesk.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "1"  # Playwright runs an event loop, in which Django refuses its ORM (tried)
    )
    servers = embedded.server_set("test")
    slot = take_slot(servers.folder)
    hold = None
    own = os.environ.get("DATABASE_URL") and os.environ.get("SERVICEDESK_EMBEDDED") != "true"
    if not own:
        try:
            hold = embedded.hold("test")
        except embedded.EmbeddedError as error:
            raise NoServers(f"error: {error}") from error
        embedded.export(servers)
        os.environ["REDIS_URL"] = os.environ["REDIS_URL"].replace("db=0", f"db={slot}")
    elif not os.environ.get("DATABASE_OWNER_URL"):
        raise NoServers(
            "DATABASE_OWNER_URL is not set: the owner makes the test database (ops/roles.sql, ops/roles_test.sql)"
        )
    os.environ["SERVICEDESK_FILES_FOLDER"] = str(servers.folder / "files" / str(slot))
    return hold, slot


def make_database(name: str, *, keep: bool = False) -> dict[str, Any]:
    """Make and migrate a test database as the owner; afterwards both connections point at it, the default one as the
    application's user. Returns what `drop_database` needs."""
    from django.db import connections

    default, owner = connections["default"], connections["owner"]
    application = {key: default.settings_dict[key] for key in ("USER", "PASSWORD")}
    as_owner = {key: owner.settings_dict[key] for key in ("USER", "PASSWORD")}
    real_name = default.settings_dict["NAME"]
    default.close()
    default.settings_dict.update(as_owner)
    default.settings_dict["TEST"]["NAME"] = name
    default.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=keep)
    with default.cursor() as cursor:
        cursor.execute("GRANT USAGE ON SCHEMA public TO app_fixture")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO app_fixture")
        cursor.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO app_fixture")
        # what a page asks by function, too: with layer 2 off it would otherwise prove nothing but a fault
        cursor.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO app_fixture")
    default.close()
    default.settings_dict.update(application)
    owner.close()
    owner.settings_dict["NAME"] = default.settings_dict["NAME"]
    return {"real_name": real_name, "name": default.settings_dict["NAME"], "as_owner": as_owner, "keep": keep}


def drop_database(made: dict[str, Any]) -> None:
    """Drop what `make_database` made, and point the owner's connection back."""
    from django.db import connections

    default, owner = connections["default"], connections["owner"]
    owner.close()
    owner.settings_dict["NAME"] = made["real_name"]
    default.close()
    default.settings_dict["NAME"] = made["name"]  # a suite may have worked on copies
    with default.cursor() as cursor:  # threads of a live server or a race that ended without closing theirs
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )
    default.close()
    default.settings_dict.update(made["as_owner"])
    default.creation.destroy_test_db(made["real_name"], verbosity=0, keepdb=made["keep"])


def refuse(problem: NoServers) -> None:
    """End this process with one clear line."""
    print(problem, file=sys.stderr)  # noqa: T201  # the caller is a person at a terminal
    sys.exit(2)
