"""A collector of traces: an HTTP server that takes what a real exporter sends; and a platform beside it."""

import gzip
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

TRACES = "/v1/traces"


@dataclass(frozen=True, slots=True)
class Seen:
    """A span as it came."""

    name: str
    trace_id: str
    span_id: str
    parent: str
    failed: bool
    attributes: dict[str, Any] = field(hash=False)


class Collector:
    """Keeps the spans that it is sent, and the headers of every other request."""

    def __init__(self) -> None:
        self.spans: list[Seen] = []
        self.services: set[str] = set()
        self.asked: list[dict[str, str]] = []
        self.body = b""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path == TRACES:
                    outer.take(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
                else:
                    outer.asked.append({name.lower(): value for name, value in self.headers.items()})
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def take(self, body: bytes) -> None:
        """Reads what an exporter sent."""
        self.body += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            told = _read(resource.resource.attributes)
            self.services.add(f"{told['service.name']} {told['service.version']}")
            self.spans += [
                Seen(
                    span.name, span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex(),
                    span.status.code == 2, _read(span.attributes),
                )
                for scope in resource.scope_spans
                for span in scope.spans
            ]  # fmt: skip

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _read(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}
