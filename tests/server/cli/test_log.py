"""`origingate log`: what it says, and how it ends."""

import gzip
import json
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.server.audit.corpus import Corpus
from tests.server.cli.whole import app


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A database with which nobody tampered."""
    return Corpus(tmp_path_factory.mktemp("corpus"), orders=4)


@pytest.fixture
def copy(corpus: Corpus, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copyfile(corpus.file, tmp_path / "og.db"))


def run(*words: str) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["log", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def verify(copy: Path, *words: str) -> tuple[int, str, str]:
    return run("verify", "--database", f"sqlite:///{copy}", "--processes", "1", *words)


def test_key_new(tmp_path: Path) -> None:
    """A key is made in two halves, of which only the owner can read the private one; nothing is written over."""
    code, out, _ = run("key", "new", str(tmp_path / "log.pem"), "--json")
    told = json.loads(out)
    assert (0, str(tmp_path / "log.pub.pem")) == (code, told["public"])
    assert 0o600 == stat.S_IMODE((tmp_path / "log.pem").stat().st_mode)
    code, _, said = run("key", "new", str(tmp_path / "log.pem"))
    assert (2, True) == (code, "there already" in said)


def test_holds(corpus: Corpus, copy: Path, tmp_path: Path) -> None:
    """With trusted keys and heads from outside it says that it holds, and nothing else."""
    (tmp_path / "kept.head").write_text(corpus.outside.checkpoint.text, "utf-8")
    code, out, said = verify(copy, "--key", str(corpus.public), "--head", str(tmp_path / "kept.head"))
    [first, last] = out.splitlines()
    assert (0, "", "It holds.") == (code, said, last)
    assert first.startswith(f"{corpus.outside.checkpoint.head.origin}: ")


def test_says_what_it_cannot_tell(copy: Path) -> None:
    """Without keys and heads from outside it says what that leaves open."""
    code, out, _ = verify(copy)
    assert (0, True, True) == (
        code,
        "give those that you trust with --key" in out,
        "a history that was rewritten as a whole" in out,
    )


def test_fault(copy: Path) -> None:
    """A fault is named, and the command ends with 1."""
    with sqlite3.connect(copy) as database:
        database.execute("UPDATE decisions SET outcome = 'OUT_OF_SCOPE' WHERE decision_id = '000002-scope'")
    database.close()
    code, out, _ = verify(copy)
    assert (1, "It does not hold: 1 faults.") == (code, out.splitlines()[-1])
    assert "changed: decisions acme/000002-scope tenant/" in out


def test_for_machines(copy: Path) -> None:
    """The same as JSON."""
    with sqlite3.connect(copy) as database:
        database.execute("DELETE FROM certificates WHERE e_cert_id = 'SBX-2'")
    database.close()
    code, out, _ = verify(copy, "--json")
    told = json.loads(out)
    assert (1, False, 1) == (code, told["holds"], told["faults_found"])
    [fault] = told["faults"]
    assert ("removed", "certificates", "acme/sandbox/SBX-2") == (fault["kind"], fault["table"], fault["row"])


def test_backup(copy: Path, tmp_path: Path) -> None:
    """A backup is verified as the database that it is of."""
    file = tmp_path / "og.backup"
    assert (
        0 == CliRunner().invoke(app, ["db", "backup", str(file), "--database", f"sqlite:///{copy}"]).exit_code
    )
    assert (0, True) == ((said := run("verify", str(file), "--processes", "1"))[0], "It holds." in said[1])
    lines = gzip.decompress(file.read_bytes()).decode().replace("IN_SCOPE", "IN_SCOPF", 1)
    file.write_bytes(gzip.compress(lines.encode()))
    assert 1 == run("verify", str(file), "--processes", "1")[0]


@pytest.mark.parametrize(
    ("words", "because"),
    [
        (("--key", "og.db"), "key file"),
        (("--head", "nowhere.head"), "cannot be read"),
        (("nowhere.backup",), "no such file"),
    ],
)
def test_wrong_use(copy: Path, words: tuple[str, ...], because: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read ends with 2 and says why."""
    monkeypatch.chdir(copy.parent)
    code, _, said = verify(copy, *words)
    assert (2, True) == (code, because in said)


def test_no_database(tmp_path: Path) -> None:
    """A database that is not there ends with 2."""
    assert 2 == verify(tmp_path / "none.db")[0]
