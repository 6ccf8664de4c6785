"""A good request for every method of the contract, made from an example order by the names of its fields."""

from dataclasses import dataclass, replace
from typing import Any

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from server.wire.methods import CONTRACT
from tests.system.processes import order

METHODS: dict[str, MethodDescriptor] = {
    f"/{service.full_name}/{method.name}": method
    for file in CONTRACT
    for service in file.services_by_name.values()
    for method in service.methods
}

CODES = {code.value[0]: code for code in grpc.StatusCode}


@dataclass(frozen=True, slots=True)
class Names:
    """What requests are about."""

    case: str = "cases/" + "0" * 32
    e_cert_id: str = "SBX-NONE-0000"
    site_id: str = "aceros-shop"
    order_id: str = "order-1"
    request_id: str = "request-1"
    # Not the site of the orders: a site that is registered is as it is registered.
    registered: str = "tornillos-shop"


def request_for(path: str, names: Names) -> Any:
    """The request; its ids of order and request are the method's own, so that no method meets what another left.

    A field that is needed and of which nothing is known here fails the test that sends it.
    """
    method = METHODS[path].name
    names = replace(names, order_id=f"{names.order_id}-{method}", request_id=f"{names.request_id}-{method}")
    example = order()
    example.site.site_id = names.site_id
    example.order.order_id = names.order_id
    return _filled(GetMessageClass(METHODS[path].input_type)(), example, names)


def _filled(request: Any, example: Any, names: Names) -> Any:
    texts = {
        "request_id": names.request_id,
        "name": names.case,
        "e_cert_id": names.e_cert_id,
        "reason": "a test",
        "key": "item-1",
        "site_id": names.registered,
        "platform": "sandbox",
        "buys_certificates": True,
    }
    said = request.DESCRIPTOR.fields_by_name
    for field in request.DESCRIPTOR.fields:
        if field.name == "files":
            request.files.add(path="rulebook.yaml", text="")
        elif field.name == "rulebook_digest" and request.DESCRIPTOR.file.name.endswith(
            "rulebook_service.proto"
        ):
            request.rulebook_digest = f"sha256:{0:064}"
        elif field.name in texts and (field.name != "platform" or "buys_certificates" in said):
            setattr(request, field.name, texts[field.name])
        elif field.name in ("site", "order", "declaration"):
            getattr(request, field.name).CopyFrom(getattr(example, field.name))
        elif field.name == "items":
            _filled(request.items.add(), example, names)
        elif field.name == "item":
            _filled(request.item, example, names)
        elif field.name == "filter" and "site_id" in field.message_type.fields_by_name:
            request.filter.site_id = names.site_id
        elif field.name == "day":
            request.day.year, request.day.month, request.day.day = 2026, 1, 1
        elif field.name == "start":
            request.start = field.enum_type.values_by_name["WATCH_START_BEGINNING"].number
    return request


@dataclass(frozen=True, slots=True)
class Told:
    """What came back: the code, the reason, and everything that a caller could read, as text."""

    code: grpc.StatusCode
    reason: str
    text: str


def ask(channel: grpc.Channel, path: str, request: Message, key: str = "", timeout: float = 20) -> Told:
    """Calls a method; of a stream the first answer counts, and an item's error as the call's."""
    method = METHODS[path]
    kind = GetMessageClass(method.output_type)
    # The call's own id is always the same one, so that what is told of two calls can be compared.
    metadata = (("x-request-id", "call-1"), *((("authorization", f"Bearer {key}"),) if key else ()))
    send = type(request).SerializeToString
    try:
        if method.client_streaming:
            talk = channel.stream_stream(path, send, kind.FromString)
            answer = next(iter(talk(iter([request]), timeout=timeout, metadata=metadata)))
        elif method.server_streaming:
            stream = channel.unary_stream(path, send, kind.FromString)(
                request, timeout=timeout, metadata=metadata
            )
            answer = next(iter(stream))
            stream.cancel()
        else:
            answer = channel.unary_unary(path, send, kind.FromString)(
                request, timeout=timeout, metadata=metadata
            )
    except grpc.RpcError as error:
        status = rpc_status.from_call(error)
        return Told(error.code(), _reason(status), f"{error.details()} {status} {error.trailing_metadata()}")
    if method.client_streaming and answer.HasField("error"):
        return Told(CODES[answer.error.code], _reason(answer.error), str(answer))
    return Told(grpc.StatusCode.OK, "", str(answer))


def _reason(status: Status | None) -> str:
    info = error_details_pb2.ErrorInfo()
    for detail in status.details if status else ():
        if detail.Is(info.DESCRIPTOR):
            detail.Unpack(info)
    return info.reason
