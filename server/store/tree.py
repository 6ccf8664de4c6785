"""Proofs from the tree as it is stored: leaves in the log, and nodes of every eighth height.

Between two of these heights a node is made from at most 256 hashes, which are read together: a proof costs one such page
for each level of the tree, and a second one where the tree ends.
"""

from sqlalchemy import Connection, bindparam, select

from engine.merkle import HASH_SIZE, Frontier, consistency, inclusion, node_hash, root_of
from server.store.growth import TILE_HEIGHT
from server.store.prepared import every, first
from server.store.schema import log, log_head, log_tiles

_PAGE = 1 << TILE_HEIGHT
_LEAVES = (
    select(log.c.leaf)
    .where(log.c.position >= bindparam("start"), log.c.position < bindparam("end"))
    .order_by(log.c.position)
)
_NODES = (
    select(log_tiles.c.hash)
    .where(
        log_tiles.c.level == bindparam("of_level"),
        log_tiles.c.number >= bindparam("start"),
        log_tiles.c.number < bindparam("end"),
    )
    .order_by(log_tiles.c.number)
)
_FRONTIER = select(log_head.c.tree_size, log_head.c.frontier)


class Tree:
    """The tree as one view of the database has it. Its pages are kept: make one for each view, and let go of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pages: dict[tuple[int, int], list[bytes]] = {}
        # The peaks of the whole tree are at hand: what ends it needs no page.
        frontier = first(connection, _FRONTIER, _frontier, {})
        self._known = frontier.nodes if frontier is not None else {}

    def inclusion(self, position: int, size: int) -> tuple[bytes, ...]:
        """The proof that the entry at a position stands in the tree of a size, which the log has reached."""
        return inclusion(position, size, self.node)

    def consistency(self, before: int, size: int) -> tuple[bytes, ...]:
        """The proof that the tree of a size begins with the tree of the size before."""
        return consistency(before, size, self.node)

    def root(self, size: int) -> bytes:
        """The root of the tree when it had a size, which the log has reached."""
        return root_of(size, self.node)

    def node(self, height: int, number: int) -> bytes:
        """The hash of a node, all of whose leaves are there. Raises LookupError where they are not."""
        known = self._known.get((height, number))
        if known is not None:
            return known
        level, above = divmod(height, TILE_HEIGHT)
        start = number << above
        page, offset = divmod(start, _PAGE)
        hashes = self._page(level, page)[offset : offset + (1 << above)]
        if len(hashes) < 1 << above:
            if height == 0:
                raise LookupError(f"the log has no entry {number}")
            # Entries that a server of an earlier version added have no nodes yet.
            return node_hash(self.node(height - 1, 2 * number), self.node(height - 1, 2 * number + 1))
        while len(hashes) > 1:
            hashes = [node_hash(*hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
        return hashes[0]

    def _page(self, level: int, page: int) -> list[bytes]:
        if (level, page) not in self._pages:
            bounds = {"start": page * _PAGE, "end": (page + 1) * _PAGE}
            found = (
                every(self._connection, _NODES, bytes, bounds | {"of_level": level})
                if level
                else every(self._connection, _LEAVES, bytes, bounds)
            )
            self._pages[level, page] = found
        return self._pages[level, page]


def _frontier(size: int, octets: bytes | None) -> Frontier:
    return Frontier.read(size, octets or b"") if len(octets or b"") % HASH_SIZE == 0 else Frontier()
