"""Counters that slow down who tries too often, in Redis: what is lost there opens no door, it only counts anew."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def too_many(name: str, key: str, *, limit: int) -> bool:
    """Whether `key` has been counted `limit` times or more within its time."""
    return int(cache.get(f"limit:{name}:{key}") or 0) >= limit


def count(name: str, key: str, *, seconds: int) -> None:
    """Count once more; the time runs from the first count."""
    place = f"limit:{name}:{key}"
    if not cache.add(place, 1, seconds):
        try:
            cache.incr(place)
        except ValueError:  # it ran out just now
            cache.add(place, 1, seconds)


def client_address(request: HttpRequest) -> str:
    """Where the request comes from: behind our own proxies the address that the outermost of them saw."""
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if settings.PROXIES and len(forwarded) >= settings.PROXIES:
        return str(forwarded[-settings.PROXIES])
    return str(request.META.get("REMOTE_ADDR", ""))
