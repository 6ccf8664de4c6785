"""A bare gRPC server that answers every CheckScope with the same response: what the transport alone costs."""

import asyncio
import sys
from pathlib import Path

import grpc
import uvloop
from origingate.v1 import screening_service_pb2


async def serve(ready: Path, response: bytes) -> None:
    """Serves on a free loopback port, whose address it writes to the file `ready`, until it is ended."""
    answer = screening_service_pb2.CheckScopeResponse.FromString(response)

    async def check_scope(request: screening_service_pb2.CheckScopeRequest, context: object) -> object:
        return answer

    server = grpc.aio.server()
    server.add_generic_rpc_handlers(
        [
            grpc.method_handlers_generic_handler(
                "origingate.v1.ScreeningService",
                {
                    "CheckScope": grpc.unary_unary_rpc_method_handler(
                        check_scope,
                        request_deserializer=screening_service_pb2.CheckScopeRequest.FromString,
                        response_serializer=screening_service_pb2.CheckScopeResponse.SerializeToString,
                    )
                },
            )
        ]
    )
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    await asyncio.to_thread(ready.write_text, f"127.0.0.1:{port}", "utf-8")
    await server.wait_for_termination()


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])))
