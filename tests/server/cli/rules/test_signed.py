"""`origingate rules key`, `build` and `verify`: from a folder to a signed file and back."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.server.cli.rules.test_cover import BOOK, OPEN
from tests.server.cli.whole import app

KEY_ID = 43


def run(*words: object) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["rules", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A rulebook whose tests pass, and a key beside it."""
    monkeypatch.chdir(tmp_path)
    rules = tmp_path / "rules"
    rules.mkdir()
    for name, text in BOOK.items():
        (rules / name).write_text(text + (OPEN if name == "asked_test.yaml" else ""), "utf-8")
    assert 0 == run("key", "author.pem")[0]
    return rules


@pytest.fixture
def built(folder: Path) -> Path:
    """The rulebook, signed."""
    assert 0 == run("build", folder, "--key", "author.pem", "--out", "tiny.rulebook")[0]
    return Path("tiny.rulebook")


def test_key(folder: Path) -> None:
    """A key is made once: its halves and its id are named, and nothing is written over."""
    code, out, said = run("key", "second.pem", "--json")
    made = json.loads(out)
    assert (0, "", "second.pem", "second.pub.pem", KEY_ID) == (
        code, said, made["private"], made["public"], len(made["key"]),
    )  # fmt: skip
    assert (2, "", "second.pem: is there already. Keys are never written over: give another path.\n") == run(
        "key", "second.pem"
    )


def test_build(folder: Path) -> None:
    """One line says what was signed, how its tests went, and by which key."""
    code, out, said = run("build", folder, "--key", "author.pem", "--out", "tiny.rulebook")
    assert (0, "") == (code, said)
    assert out.startswith("tiny.rulebook: tiny, 2 tests passed, signed by ")


def test_build_json(folder: Path) -> None:
    """As JSON: file, rulebook, digest, key, moment and tests."""
    _, out, _ = run("build", folder, "--key", "author.pem", "--out", "tiny.rulebook", "--json")
    made = json.loads(out)
    assert ["file", "rulebook", "digest", "key", "signed_at", "tests"] == list(made)
    assert {"passed": 2, "skipped": 0} == made["tests"]


def test_verify(built: Path) -> None:
    """What holds is told line by line."""
    code, out, said = run("verify", built, "--key", "author.pub.pem")
    assert (0, "") == (code, said)
    assert ["rulebook", "digest", "signed", "by", "tests", "language", "files"] == [
        line.split()[0] for line in out.splitlines()
    ]
    assert "tests     2 passed, 0 skipped" in out


def test_verify_json(built: Path, folder: Path) -> None:
    """As JSON: that it holds, and the same digest as `rules check` gives."""
    _, out, _ = run("verify", built, "--key", "author.pub.pem", "--json")
    found = json.loads(out)
    assert (True, json.loads(run("check", folder, "--json")[1])["digest"]) == (
        found["holds"],
        found["digest"],
    )
    assert ["asked.yaml", "facts.yaml", "rulebook.yaml"] == found["files"]


def test_unpack(built: Path) -> None:
    """The rule files are unpacked, without tests, and the folder is a rulebook of the same digest."""
    digest = json.loads(run("verify", built, "--key", "author.pub.pem", "--unpack", "out", "--json")[1])[
        "digest"
    ]
    assert digest == json.loads(run("check", "out", "--json")[1])["digest"]
    code, out, said = run("verify", built, "--key", "author.pub.pem", "--unpack", "out")
    assert (2, "", "out: is not empty. Name a new folder: nothing is written over.\n") == (code, out, said)


def test_wrong_key(built: Path) -> None:
    """Under another key nothing holds and nothing is unpacked: 1, with both keys named."""
    run("key", "other.pem")
    code, out, said = run("verify", built, "--key", "other.pub.pem", "--unpack", "out")
    assert (1, "", False) == (code, out, Path("out").exists())
    assert said.startswith("tiny.rulebook: It is signed by the key ")


def test_changed(built: Path) -> None:
    """A changed file does not hold; as JSON the reason has a stable name."""
    signed = bytearray(built.read_bytes())
    signed[len(signed) // 2] ^= 1
    built.write_bytes(signed)
    code, out, said = run("verify", built, "--key", "author.pub.pem", "--json")
    assert (1, "", False, "bad-signature") == (
        code,
        said,
        json.loads(out)["holds"],
        json.loads(out)["reason"],
    )


@pytest.mark.parametrize(
    ("file", "key", "said"),
    [
        ("no.rulebook", "author.pub.pem", "no.rulebook: there is no such file."),
        ("rules", "author.pub.pem", "rules: is no file."),
        ("tiny.rulebook", "no.pem", "no.pem: there is no such key file."),
        ("tiny.rulebook", "author.pem", "author.pem: holds a private key"),
    ],
)
def test_wrong_use(built: Path, file: str, key: str, said: str) -> None:
    """A file or key that is not there, and the private half of a key, are wrong use: 2."""
    code, out, error = run("verify", file, "--key", key)
    assert (2, "", True) == (code, out, error.startswith(said))


def test_not_signed_with_problems(folder: Path) -> None:
    """A rulebook with problems is not signed."""
    (folder / "asked.yaml").write_text(BOOK["asked.yaml"].replace("order.paid", "order.payed"), "utf-8")
    code, _, said = run("build", folder, "--key", "author.pem", "--out", "tiny.rulebook")
    assert (1, True, False) == (code, "[unknown-fact]" in said, Path("tiny.rulebook").exists())


@pytest.mark.parametrize(
    ("tests", "because"),
    [
        (BOOK["asked_test.yaml"].replace("expect: PAID", "expect: OPEN"), "1 rule test failed"),
        (
            BOOK["asked_test.yaml"].replace("order.paid", "order.payed"),
            "1 rule test failed or could not be read",
        ),
        ("", "has no rule test that runs"),
    ],
    ids=["failing", "problem", "none"],
)
def test_not_signed_untested(folder: Path, tests: str, because: str) -> None:
    """A rulebook whose tests fail, or that has none, is signed only untested, and the file says so."""
    path = folder / "asked_test.yaml"
    path.write_text(tests, "utf-8") if tests else path.unlink()
    words = ("build", folder, "--key", "author.pem", "--out", "tiny.rulebook")
    code, out, said = run(*words)
    assert (1, "", True, False) == (code, out, because in said, Path("tiny.rulebook").exists())
    assert "its tests were not run" in run(*words, "--no-tests")[1]
    assert "tests     not run" in run("verify", "tiny.rulebook", "--key", "author.pub.pem")[1]


def test_out_is_something_else(folder: Path) -> None:
    """A slip of the pen does not cost the key."""
    before = Path("author.pem").read_bytes()
    code, _, said = run("build", folder, "--key", "author.pem", "--out", "author.pem")
    assert (2, before) == (code, Path("author.pem").read_bytes())
    assert said == "author.pem: is there already and is no signed rulebook. Give another name.\n"


def test_key_that_others_can_read(folder: Path) -> None:
    """That others can read the private key is said, and stops nothing."""
    Path("author.pem").chmod(0o644)
    code, _, said = run("build", folder, "--key", "author.pem", "--out", "tiny.rulebook")
    assert (0, "warning: others can read author.pem; run `chmod 600 author.pem`\n") == (code, said)


def test_file_that_cannot_be_named(folder: Path) -> None:
    """A rule file whose name would be refused by who reads is not signed."""
    (folder / "more@home.yaml").write_text(
        BOOK["asked.yaml"].replace("question: asked", "question: more"), "utf-8"
    )
    code, _, said = run("build", folder, "--key", "author.pem", "--out", "tiny.rulebook", "--no-tests")
    assert (1, True) == (code, "It cannot be signed: 'more@home.yaml' is no path of a rule file" in said)
