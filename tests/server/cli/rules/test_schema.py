"""`origingate rules schema`: what it writes, and how it ends."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.server.cli.whole import app

PLANTED = Path(__file__).parents[3] / "planted" / "parcels"
NAMES = ["facts.schema.json", "question.schema.json", "rulebook.schema.json", "tests.schema.json"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)


def run(*words: object) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["rules", "schema", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_written() -> None:
    """A schema for each kind of file is written, and is fresh then."""
    assert (0, "schemas: 4 schemas, 4 of them new or changed.\n", "") == run(PLANTED)
    assert NAMES == sorted(path.name for path in Path("schemas").iterdir())
    assert (0, "schemas: 4 schemas, 0 of them new or changed.\n", "") == run(PLANTED)
    assert (0, "", "") == run(PLANTED, "--check")


def test_names_of_the_rulebook() -> None:
    """The names of the rulebook stand in the schemas; with --bare they do not, and no rulebook is read."""
    run(PLANTED)
    assert "parcel.weight" in Path("schemas/question.schema.json").read_text("utf-8")
    assert (0, "") == run("nowhere", "--bare", "--out", "bare")[::2]
    assert "parcel.weight" not in Path("bare/question.schema.json").read_text("utf-8")


def test_stale() -> None:
    """--check writes nothing, names what is not fresh, and ends with 1."""
    run(PLANTED)
    Path("schemas/facts.schema.json").unlink()
    expected = (
        "schemas/facts.schema.json: is not fresh\n"
        "mend: run `origingate rules schema` in the same way without --check.\n"
    )
    assert (1, "", expected) == run(PLANTED, "--check")
    assert not Path("schemas/facts.schema.json").exists()


def test_json() -> None:
    """--json prints the schemas by kind, and writes nothing."""
    code, output, errors = run(PLANTED, "--json")
    assert (0, ["rulebook", "facts", "question", "tests"], "") == (code, [*json.loads(output)], errors)
    assert [] == [*Path().iterdir()]


def test_wrong_use() -> None:
    """A folder without a rulebook, or one that is a file, is wrong use, said in words."""
    Path("taken").write_text("", "utf-8")
    assert (2, "", "nowhere: holds no rulebook.yaml. Name a folder of rule files.\n") == run("nowhere")
    assert (2, "", "taken: cannot be read or written (File exists).\n") == run(PLANTED, "--out", "taken")
