"""The nodes of the tree that are kept, against those that come out of the entries: where they differ, it is told which."""

from collections.abc import Mapping, Sequence
from typing import Final

from engine.merkle import HASH_SIZE, Frontier, Node
from server.audit.faults import Kind, Tally
from server.audit.raw import Raw
from server.audit.swaps import Wrong, swapped
from server.store.growth import TILE_HEIGHT

TILE: Final = 1 << TILE_HEIGHT
_UNLIKE: Final = "it is not that of the entries"


class Tiles:
    """Notes what differs on the way, and tells at the end, when it is known whose fault it is."""

    def __init__(self, raw: Raw, tally: Tally) -> None:
        self._raw = raw
        self._tally = tally
        # Leaves behind the last whole tile.
        self._open: list[bytes] = []
        self._wrong: list[Wrong] = []
        self._above: list[Node] = []

    def add(self, before: int, leaves: Sequence[bytes], nodes: Mapping[Node, bytes]) -> None:
        """Takes leaves that came after so many, and the nodes that they made whole."""
        made = {
            (height // TILE_HEIGHT, number): node
            for (height, number), node in nodes.items()
            if height and height % TILE_HEIGHT == 0
        }
        kept = self._kept(made)
        for at, leaf in enumerate(leaves, before):
            self._open.append(leaf)
            if (at + 1) % TILE == 0:
                number = at // TILE
                stored = kept.get((1, number))
                if stored is not None and stored != made[1, number]:
                    self._wrong.append((number * TILE, self._open, stored))
                self._open = []
        for (level, number), node in made.items():
            if (level, number) not in kept:
                because = "the tree has this node"
                self._tally.fault(Kind.REMOVED, "log_tiles", f"{level}/{number}", "", because)
            elif level > 1 and kept[level, number] != node:
                self._above.append((level, number))

    def finish(self, frontier: Frontier, peaks: bytes | None, signed: bool) -> None:
        """Tells what differs. `peaks` are those that are kept of the whole tree, where they are of its size.

        Where a signature says that the entries are the true ones, `signed`, it is the node that was changed.
        """
        tally = self._tally
        if signed:
            if peaks is not None and peaks != frontier.octets:
                tally.fault(Kind.CHANGED, "log_head", "1", "frontier", _UNLIKE)
            tiles = [(1, first // TILE) for first, _, _ in self._wrong]
            for level, number in tiles + self._above:
                tally.fault(Kind.CHANGED, "log_tiles", f"{level}/{number}", "hash", _UNLIKE)
            return
        for first, last, because in swapped([*self._wrong, *self._wrong_peaks(frontier, peaks)]):
            kind = Kind.SWAPPED if because.startswith("swapped") else Kind.REWRITTEN
            tally.fault(kind, "log", f"{first}-{last}", "", because)

    def _wrong_peaks(self, frontier: Frontier, peaks: bytes | None) -> list[Wrong]:
        """Of the leaves behind the last whole tile those that stand under a peak which is not theirs."""
        if peaks is None or len(peaks) != frontier.size.bit_count() * HASH_SIZE:
            return []
        begin = frontier.size - len(self._open)
        kept = Frontier.read(frontier.size, peaks).nodes
        wrong: list[Wrong] = []
        for (height, number), node in frontier.nodes.items():
            first = (number << height) - begin
            if height < TILE_HEIGHT and kept[height, number] != node:
                leaves = self._open[first : first + (1 << height)]
                wrong.append((first + begin, leaves, kept[height, number]))
        return wrong

    def _kept(self, made: Mapping[Node, bytes]) -> dict[Node, bytes]:
        kept: dict[Node, bytes] = {}
        for level in {level for level, _ in made}:
            numbers = [number for of, number in made if of == level]
            rows = self._raw.ask(
                "SELECT number, hash FROM log_tiles WHERE level = ? AND number >= ? AND number <= ?",
                [level, min(numbers), max(numbers)],
            )
            kept.update({(level, number): bytes(node or b"") for number, node in rows})
        return kept
