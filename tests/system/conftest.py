"""Real servers and sandboxes; each is ended with its test."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.server.store.postgresql import PACKAGE, installed
from tests.server.store.postgresql import Server as PostgreSQL
from tests.system.processes import Sandbox, Server


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox platform."""
    running = Sandbox(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers on one database; those that still run are ended."""
    servers: list[Server] = []

    def start(*words: str, **environment: str) -> Server:
        servers.append(Server(tmp_path, *words, **environment))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def server(sandbox: Sandbox, serve: Callable[..., Server]) -> Server:
    """A server that asks the sandbox, and asks again for every status."""
    return serve("--sandbox-url", sandbox.url, ORIGINGATE_STATUS_AGE="0")


@pytest.fixture(scope="module")
def shared_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox for all tests of a module; each takes away the faults that it sets."""
    running = Sandbox(tmp_path_factory.mktemp("sandbox"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def shared(shared_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests of a module; each sends orders of its own."""
    running = Server(
        tmp_path_factory.mktemp("server"),
        "--sandbox-url",
        shared_sandbox.url,
        ORIGINGATE_STATUS_AGE="0",
        ORIGINGATE_ATTEMPT_TIMEOUT="2",
        ORIGINGATE_LEASE="4",
        ORIGINGATE_SETTLE="0.2",
        ORIGINGATE_RECONCILE_EVERY="0.1",
    )
    yield running
    assert 0 == running.stop()


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server for the tests of a module."""
    package = installed()
    if package is None:
        pytest.skip(f"{PACKAGE} is not installed")
    folder = Path(tempfile.mkdtemp(prefix="og-"))  # short: the path of a socket has a limit
    server = PostgreSQL(package, folder)
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def database(postgresql: PostgreSQL) -> str:
    """The address of an empty PostgreSQL database."""
    return postgresql.create_database(uuid4().hex)
