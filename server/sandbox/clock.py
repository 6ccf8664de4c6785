"""The sandbox's own clock: it can be moved forward, never back, and stays ahead over a restart."""

import json
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from server.sandbox.files import StateError, write_whole

_FILE: Final = "clock.json"
# A hundred years; the calendar of datetimes is not left.
FURTHEST: Final = 3_155_760_000.0


class SandboxClock:
    """Tells the time of another clock, and as many seconds more as it was moved forward."""

    def __init__(self, clock: Callable[[], datetime], folder: Path | None = None) -> None:
        """Reads how far it was moved from the folder. Raises StateError if that cannot be read."""
        self._clock = clock
        self._file = folder / _FILE if folder else None
        self.forward_seconds = _read(self._file) if self._file and self._file.exists() else 0.0

    def __call__(self) -> datetime:
        """The time."""
        return self._clock() + timedelta(seconds=self.forward_seconds)

    def forward(self, seconds: object) -> bool:
        """Moves it; False where that is no number of seconds above 0, or leads too far."""
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            return False
        if not 0 < seconds <= FURTHEST - self.forward_seconds:
            return False
        moved = self.forward_seconds + seconds
        if self._file is not None:
            write_whole(self._file, json.dumps({"forward_seconds": moved}))
        self.forward_seconds = moved
        return True


def _read(file: Path) -> float:
    try:
        seconds = json.loads(file.read_text("utf-8"))["forward_seconds"]
        if isinstance(seconds, int | float) and math.isfinite(seconds) and 0 <= seconds <= FURTHEST:
            return float(seconds)
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        pass
    raise StateError(
        f"{file}: does not say how far the clock was moved; give another folder, or remove the file"
    )
