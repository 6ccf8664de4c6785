"""How facts are called in a sentence: "the order's destination", or for a yes or no what its meaning says."""

from __future__ import annotations

import re
from typing import Final

from engine.expression import BOOL, INT, RecordType, Type
from engine.expression import tree as t
from engine.expression.types import strip
from engine.rulebook.dictionary import Dictionary, Field

_SENTENCE_END: Final = re.compile(r"\.\s+(?=[A-Z])|\.$|;")
_WHETHER: Final = re.compile(r"(?:.*:\s*)?whether\s+(.+)", re.IGNORECASE | re.DOTALL)
_VERBS: Final = {"is": "is not", "are": "are not", "was": "was not", "were": "were not"}
_PREPOSITIONS: Final = frozenset({"on", "in", "at", "by", "to", "from", "of", "for"})
_KINDS: Final = {"date": "date", "timestamp": "moment", "country": "country"}
_BEGINS_MORE: Final = frozenset({"that", "which", "who", "whose", "when", "where", "if", "and", "or", "but"})


def field_of(node: t.Node, dictionary: Dictionary) -> Field | None:
    """What the dictionary says of a fact or a field of a record; None for anything else."""
    if not isinstance(node, t.Select | t.Has):
        return None
    holder = strip(node.operand.type)
    if not isinstance(holder, RecordType):
        return None
    record = dictionary.records.get(holder.name)
    if record is not None and record.type is holder:
        return record.fields.get(node.field)
    return dictionary.facts.get(f"{holder.name}.{node.field}")


def spaced(name: str) -> str:
    """A name with blanks for its underscores."""
    return name.replace("_", " ").strip()


def called(name: str, field: Field | None, type_: Type) -> str:
    """What a field is called: `originating_value` is "originating value", `certified_on` "certified-on date".

    `hs` is "HS" where its meaning writes it so; a whole number of things is a "number of" them.
    """
    said = set(re.findall(r"\w+", field.meaning)) if field is not None else set()
    words = [word.upper() if word.upper() in said else word for word in name.split("_") if word] or [name]
    kind = strip(type_)
    if len(words) > 1 and words[-1] in _PREPOSITIONS:
        return f"{'-'.join(words)} {_KINDS.get(kind.name, 'value')}"
    unit = field.unit if field is not None else ""
    if kind == INT and (unit.endswith("s") or words[-1].endswith("s")):
        counted = words if unit in ("", *words) or " " in unit else [unit, *words]
        return f"number of {' '.join(counted)}"
    return " ".join(words)


def whether(field: Field | None, holder: str) -> str | None:
    """What is so where a yes-or-no fact is true, from its meaning "Whether ..."; None where it says no such thing."""
    if field is None or strip(field.type) != BOOL:
        return None
    found = _WHETHER.fullmatch(_SENTENCE_END.split(field.meaning.strip())[0].strip())
    if found is None:
        return None
    said = " ".join(found.group(1).split())
    said = re.sub(r"^it\b", holder, said, flags=re.IGNORECASE)
    return re.sub(r"\bit$", holder, said)


def negated(clause: str) -> str:
    """That a clause is not so; the verb is turned only where there is no doubt which one it is."""
    words = clause.split(" ")
    verb = next((number for number, word in enumerate(words) if word in _VERBS), None)
    if verb is None or "," in clause or _BEGINS_MORE & set(words):
        return f"it is not so that {f'({clause})' if ',' in clause else clause}"
    return " ".join([*words[:verb], _VERBS[words[verb]], *words[verb + 1 :]])


def possessive(holder: str) -> str:
    """Whose something is."""
    return f"{holder}'" if holder.endswith("s") else f"{holder}'s"
