"""How the Python client's channel is made."""

import json

import pytest
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, use_span
from origingate.client import Settings
from origingate.client.settings import SERVICES, service_config

from server.wire.methods import CONTRACT


def test_services() -> None:
    """The client knows every service that the server offers."""
    offered = {service.full_name for file in CONTRACT for service in file.services_by_name.values()}
    assert offered == {service.full_name for service in SERVICES}


def test_trace() -> None:
    """A call that is made in a trace takes it along; one that is made in none takes nothing."""
    assert () == Settings().metadata
    span = NonRecordingSpan(SpanContext(0xABC, 0xDEF, is_remote=False, trace_flags=TraceFlags(1)))
    with use_span(span):
        assert (("traceparent", f"00-{0xABC:032x}-{0xDEF:016x}-01"),) == Settings().metadata


def test_safe_to_repeat() -> None:
    """Repeated are the calls whose contract says that it is safe, each one answer, where no server can be reached."""
    config = json.loads(service_config(4))
    [methods] = config["methodConfig"]
    named = {f"{name['service']}/{name['method']}" for name in methods["name"]}
    assert {"origingate.v1.CaseService/ProcessOrder", "origingate.v1.CaseService/GetCase"} < named
    assert "origingate.v1.CaseService/WatchCases" not in named
    known = {f"{service.full_name}/{method.name}" for service in SERVICES for method in service.methods}
    assert set() == named - known
    assert (4, ["UNAVAILABLE"]) == (
        methods["retryPolicy"]["maxAttempts"], methods["retryPolicy"]["retryableStatusCodes"],
    )  # fmt: skip


@pytest.mark.parametrize(("made", "attempts"), [(5, 9), (5, 5), (None, 1)])
def test_attempts(made: int | None, attempts: int) -> None:
    """gRPC makes five attempts at most; with one, nothing is repeated."""
    config = json.loads(service_config(attempts)).get("methodConfig")
    assert made == (config and config[0]["retryPolicy"]["maxAttempts"])


def test_signs_of_life() -> None:
    """A connection on which a call waits in vain is left after half a minute: 20 s of silence, 10 s for a sign of life."""
    named = dict(Settings().channel_options)
    assert (20_000, 10_000, 0) == (
        named["grpc.keepalive_time_ms"],
        named["grpc.http2.ping_timeout_ms"],
        named["grpc.http2.max_pings_without_data"],
    )


def test_own_options() -> None:
    """Options of gRPC that are given count before the client's own, and each is said once."""
    named = Settings(
        options=(("grpc.keepalive_time_ms", 60_000), ("grpc.max_metadata_size", 4096))
    ).channel_options
    assert (60_000, 4096) == (dict(named)["grpc.keepalive_time_ms"], dict(named)["grpc.max_metadata_size"])
    assert len(named) == len(dict(named))


def test_secrets_are_not_shown() -> None:
    """Neither the API key nor the certificate's key is in the text of settings, which may be logged."""
    shown = repr(Settings(api_key="og_secret", certificate_key=b"PRIVATE"))
    assert ("og_secret" in shown, "PRIVATE" in shown) == (False, False)
