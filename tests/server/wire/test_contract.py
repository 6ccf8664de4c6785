"""What the plans know by name holds for the contract as it is."""

from collections.abc import Iterator

import pytest
from buf.validate import validate_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from server.auth import Role
from server.wire.methods import method_roles, request_types, service_names
from server.wire.plan import CODES, IDS, KEYS, MUST_SAY_SOMETHING, plan_of
from server.wire.requests import PATTERNS_IN_WORDS, warm_up


def fields_of(kind: Descriptor) -> Iterator[FieldDescriptor]:
    """All fields of our own messages that a request can hold."""
    for field in kind.fields:
        yield field
        if field.message_type is not None and field.message_type.file.package == kind.file.package:
            yield from fields_of(field.message_type)


def rules(field: FieldDescriptor) -> validate_pb2.FieldRules:
    """The contract's rules for the field."""
    return field.GetOptions().Extensions[validate_pb2.field]


FIELDS = {field.full_name: field for kind in request_types() for field in fields_of(kind.DESCRIPTOR)}
TEXTS = {name: field for name, field in FIELDS.items() if field.type == FieldDescriptor.TYPE_STRING}


@pytest.mark.parametrize("kind", request_types(), ids=lambda kind: kind.DESCRIPTOR.name)
def test_every_request_has_a_plan(kind: type[Message]):
    """Facts can be read from every request that a method of the contract takes."""
    assert callable(plan_of(kind.DESCRIPTOR))


def test_warm_up():
    """All is made ready without a request; once more does no harm."""
    warm_up()
    warm_up()


def test_codes():
    """The text fields that hold a country are those of two characters; an HS code is called `hs`."""
    codes = {name for name, field in TEXTS.items() if rules(field).string.max_len == 2 or field.name == "hs"}
    assert codes == set(CODES)


def test_ids():
    """What is called an id is compared exactly, but for the e-Cert ID, which people type."""
    ids = {name for name, field in TEXTS.items() if field.name.endswith(("_id", "_ids"))}
    ids = {name for name in ids if not name.endswith(".e_cert_id")}
    assert ids | {"origingate.v1.LineIds.items"} == IDS


def test_keys():
    """The elements that are told apart by a key have one that is always there."""
    keys = [FIELDS[f"{kind}.{key}"] for kind, key in KEYS.items()]
    assert [False] * len(KEYS) == [key.has_presence for key in keys]


def test_messages_that_must_say_something():
    """They are messages of the contract."""
    held = {field.message_type.full_name for field in FIELDS.values() if field.message_type is not None}
    assert held >= MUST_SAY_SOMETHING


def test_patterns():
    """Every pattern of the contract is told in words, and no other."""
    patterns = {
        field.name
        for field in TEXTS.values()
        if rules(field).string.pattern or rules(field).repeated.items.string.pattern
    }
    assert patterns == set(PATTERNS_IN_WORDS)


def test_every_method_has_a_role():
    """Each method of the contract names its role: operators', auditors', rule authors', else order systems'."""
    roles = method_roles()
    assert {"OperatorService", "RulebookService", "SiteService"} == {
        path.split("/")[1].rpartition(".")[2] for path, role in roles.items() if role is Role.OPERATOR
    }
    assert {"ExportEvidence", "GetDecision", "ListActivations", "ListHeads", "Replay"} == {
        path.split("/")[2] for path, role in roles.items() if role is Role.AUDITOR
    }
    assert {"GetRulebook", "GetRulebookStatus", "ListRulebooks", "TestRulebook"} == {
        path.split("/")[2] for path, role in roles.items() if role is Role.RULE_AUTHOR
    }
    assert set(Role) == set(roles.values())
    assert {path.split("/")[1] for path in roles} == set(service_names())


def test_roles_are_the_contracts():
    """The server's roles are those of the contract."""
    from origingate.v1 import options_pb2

    assert {role.value for role in Role} == {
        name.removeprefix("ROLE_") for name in options_pb2.Role.keys()[1:]
    }
