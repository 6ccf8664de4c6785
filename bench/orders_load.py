"""Sends new orders to ProcessOrder from many callers at once, for a bounded time; every tenth case is read again.

A request is made from bytes, so that the load costs little beside the server. No two have the same ids or say the same, so
that nothing which a server may remember of one order answers another.
"""

import asyncio
import json
import resource
import sys
import time
import uuid

import grpc
import uvloop
from origingate.v1 import case_pb2, case_service_pb2, case_service_pb2_grpc

from bench.orders import example

CHANNELS = 8
READ_AGAIN = 10


class Seen:
    """What the callers saw: seconds of each call, and how many orders were certified."""

    def __init__(self) -> None:
        self.processed: list[float] = []
        self.got: list[float] = []
        self.certified = 0


async def caller(stub: case_service_pb2_grpc.CaseServiceStub, body: bytes, end: float, seen: Seen) -> None:
    """Orders in turn until `end`."""
    while time.perf_counter() < end:
        request = case_service_pb2.ProcessOrderRequest.FromString(body)
        request.request_id = request.order.order_id = number = uuid.uuid4().hex
        request.declaration.certifier.name = f"Aceros {number} SA de CV"
        request.declaration.goods.items[0].description = f"Bars and rods, heat {number}"
        before = time.perf_counter()
        answer = await stub.ProcessOrder(request, timeout=30)
        between = time.perf_counter()
        seen.processed.append(between - before)
        seen.certified += answer.case.state == case_pb2.CASE_STATE_CERTIFIED
        if len(seen.processed) % READ_AGAIN == 0:
            between = time.perf_counter()
            await stub.GetCase(case_service_pb2.GetCaseRequest(name=answer.case.name), timeout=30)
            seen.got.append(time.perf_counter() - between)


async def load(address: str, callers: int, seconds: float) -> dict[str, float]:
    """Orders a second, the share that was certified, our own processor milliseconds an order, and latencies.

    p50 and p99 are in milliseconds, of ProcessOrder and of GetCase.
    """
    body = example("01-eligible").SerializeToString()
    options = [("grpc.use_local_subchannel_pool", 1)]
    channels = [grpc.aio.insecure_channel(address, options=options) for _ in range(CHANNELS)]
    stubs = [case_service_pb2_grpc.CaseServiceStub(channel) for channel in channels]
    seen = Seen()
    used, start = _processor_seconds(), time.perf_counter()
    await asyncio.gather(
        *(caller(stubs[number % CHANNELS], body, start + seconds, seen) for number in range(callers))
    )
    taken, used = time.perf_counter() - start, _processor_seconds() - used
    for channel in channels:
        await channel.close()
    orders = len(seen.processed)
    return {
        "orders": orders,
        "a_second": orders / taken,
        "certified": seen.certified / orders,
        "load_ms": 1000 * used / orders,
        **{f"process_{name}": value for name, value in _quantiles(seen.processed).items()},
        **{f"get_{name}": value for name, value in _quantiles(seen.got).items()},
    }


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _quantiles(latencies: list[float]) -> dict[str, float]:
    latencies.sort()
    return {
        "p50_ms": 1000 * latencies[len(latencies) // 2],
        "p99_ms": 1000 * latencies[len(latencies) * 99 // 100],
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(load(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))))
