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


def is_given(facts: Facts, path: str) -> bool:
    """Whether a fact has a value, or is known to be none."""
    level: object = facts
    for step in path.split("."):
        if not isinstance(level, Mapping) or step not in level:
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
    return f"sha256:{sha256(canonical_bytes(facts, readable)).hexdigest()}"


def canonical_bytes(facts: Facts, readable: Projection) -> bytes:
    """The facts that can be read as typed JSON text: the same bytes for the same facts, in any order of keys.

    A value is an array of its type and its text, none is ["none"], and what is not given is left out.
    """
    form = _record(facts, readable)
    return json.dumps(form, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


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


def _record(record: Mapping[str, object], readable: Projection) -> dict[str, object]:
    if "" in readable:
        return {name: _form(value, _EVERYTHING) for name, value in record.items()}
    below = {name: readable.get(name) for name in record}
    return {name: _form(record[name], inside) for name, inside in below.items() if isinstance(inside, dict)}


def _form(value: object, readable: Projection) -> object:
    # Every decision comes through here for every fact: what is most frequent is asked first.
    if value.__class__ is str:
        return ["string", value]
    if value is None:
        return ["none"]
    if isinstance(value, dict | Mapping):
        return ["record", _record(value, readable)]
    if isinstance(value, tuple | list):
        below = readable.get("[]", readable)
        inside = below if isinstance(below, dict) else _EVERYTHING
        return ["list", [_form(item, inside) for item in value]]
    return [_kind(value), render(value)]


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    for kind, name in _KINDS.items():
        if isinstance(value, kind):
            return name
    raise TypeError(f"no fact has the type {type(value).__name__}")


_KINDS: dict[type, str] = {
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
