"""The examples of docs/calculations.md, as they stand there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from django.utils import translation

from servicedesk.calculate import KINDS, answer
from tests.setup.conftest import ROOT, plain_environment

PAGE = (Path(ROOT) / "docs" / "calculations.md").read_text()
PAIR = re.compile(r"^```json (error )?(\w+)\n(.+)\n```\n\n```json\n(.+)\n```$", re.MULTILINE)


def test_every_example_is_answered_as_it_is_written() -> None:
    pairs = PAIR.findall(PAGE)
    assert [kind for error, kind, *_ in pairs if not error] == list(KINDS)
    for error, kind, case, written in pairs:
        with translation.override("en"):
            found = answer(kind, case)
        assert found == json.loads(written), kind
        assert found["ok"] is not bool(error)


def test_the_command_is_run_as_it_is_written() -> None:
    (command,) = re.findall(r"^```sh\n(.+)\n```$", PAGE, re.MULTILINE)
    done = subprocess.run(
        ["bash", "-c", command.replace(".venv/bin/python", sys.executable)],
        cwd=ROOT, env=plain_environment(), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert json.loads(done.stdout)["result"] == {"text": "人民币叁仟柒佰贰拾贰元壹角整"}
