"""Does something again whenever a rule file changes. A look at some dozens of files costs nothing, so it looks."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import typer

from server.cli.screen import errors

EVERY: Final = 0.3
"""Seconds between two looks."""

Seen = dict[Path, tuple[int, int]]


def again_and_again(folder: Path, do: Callable[[], None]) -> None:
    """Does it now and after each change, until Ctrl-C. What it ends with is shown already and stops nothing."""
    try:
        while True:
            seen = _seen(folder)
            with suppress(typer.Exit):
                do()
            now = datetime.now()  # noqa: DTZ005 - the clock on the author's wall
            _say(f"{now:%H:%M:%S}: waiting for a change below {folder}; Ctrl-C ends this.")
            while _seen(folder) == seen:
                time.sleep(EVERY)
    except KeyboardInterrupt:
        _say("")


def _say(text: str) -> None:
    errors().print(text, style="dim", markup=False, emoji=False, highlight=False, soft_wrap=True)


def _seen(folder: Path) -> Seen:
    """When each file was changed last, and how long it is."""
    from server.rulebooks import rule_files

    found: Seen = {}
    for path in rule_files(folder):
        try:
            known = path.stat()
        except OSError:  # it went away just now
            continue
        found[path] = (known.st_mtime_ns, known.st_size)
    return found
