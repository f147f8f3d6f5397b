"""Print `export UV_…` lines for the package index that pip is configured for. Whatever UV_* variable is set already stays."""

import os
import shlex
import subprocess
import sys
from pathlib import Path


def pip_configuration() -> dict[str, str]:
    """pip's own view: environment first, then the user's, then the machine's file. Names without their section."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found: dict[str, str] = {}
    order = {"global": 0, "install": 1, ":env:": 2}
    for line in sorted(output.splitlines(), key=lambda line: order.get(line.split(".")[0], 0)):
        name, _, value = line.partition("=")
        found[name.partition(".")[2]] = value.strip().strip("'")
    return found


def existing(places: str) -> list[str]:
    """The addresses and folders among these that are there: pip only warns of a missing folder, uv stops."""
    words = places.replace("\\n", " ").split()
    return [
        word for word in words if "://" in word.removeprefix("file://") or Path(word.removeprefix("file://")).exists()
    ]


def main() -> None:
    """Translate what uv also knows: index, further indexes, folders of wheels, certificates."""
    pip = pip_configuration()
    wanted = {
        "UV_DEFAULT_INDEX": pip.get("index-url"),
        "UV_INDEX": " ".join(existing(pip.get("extra-index-url", ""))),
        "UV_FIND_LINKS": ",".join(existing(pip.get("find-links", ""))),
        "SSL_CERT_FILE": pip.get("cert"),
        "UV_INSECURE_HOST": pip.get("trusted-host", "").replace("\\n", " ") or None,
        "UV_HTTP_TIMEOUT": pip.get("timeout") or pip.get("default-timeout"),
        # a package of the lock is taken from the first index that has this very version: hashes decide, not the order
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    for name, value in wanted.items():
        if value and not os.environ.get(name):
            print(f"export {name}={shlex.quote(value)}")


if __name__ == "__main__":
    main()
