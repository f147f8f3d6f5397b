"""The cache lives in Redis and may be gone at any time: then it answers as if it were empty (architecture.md, Redis)."""

from __future__ import annotations

from typing import Any

import redis
import structlog
from django.core.cache.backends.redis import RedisCache

log = structlog.get_logger(__name__)


class _Forgiving:
    """Swallows Redis's errors and logs them: the line after the block says what an empty cache would answer."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, redis.exceptions.RedisError):
            log.warning("cache_unreachable", error=type(error).__name__)
            return True
        return False


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache without its exceptions: what is lost is only time. Nothing that must be kept lives here.

    Any in the signatures: values of the cache are whatever was put in, as in Django's own class.
    """

    def add(self, key: str, value: Any, timeout: Any = None, version: int | None = None) -> bool:
        with _Forgiving():
            return bool(super().add(key, value, timeout, version))
        return True

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        with _Forgiving():
            return super().get(key, default, version)
        return default

    def set(self, key: str, value: Any, timeout: Any = 300, version: int | None = None) -> None:
        with _Forgiving():
            super().set(key, value, timeout, version)

    def touch(self, key: str, timeout: Any = 300, version: int | None = None) -> bool:
        with _Forgiving():
            return bool(super().touch(key, timeout, version))
        return False

    def delete(self, key: str, version: int | None = None) -> bool:
        with _Forgiving():
            return bool(super().delete(key, version))
        return False

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        with _Forgiving():
            return dict(super().get_many(keys, version))
        return {}

    def has_key(self, key: str, version: int | None = None) -> bool:
        with _Forgiving():
            return bool(super().has_key(key, version))
        return False

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        with _Forgiving():
            return int(super().incr(key, delta, version))
        return delta

    def set_many(self, data: Any, timeout: Any = 300, version: int | None = None) -> list[str]:
        with _Forgiving():
            return list(super().set_many(data, timeout, version))
        return list(data)

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        with _Forgiving():
            super().delete_many(keys, version)

    def clear(self) -> None:
        with _Forgiving():
            super().clear()
