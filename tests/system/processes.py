"""The real processes, started as an operator starts them, and spoken to over gRPC and HTTP only."""

import atexit
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
from google.protobuf import json_format
from origingate.v1 import (
    case_service_pb2,
    case_service_pb2_grpc,
    certificate_service_pb2_grpc,
    screening_service_pb2_grpc,
)

from engine.declaration import digest
from server.log_keys import make_log_key
from server.master_keys import beside, make_master_key, read_master_keys
from server.store.sealing import MasterKeys
from tests.system.started import PROJECT, Started

EXAMPLES = PROJECT / "examples"
PATIENCE = 60.0  # a busy machine starts servers slowly


def origingate(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end."""
    with tempfile.TemporaryDirectory(prefix="og-") as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        started = Started(words, {**os.environ, "COLUMNS": "200", **keys(*words), **environment}, out, err)
        try:
            code = started.wait(60)
        finally:
            started.kill()
        return subprocess.CompletedProcess(words, code, out.read_text("utf-8"), err.read_text("utf-8"))


def keys(*words: str) -> dict[str, str]:
    """The keys that sign the log and seal personal values, for servers on PostgreSQL: there none is made by itself."""
    if not any(word.startswith("postgresql") for word in words):
        return {}
    folder = _keys()
    return {
        "ORIGINGATE_LOG_KEY": str(folder / "log.pem"),
        "ORIGINGATE_MASTER_KEY": str(folder / "master.key"),
    }


def master_keys_of(database: str) -> MasterKeys:
    """The keys that a server seals with: of an SQLite file those beside it."""
    if database.startswith("postgresql"):
        return read_master_keys(_keys() / "master.key")
    return read_master_keys(beside(Path(database.removeprefix("sqlite:///"))))


def log_key(database: str) -> Path:
    """The public key of a server's log: of an SQLite file the one beside it."""
    if database.startswith("postgresql"):
        return _keys() / "log.pub.pem"
    return Path(f"{database.removeprefix('sqlite:///')}.log-key.pub.pem")


@cache
def _keys() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="og-"))
    atexit.register(shutil.rmtree, folder)
    make_log_key(folder / "log.pem")
    make_master_key(folder / "master.key", datetime.now(UTC).date())
    return folder


def order(name: str = "01-eligible", **changes: str) -> case_service_pb2.ProcessOrderRequest:
    """An example order as a request; `order_id` and `request_id` can be changed."""
    text = (EXAMPLES / "orders" / f"{name}.json").read_text("utf-8")
    request = json_format.Parse(text, case_service_pb2.ProcessOrderRequest())
    request.request_id = changes.get("request_id", f"test-{name}")
    if "order_id" in changes:
        request.order.order_id = changes["order_id"]
    return request


def fresh() -> case_service_pb2.ProcessOrderRequest:
    """An order that nobody sent before."""
    name = uuid4().hex
    return order(order_id=name, request_id=f"test-{name}")


def from_beginning() -> case_service_pb2.WatchCasesRequest:
    """A watch of all that there is; a client that goes on changes it, so it is for one watch."""
    return case_service_pb2.WatchCasesRequest(start=case_service_pb2.WATCH_START_BEGINNING)


def free_ports(count: int) -> int:
    """The first of some ports in a row that nobody has."""
    for first in range(20000 + os.getpid() % 10000, 60000, count):
        with ExitStack() as stack:
            try:
                for port in range(first, first + count):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise AssertionError("no ports are free")


class _Process:
    """A process that is ended by its own id."""

    def __init__(self, *words: str, log: Path, **environment: str) -> None:
        self.log = log
        self.process = Started(words, {**os.environ, **keys(*words), **environment}, log)

    def await_start(self, true: Any) -> None:
        """Waits until it has begun; where it does not, nothing of it is left."""
        try:
            wait_for(true, self.process, self.log)
        except BaseException:
            _Process.kill(self)
            raise

    def stop(self) -> int:
        """Ends it in order, and returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self.process.kill()
        self.process.wait(PATIENCE)


class Sandbox(_Process):
    """A sandbox platform in a process of its own, with its state in a folder."""

    def __init__(self, folder: Path) -> None:
        log = folder / "sandbox.log"
        super().__init__("sandbox", "--listen", "127.0.0.1:0", "--state", str(folder / "sandbox"), log=log)
        self.await_start(lambda: "Sandbox platform at" in log.read_text("utf-8"))
        self.url = log.read_text("utf-8").partition("Sandbox platform at ")[2].split()[0].rstrip(".")

    def fault(self, kind: str, **more: Any) -> None:
        """Sets what goes wrong next."""
        self._post("/faults", {"fault": kind, **more})

    def mend(self) -> None:
        """Takes all faults away."""
        request = urllib.request.Request(self.url + "/faults", method="DELETE")
        with urllib.request.urlopen(request, timeout=5):
            pass

    def revoke(self, e_cert_id: str) -> None:
        """Takes a certificate out of force, as the platform itself would."""
        self._post("/revoke", {"e_cert_id": e_cert_id})

    def replace(self, e_cert_id: str) -> None:
        """Has another certificate take the place of one, for other content."""
        content = {"schema": 1}
        submission = {"reference": f"other-{e_cert_id}", "digest": digest(content), "content": content}
        self._post(f"/v1/certificates/{e_cert_id}/replace", submission)

    def _post(self, path: str, body: dict[str, Any]) -> None:
        request = urllib.request.Request(
            self.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=5):
            pass


class Server(_Process):
    """`origingate serve` on a free port, with stubs for its services."""

    def __init__(self, folder: Path, *words: str, **environment: str) -> None:
        self.folder = folder
        ready = folder / "ready.json"
        ready.unlink(missing_ok=True)
        log = folder / "server.log"
        super().__init__(
            "serve", "--listen", "127.0.0.1:0", "--database", f"sqlite:///{folder}/og.db",
            "--sites", str(EXAMPLES / "sites.yaml"), "--ready-file", str(ready), *words,
            log=log, **environment,
        )  # fmt: skip
        self.await_start(ready.exists)
        addresses = json.loads(ready.read_text("utf-8"))
        self.address: str = addresses["grpc"]
        self.metrics_address: str | None = addresses["metrics"]
        self.connect()

    def connect(self) -> None:
        """Makes a connection of its own for what is called from now on."""
        self.channel = grpc.insecure_channel(self.address, options=[("grpc.use_local_subchannel_pool", 1)])
        self.cases = case_service_pb2_grpc.CaseServiceStub(self.channel)
        self.certificates = certificate_service_pb2_grpc.CertificateServiceStub(self.channel)
        self.screening = screening_service_pb2_grpc.ScreeningServiceStub(self.channel)

    def process_order(
        self, request: case_service_pb2.ProcessOrderRequest, timeout: float = 20
    ) -> case_service_pb2.ProcessOrderResponse:
        """One order through all stages."""
        answer: case_service_pb2.ProcessOrderResponse = self.cases.ProcessOrder(request, timeout=timeout)
        return answer

    def case(self, name: str) -> Any:
        """The case as the server tells it."""
        return self.cases.GetCase(case_service_pb2.GetCaseRequest(name=name), timeout=5).case

    def metrics(self) -> dict[str, float]:
        """Every series that it shows to Prometheus now, as written there."""
        with urllib.request.urlopen(f"http://{self.metrics_address}/metrics", timeout=10) as page:
            lines = page.read().decode().splitlines()
        return {
            name: float(value)
            for name, _, value in (line.rpartition(" ") for line in lines if not line.startswith("#"))
        }

    def rows(self) -> int:
        """How many rows its database has in tables of records."""
        with sqlite3.connect(self.folder / "og.db") as database:
            tables = ("cases", "declarations", "attempts", "certificates", "decisions", "requests", "log")
            return sum(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)

    def stop(self) -> int:
        self.channel.close()
        return super().stop()

    def kill(self) -> None:
        self.channel.close()
        super().kill()


def wait_for(true: Any, process: Started | None = None, log: Path | None = None) -> None:
    """Waits until the condition holds; fails where the process ends before, or it takes a minute."""
    end = time.monotonic() + PATIENCE
    while not true():
        ended = process is not None and process.poll() is not None
        if ended or time.monotonic() > end:
            said = log.read_text("utf-8") if log and log.exists() else ""
            raise AssertionError(f"{'the process ended' if ended else 'it took too long'}\n{said}")
        time.sleep(0.02)
