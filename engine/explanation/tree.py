"""An explanation as a tree of JSON, for machines."""

from engine.explanation.model import Clause, Explanation, Place, RuleExplained, State


def as_tree(explanation: Explanation) -> dict[str, object]:
    """The explanation as JSON can hold it: of the question, each rule at each place, and the questions that it uses."""
    gate = explanation.gate
    tree: dict[str, object] = {
        "question": explanation.decision.question,
        "outcome": explanation.decision.outcome,
        "rules": [_rule_tree(rule) for rule in explanation.rules],
        "inner": [as_tree(inner) for inner in explanation.inner],
    }
    if gate is not None:
        clauses = [_clause_tree(clause) for clause in gate.clauses]
        tree["gate"] = {"applies": gate.applies, "else": gate.outcome, "clauses": clauses}
    return {**tree, "otherwise": explanation.otherwise} if explanation.otherwise else tree


def _rule_tree(rule: RuleExplained) -> dict[str, object]:
    tree: dict[str, object] = {
        "rule": rule.rule,
        "reason": rule.reason,
        "outcome": rule.outcome,
        "state": rule.state.value,
    }
    if not rule.places:
        return {**tree, "because": rule.because}
    return {**tree, "places": [_place_tree(place) for place in rule.places]}


def _place_tree(place: Place) -> dict[str, object]:
    tree: dict[str, object] = {
        "place": place.place,
        "state": place.state.value,
        "clauses": [_clause_tree(clause) for clause in place.clauses],
    }
    if place.state is State.UNKNOWN:
        tree |= {"missing": list(place.missing), "errors": list(place.errors), "open": place.open}
    return tree


def _clause_tree(clause: Clause) -> dict[str, object]:
    tree: dict[str, object] = {
        "clause": clause.text,
        "holds": clause.holds,
        "says": clause.says,
        "compared": {one.name: one.value for one in clause.compared},
    }
    if clause.within:
        tree["within"] = list(clause.within)
    if clause.holds is None:
        tree |= {"missing": list(clause.missing), "errors": list(clause.errors)}
    return tree
