"""What was met lately and is likely to be met again: a bounded memory that forgets what came first."""

from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The latest values by key, at most `most` of them. Values are shared: nobody changes them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """The value of the key, where it is remembered."""
        return self._kept.get(key)

    def keep(self, key: K, value: V) -> V:
        """Remembers the value, and gives it back."""
        self._kept[key] = value
        if len(self._kept) > self._most:
            self._kept.pop(next(iter(self._kept)), None)
        return value

    def forget(self, key: K) -> None:
        """Remembers the key no more."""
        self._kept.pop(key, None)
