"""Nothing is lost and nothing is done twice, wherever the server is killed, on either database.

The platform is the sandbox as one that compares nothing: whoever submits twice gets two certificates. The short form takes
another few points each day, or those of ORIGINGATE_TEST_TURN; ORIGINGATE_TEST_POINTS takes all points whose text has that,
e.g. "void". The long form, `make crash-runs`, sets ORIGINGATE_TEST_CRASHES to the runs on each database.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

from tests.server.store.postgresql import PACKAGE, installed
from tests.server.store.postgresql import Server as PostgreSQL
from tests.system import processes
from tests.system.crash.lane import SETTINGS, Lane, Ran
from tests.system.crash.platform import platforms
from tests.system.crash.points import FIRST_START, POINTS, Fuse, Point, plan, turn
from tests.system.crash.side_by_side import closing, run_all
from tests.system.crash.table import table
from tests.system.crash.victim import Nursery, Victim
from tests.system.hooks import Hooks
from tests.system.processes import Sandbox, order

RUNS = int(os.environ.get("ORIGINGATE_TEST_CRASHES", "0"))
LANES = int(os.environ.get("ORIGINGATE_TEST_LANES", "6"))
TURN = int(os.environ.get("ORIGINGATE_TEST_TURN", datetime.now(UTC).date().toordinal()))
ONLY = os.environ.get("ORIGINGATE_TEST_POINTS", "")
SEED = 6
SHORT = 12
TRIES = 3


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    """Where servers come from."""
    nursery = Nursery()
    yield nursery
    nursery.close()


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


@pytest.mark.timeout(400 + 30 * RUNS)
@pytest.mark.parametrize(("databases", "half"), [("sqlite", 0), ("postgresql", 1)], indirect=["databases"])
def test_killed(
    databases: Callable[[str], str],
    half: int,
    nursery: Nursery,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a kill at each point every order has come to its end, once, and what was answered before still holds."""
    points = plan(RUNS, SEED) if RUNS else turn(2 * TURN + half, SHORT)
    if ONLY:
        points = [point for point in POINTS if ONLY in str(point)]
    if RUNS:
        # A busy machine starts a server slowly now and then; one that hangs is still told from that.
        monkeypatch.setattr(processes, "PATIENCE", 120.0)
    names = [f"lane{number}" for number in range(min(LANES, len(points)))]
    with ExitStack() as stack:
        lanes: list[Lane] = []
        stack.enter_context(closing(lanes))
        for number, (name, platform) in enumerate(
            zip(
                names,
                stack.enter_context(platforms([tmp_path / name / "platform" for name in names])),
                strict=True,
            )
        ):
            hooks = Hooks()
            stack.callback(hooks.close)
            # Elsewhere than on Linux there is but one address of this machine by itself.
            host = f"127.0.0.{2 + number}" if sys.platform == "linux" else "127.0.0.1"
            lanes.append(Lane(name, host, tmp_path / name, databases(name), platform, nursery, hooks))
        with capfd.disabled():
            ran = shown(lanes, points) if RUNS or ONLY else run_all(lanes, points, lambda _: None)
            for _ in range(TRIES - 1):
                # A busy machine can be too late for a step, and takes another way.
                ran += run_all(lanes, missed(points, ran), lambda _: None)
        assert "" == "\n".join(fault for each in ran for fault in each.faults)
        assert "" == "\n".join(fault for lane in lanes for fault in lane.webhooks())
        assert [[]] * len(lanes) == [lane.books.broken_log() for lane in lanes]
    assert [] == missed(points, ran)


@pytest.mark.parametrize("databases", ["sqlite", "postgresql"], indirect=True)
def test_killed_at_its_first_start(
    databases: Callable[[str], str], nursery: Nursery, sandbox: Sandbox, tmp_path: Path
) -> None:
    """A server that is killed around the commit of its schema or its first rulebook leaves one that another serves."""
    for number, point in enumerate(FIRST_START):
        folder = tmp_path / f"server-{number}"
        folder.mkdir()
        settings = {**SETTINGS, "database": databases(f"first{number}"), "sandbox_url": sandbox.url}
        Fuse(folder / "fuse.json").set(point)
        killed = Victim(nursery, folder, **settings)
        assert (False, True) == (killed.alive, killed.fuse.clear())
        server = Victim(nursery, folder, **settings)
        name = f"first-{number}"
        assert "" != server.process_order(order(order_id=name, request_id=f"request-{name}")).e_cert_id
        server.kill()


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
    sys.stdout.write("\n".join(["", table(ran), *(fault for each in ran for fault in each.faults), ""]))
    return ran
