"""CheckScope against a bare echo that returns a response of the same size, in turns within one run.

The servers take turns on one core, the load comes from the other. The ratio compares calls for each second of the server's
own processor time, so that the load generator's speed does not enter it.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc
from origingate.v1 import screening_service_pb2, screening_service_pb2_grpc

from bench.orders import EXAMPLES, scope_request
from bench.table import show

METHOD = "/origingate.v1.ScreeningService/CheckScope"
ROUNDS, SECONDS = 3, 4.0
TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    """User and system time that the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def pinned(core: int) -> list[str]:
    """Words that put a command on one core where the system has them."""
    return ["taskset", "-c", str(core)] if (os.cpu_count() or 1) > 1 else []


@contextmanager
def process(*command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process on core 0 that is ended in the end."""
    running = subprocess.Popen(
        [*pinned(0), sys.executable, "-m", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    try:
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(20)


@contextmanager
def serving(folder: Path, record: bool) -> Iterator[tuple[str, int]]:
    """Our server's address and process id; `record` says whether every decision is committed before it is answered."""
    ready = folder / f"ready-{record}.json"
    serve = ["server", "serve", "--listen", "127.0.0.1:0", "--database", f"sqlite:///{folder}/{record}.db",
             "--sites", str(EXAMPLES / "sites.yaml"), "--ready-file", str(ready), "--log-format", "json"]  # fmt: skip
    with process(*serve, ORIGINGATE_RECORD_SCREENINGS=str(record)) as running:
        yield json.loads(awaited(ready))["grpc"], running.pid


def awaited(path: Path) -> str:
    """The text of a file that a process writes when it is ready."""
    end = time.monotonic() + 30
    while not (path.exists() and path.read_text("utf-8")):
        if time.monotonic() > end:
            raise TimeoutError(f"{path} was not written in 30 s")
        time.sleep(0.02)
    return path.read_text("utf-8")


def loaded(address: str, body: bytes, pid: int) -> dict[str, float]:
    """One round of load: rate, latencies, and calls for each second of the server's processor time."""
    before = processor_seconds(pid)
    command = [*pinned(1), sys.executable, "-m", "bench.load", address, METHOD, body.hex(), str(SECONDS)]
    figures: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    figures["a_processor_second"] = figures["calls"] / (processor_seconds(pid) - before)
    return figures


def answered(address: str, request: screening_service_pb2.CheckScopeRequest) -> bytes:
    """What our server answers, so that the echo returns as much."""
    with grpc.insecure_channel(address) as channel:
        stub = screening_service_pb2_grpc.ScreeningServiceStub(channel)
        response: screening_service_pb2.CheckScopeResponse = stub.CheckScope(request, timeout=10)
        return response.SerializeToString()


def measure() -> dict[str, float]:
    """Runs the servers, loads them in turns, prints the table, returns the ratios."""
    request = scope_request()
    body = request.SerializeToString()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with serving(folder, record=False) as plain, serving(folder, record=True) as logged:
            response = answered(plain[0], request)
            ready = folder / "echo"
            with process("bench.echo", str(ready), response.hex()) as echo:
                servers = {
                    "bare echo": (awaited(ready), echo.pid),
                    "CheckScope, decisions not committed": plain,
                    "CheckScope, each decision committed": logged,
                }
                rounds = [
                    {name: loaded(address, body, pid) for name, (address, pid) in servers.items()}
                    for _ in range(ROUNDS)
                ]
    columns = {
        "a_second": "calls/s",
        "p50_ms": "p50 ms",
        "p99_ms": "p99 ms",
        "a_processor_second": "calls/processor s",
    }
    show(
        ["16 connections, median of 3 rounds", *columns.values()],
        [
            [
                name,
                *(f"{statistics.median(each[name][figure] for each in rounds):,.1f}" for figure in columns),
            ]
            for name in servers
        ],
    )

    def against_echo(name: str) -> float:
        figure = "a_processor_second"
        return statistics.median(each[name][figure] / each["bare echo"][figure] for each in rounds)

    return {
        "server.unary_vs_echo": against_echo("CheckScope, decisions not committed"),
        "server.unary_logged_vs_echo": against_echo("CheckScope, each decision committed"),
    }
