"""A real server whose site is connected to two platforms, of which one is not there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from origingate.v1 import case_pb2

from tests.server.platforms import harbour
from tests.system.processes import EXAMPLES, Sandbox, Server, order, wait_for
from tests.system.test_platform_by_file import ACCOUNTS, ENVIRONMENT

ATTEMPT = case_pb2.AttemptState.Name


@pytest.fixture
def connected(sandbox: Sandbox, serve: Callable[..., Server], tmp_path: Path) -> Callable[[str], Server]:
    """A server that knows the sandbox, and a harbour where nobody listens; its sites want them in the order given."""
    folder = tmp_path / "platforms"
    folder.mkdir()
    (folder / "harbour.yaml").write_text(harbour.FILE.read_text("utf-8"), "utf-8")
    (tmp_path / "accounts.yaml").write_text(ACCOUNTS, "utf-8")
    (tmp_path / "harbour.secret").write_text(harbour.PASSWORD, "utf-8")

    def served(platforms: str) -> Server:
        sites = (EXAMPLES / "sites.yaml").read_text("utf-8").replace("[sandbox]", f"[{platforms}]")
        (tmp_path / "sites.yaml").write_text(sites, "utf-8")
        words = [
            word
            for name, file in (
                ("sites", "sites.yaml"),
                ("platforms", "platforms"),
                ("accounts", "accounts.yaml"),
            )
            for word in (f"--{name}", str(tmp_path / file))
        ]
        return serve(*words, "--sandbox-url", sandbox.url, **ENVIRONMENT)

    return served


def test_first_is_down(connected: Callable[[str], Server]) -> None:
    """Where the first cannot be reached the buyer has the second's certificate in the same call."""
    server = connected("harbour, sandbox")
    answer = server.process_order(order())
    assert ("ELIGIBLE", "sandbox") == (answer.prereview.outcome, answer.case.certificate.platform)
    assert [("harbour", "ATTEMPT_STATE_NOT_SENT"), ("sandbox", "ATTEMPT_STATE_ISSUED")] == [
        (attempt.platform, ATTEMPT(attempt.state)) for attempt in answer.case.attempts
    ]


def test_first_is_unknown(connected: Callable[[str], Server], sandbox: Sandbox) -> None:
    """What became of it at the first is looked up there until it is found; the second is not asked."""
    server = connected("sandbox, harbour")
    sandbox.fault("drop_reply")
    name = server.process_order(order(), timeout=3).case.name
    wait_for(lambda: server.case(name).state == case_pb2.CASE_STATE_CERTIFIED)
    assert [("sandbox", "ATTEMPT_STATE_ISSUED")] == [
        (attempt.platform, ATTEMPT(attempt.state)) for attempt in server.case(name).attempts
    ]
