"""Cerbos as a peer: the measured pre-review as its policy, one order or fifty in a call."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from bench.h2load import Lacking
from bench.running import program

PACKAGE, VERSION = "@cerbos/cerbos-linux-x64", "0.55.0"
METHOD = "/cerbos.svc.v1.CerbosService/CheckResources"
POLICIES = Path(__file__).resolve().parent / "peers_policies"
_PLACE = Path(__file__).resolve().parent.parent / "build" / "peers"

ORDER: dict[str, Any] = {
    "site": {"kind": "B2B_INDEPENDENT"},
    "order": {
        "destination": "US",
        "commercial": True,
        "originating_cents": 1_200_000,
        "import_date": "2026-07-15T00:00:00Z",
        "lines": [{"claims_preference": True}] * 2,
        "claim": {"made_on": "2026-07-15T00:00:00Z", "certification_in_possession": True},
    },
    "declaration": {
        "signed": True,
        "statement": True,
        "coverage": "SINGLE_SHIPMENT",
        "goods_identical": True,
        "language": "de",
        "certified_on": "2026-06-20T00:00:00Z",
        "certifier_role": "EXPORTER",
        "basis": "OWN_INFORMATION",
        "goods": [{"hs": hs, "produced_in": "MX"} for hs in ("721320", "721391")],
    },
}
"""The measured order of `bench.engine_cases`, as attributes."""


def installed() -> Path:
    """Its program, fetched once as an npm package. Raises Lacking where there is no npm."""
    program = _PLACE / "node_modules" / PACKAGE / "cerbos-linux-x64"
    if not program.exists():
        npm = shutil.which("npm")
        if npm is None:
            raise Lacking("Cerbos comes as an npm package, and npm is not installed; install Node")
        _PLACE.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [npm, "install", "--silent", "--prefix", str(_PLACE), f"{PACKAGE}@{VERSION}"], check=True
        )
    return program


@contextmanager
def serving() -> Iterator[tuple[str, int]]:
    """Its address and process id, on the server's core."""
    grpc_address, http_address = _free(), _free()
    settings = {
        "storage.disk.directory": POLICIES,
        "server.grpcListenAddr": grpc_address,
        "server.httpListenAddr": http_address,
    }
    words = [f"--set={name}={value}" for name, value in settings.items()]
    with program(
        str(installed()), "server", "--debug-listen-addr=", *words, CERBOS_NO_TELEMETRY="1", GOMAXPROCS="1"
    ) as running:
        with grpc.insecure_channel(grpc_address) as channel:
            grpc.channel_ready_future(channel).result(timeout=60)
        yield grpc_address, running.pid


def body(address: str, orders: int) -> bytes:
    """The request that asks for some orders at once. Fails unless each is denied, for its language alone."""
    with grpc.insecure_channel(address) as channel:
        pool = DescriptorPool(ProtoReflectionDescriptorDatabase(channel))
        method = pool.FindServiceByName("cerbos.svc.v1.CerbosService").methods_by_name["CheckResources"]
        request = json_format.ParseDict(
            {
                "request_id": "1",
                "principal": {"id": "shop", "roles": ["order_system"]},
                "resources": [
                    {
                        "actions": ["prereview"],
                        "resource": {"kind": "order", "id": str(number), "attr": ORDER},
                    }
                    for number in range(orders)
                ],
            },
            GetMessageClass(method.input_type)(),
        )
        call = channel.unary_unary(
            METHOD,
            lambda message: message.SerializeToString(),
            GetMessageClass(method.output_type).FromString,
        )
        answered = json_format.MessageToDict(call(request, timeout=10))
    found = [
        (result["actions"], [output["val"] for output in result["outputs"]]) for result in answered["results"]
    ]
    assert found == [({"prereview": "EFFECT_DENY"}, ["LANGUAGE"])] * orders, found
    return request.SerializeToString()


def _free() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"
