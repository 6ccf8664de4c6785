"""What is kept of requests and decisions as texts, and read again."""

from origingate.v1 import order_pb2, site_pb2

from engine.facts import projection
from engine.written_facts import canonical_bytes
from server.recent import Recent
from server.wire.decisions import decision_to_proto
from server.wire.json_text import message_of
from server.wire.requests import read
from server.wire.texts import decision_of, decision_text, facts_of, message_kept, remember, texts_of

from .samples import full_request
from .test_decisions import DECISION


def test_facts() -> None:
    """The facts of kept texts are those of the request, whether they were remembered or are read again."""
    said = read(full_request()).facts
    again = facts_of(texts_of(full_request()))
    assert canonical_bytes(said, projection([""])) == canonical_bytes(again, projection([""]))
    remember(texts_of(full_request()), said)
    assert said is facts_of(texts_of(full_request()))


def test_message() -> None:
    """A kept message is what its text says, at hand or read again; what this version does not know is in neither."""
    request = full_request()
    request.order.MergeFromString(order_pb2.Order(order_id="x").SerializeToString() + b"\xfa\x7f\x01a")
    text = texts_of(request).order
    assert message_of(text, order_pb2.Order) == message_kept(text, order_pb2.Order)
    assert message_kept(f" {text}", order_pb2.Order) == message_kept(text, order_pb2.Order)
    assert message_kept("{}", site_pb2.Site) == site_pb2.Site()


def test_decision() -> None:
    """A decision's text is read back as the message that it was written from."""
    text = decision_text(DECISION)
    assert decision_to_proto(DECISION) == decision_of(text) == decision_of(f" {text}")


def test_recent() -> None:
    """The latest are remembered, as many as is said; what came first is forgotten."""
    recent = Recent[str, int](2)
    assert [1, 2, 3] == [recent.keep(name, value) for value, name in enumerate("abc", 1)]
    assert [None, 2, 3] == [recent.get(name) for name in "abc"]
