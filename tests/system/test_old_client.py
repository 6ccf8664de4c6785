"""A client of the last release against this server: its messages are made from `protos/released.binpb`, not from this
tree."""

import json
from functools import cache
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf import descriptor_pb2, json_format
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

from tests.system.processes import EXAMPLES, PROJECT, Server

EXPECTED = json.loads((EXAMPLES / "expected.json").read_text("utf-8"))
# It changes the order of another example, and here each is an order of its own.
AFTER_ANOTHER = {"12-changed-after-issue.json"}


@cache
def released() -> DescriptorPool:
    """The contract of the last release. An image of buf is read as a set of files."""
    pool = DescriptorPool()
    image = descriptor_pb2.FileDescriptorSet.FromString((PROJECT / "protos" / "released.binpb").read_bytes())
    for file in image.file:
        pool.Add(file)
    return pool


def called(server: Server, service: str, method: str, request: dict[str, Any]) -> dict[str, Any]:
    """What the old client reads of an answer, as JSON."""
    described = released().FindServiceByName(f"origingate.v1.{service}").methods_by_name[method]
    ask, answer = GetMessageClass(described.input_type), GetMessageClass(described.output_type)
    call = server.channel.unary_unary(
        f"/{described.containing_service.full_name}/{method}",
        request_serializer=ask.SerializeToString, response_deserializer=answer.FromString,
    )  # fmt: skip
    told: dict[str, Any] = json_format.MessageToDict(call(json_format.ParseDict(request, ask()), timeout=20))
    return told


@pytest.mark.parametrize("name", sorted(EXPECTED.keys() - AFTER_ANOTHER))
def test_examples(shared: Server, name: str) -> None:
    """An order that it sends gets the answer that was expected of the server it was made for."""
    order = json.loads((EXAMPLES / "orders" / name).read_text("utf-8"))
    order["requestId"] = order["order"]["orderId"] = f"old-{uuid4().hex}"
    told = called(shared, "CaseService", "ProcessOrder", order)
    outcomes = {question: told[question]["outcome"] for question in ("scope", "prereview")}
    assert {question: EXPECTED[name][question] for question in outcomes} == outcomes
    found = called(shared, "CaseService", "GetCase", {"name": told["case"]["name"]})
    assert told["case"]["name"] == found["case"]["name"]


def test_error(shared: Server) -> None:
    """What is refused is refused with the same code."""
    with pytest.raises(grpc.RpcError) as error:
        called(shared, "CaseService", "GetCase", {"name": "cases/" + "0" * 32})
    assert grpc.StatusCode.NOT_FOUND is error.value.code()
