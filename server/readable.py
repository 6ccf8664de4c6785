"""Requests as they come: bytes that are no message, streams of messages, and what each counts for."""

from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from server.errors import RequestInvalid, Violation
from server.limits.places import Place

_UNREADABLE: Final = object()


def never_failing(deserialize: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """gRPC answers a failing deserializer with INTERNAL, as if the fault were ours; so ours never fails."""

    def read(data: bytes) -> Any:
        try:
            return deserialize(data)
        except Exception:
            return _UNREADABLE

    return read


def readable(method: str, request: Any) -> Any:
    """The request. Raises RequestInvalid where its bytes are none."""
    if request is _UNREADABLE:
        text = f"the bytes are no request of {method}: text that is not UTF-8, or a message cut off"
        raise RequestInvalid([Violation("", "message.readable", text)])
    return request


async def each_readable(method: str, place: Place, requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
    """A stream's messages, at the pace that the tenant's limits let."""
    async for request in requests:
        read = readable(method, request)
        await place.go_on(weight(read))
        yield read


def weight(request: Any) -> int:
    """What a request counts for: a batch as much as it has items."""
    items = getattr(request, "items", None)
    return 1 if items is None else max(len(items), 1)
