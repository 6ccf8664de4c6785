"""`origingate rules check`: every problem of every file, in every form."""

import json
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner

from server.shipped import shipped_rules
from tests.server.cli.rules.plants import BROKEN, change, plant, planted
from tests.server.cli.whole import app

SHIPPED = shipped_rules() / "usmca"
SMALL = Path(__file__).parents[3] / "engine" / "rulebook" / "small"


@pytest.fixture
def parcels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the rulebook with planted faults, in the working folder."""
    monkeypatch.chdir(tmp_path)
    return planted(Path("parcels"))


@pytest.fixture
def usmca(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped rulebook, in the working folder."""
    monkeypatch.chdir(tmp_path)
    copytree(SHIPPED, "usmca")
    return Path("usmca")


def run(*words: object) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["rules", "check", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def places(out: str) -> list[str]:
    """The first line of each problem."""
    return re.findall(r"^\S+:\d+:\d+: .*\]$", out, re.MULTILINE)


def test_shipped_rulebook() -> None:
    """The shipped rulebook has no problem and no warning, and neither have its tests."""
    code, out, said = run()
    assert (0, "", 1) == (code, said, out.count("\n"))
    assert out.startswith("usmca: no problems in 8 questions, 126 rules. sha256:")


def test_planted_rulebook(parcels: Path) -> None:
    """What is planted for other commands is no problem."""
    assert (0, True) == (run(parcels)[0], run(parcels)[1].startswith("parcels: no problems in 1 question, "))


def test_typos_in_several_files(usmca: Path) -> None:
    """Typos in several files are all found at once, sorted by place, and nothing else is."""
    change(usmca, "rulebook.yaml", "zone: America/New_York", "zone: America/New_Yrok")
    change(usmca, "scope.yaml", "gives: IN_SCOPE", "gives: IN_SCOP")
    change(usmca, "records.yaml", "reason: IMPORTER_KEEPS_FIVE_YEARS", "raeson: IMPORTER_KEEPS_FIVE_YEARS")
    change(usmca, "claim.yaml", "applies: |\n  order.destination in", "applies: |\n  order.destinaton in")
    change(usmca, "copy_test.yaml", "question: copy", "qestion: copy")
    code, out, said = run(usmca)
    assert (1, "") == (code, said)
    assert [
        "usmca/claim.yaml:5:3: unknown fact `order.destinaton` [unknown-fact]",
        "usmca/copy_test.yaml:3:1: a test file has no `qestion` [unknown-key]",
        "usmca/records.yaml:13:5: a rule has no `raeson` [unknown-key]",
        "usmca/rulebook.yaml:3:7: there is no time zone `America/New_Yrok` [unknown-zone]",
        "usmca/scope.yaml:19:12: `IN_SCOP` is no outcome of this question [unknown-outcome]",
    ] == places(out)
    assert out.endswith("\n5 problems.\n")


def test_typos_in_tests(parcels: Path) -> None:
    """Problems of the tests are found too, with their mend."""
    plant(parcels, BROKEN)
    code, out, _ = run(parcels)
    assert (1, ["parcels/carriage_test.yaml:62:12: unknown fact `parcel.wieght` [unknown-fact]"]) == (
        code,
        places(out),
    )
    assert "mend: write `parcel.weight`\n1 problem.\n" in out


def test_unreadable_tests(parcels: Path) -> None:
    """A test file that is no text is one problem, and hides no other."""
    plant(parcels, BROKEN)
    (parcels / "broken_test.yaml").write_bytes(b"question: carriage\ntests: [\xff]\n")
    code, out, said = run(parcels)
    assert (1, "", 2) == (code, said, len(places(out)))
    assert "parcels/broken_test.yaml:1:1: the file is not UTF-8 (byte 27) [unreadable-file]" in out


def test_unreadable_rules(parcels: Path) -> None:
    """A rule file that is no text ends with 2 and says which."""
    (parcels / "facts.yaml").write_bytes(b"\xff")
    assert (2, "", "parcels/facts.yaml: is not UTF-8 (byte 0). Save it as UTF-8.\n") == run(parcels)


def test_no_rulebook(tmp_path: Path) -> None:
    """A folder without a rulebook is wrong use."""
    code, out, said = run(tmp_path)
    assert (2, "", True) == (
        code,
        out,
        said.endswith("holds no rulebook.yaml. Name a folder of rule files.\n"),
    )


def test_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Warnings are shown, and stop nothing."""
    monkeypatch.chdir(SMALL)
    code, out, _ = run(".")
    assert (0, ["rulebook.yaml:8:3: warning: nothing cites the source `guess` [unused-source]"]) == (
        code,
        places(out),
    )


def test_json(parcels: Path) -> None:
    """--json has the same keys whether there are problems or not."""
    well = json.loads(run(parcels, "--json")[1])
    plant(parcels, BROKEN)
    code, out, said = run(parcels, "--json")
    ill = json.loads(out)
    assert (1, "", [], []) == (code, said, well["problems"], well["warnings"])
    assert well.keys() == ill.keys()
    assert [
        {
            "file": "parcels/carriage_test.yaml",
            "line": 62,
            "column": 12,
            "length": 13,
            "code": "unknown-fact",
            "message": "unknown fact `parcel.wieght`",
            "mend": "write `parcel.weight`",
        }
    ] == ill["problems"]


def test_github(parcels: Path) -> None:
    """--format github prints a command for each problem, and nothing where there is none."""
    assert (0, "", "") == run(parcels, "--format", "github")
    plant(parcels, BROKEN)
    assert (
        1,
        "::error file=parcels/carriage_test.yaml,line=62,endLine=62,col=12,endColumn=25,title=unknown-fact"
        "::unknown fact `parcel.wieght`%0Amend: write `parcel.weight`\n",
        "",
    ) == run(parcels, "--format", "github")


def test_sarif(parcels: Path) -> None:
    """--format sarif prints a log, also where there is no problem."""
    assert [] == json.loads(run(parcels, "--format", "sarif")[1])["runs"][0]["results"]
    plant(parcels, BROKEN)
    code, out, said = run(parcels, "--format", "sarif")
    (told,) = json.loads(out)["runs"][0]["results"]
    assert (1, "", "unknown-fact") == (code, said, told["ruleId"])


@pytest.mark.parametrize("words", [("--format", "xml"), ("--json", "--format", "sarif")])
def test_wrong_use(parcels: Path, words: tuple[str, ...]) -> None:
    """A form that is not there, or two at once, are wrong use."""
    assert 2 == run(parcels, *words)[0]


def test_needs_no_grpc() -> None:
    """Whoever looks at rules does not wait for gRPC, protobuf, the settings or the store."""
    program = (
        "import sys; sys.argv = ['origingate', 'rules', 'check']\n"
        "from server.__main__ import main\n"
        "try: main()\n"
        "finally: print(sorted({'grpc', 'google.protobuf', 'pydantic_settings', 'sqlalchemy', 'rich'} & sys.modules.keys()))"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "[]" == out.splitlines()[-1]
