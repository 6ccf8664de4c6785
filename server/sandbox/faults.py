"""Faults on demand, so that every way in which a platform can fail is met before a real one does it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class FaultKind(StrEnum):
    """What goes wrong. The first eight can befall every operation, the others only `submit`."""

    LATENCY = "latency"
    DOWN = "down"
    TOO_MANY = "too_many"
    ERROR_BEFORE_COMMIT = "error_before_commit"
    ERROR_AFTER_COMMIT = "error_after_commit"
    DROP_REPLY = "drop_reply"
    HALF_REPLY = "half_reply"
    UNREADABLE_REPLY = "unreadable_reply"
    WRONG_SIGNATURE = "wrong_signature"
    WRONG_DIGEST = "wrong_digest"
    REJECT = "reject"
    PENDING = "pending"
    REVIEW = "review"
    SECOND_ISSUE = "second_issue"


class Code(BaseModel):
    """One reason of a rejection."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(min_length=1, max_length=200)
    line_id: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=1000)


class Fault(BaseModel):
    """One fault: what, at which operation, how often (null: until cleared), and what it needs to know."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fault: FaultKind
    operation: Literal["submit", "lookup", "status", "void", "keys", "health", "any"] = "submit"
    times: Annotated[int, Field(ge=1, le=1_000_000)] | None = 1
    seconds: float = Field(default=0.0, ge=0, le=600, allow_inf_nan=False)
    polls: int = Field(default=1, ge=0, le=1_000_000)
    codes: tuple[Code, ...] = (Code(code="SANDBOX_REJECTED", text="Rejected because a fault asked for it."),)


@dataclass(slots=True)
class _Set:
    fault: Fault
    left: int | None


class Faults:
    """The faults that are set."""

    def __init__(self) -> None:
        self._set: list[_Set] = []

    def add(self, fault: Fault) -> None:
        """Sets a fault, after those that are set already."""
        self._set.append(_Set(fault, fault.times))

    def clear(self) -> None:
        """Takes all faults away."""
        self._set.clear()

    def waiting(self) -> list[dict[str, object]]:
        """Those that are set, with how often they will still happen."""
        return [entry.fault.model_dump(mode="json") | {"times": entry.left} for entry in self._set]

    def take(self, operation: str) -> dict[FaultKind, Fault]:
        """The faults that befall one request, at most one of a kind; each is counted down."""
        taken: dict[FaultKind, Fault] = {}
        for entry in self._set:
            if entry.fault.operation in (operation, "any") and entry.fault.fault not in taken:
                taken[entry.fault.fault] = entry.fault
                entry.left = None if entry.left is None else entry.left - 1
        self._set = [entry for entry in self._set if entry.left != 0]
        return taken


def read_fault(body: bytes) -> Fault | str:
    """The fault that a body describes, or what is wrong with it."""
    try:
        return Fault.model_validate_json(body)
    except ValidationError as error:
        places = (".".join(str(part) for part in fault["loc"]) or "the body" for fault in error.errors())
        return "; ".join(
            f"{place}: {fault['msg']}" for place, fault in zip(places, error.errors(), strict=True)
        )


FAULTS: Final = web.AppKey("faults", Faults)
BEFALLEN: Final = web.RequestKey("befallen", dict[FaultKind, Fault])


@web.middleware
async def befall(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lets the faults of an operation happen: before it, or after what it did was kept."""
    operation = request.match_info.route.name
    if operation is None:
        return await handler(request)
    taken = request.app[FAULTS].take(operation)
    request[BEFALLEN] = taken
    if latency := taken.get(FaultKind.LATENCY):
        # What was sent is here, even if the sender goes away while the sandbox takes its time.
        await request.read()
        await asyncio.sleep(latency.seconds)
    if FaultKind.DOWN in taken:
        return web.Response(status=503, text="down")
    if too_many := taken.get(FaultKind.TOO_MANY):
        return web.Response(status=429, headers={"Retry-After": f"{too_many.seconds:.0f}"})
    if FaultKind.ERROR_BEFORE_COMMIT in taken:
        return web.Response(status=500, text="error")
    response = await handler(request)
    return await _spoil(request, response, taken)


async def _spoil(
    request: web.Request, response: web.StreamResponse, taken: dict[FaultKind, Fault]
) -> web.StreamResponse:
    if FaultKind.ERROR_AFTER_COMMIT in taken:
        return web.Response(status=500, text="error")
    if FaultKind.DROP_REPLY in taken:
        _hang_up(request)
    if FaultKind.HALF_REPLY in taken:
        half = web.StreamResponse(status=response.status, headers={"Content-Length": "1000"})
        await half.prepare(request)
        await half.write(b'{"state": "iss')
        _hang_up(request)
        return half
    if FaultKind.UNREADABLE_REPLY in taken:
        return web.Response(status=200, text="<html>It works!</html>", content_type="text/html")
    return response


def _hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
