"""Traces by OpenTelemetry, sent to a collector over OTLP. It is imported only where they are asked for."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from importlib.metadata import version
from os import getpid
from socket import gethostname
from types import TracebackType
from typing import Any, Final

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from server.auth import OPEN_SERVICES
from server.calls import CURRENT
from server.interceptors import nothing_around
from server.spans import OUTGOING, Span, Value
from server.telemetry.codes import code_of

# Seconds that a collector may take for what it is sent; and at the end for all that is left.
PATIENCE: Final = 5.0
TO_END: Final = 1.5
_PREFIX: Final = "origingate."
_W3C: Final = TraceContextTextMapPropagator()
_FAULTS: Final = frozenset(
    {"UNKNOWN", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNIMPLEMENTED", "DEADLINE_EXCEEDED"}
)


class Tracing:
    """Makes spans and sends them, in the background. What cannot be sent is dropped: nothing waits for a collector."""

    def __init__(self, url: str, share: float) -> None:
        told = {
            "service.name": "origin-gate",
            "service.version": version("origin-gate"),
            "service.instance.id": f"{gethostname()}:{getpid()}",
        }
        self._provider = TracerProvider(
            # What a caller decided of its trace holds for our part of it.
            sampler=ParentBased(TraceIdRatioBased(share)),
            resource=Resource.create(told),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(
            BatchSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=PATIENCE))
        )
        self._tracer = self._provider.get_tracer("origingate")

    def end(self) -> None:
        """Sends what is left, and gives up where the collector does not take it in time."""
        # The library itself would try for half a minute.
        ending = threading.Thread(target=self._provider.shutdown, name="traces", daemon=True)
        ending.start()
        ending.join(TO_END)

    def call(self, method: str, context: Any) -> AbstractContextManager[object]:
        """The context of a call: a span, within that of the caller where it says one. Probes have none."""
        if method.startswith(OPEN_SERVICES):
            return nothing_around(method, context)
        return _OfACall(self._tracer, method, context)

    @contextmanager
    def span(self, name: str, outgoing: bool, attributes: Mapping[str, Value]) -> Iterator[Span]:
        """A span within the current one."""
        kind = SpanKind.CLIENT if outgoing else SpanKind.INTERNAL
        made = self._tracer.start_span(name, kind=kind, attributes=_named(attributes))
        token = None
        if outgoing:
            headers: dict[str, str] = {}
            _W3C.inject(headers, trace.set_span_in_context(made))
            token = OUTGOING.set(headers)
        try:
            yield _Told(made)
        except BaseException as error:
            # Its text could be a person's; its kind is ours or a library's.
            made.set_attribute("error.type", type(error).__qualname__)
            made.set_status(Status(StatusCode.ERROR))
            raise
        finally:
            if token is not None:
                OUTGOING.reset(token)
            made.end()


class _Told:
    def __init__(self, made: trace.Span) -> None:
        self._made = made

    def say(self, **attributes: Value) -> None:
        self._made.set_attributes(_named(attributes))


class _OfACall:
    """The span of one call. It stays current for what goes on in the background after the answer."""

    __slots__ = ("_context", "_made", "_method", "_tracer")

    def __init__(self, tracer: trace.Tracer, method: str, context: Any) -> None:
        self._tracer, self._method, self._context = tracer, method, context

    def __enter__(self) -> None:
        sent = {
            key: value for key, value in self._context.invocation_metadata() or () if isinstance(value, str)
        }
        name = self._method.removeprefix("/") or "unknown"
        attributes = {"rpc.system.name": "grpc", "rpc.method": name}
        self._made = self._tracer.start_span(
            name, context=_W3C.extract(sent, contexts.Context()), kind=SpanKind.SERVER, attributes=attributes
        )
        # Each call has a context of its own, which ends with it: there is nothing to put back.
        contexts.attach(trace.set_span_in_context(self._made))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        code = "OK" if error is None else code_of(error, self._context)
        self._made.set_attribute("rpc.response.status_code", code)
        if code in _FAULTS:
            self._made.set_status(Status(StatusCode.ERROR))
        call = CURRENT.get(None)
        if call is not None:
            told = {"request_id": call.request_id, "tenant": call.principal.tenant}
            self._made.set_attributes(_named(told))
        self._made.end()


def trace_id() -> str:
    """The id of the trace that is current; empty where there is none."""
    current = trace.get_current_span().get_span_context()
    return f"{current.trace_id:032x}" if current.is_valid else ""


def _named(attributes: Mapping[str, Value]) -> dict[str, Value]:
    return {f"{_PREFIX}{key}": value for key, value in attributes.items()}
