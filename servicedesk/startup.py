"""What a web or worker process checks before it serves anybody."""

from __future__ import annotations

import os
import sys


def verify_configuration() -> None:
    """End the process with one line when no servers are configured: only manage.py may start its own."""
    if not any(os.environ.get(name) for name in ("DATABASE_URL", "DATABASE_URL_FILE")):
        sys.exit(
            "configuration: DATABASE_URL is not set (.env.example lists all settings; `make demo` starts servers of its own)"
        )
