"""What the contract says about its methods."""

from collections.abc import Iterable, Mapping
from typing import Any

from google.protobuf.descriptor import FileDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from origingate.v1 import (
    case_service_pb2,
    certificate_service_pb2,
    evidence_service_pb2,
    operator_service_pb2,
    options_pb2,
    rulebook_service_pb2,
    screening_service_pb2,
    site_service_pb2,
)

from server.auth import Role

CONTRACT: tuple[FileDescriptor, ...] = (
    screening_service_pb2.DESCRIPTOR,
    certificate_service_pb2.DESCRIPTOR,
    case_service_pb2.DESCRIPTOR,
    operator_service_pb2.DESCRIPTOR,
    evidence_service_pb2.DESCRIPTOR,
    rulebook_service_pb2.DESCRIPTOR,
    site_service_pb2.DESCRIPTOR,
)


def method_roles(files: Iterable[FileDescriptor] = CONTRACT) -> Mapping[str, Role]:
    """The role that each method needs, by its path `/package.Service/Method`; absent where it names none."""
    roles: dict[str, Role] = {}
    for file in files:
        for service in file.services_by_name.values():
            for method in service.methods:
                extensions: Any = method.GetOptions().Extensions
                role = extensions[options_pb2.role]
                if role:
                    name = options_pb2.Role.Name(role).removeprefix("ROLE_")
                    roles[f"/{service.full_name}/{method.name}"] = Role(name)
    return roles


def request_types(files: Iterable[FileDescriptor] = CONTRACT) -> tuple[type[Message], ...]:
    """The message types that the contract's methods take, each once."""
    kinds = {
        method.input_type.full_name: method.input_type
        for file in files
        for service in file.services_by_name.values()
        for method in service.methods
    }
    return tuple(GetMessageClass(kind) for kind in kinds.values())


def service_names(files: Iterable[FileDescriptor] = CONTRACT) -> tuple[str, ...]:
    """Full names of the contract's services, for health and reflection."""
    return tuple(service.full_name for file in files for service in file.services_by_name.values())
