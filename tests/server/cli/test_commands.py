"""Help, exit codes and messages of the commands: 0 well, 1 problems, 2 wrong use."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from tests.server.cli.whole import app

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
ELIGIBLE = str(EXAMPLES / "orders" / "01-eligible.json")


def commands(group: Any, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The group's words and those of everything below it."""
    below = getattr(group, "commands", {})
    return [above, *(words for name in below for words in commands(below[name], (*above, name)))]


COMMANDS = commands(typer.main.get_command(app))


def run(*words: str, **environment: str) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200", **environment}).invoke(app, list(words))
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help(words: tuple[str, ...]) -> None:
    """Every command explains itself and ends well."""
    code, out, said = run(*words, "--help")
    assert (0, "", True) == (code, said, "Usage:" in out)


@pytest.mark.parametrize(
    "words",
    [
        ("cook",),
        ("order", "cook"),
        ("order", "send"),
        ("order", "send", "a.json", "--timeout", "soon"),
        ("order", "send", "a.json", "--timeout", "0"),
        ("case", "get"),
        ("case", "wait"),
        ("case", "list", "--limit", "0"),
        ("rules", "check", "--colour"),
    ],
    ids=" ".join,
)
def test_wrong_use(words: tuple[str, ...]) -> None:
    """Wrong use ends with 2, says so on standard error, and writes nothing."""
    code, out, said = run(*words)
    assert (2, "", True) == (code, out, "Usage:" in said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--on", "2026-02-30"), "A day is YYYY-MM-DD"),
        (("--on", "soon"), "A day is YYYY-MM-DD"),
        (("--enforce", "law"), "standings are enacted, reported, assumed"),
        (("--enforce", ","), "no standing is named"),
        (("--question", "origine"), "origine"),
        (("--rulebook", "/nonexistent"), "holds no rulebook.yaml"),
    ],
)
def test_decide_wrongly(words: tuple[str, ...], said: str) -> None:
    """`decide` with an option that means nothing ends with 2 and says what it may be."""
    code, out, told = run("decide", "--facts", ELIGIBLE, *words)
    assert (2, "", True) == (code, out, said in told)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[]", "proto JSON"),
        (b"5", "proto JSON"),
        (b'"site"', "proto JSON"),
        (b"[" * 100_000, "proto JSON"),
        (b"\xff", "proto JSON"),
        (b'{"order": {"destination": "Mexico"}}', "order.destination"),
    ],
)
def test_decide_about_nothing(tmp_path: Path, content: bytes, said: str) -> None:
    """`decide` about a file that is no order, or breaks rules of form, ends with 2 and names it."""
    path = tmp_path / "order.json"
    path.write_bytes(content)
    code, out, told = run("decide", "--facts", str(path))
    assert (2, "", True) == (code, out, said in told)
    assert told.startswith(str(path))


def test_decide() -> None:
    """`decide` shows the outcome and what is missing, for people."""
    code, out, said = run("decide", "--facts", ELIGIBLE, "--on", "2026-07-10")
    assert (0, "") == (code, said)
    assert out.startswith("UNDETERMINED  scope, on 2026-07-10")
    assert "missing:  site.kind" in out


def test_decide_given(tmp_path: Path) -> None:
    """`decide --given` takes facts as rule tests give them, with those that a caller could not state."""
    path = tmp_path / "facts.yaml"
    path.write_text(
        "site: {integration: NONE, kind: B2B_INDEPENDENT}\norder.destination: US\n"
        "order.lines: [{claims_preference: true}]\n",
        "utf-8",
    )
    code, out, said = run("decide", "--given", str(path), "--question", "prereview", "--on", "2026-07-10")
    assert (0, "", True) == (code, said, out.startswith("SUSPENDED  prereview"))


def test_decide_given_wrongly(tmp_path: Path) -> None:
    """Facts that the dictionary does not have end with 2, with place and mend."""
    path = tmp_path / "facts.yaml"
    path.write_text("order: {destinaton: US}\n", "utf-8")
    code, out, told = run("decide", "--given", str(path))
    assert (2, "") == (code, out)
    assert f"{path}:1:" in told
    assert "mend: write `destination`" in told


@pytest.mark.parametrize("words", [(), ("--facts", ELIGIBLE, "--given", "facts.yaml")], ids=["none", "both"])
def test_decide_needs_one_order(words: tuple[str, ...]) -> None:
    """`decide` is told its facts in one way."""
    code, out, told = run("decide", *words)
    assert (2, "", True) == (code, out, "--given FILE" in told)


def test_rules_check() -> None:
    """The shipped rulebook has no problems."""
    code, out, said = run("rules", "check", "--json")
    assert (0, "", []) == (code, said, json.loads(out)["problems"])


def test_rules_with_problems(tmp_path: Path) -> None:
    """A rulebook with problems ends with 1; each is shown with its place, for machines too."""
    (tmp_path / "rulebook.yaml").write_text("rulebook: [", "utf-8")
    assert 1 == run("rules", "check", str(tmp_path))[0]
    code, out, _ = run("rules", "check", str(tmp_path), "--json")
    assert (1, True) == (code, bool(json.loads(out)["problems"]))


@pytest.mark.parametrize("line", ["{", "[" * 100_000])
def test_eval_of_no_json(tmp_path: Path, line: str) -> None:
    """A line that is no JSON ends with 2, and is named by its number."""
    path = tmp_path / "batch.jsonl"
    path.write_text('{"name": "a", "expr": "1 + 1"}\n' + line, "utf-8")
    code, _, said = run("rules", "eval", "--batch", str(path))
    assert (2, True) == (code, f"{path}:2: is not JSON" in said)


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        (("--listen", "0.0.0.0:1"), {}, "nobody would be asked who it is"),
        (("--listen", "here"), {}, "write it as host:port"),
        (("--log-format", "xml"), {}, "log_format"),
        ((), {"ORIGINGATE_LEASE": "5"}, "nothing could ever be sent"),
        ((), {"ORIGINGATE_ATTEMPT_TIMEOUT": "nan"}, "attempt_timeout"),
        (("--sites", "/nonexistent.yaml"), {}, "/nonexistent.yaml: cannot be read"),
        (("--database", "mongodb://x"), {}, "is not supported"),
        (("--database", "sqlite:////nonexistent/x.db"), {}, "does not exist"),
        (("--sandbox-url", "ftp://x"), {}, ""),
    ],
)
def test_serve_wrongly(
    tmp_path: Path, words: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    """`serve` with a setting that cannot be used ends with 2, and says which."""
    database = () if "--database" in words else ("--database", f"sqlite:///{tmp_path}/x.db")
    code, out, told = run("serve", "--listen", "127.0.0.1:0", *database, *words, **environment)
    assert (2, "", True) == (code, out, said in told)


def test_ready_file_cannot_be_written(tmp_path: Path) -> None:
    """A ready file in a folder that does not exist ends `serve` with 2, in words."""
    code, _, told = run(
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--database",
        f"sqlite:///{tmp_path}/x.db",
        "--ready-file",
        f"{tmp_path}/none/ready.json",
    )
    assert (2, True) == (code, "ready.json: cannot be written (No such file or directory)" in told)


def test_demo_without_orders(tmp_path: Path) -> None:
    """`demo` over a folder without orders, or with one that is none, ends with 2 before it starts anything."""
    assert (2, True) == (
        (found := run("demo", "--orders", str(tmp_path)))[0],
        "holds no orders" in found[2],
    )
    (tmp_path / "1.json").write_text("{", "utf-8")
    assert (2, True) == (
        (found := run("demo", "--orders", str(tmp_path)))[0],
        "is not the proto JSON" in found[2],
    )


def test_as_a_process() -> None:
    """The exit code is the process's own; help is on standard output, and starts no more than it needs."""
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "server", "--help"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (0, True) == (ended.returncode, "Usage:" in ended.stdout)
    loaded = {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}
    assert set() == loaded & {"aiohttp", "alembic", "sqlalchemy", "protovalidate", "uvloop", "engine.decide"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("list", "--state", "CERTIFED"),
            "'CERTIFED' is no state of a case; the states are INQUIRY, ORDERED",
        ),
        (("wait", "cases/1", "--while", "UNSPECIFIED"), "is no state of a case"),
        (("watch", "--state", ""), "is no state of a case"),
        (("list", "--updated-since", "2026-07-01"), "is no moment with a zone; write it as 2026-07-01T12"),
        (("list", "--updated-before", "soon"), "--updated-before: 'soon' is no moment with a zone"),
        (("watch", "--after", "x", "--from-beginning"), "leave --from-beginning out"),
    ],
)
def test_case_wrongly(words: tuple[str, ...], said: str) -> None:
    """A word that means nothing ends with 2 before a server is asked, and says what could be meant."""
    code, out, told = run("case", *words)
    assert (2, "", True) == (code, out, said in told)


@pytest.mark.parametrize("words", [("list",), ("wait", "cases/1"), ("watch",)])
def test_case_without_server(words: tuple[str, ...]) -> None:
    """Where nobody listens the command ends with 1 and says how to start a server."""
    code, out, told = run("case", *words, "--to", "127.0.0.1:1")
    assert (1, "", True) == (code, out, "No server answers at 127.0.0.1:1" in told)
