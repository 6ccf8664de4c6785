"""One process serves an SQLite file: a lock file beside it says which, and is freed when the process ends."""

import os
import sys
from pathlib import Path
from typing import IO

from server.store.errors import StoreAddressInvalid, StoreInUse

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        # Far behind the text: what is locked there cannot be read by others.
        os.lseek(file.fileno(), 1 << 30, os.SEEK_SET)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """Holds the right to serve a database file until it is released."""

    def __init__(self, database: Path) -> None:
        served = database.resolve()
        path = served.with_name(served.name + ".lock")
        try:
            self._file = path.open("a+", encoding="ascii")
        except OSError as error:
            raise StoreAddressInvalid(f"{path} cannot be written: {error.strerror}") from None
        try:
            _lock(self._file)
        except OSError:
            self._file.seek(0)
            owner = self._file.read(20).strip() or "unknown"
            self._file.close()
            raise StoreInUse(
                f"{database} is served by another process (process {owner}); stop it first, or use "
                "PostgreSQL, which any number of processes can share"
            ) from None
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()

    def release(self) -> None:
        """Let another process serve the file."""
        self._file.close()
