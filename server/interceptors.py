"""What happens around every method: identity, role, call id, deadline; afterwards errors in our words.

Nothing that a method raises reaches a client as it is. gRPC answers some things by itself, without ErrorInfo:
a request above the size limit with RESOURCE_EXHAUSTED, a call past its caller's deadline with DEADLINE_EXCEEDED.
"""

import asyncio
import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    aclosing,
    asynccontextmanager,
    nullcontext,
)
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

import grpc
import structlog
from grpc.aio import AbortError, ServerInterceptor

from server.auth import DEVELOPER, OPEN_SERVICES, Authenticator, Principal, Role, require_role
from server.calls import CURRENT, Call
from server.errors import (
    LimitExceeded,
    NotOffered,
    SiteOutOfReach,
)
from server.limits.limiting import Limiting
from server.limits.places import Place
from server.logs import trace_of
from server.readable import each_readable, never_failing, readable, weight
from server.still_known import still_known
from server.until import until, within
from server.whole_writes import WholeWrites
from server.wire.localized import language_of
from server.wire.statuses import is_ours, reason_of, to_status

if TYPE_CHECKING:
    _Interceptor = ServerInterceptor[Any, Any]
else:
    _Interceptor = ServerInterceptor

REQUEST_ID: Final = "x-request-id"
TRACE: Final = "traceparent"
ACCEPT_LANGUAGE: Final = "accept-language"
STATUS_DETAILS: Final = "grpc-status-details-bin"

# Seconds in which health tells those who watch it that the server ends.
TOLD_WITHIN: Final = 0.2

# W3C Trace Context, version 00 or a later one that begins alike.
_USABLE_TRACE: Final = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?"
)
_USABLE_CASE: Final = re.compile(r"cases/[0-9a-f]{32}")
_USABLE_ID: Final = re.compile(r"[A-Za-z0-9._:/+=-]{1,100}")
_FAILURES: Final = (Exception, asyncio.CancelledError)

_log = structlog.get_logger()

Translation = Callable[[Exception], Exception]
Reach = Callable[[Principal, Any], Awaitable[None]]
Around = Callable[[str, Any], AbstractContextManager[object]]


def as_it_is(error: Exception) -> Exception:
    """The translation of a server whose parts raise nothing but the errors of `server.errors`."""
    return error


async def nothing_in_reach(principal: Principal, request: Any) -> None:
    """The reach of a server that does not know what its requests are about."""
    raise SiteOutOfReach("")


_NOTHING: Final = nullcontext()


def nothing_around(method: str, context: Any) -> AbstractContextManager[object]:
    """What stands around the calls of a server that nobody looks at."""
    return _NOTHING


def nobody_refused(reason: str, bound: str) -> None:
    """Nobody counts."""


class _Ids(NamedTuple):
    request: str
    trace: str


class Border(_Interceptor):
    """The one interceptor. It wraps each method once, when it is first called.

    `roles` says which role a method needs; a method without one is refused. `translate` turns the errors of
    other parts, such as the store's, into ours; it gives back those that it does not know. `reach` raises where a caller
    that may ask about some sites only asks about others. `around` gives the context in which a call is served, of its
    method, empty where there is none of that name; `refused` hears of each error, by its reason and the bound that was
    exceeded. `limiting` lets calls in; a call with one answer takes `longest` seconds at most, and its answer has no more
    than `largest` bytes.
    """

    def __init__(
        self,
        authenticator: Authenticator,
        roles: Mapping[str, Role],
        new_request_id: Callable[[], str],
        translate: Translation = as_it_is,
        reach: Reach = nothing_in_reach,
        around: Around = nothing_around,
        *,
        refused: Callable[[str, str], None] = nobody_refused,
        limiting: Limiting,
        longest: float,
        largest: int,
    ) -> None:
        self._authenticator = authenticator
        self._roles = roles
        self._new_request_id = new_request_id
        self._translate = translate
        self._reach = reach
        self._around = around
        self._refused = refused
        self._limiting = limiting
        self._longest = longest
        self._largest = largest
        self._ended = asyncio.Event()
        self._lasting = 0
        self._wrapped: dict[str, tuple[Any, Any]] = {}

    async def intercept_service(
        self, continuation: Callable[[Any], Awaitable[Any]], handler_call_details: Any
    ) -> Any:
        """The method with everything around it; for a method that is not there, one that says so."""
        method = handler_call_details.method
        inner = await continuation(handler_call_details)
        if inner is None:
            return grpc.stream_stream_rpc_method_handler(self._not_offered(method))
        known, wrapped = self._wrapped.get(method, (None, None))
        if known is not inner:
            wrapped = self._wrap(method, inner)
            self._wrapped[method] = (inner, wrapped)
        return wrapped

    def _wrap(self, method: str, inner: Any) -> Any:
        behaviour = inner.unary_unary or inner.unary_stream or inner.stream_unary or inner.stream_stream
        make, around = {
            (False, False): (grpc.unary_unary_rpc_method_handler, self._one_answer),
            (False, True): (grpc.unary_stream_rpc_method_handler, self._many_answers),
            (True, False): (grpc.stream_unary_rpc_method_handler, self._one_answer),
            (True, True): (grpc.stream_stream_rpc_method_handler, self._many_answers),
        }[inner.request_streaming, inner.response_streaming]
        # One answer is made bytes here, where its size can be told in our words.
        serialize = inner.response_serializer
        return make(
            around(method, behaviour, inner.request_streaming, serialize),
            request_deserializer=never_failing(inner.request_deserializer),
            response_serializer=serialize if inner.response_streaming else None,
        )

    def _one_answer(
        self, method: str, behaviour: Any, streaming: bool, serialize: Callable[[Any], bytes]
    ) -> Any:
        longest = None if streaming else self._longest

        async def asked(ids: _Ids, request: Any, context: Any) -> bytes:
            with self._limiting.place(method, streaming) as place:
                principal = await self._admit(method, ids, context, longest)
                read = await self._let_in(method, principal, place, request)
                left = context.time_remaining() if longest is not None else 0.0
                if longest is not None and (left is None or left > longest):
                    answered = await within(longest, behaviour, read, context)
                else:
                    answered = behaviour(read, context)
                    if inspect.isawaitable(answered):
                        answered = await answered
                data = serialize(answered)
                if len(data) > self._largest:
                    raise LimitExceeded(
                        "bytes of an answer", str(self._largest), "Ask for less at once.", bound="ANSWER_SIZE"
                    )
                return data

        async def answer(request: Any, context: Any) -> bytes:
            with self._around(method, context):
                ids = self._identify(context)
                try:
                    return await asked(ids, request, context)
                except _FAILURES as error:
                    await self._refuse(error, method, ids, context, request)

        return answer

    def _many_answers(
        self, method: str, behaviour: Any, streaming: bool, serialize: Callable[[Any], bytes]
    ) -> Any:
        async def answer(request: Any, context: Any) -> None:
            # It writes what a method yields: cut off within a write of its own, gRPC would tell the call no end.
            with self._around(method, context):
                ids, writes = self._identify(context), WholeWrites(context)
                try:
                    with self._limiting.place(method, streaming=True) as place:
                        principal = await self._admit(method, ids, context, None)
                        read = await self._let_in(method, principal, place, request)
                        lasting = principal is None
                        async with self._still_known(principal, context), self._until_the_end(lasting):
                            answered = behaviour(read, writes)
                            if inspect.isawaitable(answered):
                                # It writes its answers to the context by itself.
                                await answered
                                return
                            async with aclosing(answered):
                                async for item in answered:
                                    await writes.write(item)
                except _FAILURES as error:
                    await writes.end()
                    await self._refuse(error, method, ids, context, request)

        return answer

    async def _let_in(self, method: str, principal: Principal | None, place: Place, request: Any) -> Any:
        """The request as the method gets it, once it may be asked by its caller, and its tenant's limits let it in."""
        streaming = isinstance(request, AsyncIterator)
        read = each_readable(method, place, request) if streaming else readable(method, request)
        if principal is not None:
            if principal.sites is not None:
                read = await self._within_reach(principal, read)
            # What a stream asks is counted as it comes.
            await place.of(principal.tenant, 0 if streaming else weight(read))
        return read

    async def end(self, told_within: float = TOLD_WITHIN) -> None:
        """Ends the streams of health and reflection, once they had time to tell their last. Others end by themselves."""
        if self._lasting:
            await asyncio.sleep(told_within)
        self._ended.set()

    @asynccontextmanager
    async def _until_the_end(self, lasting: bool) -> AsyncIterator[None]:
        if not lasting:
            yield
            return
        self._lasting += 1
        try:
            async with until(self._ended):
                yield
        finally:
            self._lasting -= 1

    def _still_known(self, principal: Principal | None, context: Any) -> AbstractAsyncContextManager[None]:
        """Answers that come for long end with what their caller proved, and may ask."""
        if principal is None or principal is DEVELOPER:
            return nullcontext()
        return still_known(principal, lambda: self._authenticated(context))

    def _not_offered(self, method: str) -> Any:
        async def answer(requests: Any, context: Any) -> NoReturn:
            with self._around("", context):
                await self._refuse(NotOffered(method), method, self._identify(context), context)

        return answer

    def _identify(self, context: Any) -> _Ids:
        """The ids that the caller gave, where they are usable; for a call id a new one. That comes back with the answer."""
        request_id, trace_id = "", ""
        for key, value in context.invocation_metadata() or ():
            if key == REQUEST_ID and isinstance(value, str) and _USABLE_ID.fullmatch(value):
                request_id = request_id or value
            elif key == TRACE and isinstance(value, str) and (found := _USABLE_TRACE.fullmatch(value)):
                trace_id = found.group(1)
        request_id = request_id or self._new_request_id()
        context.set_trailing_metadata(((REQUEST_ID, request_id),))
        return _Ids(request_id, trace_id)

    async def _admit(self, method: str, ids: _Ids, context: Any, longest: float | None) -> Principal | None:
        """Sets the current call; None where nobody is asked. Raises where the caller is not known, or lacks the role.

        The call's deadline is its caller's, or the end of the longest time that it may take.
        """
        if method.startswith(OPEN_SERVICES):
            return None
        principal = await self._authenticated(context)
        require_role(principal, method, self._roles.get(method))
        left = context.time_remaining()
        if longest is not None:
            left = longest if left is None else min(left, longest)
        deadline = None if left is None else asyncio.get_running_loop().time() + left
        CURRENT.set(Call(method, ids.request, principal, deadline, ids.trace))
        return principal

    async def _authenticated(self, context: Any) -> Principal:
        metadata = dict(context.invocation_metadata() or ())
        return await self._authenticator.authenticate(context.peer(), metadata, context.auth_context)

    async def _within_reach(self, principal: Principal, request: Any) -> Any:
        """The request, or the stream of them, each held against what its caller may ask about when it comes."""
        if isinstance(request, AsyncIterator):
            return self._each_within_reach(principal, request)
        await self._reach(principal, request)
        return request

    async def _each_within_reach(
        self, principal: Principal, requests: AsyncIterator[Any]
    ) -> AsyncIterator[Any]:
        async for request in requests:
            await self._reach(principal, request)
            yield request

    async def _refuse(
        self, error: BaseException, method: str, ids: _Ids, context: Any, request: Any = None
    ) -> NoReturn:
        """Ends the call with the error's status. A fault of ours goes to the log under its id."""
        if isinstance(error, AbortError) or _is_cancelled(error):
            raise error
        if isinstance(error, NotImplementedError) and context.code() == grpc.StatusCode.UNIMPLEMENTED:
            error = NotOffered(method)
        told = self._translate(error) if isinstance(error, Exception) else error
        if not is_ours(told):
            _log.error("call failed", method=method, **_said(ids, request), trace=trace_of(error))
        self._refused(reason_of(told), getattr(told, "bound", ""))
        status = to_status(told, ids.request, _language(context))
        await context.abort(
            _CODES[status.code],
            status.message,
            ((REQUEST_ID, ids.request), (STATUS_DETAILS, status.SerializeToString())),
        )
        raise AssertionError("abort raises")


def _said(ids: _Ids, request: Any) -> dict[str, str]:
    """What a call that failed is found again by: its ids, and the case that it is about, where it names one."""
    case = getattr(request, "name", None)
    about = {"case": case} if isinstance(case, str) and _USABLE_CASE.fullmatch(case) else {}
    return {"request_id": ids.request, **({"trace_id": ids.trace} if ids.trace else {}), **about}


def _language(context: Any) -> str:
    """The language that the caller wants errors in, besides; empty where it does not say."""
    for key, value in context.invocation_metadata() or ():
        if key == ACCEPT_LANGUAGE and isinstance(value, str):
            return language_of(value)
    return ""


_CODES: Final = {code.value[0]: code for code in grpc.StatusCode}


def _is_cancelled(error: BaseException) -> bool:
    """Whether the call itself was cancelled, which gRPC must see.

    A cancellation that only leaked from a task of ours is a fault: gRPC would never answer the call.
    """
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0
