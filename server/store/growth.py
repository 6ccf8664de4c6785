"""How the log grows: entries get the next positions, the tree over them grows, its head is signed; last in each commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Integer, bindparam, func, insert, select, update

from engine.merkle import Frontier, Node, grown
from server.store.errors import LogDamaged
from server.store.log import envelope, leaf_hash
from server.store.prepared import every, first, write, write_all
from server.store.schema import log, log_head, log_heads, log_tiles
from server.store.transaction import Entry

# On PostgreSQL every transaction that writes to the log says so there.
CHANNEL: Final = "origingate_log"
# Signed heads are kept no closer together than this, but for the newest one, and those at a change of key.
KEPT_EVERY: Final = timedelta(minutes=1)
TILE_HEIGHT: Final = 8
_AT_ONCE: Final = 10_000
_MEND: Final = "run `origingate log verify`, and restore a backup"


class Signer(Protocol):
    """Signs heads of the log."""

    def signed(self, origin: str, size: int, root: bytes, at: datetime) -> str:
        """A head as a signed note."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """The log's head while nobody else can grow the log. `size` is of the log, `tree_size` of the tree over it.

    The tree falls behind only where a server of an earlier version writes beside this one.
    """

    size: int
    tree_size: int
    frontier: bytes | None
    origin: str | None
    kept_at: datetime | None


@dataclass(frozen=True, slots=True)
class Written:
    """The entries that a transaction wrote: where they begin, what became of the tree, and the signed head over them.

    `nodes` are the nodes of the tree that proofs for these entries need. `head` is None where nobody signs.
    """

    start: int
    entries: Sequence[Entry]
    size: int
    nodes: dict[Node, bytes]
    head: str | None
    last: bytes

    @property
    def position(self) -> int:
        """The position of the last entry; `last` is its leaf, which tells it from others'."""
        return self.start + len(self.entries) - 1


_HELD = select(
    log_head.c.size, log_head.c.tree_size, log_head.c.frontier, log_head.c.origin, log_head.c.kept_at
).with_for_update()
_ADD = insert(log)
_ADD_TILE = insert(log_tiles)
_KEEP = insert(log_heads)
_MOVE = update(log_head).values(
    {name: bindparam(name) for name in ("size", "tree_size", "frontier", "head", "kept_at")}
)
_MOVE_AND_TELL = _MOVE.returning(func.pg_notify(CHANNEL, ""))
_LEAF = select(log.c.leaf).where(log.c.position == bindparam("position"))
_LEAVES = (
    select(log.c.leaf)
    .where(log.c.position >= bindparam("start"), log.c.position < bindparam("end"))
    .order_by(log.c.position)
    .limit(bindparam("limit", type_=Integer))
)


def write_entries(
    connection: Connection, entries: Sequence[Entry], signer: Signer | None = None
) -> Written | None:
    """Give the entries the next positions. It holds the head's lock until the commit, so it comes last."""
    if not entries:
        return None
    held = hold(connection)
    rows = [_row(held.size + offset, entry) for offset, entry in enumerate(entries)]
    write_all(connection, _ADD, rows)
    frontier = caught_up(connection, held)
    nodes = frontier.nodes
    frontier = grown(frontier, (row["leaf"] for row in rows), nodes)
    keep_tiles(connection, nodes, held.size)
    head = move(connection, held, frontier, signer, entries[-1].at)
    return Written(held.size, entries, frontier.size, nodes, head, rows[-1]["leaf"])


def was_committed(connection: Connection, written: Written) -> bool:
    """Whether a transaction whose end was not seen is there. It waits for the head until that transaction has ended."""
    hold(connection)
    return connection.execute(_LEAF, {"position": written.position}).scalar() == written.last


def hold(connection: Connection) -> Held:
    """The head, which nobody else moves until the transaction ends."""
    held = first(connection, _HELD, Held, {})
    assert held is not None, "the head is made with the schema"
    return held


def caught_up(connection: Connection, held: Held) -> Frontier:
    """The frontier of the whole log, also where entries came that nobody added to the tree."""
    try:
        frontier = Frontier.read(held.tree_size, held.frontier or b"")
    except ValueError:
        raise LogDamaged(f"the tree over the log's {held.tree_size} entries is damaged; {_MEND}") from None
    while frontier.size < held.size:
        bounds = {"start": frontier.size, "end": held.size, "limit": _AT_ONCE}
        leaves = every(connection, _LEAVES, bytes, bounds)
        if not leaves:
            raise LogDamaged(f"of the log's {held.size} entries there is none at {frontier.size}; {_MEND}")
        nodes: dict[Node, bytes] = {}
        before, frontier = frontier.size, grown(frontier, leaves, nodes)
        keep_tiles(connection, nodes, before)
    return frontier


def keep_tiles(connection: Connection, nodes: dict[Node, bytes], before: int) -> None:
    """Keeps the nodes that a later proof starts from: those of every eighth height, made whole since a size."""
    write_all(
        connection,
        _ADD_TILE,
        [
            {"level": height // TILE_HEIGHT, "number": number, "hash": node}
            for (height, number), node in nodes.items()
            if height and height % TILE_HEIGHT == 0 and (number + 1) << height > before
        ],
    )


def move(
    connection: Connection,
    held: Held,
    frontier: Frontier,
    signer: Signer | None,
    at: datetime,
    always_kept: bool = False,
) -> str | None:
    """Moves the head on, and signs it where there is a signer; the signed head. Whoever listens is told."""
    head = None
    kept_at = held.kept_at
    if signer is not None:
        head = signer.signed(held.origin or "", frontier.size, frontier.root, at)
        if always_kept or kept_at is None or at - kept_at >= KEPT_EVERY:
            kept_at = at
            write(connection, _KEEP, {"size": frontier.size, "at": at, "head": head})
    values: dict[str, Any] = {
        "size": frontier.size, "tree_size": frontier.size, "frontier": frontier.octets, "head": head, "kept_at": kept_at
    }  # fmt: skip
    # On PostgreSQL it also ends the driver's pipeline, after which the server does not count for how long a session is idle.
    write(connection, _MOVE_AND_TELL if connection.dialect.name == "postgresql" else _MOVE, values)
    return head


def _row(position: int, entry: Entry) -> dict[str, Any]:
    text = envelope(entry)
    return {
        "position": position,
        "leaf": leaf_hash(text),
        "tenant": entry.tenant,
        "kind": entry.kind,
        "subject": entry.subject,
        "at": entry.at,
        "envelope": text,
        "event": entry.event,
    }
