"""A cache that a stopped Valkey cannot break: it forgets, and the page computes again."""

import logging
import time
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 5.0


class TolerantRedisCache(RedisCache):
    """Misses while the server is away. After a failure it is left alone for a few seconds, so pages stay quick."""

    _away_until = 0.0

    def _tolerate(self, operation: str, default: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < TolerantRedisCache._away_until:
            return default
        try:
            return getattr(super(), operation)(*args, **kwargs)
        except (RedisError, OSError) as error:
            TolerantRedisCache._away_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("cache is away, going on without it: %s", error)
            return default

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._tolerate("get", default, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._tolerate("set", None, *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._tolerate("add", False, *args, **kwargs))

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._tolerate("touch", False, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._tolerate("delete", False, *args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        found: dict[Any, Any] = self._tolerate("get_many", {}, *args, **kwargs)
        return found

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        failed: list[Any] = self._tolerate("set_many", [], *args, **kwargs)
        return failed

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._tolerate("delete_many", None, *args, **kwargs)

    def clear(self) -> bool:  # type: ignore[override]  # Django itself returns a bool
        return bool(self._tolerate("clear", False))
