"""Lets faults happen to requests: before what they ask for is done, or after it was kept."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final

from aiohttp import web

from server.sandbox.faults.fault import FaultKind
from server.sandbox.faults.waiting import Due, Faults

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]

FAULTS: Final = web.AppKey("faults", Faults)
# How many requests of each operation have come, whatever became of them.
ARRIVED: Final = web.AppKey("arrived", Counter[str])
BEFALLEN: Final = web.RequestKey("befallen", Mapping[FaultKind, Due])

_PIECES: Final = 50


@web.middleware
async def befall(request: web.Request, handler: Answering) -> web.StreamResponse:
    """Lets the faults of an operation happen: before it, or after what it did was kept."""
    operation = request.match_info.route.name
    if operation is None:
        return await handler(request)
    request.app[ARRIVED][operation] += 1
    due = request.app[FAULTS].take(operation)
    request[BEFALLEN] = due
    if latency := due.get(FaultKind.LATENCY):
        # What was sent is here, even if the sender goes away while the sandbox takes its time.
        await request.read()
        await asyncio.sleep(latency.seconds)
    if FaultKind.DOWN in due:
        return web.Response(status=503, text="down")
    if too_many := due.get(FaultKind.TOO_MANY):
        return web.Response(status=429, headers={"Retry-After": f"{too_many.seconds:.0f}"})
    if FaultKind.ERROR_BEFORE_COMMIT in due:
        return web.Response(status=500, text="error")
    return await _spoil(request, await handler(request), due)


async def _spoil(
    request: web.Request, response: web.StreamResponse, due: Mapping[FaultKind, Due]
) -> web.StreamResponse:
    if FaultKind.ERROR_AFTER_COMMIT in due:
        return web.Response(status=500, text="error")
    if FaultKind.DROP_REPLY in due:
        _hang_up(request)
    if FaultKind.HALF_REPLY in due:
        half = web.StreamResponse(status=response.status, headers={"Content-Length": "1000"})
        with suppress(ConnectionResetError):
            await half.prepare(request)
            await half.write(b'{"state": "iss')
        _hang_up(request)
        return half
    if FaultKind.UNREADABLE_REPLY in due:
        response = web.Response(status=200, text="<html>It works!</html>", content_type="text/html")
    if drip := due.get(FaultKind.SLOW_DRIP):
        return await _drip(request, response, drip.seconds)
    return response


async def _drip(request: web.Request, response: web.StreamResponse, seconds: float) -> web.StreamResponse:
    """The same answer, a few bytes at a time; the whole takes so many seconds."""
    body = response.body if isinstance(response, web.Response) else b""
    content = body if isinstance(body, bytes) else b""
    slow = web.StreamResponse(status=response.status, headers={"Content-Type": response.content_type})
    slow.content_length = len(content)
    at_once = max(1, -(-len(content) // _PIECES))
    pieces = [content[start : start + at_once] for start in range(0, len(content), at_once)]
    # Who does not wait for the whole is no fault of ours.
    with suppress(ConnectionResetError):
        await slow.prepare(request)
        for piece in pieces:
            await asyncio.sleep(seconds / len(pieces))
            await slow.write(piece)
        await slow.write_eof()
    return slow


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
