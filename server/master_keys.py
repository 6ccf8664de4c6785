"""Files of master keys: one a line, the newest last, for their owner's eyes only.

    # made 2026-11-26
    origingate-master-key:1:<base64 of 32 octets>

A line more is a new key: it wraps from then on, and those before still unwrap.
"""

import os
from base64 import b64decode, b64encode
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from server.key_files import KeyUnusable, write_new
from server.store.sealing import MasterKey, MasterKeys

SETTING: Final = "ORIGINGATE_MASTER_KEY"
"""The variable of the environment that names the file."""

_MARK: Final = "origingate-master-key:1:"
_LARGEST_FILE: Final = 64 * 1024


def beside(database: Path) -> Path:
    """Where the master key of a database that is a file stands, unless settings say otherwise."""
    return database.with_name(f"{database.name}.master-key")


def keys_at_hand(address: str, named: str | None) -> MasterKeys | None:
    """The master keys of a database: those of the file that is named, else those beside an SQLite file.

    None where there are none. Raises KeyUnusable.
    """
    if named is not None:
        return read_master_keys(Path(named))
    try:
        url = make_url(address)
    except ArgumentError:
        return None
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    there = beside(Path(url.database))
    return read_master_keys(there) if there.exists() else None


def make_master_key(path: Path, today: date) -> str:
    """Makes a file with one key; the key's id. Raises KeyUnusable where a file is in the way."""
    key = MasterKey.new()
    write_new(path, _line(key, today).encode("ascii"), 0o600)
    return key.key_id


def add_master_key(path: Path, today: date) -> str:
    """Adds a key to a file of keys; the key's id. Raises KeyUnusable."""
    text = _text(path)
    read_master_keys(path)
    key = MasterKey.new()
    try:
        with path.open("a", encoding="ascii") as file:
            file.write(("" if text.endswith("\n") else "\n") + _line(key, today))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise KeyUnusable(f"{path}: cannot be written ({error.strerror}).") from error
    return key.key_id


def read_master_keys(path: Path) -> MasterKeys:
    """The keys of a file. Raises KeyUnusable."""
    keys = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        said = line.strip()
        if not said or said.startswith("#"):
            continue
        try:
            if not said.startswith(_MARK):
                raise ValueError
            keys.append(MasterKey(b64decode(said.removeprefix(_MARK), validate=True)))
        except ValueError:
            raise KeyUnusable(
                f"{path}:{number}: is no master key; `origingate db key new FILE` makes one."
            ) from None
    if not keys:
        raise KeyUnusable(f"{path}: holds no master key; `origingate db key new FILE` makes one.")
    return MasterKeys(keys)


def _line(key: MasterKey, today: date) -> str:
    return f"# {key.key_id}, made {today.isoformat()}\n{_MARK}{b64encode(key.octets).decode()}\n"


def _forbidden(path: Path) -> int:
    """The permissions that a key file must not have: a mounted secret is root's, and its group may read it."""
    of_root = path.stat().st_uid == 0 and os.geteuid() != 0
    return 0o037 if of_root else 0o077


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise KeyUnusable(f"{path}: there is no such key file; `origingate db key new {path}` makes one.")
        if path.stat().st_size > _LARGEST_FILE:
            raise KeyUnusable(
                f"{path}: is no file of master keys: it is larger than {_LARGEST_FILE // 1024} KiB."
            )
        if path.stat().st_mode & _forbidden(path):
            raise KeyUnusable(f"{path}: others can read it. mend: chmod 600 {path}")
        return path.read_text("ascii")
    except OSError as error:
        raise KeyUnusable(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError:
        raise KeyUnusable(f"{path}: is no file of master keys.") from None
