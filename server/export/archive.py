"""The zip: written as it is read, so that a large one is never in memory; the same files give the same octets."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

CHUNK: Final = 64 * 1024
MANIFEST: Final = "manifest.txt"
# The first moment that a zip can name: none of the files has a time of its own.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_FOR_ITS_READER: Final = 0o600 << 16
_UNIX: Final = 3
_LEVEL: Final = 6


class Archive:
    """A zip that files are added to, and of which the octets are taken as they come."""

    def __init__(self) -> None:
        self._out = _Out()
        self._zip = ZipFile(self._out, "w", ZIP_DEFLATED, compresslevel=_LEVEL)
        self._digests: dict[str, str] = {}

    def add(self, path: str, octets: bytes) -> None:
        """Adds a file. Raises ValueError where one of that path is there."""
        if path in self._digests:
            raise ValueError(f"{path} is there twice")
        self._digests[path] = sha256(octets).hexdigest()
        self._write(path, octets)

    def finish(self) -> None:
        """Adds the manifest, in the form that `sha256sum --check` reads, and ends the zip."""
        lines = [f"{digest}  {path}\n" for path, digest in sorted(self._digests.items())]
        self._write(MANIFEST, "".join(lines).encode())
        self._zip.close()

    def chunks(self, *, last: bool = False) -> Iterator[bytes]:
        """What was written and not taken yet, in parts of a fixed size; the rest with the `last`."""
        return self._out.taken(last)

    def _write(self, path: str, octets: bytes) -> None:
        info = ZipInfo(path, _NO_TIME)
        info.compress_type = ZIP_DEFLATED
        info.create_system = _UNIX
        info.external_attr = _FOR_ITS_READER
        self._zip.writestr(info, octets)


class _Out:
    """What the zip is written to. It cannot be gone back in, so that what was written can be sent."""

    def __init__(self) -> None:
        self._parts = bytearray()

    def write(self, octets: bytes) -> int:
        self._parts += octets
        return len(octets)

    def flush(self) -> None:
        """Nothing waits anywhere."""

    def close(self) -> None:
        """What was written can be taken all the same."""

    def taken(self, last: bool) -> Iterator[bytes]:
        while len(self._parts) >= CHUNK or (last and self._parts):
            yield bytes(self._parts[:CHUNK])
            del self._parts[:CHUNK]
