"""Facts as canonical bytes, over which digests are taken and in which they are kept; and facts read back from them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from engine.expression import Duration, Money, Timestamp, render
from engine.expression.conversions import text_to_double, text_to_money
from engine.expression.times import read_duration, read_timestamp
from engine.expression.values import OperationError
from engine.facts import EVERYTHING, Facts, Projection, laid_out_root
from engine.rulebook.dictionary import Dictionary

_quoted: Callable[[str], str] = json.encoder.encode_basestring_ascii


def facts_digest(facts: Facts, readable: Projection) -> str:
    """The digest of the facts that can be read: SHA-256 of their canonical bytes."""
    return Written().digest(facts, readable)


def canonical_bytes(facts: Facts, readable: Projection) -> bytes:
    """The facts that can be read as typed JSON text: the same bytes for the same facts, in any order of keys.

    A value is an array of its type and its text, none is ["none"], and what is not given is left out.
    """
    return Written().bytes(facts, readable)


class Written:
    """Canonical bytes and digests of facts that do not change meanwhile; what facts or questions share is written once.

    Facts share what is the same object in both: those of `{**facts, "certificate": told}` share all but the certificate.
    """

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        self._roots: dict[tuple[int, int], str] = {}
        self._laid: dict[tuple[int, int], dict[str, object]] = {}
        # Objects are known by their ids, which are theirs for as long as they are held.
        self._held: list[object] = []

    def laid_out(self, dictionary: Dictionary, facts: Facts) -> dict[str, object]:
        """See laid_out; nobody changes what is given back."""
        self._held.append(facts)
        laid: dict[str, object] = {}
        for root, type_ in dictionary.roots.items():
            given = facts.get(root)
            key = id(type_), id(given)
            if key not in self._laid:
                self._held.append(type_)
                self._laid[key] = laid_out_root(type_, root, given)
            laid[root] = self._laid[key]
        return laid

    def bytes(self, facts: Facts, readable: Projection) -> bytes:
        """See canonical_bytes."""
        self._held += (facts, readable)
        if "" in readable:
            return self._whole_record(facts).encode()
        held = []
        for root in sorted(facts):
            part = readable.get(root)
            if isinstance(part, dict):
                key = id(facts[root]), id(part)
                text = self._roots.get(key)
                if text is None:
                    text = self._roots[key] = f"{_quoted(root)}:{self._part(facts[root], part)}"
                held.append(text)
        return f"{{{','.join(held)}}}".encode()

    def digest(self, facts: Facts, readable: Projection) -> str:
        """See facts_digest."""
        return f"sha256:{sha256(self.bytes(facts, readable)).hexdigest()}"

    def _record(self, record: Mapping[str, object], readable: Projection) -> str:
        held = []
        for name in sorted(record):
            part = readable.get(name)
            if isinstance(part, dict):
                held.append(f"{_quoted(name)}:{self._part(record[name], part)}")
        return f"{{{','.join(held)}}}"

    def _part(self, value: object, readable: Projection) -> str:
        """What a projection leaves of a value."""
        if "" in readable:
            return self._whole(value)
        if isinstance(value, tuple | list):
            below = readable.get("[]", readable)
            part = below if isinstance(below, dict) else EVERYTHING
            return f'["list",[{",".join([self._part(item, part) for item in value])}]]'
        if isinstance(value, Mapping):
            return f'["record",{self._record(value, readable)}]'
        return self._whole(value)

    def _whole_record(self, record: Mapping[str, object]) -> str:
        # Every decision comes through here for every fact: texts, which most are, cost no call of ours.
        held = [
            f'{_quoted(name)}:["string",{_quoted(fact)}]'
            if isinstance(fact := record[name], str)
            else f"{_quoted(name)}:{self._whole(fact)}"
            for name in sorted(record)
        ]
        return f"{{{','.join(held)}}}"

    def _whole(self, value: object) -> str:
        if isinstance(value, dict):
            text = self._texts.get(id(value))
            if text is None:
                text = self._texts[id(value)] = f'["record",{self._whole_record(value)}]'
            return text
        if isinstance(value, tuple):
            text = self._texts.get(id(value))
            if text is None:
                text = self._texts[id(value)] = (
                    f'["list",[{",".join([self._whole(item) for item in value])}]]'
                )
            return text
        if value is None:
            return '["none"]'
        if value.__class__ not in _KINDS:
            if isinstance(value, list):
                return f'["list",[{",".join([self._whole(item) for item in value])}]]'
            if isinstance(value, Mapping):
                return f'["record",{self._whole_record(value)}]'
        return f'["{_kind(value)}",{_quoted(render(value))}]'


def facts_of(canonical: bytes | str) -> Facts:
    """The facts that canonical bytes stand for. Raises ValueError where they are not such bytes."""
    try:
        form = json.loads(canonical)
        if not isinstance(form, dict):
            raise TypeError(form)
        return {root: _value(below) for root, below in form.items()}
    except (TypeError, ValueError, KeyError, RecursionError, OperationError, InvalidOperation) as error:
        raise ValueError("these are not the canonical bytes of facts") from error


def _value(form: list[Any]) -> object:
    kind, *rest = form
    if kind == "record":
        (held,) = rest
        return {name: _value(below) for name, below in held.items()}
    if kind == "list":
        (held,) = rest
        return tuple([_value(below) for below in held])
    if kind == "none":
        return None
    (text,) = rest
    if not isinstance(text, str):
        raise TypeError(text)
    return text if kind == "string" else _READERS[kind](text)


def _read_bool(text: str) -> bool:
    return {"true": True, "false": False}[text]


def _kind(value: object) -> str:
    if value.__class__ in _KINDS:
        return _KINDS[value.__class__]
    for kind, name in _KINDS.items():
        if isinstance(value, kind):
            return name
    raise TypeError(f"no fact has the type {type(value).__name__}")


# A truth value is a whole number to Python: it comes first.
_KINDS: dict[type, str] = {
    bool: "bool",
    str: "string",
    int: "int",
    Decimal: "decimal",
    Money: "money",
    date: "date",
    Timestamp: "timestamp",
    Duration: "duration",
    float: "double",
}
_READERS: dict[str, Callable[[str], object]] = {
    "bool": _read_bool,
    "int": int,
    "decimal": Decimal,
    "money": text_to_money,
    "date": date.fromisoformat,
    "timestamp": read_timestamp,
    "duration": read_duration,
    "double": text_to_double,
}
