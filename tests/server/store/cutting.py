"""Stands between a client and a PostgreSQL server, on sockets, and loses an answer."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

NAME = ".s.PGSQL.5432"


class Cutting:
    """Passes everything on, but loses the server's answer to the first commit together with the connection."""

    def __init__(self, server: Path, folder: Path) -> None:
        self._server = server / NAME
        self._path = folder / NAME
        self._cut = threading.Event()
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self._path))
        self._listening.listen()
        self._start(self._accept)

    def refuse(self) -> None:
        """Take no more connections; those that there are go on."""
        self._path.unlink()

    def close(self) -> None:
        """End everything."""
        for end in [self._listening, *self._ends]:
            _shut(end)
        for thread in self._threads:
            thread.join(10)
        for end in [self._listening, *self._ends]:
            end.close()

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client = self._listening.accept()[0]
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            self._ends += [client, server]
            server.connect(str(self._server))
            committing = threading.Event()
            self._start(self._forth, client, server, committing)
            self._start(self._back, client, server, committing)

    def _forth(self, client: socket.socket, server: socket.socket, committing: threading.Event) -> None:
        while data := _received(client):
            if b"COMMIT" in data and not self._cut.is_set():
                self._cut.set()
                committing.set()
            _send(server, data)
        _shut(server)

    def _back(self, client: socket.socket, server: socket.socket, committing: threading.Event) -> None:
        while (data := _received(server)) and not committing.is_set():
            _send(client, data)
        _shut(client)


def _received(end: socket.socket) -> bytes:
    try:
        return end.recv(65536)
    except OSError:
        return b""


def _send(end: socket.socket, data: bytes) -> None:
    try:
        end.sendall(data)
    except OSError:
        return


def _shut(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
