"""How the Python client's channel is made."""

import json

import pytest
from origingate.client import Settings
from origingate.client.settings import SERVICES, service_config


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


def test_secrets_are_not_shown() -> None:
    """Neither the API key nor the certificate's key is in the text of settings, which may be logged."""
    shown = repr(Settings(api_key="og_secret", certificate_key=b"PRIVATE"))
    assert ("og_secret" in shown, "PRIVATE" in shown) == (False, False)
