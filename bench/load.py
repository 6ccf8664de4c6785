"""Sends one unary call again and again over several connections, for a bounded time, and reports rate and latencies."""

import asyncio
import json
import sys
import time

import grpc
import uvloop

CONNECTIONS = 16


async def one_connection(address: str, method: str, body: bytes, end: float, latencies: list[float]) -> None:
    """Calls `method` in turn over a connection of its own until `end`."""
    options = [("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.insecure_channel(address, options=options) as channel:
        call = channel.unary_unary(method, request_serializer=bytes, response_deserializer=bytes)
        await call(body, timeout=30)
        while (before := time.perf_counter()) < end:
            await call(body, timeout=30)
            latencies.append(time.perf_counter() - before)


async def load(address: str, method: str, body: bytes, seconds: float) -> dict[str, float]:
    """Calls a second, and p50 and p99 in milliseconds."""
    latencies: list[float] = []
    start = time.perf_counter()
    await asyncio.gather(
        *(one_connection(address, method, body, start + seconds, latencies) for _ in range(CONNECTIONS))
    )
    latencies.sort()
    return {
        "calls": len(latencies) + CONNECTIONS,
        "a_second": len(latencies) / seconds,
        "p50_ms": 1000 * latencies[len(latencies) // 2],
        "p99_ms": 1000 * latencies[len(latencies) * 99 // 100],
    }


if __name__ == "__main__":
    print(json.dumps(uvloop.run(load(sys.argv[1], sys.argv[2], sys.stdin.buffer.read(), float(sys.argv[3])))))
