"""`origingate rules test`: what it prints and writes, and how it ends."""

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from server.rule_network import why_absent
from server.shipped import shipped_rules
from tests.server.cli.rules.plants import (
    BROKEN,
    EXPECTING,
    EXPECTING_WRONGLY,
    FAILING,
    PASSING,
    SKIP_ENDED,
    SKIPPED,
    planted,
)
from tests.server.cli.whole import app

ALL = (FAILING, BROKEN, SKIPPED, SKIP_ENDED, EXPECTING, EXPECTING_WRONGLY)
SHOWN = """\
parcels/carriage_test.yaml:66:12: unknown fact `parcel.wieght` [unknown-fact]
   66 |     with: {parcel.wieght: 31.0}
                   ^^^^^^^^^^^^^
   mend: write `parcel.weight`

parcels/carriage_test.yaml:61: planted failure
  outcome
    expected  CARRIED
    actual    REFUSED
  too-heavy: The parcel weighs 31.0 kg; 30 kg are carried.
    + parcel.weight is 31.0; the rule needs more than 30.0
  over-thirty: More than 30 kg are not carried.
    + parcel.weight is 31.0; the rule needs more than 30.0

parcels/carriage_test.yaml:73: planted skip that ended
  outcome
    expected  REFUSED
    actual    CARRIED
  not-served, which would give REFUSED, did not fire:
    - parcel.destination is "US"; the rule needs none of "US", "CA", "MX" (served)
  too-heavy, which would give REFUSED, did not fire:
    - parcel.weight is 12.5; the rule needs more than 30.0
  over-thirty, which would give REFUSED, did not fire:
    - parcel.weight is 12.5; the rule needs more than 30.0
  1 more rule that could give it did not fire
  no rule in force is true, so `otherwise` gives CARRIED: Nothing speaks against the parcel.
  it was skipped until 2026-06-30: Wait for the letter.

parcels/carriage_test.yaml:82: planted variant that loads
  problems
    expected  [unknown-fact]
    actual    []

29 passed, 3 failed, 1 skipped in """


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working folder is empty."""
    monkeypatch.chdir(tmp_path)


def run(*words: object, second: str = "--no-second-opinion") -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    more = [second] if second else []
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["rules", "test", *map(str, words), *more])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_shipped_rulebook() -> None:
    """Every test of the shipped rulebook passes, quietly, before both evaluators."""
    code, out, said = run(shipped_rules() / "usmca", second="")
    assert (0, 1) == (code, out.count("\n"))
    assert out.startswith("576 passed, 0 failed, 0 skipped in ")
    assert bool(why_absent()) == bool(said)


def test_passing() -> None:
    """Passing tests are quiet."""
    code, out, said = run(planted(Path("parcels")))
    assert (0, "", f"{PASSING} passed, 0 failed, 0 skipped in ", 1) == (code, said, out[:34], out.count("\n"))


def test_every_plant() -> None:
    """Every plant is found, nothing else is, and the tests beside a broken one run."""
    code, out, said = run(planted(Path("parcels"), *ALL))
    assert (1, "") == (code, said)
    assert out.startswith(SHOWN)


@pytest.mark.parametrize(
    ("plant", "code"), [(EXPECTING, 0), (SKIPPED, 0), (SKIP_ENDED, 1), (BROKEN, 1), (FAILING, 1)]
)
def test_exit_code(plant: str, code: int) -> None:
    """What failed, or could not be run, ends with 1; what is skipped does not."""
    assert code == run(planted(Path("parcels"), plant))[0]


def test_unreadable_file() -> None:
    """A test file that cannot be read is told, and the others run."""
    folder = planted(Path("parcels"))
    (folder / "latin_test.yaml").write_bytes("question: Öl".encode("latin-1"))
    code, out, said = run(folder)
    assert (1, "") == (code, said)
    assert out.startswith("parcels/latin_test.yaml:1:1: the file is not UTF-8 (byte 10) [unreadable-file]\n")
    assert f"{PASSING} passed, 0 failed" in out


def test_file_that_is_no_yaml() -> None:
    """A test file that is no YAML is told, and the others run."""
    folder = planted(Path("parcels"))
    (folder / "bad_test.yaml").write_text("question: [carriage\n", "utf-8")
    code, out, _ = run(folder)
    assert (1, True) == (code, out.startswith("parcels/bad_test.yaml:"))
    assert f"{PASSING} passed, 0 failed" in out


def test_keyword() -> None:
    """-k chooses by file, question or name, whatever the case."""
    folder = planted(Path("parcels"), FAILING)
    assert (0, True) == (
        run(folder, "-k", "WINTER")[0],
        run(folder, "-k", "WINTER")[1].startswith("3 passed"),
    )


def test_keyword_without_tests() -> None:
    """-k that chooses nothing is wrong use."""
    folder = planted(Path("parcels"))
    assert (2, "", "parcels: no test has 'summer' in its file, question or name.\n") == run(
        folder, "-k", "summer"
    )


def test_no_tests() -> None:
    """A rulebook without tests says what to do."""
    folder = planted(Path("parcels"))
    (folder / "carriage_test.yaml").unlink()
    assert (2, "", "parcels: has no tests. Write some into a file that ends in `_test.yaml`.\n") == run(
        folder
    )


def test_no_rulebook() -> None:
    """A folder without a rulebook is wrong use."""
    assert (2, "", "nowhere: holds no rulebook.yaml. Name a folder of rule files.\n") == run("nowhere")


def test_broken_rulebook() -> None:
    """A rulebook with problems is shown them, and no test runs."""
    folder = planted(Path("parcels"))
    (folder / "facts.yaml").unlink()
    code, out, said = run(folder)
    assert (1, "", True) == (code, out, "there is no `facts.yaml` [missing-file]" in said)


def test_processes() -> None:
    """Several processes tell the same, in the same order, each with a second opinion of its own."""
    code, out, said = run(planted(Path("parcels"), *ALL), "-n", 2, second="")
    assert (1, bool(why_absent()), True) == (code, bool(said), out.startswith(SHOWN))


def test_json() -> None:
    """--json has every test with its state, why it failed or was skipped, and the problems."""
    code, out, said = run(planted(Path("parcels"), *ALL), "--json")
    told = json.loads(out)
    assert (1, "", 33) == (code, said, len(told["tests"]))
    assert ["unknown-fact"] == [problem["code"] for problem in told["problems"]]
    states = {one["test"]: (one["line"], one["state"], one["because"]) for one in told["tests"]}
    assert (61, "failed", "") == states["planted failure"]
    assert (69, "skipped", "Wait for the letter.") == states["planted skip"]
    assert (77, "passed", "") == states["planted variant"]
    (failed,) = [one for one in told["tests"] if one["test"] == "planted failure"]
    assert [{"what": "outcome", "expected": "CARRIED", "actual": "REFUSED"}] == failed["differences"]
    assert "  + parcel.weight is 31.0; the rule needs more than 30.0" == failed["why"][1]


def test_junit() -> None:
    """--junit writes the report, also where tests fail."""
    code, _, said = run(planted(Path("parcels"), *ALL), "--junit", "report.xml")
    root = ElementTree.parse("report.xml").getroot()
    assert (1, "") == (code, said)
    assert ("34", "3", "1", "1") == tuple(
        root.get(name) for name in ("tests", "failures", "errors", "skipped")
    )


def test_junit_unwritable() -> None:
    """A report that cannot be written ends with 2 and says why."""
    code, _, said = run(planted(Path("parcels")), "--junit", "no/such/report.xml")
    assert (2, True) == (code, said.startswith("no/such/report.xml: cannot be written"))


@pytest.mark.parametrize("words", [("--watch", "--json"), ("-n", "-1"), ("-n", "many")])
def test_wrong_use(words: tuple[str, ...]) -> None:
    """What cannot be meant is wrong use."""
    assert 2 == run(planted(Path("parcels")), *words)[0]


def test_second_opinion_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where durable-rules is not installed a line says so and the tests run; asked for by name, it is wrong use."""
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    folder = planted(Path("parcels"))
    code, out, said = run(folder, second="")
    assert (0, True, 1) == (code, out.startswith("28 passed"), said.count("\n"))
    assert said.startswith("The tests were not put to a second opinion: durable-rules ")
    assert (2, "") == run(folder, second="--second-opinion")[:2]


def test_second_opinion_in_json() -> None:
    """--json says whether the second opinion was asked."""
    told = json.loads(run(planted(Path("parcels")), "--json")[1])
    assert {"asked": False, "failed": "", "absent": ""} == told["second_opinion"]
