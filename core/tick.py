"""What is due is rung here, every 5 s: clocks, reminders, clean-up. Rows say what is due; the tick only looks (reliability.md 5)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from core import tenancy

log = logging.getLogger(__name__)

LOCK = 5_271  # one tick at a time in the whole installation; any number of processes may try

Ringer = Callable[[datetime], None]

_ringers: list[Ringer] = []


def on_tick(ring: Ringer) -> Ringer:
    """Register a function that rings what is due at `now`; written in an app's `apps.py`. It must be cheap when nothing is due."""
    _ringers.append(ring)
    return ring


def tick(now: datetime) -> bool:
    """Ring everything that is due; False when another process is just doing it. A ringer that fails does not stop the others."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return False
        for ring in _ringers:
            try:
                with tenancy.acting(tenancy.system()):
                    ring(now)
            except Exception:  # the next reminder must not wait for the repair of this one
                log.exception("ringer %s failed", getattr(ring, "__qualname__", ring))
    return True
