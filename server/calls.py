"""The call that is being served: who asks, under which call id, until when; and the case that is being worked on."""

from contextvars import ContextVar
from dataclasses import dataclass

from server.auth import Principal


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `deadline` is on the event loop's clock, in seconds; None where the caller set none.

    `trace_id` is of the trace that it belongs to, as its caller says; empty where it says nothing.
    """

    method: str
    request_id: str
    principal: Principal
    deadline: float | None
    trace_id: str = ""

    def time_left(self, now: float) -> float | None:
        """Seconds until the caller gives up, never below 0; None where it waits for ever."""
        return None if self.deadline is None else max(self.deadline - now, 0.0)


CURRENT: ContextVar[Call] = ContextVar("call")
# The case that is being worked on, by tenant and name; work without a call has nothing else.
CASE: ContextVar[tuple[str, str]] = ContextVar("case")


def current_call() -> Call:
    """The call that this code serves. Raises LookupError outside of one."""
    return CURRENT.get()
