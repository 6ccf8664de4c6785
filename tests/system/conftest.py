"""Real servers and sandboxes; each is ended with its test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

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
