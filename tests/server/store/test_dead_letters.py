"""Dead letters: kept once, due when an operator says so, settled when they were delivered."""

from datetime import timedelta

import pytest

from server.store import Store, cursors, dead_letters
from server.store.dead_letters import DeadLetter, NewDeadLetter
from server.store.errors import StoreRefused

from .samples import START, TENANT, case_name

LATER = START + timedelta(days=1)


def letter(position: int = 7, endpoint: str = "orders", tenant: str = TENANT) -> NewDeadLetter:
    return NewDeadLetter(tenant, endpoint, position, case_name(), '{"id":"evt_1"}', 3, "it answered 500")


async def buried(store: Store, *letters: NewDeadLetter) -> None:
    """Buries letters, with the cursors that they need."""
    for new in letters:
        await store.write(
            lambda tx, new=new: cursors.open_cursor(tx, new.tenant, new.endpoint, beginning=True)
        )
        await store.write(lambda tx, new=new: dead_letters.bury(tx, new))


async def listed(store: Store, settled: bool = False) -> list[DeadLetter]:
    return await store.read(lambda c: dead_letters.listed(c, settled=settled))


async def due(store: Store, endpoint: str = "orders") -> list[int]:
    """The positions of what is due, a day later where the caller's moment counts."""
    found = await store.read(lambda c: dead_letters.due(c, TENANT, endpoint, LATER, 10))
    return [each.position for each in found]


async def test_buried_once(store: Store) -> None:
    """An event is a dead letter once, with why, and due by itself never."""
    await buried(store, letter(), letter())
    [kept] = await listed(store)
    assert (7, 3, "it answered 500", None, None) == (
        kept.position, kept.tries, kept.because, kept.due_at, kept.settled_at,
    )  # fmt: skip
    assert [] == await due(store)


async def test_needs_its_endpoint(store: Store) -> None:
    """A dead letter of an endpoint without a cursor is refused."""
    with pytest.raises(StoreRefused):
        await store.write(lambda tx: dead_letters.bury(tx, letter()))


async def test_retry(store: Store) -> None:
    """Those that are chosen are due, and no others; which they were is told."""
    await buried(store, letter(9), letter(7), letter(7, "audit"), letter(7, tenant="other"))
    marked = await store.write(lambda tx: dead_letters.retry(tx, TENANT, "orders", [7, 8]))
    assert ([(TENANT, "orders", 7)], [7], []) == (marked, await due(store), await due(store, "audit"))
    assert 3 == len(await store.write(lambda tx: dead_letters.retry(tx, TENANT, None)))
    assert ([7, 9], [7]) == (await due(store), await due(store, "audit"))


async def test_settled(store: Store) -> None:
    """A dead letter that was delivered is listed no more unless asked for, and is never due again."""
    await buried(store, letter())
    [kept] = await listed(store)
    await store.write(lambda tx: dead_letters.settle(tx, kept))
    assert ([], [4]) == (await listed(store), [each.tries for each in await listed(store, settled=True)])
    assert [] == await store.write(lambda tx: dead_letters.retry(tx, None, None))


async def test_kept(store: Store) -> None:
    """One that was not taken again is due after a while, or waits for the operator."""
    await buried(store, letter())
    [kept] = await listed(store)
    await store.write(lambda tx: dead_letters.keep(tx, kept, "away", timedelta(seconds=-1)))
    assert [7] == await due(store)
    await store.write(lambda tx: dead_letters.keep(tx, kept, "it answered 400", None))
    assert ([], [(5, "it answered 400")]) == (
        await due(store), [(each.tries, each.because) for each in await listed(store)],
    )  # fmt: skip


async def test_of_an_endpoint(store: Store) -> None:
    """They are listed and counted by endpoint."""
    await buried(store, letter(9), letter(7), letter(7, "audit"), letter(7, tenant="other"))
    of_one = await store.read(lambda c: dead_letters.listed(c, TENANT, "orders", limit=1))
    assert [7] == [each.position for each in of_one]
    expected = {(TENANT, "orders"): 2, (TENANT, "audit"): 1, ("other", "orders"): 1}
    assert expected == await store.read(dead_letters.counted)
