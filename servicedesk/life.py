"""Signs of life of the worker and the tick, in Redis: who looks for trouble asks how old they are."""

from __future__ import annotations

import time

from django.core.cache import cache

WORKER, TICK = "worker", "tick"
KEPT = 24 * 3600  # seconds
PATIENCE = 60.0  # seconds; a worker looks for jobs every 2 s, the tick comes every 5 s


def sign(kind: str) -> None:
    """Say that it lives. A missing Redis costs nothing but the sign."""
    cache.set(f"life:{kind}", time.time(), KEPT)


def age(kind: str) -> float | None:
    """Seconds since the last sign; None when there was none in the last day, or Redis is away."""
    at = cache.get(f"life:{kind}")
    return max(0.0, time.time() - float(at)) if at is not None else None
