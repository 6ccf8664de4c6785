"""The port on which Prometheus asks for metrics: plain HTTP, one page, nothing that could be changed."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app
from prometheus_client.metrics_core import Metric

from server.starting import CannotStart

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATH: Final = "/metrics"
# Whoever connects and says nothing, or reads nothing, keeps a thread no longer than this.
_SECONDS: Final = 5.0


class _Told:
    """What the library's page is made of."""

    def __init__(self, collect: Callable[[], Iterable[Metric]]) -> None:
        self.collect = collect


class _Handler(WSGIRequestHandler):
    timeout = _SECONDS

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
        """Says nothing: a page that is asked for every few seconds is no event."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def server_bind(self) -> None:
        """Binds without asking a name server who we are."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()


class _Server6(_Server):
    address_family = socket.AF_INET6


@contextmanager
def serving(address: str, collect: Callable[[], Iterable[Metric]]) -> Iterator[str]:
    """Serves the page until the context ends; the address, with the port that it is. Raises CannotStart.

    `collect` is called on threads of this port, for one page at a time.
    """
    host, _, port = address.rpartition(":")
    one = threading.Lock()

    def collected() -> list[Metric]:
        with one:
            return list(collect())

    page = make_wsgi_app(_Told(collected))

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH:
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"metrics are at /metrics\n"]
        answer: Iterable[bytes] = page(environ, start_response)
        return answer

    kind = _Server6 if host.startswith("[") else _Server
    try:
        server = make_server(host.strip("[]"), int(port), app, kind, _Handler)
    except OSError as error:
        raise CannotStart(
            f"{address} cannot be served on: the port is taken or the address is not this machine's."
            " Give another with --metrics; port 0 takes a free one."
        ) from error
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="metrics", daemon=True)
    thread.start()
    try:
        yield f"{host}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
