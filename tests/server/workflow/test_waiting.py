"""How long a call may wait, what goes on after it, and settings that could never work."""

import asyncio

import pytest
from pydantic import ValidationError

from server.auth import Principal
from server.calls import Call
from server.settings import Settings
from server.workflow.tasks import Tasks
from server.workflow.waiting import Waiting

WAITING = Waiting(limit=15.0, reserve=0.25)


def call(seconds: float | None) -> Call:
    """A call whose caller gives up after so many seconds."""
    deadline = None if seconds is None else asyncio.get_running_loop().time() + seconds
    return Call("ProcessOrder", "id", Principal("dev", "tester", frozenset()), deadline)


@pytest.mark.parametrize(
    ("left", "waits"), [(None, 15.0), (100.0, 15.0), (5.0, 4.75), (0.2, 0.0), (-3.0, 0.0)]
)
async def test_seconds(left: float | None, waits: float) -> None:
    """A call waits until its own deadline less what answering takes, and never longer than the server's limit."""
    assert waits == pytest.approx(WAITING.seconds(call(left)), abs=0.1)


async def test_work_goes_on() -> None:
    """Work goes on when who waited for it has stopped waiting."""
    tasks, done = Tasks(), asyncio.Event()
    tasks.start(_sleep_and_set(done), "work")
    await tasks.wait("work", 0.001)
    assert not done.is_set()
    await tasks.wait("work", 5)
    assert done.is_set()


async def test_nothing_to_wait_for() -> None:
    """Whoever waits for work that ended, or never was, does not wait."""
    async with asyncio.timeout(1):
        await Tasks().wait("work", 60)
        await Tasks().finish(60)


async def test_ended_in_order() -> None:
    """At the end, work gets its grace, and what is left then is cancelled."""
    tasks, done, never = Tasks(), asyncio.Event(), asyncio.Event()
    tasks.start(_sleep_and_set(done), "short")
    tasks.start(_wait(never), "endless")
    await tasks.finish(0.2)
    assert done.is_set()
    await tasks.finish(0)


async def test_failure(capsys: pytest.CaptureFixture[str]) -> None:
    """What fails is logged by its place, and never with the text of the error, which may hold names of people."""
    tasks = Tasks()
    tasks.start(_fail("Lucía Treviño"), "cases/1")
    await tasks.finish(1)
    await asyncio.sleep(0)
    said = "".join(capsys.readouterr())
    assert ("ValueError" in said, "cases/1" in said, "Treviño" in said) == (True, True, False)


async def _sleep_and_set(event: asyncio.Event) -> None:
    await asyncio.sleep(0.05)
    event.set()


async def _wait(event: asyncio.Event) -> None:
    await event.wait()


async def _fail(text: str) -> None:
    raise ValueError(text)


@pytest.mark.parametrize("listen", ["127.0.0.1:0", "localhost:50051", "[::1]:50051", "127.1.2.3:65535"])
def test_loopback(listen: str) -> None:
    """Loopback addresses can be served on."""
    assert listen == Settings(listen=listen).listen


@pytest.mark.parametrize(
    "listen",
    [
        "0.0.0.0:50051",
        "127.example.com:50051",
        "localhost.example.com:1",
        "[::]:1",
        "50051",
        ":1",
        "127.0.0.1:65536",
    ],
)
def test_elsewhere(listen: str) -> None:
    """Nothing else can, also where its name begins like a loopback address."""
    with pytest.raises(ValidationError):
        Settings(listen=listen)


def test_lease_too_short() -> None:
    """A lease that would end before the attempt is refused at start: nothing could ever be sent under it."""
    with pytest.raises(ValidationError, match="give a lease of 11 s or more"):
        Settings(attempt_timeout=10, lease=10.5)
    assert 11 == Settings(attempt_timeout=10, lease=11).lease
