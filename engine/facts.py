"""Facts: read from text by the dictionary, laid out for conditions, and put into canonical bytes for digests.

Facts are plain dicts by root: `{"order": {"destination": "US", "lines": ({...}, ...)}}`. A key that is absent
is not given; None is known to be none. Lists are tuples.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

from engine.expression import Duration, Money, Timestamp, render
from engine.expression.conversions import text_to_double, text_to_money
from engine.expression.faults import nearest
from engine.expression.times import read_duration, read_timestamp
from engine.expression.types import RecordType
from engine.expression.values import OperationError
from engine.rulebook.dictionary import Dictionary, Fact
from engine.rulebook.typed import Mistake, read_value

Facts = Mapping[str, object]
Projection = Mapping[str, object]

_EVERYTHING: Projection = {"": True}
_quoted: Callable[[str], str] = json.encoder.encode_basestring_ascii


def read_facts(dictionary: Dictionary, raw: Mapping[str, object]) -> tuple[Facts, tuple[Mistake, ...]]:
    """Facts from nested texts (YAML, or JSON with numbers as text, int or Decimal), and their mistakes.

    None stands for "known to be none". Where there are mistakes the facts are not to be used.
    """
    mistakes: list[Mistake] = []
    facts: dict[str, object] = {}
    for root, below in raw.items():
        type_ = dictionary.roots.get(root)
        if type_ is None:
            near = nearest(root, dictionary.roots)
            mend = (
                f"write `{near}`"
                if near
                else f"facts begin with one of {', '.join(sorted(dictionary.roots))}"
            )
            mistakes.append(Mistake(root, "unknown-fact", f"unknown fact `{root}`", mend))
        else:
            facts[root] = read_value(below, type_, root, mistakes)
    return facts, tuple(mistakes)


def laid_out(dictionary: Dictionary, facts: Facts) -> dict[str, object]:
    """The facts with every namespace present, so that what is missing is named by the fact itself."""
    return {root: _laid_out(type_, root, facts.get(root)) for root, type_ in dictionary.roots.items()}


def _laid_out(type_: RecordType, path: str, given: object) -> dict[str, object]:
    level = dict(given) if isinstance(given, Mapping) else {}
    for name, below in type_.fields.items():
        if isinstance(below, RecordType) and below.name == f"{path}.{name}":
            level[name] = _laid_out(below, below.name, level.get(name))
    return level


def projection(reads: Iterable[str]) -> Projection:
    """The tree of the paths that a question can read; a path stands for everything under it."""
    tree: dict[str, object] = {}
    for path in sorted(reads):
        level = tree
        *above, last = _steps(path)
        for step in above:
            below = level.setdefault(step, {})
            if not isinstance(below, dict) or below is _EVERYTHING:
                break
            level = below
        else:
            level[last] = _EVERYTHING
    return tree


def read_of(dictionary: Dictionary, reads: Iterable[str]) -> tuple[Fact, ...]:
    """The entries of the dictionary of which some part is read, by path."""
    paths = [_steps(path) for path in reads]
    facts = (fact for _, fact in sorted(dictionary.facts.items()))
    return tuple(fact for fact in facts if any(_meet(_steps(fact.name), path) for path in paths))


def is_given(facts: Facts, steps: Iterable[str]) -> bool:
    """Whether the fact that these steps lead to has a value, or is known to be none."""
    level: object = facts
    for step in steps:
        if not isinstance(level, dict | Mapping) or step not in level:
            return False
        level = level[step]
    return True


def _steps(path: str) -> list[str]:
    return path.replace("[]", ".[]").split(".")


def _meet(one: list[str], other: list[str]) -> bool:
    """Whether one path leads to the other, or both are the same."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def facts_digest(facts: Facts, readable: Projection) -> str:
    """The digest of the facts that can be read: SHA-256 of their canonical bytes."""
    return Written(facts).digest(readable)


def canonical_bytes(facts: Facts, readable: Projection) -> bytes:
    """The facts that can be read as typed JSON text: the same bytes for the same facts, in any order of keys.

    A value is an array of its type and its text, none is ["none"], and what is not given is left out.
    """
    return Written(facts).bytes(readable)


class Written:
    """Canonical bytes and digests of facts that do not change meanwhile; what questions share is written once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._texts: dict[int, str] = {}

    def bytes(self, readable: Projection) -> bytes:
        """See canonical_bytes."""
        return self._record(self._facts, readable).encode()

    def digest(self, readable: Projection) -> str:
        """See facts_digest."""
        return f"sha256:{sha256(self.bytes(readable)).hexdigest()}"

    def _record(self, record: Mapping[str, object], readable: Projection) -> str:
        if "" in readable:
            return self._whole_record(record)
        held = []
        for name in sorted(record):
            part = readable.get(name)
            if isinstance(part, dict):
                written = self._whole(record[name]) if "" in part else self._part(record[name], part)
                held.append(f"{_quoted(name)}:{written}")
        return f"{{{','.join(held)}}}"

    def _part(self, value: object, readable: Projection) -> str:
        """What a projection leaves of a value."""
        if isinstance(value, tuple | list):
            below = readable.get("[]", readable)
            part = below if isinstance(below, dict) else _EVERYTHING
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
