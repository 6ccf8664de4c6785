"""An audit of the whole log: every entry, every row of evidence, the tree, and every head that was signed over it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

from engine.rulebook import Rulebook, load
from engine.signed_head import PublicKeys
from server.audit.entries import PAGE, Said, parsed, read_entry
from server.audit.faults import Kind, Tally
from server.audit.growing import Growing
from server.audit.heads import Keys
from server.audit.raw import Raw, opened_raw
from server.audit.rows import PLACES, Rows
from server.audit.trusted import Outside
from server.audit.unvouched import unvouched
from server.parallel import spread

RANGE: Final = 2048

_HASH: Final = 32


@dataclass(slots=True)
class Audit:
    """What an audit found, and what it had to go by."""

    tally: Tally
    heads: int = 0
    outside: int = 0
    origin: str = ""
    uncovered: dict[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return self.tally.found == 0


@dataclass(frozen=True, slots=True)
class Part:
    """What became of the entries of a range: their leaves one after the other, and what was found."""

    leaves: bytes
    missing: bool
    tally: Tally


def audit(
    address: str,
    trusted: PublicKeys,
    outside: Sequence[Outside],
    processes: int,
    watched: Callable[[Iterator[Part], int], Iterator[Part]],
) -> Audit:
    """Audits a database. `watched` gets the parts as they are done, and how many there will be."""
    tally = Tally()
    with opened_raw(address) as raw, ExitStack() as ending:
        ending.callback(_end)
        keys = Keys(raw, trusted)
        growing = Growing(raw, keys, outside, tally)
        rows = {table: int(raw.ask(f'SELECT count(*) FROM "{table}"', [])[0][0]) for table in PLACES}
        [(end,)] = raw.ask("SELECT max(position) FROM log", [])
        last = -1 if end is None else int(end)
        parts = range(0, last + 1, RANGE)
        done = spread(_work, [(start, min(start + RANGE, last + 1)) for start in parts],
                      min(processes, len(parts)), _begin, (address,))  # fmt: skip
        _before_the_first(raw, tally)
        for part in watched(done, len(parts)):
            if part.missing:
                growing.broken()
            growing.grow([part.leaves[at : at + _HASH] for at in range(0, len(part.leaves), _HASH)])
            tally.join(part.tally)
        growing.finish()
        found = Audit(tally, growing.heads.count, len(outside), growing.heads.origin)
        _without_entries(raw, rows, found)
    return found


class _Reader:
    """What a process reads with."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.rows = Rows(raw)

    def part(self, start: int, end: int) -> Part:
        tally, leaves, missing = Tally(), [], False
        said: list[Said] = []
        expected = start
        rows = self.raw.ask(PAGE, [start, end])
        for row in rows:
            if row[0] != expected:
                _gap(tally, expected, row[0])
                missing = True
            expected = row[0] + 1
            leaf, entry = read_entry(row, tally)
            leaves.append(leaf if len(leaf) == _HASH else bytes(_HASH))
            tally.entries += 1
            if entry is not None:
                said.append(entry)
        if expected != end:
            _gap(tally, expected, end)
            missing = True
        unfit = self.rows.compare(said, tally)
        for entry in said:
            if entry.doubtful:
                column = unfit.get(entry.position, "leaf")
                tally.fault(
                    Kind.CHANGED, "log", entry.position, column, "the leaf is not the hash of the envelope"
                )
        if unfit:
            leaves = [
                bytes(row[1]).ljust(_HASH)[:_HASH] if row[0] in unfit else leaf
                for row, leaf in zip(rows, leaves, strict=True)
            ]
        return Part(b"".join(leaves), missing, tally)


def _gap(tally: Tally, first: int, after: int) -> None:
    row = str(first) if after == first + 1 else f"{first}-{after - 1}"
    tally.fault(Kind.REMOVED, "log", row, "", "positions have no gaps, and here nothing stands")


def _before_the_first(raw: Raw, tally: Tally) -> None:
    for (position,) in raw.ask("SELECT position FROM log WHERE position < 0 ORDER BY position", []):
        tally.fault(Kind.ADDED, "log", position, "", "positions begin at 0")


def _without_entries(raw: Raw, rows: dict[str, int], found: Audit) -> None:
    """Names rows for which no entry vouches, where there are more rows than entries about them.

    A certificate can have several entries, and rule texts of earlier versions have none but are named by their digest.
    """
    tally = found.tally
    for table, count in rows.items():
        if table in ("decisions", "declarations") and count <= tally.rows.get(table, 0):
            continue
        for key in unvouched(raw, table):
            if table == "rulebooks" and _is_its_digest(raw, str(key[0])):
                found.uncovered[table] = found.uncovered.get(table, 0) + 1
                continue
            shown = "/".join(str(part) for part in key)
            tally.fault(Kind.ADDED, table, shown, "", "no entry of the log vouches for it")
    for table, number in tally.earlier.items():
        found.uncovered[table] = found.uncovered.get(table, 0) + number


def _is_its_digest(raw: Raw, digest: str) -> bool:
    for (files,) in raw.ask("SELECT files FROM rulebooks WHERE digest = ?", [digest]):
        loaded = load(parsed(files) or {})
        return isinstance(loaded, Rulebook) and loaded.digest == digest
    return False


_reader: list[_Reader] = []
"""What this process reads with; it is set up before its first range."""
_views = ExitStack()


def _begin(address: str) -> None:
    _reader[:] = [_Reader(_views.enter_context(opened_raw(address)))]


def _end() -> None:
    """Lets go of the view, where this process read by itself."""
    _reader.clear()
    _views.close()


def _work(bounds: tuple[int, int]) -> Part:
    return _reader[0].part(*bounds)
