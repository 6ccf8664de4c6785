"""A rulebook's files as git keeps them: at a revision, and which of their lines have changed since."""

import re
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Final

from server.rulebooks import ENDINGS, as_shown

_HUNK: Final = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_TIME_LIMIT: Final = 60.0


class RevisionUnreadable(Exception):
    """Git has no such revision, or the folder is in no repository; the text says which and how to mend it."""


def files_at(folder: Path, revision: str) -> dict[str, str]:
    """The texts of the rulebook's files at a revision, by the path that people know them by today.

    Raises RevisionUnreadable; also where the folder was not there, or held no rulebook.
    """
    commit = _commit(folder, revision)
    try:
        archive = _git(folder, "archive", "--format=tar", commit, "--", ".")
    except RevisionUnreadable:
        archive = b""
    files: dict[str, str] = {}
    if archive:
        with tarfile.open(fileobj=BytesIO(archive)) as tar:
            for member in sorted(tar.getmembers(), key=lambda one: one.name):
                held = tar.extractfile(member) if member.isfile() else None
                if held is not None and member.name.endswith(ENDINGS):
                    files[as_shown(folder / member.name)] = _text(held.read(), revision, member.name)
    if as_shown(folder / "rulebook.yaml") not in files:
        raise RevisionUnreadable(
            f"{as_shown(folder)} held no rulebook.yaml at {revision}. Name a later revision."
        )
    return files


def changed_lines(folder: Path, revision: str) -> dict[str, frozenset[int]]:
    """The lines of each file below the folder that are new or changed since a revision, counted from 1.

    Where lines were only taken away, the line before them counts as changed. Files that git does not know yet are
    changed as a whole. Raises RevisionUnreadable.
    """
    commit = _commit(folder, revision)
    said = _git(folder, "diff", "--no-color", "--no-ext-diff", "--unified=0", "--relative", commit, "--", ".")
    changed: dict[str, frozenset[int]] = {}
    for part in re.split(r"^diff --git ", said.decode("utf-8", "replace"), flags=re.MULTILINE)[1:]:
        named = re.search(r"^\+\+\+ b/(.*?)\t?$", part, re.MULTILINE)
        if named is not None:
            hunks = [(int(first), int(count or 1)) for first, count in _HUNK.findall(part)]
            lines = {first + line for first, count in hunks for line in range(max(count, 1))} - {0}
            changed[as_shown(folder / named.group(1))] = frozenset(lines)
    for name in _git(folder, "ls-files", "--others", "--exclude-standard", "-z").decode("utf-8").split("\0"):
        path = folder / name
        if name.endswith(ENDINGS):
            count = path.read_bytes().count(b"\n") + 1
            changed[as_shown(path)] = frozenset(range(1, count + 1))
    return changed


def _commit(folder: Path, revision: str) -> str:
    if not folder.is_dir():
        raise RevisionUnreadable(f"{folder}: no such folder.")
    try:
        said = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except RevisionUnreadable as error:
        if not _in_repository(folder):
            raise RevisionUnreadable(f"{as_shown(folder)} is in no git repository.") from error
        raise RevisionUnreadable(
            f"git knows no revision {revision!r} here. Name a branch, a tag or a commit, e.g. main or HEAD~1."
        ) from error
    return said.decode().strip()


def _in_repository(folder: Path) -> bool:
    try:
        _git(folder, "rev-parse", "--git-dir")
    except RevisionUnreadable:
        return False
    return True


def _git(folder: Path, *words: str) -> bytes:
    """What git says in the folder."""
    try:
        done = subprocess.run(
            ["git", "-c", "core.quotePath=false", *words],
            cwd=folder,
            capture_output=True,
            timeout=_TIME_LIMIT,
            check=True,
        )
    except FileNotFoundError as error:
        raise RevisionUnreadable("git is not installed here.") from error
    except subprocess.TimeoutExpired as error:
        raise RevisionUnreadable(f"git did not answer within {_TIME_LIMIT:g} s.") from error
    except subprocess.CalledProcessError as error:
        raise RevisionUnreadable(error.stderr.decode("utf-8", "replace").strip() or "git failed.") from error
    return done.stdout


def _text(content: bytes, revision: str, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RevisionUnreadable(f"{name} at {revision} is not UTF-8 (byte {error.start}).") from error
