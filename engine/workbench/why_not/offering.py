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
from engine.workbench.why_not.words import in_words, meaning_of, stated_by

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
    bring about come first, then smaller ones, then those that only give what is missing. Raises NoGoalError
    where the question has no favourable outcomes and none is named, or has no such outcome; and what `decide`
    raises.
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
                meaning_of(rulebook, path),
                in_words(rulebook, facts, path, changes, also.get(path, ()), search.helps),
                also.get(path, ()),
            )
            for path in sorted(
                changes, key=lambda path: (_ORDER.index(stated_by(rulebook, path)), steps_key(path))
            )
        )
        return Offer(parts, new, after, _remedies(rulebook, decision, after, changes))

    offers = [offer(changes, also) for changes, also in _together(_distinct(found.sets), search.helps)]
    offers.sort(key=_first)
    nearest = offer(found.nearest, {}) if found.nearest is not None and not offers else None
    return WhyNot(
        decision, names, False, tuple(offers[:most_offers]), nearest, most_changes, tries, found.cut
    )


def _wanted(question: Question, outcome: str | None) -> frozenset[str]:
    if outcome is None:
        if question.favourable is None:
            raise NoGoalError(
                f"the question `{question.name}` names no favourable outcomes; say which of "
                f"{', '.join(question.outcomes)} is wanted"
            )
        return question.favourable
    if outcome not in question.outcomes:
        raise NoGoalError(
            f"the question `{question.name}` has no outcome `{outcome}`; it has {', '.join(question.outcomes)}"
        )
    return frozenset({outcome})


def _first(offer: Offer) -> tuple[int, int, int, int, list[tuple[tuple[str, int], ...]], str]:
    """What comes first: what callers can bring about, fewer facts, facts that were missing, nothing taken away."""
    others = sum(change.stated_by != "caller" for change in offer.changes)
    stated = sum(change.before is not Taken.ABSENT for change in offer.changes)
    drastic = sum(
        change.after in (None, Taken.OUT) or isinstance(change.after, dict) for change in offer.changes
    )
    paths = [steps_key(change.path) for change in offer.changes]
    return (
        others,
        len(offer.changes),
        stated,
        drastic,
        paths,
        repr([change.after for change in offer.changes]),
    )


def _distinct(sets: list[Changes]) -> list[Changes]:
    """The sets without those that take an element out where another one changes a fact in it, and all else is alike.

    One such set alone is worth knowing; among several elements every mixture would be one more.
    """
    several = [one for one in sets if len(one) > 1]
    return [
        changes
        for changes in sets
        if len(changes) == 1
        or not any(
            _takes_out_what_the_other_changes(changes, one) for one in several if len(one) == len(changes)
        )
    ]


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


def _together(
    sets: list[Changes], helps: Callable[[Changes], bool]
) -> list[tuple[Changes, dict[str, tuple[object, ...]]]]:
    """One set for those that change the same facts, where each of its values may be exchanged by itself.

    The others' words and texts stand beside it; how far its numbers, dates and amounts reach is told with them.
    """
    grouped: list[tuple[Changes, dict[str, tuple[object, ...]]]] = []
    for changes in sets:
        for first, also in grouped:
            if first.keys() != changes.keys():
                continue
            other = {path: value for path, value in changes.items() if repr(value) != repr(first[path])}
            if all(
                _alike(first[path], value) and helps({**first, path: value}) for path, value in other.items()
            ):
                for path, value in other.items():
                    if isinstance(value, str) and value not in also.get(path, ()):
                        also[path] = (*also.get(path, ()), value)
                break
        else:
            grouped.append((changes, {}))
    return grouped


def _alike(one: object, other: object) -> bool:
    return type(one) is type(other) and isinstance(one, str | int | Decimal | Money | date)


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
