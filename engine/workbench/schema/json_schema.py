"""JSON Schema (2020-12) of rule files, for editors: made of the keys that the readers accept.

YAML is read here as an editor reads it, where a bare `12.5` is a number and a bare `true` a truth value; to the
rulebook all of them are texts. The names of a rulebook are offered, never demanded: who writes a new outcome or fact
is not told off before the schema is written anew, and `origingate rules check` knows better anyway.
"""

from __future__ import annotations

import re

from engine.workbench.given import PATH
from engine.workbench.schema.model import (
    Anything,
    Either,
    Form,
    Given,
    Items,
    Keys,
    Kind,
    Named,
    Text,
    Vocabulary,
)
from engine.workbench.schema.names import NO_NAMES, Names
from engine.workbench.schema.question import QUESTION
from engine.workbench.schema.rulebook import FACTS, RULEBOOK
from engine.workbench.schema.tests import TESTS

Schema = dict[str, object]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FORMS = {"rulebook": RULEBOOK, "facts": FACTS, "question": QUESTION, "tests": TESTS}
"""The kinds of rule files, by the name of their schema."""

_SCALAR = ["string", "number", "boolean"]
_SAYS_SOMETHING = "\\S"
_FACT_PATH = PATH.pattern
_GIVEN: dict[str, Schema] = {
    "given": {
        "if": {"type": "object"},
        "then": {
            "propertyNames": {"pattern": f"^(?:{_FACT_PATH})$"},
            "additionalProperties": {"$ref": "#/$defs/given"},
        },
        "else": {"items": {"$ref": "#/$defs/given"}},
    }
}
_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def schemas(names: Names = NO_NAMES) -> dict[str, Schema]:
    """The schema of each kind of rule file; `names` are those that an editor offers."""
    return {
        kind: {
            "$schema": DRAFT,
            "title": form.says,
            **_schema(form, names),
            "$defs": _offered(form, names) | _GIVEN,
        }
        for kind, form in FORMS.items()
    }


def _schema(form: Form, names: Names) -> Schema:
    match form:
        case Text():
            return _text(form, names)
        case Items():
            return {"type": "array", "items": _schema(form.of, names)} | (
                {} if form.may_be_empty else {"minItems": 1}
            )
        case Named():
            return _named(form, names)
        case Keys():
            return _keys(form, names)
        case Either():
            return {"anyOf": [_schema(one, names) for one in form.forms]}
        case Given():
            return {"$ref": "#/$defs/given"}
        case Anything():
            return {}


def _text(form: Text, names: Names) -> Schema:
    if form.kind is Kind.FLAG:
        return {"enum": [True, False, "true", "false"]}
    if form.kind is Kind.LETTERS:
        return {"type": [*_SCALAR, "null"]}
    if form.kind is Kind.DATE:
        return {"type": "string", "pattern": _DATE}
    if form.choices:
        return {"enum": list(form.choices)}
    free: Schema = {"type": _SCALAR, "pattern": _SAYS_SOMETHING}
    if form.pattern:
        types: object = _SCALAR[:2] if re.fullmatch(form.pattern, "1") else "string"
        free = {"type": types, "pattern": f"^(?:{form.pattern})$"}
    if form.offers is None or not names.get(form.offers):
        return free
    return {"anyOf": [{"$ref": f"#/$defs/{form.offers.value}"}, free]}


def _named(form: Named, names: Names) -> Schema:
    schema: Schema = {"type": "object", "additionalProperties": _schema(form.of, names)}
    if form.pattern:
        schema["propertyNames"] = {"pattern": f"^(?:{form.pattern})$"}
    if form.least:
        schema["minProperties"] = form.least
    offered = names.get(form.offers, {}) if form.offers is not None else {}
    if offered:
        schema["properties"] = {
            name: _described(_schema(form.of, names), says) for name, says in offered.items()
        }
    return schema


def _keys(form: Keys, names: Names) -> Schema:
    properties = {key.name: _described(_schema(key.form, names), key.says) for key in form.keys}
    schema: Schema = {"type": "object", "description": form.says, "properties": properties}
    if form.required:
        schema["required"] = list(form.required)
    if form.any_of:
        schema["anyOf"] = [{"required": [name]} for name in form.any_of]
    if form.one_of:
        schema["oneOf"] = [{"required": [name]} for name in form.one_of]
    if form.together:
        schema["dependentRequired"] = {
            first: [second for one, second in form.together if one == first] for first, _ in form.together
        }
    if form.facts:
        facts = names.get(Vocabulary.FACT, {})
        schema["properties"] = properties | {path: {"description": says} for path, says in facts.items()}
        schema["propertyNames"] = {"pattern": f"^(?:{_FACT_PATH})$"}
        schema["additionalProperties"] = {"$ref": "#/$defs/given"}
    else:
        schema["additionalProperties"] = False
    return schema


def _described(schema: Schema, says: str) -> Schema:
    return {"description": says, **schema} if says else schema


def _offered(form: Form, names: Names) -> dict[str, Schema]:
    """Each name as a constant with its meaning, so that an editor shows it."""
    return {
        kind.value: {"anyOf": [_described({"const": name}, says) for name, says in offered.items()]}
        for kind, offered in names.items()
        if offered and kind in _used(form)
    }


def _used(form: Form) -> set[Vocabulary]:
    match form:
        case Text():
            return {form.offers} if form.offers is not None else set()
        case Items() | Named():
            return _used(form.of)
        case Keys():
            return {kind for key in form.keys for kind in _used(key.form)}
        case Either():
            return {kind for one in form.forms for kind in _used(one)}
        case Anything() | Given():
            return set()
