"""Servers that are begun in a moment, and killed by a fuse."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.system import processes
from tests.system.crash.points import Fuse
from tests.system.hooks import SECRET
from tests.system.processes import PROJECT, Server, wait_for


class Nursery:
    """Begins servers; ended, it leaves none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.system.crash.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            env={**os.environ, "ORDERS_SECRET": SECRET},
        )

    def begin(self, fuse: Path, log: Path, settings: Mapping[str, Any]) -> int:
        """Begins a server; its process id."""
        wanted = {"fuse": str(fuse), "log": str(log), "settings": dict(settings)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(wanted) + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())

    def close(self) -> None:
        """Ends all servers."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(processes.PATIENCE)
        self._process.stdout.close()


class Victim(Server):
    """A server with a fuse, in a folder of its own."""

    def __init__(self, nursery: Nursery, folder: Path, **settings: Any) -> None:
        self.folder = folder
        self.fuse = Fuse(folder / "fuse.json")
        self.log = folder / "server.log"
        ready = folder / "ready.json"
        ready.unlink(missing_ok=True)
        given = {
            "listen": "127.0.0.1:0",
            "sites": str(processes.EXAMPLES / "sites.yaml"),
            "ready_file": str(ready),
            **{
                name.removeprefix("ORIGINGATE_").lower(): value
                for name, value in processes.keys(settings["database"]).items()
            },
            **settings,
        }
        self.pid = nursery.begin(self.fuse.file, self.log, given)
        wait_for(lambda: ready.exists() or not self.alive, log=self.log)
        # One that was killed before it served leaves no file; nobody calls it.
        self.address = json.loads(ready.read_text("utf-8"))["grpc"] if ready.exists() else "127.0.0.1:1"
        self.connect()

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def signal(self, number: signal.Signals) -> None:
        """Gives it a signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        self.die()
        self.channel.close()

    def die(self) -> None:
        """Ends it as a power cut would, and leaves the channel to those who call: closed under them it is no more safe."""
        if self.alive:
            self.signal(signal.SIGKILL)
        wait_for(lambda: not self.alive)

    def stop(self) -> int:
        raise NotImplementedError("a victim is killed")
