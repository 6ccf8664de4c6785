"""Starts and stops a sandbox."""

import asyncio
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from aiohttp import web

from server.platforms.manifest import is_loopback
from server.sandbox.api import sandbox_app
from server.sandbox.clock import SandboxClock
from server.sandbox.faults import Fault, FaultFileInvalid, load_faults
from server.sandbox.files import StateError
from server.sandbox.issuer import Issuer, Terms
from server.sandbox.ledger import Ledger
from server.sandbox.signing import SigningKeys

WARNING: Final = "Its certificates are a sandbox's: they certify nothing and are not recognised by CBP."
LIFE: Final = timedelta(days=365)

Opened = TypeVar("Opened")


class SandboxError(Exception):
    """The sandbox cannot start; the text says why and how to mend it."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Where it listens (port 0 takes a free one), where it keeps its state, how long certificates live.

    Without `state`, keys and certificates are gone when it stops. Without `void_window` a certificate can always
    be voided. `faults` are set from the start. With `by_fields` certificates say what was certified field by field.
    """

    host: str = "127.0.0.1"
    port: int = 0
    state: Path | None = None
    life: timedelta = LIFE
    void_window: timedelta | None = None
    by_fields: bool = False
    faults: tuple[Fault, ...] = ()
    clock: Callable[[], datetime] = _utc_now


class Sandbox:
    """A sandbox that runs; `url` is its base address."""

    def __init__(self, url: str, runner: web.AppRunner, ledger: Ledger) -> None:
        self.url = url
        self._runner = runner
        self._ledger = ledger

    async def stop(self) -> None:
        """Stops serving, and frees its port and its files."""
        await self._runner.cleanup()
        self._ledger.close()


async def start_sandbox(settings: SandboxSettings | None = None) -> Sandbox:
    """Starts a sandbox in this event loop. Raises SandboxError if its address or its files cannot be used."""
    settings = settings or SandboxSettings()
    ledger = _with_files(settings, lambda: Ledger(settings.state))
    try:
        keys = _with_files(settings, lambda: SigningKeys(settings.state))
        clock = _with_files(settings, lambda: SandboxClock(settings.clock, settings.state))
    except SandboxError:
        ledger.close()
        raise
    issuer = Issuer(ledger, keys, clock, Terms(settings.life, settings.void_window, settings.by_fields))
    runner = web.AppRunner(sandbox_app(issuer, clock, settings.faults), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        await runner.cleanup()
        ledger.close()
        place = f"{settings.host}:{settings.port}"
        raise SandboxError(
            f"cannot listen on {place}: it is taken or not this machine's; give another"
        ) from error
    host, port = runner.addresses[0][:2]
    return Sandbox(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}", runner, ledger)


def _with_files(settings: SandboxSettings, opened: Callable[[], Opened]) -> Opened:
    try:
        if settings.state is not None:
            settings.state.mkdir(parents=True, exist_ok=True)
        return opened()
    except StateError as error:
        raise SandboxError(str(error)) from error
    except OSError as error:
        raise SandboxError(
            f"{settings.state}: cannot be written ({error.strerror}); give another folder"
        ) from error


def run_sandbox(
    listen: str,
    state: Path | None = None,
    *,
    faults: Path | None = None,
    life: timedelta = LIFE,
    void_window: timedelta | None = None,
    by_fields: bool = False,
) -> None:
    """Runs a sandbox until SIGINT or SIGTERM.

    Exits with 2 for a wrong address or file of faults, with 1 if it cannot start.
    """
    host, port = _read_listen(listen)
    try:
        set_ = load_faults(faults) if faults else ()
        asyncio.run(_serve(SandboxSettings(host, port, state, life, void_window, by_fields, set_)))
    except FaultFileInvalid as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from error
    except SandboxError as error:
        sys.stderr.write(f"The sandbox cannot start: {error}.\n")
        raise SystemExit(1) from error


def _read_listen(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not is_loopback(host) or not port.isascii() or not port.isdecimal() or int(port) > 65535:
        sys.stderr.write(f"{listen!r} is no loopback address with a port; write it like 127.0.0.1:8471.\n")
        raise SystemExit(2)
    return host, int(port)


async def _serve(settings: SandboxSettings) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    sandbox = await start_sandbox(settings)
    sys.stdout.write(f"Sandbox platform at {sandbox.url}. {WARNING}\n")
    sys.stdout.flush()
    try:
        await stopped.wait()
    finally:
        await sandbox.stop()
