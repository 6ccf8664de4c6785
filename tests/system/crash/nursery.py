"""A process that has loaded the server's code and begins servers with a fuse: `python -m tests.system.crash.nursery`.

Loading the code takes most of a start. For each line of JSON on its input it forks a server that does what `origingate
serve` does from its settings on, and answers with its process id. Nothing runs in it that a fork could break: no
thread, no loop, no gRPC. At the end of its input it ends what still runs.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, Final

import alembic.command  # noqa: F401  # what the first start of a server loads late
import psycopg  # noqa: F401
import uvloop  # noqa: F401

from server.serving import run
from server.settings import Settings
from server.starting import CannotStart
from tests.system.crash.hooks import put
from tests.system.crash.steps import commits

_alive: Final[set[int]] = set()


def main() -> None:
    """Begins a server for each line."""
    # Read once for all servers.
    commits()
    signal.signal(signal.SIGCHLD, _bury)
    for line in sys.stdin:
        wanted = json.loads(line)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        child = os.fork()
        if child == 0:
            _serve(wanted)
        _alive.add(child)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for child in _alive:
        os.kill(child, signal.SIGKILL)


def _bury(*_: Any) -> None:
    while _alive:
        child, _status = os.waitpid(-1, os.WNOHANG)
        if child == 0:
            return
        _alive.discard(child)


def _serve(wanted: dict[str, Any]) -> None:
    """Serves until it is killed; never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    log = os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    code = 0
    try:
        put(Path(wanted["fuse"]))
        run(Settings(**wanted["settings"]))
    except CannotStart as error:
        sys.stderr.write(f"{error}\n")
        code = error.exit_code
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
