"""An explanation as people see it, and as JSON."""

import json
from collections.abc import Iterator
from typing import Final

from google.protobuf import json_format
from origingate.v1 import decision_pb2
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from engine.explanation import Clause, Explanation, Gated, RuleExplained, State, as_tree
from engine.explanation.values import count

_MOST_PLACES: Final = 5
_BECAME: Final = {
    State.FIRED: ("fired", "green"),
    State.UNKNOWN: ("unknown", "yellow"),
    State.STOPPED: ("did not fire", "dim"),
    State.NOT_IN_FORCE: ("not in force", "dim"),
    State.NOT_ENFORCED: ("not enforced", "dim"),
    State.NO_CONSEQUENCE: ("no consequence", "dim"),
}
_MARK: Final = {True: "+", False: "-", None: "?"}


def explanation_view(explanation: Explanation) -> Group:
    """Every rule of the question with what decided about it; of inner questions the rules that count."""
    lines: list[RenderableType] = [Text("")]
    lines += _question(explanation, (explanation.decision.question, "rule by rule"), deciding=False)
    for inner in explanation.inner:
        title = (f"{inner.decision.question}: {inner.decision.outcome}", "on which the answer rests")
        lines += [Text(""), *_question(inner, title, deciding=True)]
    return Group(*lines)


def explanation_json(decision: decision_pb2.Decision, explanation: Explanation) -> str:
    """The decision as the contract's JSON has it, and the explanation beside it."""
    said = {"decision": json_format.MessageToDict(decision), "explanation": as_tree(explanation)}
    return json.dumps(said, ensure_ascii=False, indent=2)


def _question(explanation: Explanation, title: tuple[str, str], deciding: bool) -> Iterator[RenderableType]:
    """A question's gate and rules; of `deciding` ones only those that fired or could change the answer."""
    yield Text.assemble((title[0], "bold"), f", {title[1]}")
    if explanation.gate is not None:
        yield Text(f"its rules apply: {_applies(explanation.gate)}")
        yield from (_clause(clause) for clause in explanation.gate.clauses)
    if explanation.otherwise:
        yield Text(explanation.otherwise)
    table = Table()
    table.add_column("rule", overflow="fold")
    table.add_column("", no_wrap=True)
    table.add_column("gives", overflow="fold")
    table.add_column("why", overflow="fold", ratio=1)
    rules = sorted(explanation.rules, key=_rank)
    shown = [rule for rule in rules if not deciding or _rank(rule) < _SILENT]
    for rule in shown:
        _add(table, rule)
    if shown:
        yield table
    silent = len(rules) - len(shown)
    if silent:
        yield Text(f"{count(silent, 'other rule')} did not decide")


_SILENT: Final = 2


def _rank(rule: RuleExplained) -> int:
    """Rules that fired come first, then those that could change the answer; the others are silent."""
    if rule.state is State.UNKNOWN and not any(place.open for place in rule.places):
        return _SILENT
    if rule.state in (State.FIRED, State.UNKNOWN):
        return int(rule.state is State.UNKNOWN)
    return _SILENT + list(State).index(rule.state)


def _applies(gate: Gated) -> str:
    return {True: "yes", False: "no", None: "unknown"}[gate.applies]


def _add(table: Table, rule: RuleExplained) -> None:
    """One row for each place that is as the rule is; a rule that stopped is shown where it stopped first."""
    word, style = _BECAME[rule.state]
    if not rule.places:
        table.add_row(Text(rule.rule), Text(word, style), Text(rule.outcome), Text(rule.because))
        return
    alike = [place for place in rule.places if place.state is rule.state]
    most = 1 if rule.state is State.STOPPED else _MOST_PLACES
    for number, place in enumerate(alike[:most], start=1):
        why = [*map(_clause, place.clauses)]
        if place.state is State.UNKNOWN and not place.open:
            why.append(Text("it cannot change the answer", "dim"))
        if number == most < len(alike):
            why.append(Text(f"and at {count(len(alike) - most, 'more place')}", "dim"))
        name = Text(f"{rule.rule}\n{place.place}".strip())
        table.add_row(name, Text(word, style), Text(rule.outcome), Text("\n").join(why))


def _clause(clause: Clause) -> Text:
    """The clause after `+` where it is as the rule needs it, `-` where it is not, `?` where it is unknown."""
    inside = " > ".join(definition.partition("(")[0] for definition in clause.within)
    return Text(f"{_MARK[clause.holds]} {f'{inside}: ' if inside else ''}{clause.says}")
