"""ProcessOrder on each database: 64 callers with new orders, a sandbox platform that takes 20 ms, one server process.

The server has one core, callers and sandbox the other. Calls a second of the clock stand beside calls for each second
of the server's own processor time, which a busy machine disturbs less.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.orders import EXAMPLES
from bench.server import awaited, pinned, process, processor_seconds
from bench.table import show
from tests.server.store.postgresql import Server, installed

CALLERS, SECONDS = 64, 10.0
LATENCY = {"fault": "latency", "operation": "submit", "times": None, "seconds": 0.02}


@contextmanager
def sandbox() -> Iterator[str]:
    """The address of a sandbox platform that takes its time to issue."""
    command = [*pinned(1), sys.executable, "-m", "server", "sandbox", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        url = next(word for word in running.stdout.readline().split() if word.startswith("http")).rstrip(".")
        headers = {"Content-Type": "application/json"}
        asked = urllib.request.Request(f"{url}/faults", json.dumps(LATENCY).encode(), headers)
        urllib.request.urlopen(asked, timeout=10).close()
        try:
            yield url
        finally:
            running.terminate()


def loaded(folder: Path, database: str, url: str) -> dict[str, float]:
    """One server under load: rates, latencies, and the share of orders that were certified."""
    ready = folder / "ready.json"
    serve = ["server", "serve", "--listen", "127.0.0.1:0", "--database", database, "--sandbox-url", url,
             "--sites", str(EXAMPLES / "sites.yaml"), "--ready-file", str(ready), "--log-format", "json"]  # fmt: skip
    with process(*serve) as running:
        address = json.loads(awaited(ready))["grpc"]
        before = processor_seconds(running.pid)
        command = [*pinned(1), sys.executable, "-m", "bench.orders_load", address, str(CALLERS), str(SECONDS)]
        said = subprocess.run(command, check=True, capture_output=True).stdout
        figures: dict[str, float] = json.loads(said)
        used = processor_seconds(running.pid) - before
    return {**figures, "a_processor_second": figures["orders"] / used}


def measure() -> dict[str, float]:
    """Loads a server on each database, prints the table, returns the rates."""
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as place, sandbox() as url:
        found["sqlite"] = loaded(Path(place), f"sqlite:///{place}/cases.db", url)
    package = installed()
    if package is not None:
        folder = Path(tempfile.mkdtemp(prefix="og-"))
        server = Server(package, folder)
        with tempfile.TemporaryDirectory() as place, sandbox() as url:
            found["postgresql"] = loaded(Path(place), server.create_database("cases"), url)
        server.stop()
        shutil.rmtree(folder)
    columns = [
        "a_second",
        "a_processor_second",
        "process_p50_ms",
        "process_p99_ms",
        "get_p99_ms",
        "certified",
    ]
    show(
        [f"{CALLERS} callers, {SECONDS:g} s", *columns],
        [[name, *(f"{figures[one]:,.1f}" for one in columns)] for name, figures in found.items()],
    )
    return {f"cases.{name}_a_second": figures["a_second"] for name, figures in found.items()}
