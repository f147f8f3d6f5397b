"""The doors of the project: make's targets, the lock, the bootstrap."""

from __future__ import annotations

import re
import subprocess
import sys
import time

from tests.setup.conftest import ROOT, plain_environment


def test_help_has_one_line_for_each_door():
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    makefile = (ROOT / "Makefile").read_text()
    doors = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE)) - {"setup-tests"}
    listed = re.findall(r"^  make ([a-z-]+) +\S", shown, flags=re.MULTILINE)
    assert sorted(listed) == sorted(doors)


def test_the_lock_belongs_to_the_dependencies():
    done = subprocess.run([sys.executable, "ops/lock_mark.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_lock_names_no_address_and_a_hash_for_each_package():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        packages = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
        assert len(packages) > 80
        assert all("--hash=sha256:" in package for package in packages)


def test_both_locks_agree_on_every_version():
    def versions(name: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9-]+==[^ ]+)", (ROOT / name).read_text(), flags=re.MULTILINE))

    assert versions("requirements.lock") <= versions("requirements-dev.lock")


def test_a_second_bootstrap_is_quick_and_silent():
    subprocess.run(["ops/bootstrap.sh"], cwd=ROOT, check=True, capture_output=True)
    begin = time.monotonic()
    done = subprocess.run(["ops/bootstrap.sh"], cwd=ROOT, check=True, capture_output=True, text=True)
    assert time.monotonic() - begin < 1.0
    assert done.stdout == ""


def test_the_package_index_of_pip_is_handed_on(tmp_path):
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    environment = plain_environment(
        PIP_INDEX_URL="https://mirror.example/simple", PIP_EXTRA_INDEX_URL="https://more.example/simple file:///not/here",
        PIP_FIND_LINKS=f"{wheels} /not/here/either", PIP_CONFIG_FILE="/dev/null",
    )  # fmt: skip
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "ops/package_index.py"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert "export UV_DEFAULT_INDEX=https://mirror.example/simple\n" in done.stdout
    assert "export UV_INDEX=https://more.example/simple\n" in done.stdout
    assert f"export UV_FIND_LINKS={wheels}\n" in done.stdout
