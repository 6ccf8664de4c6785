"""A question, compiled: from facts to a verdict in one function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, cast

from engine.compiled.fast_rules import write_fast, write_gate
from engine.compiled.keyed import Group, grouped
from engine.compiled.kleene_rules import kleene_function
from engine.compiled.reader import Reader
from engine.compiled.runtime import Bits, Extra
from engine.compiled.shapes import GATE, Doubtful, Entry, Env
from engine.compiled.source import UNCOMPILABLE, Source
from engine.compiled.verdict import Found, Verdict, not_applied, verdict
from engine.expression import Unknown
from engine.firing import Counted, Doubt
from engine.rulebook.model import Question

KEPT: Final = 4_096
"""Verdicts that are kept for the next decision that comes to the same; then they are forgotten."""


def compiled(
    question: Question,
    rules: Sequence[Counted],
    reader: Reader,
    whole: Callable[[Env], Env] = lambda env: env,
    gated: bool = False,
    otherwise: Callable[[Env], Verdict] | None = None,
) -> Callable[[Env], Verdict]:
    """The function that puts rules, all of them in force, to facts; with `gated` the question's gate first.

    It never raises. `whole` makes of what the reader reads what the tree walk reads. Where something is
    missing, `otherwise` is asked if it is given. Functions are made when they are first needed.
    """
    return _Compiled(question, rules, reader, whole, gated, otherwise).function()


class _Compiled:
    """The functions of a question, and the verdicts that they came to and that may come again."""

    def __init__(self, question: Question, rules: Sequence[Counted], reader: Reader,
                 whole: Callable[[Env], Env], gated: bool, otherwise: Callable[[Env], Verdict] | None) -> None:  # fmt: skip
        rank = question.outcomes.index
        ordered = sorted(rules, key=lambda rule: (rank(rule.outcome), rule.rule.name))
        self.question = question
        self.rules = tuple(ordered)
        self.reader = reader
        self.whole = whole
        self.otherwise = otherwise or self.slow
        self.gate = question.gate if gated else None
        self.bits = Bits()
        self.alone, groups = grouped(list(enumerate(self.rules)))
        self.groups = [Group(path, some, reader, self.bits, whole) for path, some in groups]
        self.by_masks: dict[int, Verdict] = {}
        self.by_entries: dict[tuple[Entry, ...], Verdict] = {}
        self.doubtful: Doubtful | None = None

    def function(self) -> Callable[[Env], Verdict]:
        """The function for facts that are all known, which leaves for `slow` where they are not."""
        source = Source()
        try:
            self._write(source)
            return cast(Callable[[Env], Verdict], source.made("verdict", {"MISSING": KeyError}))
        except UNCOMPILABLE:
            return self.otherwise

    def _write(self, source: Source) -> None:
        places = any(rule.rule.each for rule in self.rules)
        with source.block("def verdict(env):"):
            with source.block("try:"):
                if self.gate is not None:
                    otherwise = source.bind(not_applied(self.question))
                    write_gate(source, self.gate.applies, self.reader, self.whole, otherwise)
                source.line("m = 0; at = None")
                write_fast(source, self.alone, self.reader, self.groups, self.whole)
            source.line(f"except LEAVING: return {source.bind(self.otherwise)}(env)")
            if places:
                source.line(f"if at is not None: return {source.bind(self.placed)}(m, at)")
            source.line(f"try: return {source.bind(self.by_masks)}[m]")
            source.line(f"except MISSING: return {source.bind(self.by_mask)}(m)")

    def by_mask(self, mask: int) -> Verdict:
        """The verdict where these rules are true, none at a list element, and none is unknown."""
        found = [Found(self.rules[number], "") for number in _numbers(mask)]
        if len(self.by_masks) >= KEPT:
            self.by_masks.clear()
        self.by_masks[mask] = made = verdict(self.question, found, ())
        return made

    def placed(self, mask: int, at: list[Entry]) -> Verdict:
        """The verdict where rules are true at list elements."""
        with_places = {number for number, *_ in at}
        entries = [(number, 1, "", ()) for number in _numbers(mask) if number not in with_places]
        return self._verdict([*entries, *at], {})

    def slow(self, env: Env) -> Verdict:
        """The verdict where something is missing, or has no result."""
        if self.doubtful is None:
            gate = self.gate.applies if self.gate is not None else None
            self.doubtful = kleene_function(self.alone, self.bits, self.reader, self.whole, self.groups, gate)
        out: list[Entry] = []
        extra: Extra = {}
        if not self.doubtful(env, out, extra):
            return not_applied(self.question)
        if extra or any(bounds for *_, bounds in out):
            return self._verdict(out, extra)
        key = tuple(out)
        kept = self.by_entries.get(key)
        if kept is None:
            if len(self.by_entries) >= KEPT:
                self.by_entries.clear()
            kept = self.by_entries[key] = self._verdict(out, extra)
        return kept

    def _verdict(self, entries: list[Entry], extra: Extra) -> Verdict:
        found, doubts = [], []
        applies: bool | Unknown = True
        for number, mask, place, bounds in sorted(entries, key=lambda entry: entry[0]):
            if number == GATE:
                applies = self.bits.unknown(mask, extra)
            elif mask == 1:
                found.append(Found(self.rules[number], place, bounds))
            else:
                doubts.append(Doubt(self.rules[number], place, self.bits.unknown(mask, extra)))
        return verdict(self.question, found, doubts, applies)


def _numbers(mask: int) -> list[int]:
    """The places of the bits that are set."""
    return [place for place in range(mask.bit_length()) if mask >> place & 1]
