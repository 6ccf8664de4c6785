"""The bounds that settings and an operator's words to a tenant give."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final, Self

from server.settings import Settings
from server.store.tenant_limits import TenantLimitsRecord

# Of methods that order systems do not call, which have places of their own: order traffic never takes them.
PEOPLE_AT_ONCE: Final = 64
# Of these a tenant's people take at most so many, so that no tenant locks the others' people out.
PEOPLE_OF_A_TENANT: Final = 16
# Of health and reflection, which anybody may call.
OPEN_AT_ONCE: Final = 256


@dataclass(frozen=True, slots=True)
class ServerBounds:
    """What one process takes of all tenants together. Streams are calls that last: they are counted apart."""

    calls_at_once: int
    streams_at_once: int
    database_queue: int

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Those of the settings."""
        return cls(settings.calls_at_once, settings.streams_at_once, settings.database_queue)


@dataclass(frozen=True, slots=True)
class TenantBounds:
    """What is taken of a tenant; None where there is no bound.

    Calls at once are those of one process. `rate`, in calls a second, and `burst` are shared by `sharers` processes, a part
    for each, and the database counts the calls of a day for all of them.
    """

    calls_at_once: int
    streams_at_once: int
    rate: float | None = None
    burst: float | None = None
    calls_a_day: int | None = None
    sharers: int = 1

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Those of the settings, for tenants of whom nothing else is said."""
        return cls(
            settings.tenant_calls_at_once,
            settings.tenant_streams_at_once,
            settings.tenant_rate,
            settings.tenant_burst,
            settings.tenant_calls_a_day,
            settings.sharers,
        )

    @property
    def bucket(self) -> tuple[float, float]:
        """Rate and size of one process's bucket, where there is a rate; a second's worth where no burst is said."""
        assert self.rate is not None, "who asks knows that there is a rate"
        burst = self.rate if self.burst is None else self.burst
        return self.rate / self.sharers, burst / self.sharers

    def under(self, said: TenantLimitsRecord | None) -> "TenantBounds":
        """These, but where something else is said of the tenant."""
        if said is None:
            return self
        given = {
            name: value
            for name in ("calls_at_once", "streams_at_once", "rate", "burst", "calls_a_day")
            if (value := getattr(said, name)) is not None
        }
        return replace(self, **given)


BoundsOf = Callable[[str], Awaitable[TenantBounds]]
