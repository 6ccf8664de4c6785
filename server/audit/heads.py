"""Signed heads against the tree as it was when they were signed: those that the database keeps, and those kept outside."""

from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.checkpoint import Checkpoint, CheckpointUnreadable, read_checkpoint
from engine.merkle import Frontier
from engine.signed_head import PublicKeys, signed_by
from server.audit.faults import Kind, Tally
from server.audit.raw import Raw, moment
from server.audit.trusted import Outside
from server.log_keys import public_key
from server.store.covered import moment_text

_PAGE = 1000


class Keys:
    """The keys whose heads count: those that are trusted, and those for which a trusted key signed."""

    def __init__(self, raw: Raw, trusted: PublicKeys) -> None:
        self._own = {}
        for (text,) in raw.ask("SELECT public_key FROM log_keys ORDER BY from_size", []):
            try:
                octets = b64decode(str(text), validate=True)
                self._own[octets] = public_key(octets)
            except ValueError:
                continue
        self.any = bool(self._own)
        self._trusted = dict(trusted or self._own)

    def accept(self, checkpoint: Checkpoint) -> bool:
        """Whether a key that counts signed the head. Another one that signed it with that key counts from then on."""
        if signed_by(checkpoint, self._trusted) is None:
            return False
        if len(checkpoint.signatures) > 1:
            for octets, key in self._own.items():
                if octets not in self._trusted and signed_by(checkpoint, {octets: key}) is not None:
                    self._trusted[octets] = key
        return True


@dataclass(frozen=True, slots=True)
class Seen:
    """A head as it was found: where, and over how many entries. `at` is the moment that stands beside it."""

    table: str
    row: str
    size: int
    text: str
    at: str | None = None
    file: str | None = None


class Heads:
    """All heads in the order of their sizes; each is compared with the tree when it has that size."""

    def __init__(
        self, raw: Raw, keys: Keys, outside: Sequence[Outside], newest: str | None, tally: Tally
    ) -> None:
        self._raw = raw
        self._keys = keys
        self._tally = tally
        (origin,) = raw.ask("SELECT origin FROM log_head", [])[0]
        self.origin = str(origin or "")
        self._kept = self._of_database()
        self._next = next(self._kept, None)
        self._outside = [
            Seen("log", "", each.checkpoint.head.size, each.checkpoint.text, file=each.file)
            for each in outside
        ]
        if newest is not None and (size := self._size(newest)) is not None:
            self._outside.append(Seen("log_head", "1", size, newest))
        self._outside.sort(key=lambda seen: seen.size)
        self._fits = 0
        self.count = 0
        self.signed = 0
        """Up to which size a head of the database that counts is that of the entries."""

    def ahead(self, size: int) -> int:
        """How many entries there are from a size to the next head, at most a great many."""
        sizes = [seen.size - size for seen in (self._next, *self._outside[:1]) if seen is not None]
        return min((some for some in sizes if some > 0), default=1 << 30)

    def compare(self, frontier: Frontier) -> None:
        """Compares the heads that were signed over no more entries than the tree has now."""
        while self._next is not None and self._next.size <= frontier.size:
            self._compare(self._next, frontier)
            self._next = next(self._kept, None)
        while self._outside and self._outside[0].size <= frontier.size:
            self._compare(self._outside.pop(0), frontier)

    def finish(self, frontier: Frontier) -> None:
        """Tells which heads count more entries than there are."""
        left = [*([self._next] if self._next is not None else []), *self._kept, *self._outside]
        for seen in left:
            where = seen.file or f"a head in {seen.table}"
            because = (
                f"{where} counts {seen.size} entries, and {frontier.size} are there: entries were removed from the end,"
                " or the database is an older one"
            )
            self._tally.fault(Kind.REMOVED, "log", f"{frontier.size}-{seen.size - 1}", "", because)

    def _compare(self, seen: Seen, frontier: Frontier) -> None:
        tally = self._tally
        where = f"the head in {seen.file}" if seen.file else "it"
        try:
            checkpoint = read_checkpoint(seen.text)
        except CheckpointUnreadable as error:
            tally.fault(Kind.CHANGED, seen.table, seen.row, "head", f"{where} is no signed head: {error}")
            return
        head = checkpoint.head
        if not self._keys.accept(checkpoint):
            because = f"{where} is signed by no key that is trusted"
            tally.fault(Kind.UNSIGNED, seen.table, seen.row, "head", because)
        elif head.origin != self.origin:
            because = f"{where} is of the log {head.origin}, and this is {self.origin}"
            tally.fault(Kind.CHANGED, "log_head", "1", "origin", because)
        elif seen.at is not None and (head.size, moment_text(head.at)) != (seen.size, seen.at):
            tally.fault(
                Kind.CHANGED, seen.table, seen.row, "size/at", "it is not what the head beside it says"
            )
        elif (head.size, head.root) != (frontier.size, frontier.root):
            because = (
                f"these are not the entries over which {seen.file or 'a head in ' + seen.table} was signed"
            )
            tally.fault(Kind.REWRITTEN, "log", f"{self._fits}-{head.size - 1}", "", because)
        else:
            self.count += 1
            self._fits = head.size
            if not seen.file:
                self.signed = head.size

    def _size(self, text: str) -> int | None:
        try:
            return read_checkpoint(text).head.size
        except CheckpointUnreadable as error:
            self._tally.fault(Kind.CHANGED, "log_head", "1", "head", f"it is no signed head: {error}")
            return None

    def _of_database(self) -> Iterator[Seen]:
        rows = self._page("", [])
        while rows:
            for size, at, head in rows:
                yield Seen("log_heads", f"{size}", int(size), str(head), at=str(moment(at)))
            rows = self._page(" WHERE (size, at) > (?, ?)", rows[-1][:2])

    def _page(self, where: str, values: Sequence[Any]) -> list[Sequence[Any]]:
        return self._raw.ask(
            f"SELECT size, at, head FROM log_heads{where} ORDER BY size, at LIMIT {_PAGE}",
            values,
        )
