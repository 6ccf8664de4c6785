"""Order systems go on while certificates change, the platform fails, servers are drained, and nonsense comes.

`ORIGINGATE_TEST_SOAK` says for how many seconds: `make soak` for twenty minutes.
"""

import os
import random
import time
from pathlib import Path

import pytest
from origingate.v1 import case_pb2, case_service_pb2

from tests.system.callers import Caller
from tests.system.processes import Sandbox, wait_for
from tests.system.soak.frames import SPOILED
from tests.system.soak.house import House, Scopes, good_request
from tests.system.soak.malformed import Malformed
from tests.system.soak.usage import memory_mb, open_files

SECONDS = float(os.environ.get("ORIGINGATE_TEST_SOAK", "6"))
LIVES = max(2, round(SECONDS / 300))
# What a process may gain after it has served for a third of its life: it fills its caches.
MOST_GROWTH_MB = 30.0
MOST_FILES = 25
CURABLE = (
    ("latency", {"seconds": 0.3}), ("down", {"times": 2}), ("too_many", {"times": 2}), ("error_before_commit", {}),
    ("error_after_commit", {}), ("drop_reply", {}), ("half_reply", {}), ("unreadable_reply", {}),
    ("down", {"operation": "status"}), ("drop_reply", {"operation": "lookup"}),
)  # fmt: skip

pytestmark = pytest.mark.timeout(SECONDS * 2 + 600)


def live(house: House, sandbox: Sandbox, seed: int) -> None:
    """One server's life, in which each kind of nonsense comes: what it uses at its end is about what it used early on."""
    dice = random.Random(seed)
    nonsense = Malformed(
        house.address, house.channel, good_request().SerializeToString(), seed, a_second=40, tls=True
    )
    began, early = time.monotonic(), None
    while (lived := time.monotonic() - began) < SECONDS / LIVES:
        if early is None and lived > SECONDS / LIVES / 3:
            early = memory_mb(house.process.pid), open_files(house.process.pid)
        kind, more = dice.choice(CURABLE)
        sandbox.fault(kind, **more)
        if dice.random() < 0.3:
            house.rotate()
        time.sleep(min(1.0, SECONDS / LIVES / 5))
    wait_for(lambda: nonsense.failure or set(SPOILED) == set(nonsense.sent), house.process, house.log)
    sandbox.mend()
    nonsense.stop()
    assert early is not None
    assert memory_mb(house.process.pid) - early[0] < MOST_GROWTH_MB
    wait_for(lambda: open_files(house.process.pid) <= early[1] + MOST_FILES, house.process, house.log)


def test_soak(tmp_path: Path, sandbox: Sandbox) -> None:
    """No crash, no wrong answer, no leak: every order has its one certificate, every scope the same answer."""
    house = House(tmp_path, sandbox)
    callers, scopes = [Caller(house, f"shop-{number}") for number in range(2)], Scopes(house)
    try:
        for number in range(LIVES):
            if number:
                assert 0 == house.drain()
                house.begin()
            live(house, sandbox, number)
        for each in (*callers, scopes):
            each.stop()
        assert 1 == len(scopes.answers), scopes.answers
        assert 0 < scopes.count
        for answer in [answer for caller in callers for answer in caller.answers.values()]:
            asked = case_service_pb2.GetCaseRequest(name=answer.case.name)
            wait_for(
                lambda asked=asked: house.cases.GetCase(asked).case.state == case_pb2.CASE_STATE_CERTIFIED
            )
            assert answer.e_cert_id in ("", house.cases.GetCase(asked).case.certificate.e_cert_id)
    finally:
        code = house.drain()
    said = house.log.read_text("utf-8")
    assert (0, False, False) == (code, "call failed" in said, "Traceback" in said), said
