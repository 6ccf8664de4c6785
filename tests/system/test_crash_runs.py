"""Nothing is lost and nothing is bought twice, wherever the server is killed, on either database.

The platform is the sandbox as one that compares nothing: whoever submits twice gets two certificates. Long form:
`make crash-runs`, with ORIGINGATE_TEST_CRASHES=500 for each database.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

from tests.server.store.postgresql import PACKAGE, installed
from tests.server.store.postgresql import Server as PostgreSQL
from tests.system import processes
from tests.system.crash.lane import Lane, Ran, closing, run_all
from tests.system.crash.points import POINTS, Point, plan
from tests.system.crash.table import table
from tests.system.crash.victim import Nursery
from tests.system.processes import Sandbox

RUNS = int(os.environ.get("ORIGINGATE_TEST_CRASHES", "0"))
LANES = int(os.environ.get("ORIGINGATE_TEST_LANES", "6"))
SEED = 6
TRIES = 3
# In the short form each point is hit once, on one of the databases.
SHORT = {"sqlite": list(POINTS[0::2]), "postgresql": list(POINTS[1::2])}


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    """Where servers come from."""
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def platform(sandbox: Sandbox, tmp_path: Path) -> tuple[str, Path]:
    """The address of a platform that compares nothing and takes its time, and the folder of what it issued."""
    sandbox.fault("second_issue", times=None)
    sandbox.fault("latency", operation="any", times=None, seconds=0.02)
    return sandbox.url, tmp_path / "sandbox"


@pytest.fixture
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes empty databases of the kind."""
    if request.param == "sqlite":
        yield lambda name: f"sqlite:///{tmp_path}/{name}.db"
        return
    package = installed()
    if package is None:
        pytest.skip(f"{PACKAGE} is not installed")
    folder = Path(tempfile.mkdtemp(prefix="og-"))
    server = PostgreSQL(package, folder)
    yield server.create_database
    server.stop()
    shutil.rmtree(folder)


@pytest.mark.timeout(300 + 30 * RUNS)
@pytest.mark.parametrize(
    ("databases", "points"),
    [(kind, plan(RUNS, SEED) if RUNS else short) for kind, short in SHORT.items()],
    indirect=["databases"],
    ids=list(SHORT),
)
def test_killed(
    databases: Callable[[str], str],
    points: list[Point],
    platform: tuple[str, Path],
    nursery: Nursery,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a kill at each point every order has one certificate, and what was answered before still holds."""
    if RUNS:
        # A busy machine starts a server slowly now and then; one that hangs is still told from that.
        monkeypatch.setattr(processes, "PATIENCE", 120.0)
    lanes = []
    for number in range(min(LANES, len(points))):
        folder = tmp_path / f"lane-{number}"
        folder.mkdir()
        lanes.append(Lane(f"lane{number}", folder, databases(f"lane{number}"), platform, nursery))
    with closing(lanes), capfd.disabled():
        ran = shown(lanes, points) if RUNS else run_all(lanes, points, lambda _: None)
        for _ in range(TRIES - 1):
            # A busy machine can be too late for a step, and takes another way.
            ran += run_all(lanes, missed(points, ran), lambda _: None)
    assert [] == [fault for each in ran for fault in each.faults]
    assert [[]] * len(lanes) == [lane.books.broken_log() for lane in lanes]
    assert [] == missed(points, ran)


def missed(points: list[Point], ran: list[Ran]) -> list[Point]:
    """Points at which no server was killed."""
    return [
        point for point in dict.fromkeys(points) if not any(each.hit for each in ran if each.point == point)
    ]


def shown(lanes: list[Lane], points: list[Point]) -> list[Ran]:
    """Runs with a progress bar, and a table at the end."""
    sys.stdout.write("\n")
    with Progress(console=Console(file=sys.stdout)) as progress:
        task = progress.add_task("crash runs", total=len(points))
        ran = run_all(lanes, points, lambda _: progress.advance(task))
    sys.stdout.write(f"\n{table(ran)}\n")
    return ran
