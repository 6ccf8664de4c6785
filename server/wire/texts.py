"""Messages as texts to keep, and back: proto JSON, which later versions of the contract can still read."""

from dataclasses import dataclass
from typing import Final, TypeVar

from google.protobuf.message import Message
from origingate.v1 import (
    case_service_pb2,
    decision_pb2,
    declaration_pb2,
    order_pb2,
    screening_service_pb2,
    site_pb2,
)

from engine.decision import Decision
from server.recent import Recent
from server.wire.decision_text import text_of_decision
from server.wire.decisions import decision_to_proto
from server.wire.json_text import message_of, text_of
from server.wire.requests import Facts, read

_M = TypeVar("_M", bound=Message)

OrderRequest = (
    case_service_pb2.ProcessOrderRequest
    | case_service_pb2.OpenInquiryRequest
    | case_service_pb2.PlaceOrderRequest
)


@dataclass(frozen=True, slots=True)
class Texts:
    """Site, order and declaration as proto JSON, as they are kept. `declaration` is None where none was given."""

    site: str
    order: str
    declaration: str | None


def texts_of(request: OrderRequest) -> Texts:
    """Site, order and declaration of a request as they are kept."""
    declaration = None
    if not isinstance(request, case_service_pb2.PlaceOrderRequest) and request.HasField("declaration"):
        declaration = _text(request.declaration)
    return Texts(_text(request.site), _text(request.order), declaration)


def message_kept(text: str, kind: type[_M]) -> _M:
    """The message that was kept as a text, to be put into others, never to be changed."""
    there = _MESSAGES.get((kind, text))
    return there if isinstance(there, kind) else message_of(text, kind)


def facts_of(texts: Texts) -> Facts:
    """The facts that kept texts say; the same as those of the request that they came with. Nobody changes them."""
    return _FACTS.get(texts) or _FACTS.keep(texts, _read(texts))


def remember(texts: Texts, facts: Facts) -> None:
    """Has the facts of a request at hand while its texts are likely to be asked about."""
    _FACTS.keep(texts, facts)


def decision_text(decision: Decision, hypothetical: bool = False) -> str:
    """A decision as it is kept."""
    text = text_of_decision(decision, hypothetical)
    _MADE.keep(text, (decision, hypothetical))
    return text


def decision_of(text: str) -> decision_pb2.Decision:
    """A kept decision as a message, to be read and put into others, never to be changed."""
    message = _DECISIONS.get(text)
    if message is None:
        made = _MADE.get(text)
        message = message_of(text, decision_pb2.Decision) if made is None else decision_to_proto(*made)
        _DECISIONS.keep(text, message)
    return message


_MESSAGES: Final = Recent[tuple[type[Message], str], Message](512)
_FACTS: Final = Recent[Texts, Facts](256)
_DECISIONS: Final = Recent[str, decision_pb2.Decision](1024)
_MADE: Final = Recent[str, tuple[Decision, bool]](1024)


def _text(message: Message) -> str:
    """The message's text; for a while the message stays at hand as a reader of the text would have it."""
    text = text_of(message)
    message.DiscardUnknownFields()
    _MESSAGES.keep((type(message), text), message)
    return text


def _read(texts: Texts) -> Facts:
    request = screening_service_pb2.DecidePreReviewRequest(
        site=message_of(texts.site, site_pb2.Site),
        order=message_of(texts.order, order_pb2.Order),
    )
    if texts.declaration is not None:
        request.declaration.CopyFrom(message_of(texts.declaration, declaration_pb2.Declaration))
    return read(request).facts
