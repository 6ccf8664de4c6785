"""One server in process, and what it stands on."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from engine.rulebook import Rulebook
from server.rulebooks import load_folder
from server.sandbox import SandboxSettings, start_sandbox
from server.shipped import shipped_rules
from server.store import Store
from tests.server.platforms.conftest import asking
from tests.server.store.conftest import (  # noqa: F401
    postgresql,
    shared_postgresql,
    upgraded_postgresql,
)
from tests.server.store.samples import MASTER
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import Clock, House, opened, sites


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The shipped rules."""
    return load_folder(shipped_rules() / "usmca")


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with a schema and nothing else."""
    file = tmp_path_factory.mktemp("empty") / "empty.db"
    store = Store.open(f"sqlite:///{file}", Clock(), MASTER)
    store.upgrade()
    store.close()
    return file


@pytest.fixture
def clock() -> Clock:
    """A clock that stands on 10 July 2026."""
    return Clock()


@pytest.fixture
def store(empty: Path, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """A store on a file."""
    with opened(empty, tmp_path, clock) as store:
        yield store


@pytest.fixture
def fake(clock: Clock) -> Faulty:
    """A platform in memory."""
    return Faulty(clock())


@pytest.fixture
async def house(store: Store, rulebook: Rulebook, clock: Clock, fake: Faulty) -> AsyncIterator[House]:
    """A server that asks the platform in memory."""
    house = House(store, rulebook, clock, (fake,))
    yield house
    await house.tasks.finish(0)


@pytest.fixture
async def rehearsal(store: Store, rulebook: Rulebook, clock: Clock) -> AsyncIterator[House]:
    """A server that asks a real sandbox over HTTP."""
    sandbox = await start_sandbox(SandboxSettings(clock=clock))
    async with asking(sandbox.url) as platform:
        house = House(store, rulebook, clock, (platform,), sites("sandbox"))
        yield house
        await house.tasks.finish(0)
    await sandbox.stop()
