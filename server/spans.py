"""Spans: what a server was doing, and for how long, for those who follow a call through several systems.

Whoever does something worth a span says so here, and knows nothing of who listens. By default nobody does.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextvars import ContextVar
from types import TracebackType
from typing import Final, Protocol

Value = str | int | float | bool

NO_HEADERS: Final[Mapping[str, str]] = {}


class Span(Protocol):
    """What is being done. It never gets a value that a caller or a platform made up, but for ids."""

    def say(self, **attributes: Value) -> None:
        """Adds what is known of it by now."""
        ...


class Tracer(Protocol):
    """Makes spans."""

    def __call__(
        self, name: str, outgoing: bool, attributes: Mapping[str, Value]
    ) -> AbstractContextManager[Span]:
        """A span within the current one, for as long as the context lasts; `outgoing` where another system is asked."""
        ...


class _Nothing:
    """The span of a server that nobody follows."""

    def say(self, **attributes: Value) -> None:
        pass

    def __enter__(self) -> "_Nothing":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


_NOTHING: Final = _Nothing()

TRACER: ContextVar[Tracer | None] = ContextVar("tracer", default=None)
# What other systems that are asked now are told of the span, as HTTP headers.
OUTGOING: ContextVar[Mapping[str, str]] = ContextVar("outgoing", default=NO_HEADERS)


def span(name: str, *, outgoing: bool = False, **attributes: Value) -> AbstractContextManager[Span]:
    """A span, for as long as the context lasts. Its name is one of few."""
    tracer = TRACER.get()
    return _NOTHING if tracer is None else tracer(name, outgoing, attributes)
