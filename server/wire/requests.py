"""From a request to facts: the contract's rules of form, then ours, and everything wrong at once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import protovalidate
from google.protobuf.message import Message

from engine.rulebook import ALL_STANDINGS, Standing
from server.errors import RequestInvalid, Violation
from server.wire.methods import request_types
from server.wire.plan import plan_of
from server.wire.reading import Reading

Facts = Mapping[str, Any]

_ROOTS: Final = ("site", "order", "declaration")
_COMPLETE_BELOW: Final = 5000
_KEPT: Final = 100
_NUMBER = re.compile(r"([0-9]+)")

_CASE_NAME: Final = 'write "cases/" and the 32 hex digits that ProcessOrder answered'

# The contract's patterns, in words. A test holds the table against the contract.
PATTERNS_IN_WORDS: Final[Mapping[str, str]] = {
    "hs": 'an HS code is digits, with dots if you like, and begins with two digits, e.g. "7213.20"',
    "language": 'write the two small letters of ISO 639-1, e.g. "es"',
    "name": _CASE_NAME,
    "names": _CASE_NAME,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says: facts by root (`site`, `order`, `declaration`), and what to assume.

    `use` is the certificate that the order is to stand under, where it names one; `pin` the rulebook to decide by, by its
    digest or by a day on which it was active.
    """

    facts: Facts
    on: date | None
    enforce: tuple[Standing, ...] | None
    use: Facts | None = None
    pin: str | date | None = None

    @property
    def hypothetical(self) -> bool:
        """Whether the caller chose day, standings or rulebook: a screening then, not a decision of record."""
        return self.on is not None or self.enforce is not None or self.pin is not None


def read(request: Message) -> Asked:
    """The facts of a request. Raises RequestInvalid with all that is wrong with its form.

    The items of a batch are left out: read each by itself, so that a bad one never fails the others.
    """
    reading = Reading()
    said: Any = plan_of(request.DESCRIPTOR)(request, None, reading)
    _hold_form(request, reading)
    facts = {root: said[root] for root in _ROOTS if root in said}
    if "hypothesis" not in said:
        return Asked(facts, None, None, said.get("use"))
    hypothesis = said["hypothesis"]
    enforce = tuple(standing for standing in ALL_STANDINGS if standing.name in hypothesis.get("enforce", ()))
    pin = hypothesis.get("rulebook_digest") or hypothesis.get("rulebook_of")
    return Asked(facts, hypothesis.get("on"), enforce or None, pin=pin)


def warm_up() -> None:
    """Makes every plan and compiles the contract's rules, which otherwise the first caller would wait for."""
    for kind in request_types():
        plan_of(kind.DESCRIPTOR)
        protovalidate.collect_violations(kind())


def _hold_form(request: Message, reading: Reading) -> None:
    """Raises RequestInvalid where our reading or the contract's own rules found a fault."""
    if any(fault.rule in ("repeated.max_items", "none.paths") for fault in reading.faults):
        # The contract's rules would go over every element before they say the same.
        raise RequestInvalid(_in_order(reading.faults), reading.total)
    breaches = protovalidate.collect_violations(request, fail_fast=reading.elements > _COMPLETE_BELOW)
    if not breaches and not reading.faults:
        return
    named = {fault.field for fault in reading.faults}
    theirs = [violation for violation in map(_violation, breaches[:_KEPT]) if violation.field not in named]
    others = max(len(breaches) - _KEPT, 0)
    raise RequestInvalid(_in_order([*reading.faults, *theirs]), reading.total + len(theirs) + others)


def _in_order(violations: Iterable[Violation]) -> list[Violation]:
    """By place, item 2 before item 10."""
    return sorted(violations, key=lambda violation: [
        (int(part), "") if part.isdigit() else (0, part) for part in _NUMBER.split(violation.field)
    ])  # fmt: skip


def _violation(breach: protovalidate.Violation) -> Violation:
    proto = breach.proto
    field = ""
    for element in proto.field.elements if proto.field else ():
        field += f".{element.field_name}" if field else element.field_name
        if element.subscript is not None:
            field += f"[{element.subscript.value}]"
    last = field.rpartition(".")[2].partition("[")[0]
    text = PATTERNS_IN_WORDS.get(last) if proto.rule_id == "string.pattern" else None
    return Violation(field, proto.rule_id, text or proto.message)
