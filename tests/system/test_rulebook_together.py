"""Several processes and two people: one process tries a change, all serve it together, and nobody activates it alone."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from origingate.v1 import rulebook_service_pb2

from server.auth import Role
from tests.system.asking import ask
from tests.system.processes import Server, wait_for
from tests.system.rule_folder import QUICK, RuleFolder, activations, scope, status
from tests.system.tenants import ACME, BRASA, key_for, prepared

SERVICE = "/origingate.v1.RulebookService"
TOGETHER = timedelta(seconds=15)  # a second, and what a busy machine takes to compile it three times


@pytest.fixture
def rules(tmp_path: Path) -> RuleFolder:
    """The folder that all servers are given."""
    return RuleFolder(tmp_path / "usmca")


def test_replicas(database: str, rules: RuleFolder, tmp_path: Path, serve: Callable[..., Server]) -> None:
    """Workers and replicas on one database switch together; one of all tries and activates the change."""
    words = ("--database", database, "--rulebook", str(rules.folder), "--log-format", "json")
    first = serve(*words, "--workers", "2", **QUICK)
    (tmp_path / "other").mkdir()
    other = Server(tmp_path / "other", *words, **QUICK)
    try:
        before = scope(other).rulebook_digest
        wait_for(lambda: {before: 3} == _served(other), other.process, other.log)
        rules.retitle("Together")
        wait_for(
            lambda: before not in _served(other) and 3 == sum(_served(other).values()),
            other.process,
            other.log,
        )
        since = [each.since.ToDatetime() for each in status(other).processes]
        assert max(since) - min(since) < TOGETHER
        assert [2, 1] == [each.number for each in activations(first)]
        tried = [
            server.log.read_text("utf-8").count("changed rule files are tried") for server in (first, other)
        ]
        assert 1 == sum(tried)
        assert scope(first).rulebook_digest == scope(other).rulebook_digest
    finally:
        assert 0 == other.stop()
    wait_for(lambda: 2 == len(status(first).processes), first.process, first.log)


def _served(server: Server) -> dict[str, int]:
    """How many processes serve each rulebook."""
    digests = [each.rulebook_digest for each in status(server).processes]
    return {digest: digests.count(digest) for digest in digests}


@pytest.fixture
def two_people(rules: RuleFolder, tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """A server that asks for the word of two people of ACME, and its database."""
    address = f"sqlite:///{tmp_path}/og.db"
    prepared(address, ACME, BRASA)
    words = ("--identify", "--rulebook-approval", "--rulebook-tenant", ACME, "--rulebook", str(rules.folder))
    server = Server(tmp_path, *words, **QUICK)
    yield server, address
    assert 0 == server.stop()


def test_two_people(two_people: tuple[Server, str], rules: RuleFolder) -> None:
    """A change is accepted and waits: one person asks for it, and only another one's word activates it."""
    server, address = two_people
    keys = {
        name: key_for(address, ACME, (Role.OPERATOR, Role.RULE_AUTHOR), name=name) for name in ("ada", "bob")
    }

    def told(name: str, method: str, request: Any) -> tuple[grpc.StatusCode, str, str]:
        answer = ask(server.channel, f"{SERVICE}/{method}", request, keys[name])
        return answer.code, answer.reason, answer.text

    rules.retitle("Wanted")
    asked = rulebook_service_pb2.GetRulebookStatusRequest()
    wait_for(
        lambda: "OFFER_STATE_ACCEPTED" in told("ada", "GetRulebookStatus", asked)[2],
        server.process,
        server.log,
    )
    wanted = told("ada", "GetRulebookStatus", asked)[2].partition('digest: "sha256:')
    trial = told("ada", "GetRulebookStatus", asked)[2].partition("trial {")[2]
    digest = "sha256:" + trial.partition('digest: "sha256:')[2][:64]
    assert digest not in wanted[0]
    activate = rulebook_service_pb2.ActivateRulebookRequest(rulebook_digest=digest, reason="it is July")
    approve = rulebook_service_pb2.ApproveRulebookRequest(rulebook_digest=digest)
    assert (grpc.StatusCode.FAILED_PRECONDITION, "ACTIVATION_REFUSED") == told(
        "bob", "ApproveRulebook", approve
    )[:2]
    assert "proposal {" in told("ada", "ActivateRulebook", activate)[2]
    code, reason, text = told("ada", "ApproveRulebook", approve)
    assert (grpc.StatusCode.FAILED_PRECONDITION, "ACTIVATION_REFUSED") == (code, reason)
    assert "somebody else has to approve it" in text
    other = rulebook_service_pb2.ApproveRulebookRequest(rulebook_digest="sha256:0")
    assert "ACTIVATION_REFUSED" == told("bob", "ApproveRulebook", other)[1]
    assert grpc.StatusCode.OK == told("bob", "ApproveRulebook", approve)[0]
    wait_for(
        lambda: (
            f'rulebook_digest: "{digest}"'
            in told("ada", "GetRulebookStatus", asked)[2].partition("active")[0]
        )
    )
    auditor = key_for(address, BRASA, (Role.AUDITOR,))
    listed = rulebook_service_pb2.ListActivationsRequest()
    seen = ask(server.channel, f"{SERVICE}/ListActivations", listed, auditor).text
    assert (True, False, False) == (digest in seen, "ada" in seen, "bob" in seen)
    own = ask(server.channel, f"{SERVICE}/ListActivations", listed, key_for(address, ACME, (Role.AUDITOR,)))
    assert grpc.StatusCode.OK == own.code, own
    assert 'activated_by: "key:ada"' in own.text, own
    assert 'approved_by: "key:bob"' in own.text, own


def test_others(two_people: tuple[Server, str]) -> None:
    """Operators and rule authors of another tenant neither activate rulebooks nor see how they stand."""
    server, address = two_people
    key = key_for(address, BRASA, (Role.OPERATOR, Role.RULE_AUTHOR))
    for method, request in (
        (
            "ActivateRulebook",
            rulebook_service_pb2.ActivateRulebookRequest(rulebook_digest="sha256:0", reason="x"),
        ),
        ("ApproveRulebook", rulebook_service_pb2.ApproveRulebookRequest(rulebook_digest="sha256:0")),
        ("GetRulebookStatus", rulebook_service_pb2.GetRulebookStatusRequest()),
    ):
        told = ask(server.channel, f"{SERVICE}/{method}", request, key)
        assert (grpc.StatusCode.PERMISSION_DENIED, "RULEBOOKS_OUT_OF_REACH") == (told.code, told.reason)
    reading = ask(server.channel, f"{SERVICE}/GetRulebook", rulebook_service_pb2.GetRulebookRequest(), key)
    assert grpc.StatusCode.OK == reading.code
