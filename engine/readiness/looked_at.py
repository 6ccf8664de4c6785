"""What an enterprise's own orders come to: scope, the certification's elements, and each fact that the questions need.

A pure function of orders; counts of parts add up, in any order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from engine.decide import decide_several
from engine.decision import Decision
from engine.facts import Facts, anywhere, read_facts
from engine.readiness.fields import Fields, Told, is_callers, needed, without
from engine.rulebook.model import Rulebook
from engine.rulebook.standing import DEFAULT_ENFORCE, Standing

SCOPE: Final = "scope"
CERTIFICATION: Final = "certification"
READINESS: Final = "readiness"
FIRST: Final = 10
"""Of the orders that could not be read so many are shown; all are counted."""


@dataclass(slots=True)
class Element:
    """What a certification lacks: in how many orders, in the words of the first of them, and how to mend it."""

    orders: int
    first: tuple[str, str, str]

    def add(self, other: Element) -> None:
        """Adds other orders."""
        self.orders += other.orders
        self.first = min(self.first, other.first)


@dataclass(slots=True)
class Orders:
    """Counts over orders. `ours` are the facts that questions lacked and no caller states, by path.

    `scope_missing` and `certification_missing` have how many orders are undetermined for want of which facts of a caller.
    Of orders that are certainly out of scope nothing else is asked.
    """

    orders: int = 0
    scope: Counter[str] = field(default_factory=Counter)
    scope_missing: Counter[tuple[str, ...]] = field(default_factory=Counter)
    certification: Counter[str] = field(default_factory=Counter)
    certification_missing: Counter[str] = field(default_factory=Counter)
    elements: dict[str, Element] = field(default_factory=dict)
    fields: Fields = field(default_factory=Fields)
    ours: Counter[str] = field(default_factory=Counter)
    sites: Counter[str] = field(default_factory=Counter)
    unread: int = 0
    unread_first: tuple[tuple[str, str], ...] = ()

    def add(self, other: Orders) -> None:
        """Adds other orders."""
        self.orders += other.orders
        self.scope.update(other.scope)
        self.scope_missing.update(other.scope_missing)
        self.certification.update(other.certification)
        self.certification_missing.update(other.certification_missing)
        for reason, element in other.elements.items():
            self.lacks(reason, element)
        self.fields.add(other.fields)
        self.ours.update(other.ours)
        self.sites.update(other.sites)
        self.unread += other.unread
        self._keep(other.unread_first)

    def unreadable(self, place: str, why: str) -> None:
        """Counts an order that could not be read."""
        self.unread += 1
        self._keep([(place, why)])

    def lacks(self, reason: str, element: Element) -> None:
        """Counts orders whose certification lacks something, by the reason of the rule that says so."""
        held = self.elements.get(reason)
        if held is None:
            self.elements[reason] = Element(element.orders, element.first)
        else:
            held.add(element)

    def _keep(self, some: Iterable[tuple[str, str]]) -> None:
        self.unread_first = tuple(sorted((*self.unread_first, *some))[:FIRST])


class Looking:
    """Looks at one order after another. `added` adds to its facts what is known here, such as the nomenclature."""

    def __init__(
        self,
        rulebook: Rulebook,
        enforce: Iterable[Standing] = DEFAULT_ENFORCE,
        added: Callable[[Facts], Facts] = lambda facts: facts,
    ) -> None:
        self.rulebook = rulebook
        self.questions = tuple(name for name in rulebook.questions if name != READINESS)
        self.needed = needed(rulebook, self.questions)
        self._enforce = tuple(enforce)
        self._added = added

    def look(self, place: str, raw: Mapping[str, Any], on: date, found: Orders) -> None:
        """Counts an order; `raw` is what it gives, as it is written."""
        facts, mistakes = read_facts(self.rulebook.facts, raw)
        if mistakes:
            facts, _ = read_facts(self.rulebook.facts, without(raw, mistakes))
        decisions = self._decided(self._added(facts), on)
        lacked = frozenset(path for decision in decisions for path in decision.missing)
        found.orders += 1
        found.sites[_site(facts)] += 1
        found.fields.note(Told(place, facts, mistakes, lacked), self.rulebook.facts, self.needed)
        found.ours.update(
            {path for path in map(anywhere, lacked) if not is_callers(self.rulebook.facts, path)}
        )
        for decision in decisions:
            if decision.question == SCOPE:
                self._scope(decision, found)
            elif decision.question == CERTIFICATION:
                self._certification(place, decision, found)

    def _decided(self, facts: Facts, on: date) -> tuple[Decision, ...]:
        """Where an order is certainly out of scope, nothing else is asked: none of its fields is wanted by the mandate."""
        [scope] = decide_several(self.rulebook, (SCOPE,), facts, on, self._enforce)
        if self.rulebook.questions[SCOPE].outcomes[0] not in scope.possible:
            return (scope,)
        return decide_several(self.rulebook, self.questions, facts, on, self._enforce, (scope,))

    def _scope(self, decision: Decision, found: Orders) -> None:
        found.scope[decision.outcome] += 1
        if decision.missing:
            found.scope_missing[tuple(sorted({anywhere(path) for path in decision.missing}))] += 1

    def _certification(self, place: str, decision: Decision, found: Orders) -> None:
        found.certification[decision.outcome] += 1
        found.certification_missing.update(
            {path for path in map(anywhere, decision.missing) if is_callers(self.rulebook.facts, path)}
        )
        question = self.rulebook.questions[CERTIFICATION]
        good = question.favourable or frozenset()
        against = [one for one in decision.findings if one.outcome not in good]
        for one in {one.reason: one for one in reversed(against)}.values():
            found.lacks(one.reason, Element(1, (place, one.because, one.remedy)))


def _site(facts: Facts) -> str:
    site = facts.get("site")
    return str(site.get("site_id") or "") if isinstance(site, Mapping) else ""
