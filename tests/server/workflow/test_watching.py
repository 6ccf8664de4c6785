"""Watches and waits: what is told, in which order, how it ends, and what it costs while nothing happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from typing import Any

import pytest

from engine.case import CaseState, Event
from server.errors import CaseNotFound, ShuttingDown, TokenInvalid
from server.store import Store, Transaction, cases
from server.store.records import CaseRecord
from server.workflow.case_waiting import Awaited, wait_for_case
from server.workflow.feed import Feed
from server.workflow.watching import Told, Wanted, Watching
from tests.server.workflow.house import turns

TENANT = "dev"
ALL = Wanted(TENANT)
QUIET = 60.0


@pytest.fixture
async def feed(store: Store) -> AsyncIterator[Feed]:
    """A feed that is looking, woken by commits; its own looks are far apart."""
    feed = Feed(store, poll=QUIET, gather=0.0)
    task = asyncio.create_task(feed.run())
    await asyncio.sleep(0)
    yield feed
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.fixture
def watching(store: Store, feed: Feed) -> Watching:
    """Watches without heartbeats."""
    return Watching(store, feed, QUIET)


def name(number: int) -> str:
    return f"cases/{number:032x}"


def opened(tx: Transaction, number: int, tenant: str = TENANT, site_id: str = "shop") -> CaseRecord:
    return cases.create(
        tx, tenant=tenant, name=name(number), site_id=site_id, order_id=f"order-{number}", site="{}", order="{}",
        event=Event.PLACE, actor="orders", reason="the order came",
    )[0]  # fmt: skip


async def place(store: Store, number: int, tenant: str = TENANT, site_id: str = "shop") -> CaseRecord:
    return await store.write(lambda tx: opened(tx, number, tenant, site_id))


async def cancel(store: Store, case: CaseRecord) -> CaseRecord:
    return await store.write(
        lambda tx: cases.transition(tx, case, Event.CANCEL, actor="orders", reason="not wanted")
    )


async def next_of(watch: AsyncIterator[Told]) -> tuple[str, str] | None:
    """Order and event of what is told next; None where it is no event."""
    async with asyncio.timeout(5):
        told = await anext(watch)
    return None if told.record is None else (told.record.order_id, told.event["event"])


async def test_from_the_beginning(store: Store, watching: Watching) -> None:
    """Everything that happened is told, then once that it was all, then what happens as it happens."""
    case = await place(store, 1)
    await place(store, 2)
    async with aclosing(watching.tell(ALL, await watching.begin(now=False))) as watch:
        assert [("order-1", "PLACE"), ("order-2", "PLACE"), None] == [await next_of(watch) for _ in range(3)]
        await cancel(store, case)
        assert ("order-1", "CANCEL") == await next_of(watch)


async def test_from_now(store: Store, watching: Watching) -> None:
    """A watch from now begins with where it is, and tells nothing that was before."""
    await place(store, 1)
    async with aclosing(watching.tell(ALL, await watching.begin(now=True))) as watch:
        assert await next_of(watch) is None
        await place(store, 2)
        assert ("order-2", "PLACE") == await next_of(watch)


async def test_resumed_anywhere(store: Store, watching: Watching) -> None:
    """From wherever a watch broke off, another one goes on with the next event."""
    for number in range(1, 6):
        await place(store, number)
    async with aclosing(watching.tell(ALL, 0)) as watch:
        places = [0] + [(await anext(watch)).next for _ in range(5)]
    for number, position in enumerate(places[:5], start=1):
        async with aclosing(watching.tell(ALL, position)) as watch:
            assert (f"order-{number}", "PLACE") == await next_of(watch)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(TENANT, names=(name(2),)), [("order-2", "PLACE")]),
        (Wanted(TENANT, site_id="shoe"), [("order-3", "PLACE")]),
        (Wanted(TENANT, states=frozenset({CaseState.CANCELLING})), [("order-1", "CANCEL")]),
        (Wanted(TENANT, site_id="shoe", states=frozenset({CaseState.CANCELLING})), []),
        (Wanted("other"), [("order-4", "PLACE")]),
        (Wanted(TENANT, names=(name(4),)), []),
    ],
)
async def test_filters(
    store: Store, watching: Watching, wanted: Wanted, expected: list[tuple[str, str]]
) -> None:
    """A watch tells what its filter leaves of its own tenant's events, and its place passes all others."""
    await cancel(store, await place(store, 1))
    await place(store, 2)
    await place(store, 3, site_id="shoe")
    await place(store, 4, tenant="other")
    async with aclosing(watching.tell(wanted, 0)) as watch:
        assert expected == [await next_of(watch) for _ in expected]
        last = await anext(watch)
        assert (None, 5) == (last.record, last.next)


async def test_more_than_a_page(store: Store, watching: Watching) -> None:
    """A log of many pages is told to its end, in order."""
    await store.write(lambda tx: [opened(tx, number) for number in range(1, 251)])
    async with aclosing(watching.tell(ALL, 0)) as watch:
        told = [await next_of(watch) for _ in range(251)]
    assert [*[(f"order-{number}", "PLACE") for number in range(1, 251)], None] == told


@pytest.fixture
def reads(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """A list that grows with every query."""
    seen: list[object] = []
    read = store.read

    async def counted(query: Any) -> Any:
        seen.append(query)
        return await read(query)

    monkeypatch.setattr(store, "read", counted)
    return seen


async def test_reads_as_it_is_taken(store: Store, watching: Watching, reads: list[object]) -> None:
    """A caller that takes slowly makes nothing pile up: the next page is read when the last one was taken."""
    await store.write(lambda tx: [opened(tx, number) for number in range(1, 251)])
    async with aclosing(watching.tell(ALL, 0)) as watch:
        await next_of(watch)
        await asyncio.sleep(0.05)
        first = len(reads)
        for _ in range(100):
            await next_of(watch)
        assert first + 1 == len(reads)


async def test_heartbeats(store: Store, feed: Feed) -> None:
    """While nothing happens to tell, a watch says so again and again, with a place that moves on."""
    watching = Watching(store, feed, 0.05)
    async with aclosing(watching.tell(Wanted(TENANT, site_id="shoe"), 0)) as watch:
        assert (None, 0) == (await anext(watch))[::2]
        await place(store, 1)
        async with asyncio.timeout(5):
            while (await anext(watch)).next == 0:
                pass


async def test_many_watchers(store: Store, feed: Feed, reads: list[object]) -> None:
    """However many watch, what is not for them costs one look for all of them, and quiet costs nothing."""
    watching = Watching(store, feed, QUIET)
    async with asyncio.TaskGroup() as group:
        watches = [watching.tell(ALL, 0) for _ in range(200)]
        for watch in watches:
            group.create_task(next_of(watch))
    waiting = [asyncio.ensure_future(anext(watch)) for watch in watches]
    await place(store, 1)
    first = [told.event["version"] for told in await asyncio.gather(*waiting)]
    waiting = [asyncio.ensure_future(anext(watch)) for watch in watches]
    await asyncio.sleep(0.3)
    before = len(reads)
    await place(store, 2, tenant="other")
    await asyncio.sleep(0.3)
    assert ([1] * 200, 1) == (first, len(reads) - before)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    for watch in watches:
        await watch.aclose()
    assert (0, 0) == (watching.open, feed.waiting)


async def test_token_from_after_the_end(store: Store, watching: Watching) -> None:
    """A place that the log has not reached, as after a restored backup, is refused: waiting there would hide events."""
    await place(store, 1)
    with pytest.raises(TokenInvalid, match="from after the end of this log"):
        await anext(watching.tell(ALL, 2))


async def test_end(store: Store, feed: Feed, watching: Watching) -> None:
    """When the server stops, a watch tells its last place and ends; a new one does not begin."""
    await place(store, 1)
    async with aclosing(watching.tell(ALL, 1)) as watch:
        assert await next_of(watch) is None
        following = asyncio.ensure_future(anext(watch))
        await asyncio.sleep(0.05)
        feed.end()
        assert (None, 1) == (await following)[::2]
        with pytest.raises(ShuttingDown):
            await anext(watch)
    with pytest.raises(ShuttingDown):
        await anext(watching.tell(ALL, 1))
    assert 0 == watching.open


async def test_cancelled(store: Store, feed: Feed, watching: Watching) -> None:
    """A watch whose caller went away is gone at once."""

    async def listen() -> None:
        async with aclosing(watching.tell(ALL, 0)) as watch:
            async for _ in watch:
                pass

    task = asyncio.create_task(listen())
    async with asyncio.timeout(30):
        while (1, 1) != (watching.open, feed.waiting):
            await turns()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert (0, 0) == (watching.open, feed.waiting)


async def test_poll(store: Store) -> None:
    """What nothing woke it for is found by the next look."""
    feed = Feed(store, poll=0.05, gather=0.0)
    task = asyncio.create_task(feed.run())
    await asyncio.sleep(0)
    store.on_growth(lambda: None)
    async with aclosing(Watching(store, feed, QUIET).tell(ALL, 0)) as watch:
        assert await next_of(watch) is None
        await place(store, 1)
        assert ("order-1", "PLACE") == await next_of(watch)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def wait(
    store: Store, feed: Feed, awaited: Awaited, seconds: float = QUIET
) -> tuple[CaseState, int, bool]:
    """State and version of the first case after the wait, and whether it happened."""
    async with asyncio.timeout(5):
        view, happened = await wait_for_case(store, feed, TENANT, name(1), awaited, seconds)
    return view.case.state, view.case.version, happened


@pytest.mark.parametrize(
    "awaited",
    [Awaited(), Awaited(frozenset({CaseState.VERIFYING})), Awaited(after_version=0)],
)
async def test_happened_already(store: Store, feed: Feed, awaited: Awaited) -> None:
    """What holds already is answered at once."""
    await place(store, 1)
    assert (CaseState.ORDERED, 1, True) == await wait(store, feed, awaited)


@pytest.mark.parametrize(
    "awaited",
    [
        Awaited(frozenset({CaseState.ORDERED})),
        Awaited(after_version=1),
        Awaited(frozenset(CaseState), after_version=1),
        Awaited(frozenset({CaseState.ORDERED}), after_version=9),
    ],
)
async def test_happens(store: Store, feed: Feed, awaited: Awaited) -> None:
    """A wait ends with the event that it waits for."""
    case = await place(store, 1)
    waiting = asyncio.create_task(wait(store, feed, awaited))
    await asyncio.sleep(0.05)
    await place(store, 2)
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await cancel(store, case)
    assert (CaseState.CANCELLING, 2, True) == await waiting


async def test_work_goes_on(store: Store, feed: Feed) -> None:
    """Without a condition, a wait is for the end of what goes on by itself."""
    await cancel(store, await place(store, 1))
    assert (CaseState.CANCELLING, 2, False) == await wait(store, feed, Awaited(), 0.05)


async def test_time_is_over(store: Store, feed: Feed) -> None:
    """When the time is over the case is answered as it is."""
    await place(store, 1)
    assert (CaseState.ORDERED, 1, False) == await wait(store, feed, Awaited(after_version=1), 0.05)
    assert (CaseState.ORDERED, 1, False) == await wait(store, feed, Awaited(after_version=1), 0)


async def test_wait_at_the_end(store: Store, feed: Feed) -> None:
    """When the server stops, who waits is answered with the case as it is."""
    await place(store, 1)
    waiting = asyncio.create_task(wait(store, feed, Awaited(after_version=1)))
    await asyncio.sleep(0.05)
    feed.end()
    assert (CaseState.ORDERED, 1, False) == await waiting
    assert 0 == feed.waiting


async def test_no_such_case(store: Store, feed: Feed) -> None:
    """A case that is not the tenant's is not waited for."""
    await place(store, 1, tenant="other")
    with pytest.raises(CaseNotFound):
        await wait(store, feed, Awaited())
