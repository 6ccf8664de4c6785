"""Order systems go on while certificates change, the platform fails, servers are drained, and nonsense comes.

`ORIGINGATE_TEST_SOAK` says for how many seconds: `make soak` for twenty minutes.
"""

import os
import random
import time
from itertools import count
from pathlib import Path

import pytest
from origingate.v1 import case_pb2, case_service_pb2

from tests.system.callers import Caller
from tests.system.processes import Sandbox, order, wait_for
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
    # One round may take longer than a life where the machine is starved: what is used early on is measured all the same.
    while (lived := time.monotonic() - began) < SECONDS / LIVES or early is None:
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
    assert memory_mb(house.process.pid) - early[0] < MOST_GROWTH_MB
    wait_for(lambda: open_files(house.process.pid) <= early[1] + MOST_FILES, house.process, house.log)


def certificate(house: House, order_id: str, case: str) -> str:
    """The order's e-Cert ID, in the end. A case that the platform surely did not take waits until it is asked for anew."""
    times = count(1)

    def certified() -> bool:
        state = found().state
        if state == case_pb2.CASE_STATE_DECLARED:
            house.process_order(order(order_id=order_id, request_id=f"request-{order_id}-{next(times)}"))
        return bool(state == case_pb2.CASE_STATE_CERTIFIED)

    def found() -> case_pb2.Case:
        return house.cases.GetCase(case_service_pb2.GetCaseRequest(name=case)).case

    wait_for(certified, house.process, house.log)
    return str(found().certificate.e_cert_id)


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
        for order_id, answer in [each for caller in callers for each in caller.answers.items()]:
            certified = certificate(house, order_id, answer.case.name)
            assert answer.e_cert_id in ("", certified)
    finally:
        code = house.drain()
    said = house.log.read_text("utf-8")
    assert (0, False, False) == (code, "call failed" in said, "Traceback" in said), said
