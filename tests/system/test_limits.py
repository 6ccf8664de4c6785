"""Limits as order systems meet them, at real server processes."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import grpc
import pytest
from origingate.v1 import order_pb2, screening_service_pb2, site_pb2

from tests.server.store.postgresql import Server as PostgreSQL
from tests.system.asking import Told, ask
from tests.system.processes import Server, origingate, wait_for
from tests.system.tenants import ACME, key_for, prepared

CHECK = "/origingate.v1.ScreeningService/CheckScope"
REQUEST = screening_service_pb2.CheckScopeRequest(
    site=site_pb2.Site(), order=order_pb2.Order(destination="US")
)
ANSWERED = (grpc.StatusCode.OK, "")
USED_UP = (grpc.StatusCode.RESOURCE_EXHAUSTED, "QUOTA_USED_UP")


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The address of a database with a tenant."""
    address = f"sqlite:///{tmp_path}/og.db"
    prepared(address, ACME)
    return address


def told(server: Server, key: str = "") -> tuple[grpc.StatusCode, str]:
    """What a decision is answered."""
    answer: Told = ask(server.channel, CHECK, REQUEST, key)
    return answer.code, answer.reason


def test_quota_over_a_kill(database: str, serve: Callable[..., Server]) -> None:
    """A day's quota is the day's, though the server is killed in the middle of it; what an operator adds counts at once."""
    key = key_for(database, ACME)
    words = ("tenant", "limits", ACME, "--database", database)
    assert 0 == origingate(*words, "--calls-a-day", "6").returncode
    first = serve("--identify")
    assert [ANSWERED] * 4 == [told(first, key) for _ in range(4)]
    first.kill()
    second = serve("--identify")
    assert [ANSWERED] * 2 + [USED_UP] == [told(second, key) for _ in range(3)]
    shown = json.loads(origingate(*words, "--json").stdout)
    assert (6, 6, None) == (shown["calls_today"], shown["calls_a_day"], shown["rate"])
    assert 0 == origingate(*words, "--calls-a-day", "7").returncode
    wait_for(lambda: told(second, key) == ANSWERED)
    assert USED_UP == told(second, key)


def test_quota_of_workers(postgresql: PostgreSQL, tmp_path: Path) -> None:
    """Workers share a day's quota: over whichever of them calls come, as many are answered as the day has."""
    server = Server(
        tmp_path, "--workers", "2", "--database", postgresql.create_database(uuid4().hex),
        ORIGINGATE_TENANT_CALLS_A_DAY="9",
    )  # fmt: skip
    try:
        answers = []
        for _ in range(12):
            server.channel.close()
            server.connect()
            answers.append(told(server))
        assert ([ANSWERED] * 9, [USED_UP] * 3) == (answers[:9], answers[9:])
    finally:
        assert 0 == server.stop()


def test_rate_and_sizes(serve: Callable[..., Server]) -> None:
    """Each bound holds at a server with its settings: a rate that replicas share, sizes, and time for a call."""
    server = serve(
        "--replicas", "2", ORIGINGATE_TENANT_RATE="4", ORIGINGATE_TENANT_BURST="4", ORIGINGATE_LONGEST_CALL="1",
        ORIGINGATE_LARGEST_REQUEST="65536",
    )  # fmt: skip
    answers = [told(server) for _ in range(3)]
    assert [ANSWERED] * 2 + [(grpc.StatusCode.RESOURCE_EXHAUSTED, "LIMIT_EXCEEDED")] == answers
    time.sleep(0.6)
    large = screening_service_pb2.CheckScopeRequest(
        site=site_pb2.Site(site_id="x" * 70000), order=order_pb2.Order()
    )
    refused = ask(server.channel, CHECK, large, "")
    assert (grpc.StatusCode.RESOURCE_EXHAUSTED, "") == (refused.code, refused.reason)
    assert ANSWERED == told(server)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--rate", "fast"], "'fast' is neither a number nor `default`"),
        (["--calls-a-day", "-1"], "give a number from 0"),
        (["--rate", "nan"], "give a number from 0.001"),
    ],
)
def test_wrong_limit(database: str, words: list[str], says: str) -> None:
    """A limit that is none is wrong use."""
    ended = origingate("tenant", "limits", ACME, "--database", database, *words)
    assert (2, True) == (ended.returncode, says in ended.stderr)


def test_limits_of_nobody(database: str) -> None:
    """Of a tenant that there is not, nothing can be said."""
    ended = origingate("tenant", "limits", "nobody", "--rate", "1", "--database", database)
    assert (1, True) == (ended.returncode, "There is no tenant 'nobody'" in ended.stderr)
