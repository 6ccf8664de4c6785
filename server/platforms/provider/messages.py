"""The provider's messages as the port's values. What breaks the contract's rules is none."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import protovalidate
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from origingate.provider.v1 import answer_pb2, capabilities_pb2
from origingate.provider.v1 import platform_provider_service_pb2 as messages
from origingate.provider.v1.platform_provider_service_pb2_grpc import PlatformProviderServiceStub

from engine.certificate import CertificateStatus, ECertId
from engine.platform import (
    Binding,
    Capabilities,
    Delivery,
    Duplicate,
    Idempotency,
    Issued,
    Misconfigured,
    NotFound,
    NotSent,
    Pending,
    ProofKind,
    Reference,
    Rejected,
    Rejection,
    Retryable,
    Review,
    Told,
    Unknown,
    Voided,
)
from server.platforms.bounded import Answer, bounded

__all__ = ["PlatformProviderServiceStub", "answer_of", "capabilities_of", "is_whole", "messages"]

_POLL: Final = timedelta(seconds=1)


def is_whole(message: Message) -> bool:
    """Whether a message keeps the contract's rules."""
    try:
        protovalidate.validate(message)
    except protovalidate.ValidationError:
        return False
    return True


def answer_of(response: Message, now: datetime) -> Answer | None:
    """What a response with an outcome says; None where it says nothing that the contract knows."""
    if not is_whole(response):
        return None
    name = response.WhichOneof("outcome")
    read = _READ.get(name) if name is not None else None
    return None if read is None or name is None else bounded(read(getattr(response, name), now))


def capabilities_of(response: messages.DescribeResponse) -> Capabilities | None:
    """What a provider says that it can do; None where it breaks the contract's rules."""
    if not is_whole(response):
        return None
    can = response.capabilities
    return Capabilities(
        binding=Binding(_word(capabilities_pb2.Binding, can.binding)),
        lookup_by_reference=can.lookup_by_reference,
        void=can.void,
        send_timeout=can.send_timeout.ToTimedelta(),
        settle_time=can.settle_time.ToTimedelta(),
        lookup_window=can.lookup_window.ToTimedelta(),
        idempotency=Idempotency(_word(capabilities_pb2.Idempotency, can.idempotency)),
        idempotency_life=_time(can, "idempotency_life"),
        lookup_by_platform_id=can.lookup_by_platform_id,
        void_window=_time(can, "void_window"),
        void_reasons=tuple(can.void_reasons),
        replace=can.replace,
        delivery=Delivery(_word(capabilities_pb2.Delivery, can.delivery)),
        proof=ProofKind(_word(capabilities_pb2.ProofKind, can.proof)),
        most_lines=can.most_lines if can.HasField("most_lines") else None,
        calls_a_second=can.calls_a_second if can.HasField("calls_a_second") else None,
        calls_at_once=can.calls_at_once if can.HasField("calls_at_once") else None,
    )


def _word(enum: Any, value: int) -> str:
    """The word of an enum's value, without the enum's name before it."""
    name: str = enum.Name(value)
    first: str = enum.Name(0)
    return name.removeprefix(first.removesuffix("UNSPECIFIED"))


def _time(message: Message, name: str) -> timedelta | None:
    if not message.HasField(name):
        return None
    time: Duration = getattr(message, name)
    return time.ToTimedelta()


def _rejected(said: Any, _: datetime) -> Rejected:
    return Rejected(tuple(Rejection(code.code, code.line_id, code.text) for code in said.codes))


def _told(said: Any, now: datetime) -> Told:
    return Told(CertificateStatus(_word(answer_pb2.CertificateStatus, said.status)), now)


_READ: Final[Mapping[str, Callable[[Any, datetime], Answer]]] = {
    "issued": lambda said, _: Issued(ECertId(said.e_cert_id), said.proof),
    "duplicate": lambda said, _: Duplicate(
        ECertId(said.e_cert_id), said.proof, Reference(said.reference) if said.reference else None
    ),
    "rejected": _rejected,
    "review": lambda said, _: Review(said.because, said.platform_id),
    "pending": lambda said, _: Pending(_time(said, "poll_after") or _POLL, said.platform_id),
    "retryable": lambda said, _: Retryable(said.because, _time(said, "after")),
    "not_sent": lambda said, _: NotSent(said.because),
    "unknown": lambda said, _: Unknown(said.because),
    "misconfigured": lambda said, _: Misconfigured(said.because),
    "not_found": lambda _, __: NotFound(),
    "told": _told,
    "voided": lambda _, __: Voided(),
}
