"""How a process follows what is active."""

from pathlib import Path

import pytest

from engine.rulebook import Rulebook
from server.activation.first import SERVER
from server.activation.following import READ_AGAIN_AFTER, Following
from server.activation.offer import Offer
from server.activation.servable import CannotBeServed, Servable
from server.activation.state import State
from server.store import Store, activations, rulebooks
from server.workflow.book import Book, nobody
from server.workflow.deciding import Deciding
from tests.server.workflow.house import Clock


class Counted(Servable):
    """Counts how often a rulebook is read."""

    reads = 0

    async def book(self, digest: str) -> Book:
        """The book."""
        self.reads += 1
        return await super().book(digest)


async def told(state: State) -> None:
    """Nobody is told."""


async def test_behind(store: Store, rulebook: Rulebook, clock: Clock) -> None:
    """What cannot be served is read again after a while, at once where something is activated here, and not each second."""
    bad = "sha256:" + "b" * 64
    await store.write(lambda tx: rulebooks.keep(tx, bad, "usmca", '{"rulebook.yaml": "rulebook: usmca"}'))
    await store.write(lambda tx: activations.activate(tx, bad, SERVER, "a test"))
    servable = Counted(store, Offer(Path(), None), clock, nobody)
    with pytest.raises(CannotBeServed):
        await servable.book(bad)
    servable.reads = 0
    state = State("one", rulebook.digest, 0, clock())
    following = Following(store, Deciding(rulebook, clock), servable, state, told)
    for _ in range(3):
        await following.look()
    assert (1, True) == (servable.reads, bool(state.behind_because))
    clock.passes(READ_AGAIN_AFTER.total_seconds())
    await following.look()
    assert 2 == servable.reads
    following.hurry()
    await following.look()
    assert 3 == servable.reads
    assert state.behind_since is not None
