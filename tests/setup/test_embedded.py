"""The servers that the project starts itself: who holds them, who stops them, and what a kill leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg2
import pytest

from servicedesk import embedded
from tests.setup.conftest import ROOT, is_alive, plain_environment, wait_for

pytestmark = pytest.mark.servers


def holder(root: Path, name: str = "demo") -> subprocess.Popen[str]:
    """Another process that holds the set until its input ends; its first line of output is the postmaster's number."""
    code = f"""
        import pathlib, sys
        from servicedesk import embedded
        hold = embedded.hold({name!r}, root=pathlib.Path({str(root)!r}))
        print(embedded.postmaster_pid(hold.servers), flush=True)
        sys.stdin.read()
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, env=plain_environment(), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ask(servers: embedded.ServerSet, statement: str, *, owner: bool = False) -> list[tuple[object, ...]]:
    line = psycopg2.connect(servers.addresses()["DATABASE_OWNER_URL" if owner else "DATABASE_URL"])
    try:
        with line, line.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        line.close()


def pids(servers: embedded.ServerSet) -> tuple[int, int]:
    found = embedded.postmaster_pid(servers), embedded.redis_pid(servers)
    assert found[0] and found[1]
    return found[0], found[1]


def test_both_servers_answer_and_end_when_nobody_holds_them(root):
    hold = embedded.hold("demo", root=root)
    postmaster, redis = pids(hold.servers)
    assert ask(hold.servers, "SELECT current_user, current_database()") == [("servicedesk_app", "servicedesk")]
    hold.release()
    assert embedded.wait_until_stopped(hold.servers)
    assert not is_alive(postmaster)
    assert not is_alive(redis)


def test_the_servers_stay_while_another_process_holds_them(root):
    other = holder(root)
    postmaster = int(first_line(other))
    with embedded.hold("demo", root=root) as hold:
        assert pids(hold.servers)[0] == postmaster
    assert not embedded.wait_until_stopped(hold.servers, patience=1)
    assert is_alive(postmaster)
    other.communicate("")
    assert embedded.wait_until_stopped(hold.servers)
    assert not is_alive(postmaster)


def test_a_holder_that_is_killed_holds_no_longer(root):
    other = holder(root)
    postmaster = int(first_line(other))
    other.kill()
    other.wait()
    wait_for(lambda: not is_alive(postmaster), what="the end of PostgreSQL")


def test_three_starters_at_once_start_one_server(root):
    starters = [holder(root) for _ in range(3)]
    postmasters = {first_line(starter) for starter in starters}
    for starter in starters:
        starter.communicate("")
    assert len(postmasters) == 1
    assert embedded.wait_until_stopped(embedded.server_set("demo", root))


def test_after_kill_9_of_postgresql_it_comes_back_with_its_data(root):
    with embedded.hold("demo", root=root) as hold:
        ask(hold.servers, "CREATE TABLE kept (x int); INSERT INTO kept VALUES (7)", owner=True)
        postmaster, _redis = pids(hold.servers)
        os.kill(postmaster, signal.SIGKILL)
        wait_for(lambda: not embedded.postgres_answers(hold.servers))
        begin = time.monotonic()
        assert embedded.revive(hold.servers) == ["PostgreSQL"]
        assert time.monotonic() - begin < 15
        assert ask(hold.servers, "SELECT x FROM kept", owner=True) == [(7,)]
        assert embedded.revive(hold.servers) == []


def test_after_kill_9_of_redis_it_comes_back(root):
    with embedded.hold("demo", root=root) as hold:
        os.kill(pids(hold.servers)[1], signal.SIGKILL)
        wait_for(lambda: not embedded.redis_answers(hold.servers))
        assert embedded.revive(hold.servers) == ["Redis"]


def test_a_start_after_kill_9_of_everything_works(root):
    other = holder(root)
    first_line(other)
    servers = embedded.server_set("demo", root)
    guardians = [
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        if (folder / "cmdline").exists()
        and b"guard\0" + os.fsencode(servers.folder) in (folder / "cmdline").read_bytes()
    ]
    assert len(guardians) == 1
    for pid in (*guardians, *pids(servers), other.pid):
        os.kill(pid, signal.SIGKILL)
    other.wait()
    with embedded.hold("demo", root=root) as hold:
        assert ask(hold.servers, "SELECT 1") == [(1,)]
    assert embedded.wait_until_stopped(servers)


def test_two_sets_do_not_disturb_each_other(root):
    with embedded.hold("demo", root=root) as demo:
        with embedded.hold("test", root=root) as tests:
            assert not set(pids(demo.servers)) & set(pids(tests.servers))
        assert embedded.wait_until_stopped(tests.servers)
        assert ask(demo.servers, "SELECT 1") == [(1,)]


def test_only_a_test_set_lets_the_application_step_around_the_policies(root):
    question = "SELECT count(*) FROM pg_roles WHERE rolbypassrls AND pg_has_role('servicedesk_app', oid, 'MEMBER')"
    with embedded.hold("demo", root=root) as demo, embedded.hold("test", root=root) as tests:
        assert ask(demo.servers, question) == [(0,)]
        assert ask(tests.servers, question) == [(1,)]


def test_the_applications_user_owns_nothing_and_may_take_each_tiers_role(root):
    with embedded.hold("demo", root=root) as hold:
        assert ask(
            hold.servers,
            "SELECT rolsuper, rolbypassrls, rolinherit, rolcreaterole FROM pg_roles WHERE rolname = 'servicedesk_app'",
        ) == [(False, False, False, False)]
        for tier in ("dealer", "office", "hq", "outside", "platform", "system"):
            assert ask(hold.servers, f"SET LOCAL ROLE app_{tier}; SELECT current_user") == [(f"app_{tier}",)]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(hold.servers, "CREATE TABLE mine (x int)")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(hold.servers, "SET ROLE servicedesk_owner")


def test_a_long_path_puts_the_sockets_under_the_temp_dir(tmp_path):
    deep = embedded.server_set("demo", tmp_path / ("deep" * 30))
    assert len(os.fsencode(deep.sockets / ".s.PGSQL.5432")) <= embedded.SOCKET_PATH_LIMIT
    assert deep.sockets != embedded.server_set("test", tmp_path / ("deep" * 30)).sockets


@pytest.mark.parametrize("name", ["../x", "Demo", "a b", "1"])
def test_a_set_is_named_with_plain_letters(name):
    with pytest.raises(embedded.EmbeddedError, match="named with small letters"):
        embedded.server_set(name)


def test_the_secret_key_is_made_once_and_readable_by_us_only(root):
    servers = embedded.server_set("demo", root)
    key = embedded.secret_key(servers)
    assert len(key) >= 50
    assert embedded.secret_key(servers) == key
    assert (servers.folder / "secret_key").stat().st_mode & 0o077 == 0
