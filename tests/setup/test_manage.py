"""manage.py starts the servers that a command needs and stops what it started."""

from __future__ import annotations

import pytest

import manage as command_line
from servicedesk import embedded
from tests.setup.conftest import manage

NAME = "trial-manage"


@pytest.mark.parametrize(
    ("words", "needs"),
    [
        ("manage.py", False),
        ("manage.py help", False),
        ("manage.py migrate --help", False),
        ("manage.py check", False),
        ("manage.py check --deploy", False),
        ("manage.py check --database default", True),
        ("manage.py collectstatic --noinput", False),
        ("manage.py messages --check", False),
        ("manage.py calculate clock", False),
        ("manage.py migrate", True),
        ("manage.py shell", True),
        ("manage.py seed_demo", True),
    ],
)
def test_which_commands_need_a_database(words, needs):
    assert command_line.needs_database(words.split()) is needs


@pytest.mark.servers
def test_a_command_starts_the_servers_and_they_stop_after_it():
    servers = embedded.server_set(NAME)
    done = manage("migrate", "--check", SERVICEDESK_SERVERS=NAME)
    assert done.returncode == 1  # nothing is migrated there yet, which only a running server can tell
    assert embedded.wait_until_stopped(servers)
    assert embedded.postmaster_pid(servers) is None
    assert embedded.redis_pid(servers) is None


@pytest.mark.servers
def test_a_command_leaves_servers_alone_that_somebody_else_uses():
    with embedded.hold(NAME) as hold:
        before = embedded.postmaster_pid(hold.servers)
        code = "from django.db import connection; print(connection.cursor().execute('SELECT 1'))"
        assert manage("shell", "--no-imports", "-c", code, SERVICEDESK_SERVERS=NAME).returncode == 0
        assert embedded.postmaster_pid(hold.servers) == before
        assert embedded.postgres_answers(hold.servers)


@pytest.mark.servers
def test_the_check_of_the_database_passes_on_the_projects_own_servers():
    done = manage("check", "--database", "default", SERVICEDESK_SERVERS=NAME)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.servers
def test_the_check_of_the_database_names_the_file_that_helps():
    done = manage("check", "--database", "default", SERVICEDESK_SERVERS="test-manage")
    assert done.returncode == 1
    assert "ops/roles.sql" in done.stderr
    assert "app_fixture" in done.stderr
