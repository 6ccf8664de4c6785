"""Processes that are measured: each on a core of its own, ended in the end; what they use of processor and memory."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bench.orders import EXAMPLES

SERVER_CORE, LOAD_CORE = 0, 1
_TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    """User and system time that the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_mb(pid: int) -> float:
    """Memory of the process that stands in main memory, in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def pinned(core: int) -> list[str]:
    """Words that put a command on one core where the system has them."""
    return ["taskset", "-c", str(core)] if (os.cpu_count() or 1) > 1 else []


def process(*words: str, **environment: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """One of our modules, with its words, on the server's core; it is ended in the end."""
    return program(sys.executable, "-m", *words, **environment)


@contextmanager
def program(*command: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A command on the server's core; it is ended in the end."""
    running = subprocess.Popen(
        [*pinned(SERVER_CORE), *command],
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
def serving(folder: Path, record: bool, *words: str) -> Iterator[tuple[str, int]]:
    """Our server's address and process id; `record` says whether every decision is committed before it is answered."""
    folder = Path(folder, str(record))
    folder.mkdir(exist_ok=True)
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    serve = ["server", "serve", "--listen", "127.0.0.1:0", "--database", f"sqlite:///{folder}/og.db",
                   "--sites", str(EXAMPLES / "sites.yaml"), "--ready-file", str(ready), "--log-format", "json",
                   *words]  # fmt: skip
    with process(*serve, ORIGINGATE_RECORD_SCREENINGS=str(record)) as running:
        yield json.loads(awaited(ready))["grpc"], running.pid


def awaited(path: Path) -> str:
    """The text of a file that a process writes when it is ready."""
    end = time.monotonic() + 90
    while not (path.exists() and path.read_text("utf-8")):
        if time.monotonic() > end:
            raise TimeoutError(f"{path} was not written in 90 s")
        time.sleep(0.005)
    return path.read_text("utf-8")
