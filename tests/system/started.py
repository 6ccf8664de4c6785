"""Processes of the command `origingate`, begun by a process that has imported the project already.

To import it is most of what a start costs, and the suite starts hundreds: here it is paid once. What is begun is a process
of its own with arguments, environment, folder and output as given, which runs the command's own `main`. That the command
starts from nothing too is shown by the pages of docs, whose commands are run as a reader types them.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[2]
_CONTEXT: Final = get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    ["server.__main__", "server.app", "server.cli", "server.cli.serve", "server.sandbox"]
)


class Started:
    """A process as subprocess.Popen gives it."""

    def __init__(
        self, words: Sequence[str], environment: Mapping[str, str], out: Path, err: Path | None = None
    ) -> None:
        for file in {out, err or out}:
            file.touch()
        asked = (["origingate", *words], dict(environment), str(out), str(err or out))
        self._process = _CONTEXT.Process(target=_run, args=asked)
        self._process.start()
        assert self._process.pid is not None
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.exitcode

    def wait(self, seconds: float) -> int:
        """Its exit code, when it has ended; subprocess.TimeoutExpired where it takes longer."""
        self._process.join(seconds)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("origingate", seconds)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Sends it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Asks it to end in order."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self.send_signal(signal.SIGKILL)


def _run(words: list[str], environment: dict[str, str], out: str, err: str) -> None:
    """The process: what it was given is put in place, then it is the command."""
    from server.__main__ import main

    for number, name in ((1, out), (2, err)):
        output = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(output, number)
        os.close(output)
    os.environ.clear()
    os.environ.update(environment)
    # Python itself looks at this where it begins; packages that a test installs are found by it.
    sys.path[:0] = [place for place in environment.get("PYTHONPATH", "").split(os.pathsep) if place]
    os.chdir(PROJECT)
    sys.argv = words
    main()
