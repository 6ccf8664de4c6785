"""Places for calls: so many at once of each kind and of each tenant."""

from collections import Counter
from enum import StrEnum
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from server.limits.limiting import Limiting


class Kind(StrEnum):
    """Whose traffic a method is. Each has places of its own, so that none starves another."""

    ORDERS = "ORDERS"  # order systems
    PEOPLE = "PEOPLE"  # operators, auditors, rule authors
    OPEN = "OPEN"  # health and reflection


class Counted:
    """How many there are of each."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, bool]] = Counter()

    def take(self, key: tuple[str, bool], most: int) -> bool:
        """One more; False where there are as many as may be."""
        if self._counts[key] >= most:
            return False
        self._counts[key] += 1
        return True

    def give(self, key: tuple[str, bool]) -> None:
        """One less."""
        self._counts[key] -= 1
        if not self._counts[key]:
            del self._counts[key]

    def count(self, key: tuple[str, bool]) -> int:
        """How many there are."""
        return self._counts[key]


class Place:
    """A call's place in the server, and then among its tenant's calls. Leaving it gives both back."""

    __slots__ = ("_limiting", "kind", "streaming", "tenant")

    def __init__(self, limiting: "Limiting", kind: Kind, streaming: bool) -> None:
        self._limiting = limiting
        self.kind = kind
        self.streaming = streaming
        self.tenant: str | None = None

    async def of(self, tenant: str, weight: int) -> None:
        """Takes a place among the tenant's calls, and what the call counts for. Raises LimitExceeded, QuotaUsedUp."""
        await self._limiting.take_of(self, tenant, weight)

    async def go_on(self, weight: int) -> None:
        """Waits until a stream's next message may come: its caller is slowed, not refused. Raises QuotaUsedUp."""
        await self._limiting.pace(self, weight)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._limiting.give(self)
