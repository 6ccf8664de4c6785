"""Which rulebook is active: a dense record that only grows, proposals, trials that one process makes, who serves what."""

import json
from datetime import timedelta

import pytest

from server.store import Store, Transaction, activations, log, proposals, rulebooks, servings, trials

from .samples import RULEBOOK, START

OTHER = "sha256:" + "b" * 64


def stored(tx: Transaction) -> None:
    """Two rulebooks are stored."""
    for digest in (RULEBOOK, OTHER):
        rulebooks.keep(tx, digest, "usmca", "{}")


async def test_activated(store: Store) -> None:
    """Activations are counted from 1, each says by whose word; the newest is in force, the same again changes nothing."""
    await store.write(stored)
    assert await store.read(activations.newest) is None
    for digest in (RULEBOOK, OTHER, OTHER, RULEBOOK):
        last = await store.write(
            lambda tx, digest=digest: activations.activate(tx, digest, "ada", "a test", "bob")
        )
    assert (3, RULEBOOK, "ada", "bob") == (
        last.number,
        last.rulebook_digest,
        last.activated_by,
        last.approved_by,
    )
    assert last == await store.read(activations.newest)
    assert [3, 2, 1] == [each.number for each in await store.read(lambda c: activations.listed(c, 10))]
    assert [2] == [each.number for each in await store.read(lambda c: activations.listed(c, 1, below=3))]
    assert await store.read(lambda c: activations.was_active(c, OTHER))
    assert not await store.read(lambda c: activations.was_active(c, "sha256:0"))


async def test_by_moment(store: Store) -> None:
    """What was active just before a moment is found; before the first activation nothing was."""
    await store.write(stored)
    first = await store.write(lambda tx: activations.activate(tx, RULEBOOK, "ada", "a test"))
    second = await store.write(lambda tx: activations.activate(tx, OTHER, "ada", "a test"))
    assert first.activated_at < second.activated_at
    assert await store.read(lambda c: activations.before(c, first.activated_at)) is None
    assert first == await store.read(lambda c: activations.before(c, second.activated_at))
    assert second == await store.read(
        lambda c: activations.before(c, second.activated_at + timedelta(days=1))
    )


async def test_in_the_log(store: Store) -> None:
    """Each activation is an entry of the log that covers its row."""
    await store.write(stored)
    await store.write(lambda tx: activations.activate(tx, RULEBOOK, "ada", "a test"))
    [entry] = await store.read(lambda c: log.about(c, "", "activations/1"))
    assert {"number": 1, "rulebook_digest": RULEBOOK, "activated_by": "ada"} == json.loads(entry.event)
    assert "activations" == json.loads(entry.envelope)["table"]


async def test_same_moment(store: Store) -> None:
    """Of two that activate or settle at the same moment one is told that the other was quicker."""
    await store.write(stored)
    proposal = await store.write(lambda tx: proposals.propose(tx, RULEBOOK, "ada", "a test"))
    await store.write(lambda tx: proposals.settle(tx, proposal, proposals.APPROVED, "bob"))
    with pytest.raises(activations.ActivationRaced):
        await store.write(lambda tx: proposals.settle(tx, proposal, proposals.APPROVED, "eve"))


async def test_one_waits(store: Store) -> None:
    """A proposal takes the place of the one that waits."""
    await store.write(stored)
    await store.write(lambda tx: proposals.propose(tx, RULEBOOK, "ada", "a test"))
    second = await store.write(lambda tx: proposals.propose(tx, OTHER, "bob", "a test"))
    assert 2 == second.number
    assert second == await store.read(proposals.waiting)


async def test_one_tries(store: Store) -> None:
    """Files are tried by one process; by another only once the first has taken too long, and never once it has ended."""
    lease = timedelta(seconds=30)
    assert await store.write(lambda tx: trials.take(tx, "stamp", "one", lease))
    assert not await store.write(lambda tx: trials.take(tx, "stamp", "two", lease))
    await store.write(lambda tx: trials.put_off(tx, "stamp", "one", timedelta(0)))
    assert await store.write(lambda tx: trials.take(tx, "stamp", "two", lease))
    assert not await store.write(lambda tx: trials.end(tx, "stamp", "one", RULEBOOK, "{}"))
    assert await store.write(lambda tx: trials.end(tx, "stamp", "two", None, '{"problems": []}'))
    found = await store.read(lambda c: trials.find(c, "stamp"))
    assert found is not None
    assert (None, '{"problems": []}') == (found.rulebook_digest, found.report)
    assert not await store.write(lambda tx: trials.take(tx, "stamp", "two", timedelta(0)))


async def test_who_serves_what(store: Store) -> None:
    """What a process said last is known until it ends."""
    for digest in (RULEBOOK, OTHER):
        await store.write(lambda tx, digest=digest: servings.say(tx, "one", digest, 1, START))
    await store.write(lambda tx: servings.say(tx, "two", OTHER, 1, START))
    told = await store.read(lambda c: servings.seen(c, START))
    assert [("one", OTHER), ("two", OTHER)] == [(each.owner, each.rulebook_digest) for each in told]
    await store.write(lambda tx: servings.forget(tx, "one"))
    assert ["two"] == [each.owner for each in await store.read(lambda c: servings.seen(c, START))]


async def test_stored(store: Store) -> None:
    """Rulebooks are listed, the last one first, page by page; of signed ones the file is kept."""
    await store.write(lambda tx: rulebooks.keep(tx, RULEBOOK, "usmca", "{}"))
    await store.write(lambda tx: rulebooks.keep(tx, OTHER, "usmca", "{}"))
    first = await store.read(lambda c: rulebooks.listed(c, 1))
    assert [OTHER] == [each.digest for each in first]
    after = (first[0].stored_at, first[0].digest)
    assert [RULEBOOK] == [each.digest for each in await store.read(lambda c: rulebooks.listed(c, 5, after))]
    await store.write(lambda tx: rulebooks.keep_signed(tx, RULEBOOK, "key", "a.b.c"))
    assert ["a.b.c"] == await store.read(lambda c: rulebooks.signed(c, RULEBOOK))
