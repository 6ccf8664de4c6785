"""`origingate rules docs`: writes pages, says which are stale, and leaves alone what a person wrote."""

from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from engine.workbench.pages.book import MARK
from server.shipped import shipped_rules
from tests.server.cli.whole import app


def docs(out: Path, *options: str, folder: Path | None = None) -> Result:
    """The command's result."""
    arguments = [str(folder)] if folder is not None else []
    return CliRunner().invoke(app, ["rules", "docs", *arguments, "--out", str(out), *options])


def test_written_pages_are_fresh(tmp_path: Path) -> None:
    """What was just written is what the rule files say."""
    assert 0 == docs(tmp_path / "rules").exit_code
    assert (0, "") == ((checked := docs(tmp_path / "rules", "--check")).exit_code, checked.output)


def test_stale_pages_are_named(tmp_path: Path) -> None:
    """The check ends with 1, names every stale page, says how to mend it, and writes nothing."""
    docs(tmp_path)
    (tmp_path / "scope.md").write_text("changed by hand", "utf-8")
    (tmp_path / "facts.md").unlink()
    checked = docs(tmp_path, "--check")
    assert 1 == checked.exit_code
    assert [
        f"{tmp_path}/facts.md: is not what the rule files say",
        f"{tmp_path}/scope.md: is not what the rule files say",
        f"mend: run `origingate rules docs rules/usmca --out {tmp_path}` and commit what it writes.",
    ] == checked.stderr.splitlines()
    assert not (tmp_path / "facts.md").exists()


def test_pages_of_deleted_questions_go(tmp_path: Path) -> None:
    """A page that was made once and is none any more is deleted; one that a person wrote stays."""
    (tmp_path / "old.md").write_text(f"{MARK}\n\n# The question `old`\n", "utf-8")
    (tmp_path / "notes.md").write_text("# By hand\n", "utf-8")
    docs(tmp_path)
    assert (False, True) == ((tmp_path / "old.md").exists(), (tmp_path / "notes.md").exists())


def test_no_rulebook(tmp_path: Path) -> None:
    """A folder without a rulebook is wrong use, said in words."""
    result = docs(tmp_path / "out", folder=tmp_path)
    assert (2, f"{tmp_path}: holds no rulebook.yaml. Name a folder of rule files.\n") == (
        result.exit_code,
        result.stderr,
    )


def test_broken_rulebook(tmp_path: Path) -> None:
    """A rulebook with problems has no pages; the problems are shown."""
    for path in (shipped_rules() / "usmca").iterdir():
        (tmp_path / path.name).write_text(
            path.read_text("utf-8").replace("site.kind !=", "site.kin !="), "utf-8"
        )
    result = docs(tmp_path / "out", folder=tmp_path)
    assert 1 == result.exit_code
    assert "unknown fact `site.kin`" in result.stderr
    assert not (tmp_path / "out").exists()


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    """A folder that cannot be made is wrong use, said in words."""
    (tmp_path / "taken").write_text("", "utf-8")
    result = docs(tmp_path / "taken")
    assert (2, f"{tmp_path}/taken: cannot be read or written (File exists).\n") == (
        result.exit_code,
        result.stderr,
    )
