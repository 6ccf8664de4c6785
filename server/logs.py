"""Logs: JSON lines for machines or a console for people, on standard error, without personal data."""

import logging
import sys
import traceback
from collections.abc import Callable
from typing import Any

import structlog
from structlog.typing import EventDict


def unheard(level: str) -> None:
    """Nobody counts."""


def set_up_logs(form: str, heard: Callable[[str], None] = unheard) -> None:
    """Sets up logging for the process, once, before anything starts. `form` is console or json.

    `heard` is told the level of each line.
    """

    def counted(_: Any, level: str, line: EventDict) -> EventDict:
        heard(level)
        return line

    shared: list[structlog.typing.Processor] = [
        counted,
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
