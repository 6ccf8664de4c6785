"""Puts a fuse into a server that is about to start: every commit and every send passes by it.

The server's own code has no hooks for tests. What its transactions are is told by the store's functions that they call.
"""

import asyncio
import json
import signal
import threading
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import aiohttp

from server.platforms import transport
from server.platforms.adapter import HttpPlatform
from server.platforms.transport import Lost, Reply
from server.store import Transaction, attempts, certificates, requests, store, writer
from server.store.database import Database

# Longer than a write to a socket of this machine, shorter than the platform of the crash runs takes to answer.
SENT_SECONDS: Final = 0.004
SENDS: Final = {"submit": "submit", "keys": "keys", "lookup": "look up"}
_sending: ContextVar[str | None] = ContextVar("sending", default=None)


class Passing:
    """Counts the passages of the point that the fuse names, and gives this process its signal at the one it names."""

    def __init__(self, fuse: Path) -> None:
        self._fuse = fuse
        self._text = ""
        self._passed = 0

    def __call__(self, step: str | None, when: str) -> None:
        try:
            text = self._fuse.read_text("utf-8")
        except FileNotFoundError:
            return
        if text != self._text:
            self._text, self._passed = text, 0
        wanted = json.loads(text)
        if (step, when) != (wanted["step"], wanted["when"]):
            return
        self._passed += 1
        if self._passed == wanted["passage"]:
            self._fuse.unlink()
            # A signal to the process can stop another thread first, and this one would go on a little.
            signal.pthread_kill(threading.get_ident(), getattr(signal, wanted["signal"]))


class Steps:
    """What the open transaction of the one writer does, piece by piece."""

    def __init__(self) -> None:
        self._calls: dict[int, set[str]] = {}

    def noting(self, module: Any, function: str, counts: Callable[[Any], bool] = lambda _: True) -> None:
        """Notes each call of a function of the store whose answer counts."""
        original = getattr(module, function)

        def called(tx: Transaction, *arguments: Any, **named: Any) -> Any:
            answer = original(tx, *arguments, **named)
            if counts(answer):
                self._calls.setdefault(id(tx), set()).add(function)
            return answer

        setattr(module, function, called)

    def of(self) -> list[str]:
        """The step that each piece is."""
        return [step for calls in self._calls.values() if (step := _step(calls)) is not None]

    def over(self) -> None:
        """The transaction has ended."""
        self._calls.clear()


def _step(calls: set[str]) -> str | None:
    if "plan" in calls:
        return "transaction 1" if "record" in calls else "plan again"
    names = {"begin_sending": "begin sending", "adopt": "transaction 2", "take_due": "take over"}
    return next((step for call, step in names.items() if call in calls), None)


def put(fuse: Path) -> None:
    """Lets every commit and every send of this process pass by the fuse."""
    passes = Passing(fuse)
    _commits(passes)
    _sends(passes)


def _commits(passes: Passing) -> None:
    steps = Steps()
    steps.noting(attempts, "plan")
    steps.noting(attempts, "begin_sending", bool)
    steps.noting(attempts, "take_due", bool)
    steps.noting(requests, "record")
    steps.noting(certificates, "adopt")
    write_entries, open_database = writer.write_entries, store.open_database

    def within(*arguments: Any) -> Any:
        for step in steps.of():
            passes(step, "within")
        return write_entries(*arguments)

    def opened(address: str, readers: int) -> Database:
        database = open_database(address, readers)
        dialect: Any = database.writing.dialect
        do_commit, do_rollback = dialect.do_commit, dialect.do_rollback

        def commit(connection: Any) -> None:
            committed = steps.of()
            for step in committed:
                passes(step, "before commit")
            do_commit(connection)
            for step in committed:
                passes(step, "after commit")
            steps.over()

        def rollback(connection: Any) -> None:
            steps.over()
            do_rollback(connection)

        dialect.do_commit, dialect.do_rollback = commit, rollback
        return database

    writer.write_entries = within
    store.open_database = opened


def _sends(passes: Passing) -> None:
    exchange, departures = HttpPlatform._exchange, transport._departures

    async def passing(self: HttpPlatform, operation: Any, *arguments: Any, **named: Any) -> Reply | Lost:
        step = SENDS.get(operation.value)
        _sending.set(step)
        passes(step, "before send")
        answer = await exchange(self, operation, *arguments, **named)
        passes(step, "answer read")
        return answer

    def traced() -> aiohttp.TraceConfig:
        trace = departures()

        async def left(_session: Any, _context: SimpleNamespace, _parameters: Any) -> None:
            # What is told of just now is written in this turn of the loop or the next.
            asyncio.get_running_loop().call_later(SENT_SECONDS, passes, _sending.get(), "sent")

        async def answered(_session: Any, _context: SimpleNamespace, _parameters: Any) -> None:
            passes(_sending.get(), "answered")

        trace.on_request_headers_sent.append(left)
        trace.on_request_end.append(answered)
        return trace

    HttpPlatform._exchange = passing  # type: ignore[method-assign]
    transport._departures = traced
