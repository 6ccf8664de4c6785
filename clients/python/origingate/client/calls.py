"""What every call has in common: the key, the deadline, and errors as CallFailed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Any, Self

import grpc
from origingate.client.failures import failed
from origingate.client.settings import Settings


class Guarded(grpc.Channel):
    """A channel whose calls have all that. gRPC's own interceptors would do, but for channels of grpcio-testing."""

    def __init__(self, channel: grpc.Channel, settings: Settings) -> None:
        self._channel = channel
        self._settings = settings

    def unary_unary(self, *words: Any, **more: Any) -> Any:
        """One question, one answer."""
        return _Unary(self._channel.unary_unary(*words, **more), self._settings)

    def unary_stream(self, *words: Any, **more: Any) -> Any:
        """One question, many answers."""
        return _Stream(self._channel.unary_stream(*words, **more), self._settings)

    def stream_unary(self, *words: Any, **more: Any) -> Any:
        """Many questions, one answer."""
        return _Unary(self._channel.stream_unary(*words, **more), self._settings)

    def stream_stream(self, *words: Any, **more: Any) -> Any:
        """Many questions, many answers."""
        return _Stream(self._channel.stream_stream(*words, **more), self._settings)

    def subscribe(self, callback: Any, try_to_connect: bool = False) -> None:
        """Has the channel's state told."""
        self._channel.subscribe(callback, try_to_connect)

    def unsubscribe(self, callback: Any) -> None:
        """Has it told no longer."""
        self._channel.unsubscribe(callback)

    def close(self) -> None:
        """Ends the connection."""
        self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Unary:
    """A method with one answer. What `future` gives raises gRPC's own errors."""

    def __init__(self, method: Any, settings: Settings) -> None:
        self._method = method
        self._settings = settings

    def __call__(self, request: Any, timeout: float | None = None, **more: Any) -> Any:
        try:
            return self._method(request, **self._with(timeout, more))
        except grpc.RpcError as error:
            raise failed(error) from error

    def with_call(self, request: Any, timeout: float | None = None, **more: Any) -> Any:
        """The answer, and the call that brought it."""
        try:
            return self._method.with_call(request, **self._with(timeout, more))
        except grpc.RpcError as error:
            raise failed(error) from error

    def future(self, request: Any, timeout: float | None = None, **more: Any) -> Any:
        """The answer that will come."""
        return self._method.future(request, **self._with(timeout, more))

    def _with(self, timeout: float | None, more: dict[str, Any]) -> dict[str, Any]:
        return _with(self._settings, self._settings.deadline if timeout is None else timeout, more)


class _Stream:
    """A method with many answers; they take as long as they take, where the caller names no time."""

    def __init__(self, method: Any, settings: Settings) -> None:
        self._method = method
        self._settings = settings

    def __call__(self, request: Any, timeout: float | None = None, **more: Any) -> Any:
        return Answers(self._method(request, **_with(self._settings, timeout, more)))


def _with(settings: Settings, timeout: float | None, more: dict[str, Any]) -> dict[str, Any]:
    metadata = (*(more.get("metadata") or ()), *settings.metadata)
    return {**more, "timeout": timeout, "metadata": metadata}


class Answers:
    """The answers of a stream; its errors are CallFailed."""

    def __init__(self, call: Any) -> None:
        self._call = call

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        try:
            return next(self._call)
        except grpc.RpcError as error:
            raise failed(error) from error

    def cancel(self) -> None:
        """Ends the stream from this side."""
        self._call.cancel()


class _Aio:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def _with(self, details: Any, timeout: float | None) -> grpc.aio.ClientCallDetails:
        metadata = grpc.aio.Metadata(*(details.metadata or ()), *self._settings.metadata)
        return grpc.aio.ClientCallDetails(
            details.method, timeout, metadata, details.credentials, details.wait_for_ready
        )


class AioUnary(_Aio, grpc.aio.UnaryUnaryClientInterceptor):  # type: ignore[type-arg] # generic in its stubs alone
    """One question, one answer, of an asynchronous client."""

    async def intercept_unary_unary(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        """The call with key and deadline."""
        timeout = client_call_details.timeout
        limited = self._settings.deadline if timeout is None else timeout
        call = await continuation(self._with(client_call_details, limited), request)
        try:
            await call
        except grpc.aio.AioRpcError as error:
            raise failed(error) from error
        return call


class AioStream(_Aio, grpc.aio.UnaryStreamClientInterceptor):  # type: ignore[type-arg] # generic in its stubs alone
    """One question, many answers, of an asynchronous client."""

    async def intercept_unary_stream(self, continuation: Any, client_call_details: Any, request: Any) -> Any:
        """The stream with key, and with errors as CallFailed."""
        details = self._with(client_call_details, client_call_details.timeout)
        return _answers(await continuation(details, request))


class AioBothStream(_Aio, grpc.aio.StreamStreamClientInterceptor):  # type: ignore[type-arg] # generic in its stubs alone
    """Many questions, many answers, of an asynchronous client."""

    async def intercept_stream_stream(
        self, continuation: Any, client_call_details: Any, request_iterator: Any
    ) -> Any:
        """The stream with key, and with errors as CallFailed."""
        details = self._with(client_call_details, client_call_details.timeout)
        return _answers(await continuation(details, request_iterator))


async def _answers(call: Any) -> AsyncIterator[Any]:
    try:
        async for answer in call:
            yield answer
    except grpc.aio.AioRpcError as error:
        raise failed(error) from error
    finally:
        call.cancel()
