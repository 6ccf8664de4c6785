"""Signed heads handed on to where whoever writes to the database does not reach: a file, or who takes them by HTTP."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog

from engine.checkpoint import CheckpointUnreadable, read_checkpoint
from server.platforms.transport import Limits, Lost, Transport
from server.store import Store
from server.store.signing import newest_head
from server.writing import write_whole

SECONDS: Final = 10.0
_TYPE: Final = {"Content-Type": "text/plain; charset=utf-8"}

# Told to whom a head was handed on, or could not be: then it is None.
Heard = Callable[[str, str | None], None]

log = structlog.get_logger("witness")


def unheard(to: str, head: str | None) -> None:
    """Nobody counts."""


class Witness:
    """Hands on the newest signed head now and then, where it is a new one."""

    def __init__(
        self,
        store: Store,
        every: float,
        file: Path | None,
        append: bool,
        url: str | None,
        transport: Transport,
        heard: Heard = unheard,
    ) -> None:
        self._store = store
        self._every = every
        self._file = file
        self._append = append
        self._url = url
        self._transport = transport
        self._heard = heard
        self._last: dict[str, str] = {}

    async def run(self) -> None:
        """Hands heads on until it is cancelled."""
        while True:
            await self.hand_on()
            await asyncio.sleep(self._every)

    async def hand_on(self) -> None:
        """Hands the newest head on to everybody who does not have it yet. What fails is told, and tried again later."""
        try:
            head = await self._store.read(newest_head)
        except Exception:
            # The database is away: there is nothing new to hand on.
            return
        if head is None:
            return
        if self._file is not None and self._last.get("file") != head:
            try:
                await asyncio.to_thread(self._write, self._file, head)
                self._last["file"] = head
                self._heard("file", head)
            except OSError as error:
                self._heard("file", None)
                because = error.strerror or str(error)
                log.warning(
                    "a signed head could not be handed on; it is tried again",
                    to=str(self._file),
                    because=because,
                )
        if self._url is not None and self._last.get("url") != head:
            limits = Limits(connect=SECONDS, total=SECONDS)
            answer = await self._transport.tell(self._url, head.encode(), _TYPE, limits)
            if not isinstance(answer, Lost) and 200 <= answer.status < 300:
                self._last["url"] = head
                self._heard("url", head)
                return
            self._heard("url", None)
            because = answer.because if isinstance(answer, Lost) else f"it answered {answer.status}"
            log.warning(
                "a signed head could not be handed on; it is tried again", to=self._url, because=because
            )

    def _write(self, file: Path, head: str) -> None:
        if self._append:
            with file.open("a", encoding="utf-8", newline="\n") as out:
                out.write(head + "\n")
                out.flush()
                os.fsync(out.fileno())
        elif not _is_ahead(file, head):
            write_whole(file, head)


def _is_ahead(file: Path, head: str) -> bool:
    """Whether another server of this log has written a later head there already."""
    try:
        there, ours = read_checkpoint(file.read_text("utf-8")).head, read_checkpoint(head).head
    except (OSError, CheckpointUnreadable, UnicodeDecodeError):
        return False
    return there.origin == ours.origin and there.size > ours.size
