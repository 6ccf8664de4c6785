"""Rulebooks as git keeps them, in a real repository."""

import subprocess
from pathlib import Path

import pytest

from server.revisions import RevisionUnreadable, changed_lines, files_at


def git(*words: str) -> None:
    """Runs git here, with a name of its own."""
    who = ["-c", "user.name=author", "-c", "user.email=author@example.com"]
    subprocess.run(["git", *who, *words], check=True, capture_output=True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a rulebook in `rules`, committed once and then changed."""
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    rules = Path("rules")
    rules.mkdir()
    (rules / "rulebook.yaml").write_text("one\ntwo\nthree\n")
    (rules / "notes.txt").write_text("no rule file\n")
    git("add", "-A")
    git("commit", "-qm", "first")
    (rules / "rulebook.yaml").write_text("one\n2\nthree\nfour\n")
    (rules / "Gemüse.yaml").write_text("new\n")
    return rules


def test_files_at(folder: Path) -> None:
    """The files as they were, by today's paths; only rule files."""
    assert {"rules/rulebook.yaml": "one\ntwo\nthree\n"} == files_at(folder, "HEAD")


def test_changed_lines(folder: Path) -> None:
    """Changed and new lines count, and every line of a file that git does not know."""
    assert {"rules/rulebook.yaml": {2, 4}, "rules/Gemüse.yaml": {1, 2}} == changed_lines(folder, "HEAD")


def test_lines_taken_away(folder: Path) -> None:
    """Where lines were taken away, the line before them counts; at the top of a file none can."""
    git("add", "-A")
    git("commit", "-qm", "second")
    (folder / "rulebook.yaml").write_text("one\nfour\n")
    assert {"rules/rulebook.yaml": {1}} == changed_lines(folder, "HEAD")
    (folder / "rulebook.yaml").write_text("three\nfour\n")
    assert {"rules/rulebook.yaml": set()} == changed_lines(folder, "HEAD")


def test_nothing_changed(folder: Path) -> None:
    """Once all is committed nothing has changed."""
    git("add", "-A")
    git("commit", "-qm", "second")
    assert {} == changed_lines(folder, "HEAD")
    assert {"rules/rulebook.yaml": {2, 4}, "rules/Gemüse.yaml": {1}} == changed_lines(folder, "HEAD~1")


@pytest.mark.parametrize("revision", ["nowhere", "--help", "HEAD~9", ""])
def test_unknown_revision(folder: Path, revision: str) -> None:
    """What is no revision is said, with what to name instead."""
    with pytest.raises(RevisionUnreadable, match="git knows no revision"):
        files_at(folder, revision)


def test_no_rulebook_then(folder: Path) -> None:
    """A folder that held no rulebook at the revision is said."""
    other = Path("other")
    other.mkdir()
    with pytest.raises(RevisionUnreadable, match=r"other held no rulebook\.yaml at HEAD"):
        files_at(other, "HEAD")


def test_no_repository(tmp_path: Path) -> None:
    """A folder outside of git is said, and one that is not there."""
    with pytest.raises(RevisionUnreadable, match="in no git repository"):
        changed_lines(tmp_path, "HEAD")
    with pytest.raises(RevisionUnreadable, match="no such folder"):
        changed_lines(tmp_path / "none", "HEAD")
