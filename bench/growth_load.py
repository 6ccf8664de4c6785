"""Sends reads, lists and new orders to a server whose store is filled, few at a time, and tells what each call took."""

import asyncio
import json
import random
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator

import grpc
import uvloop
from origingate.v1 import case_pb2, case_service_pb2, case_service_pb2_grpc

from bench.orders import example
from tests.server.store.filling import SITES
from tests.server.store.filling_orders import filled_name

CALLERS = 4

Stub = case_service_pb2_grpc.CaseServiceStub
Call = Callable[[], Awaitable[object]]


def calls(stub: Stub, stored: int, dice: random.Random) -> dict[str, Call]:
    """A call of each kind: any stored case, a page of any list, a new order."""
    body = example("01-eligible").SerializeToString()
    states = [case_pb2.CASE_STATE_CERTIFIED, case_pb2.CASE_STATE_MANUAL, case_pb2.CASE_STATE_REJECTED]

    async def get() -> object:
        name = filled_name(dice.randint(1, stored))
        return await stub.GetCase(case_service_pb2.GetCaseRequest(name=name), timeout=30)

    async def page() -> object:
        request = case_service_pb2.ListCasesRequest(sort=dice.randint(1, 4))
        if dice.random() < 0.5:
            request.filter.site_id = f"site-{dice.randrange(SITES)}"
        if dice.random() < 0.5:
            request.filter.states.append(dice.choice(states))
        return await stub.ListCases(request, timeout=30)

    async def process() -> object:
        request = case_service_pb2.ProcessOrderRequest.FromString(body)
        request.request_id = request.order.order_id = uuid.uuid4().hex
        return await stub.ProcessOrder(request, timeout=30)

    return {"get": get, "list": page, "process": process}


async def load(address: str, stored: int, counts: dict[str, int]) -> dict[str, list[float]]:
    """What each call took, in milliseconds, by kind; the kinds come one after the other."""
    taken: dict[str, list[float]] = {}
    async with grpc.aio.insecure_channel(address) as channel:
        stub = case_service_pb2_grpc.CaseServiceStub(channel)
        for kind, call in calls(stub, stored, random.Random(stored)).items():
            taken[kind] = []
            left = iter(range(counts[kind]))

            async def caller(call: Call = call, kind: str = kind, left: Iterator[int] = left) -> None:
                for _ in left:
                    before = time.perf_counter()
                    await call()
                    taken[kind].append(1000 * (time.perf_counter() - before))

            await asyncio.gather(*(caller() for _ in range(CALLERS)))
    return taken


if __name__ == "__main__":
    print(json.dumps(uvloop.run(load(sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])))))
