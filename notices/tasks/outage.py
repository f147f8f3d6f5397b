"""A host that does not answer costs each channel that goes there seconds; so the first one to notice tells the others.

In Redis: what is lost there costs one more try. Only for hosts that cannot be reached, never for what they answer.
"""

from __future__ import annotations

from django.core.cache import cache

FIRST, LONGEST, REMEMBERED = 15, 120, 600  # seconds


def is_out(place: str) -> bool:
    """Whether the place did not answer a moment ago."""
    return bool(cache.get(f"outage:{place}"))


def note_out(place: str) -> None:
    """It did not answer: everybody leaves it alone for 15, 30, 60, 120 s."""
    times = int(cache.get(f"outages:{place}") or 0)
    cache.set(f"outages:{place}", times + 1, REMEMBERED)
    cache.set(f"outage:{place}", 1, min(FIRST * 2**times, LONGEST))


def note_up(place: str) -> None:
    """It answers."""
    cache.delete_many([f"outages:{place}", f"outage:{place}"])
