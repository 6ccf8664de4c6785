"""A server as a process: from its start to the signal that ends it."""

import asyncio
import gc
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog

from server.app import started
from server.grace import Grace
from server.logs import catch_strays, set_up_logs
from server.settings import Settings
from server.starting import Addresses, write_ready
from server.telemetry.telemetry import Telemetry

# Of an order some thousands are made, and next to none are left in cycles.
YOUNG_OBJECTS: Final = 20_000

log = structlog.get_logger("server")


def run(
    settings: Settings,
    told: Callable[[Addresses], None] | None = None,
    telemetry: Telemetry | None = None,
    number: int = 0,
) -> None:
    """Serves until SIGTERM or SIGINT; a second one ends the grace. Raises CannotStart.

    With `told` it is one of several that share the port, of this number, and `told` is called when it serves. The schema,
    the ready file and the metrics' port are the affair of who started them, and so is to hurry it, by SIGUSR1: a signal
    that reaches all of them together, and the one that their parent sends then, are one to it.
    """
    import uvloop

    _take_turns()
    telemetry = telemetry or Telemetry.of(settings)
    set_up_logs(settings.log_format, telemetry.hooks.logged, telemetry.hooks.trace_id)
    catch_strays()
    uvloop.run(_run(settings, told, telemetry, number))


async def _run(
    settings: Settings, told: Callable[[Addresses], None] | None, telemetry: Telemetry, number: int
) -> None:
    ready_file = settings.ready_file if told is None else None
    stop, grace = asyncio.Event(), Grace(settings.grace)
    _end_on_signals(stop, grace, alone=told is None)
    async with started(settings, told is None, telemetry, grace, number) as addresses:
        log.info("serving", address=addresses.grpc)
        if told is not None:
            told(addresses)
        if addresses.sandbox is not None:
            from server.sandbox import WARNING

            log.warning(f"A sandbox platform serves at {addresses.sandbox}. {WARNING}")
        if ready_file is not None:
            write_ready(ready_file, addresses)
        _spare_collector()
        await stop.wait()
        log.info("stopping", grace_seconds=settings.grace)
        if ready_file is not None:
            # Whoever waits for the next start must not find the addresses of this one.
            ready_file.unlink(missing_ok=True)


def _end_on_signals(stop: asyncio.Event, grace: Grace, alone: bool) -> None:
    def hurry() -> None:
        log.info("a second signal: nothing is waited for any more")
        grace.hurry()

    def end() -> None:
        if not stop.is_set():
            grace.begin()
            stop.set()
        elif alone:
            hurry()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    if not alone:
        loop.add_signal_handler(signal.SIGUSR1, hurry)


def _take_turns() -> None:
    """Has Linux let a thread go on that has the processor, where another of this process wakes up; for threads to come too.

    gRPC wakes threads some seven times a call, each of which would take the processor from the loop in the middle of a step.
    What an operator chose in place of the usual policy stays.
    """
    if hasattr(os, "SCHED_BATCH") and os.sched_getscheduler(0) == os.SCHED_OTHER:
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _spare_collector() -> None:
    """Has the garbage collector, off since the process began, pass over what the server is made of, which lasts, and look
    at the rest less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])
    gc.enable()
