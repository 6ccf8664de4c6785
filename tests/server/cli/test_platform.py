"""`origingate platform show`: a manifest's problems, or what it says."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.shipped import shipped_platforms
from tests.server.cli.whole import app
from tests.server.platforms.test_folder import SMALL

EXAMPLE = str(shipped_platforms() / "crossnet.example.yaml")


def show(*words: str) -> tuple[int, str]:
    """The command's exit code and output."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["platform", "show", *words])
    return result.exit_code, result.stdout


@pytest.fixture
def wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A manifest with two problems, in the working folder."""
    monkeypatch.chdir(tmp_path)
    text = SMALL.replace("DIGEST", "DIGETS").replace("send_timeout: 10 s", "send_timeout: 10")
    Path("wrong.yaml").write_text(text, "utf-8")
    return "wrong.yaml"


def test_problems(wrong: str) -> None:
    """Every problem is shown with its place and mend, and counted."""
    code, out = show(wrong)
    assert (1, "2 problems.") == (code, out.splitlines()[-1])
    assert out.startswith(
        "wrong.yaml:6:12: `binding` cannot be `DIGETS` [unknown-word]\n    6 |   binding: DIGETS\n"
    )


def test_problems_for_machines(wrong: str) -> None:
    """The same as JSON."""
    code, out = show(wrong, "--json")
    told = json.loads(out)
    assert (1, None, ["unknown-word", "bad-duration"]) == (
        code,
        told["platform"],
        [problem["code"] for problem in told["problems"]],
    )


def test_no_file() -> None:
    """A file that is not there is one problem."""
    code, out = show("nowhere.yaml")
    assert (1, True) == (code, "nowhere.yaml:1:1: the file cannot be read (No such file or directory)" in out)


def test_example() -> None:
    """An example is read like any other, and said to be one."""
    code, out = show(EXAMPLE)
    assert (0, "An example: the server refuses it, for nothing is sent to a made-up interface.") == (
        code,
        out.splitlines()[1],
    )
    assert "who asks: client_id, client_secret, certificate, private_key\n" in out
    assert "  idempotency_life       1 d\n" in out
    assert "    503               error == 'NOT_ACCEPTED'        RETRYABLE\n" in out


def test_example_for_machines() -> None:
    """All of it as JSON."""
    code, out = show(EXAMPLE, "--json")
    told = json.loads(out)
    assert (0, [], "crossnet", True) == (code, told["problems"], told["platform"], told["example"])
    assert ("POST", "DIGEST") == (told["operations"]["submit"]["method"], told["capabilities"]["binding"])


@pytest.mark.parametrize(
    ("sealed", "how"),
    [
        (
            "HMAC SHA256 of TIMESTAMP.BODY in the header x-seal",
            "hmac: {header: x-seal, timestamp_header: x-time}",
        ),
        ("a JWS by ES256", "jws: {}"),
    ],
)
def test_notices(tmp_path: Path, sealed: str, how: str) -> None:
    """How a platform's notices are sealed, and where they say what they are about; nothing of one that sends none."""
    text = (shipped_platforms() / "sandbox.yaml").read_text("utf-8")
    text = text.replace("  void: true\n", "  void: true\n  delivery: WEBHOOK\n")
    stated = f"{text}\nnotices:\n  {how}\n  reads: {{reference: about.reference}}\n  age: 2 min\n"
    file = tmp_path / "sandbox.yaml"
    file.write_text(stated, "utf-8")
    told = json.loads(show(str(file), "--json")[1])
    assert {"sealed": sealed, "reference": "about.reference", "age": "2 min"} == told["notices"]
    assert f"notices\n  sealed     {sealed}\n" in show(str(file))[1]
    assert {} == json.loads(show(EXAMPLE, "--json")[1])["notices"]
