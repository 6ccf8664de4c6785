"""`origingate rules fmt`: what it writes, what it leaves alone, what it says, and how it ends."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.server.cli.whole import app

BOOK = {
    "rulebook.yaml": "zone: Europe/Vienna\nrulebook: tiny\ntitle: A tiny rulebook\n"
    "sources: {act: {title: The Act, standing: enacted, read: text of 2026}}\n",
    "facts.yaml": "facts:\n  order.paid: {type: bool, meaning: Whether it is paid.}\n",
    "asked.yaml": "question: asked\nasks: Is it paid?\noutcomes: [PAID, OPEN]\n"
    "otherwise: {gives: OPEN, because: It is not., cites: [act]}\nrules:\n"
    "  - rule: paid\n    reason: PAID\n    when: order.paid\n    gives: PAID\n    because: It is.\n    cites: [act 1]\n",
}
LAID = (
    "rulebook: tiny\ntitle: A tiny rulebook\nzone: Europe/Vienna\n"
    + BOOK["rulebook.yaml"].splitlines(True)[3]
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A rulebook of which one file is not in the canonical layout."""
    monkeypatch.chdir(tmp_path)
    rules = tmp_path / "rules"
    rules.mkdir()
    for name, text in BOOK.items():
        (rules / name).write_text(text, "utf-8")
    return Path("rules")


def run(*words: object, stdin: str | bytes | None = None) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["rules", "fmt", *map(str, words)], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_folder(folder: Path) -> None:
    """A folder is laid out in place; what changed is named, and a second time nothing is."""
    assert (0, "rules/rulebook.yaml: laid out\n", "") == run(folder)
    assert LAID == (folder / "rulebook.yaml").read_text("utf-8")
    assert (0, "", "") == run(folder)


def test_check(folder: Path) -> None:
    """--check writes nothing, names what is not laid out, and ends with 1; with 0 where all is."""
    message = (
        "rules/rulebook.yaml: is not in the canonical layout\n"
        "mend: run `origingate rules fmt` on them and commit what it writes.\n"
    )
    assert (1, "", message) == run(folder, "--check")
    assert BOOK["rulebook.yaml"] == (folder / "rulebook.yaml").read_text("utf-8")
    run(folder)
    assert (0, "", "") == run(folder, "--check")


def test_diff(folder: Path) -> None:
    """--diff shows what would change and writes nothing."""
    expected = [
        "--- rules/rulebook.yaml",
        "+++ rules/rulebook.yaml, laid out",
        "@@ -1,4 +1,4 @@",
        "-zone: Europe/Vienna",
        " rulebook: tiny",
        " title: A tiny rulebook",
        "+zone: Europe/Vienna",
        f" {LAID.splitlines()[3]}",
    ]
    code, output, errors = run(folder, "--diff")
    assert (1, expected, "") == (code, output.splitlines(), errors)
    assert BOOK["rulebook.yaml"] == (folder / "rulebook.yaml").read_text("utf-8")


def test_json(folder: Path) -> None:
    """--json tells of every file whether it was laid out."""
    code, output, errors = run(folder, "--json")
    assert (0, "") == (code, errors)
    assert [
        ("rules/asked.yaml", "same"),
        ("rules/facts.yaml", "same"),
        ("rules/rulebook.yaml", "laid_out"),
    ] == [(file["file"], file["state"]) for file in json.loads(output)["files"]]


def test_json_check(folder: Path) -> None:
    """With --check it tells which would be, and shows the difference."""
    code, output, _ = run(folder, "--json", "--check")
    file = json.loads(output)["files"][2]
    assert (1, "would_change", True) == (code, file["state"], "+zone: Europe/Vienna" in file["diff"])


def test_standard_input() -> None:
    """- reads standard input and writes standard output, for editors."""
    assert (0, LAID, "") == run("-", stdin=BOOK["rulebook.yaml"])


def test_standard_input_checked() -> None:
    """With --check nothing but the exit code and a message says that it would change."""
    code, output, errors = run("-", "--check", stdin=BOOK["rulebook.yaml"])
    assert (1, "") == (code, output)
    assert errors.startswith("standard input: is not in the canonical layout\n")


def test_one_file_and_a_folder_of_rulebooks(folder: Path) -> None:
    """A single file is laid out alone; a folder above rulebooks stands for all of them, and for no other files."""
    (folder.parent / "other.yaml").write_text("b:   1\n", "utf-8")
    assert (0, "", "") == run(folder / "asked.yaml")
    assert (0, "rules/rulebook.yaml: laid out\n", "") == run(".")
    assert (0, "other.yaml: laid out\n", "") == run("other.yaml")


def test_mode_and_links_are_kept(folder: Path) -> None:
    """A file keeps its mode, and a link to a file still leads to it."""
    real = folder.parent / "real.yaml"
    (folder / "rulebook.yaml").rename(real)
    real.chmod(0o640)
    (folder / "rulebook.yaml").symlink_to(real.resolve())
    run(folder)
    assert (True, 0o640, LAID) == (
        (folder / "rulebook.yaml").is_symlink(),
        real.stat().st_mode & 0o777,
        real.read_text("utf-8"),
    )
    assert ["asked.yaml", "facts.yaml", "rulebook.yaml"] == sorted(path.name for path in folder.iterdir())


def test_no_yaml(folder: Path) -> None:
    """A file that is no YAML is left as it is and its problem is shown; the others are laid out; the code is 1."""
    broken = "question: asked\nasks: Is it: paid?\n"
    (folder / "asked.yaml").write_text(broken, "utf-8")
    code, output, errors = run(folder)
    assert (1, "rules/rulebook.yaml: laid out\n") == (code, output)
    assert errors.startswith("rules/asked.yaml:2:12: a colon with a space after it begins a new key here")
    assert "mend: put the text in quotes" in errors
    assert broken == (folder / "asked.yaml").read_text("utf-8")


def test_problems_of_meaning_do_not_matter(folder: Path) -> None:
    """A file whose rules have problems can be laid out all the same."""
    (folder / "asked.yaml").write_text(BOOK["asked.yaml"].replace("gives: PAID", "gives:   PAYED"), "utf-8")
    assert (0, "rules/asked.yaml: laid out\nrules/rulebook.yaml: laid out\n", "") == run(folder)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "nowhere: is no rule file: their names end in .yaml.\n"),
        (["nowhere.yaml"], "nowhere.yaml: cannot be read (No such file or directory).\n"),
        (["empty"], "empty: holds no rulebook.yaml. Name a folder of rule files, or a file.\n"),
        (
            ["rules/limits.csv"],
            "rules/limits.csv: is no rule file: their names end in .yaml. Tables (CSV) are left as they are.\n",
        ),
        (["latin.yaml"], "latin.yaml: is not UTF-8 (byte 7). Save it as UTF-8.\n"),
        (
            ["-", "rules"],
            "`-` stands alone, and with --json only beside --check: the file is the output.\n",
        ),
    ],
)
def test_wrong_use(folder: Path, words: list[str], message: str) -> None:
    """What cannot be laid out at all is wrong use, said in words."""
    (folder.parent / "empty").mkdir()
    (folder.parent / "latin.yaml").write_bytes("title: é\n".encode("latin-1"))
    assert (2, "", message) == run(*words, stdin="")
