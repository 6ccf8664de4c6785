"""What `origingate log replay` says of decisions that were held against their own rulebooks."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from engine.workbench.comparison.count_text import left_line, table_lines, unread_data, unread_lines
from engine.workbench.comparison.counts import Why

if TYPE_CHECKING:
    from engine.workbench.comparison.text import Piece
    from server.recorded.holding import Held


def held_lines(held: "Held") -> "Iterator[Sequence[Piece]]":
    """The report, line by line."""
    unread = held.unread.counts[Why.UNREADABLE]
    said = f"{held.decisions:,} recorded decisions decided again by their own rulebooks, {unread:,} could not be read."
    yield [(said, "head")]
    yield from unread_lines(held.unread)
    if held.rulebooks:
        rows = [(digest, f"{count:,}") for digest, count in sorted(held.rulebooks.items())]
        yield from table_lines([("rulebook", "decisions"), *rows])
    if not held.differ:
        yield [("Each is as it was recorded, bit for bit.", "")]
        return
    yield [(f"{held.differ:,} are not as they were recorded.", "gone")]
    for (question, path), count in sorted(held.unlike.items()):
        yield []
        yield [(f"  {question}: {path} differs in {count:,}", "head")]
        names = held.first[question, path]
        yield from ([(f"    {name}", "")] for name in names)
        yield from left_line(count - len(names))


def held_report(held: "Held") -> dict[str, object]:
    """The same, ready for JSON."""
    return {
        "holds": held.holds,
        "decisions": held.decisions,
        "differ": held.differ,
        **unread_data(held.unread),
        "rulebooks": dict(sorted(held.rulebooks.items())),
        "differences": [
            {"question": question, "path": path, "count": count, "first": held.first[question, path]}
            for (question, path), count in sorted(held.unlike.items())
        ],
    }
