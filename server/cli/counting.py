"""Recorded answers counted part by part, with a bar, and how the command ends where that is broken off."""

from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from server.cli.connection import INTERRUPTED, fail
from server.cli.screen import watched

T = TypeVar("T", bound="Adding")


class Adding(Protocol):
    """Counts to which those of a later part can be added."""

    def add(self: T, other: T, /) -> None:
        """Adds them."""


def counted(parts: Iterator[T], whole: T, doing: str, total: int | None, so_far: Callable[[T], str]) -> T:
    """The counts of all parts. `total` is how many there are; `so_far` says what an interrupt leaves known."""
    from concurrent.futures.process import BrokenProcessPool

    try:
        for part in watched(parts, doing, total):
            whole.add(part)
    except KeyboardInterrupt as error:
        raise fail(f"Interrupted after {so_far(whole)}.", code=INTERRUPTED) from error
    except BrokenProcessPool as error:
        said = f"A process ended by itself after {so_far(whole)}; it may have had too little memory."
        raise fail(f"{said} Try fewer with --processes.", code=2) from error
    return whole
