"""`origingate rules test --watch`: runs again after each change, and ends with Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.cli.rules.plants import FAILING, plant, planted

PATIENCE = 30.0


class Watching:
    """The command at work in a folder, and what it has said so far."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.said = folder / "said.txt"
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "server", "rules", "test", "rules", "--watch", *words],
                cwd=folder, stdout=said, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )  # fmt: skip

    def runs(self, number: int) -> str:
        """What was said once it has run so many times."""
        end = time.monotonic() + PATIENCE
        while (text := self.said.read_text("utf-8")).count("waiting for a change") < number:
            assert self.process.poll() is None, text
            assert time.monotonic() < end, text
            time.sleep(0.02)
        return text

    def stop(self) -> int:
        """Ctrl-C, and the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Watching]:
    """The command, watching a copy of the rulebook."""
    planted(tmp_path / "rules")
    watching = Watching(tmp_path)
    yield watching
    watching.process.kill()
    watching.process.wait()


def test_watch(watching: Watching, tmp_path: Path) -> None:
    """It runs after each change, shows problems and failures, goes on, and ends with 0 on Ctrl-C."""
    rules = tmp_path / "rules"
    assert watching.runs(1).startswith("28 passed, 0 failed, 0 skipped in ")
    plant(rules, FAILING)
    assert "28 passed, 1 failed, 0 skipped in " in watching.runs(2)
    facts = (rules / "facts.yaml").rename(tmp_path / "facts.yaml")
    assert "there is no `facts.yaml` [missing-file]" in watching.runs(3)
    (rules / "rulebook.yaml").rename(tmp_path / "rulebook.yaml")
    assert "holds no rulebook.yaml" in watching.runs(4)
    (tmp_path / "rulebook.yaml").rename(rules / "rulebook.yaml")
    watching.runs(5)
    facts.rename(rules / "facts.yaml")
    said = watching.runs(6)
    assert said.count("28 passed, 1 failed, 0 skipped in ") == 2
    assert 0 == watching.stop()
    said = watching.said.read_text("utf-8")
    assert not any(word in said for word in ("Traceback", "Aborted", "second opinion"))
