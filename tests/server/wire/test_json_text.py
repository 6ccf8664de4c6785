"""Proto JSON texts: what our tables write and read is what the library writes and reads."""

import pytest
from google.protobuf import json_format
from google.protobuf.message import Message
from hypothesis import given, settings
from hypothesis import strategies as st
from origingate.v1 import decision_pb2, declaration_pb2, order_pb2, site_pb2

from server.wire.json_text import message_of, text_of
from tests.examples import examples

from .samples import full_declaration, full_order
from .test_fuzz import message_of as any_message

FINDING = decision_pb2.Finding(
    rule="r", because="sí", values={"keep_until": "2031-07-01", "a": ""}, standing="STANDING_ASSUMED"
)
DECISION = decision_pb2.Decision(
    question="scope",
    possible=["B", "A"],
    findings=[FINDING, decision_pb2.Finding(citations=[decision_pb2.Citation(title="19 CFR")])],
    otherwise=FINDING,
    enforce=["STANDING_ENACTED", 99],
    asserted={"site.kind": "server"},
    advisory=decision_pb2.Decision(outcome="A"),
)
KINDS = [site_pb2.Site, order_pb2.Order, declaration_pb2.Declaration, decision_pb2.Finding]


def librarys(message: Message) -> str:
    """What the library writes."""
    return json_format.MessageToJson(message, indent=None, ensure_ascii=False, sort_keys=True)


@pytest.mark.parametrize("message", [full_order(), full_declaration(), DECISION, order_pb2.Order()])
def test_full(message: Message) -> None:
    """A message with every kind of field is written as the library writes it, and read back."""
    text = librarys(message)
    assert (text, message) == (text_of(message), message_of(text, type(message)))


@settings(max_examples=examples(80), deadline=None)
@given(st.sampled_from(KINDS).flatmap(lambda kind: any_message(kind.DESCRIPTOR)))
def test_any(message: Message) -> None:
    """Whatever is in a message: the same text and the same message, or no text at all where a mask has none."""
    try:
        text = librarys(message)
    except json_format.SerializeToJsonError:
        with pytest.raises(ValueError, match=r"."):
            text_of(message)
        return
    assert text == text_of(message)
    assert json_format.Parse(text, type(message)()) == message_of(text, type(message))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"siteId":"s","later":{"x":[1]}}', site_pb2.Site(site_id="s")),
        ('{"siteId":"s","kind":"SITE_KIND_OF_LATER"}', site_pb2.Site(site_id="s")),
        ('{"site_id":"s","kind":null}', site_pb2.Site(site_id="s")),
        ('{"none":"siteId,kind"}', site_pb2.Site(none={"paths": ["site_id", "kind"]})),
    ],
)
def test_other_versions(text: str, message: Message) -> None:
    """What a later version wrote is read without what this one does not know; the library's other forms are read too."""
    assert message == message_of(text, type(message))


def test_not_a_message() -> None:
    """A text that is no such message is refused as by the library."""
    with pytest.raises(json_format.ParseError):
        message_of('{"siteId":3}', site_pb2.Site)
