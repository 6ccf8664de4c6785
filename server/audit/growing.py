"""The tree as it comes out of the entries, one after the other, against all that is kept and signed of it."""

from collections.abc import Sequence

from engine.merkle import Frontier, Node, grown
from server.audit.faults import Kind, Tally
from server.audit.heads import Heads, Keys
from server.audit.raw import Raw
from server.audit.tiles import Tiles
from server.audit.trusted import Outside


class Growing:
    """Grows the tree; at each size of which a head is known it is compared with that head."""

    def __init__(self, raw: Raw, keys: Keys, outside: Sequence[Outside], tally: Tally) -> None:
        self._tally = tally
        self._keys = keys
        self._frontier = Frontier()
        self._whole = True
        [row] = raw.ask("SELECT size, tree_size, frontier, head FROM log_head", [])
        self._size, self._tree_size, peaks, head = row
        self._peaks = bytes(peaks or b"")
        self._newest = None if head is None else str(head)
        self._tiles = Tiles(raw, tally)
        self.heads = Heads(raw, keys, outside, self._newest, tally)

    def broken(self) -> None:
        """Notes that entries are missing: from here on no root can be told."""
        self._whole = False

    def grow(self, leaves: Sequence[bytes]) -> None:
        """Adds leaves."""
        start = 0
        while self._whole and start < len(leaves):
            self.heads.compare(self._frontier)
            end = min(len(leaves), start + self.heads.ahead(self._frontier.size))
            nodes: dict[Node, bytes] = {}
            before = self._frontier.size
            self._frontier = grown(self._frontier, leaves[start:end], nodes)
            self._tiles.add(before, leaves[start:end], nodes)
            start = end

    def finish(self) -> None:
        """Compares the whole tree, once the last leaf was added."""
        if not self._whole:
            return
        tally, size = self._tally, self._frontier.size
        self.heads.compare(self._frontier)
        self.heads.finish(self._frontier)
        counted = f"the head counts {self._size} entries"
        if size < self._size:
            tally.fault(Kind.REMOVED, "log", f"{size}-{self._size - 1}", "", counted)
        elif size > self._size:
            tally.fault(Kind.ADDED, "log", f"{self._size}-{size - 1}", "", counted)
        signed = self.heads.signed
        if self._keys.any and signed < size:
            because = "no signed head that holds stands over these entries"
            tally.fault(Kind.UNSIGNED, "log", f"{signed}-{size - 1}", "", because)
        if self._tree_size > self._size or (self._tree_size != self._size and signed == size):
            because = "it is not the size of the tree over which the newest head was signed"
            tally.fault(Kind.CHANGED, "log_head", "1", "tree_size", because)
        whole = self._size == self._tree_size == size
        self._tiles.finish(self._frontier, self._peaks if whole else None, signed == size and size > 0)
