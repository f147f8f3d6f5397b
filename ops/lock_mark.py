"""Whether the lock files belong to pyproject.toml's dependencies, told without a network.

The last line of each lock holds a hash of the dependency lists it was made from. `--write` puts it there.
"""

import hashlib
import json
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")


def mark() -> str:
    """The line for these dependencies."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lists = [project["project"]["requires-python"], project["project"]["dependencies"], project["dependency-groups"]]
    return "# made from dependencies " + hashlib.sha256(json.dumps(lists).encode()).hexdigest()[:32]


def main() -> None:
    """Write the line, or compare it and end with 1 when it differs."""
    for name in LOCKS:
        path = ROOT / name
        lines = path.read_text().splitlines()
        if "--write" in sys.argv:
            kept = [line for line in lines if not line.startswith("# made from")]
            path.write_text("\n".join([*kept, mark()]) + "\n")
        elif lines[-1] != mark():
            sys.exit(f"{name} is older than the dependencies in pyproject.toml: run `make lock`")


if __name__ == "__main__":
    main()
