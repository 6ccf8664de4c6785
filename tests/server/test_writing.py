"""Files are written whole or not at all."""

from pathlib import Path

import pytest

from server.writing import write_whole


def test_new_and_old(tmp_path: Path) -> None:
    """A new file gets the usual mode, an old one keeps its own; nothing else is left in the folder."""
    path = tmp_path / "a.yaml"
    write_whole(path, "one\n")
    path.chmod(0o600)
    write_whole(path, "two\r\n")
    assert (b"two\r\n", 0o600, [path]) == (
        path.read_bytes(),
        path.stat().st_mode & 0o777,
        [*tmp_path.iterdir()],
    )


def test_folder_in_the_way(tmp_path: Path) -> None:
    """Where the file cannot be put in its place, nothing of it is left."""
    (tmp_path / "a.yaml" / "b").mkdir(parents=True)
    with pytest.raises(OSError, match=r"a\.yaml"):
        write_whole(tmp_path / "a.yaml", "text")
    assert [tmp_path / "a.yaml"] == [*tmp_path.iterdir()]
