"""One folder for the counters of all processes of one web server, named before prometheus_client is imported (servicedesk/metrics.py)."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def prepare() -> None:
    """Name the folder unless the environment does: by the process that starts the workers, so that they share it.

    Folders of servers that are gone are removed. Without a place to write each process counts for itself.
    """
    if os.environ.get(VARIABLE):
        return
    parent = Path(tempfile.gettempdir())
    folder = parent / f"servicedesk-metrics-{os.getppid()}"
    try:
        for old in parent.glob("servicedesk-metrics-*"):
            number = re.search(r"\d+$", old.name)
            if number and not Path(f"/proc/{number[0]}").exists():
                shutil.rmtree(old, ignore_errors=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            return
    except OSError:
        return
    os.environ[VARIABLE] = str(folder)
