"""`manage.py calculate`: a stream in, a stream out, without servers."""

from __future__ import annotations

import codecs
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from servicedesk import embedded
from servicedesk.management.commands.calculate import calculate
from tests.cases import FULL
from tests.setup.conftest import ROOT, plain_environment

NOWHERE = {
    "SECRET_KEY": "only-for-this-test-0123456789-0123456789-0123456789",
    "DATABASE_URL": "postgresql://servicedesk_app:x@127.0.0.1:1/servicedesk",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "SERVICEDESK_SITE_URL": "https://service.example.com",
}
GOOD, BAD = '{"id": "a", "amount": "328"}', '{"id": "b", "amount": "1.500"}'


def run(*words: str, lines: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command where neither PostgreSQL nor Redis answers."""
    return subprocess.run(
        [sys.executable, "manage.py", "calculate", *words],
        input=lines,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=plain_environment(**{**NOWHERE, **environment}),
        timeout=60,
        check=False,
    )


def answers(*lines: bytes) -> list[Any]:
    """The answers to these lines of a file, as a program reads them that splits text at any line separator."""
    out = io.BytesIO()
    failed = calculate("capitals", lines, out)
    found = [json.loads(line) for line in out.getvalue().decode().splitlines()]
    assert failed == sum(not one["ok"] for one in found)
    return found


# ── the stream ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_line_is_answered_in_its_order_and_blank_ones_are_skipped() -> None:
    lines = [GOOD, "", BAD, "   ", "\t\r", "nonsense", '{"id": "c", "amount": 1}']
    found = answers(*(f"{line}\n".encode() for line in lines))
    assert [(one["id"], one["ok"]) for one in found] == [("a", True), ("b", False), (None, False), ("c", True)]


def test_files_of_windows_are_read() -> None:
    found = answers(codecs.BOM_UTF8 + f"{GOOD}\r\n".encode(), f"{GOOD}\r\n".encode())
    assert [one["ok"] for one in found] == [True, True]


def test_a_line_that_is_not_utf8_fails_alone() -> None:
    found = answers(b'{"id": "\xff"}\n', GOOD.encode())
    assert [(one["id"], one["ok"]) for one in found] == [(None, False), ("a", True)]


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\ud800"])
def test_an_answer_is_one_line_whatever_stands_in_the_id(sign: str) -> None:
    (found,) = answers(json.dumps({"id": f"a{sign}b", "amount": 1}).encode())
    assert found["id"] == f"a{sign}b"


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_when_all_lines_are_answered_it_ends_with_0() -> None:
    done = run("capitals", lines=f"{GOOD}\n")
    assert done.stdout == (
        '{"id": "a", "ok": true, "result": {"text": "人民币叁佰贰拾捌元整"}, '
        '"explain": ["328.00 的大写:人民币叁佰贰拾捌元整。", "金额没有分,末尾写整。"]}\n'
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_failed_line_ends_with_1_and_the_next_ones_are_answered() -> None:
    lines = "\n".join(json.dumps({"id": kind, **case}) for kind, case in FULL.items())
    done = run("claim", lines=lines)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["id"], one["ok"]) for one in found] == [(kind, kind == "claim") for kind in FULL]
    assert (done.returncode, done.stderr) == (1, "")


def test_the_language_is_the_installations_unless_another_is_chosen() -> None:
    english = json.loads(run("capitals", "--lang", "en", lines=BAD).stdout)
    assert english["error"]["message"].startswith("Money has two decimals at most")
    chinese = json.loads(run("capitals", lines=BAD, LANG="en_US.UTF-8").stdout)
    assert chinese["error"]["message"].startswith("金额最多两位小数")


def test_an_unknown_kind_is_one_clear_line_and_exit_2() -> None:
    done = run("clok", lines=GOOD)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "clok" in line and "clock, warranty, claim, statement, lump_sum, capitals" in line


def test_a_missing_kind_is_as_an_unknown_one() -> None:
    with pytest.raises(CommandError, match="clock, warranty") as caught:
        call_command("calculate")
    assert caught.value.returncode == 2


def test_each_answer_comes_before_the_next_question() -> None:
    command = [sys.executable, "manage.py", "calculate", "capitals"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=plain_environment(**NOWHERE)
    ) as process:
        assert process.stdin and process.stdout
        for name in ("first", "second"):
            process.stdin.write(json.dumps({"id": name, "amount": 1}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == name
        process.stdin.close()
        assert process.wait(timeout=30) == 0


def test_a_reader_that_has_seen_enough_is_no_accident() -> None:
    shell = f"yes '{GOOD}' | head -20000 | {sys.executable} manage.py calculate capitals | head -1"
    done = subprocess.run(
        ["bash", "-c", shell], capture_output=True, cwd=ROOT, env=plain_environment(**NOWHERE), timeout=60, check=True
    )
    assert json.loads(done.stdout)["id"] == "a"
    assert done.stderr == b""


@pytest.mark.servers
def test_it_starts_no_servers_of_its_own() -> None:
    name = "trial-calculate"
    servers = embedded.server_set(name)
    done = subprocess.run(
        [sys.executable, "manage.py", "calculate", "capitals"],
        input=GOOD.encode(),
        capture_output=True,
        cwd=ROOT,
        env=plain_environment(SERVICEDESK_SERVERS=name),
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    kept = {path.name for path in Path(servers.folder).glob("*")}
    assert kept <= {"secret_key"}
    assert embedded.postmaster_pid(servers) is None
    assert embedded.redis_pid(servers) is None
