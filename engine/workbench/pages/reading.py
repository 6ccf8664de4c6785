"""Which facts the parts of a rulebook read, and what the dictionary says of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.expression import RecordType
from engine.expression.types import strip
from engine.rulebook.dictionary import Dictionary, Fact, Field, step_into
from engine.rulebook.model import Question, Reading, Rule, Rulebook, Statement

_ELEMENT = "[]"


def rule_facts(rulebook: Rulebook, rule: Rule) -> frozenset[str]:
    """The paths of all facts that a rule reads: in its condition, its values, its texts, and the lists it goes over."""
    stands_for: dict[str, str] = {}
    for loop in rule.each:
        stands_for[loop.variable] = _from_fact(loop.path.text, stands_for) + _ELEMENT
    texts = [rule.because, rule.remedy, *(reading.because for reading in readings(rule))]
    found = rule.when.reads.union(*(value.reads for _, value in rule.values))
    found = found.union(*(text.reads for text in texts if text is not None))
    facts = _facts(rulebook, (_from_fact(path, stands_for) for path in found))
    lists = {path.removesuffix(_ELEMENT) for path in stands_for.values()}
    return facts | {path for path in lists if not any(other.startswith(path + _ELEMENT) for other in facts)}


def question_facts(rulebook: Rulebook, question: Question) -> frozenset[str]:
    """The paths of all facts that a question reads itself; those of the questions it uses are theirs."""
    found = _facts(rulebook, question.gate.applies.reads) if question.gate is not None else frozenset()
    for statement in statements(question):
        found |= statement_facts(rulebook, statement)
    return found.union(*(rule_facts(rulebook, rule) for rule in question.rules))


def statement_facts(rulebook: Rulebook, statement: Statement) -> frozenset[str]:
    """The paths of the facts in the texts of `otherwise` or `else`."""
    remedy = statement.remedy.reads if statement.remedy is not None else frozenset()
    return _facts(rulebook, statement.because.reads | remedy)


def statements(question: Question) -> tuple[Statement, ...]:
    """What the question says where no rule decides."""
    return (*((question.gate.otherwise,) if question.gate is not None else ()), question.otherwise)


def readings(rule: Rule) -> tuple[Reading, ...]:
    """The readings of the rule's text; none where it is clear."""
    return rule.readings.all if rule.readings is not None else ()


@dataclass(frozen=True, slots=True)
class Described:
    """A path as the dictionary has it: the fact it begins with, the field it ends in, and that field's record.

    `record` is empty where the path is a fact itself. All are None or empty for a path above facts.
    """

    path: str
    fact: Fact | None
    field: Field | None
    record: str = ""


def described(dictionary: Dictionary, path: str) -> Described:
    """What the dictionary says of a path such as `declaration.goods[].hs`."""
    fact = next((fact for name, fact in dictionary.facts.items() if _begins(path, name)), None)
    if fact is None:
        return Described(path, None, None)
    type_, field, record = fact.type, fact, ""
    end: Field = field
    for step in path[len(fact.name) :].replace(_ELEMENT, f".{_ELEMENT}").split(".")[1:]:
        inner = strip(type_)
        if isinstance(inner, RecordType):
            record = inner.name
            end = dictionary.records[record].fields[step]
        type_ = step_into(type_, step) or type_
    return Described(path, fact, end, record)


def _begins(path: str, fact: str) -> bool:
    return path == fact or path.startswith((f"{fact}.", f"{fact}["))


def _from_fact(path: str, stands_for: dict[str, str]) -> str:
    """A path that may begin with a loop's name, from the fact on."""
    root = _root(path)
    return stands_for.get(root, root) + path[len(root) :]


def _facts(rulebook: Rulebook, paths: Iterable[str]) -> frozenset[str]:
    return frozenset(path for path in paths if _root(path) in rulebook.facts.roots)


def _root(path: str) -> str:
    return path.split(".")[0].split("[")[0]
