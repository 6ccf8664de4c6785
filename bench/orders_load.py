"""Sends new orders to ProcessOrder from many callers at once, for a bounded time, and reads some of their cases again."""

import asyncio
import json
import sys
import time
import uuid

import grpc
import uvloop
from origingate.v1 import case_pb2, case_service_pb2, case_service_pb2_grpc

from bench.orders import example

CHANNELS = 8


async def caller(
    stub: case_service_pb2_grpc.CaseServiceStub, end: float, processed: list[float], got: list[float]
) -> int:
    """Orders in turn until `end`; how many of them were certified."""
    certified = 0
    while time.perf_counter() < end:
        request = example("01-eligible")
        request.request_id = request.order.order_id = uuid.uuid4().hex
        before = time.perf_counter()
        answer = await stub.ProcessOrder(request, timeout=30)
        between = time.perf_counter()
        processed.append(between - before)
        certified += answer.case.state == case_pb2.CASE_STATE_CERTIFIED
        await stub.GetCase(case_service_pb2.GetCaseRequest(name=answer.case.name), timeout=30)
        got.append(time.perf_counter() - between)
    return certified


async def load(address: str, callers: int, seconds: float) -> dict[str, float]:
    """Orders a second, the share that was certified, and p50 and p99 in milliseconds of ProcessOrder and GetCase."""
    options = [("grpc.use_local_subchannel_pool", 1)]
    channels = [grpc.aio.insecure_channel(address, options=options) for _ in range(CHANNELS)]
    stubs = [case_service_pb2_grpc.CaseServiceStub(channel) for channel in channels]
    processed: list[float] = []
    got: list[float] = []
    start = time.perf_counter()
    done = await asyncio.gather(
        *(caller(stubs[number % CHANNELS], start + seconds, processed, got) for number in range(callers))
    )
    taken = time.perf_counter() - start
    for channel in channels:
        await channel.close()
    return {
        "orders": len(processed),
        "a_second": len(processed) / taken,
        "certified": sum(done) / len(processed),
        **{f"process_{name}": value for name, value in _quantiles(processed).items()},
        **{f"get_{name}": value for name, value in _quantiles(got).items()},
    }


def _quantiles(latencies: list[float]) -> dict[str, float]:
    latencies.sort()
    return {
        "p50_ms": 1000 * latencies[len(latencies) // 2],
        "p99_ms": 1000 * latencies[len(latencies) * 99 // 100],
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(load(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))))
