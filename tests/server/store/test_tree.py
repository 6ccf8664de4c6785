"""The tree as it is stored: it grows with the log, on any number of servers, and proves every entry of it."""

import asyncio

import pytest
from sqlalchemy import Connection, func, select

from engine.checkpoint import read_checkpoint
from engine.merkle import Frontier, Node, continues, grown, includes
from engine.signed_head import signed_by
from server.log_keys import LogSigner, key_text, log_public_keys, log_signer, make_log_key
from server.store import Store, Transaction, log
from server.store.errors import LogDamaged
from server.store.growth import KEPT_EVERY, hold
from server.store.schema import log as log_table
from server.store.schema import log_heads, log_tiles
from server.store.signing import begin_key, heads_kept, keys_known, newest_head
from server.store.tree import Tree

from .samples import MASTER, TENANT, Clock


def tell(tx: Transaction, count: int) -> None:
    for number in range(count):
        log.append(tx, TENANT, "transition", f"cases/{number}", {"number": number})


def leaves(connection: Connection) -> list[bytes]:
    return list(connection.scalars(select(log_table.c.leaf).order_by(log_table.c.position)))


@pytest.fixture
def signer(tmp_path) -> LogSigner:
    """A key that signs."""
    make_log_key(tmp_path / "log.pem")
    return log_signer(tmp_path / "log.pem")


async def begun(store: Store, signer: LogSigner) -> bool:
    store.sign_with(signer)
    return await store.write(lambda tx: begin_key(tx, signer))


async def test_root(store: Store, signer: LogSigner) -> None:
    """However entries come in groups, the head that is signed is that of the tree over all leaves."""
    await begun(store, signer)
    for count in (1, 2, 5, 255, 300):
        await store.write(lambda tx, count=count: tell(tx, count))
        head = await store.read(newest_head)
        frontier = grown(Frontier(), await store.read(leaves))
        said = read_checkpoint(head or "").head
        assert (frontier.size, frontier.root) == (said.size, said.root)


async def test_every_entry_is_proved(store: Store) -> None:
    """Each entry is proved under the root of the whole log, and under that of each size after it."""
    for count in (1, 255, 3, 260):
        await store.write(lambda tx, count=count: tell(tx, count))
    hashes = await store.read(leaves)

    def prove(connection: Connection) -> list[bool]:
        tree = Tree(connection)
        found = []
        for size in (1, 255, 256, 257, 300, 512, len(hashes)):
            root = grown(Frontier(), hashes[:size]).root
            for position in {0, size // 2, size - 1}:
                path = tree.inclusion(position, size)
                found.append(includes(root, size, position, hashes[position], path))
        return found

    assert {True} == set(await store.read(prove))


async def test_every_size_is_continued(store: Store) -> None:
    """The tree of each size is proved to be the beginning of the tree that there is."""
    await store.write(lambda tx: tell(tx, 600))
    hashes = await store.read(leaves)
    roots = [grown(Frontier(), hashes[:size]).root for size in range(601)]

    def prove(connection: Connection) -> list[int]:
        tree = Tree(connection)
        return [
            size
            for size in range(601)
            if continues(size, roots[size], 600, roots[600], tree.consistency(size, 600))
        ]

    assert list(range(601)) == await store.read(prove)


async def test_a_node_that_is_not_there(store: Store) -> None:
    """A proof for a size that the log has not reached is not made."""
    await store.write(lambda tx: tell(tx, 3))
    with pytest.raises(LookupError, match="no entry 3"):
        await store.read(lambda c: Tree(c).inclusion(0, 4))


async def test_tiles(store: Store) -> None:
    """Only nodes of every eighth height are stored: one row for each 256 entries."""
    await store.write(lambda tx: tell(tx, 256))
    await store.write(lambda tx: tell(tx, 255))
    await store.write(lambda tx: tell(tx, 2))
    nodes: dict[Node, bytes] = {}
    grown(Frontier(), await store.read(leaves), nodes)
    rows = await store.read(lambda c: c.execute(select(log_tiles).order_by("number")).all())
    assert [(1, 0, nodes[8, 0]), (1, 1, nodes[8, 1])] == [tuple(row) for row in rows]


async def test_several_servers(upgraded_postgresql: str, signer: LogSigner) -> None:
    """Servers that share one database grow one tree, whose newest head is signed."""
    stores = [Store.open(upgraded_postgresql, Clock(), MASTER) for _ in range(3)]
    for each in stores:
        await begun(each, signer)
    await asyncio.gather(*(each.write(lambda tx: tell(tx, 3)) for _ in range(40) for each in stores))
    frontier = grown(Frontier(), await stores[0].read(leaves))
    head = read_checkpoint(await stores[0].read(newest_head) or "")
    for each in stores:
        each.close()
    assert (360, frontier.root) == (head.head.size, head.head.root)
    assert signer.public == signed_by(head, {signer.public: signer.key.public_key()})


async def test_unsigned(store: Store, signer: LogSigner) -> None:
    """Where nobody signs there is no newest head; a key that begins signs what is there."""
    await store.write(lambda tx: tell(tx, 3))
    assert None is await store.read(newest_head)
    assert await begun(store, signer)
    assert 3 == read_checkpoint(await store.read(newest_head) or "").head.size


async def test_known_key(store: Store, signer: LogSigner) -> None:
    """A key is noted once, with the size from which it signs."""
    await store.write(lambda tx: tell(tx, 3))
    assert [True, False] == [await begun(store, signer), await begun(store, signer)]
    [known] = await store.read(keys_known)
    assert (key_text(signer.public), 3) == (known.public_key, known.from_size)


async def test_another_key_takes_over(store: Store, signer: LogSigner, tmp_path) -> None:
    """A new key's first head is signed by the old one too, where that is at hand, and is kept."""
    await begun(store, signer)
    await store.write(lambda tx: tell(tx, 3))
    make_log_key(tmp_path / "next.pem")
    following = log_signer(tmp_path / "next.pem", tmp_path / "log.pem")
    await begun(store, following)
    await store.write(lambda tx: tell(tx, 1))
    kept = [read_checkpoint(each.head) for each in await store.read(lambda c: heads_kept(c, 10))]
    both = log_public_keys([tmp_path / "log.pub.pem", tmp_path / "next.pub.pem"])
    old, new = ({public: both[public]} for public in (signer.public, following.public))
    assert [(0, True, False), (3, True, True)] == [
        (head.head.size, signed_by(head, old) is not None, signed_by(head, new) is not None) for head in kept
    ]
    newest = read_checkpoint(await store.read(newest_head) or "")
    assert (4, None, following.public) == (newest.head.size, signed_by(newest, old), signed_by(newest, new))
    assert [0, 3] == [known.from_size for known in await store.read(keys_known)]


async def test_heads_over_time(store: Store, signer: LogSigner) -> None:
    """Of the heads of a minute one is kept: the clock of this test goes on by a second with each transaction."""
    await begun(store, signer)
    minutes = 3
    for _ in range(minutes * int(KEPT_EVERY.total_seconds())):
        await store.write(lambda tx: tell(tx, 1))
    kept = await store.read(lambda c: c.scalar(select(func.count()).select_from(log_heads)))
    assert kept in (minutes, minutes + 1)


async def test_log_that_lost_entries(store: Store) -> None:
    """Nothing is added to a log whose end is missing: it would hide that."""
    await store.write(lambda tx: tell(tx, 3))

    def lose(tx: Transaction) -> None:
        held = hold(tx.connection)
        tx.connection.execute(log_table.delete().where(log_table.c.position == held.size - 1))
        tx.connection.exec_driver_sql("UPDATE log_head SET tree_size = 2, frontier = NULL")

    await store.write(lose)
    with pytest.raises(LogDamaged, match="origingate log verify"):
        await store.write(lambda tx: tell(tx, 1))
