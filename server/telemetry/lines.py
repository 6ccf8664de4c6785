"""A line of the log for each call, where that is asked for."""

from contextlib import AbstractContextManager
from time import perf_counter
from types import TracebackType
from typing import Any

import structlog

from server.auth import OPEN_SERVICES
from server.interceptors import REQUEST_ID, nothing_around
from server.telemetry.codes import code_of

log = structlog.get_logger("calls")


def line(method: str, context: Any) -> AbstractContextManager[object]:
    """The context of a call that is told when it ends. Probes are not."""
    return nothing_around(method, context) if method.startswith(OPEN_SERVICES) else _Line(method, context)


class _Line:
    __slots__ = ("_began", "_context", "_method")

    def __init__(self, method: str, context: Any) -> None:
        self._method, self._context = method, context

    def __enter__(self) -> None:
        self._began = perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Also a call that nobody was let in with has an id.
        sent = dict(self._context.trailing_metadata() or ())
        log.info(
            "a call ended",
            method=self._method,
            code="OK" if error is None else code_of(error, self._context),
            seconds=round(perf_counter() - self._began, 4),
            request_id=str(sent.get(REQUEST_ID, "")),
        )
