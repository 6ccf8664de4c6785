"""`origingate serve` with a signed rulebook and its key, where they do not fit."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.server.cli.whole import app
from tests.server.test_signed_rulebooks import CONTENT, KEY, SIGNED


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A signed rulebook, the same one cut short, its key, and a folder of rules."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    for name, text in CONTENT.files.items():
        (tmp_path / "rules" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "rules" / name).write_text(text, "utf-8")
    (tmp_path / "tiny.rulebook").write_bytes(SIGNED)
    (tmp_path / "short.rulebook").write_bytes(SIGNED[:-1])
    (tmp_path / "key.pem").write_bytes(KEY.as_pem(private=False))
    return tmp_path


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (
            ("short.rulebook", "--key", "key.pem"),
            1,
            "short.rulebook: It is no signed rulebook, or not all of one.",
        ),
        (("no.rulebook", "--key", "key.pem"), 1, "no.rulebook: there is no such file."),
        (("tiny.rulebook",), 1, "tiny.rulebook: is a file. A signed rulebook is served with the public key"),
        (
            ("rules", "--key", "key.pem"),
            1,
            "rules: is a folder, and with a key only a signed rulebook is served.",
        ),
        (("tiny.rulebook", "--key", "no.pem"), 2, "no.pem: there is no such key file."),
        (("tiny.rulebook", "--rulebook-key", "key.pem"), 1, "The rulebook tiny has no question"),
    ],
)
def test_refused(folder: Path, words: tuple[str, ...], code: int, said: str) -> None:
    """What does not hold is not served, and the message says how to mend it."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(
        app, ["serve", "--listen", "127.0.0.1:0", "--rulebook", *words]
    )
    assert (code, "", said) == (result.exit_code, result.stdout, result.stderr[: len(said)])
