"""Puts a fuse into a server that is about to start: every commit and every send passes by it.

The server's own code has no hooks for tests. What it commits is told by where it calls Store.write, and by what it tells
the log in the transaction.
"""

import asyncio
import json
import signal
import sys
import threading
from collections.abc import Callable
from contextvars import ContextVar
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import aiohttp

from server.platforms import transport
from server.platforms.adapter import HttpPlatform
from server.platforms.transport import Lost, Reply, Transport
from server.store import Transaction, dead_letters, store, writer
from server.store.database import Database
from server.store.dead_letters import NewDeadLetter
from server.store.sealing import Keyring
from server.store.store import Store
from server.webhooks import holding
from server.workflow.sweeping import Sweeping
from tests.system.crash.steps import DELIVER, SENDS, SWEEP, UPGRADE, commit_at

# Longer than a write to a socket of this machine, shorter than the platform of the crash runs takes to answer.
SENT_SECONDS: Final = 0.004
# These look for something to do; where there is nothing, they do not count but as `nothing`.
_LOOKS: Final = frozenset({"begin sending", "take over", "take voids", "take cursor"})
LEASE: Final = timedelta(seconds=2.5)
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
    """What the open transaction of the one writer has done, by the names of its pieces."""

    def __init__(self) -> None:
        self.done: list[str] = []
        # What is not done piece by piece.
        self.all_along: list[str] = []

    def told(self, name: str, work: Callable[[Transaction], Any]) -> Callable[[Transaction], Any]:
        """The work, which says that it was done."""

        def working(tx: Transaction) -> Any:
            answer = work(tx)
            self.done += _names(name, tx, answer)
            return answer

        return working

    def burying(self) -> None:
        """Dead letters are written beside the cursor, and have a name of their own."""
        bury = dead_letters.bury

        def buried(tx: Transaction, new: NewDeadLetter) -> bool:
            self.done.append("bury")
            return bury(tx, new)

        dead_letters.bury = buried


def _names(name: str, tx: Transaction, answer: Any) -> list[str]:
    told = [said for entry in tx.entries if (said := _event(entry.kind, entry.event))]
    if not (tx.entries or answer):
        told.append("nothing")
        if name in _LOOKS:
            return [f"{name}: nothing"]
    return [name, *(f"{name}: {said}" for said in dict.fromkeys(told))]


def _event(kind: str, event: str) -> str | None:
    return str(json.loads(event)["event"]) if kind == "transition" else None


def put(fuse: Path) -> None:
    """Lets every commit and every send of this process pass by the fuse."""
    passes = Passing(fuse)
    _commits(passes)
    _sends(passes)
    # Whoever takes a dead server's webhooks up waits for its lease to end: half as long here.
    holding.lease_for = lambda endpoint: LEASE


def _commits(passes: Passing) -> None:
    steps = Steps()
    steps.burying()
    write, upgrade = Store.write, Store.upgrade
    write_entries, open_database = writer.write_entries, store.open_database

    def writing(self: Store, work: Any) -> Any:
        called = sys._getframe(1)
        return write(self, steps.told(commit_at(called.f_code.co_filename, called.f_lineno), work))

    def within(*arguments: Any) -> Any:
        for step in steps.done:
            passes(step, "within")
        return write_entries(*arguments)

    def opened(address: str, readers: int, keys: Keyring) -> Database:
        database = open_database(address, readers, keys)
        dialect: Any = database.writing.dialect
        do_commit, do_rollback = dialect.do_commit, dialect.do_rollback

        def commit(connection: Any) -> None:
            done = steps.all_along + steps.done
            for step in done:
                passes(step, "before commit")
            do_commit(connection)
            for step in done:
                passes(step, "after commit")
            steps.done.clear()

        def rollback(connection: Any) -> None:
            steps.done.clear()
            do_rollback(connection)

        dialect.do_commit, dialect.do_rollback = commit, rollback
        return database

    def upgrading(self: Store) -> None:
        steps.all_along = [UPGRADE]
        upgrade(self)
        steps.all_along = []

    Store.upgrade = upgrading  # type: ignore[method-assign]
    Store.write = writing  # type: ignore[method-assign]
    writer.write_entries = within
    store.open_database = opened


def _sends(passes: Passing) -> None:
    exchange, tell, departures = HttpPlatform._exchange, Transport.tell, transport._departures

    async def passing(self: HttpPlatform, operation: Any, *arguments: Any, **named: Any) -> Reply | Lost:
        step = SWEEP if _sweeps() else SENDS[operation.value]
        _sending.set(step)
        passes(step, "before send")
        answer = await exchange(self, operation, *arguments, **named)
        passes(step, "answer read")
        return answer

    async def telling(self: Transport, *arguments: Any, **named: Any) -> Reply | Lost:
        _sending.set(DELIVER)
        passes(DELIVER, "before send")
        answer = await tell(self, *arguments, **named)
        passes(DELIVER, "answer read")
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
    Transport.tell = telling  # type: ignore[method-assign]
    transport._departures = traced


def _sweeps() -> bool:
    """Whether the sweep is what asks."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        if frame.f_code is Sweeping.sweep.__code__:
            return True
        frame = frame.f_back
    return False
