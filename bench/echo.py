"""A bare gRPC server that answers every screening with the same response: what the transport alone costs."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import grpc
import uvloop
from origingate.v1 import screening_service_pb2 as messages


def answering(request: Any, answer: Any) -> grpc.RpcMethodHandler:
    """A method that reads its request and gives this answer."""

    async def method(_: object, context: object) -> object:
        return answer

    return grpc.unary_unary_rpc_method_handler(
        method, request_deserializer=request.FromString, response_serializer=type(answer).SerializeToString
    )


async def serve(folder: Path) -> None:
    """Answers with the messages of the files `one` and `many`, and writes its address to the file `echo`."""
    one = messages.CheckScopeResponse.FromString((folder / "one").read_bytes())
    many = messages.BatchCheckScopeResponse.FromString((folder / "many").read_bytes())
    methods = {
        "CheckScope": answering(messages.CheckScopeRequest, one),
        "BatchCheckScope": answering(messages.BatchCheckScopeRequest, many),
    }
    server = grpc.aio.server()
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("origingate.v1.ScreeningService", methods)]
    )
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    await asyncio.to_thread((folder / "echo").write_text, f"127.0.0.1:{port}", "utf-8")
    await server.wait_for_termination()


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1])))
