"""An order system that takes webhooks over real HTTP, in a thread: verifies each, remembers it, answers as told."""

import json
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool
from standardwebhooks import Webhook

SECRET = "whsec_" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


class Told(NamedTuple):
    """A webhook that came, with what was answered."""

    path: str
    id: str
    body: dict[str, Any]
    status: int

    @property
    def event(self) -> tuple[str, int]:
        """Which case, and its version after the event."""
        return self.body["data"]["caseName"], self.body["data"]["version"]


class Hooks:
    """Listens on one port, which it keeps over `close` and `open`."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.faults: list[BaseException] = []
        self.answer: Callable[[dict[str, Any]], int] = lambda body: 200
        self.seconds = 0.0
        self.most_under_way = 0
        self.under_way = 0
        self._lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None
        self.port = 0
        self.open()

    def open(self) -> None:
        """Begins to listen."""
        server = _Listening(("127.0.0.1", self.port), type("Taking", (_Taking,), {"hooks": self}))
        self.port = server.server_address[1]
        self._server = server
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        """Stops listening: connections are refused from then on."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def taken(self, path: str = "/orders") -> list[Told]:
        """What was answered with 200 at a path, in order."""
        return [told for told in list(self.told) if (told.path, told.status) == (path, 200)]

    def first(self, path: str = "/orders") -> list[tuple[str, int]]:
        """The events that were taken at a path, each once, in the order in which they came first."""
        return list(dict.fromkeys(told.event for told in self.taken(path)))

    def file(self, folder: Path, **more: Any) -> str:
        """An endpoints file that names this one, with little patience."""
        endpoint = {
            "endpoint": "orders", "tenant": "dev", "url": f"http://127.0.0.1:{self.port}/orders",
            "secret_env": "ORDERS_SECRET", "longest_pause": 0.2, "begin": "beginning", **more,
        }  # fmt: skip
        audit = endpoint | {
            "endpoint": "audit",
            "url": f"http://127.0.0.1:{self.port}/audit",
            "states": ["CERTIFIED"],
        }
        path = folder / "webhooks.yaml"
        path.write_text(json.dumps({"webhooks": [endpoint, audit]}), "utf-8")  # JSON is YAML
        return str(path)

    def took(self, path: str, headers: dict[str, str], text: str) -> int:
        """Verifies a webhook, and what to answer."""
        with self._lock:
            self.under_way += path == "/orders"
            self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            Webhook(SECRET).verify(text, headers)
            time.sleep(self.seconds)
            body = json.loads(text)
            status = self.answer(body)
            self.told.append(Told(path, headers["webhook-id"], body, status))
        except BaseException as error:
            self.faults.append(error)
            return 400
        finally:
            with self._lock:
                self.under_way -= path == "/orders"
        return status


class _Listening(ThreadingHTTPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing of connections that broke: those who sent are killed now and then."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Taking(BaseHTTPRequestHandler):
    hooks: Hooks
    protocol_version = "HTTP/1.1"
    timeout = 5

    def do_POST(self) -> None:
        """Takes one webhook."""
        text = self.rfile.read(int(self.headers["content-length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        status = self.hooks.took(self.path, headers, text)
        # Whoever sent it may be dead by now.
        with suppress(OSError):
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()
        if self.hooks._server is None:
            self.close_connection = True

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


def logged(database: str) -> list[tuple[str, int]]:
    """Case and version of every event in a database's log, in order."""
    engine = create_engine(database, poolclass=NullPool)
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT subject, event FROM log WHERE kind = 'transition' ORDER BY position")
        )
        return [(subject, json.loads(event)["version"]) for subject, event in rows]


def position(database: str) -> int:
    """Up to where in the log the order system was told, by the database."""
    engine = create_engine(database, poolclass=NullPool)
    with engine.connect() as connection:
        return int(
            connection.execute(
                text("SELECT position FROM webhook_cursors WHERE endpoint = 'orders'")
            ).scalar_one()
        )
