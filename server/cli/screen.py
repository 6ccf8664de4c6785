"""Where people see things: colours only on a terminal, messages apart from output, a bar for what takes long."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from rich.console import Console

Item = TypeVar("Item")

FILE_WIDTH = 140
TONES: Final = {"gone": "red", "new": "green", "head": "bold", "quiet": "dim"}


def console() -> Console:
    """Where output goes: as wide as the terminal, and wide enough for a table where it goes into a file.

    What orders say is shown as it is: brackets in it are no markup, `:x:` is no picture.
    """
    from rich.console import Console

    out = Console(markup=False, emoji=False, highlight=False)
    if not out.is_terminal and "COLUMNS" not in os.environ:
        out.width = FILE_WIDTH
    return out


def errors() -> Console:
    """Where messages about trouble go."""
    from rich.console import Console

    return Console(stderr=True)


def watched(items: Iterable[Item], what: str, total: int | None = None) -> Iterator[Item]:
    """The items, with a bar on a terminal that shows how far it is; nothing where messages go elsewhere."""
    from rich.progress import track

    err = errors()
    yield from track(items, what, total, console=err, transient=True, disable=not err.is_terminal)


def say(lines: Iterable[Sequence[tuple[str, str]]]) -> None:
    """Prints lines, each of pieces with their tones, coloured on a terminal; a long one goes on where it ends."""
    from rich.text import Text

    out = console()
    for pieces in lines:
        text = Text.assemble(*((said, TONES.get(tone, "")) for said, tone in pieces))
        text.rstrip()
        out.print(text, soft_wrap=True)
