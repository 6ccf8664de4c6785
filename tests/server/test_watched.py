"""Files that are read again when they change."""

import os
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from server.watched import Watched


class Refused(Exception):
    """The file cannot be used."""


def watched(path: Path) -> Watched[int]:
    """A file with a number."""

    def load() -> int:
        try:
            return int(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise Refused(f"{path.name} has no number") from error

    return Watched("numbers", [path], load, Refused)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that says 1."""
    path = tmp_path / "number"
    path.write_text("1", "utf-8")
    return path


def test_changed(path: Path) -> None:
    """What the file says from now on is told, once for each change."""
    file, told = watched(path), []
    file.on_change(told.append)
    file.look()
    path.write_text("22", "utf-8")
    file.look()
    file.look()
    assert (22, [22]) == (file.current, told)


@pytest.mark.parametrize("spoil", [lambda path: path.write_text("x"), lambda path: path.unlink()])
def test_bad(path: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    """A file that cannot be used, or is gone, is told of once, and the last good one stays."""
    file = watched(path)
    spoil(path)
    with capture_logs() as logs:
        file.look()
        file.look()
    assert (1, [("changed files cannot be used", "number has no number")]) == (
        file.current,
        [(log["event"], log["because"]) for log in logs],
    )


def test_bad_then_good(path: Path) -> None:
    """A good file after a bad one counts."""
    file = watched(path)
    path.write_text("x", "utf-8")
    file.look()
    path.write_text("333", "utf-8")
    file.look()
    assert 333 == file.current


def test_link(path: Path, tmp_path: Path) -> None:
    """A link that leads elsewhere from now on is a change, as when secrets are swapped in one step."""
    other, link = tmp_path / "other", tmp_path / "link"
    other.write_text("2", "utf-8")
    link.symlink_to(path)
    file = watched(link)
    link.unlink()
    link.symlink_to(other)
    file.look()
    assert 2 == file.current


def test_same_size_and_time(path: Path) -> None:
    """A change that leaves size and time as they were is seen too."""
    before = path.stat()
    file = watched(path)
    path.write_text("2", "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    file.look()
    assert 2 == file.current


def test_bad_at_first(tmp_path: Path) -> None:
    """A file that cannot be used at first is refused."""
    with pytest.raises(Refused):
        watched(tmp_path / "none")
