"""Files that are read again when they change. What cannot be used is told, and the last good stays."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, Generic, TypeVar

import structlog

T = TypeVar("T")
Stamp = tuple[bytes | None, ...]

# Seconds between two looks.
LOOK_EVERY: Final = 1.0

log = structlog.get_logger("files")


def unheard(what: str, used: bool) -> None:
    """Nobody counts."""


class Watched(Generic[T]):
    """What files say. `load` reads all of them, and raises `refused` where they cannot be used together.

    `heard` is told of what was read again, and whether it is used.
    """

    def __init__(
        self,
        what: str,
        paths: Iterable[Path],
        load: Callable[[], T],
        refused: type[Exception],
        heard: Callable[[str, bool], None] = unheard,
    ) -> None:
        self._heard = heard
        self._what = what
        self._paths = tuple(paths)
        self._load = load
        self._refused = refused
        # Before they are read: a change that comes while they are read is seen at the next look.
        self._stamp = _stamp(self._paths)
        self._told: list[Callable[[T], None]] = []
        self.current = load()

    def on_change(self, told: Callable[[T], None]) -> None:
        """Call `told` with what the files say from now on, whenever it has changed."""
        self._told.append(told)

    async def run(self, every: float = LOOK_EVERY) -> None:
        """Looks for changes until it is cancelled."""
        while True:
            await asyncio.sleep(every)
            await asyncio.to_thread(self.look)

    def look(self) -> None:
        """Reads the files again where they have changed since the last look, good or bad."""
        stamp = _stamp(self._paths)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        files = [str(path) for path in self._paths]
        try:
            current = self._load()
        except self._refused as error:
            self._heard(self._what, False)
            log.error("changed files cannot be used", what=self._what, files=files, because=str(error))
            return
        self.current = current
        for told in self._told:
            told(current)
        self._heard(self._what, True)
        log.info("changed files are used", what=self._what, files=files)


def _stamp(paths: Iterable[Path]) -> Stamp:
    """What the files hold. Their times would not do: two changes can have the same, to the tick of a clock."""
    return tuple(map(_stamp_of, paths))


def _stamp_of(path: Path) -> bytes | None:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return None
