"""Which recorded answers rest on what is watched, and which would be another one if that were otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from engine.compiled import Verdict
from engine.compiled.ask import Answers
from engine.expression import Unknown
from engine.rulebook.model import Citation, Question, Rule, Rulebook
from engine.rulebook.standing import Standing
from engine.workbench.comparison.flips import Order
from engine.workbench.pages.resting import before_rules, row_sources, used
from engine.workbench.watch_list.model import Alternative, Counts, Kind, Name
from engine.workbench.watch_list.watched import watch_list


class Watching:
    """Answers recorded orders by a rulebook, and by each rulebook that it would be otherwise."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.watched = watch_list(rulebook)
        self._affecting = {name: tuple(self._alternatives(name)) for name in rulebook.questions}
        self._answers: dict[tuple[object, tuple[Standing, ...]], Answers] = {}

    def decided(self, question: str, order: Order, counts: Counts) -> None:
        """Counts one answer: what it rested on, and under which alternatives it is another one."""
        answers = self._about(None, self.rulebook, order)
        was = answers.ask(question).outcome
        counts.decisions += 1
        counts.by_question[question] += 1
        counts.rested.update(self._rested(question, answers, order))
        for name, alternative in self._affecting[question]:
            now = self._about(alternative, alternative.rulebook, order).ask(question).outcome
            if now != was:
                counts.flips[name, alternative.name] += 1
                counts.ways[name, alternative.name, was, now] += 1

    def _about(self, key: object, rulebook: Rulebook, order: Order) -> Answers:
        answers = self._answers.get((key, order.enforce))
        if answers is None:
            answers = self._answers[key, order.enforce] = Answers(rulebook, order.enforce)
        answers.about(order.before, order.on)
        return answers

    def _alternatives(self, question: str) -> Iterator[tuple[Name, Alternative]]:
        """The alternatives that change something that the question, or one that it uses, says."""
        asked = _with_inner(self.rulebook, question)
        for name, one in self.watched.items():
            for alternative in one.alternatives:
                other = alternative.rulebook
                if other.tables is not self.rulebook.tables or any(
                    other.questions[inner] is not self.rulebook.questions[inner] for inner in asked
                ):
                    yield name, alternative

    def _rested(self, question: str, answers: Answers, order: Order) -> set[Name]:
        """The watched parts that an answer, and those inside it, came from."""
        names: set[Name] = set()
        waiting, seen = [question], {question}
        while waiting:
            asked = self.rulebook.questions[waiting.pop()]
            inner = self._parts(asked, answers.ask(asked.name), order, names)
            waiting += inner - seen
            seen |= inner
        return names & self.watched.keys()

    def _parts(self, asked: Question, verdict: Verdict, order: Order, names: set[Name]) -> set[str]:
        """Adds what one question's answer came from; the questions whose outcomes it used."""
        inner: set[str] = set()
        uses: set[str] = set()
        cites: list[Citation] = []
        if asked.gate is not None:
            inner |= asked.gate.basis.questions
            uses |= before_rules(asked.gate)
            if verdict.applies is False:
                names.add(Name(Kind.STATEMENT, asked.name, asked.gate.otherwise.name))
                cites += asked.gate.otherwise.cites
        rules = decisive(asked, verdict)
        if not rules and verdict.applies is not False and not isinstance(verdict.applies, Unknown):
            names.add(Name(Kind.STATEMENT, asked.name, asked.otherwise.name))
            cites += asked.otherwise.cites
        for rule in rules:
            names.add(Name(Kind.RULE, asked.name, rule.name))
            cites += rule.cites
            inner |= rule.basis.questions
            uses |= used(rule)
        for name in uses:
            names.update(Name(kind, "", name) for kind in (Kind.LIST, Kind.TABLE, Kind.DEFINITION))
            names.add(Name(Kind.DEFINITION, asked.name, name))
            names.update(Name(Kind.SOURCE, "", source) for source in self._behind(asked, name, order))
        names.update(Name(Kind.SOURCE, "", cite.source) for cite in cites)
        return inner

    def _behind(self, asked: Question, name: str, order: Order) -> Iterator[str]:
        """The sources of the list, table or definition of that name; of a table, those of its rows that count."""
        for named in (self.rulebook.lists, self.rulebook.definitions, asked.definitions):
            if name in named:
                yield from (cite.source for cite in named[name].cites)
        if name in self.rulebook.tables:
            yield from row_sources(self.rulebook.tables[name], order.on, frozenset(order.enforce))


def decisive(asked: Question, verdict: Verdict) -> list[Rule]:
    """The rules that gave the answer: those of its weakest possible outcome that are true, and the open ones."""
    last = verdict.possible[-1]
    rules = [found.counted.rule for found in verdict.found if found.counted.outcome == last]
    if len(verdict.possible) > 1:
        rules += [doubt.counted.rule for doubt in verdict.doubts]
    return rules


def _with_inner(rulebook: Rulebook, question: str) -> set[str]:
    waiting, asked = [question], set()
    while waiting:
        name = waiting.pop()
        asked.add(name)
        waiting += [inner for inner in rulebook.questions[name].inner if inner not in asked]
    return asked
