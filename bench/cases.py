"""ProcessOrder on each database: 64 callers with new orders, a sandbox platform that takes 20 ms, one server process.

The server has one core; callers, sandbox and PostgreSQL share the other. What an order takes of the processor is told for
each of them, in milliseconds, so that it shows who was the limit: a core has a thousand a second. Every tenth order's case
is read again by GetCase, which the server's share holds too. SQLite commits with synchronous=FULL, PostgreSQL with fsync.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.orders import EXAMPLES
from bench.running import awaited, pinned, process, processor_seconds
from bench.table import show
from server.log_keys import make_log_key
from server.master_keys import make_master_key
from tests.server.store.postgresql import Server, installed

CALLERS, SECONDS = 64, 10.0
LATENCY = {"fault": "latency", "operation": "submit", "times": None, "seconds": 0.02}


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox platform: its address and its process."""

    url: str
    pid: int


@contextmanager
def sandbox() -> Iterator[Sandbox]:
    """A sandbox platform that takes its time to issue."""
    command = [*pinned(1), sys.executable, "-m", "server", "sandbox", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        url = next(word for word in running.stdout.readline().split() if word.startswith("http")).rstrip(".")
        headers = {"Content-Type": "application/json"}
        asked = urllib.request.Request(f"{url}/faults", json.dumps(LATENCY).encode(), headers)
        urllib.request.urlopen(asked, timeout=10).close()
        try:
            yield Sandbox(url, running.pid)
        finally:
            running.terminate()


@contextmanager
def postgresql() -> Iterator[Server | None]:
    """A PostgreSQL server on the core of the callers; None where its package is not installed."""
    package = installed()
    if package is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="og-"))
    cores = os.sched_getaffinity(0)
    if len(cores) > 1:
        # What is started has the cores of who starts it.
        os.sched_setaffinity(0, {1})
    try:
        server = Server(package, folder, fsync=True)
    finally:
        os.sched_setaffinity(0, cores)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@contextmanager
def serving(folder: Path, database: str, url: str) -> Iterator[tuple[str, int]]:
    """A server's address and process id."""
    ready, key = folder / "ready.json", folder / "log.pem"
    master = folder / "master.key"
    if not key.exists():
        make_log_key(key)
        make_master_key(master, datetime.now(UTC).date())
    serve = ["server", "serve", "--listen", "127.0.0.1:0", "--database", database, "--sandbox-url", url,
             "--sites", str(EXAMPLES / "sites.yaml"), "--ready-file", str(ready), "--log-format", "json",
             "--log-key", str(key), "--master-key", str(master)]  # fmt: skip
    with process(*serve) as running:
        yield json.loads(awaited(ready))["grpc"], running.pid


def loaded(
    address: str, pid: int, platform: int, seconds: float = SECONDS, database: Server | None = None
) -> dict[str, float]:
    """A server under load: orders a second, latencies, the share that was certified, and who used the processor.

    What SQLite uses is the server's, for it runs within it.
    """

    def used() -> tuple[float, float, float]:
        of_database = sum(map(processor_seconds, database.processes())) if database is not None else 0.0
        return processor_seconds(pid), processor_seconds(platform), of_database

    before = used()
    command = [*pinned(1), sys.executable, "-m", "bench.orders_load", address, str(CALLERS), str(seconds)]
    said = subprocess.run(command, check=True, capture_output=True).stdout
    figures: dict[str, float] = json.loads(said)
    server_ms, sandbox_ms, database_ms = (
        1000 * (now - then) / figures["orders"] for now, then in zip(used(), before, strict=True)
    )
    return {**figures, "server_ms": server_ms, "sandbox_ms": sandbox_ms, "database_ms": database_ms}


def measure() -> dict[str, float]:
    """Loads a server on each database, prints the table, returns the rates."""
    found: dict[str, dict[str, float]] = {}
    with (
        tempfile.TemporaryDirectory() as place,
        sandbox() as platform,
        serving(Path(place), f"sqlite:///{place}/cases.db", platform.url) as (address, pid),
    ):
        found["sqlite"] = loaded(address, pid, platform.pid)
    with tempfile.TemporaryDirectory() as place, postgresql() as server, sandbox() as platform:
        if server is not None:
            with serving(Path(place), server.create_database("cases"), platform.url) as (address, pid):
                found["postgresql"] = loaded(address, pid, platform.pid, database=server)
    columns = {
        "a_second": "orders/s",
        "process_p50_ms": "p50 ms",
        "process_p99_ms": "p99 ms",
        "get_p99_ms": "get p99",
        "certified": "certified",
        "server_ms": "server ms",
        "load_ms": "load ms",
        "sandbox_ms": "sandbox ms",
        "database_ms": "database ms",
    }
    show(
        [f"{CALLERS} callers, {SECONDS:g} s", *columns.values()],
        [[name, *(f"{figures[one]:,.1f}" for one in columns)] for name, figures in found.items()],
    )
    return {f"cases.{name}_a_second": figures["a_second"] for name, figures in found.items()}
