"""The suite finds what it is for: with both layers off, or a right too much, it must cry out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def run(only: str, **more: str) -> tuple[int, dict[str, int], str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE", "REDIS", "SERVICEDESK"))
    }
    environment |= {"ONLY": only, "FEW": "60", **more}
    done = subprocess.run([sys.executable, "-m", "tests.isolation"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)  # fmt: skip
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
    assert last.startswith("cells="), done.stdout[-1500:] + done.stderr[-1500:]
    return (
        done.returncode,
        {name: int(value) for name, value in (pair.split("=") for pair in last.split())},
        done.stdout,
    )


@pytest.mark.slow
def test_it_passes_and_fails_as_it_should():
    status, figures, said = run("tickets:ticket")
    assert (status, figures["leaks"], figures["missing_positive"]) == (0, 0, 0), said[-3000:]
    assert figures["cells"] >= 30 and figures["positive"] > 0
    status, figures, said = run("tickets:ticket", BLIND="true")
    assert status == 1 and figures["leaks"] > 0, said[-3000:]
    assert "LEAK" in said
    report = json.loads((ROOT / "var" / "isolation" / "report.json").read_text())
    assert {item["kind"] for item in report["found"]} >= {"leak"}
