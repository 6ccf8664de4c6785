"""Worker processes that serve one port together, under a parent that begins them, replaces those that die, and ends them.

The parent takes no calls. It upgrades the schema before any worker begins, holds the port, and writes the ready file
when all serve.
"""

import contextlib
import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING, Final

import structlog

from server.logs import catch_strays, set_up_logs
from server.settings import Settings
from server.starting import (
    FREE_PORT,
    FREE_PORTS,
    Addresses,
    CannotStart,
    open_store,
    taken,
    write_ready,
)

if TYPE_CHECKING:
    from server.telemetry.gathering import Gathering

# Between the end of a worker and its replacement, where it had served; where it had not, each time twice as long.
PAUSE: Final = 0.1
LONGEST_PAUSE: Final = 10.0
# What a worker gets beyond the grace to let go of its database and its platforms.
TO_CLOSE: Final = 5.0
# Tells a worker to hurry. Those that end it reach all processes of a terminal or a service, and are told them again.
HURRY: Final = signal.SIGUSR1
SHARING: Final = getattr(socket, "SO_REUSEPORT", None)

log = structlog.get_logger("workers")


@dataclass(slots=True)
class Worker:
    """A place among the workers: the process that has it now, and whether it serves or why it cannot."""

    process: SpawnProcess
    saying: Connection
    serves: bool = False
    trouble: CannotStart | None = None
    pause: float = PAUSE

    def hear(self) -> None:
        """Takes note of what the process has said."""
        if self.saying.closed or not self.saying.poll():
            return
        with contextlib.suppress(EOFError):
            self.trouble = self.saying.recv()
            self.serves = self.trouble is None
            if self.serves:
                log.info("a worker serves", pid=self.process.pid)
        self.saying.close()


def run_workers(settings: Settings) -> None:
    """Serves with `settings.workers` processes until SIGTERM or SIGINT; a second one ends the grace.

    Raises CannotStart with nothing left running.
    """
    set_up_logs(settings.log_format)
    catch_strays()
    for address in settings.worker_addresses:
        # Who shares the port of all would share that of another's worker too.
        _probed(address, FREE_PORTS).close()
    open_store(settings, lambda: datetime.now(UTC), upgrade=True).close()
    with ExitStack() as stack:
        listen, stop = stack.enter_context(_port(settings.listen)), stack.enter_context(_signals())
        gathering, metrics = _gathering(settings, stack)
        parent = _Parent(settings.model_copy(update={"listen": listen}), stop, gathering, metrics)
        try:
            parent.serve()
        finally:
            parent.end()


def _gathering(settings: Settings, stack: ExitStack) -> "tuple[Gathering | None, str | None]":
    """What adds up the workers' metrics, and where it is served, if that is asked for. Raises CannotStart."""
    if settings.metrics is None:
        return None, None
    from server.telemetry.gathering import Gathering
    from server.telemetry.port import serving

    gathering = Gathering()
    return gathering, stack.enter_context(serving(settings.metrics, gathering.collect))


class _Parent:
    def __init__(
        self, settings: Settings, stop: socket.socket, gathering: "Gathering | None", metrics: str | None
    ) -> None:
        self._settings = settings
        self._stop = stop
        self._gathering = gathering
        self._metrics = metrics
        self._workers: list[Worker] = []

    def serve(self) -> None:
        """Returns when a signal came. Raises CannotStart where a worker ended before all had served."""
        self._workers = [self._begun(number) for number in range(self._settings.workers)]
        if not self._all_serve():
            return
        addresses = Addresses(
            self._settings.listen,
            self._settings.sandbox_url,
            self._metrics,
            workers=self._settings.worker_addresses,
        )
        log.info("all workers serve", address=addresses.grpc, workers=len(self._workers))
        if self._settings.ready_file is not None:
            write_ready(self._settings.ready_file, addresses)
        self._replace_for_ever()

    def end(self) -> None:
        """Ends all workers, within the grace and a little."""
        if self._settings.ready_file is not None:
            self._settings.ready_file.unlink(missing_ok=True)
        until = time.monotonic() + self._settings.grace + TO_CLOSE
        signals = self._signals()
        for worker in self._workers:
            worker.process.terminate()
        while left := [worker.process for worker in self._workers if worker.process.is_alive()]:
            wait([self._stop, *(process.sentinel for process in left)], max(until - time.monotonic(), 0))
            if (signals := signals + self._signals()) > 1:
                log.info("a second signal: nothing is waited for any more")
                until, signals = min(until, time.monotonic() + TO_CLOSE), -1
                for process in left:
                    if process.pid is not None and process.is_alive():
                        os.kill(process.pid, HURRY)
            if time.monotonic() >= until:
                for process in left:
                    log.error("a worker did not end in time and is killed", pid=process.pid)
                    process.kill()
                    process.join()

    def _signals(self) -> int:
        """How many signals came that were not counted yet."""
        return len(self._stop.recv(64)) if wait([self._stop], 0) else 0

    def _all_serve(self) -> bool:
        """Waits until every worker serves. False where a signal came first."""
        while not all(worker.serves for worker in self._workers):
            ready = self._wait()
            if self._stop in ready:
                return False
            for worker in self._workers:
                # What stops one stops all, and is told once.
                if worker.trouble is not None:
                    raise worker.trouble
                if worker.process.sentinel in ready:
                    raise CannotStart("A worker ended while it started; what it said stands above.")
        return True

    def _replace_for_ever(self) -> None:
        while self._stop not in (ready := self._wait()):
            for at, worker in enumerate(self._workers):
                if worker.process.sentinel not in ready:
                    continue
                worker.process.join()
                log.error(
                    "a worker ended and is replaced",
                    pid=worker.process.pid,
                    exit_code=worker.process.exitcode,
                    because=str(worker.trouble or ""),
                )
                pause = PAUSE if worker.serves else min(2 * worker.pause, LONGEST_PAUSE)
                if wait([self._stop], pause):
                    return
                self._workers[at] = self._begun(at, pause)

    def _wait(self) -> list[object]:
        """Waits until a signal comes, a worker says something, or one ends; takes note of what was said."""
        saying = [worker.saying for worker in self._workers if not worker.saying.closed]
        ended = [worker.process.sentinel for worker in self._workers]
        ready: list[object] = list(wait([self._stop, *saying, *ended]))
        for worker in self._workers:
            worker.hear()
        return ready

    def _begun(self, number: int, pause: float = PAUSE) -> Worker:
        context = get_context("spawn")
        hear, say = context.Pipe(duplex=False)
        ask, asked = context.Pipe()
        process = context.Process(target=_work, args=(self._settings, say, number, asked), name="worker")
        process.start()
        say.close()
        asked.close()
        if self._gathering is not None:
            self._gathering.joins(number, ask)
        return Worker(process, hear, pause=pause)


def _work(settings: Settings, say: Connection, number: int, asked: Connection) -> None:
    """The worker of a number, until a signal comes or its parent is gone; it answers its parent who asks for metrics."""
    gc.disable()  # until it serves
    from server.serving import run
    from server.telemetry.telemetry import Telemetry

    threading.Thread(target=_end_with_parent, daemon=True).start()

    def told(_: Addresses) -> None:
        say.send(None)
        say.close()

    try:
        telemetry = Telemetry.of(settings, number)
        if settings.metrics is not None:
            from server.telemetry.gathering import answer

            answer(asked, telemetry.collect)
        run(settings, told, telemetry, number)
    except CannotStart as error:
        say.send(error)
        sys.exit(error.exit_code)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


@contextlib.contextmanager
def _port(listen: str) -> Iterator[str]:
    """Holds the port without serving it; the address with the port that it is. Raises CannotStart where it is taken."""
    if SHARING is None:
        raise CannotStart("Processes cannot share a port on this system; use one worker.", exit_code=2)
    probe = _probed(listen, FREE_PORT)
    with socket.socket(probe.family) as held:
        # Connections of an earlier server that are not forgotten yet take no port.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.setsockopt(socket.SOL_SOCKET, SHARING, 1)
        place = probe.getsockname()[:2]
        probe.close()
        try:
            held.bind(place)
        except OSError as error:
            raise CannotStart(taken(listen, FREE_PORT)) from error
        yield f"{listen.rpartition(':')[0]}:{place[1]}"


def _probed(listen: str, mend: str) -> socket.socket:
    """A socket that has the port to itself: who shares ports would share with a stranger who does too, and not find out.

    Raises CannotStart where it is taken.
    """
    host, _, port = listen.rpartition(":")
    probe = socket.socket(socket.AF_INET6 if host.startswith("[") else socket.AF_INET)
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((host.strip("[]"), int(port)))
    except OSError as error:
        probe.close()
        raise CannotStart(taken(listen, mend)) from error
    return probe


@contextlib.contextmanager
def _signals() -> Iterator[socket.socket]:
    """A socket from which something can be read once SIGTERM or SIGINT came."""
    came, comes = socket.socketpair()
    with came, comes:
        before = {
            number: signal.signal(number, lambda *_: comes.send(b"."))
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            yield came
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
