"""What a worker loads: the memory of each one depends on it."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.system.processes import EXAMPLES, Sandbox, origingate
from tests.system.started import PROJECT

# What only a command, a first start, a sandbox, an author or an operator's setting needs. (structlog itself loads rich.)
NOT_LOADED: Final = frozenset(
    {
        "alembic", "typer", "z3", "durable", "pyarrow", "psycopg", "opentelemetry", "prometheus_client",
        "requests", "server.cli", "server.sandbox", "engine.workbench", "engine.census",
    }
)  # fmt: skip
SERVES: Final = """
import asyncio, sys
from pathlib import Path
import grpc.aio
from origingate.v1 import case_service_pb2_grpc
from server.app import started
from server.settings import Settings
from tests.system.processes import order

async def main():
    settings = Settings(listen="127.0.0.1:0", database=sys.argv[1], sites=Path(sys.argv[2]), sandbox_url=sys.argv[3])
    async with started(settings, alone=False) as addresses, grpc.aio.insecure_channel(addresses.grpc) as channel:
        answer = await case_service_pb2_grpc.CaseServiceStub(channel).ProcessOrder(order(), timeout=30)
    print(bool(answer.e_cert_id), *sys.modules)

asyncio.run(main())
"""


def test_worker_imports(tmp_path: Path, sandbox: Sandbox) -> None:
    """A worker that has taken an order has loaded neither what commands need nor what makes a schema."""
    database = f"sqlite:///{tmp_path}/og.db"
    assert 0 == origingate("db", "upgrade", "--database", database).returncode
    words = [sys.executable, "-c", SERVES, database, str(EXAMPLES / "sites.yaml"), sandbox.url]
    done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False)
    assert 0 == done.returncode, done.stderr
    certified, *loaded = done.stdout.splitlines()[-1].split()
    assert ("True", []) == (certified, sorted(NOT_LOADED & set(loaded)))
