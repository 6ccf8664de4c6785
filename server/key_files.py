"""Files that hold keys: read with what is wrong in words, and made without ever writing over another."""

import os
import re
from pathlib import Path
from typing import Final

LARGEST_KEY_FILE: Final = 256 * 1024

_BLOCK: Final = re.compile(r"-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----", re.DOTALL)


class KeyUnusable(Exception):
    """A key file cannot be used for this; the text says which, why, and how to mend it."""


def write_pair(private: Path, private_pem: bytes, public_pem: bytes) -> Path:
    """Writes both halves of a key, the private one for its owner's eyes only; where the public one stands.

    Raises KeyUnusable where a file is in the way: nothing is ever written over.
    """
    public = private.with_suffix(".pub.pem")
    for path in (private, public):
        if os.path.lexists(path):
            raise _in_the_way(path)
    write_new(private, private_pem, 0o600)
    write_new(public, public_pem, 0o644)
    return public


def write_new(path: Path, content: bytes, mode: int) -> None:
    """Writes a file that was not there. Raises KeyUnusable where one is, or where it cannot be written."""
    try:
        # The mode holds from the first byte on, and a file that has come meanwhile is not touched.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise _in_the_way(path) from None
    except OSError as error:
        raise KeyUnusable(f"{path}: cannot be written ({error.strerror}).") from error


def _in_the_way(path: Path) -> KeyUnusable:
    return KeyUnusable(f"{path}: is there already. Keys are never written over: give another path.")


def pem_blocks(text: str) -> list[str]:
    """The keys of a PEM file, each by itself; of a text without any, the text."""
    return _BLOCK.findall(text) or [text]


def text_of_key(path: Path) -> str:
    """What a key file holds. Raises KeyUnusable."""
    try:
        if not path.is_file():
            raise KeyUnusable(f"{path}: there is no such key file.")
        if path.stat().st_size > LARGEST_KEY_FILE:
            raise KeyUnusable(f"{path}: is too large for a key file.")
        return path.read_text("utf-8")
    except OSError as error:
        raise KeyUnusable(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise KeyUnusable(f"{path}: is no key file in PEM or JSON.") from error
