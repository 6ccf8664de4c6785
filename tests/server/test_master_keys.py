"""Files of master keys."""

from datetime import date
from pathlib import Path

import pytest

from server.key_files import KeyUnusable
from server.master_keys import add_master_key, make_master_key, read_master_keys

TODAY = date(2026, 11, 26)


def test_made(tmp_path: Path) -> None:
    """A new file has one key, and only its owner reads it."""
    file = tmp_path / "master.key"
    made = make_master_key(file, TODAY)
    assert ((made,), 0o600) == (read_master_keys(file).ids, file.stat().st_mode & 0o777)


def test_not_written_over(tmp_path: Path) -> None:
    """Where a file is in the way, it stays as it is."""
    file = tmp_path / "master.key"
    make_master_key(file, TODAY)
    before = file.read_text()
    with pytest.raises(KeyUnusable, match="is there already"):
        make_master_key(file, TODAY)
    assert before == file.read_text()


@pytest.mark.parametrize("end", ["\n", ""], ids=["ended", "not ended"])
def test_added(tmp_path: Path, end: str) -> None:
    """A key that is added is the newest, and those before stay, also where the last line has no end."""
    file = tmp_path / "master.key"
    first = make_master_key(file, TODAY)
    file.write_text(file.read_text().rstrip("\n") + end)
    second = add_master_key(file, TODAY)
    keys = read_master_keys(file)
    assert ((first, second), second) == (keys.ids, keys.newest)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no master key"),
        ("# only a comment\n", "holds no master key"),
        ("# a comment\nsecret\n", ":2: is no master key"),
        ("origingate-master-key:1:c2hvcnQ=\n", ":1: is no master key"),
        ("origingate-master-key:2:c2hvcnQ=\n", ":1: is no master key"),
    ],
    ids=["empty", "comment", "other text", "too short", "later form"],
)
def test_unusable(tmp_path: Path, text: str, says: str) -> None:
    """A file without a key says so, by its line, with what makes one."""
    file = tmp_path / "master.key"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(KeyUnusable, match=f"{says}; `origingate db key new"):
        read_master_keys(file)


def test_others_can_read(tmp_path: Path) -> None:
    """A file that others can read is not used, and it is said how to mend that."""
    file = tmp_path / "master.key"
    make_master_key(file, TODAY)
    file.chmod(0o640)
    with pytest.raises(KeyUnusable, match="mend: chmod 600"):
        read_master_keys(file)


def test_missing(tmp_path: Path) -> None:
    """A file that is not there is named, with what makes it."""
    with pytest.raises(KeyUnusable, match="no such key file; `origingate db key new"):
        read_master_keys(tmp_path / "master.key")
