"""Counts over recorded answers in words and as data: tables, what could not be answered, shares by site and month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from engine.workbench.comparison.counts import Shares, Unread, Why
from engine.workbench.comparison.text import Piece

MOST_SHARES_SHOWN: Final = 20
_WORDS: Final = {
    Why.ERASED: "erased, so that nothing is left to decide from",
    Why.RULEBOOK_LOST: "of a rulebook that cannot be read",
    Why.QUESTION_LACKING: "of a question that the other rulebook lacks",
    Why.ROW_LOST: "in the log, and not in the database",
}


def unread_lines(unread: Unread) -> Iterator[list[Piece]]:
    """What could not be answered, the first ones by name; what could not be read stands without a heading."""
    for why in Why:
        count, first = unread.counts[why], unread.first.get(why, ())
        if why is not Why.UNREADABLE and count:
            yield [(f"{count:,} are {_WORDS[why]}:", "head")]
        for label, because in first:
            yield [(f"  {label}: {because}" if because else f"  {label}", "quiet")]
        yield from left_line(count - len(first), indent="  ")


def left_line(count: int, indent: str = "    ") -> Iterator[list[Piece]]:
    """How many there are besides those that are named."""
    if count > 0:
        yield [(f"{indent}... and {count:,} more", "quiet")]


def differ_line(compared: int, differ: int) -> list[Piece]:
    """How many recorded answers their own rulebook gives otherwise."""
    return [
        (
            f"{compared:,} were asked of the rulebook that they were recorded under;"
            f" of {differ:,} the answer is another now.",
            "",
        )
    ]


def shares_lines(shares: Shares, question: str, names: Sequence[str], one: str) -> Iterator[list[Piece]]:
    """A table of the shares of which some flip: those of which most do first where there are more than are shown."""
    found = [share for share in shares.of(question) if share[2]]
    if not found:
        return
    shown = sorted(sorted(found, key=lambda share: -share[2])[:MOST_SHARES_SHOWN])
    yield []
    rows = [(*share, f"{asked:,}", f"{flipped:,}") for share, asked, flipped in shown]
    yield from table_lines([(*names, one, "flip"), *rows])
    yield from left_line(len(found) - len(shown), indent="  ")


def table_lines(rows: Sequence[Sequence[str]]) -> Iterator[list[Piece]]:
    """Columns of even width; figures stand to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    figures = [_is_figure(cell) for cell in rows[-1]]
    for number, row in enumerate(rows):
        cells = [
            cell.rjust(width) if figure else cell.ljust(width)
            for cell, width, figure in zip(row, widths, figures, strict=True)
        ]
        yield [("  " + "  ".join(cells).rstrip(), "quiet" if number == 0 else "")]


def _is_figure(cell: str) -> bool:
    return cell.replace(",", "").isdigit()


def unread_data(unread: Unread) -> dict[str, object]:
    """What could not be answered, ready for JSON."""
    return {
        "unread": unread.counts[Why.UNREADABLE],
        "unread_first": _first(unread, Why.UNREADABLE),
        **{
            why.value: {"count": unread.counts[why], "first": _first(unread, why)}
            for why in Why
            if why is not Why.UNREADABLE
        },
    }


def _first(unread: Unread, why: Why) -> list[dict[str, str]]:
    return [{"at": label, "why": because} for label, because in unread.first.get(why, ())]


def shares_data(shares: Shares, question: str, names: Sequence[str]) -> list[dict[str, object]]:
    """Every share of a question, ready for JSON."""
    return [
        {**dict(zip(names, share, strict=True)), "asked": asked, "flips": flipped}
        for share, asked, flipped in shares.of(question)
    ]
