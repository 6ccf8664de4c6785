"""Logs: JSON lines for machines or a console for people, on standard error, without personal data.

Each line says by itself for which call and case it is, where it is for one.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any

import structlog
from structlog.typing import EventDict

from server.calls import CASE, CURRENT

log = structlog.get_logger("logs")


def unheard(level: str) -> None:
    """Nobody counts."""


def untraced() -> str:
    """Nobody follows calls."""
    return ""


def set_up_logs(
    form: str, heard: Callable[[str], None] = unheard, trace_id: Callable[[], str] = untraced
) -> None:
    """Sets up logging for the process, once, before anything starts. `form` is console or json.

    `heard` is told the level of each line. `trace_id` says to which trace what goes on now belongs; empty where to none.
    """

    def counted(_: Any, level: str, line: EventDict) -> EventDict:
        heard(level)
        if trace := trace_id():
            line.setdefault("trace_id", trace)
        return line

    shared: list[structlog.typing.Processor] = [
        counted,
        _for_whom,
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor]
    if form == "json":
        last = [structlog.processors.JSONRenderer()]
    else:
        last = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # A line in one write: workers share standard error, and a line and its end would come apart between them.
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _for_whom(_: Any, __: str, line: EventDict) -> EventDict:
    """Adds the call that is being served, and the case that is being worked on; what the line says itself stands."""
    call = CURRENT.get(None)
    if call is not None:
        line.setdefault("request_id", call.request_id)
        line.setdefault("tenant", call.principal.tenant)
        if call.trace_id:
            line.setdefault("trace_id", call.trace_id)
    about = CASE.get(None)
    if about is not None:
        line.setdefault("tenant", about[0])
        line.setdefault("case", about[1])
    return line


def catch_strays() -> None:
    """Has what nobody caught, and what libraries say, go to the log as ours does: in one form, without texts of errors.

    For a process that serves: it changes what Python does with them.
    """
    root = logging.getLogger()
    if not any(isinstance(handler, _Libraries) for handler in root.handlers):
        root.addHandler(_Libraries(logging.WARNING))

    def uncaught(kind: type[BaseException], error: BaseException, trace: object) -> None:
        if issubclass(kind, Exception):
            log.error("an exception was not caught", where="main", trace=trace_of(error))

    def uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
        if isinstance(args.exc_value, Exception):
            where = args.thread.name if args.thread is not None else ""
            log.error("an exception was not caught", where=where, trace=trace_of(args.exc_value))

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread


class _Libraries(logging.Handler):
    """Tells what a library says: where, and in which words, but not what it puts into them."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            said: dict[str, Any] = {"library": record.name, "where": f"{record.pathname}:{record.lineno}"}
            if record.args:
                said["words"] = str(record.msg)
            error = record.exc_info[1] if record.exc_info else None
            if error is not None:
                said["trace"] = trace_of(error)
            if record.levelno >= logging.ERROR:
                log.error("a library has something to say", **said)
            else:
                log.warning("a library has something to say", **said)
        except Exception:
            self.handleError(record)


def trace_of(error: BaseException) -> list[str]:
    """Where an exception and its causes came from; not their texts, which can hold personal values."""
    lines: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(lines) < 100:
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        for frame in traceback.extract_tb(cause.__traceback__):
            lines.append(f"  {frame.filename}:{frame.lineno} in {frame.name}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return lines
