"""why_not: the changes that were found, verified by `decide`, put together and into words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from engine.decide import UnknownQuestionError, decide
from engine.decision import Decision, Finding
from engine.expression import Money
from engine.facts import Facts
from engine.rulebook.model import Question, Rulebook
from engine.rulebook.standing import DEFAULT_ENFORCE, Standing
from engine.workbench.pages.reading import rule_facts
from engine.workbench.why_not.changing import at, changed, generic, steps_key
from engine.workbench.why_not.model import Change, Changes, Offer, Taken, WhyNot
from engine.workbench.why_not.search import Search
from engine.workbench.why_not.standing import Setting
from engine.workbench.why_not.words import in_words, stated_by

_ORDER = ("caller", "server", "platform")


class NoGoalError(ValueError):
    """It is not said which answer is wanted, or no such answer exists."""


def why_not(
    rulebook: Rulebook,
    question: str,
    facts: Facts,
    on: date,
    enforce: Iterable[str] = DEFAULT_ENFORCE,
    *,
    outcome: str | None = None,
    most_changes: int = 3,
    most_offers: int = 5,
    most_tries: int = 3_000,
    told: Callable[[int], None] = lambda tries: None,
) -> WhyNot:
    """The smallest sets of changes with which the answer would be favourable, or `outcome`.

    Size counts facts changed, at most `most_changes`; see `search` for what minimal means. Sets that callers can
    bring about come first, then smaller ones. Raises NoGoalError where the question has no favourable
    outcomes and none is named, or has no such outcome; and what `decide` raises.
    """
    standings = tuple(Standing(one) for one in enforce)
    decision = decide(rulebook, question, facts, on, standings)
    asked = rulebook.questions[question]
    wanted = _wanted(asked, outcome)
    names = tuple(one for one in asked.outcomes if one in wanted)
    if wanted.issuperset(decision.possible):
        return WhyNot(decision, names, True, (), None, most_changes, 0, False)
    setting = Setting(rulebook, on, frozenset(standings))
    search = Search(setting, asked, facts, wanted, most_changes, most_offers, most_tries)
    found = search.run(told)
    tries = found.tries

    def offer(changes: Changes, also: dict[str, tuple[object, ...]]) -> Offer:
        new = changed(facts, changes)
        after = decide(rulebook, question, new, on, standings)
        parts = tuple(
            Change(
                path,
                at(facts, path),
                changes[path],
                stated_by(rulebook, path),
                in_words(rulebook, facts, path, changes, also.get(path, ()), search.helps),
                also.get(path, ()),
            )
            for path in sorted(
                changes, key=lambda path: (_ORDER.index(stated_by(rulebook, path)), steps_key(path))
            )
        )
        return Offer(parts, new, after, _remedies(rulebook, decision, after, changes))

    offers = [offer(changes, also) for changes, also in _together(_distinct(found.sets))]
    offers.sort(key=_first)
    nearest = offer(found.nearest, {}) if found.nearest is not None and not offers else None
    return WhyNot(
        decision, names, False, tuple(offers[:most_offers]), nearest, most_changes, tries, found.cut
    )


def _wanted(question: Question, outcome: str | None) -> frozenset[str]:
    if outcome is None:
        if question.favourable is None:
            raise NoGoalError(
                f"the question `{question.name}` names no favourable outcomes; say which one is wanted: "
                f"{', '.join(question.outcomes)}"
            )
        return question.favourable
    if outcome not in question.outcomes:
        raise NoGoalError(
            f"the question `{question.name}` has no outcome `{outcome}`; it has {', '.join(question.outcomes)}"
        )
    return frozenset({outcome})


def _first(offer: Offer) -> tuple[int, int, list[tuple[tuple[str, int], ...]], str]:
    """Offers that callers can bring about come first, then smaller ones, then by the paths of facts."""
    others = sum(change.stated_by != "caller" for change in offer.changes)
    paths = [steps_key(change.path) for change in offer.changes]
    return (others, len(offer.changes), paths, repr([change.after for change in offer.changes]))


def _distinct(sets: list[Changes]) -> list[Changes]:
    """The sets without those that are another one again, only with more taken out or another number.

    Of two sets with the same facts that differ in numbers, dates or amounts the nearer one is kept: how far its values
    reach is told with it. Where several elements stand in the way, one is not taken out and the other one changed.
    """
    kept: list[Changes] = []
    for changes in sets:
        alike = (one for one in sets if one is not changes and len(one) == len(changes) > 1)
        if any(_takes_out_what_the_other_changes(changes, one) for one in alike):
            continue
        if not any(_same_but_numbers(changes, one) for one in kept):
            kept.append(changes)
    return kept


def _takes_out_what_the_other_changes(one: Changes, other: Changes) -> bool:
    if one.keys() == other.keys():
        return False
    left = set(other)
    for path, value in one.items():
        prefix = (f"{path}.",) if value is Taken.OUT else ()
        match = next(
            (each for each in sorted(left) if each == path or (prefix and each.startswith(prefix))), None
        )
        if match is None:
            return False
        left.remove(match)
    return True


def _same_but_numbers(one: Changes, other: Changes) -> bool:
    if one.keys() != other.keys():
        return False
    differing = [path for path in one if repr(one[path]) != repr(other[path])]
    return all(_is_ordered(one[path]) and type(one[path]) is type(other[path]) for path in differing)


def _is_ordered(value: object) -> bool:
    return isinstance(value, int | Decimal | Money | date) and not isinstance(value, bool)


def _together(sets: list[Changes]) -> list[tuple[Changes, dict[str, tuple[object, ...]]]]:
    """Sets that differ in the value of one fact only, as one with the other values beside it."""
    left = list(sets)
    grouped: list[tuple[Changes, dict[str, tuple[object, ...]]]] = []
    while left:
        first = left.pop(0)
        best: tuple[str, list[Changes]] = ("", [])
        for path in first:
            alike = [one for one in left if _differ_at(first, one, path)]
            if len(alike) > len(best[1]):
                best = (path, alike)
        path, alike = best
        left = [one for one in left if all(one is not other for other in alike)]
        grouped.append((first, {path: tuple(one[path] for one in alike)} if alike else {}))
    return grouped


def _differ_at(one: Changes, other: Changes, path: str) -> bool:
    return one.keys() == other.keys() and all(
        repr(one[name]) == repr(other[name]) for name in one if name != path
    )


def _remedies(rulebook: Rulebook, before: Decision, after: Decision, changes: Changes) -> tuple[str, ...]:
    """The remedies of the rules that read a changed fact, speak against the order now, and would not any more."""
    still = {(name, finding.rule, finding.place) for name, finding in _against(rulebook, after)}
    gone = [
        (name, one) for name, one in _against(rulebook, before) if (name, one.rule, one.place) not in still
    ]
    paths = [generic(path) for path in changes]
    return tuple(
        dict.fromkeys(
            finding.remedy
            for name, finding in gone
            if finding.remedy and _reads(rulebook, name, finding, paths)
        )
    )


def _against(rulebook: Rulebook, decision: Decision) -> Iterable[tuple[str, Finding]]:
    """The findings that no favourable outcome follows from, with their question; those of the questions inside too."""
    favourable = rulebook.questions[decision.question].favourable
    if favourable is not None:
        yield from ((decision.question, one) for one in decision.findings if one.outcome not in favourable)
    for inner in decision.inner:
        yield from _against(rulebook, inner)


def _reads(rulebook: Rulebook, question: str, finding: Finding, paths: list[str]) -> bool:
    rule = next((one for one in rulebook.questions[question].rules if one.name == finding.rule), None)
    facts = rule_facts(rulebook, rule) if rule is not None else frozenset()
    return any(_meet(fact, path) for fact in facts for path in paths)


def _meet(one: str, other: str) -> bool:
    """Whether one path is the other, or leads to it."""
    short, long = sorted((one, other), key=len)
    return long == short or long.startswith((f"{short}.", f"{short}["))


__all__ = ["NoGoalError", "UnknownQuestionError", "why_not"]
