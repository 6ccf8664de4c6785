"""Reads rules, and what `otherwise` and `else` say.

    - rule: blanket-end-after-certification
      reason: BLANKET_END_UNCLEAR
      each: [good in declaration.goods, step in good.transit]      # or one: `good in declaration.goods`
      when: |
        ...
      because: "The period ends on {declaration.blanket.end}."
      remedy: ...
      cites: [19cfr182.12 (a)(4)(xii)]
      values: {keep_until: order.import_date.plusYears(5)}
      from: 2026-06-27                                             # first day in force
      until: 2027-12-31                                            # last day in force
      gives: REVIEW                                                # while none is chosen; REVIEW if left out
      readings:                                                    # only where the text is unclear
        from-the-certification:
          says: The twelve months run from the certification date.
          gives: INVALID
        from-the-period:
          says: The twelve months run from the period's first day.   # gives nothing: it passes
      chosen: from-the-certification                               # makes the rule `assumed`

A rule has `gives`, or at least two `readings`. While none is chosen, or where assumed rules do not count, its
finding gives REVIEW (or what `gives` says) and its text ends with all readings. Once one is chosen and
assumed rules count, its finding gives the reading's outcome, with the reading's `because` if it has one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from engine.expression import BOOL, Expression
from engine.rulebook.model import Reading, Readings, Rule, Statement
from engine.rulebook.problems import instead
from engine.rulebook.reading.header import Citations, standing_of
from engine.rulebook.reading.loops import ELEMENT, Loops, read_loops
from engine.rulebook.reading.rests import Rests
from engine.rulebook.reading.vocabulary import Vocabulary
from engine.rulebook.standing import ALL_STANDINGS, Standing, weakest
from engine.rulebook.templates import Template
from engine.rulebook.text.fields import CODE, DASHED, IDENTIFIER, Fields, open_fields, said, scalar_of, shaped
from engine.rulebook.text.nodes import Node, Scalar, keys_of

OPEN_OUTCOME = "REVIEW"

RULE_REQUIRED = ("rule", "reason", "when", "because", "cites")
RULE_OPTIONAL = ("gives", "from", "until", "each", "remedy", "values", "readings", "chosen")
STATEMENT_REQUIRED = ("gives", "because", "cites")
STATEMENT_OPTIONAL = ("remedy", "reason")
READING_REQUIRED = ("says",)
READING_OPTIONAL = ("gives", "because")


@dataclass(slots=True)
class RuleReader:
    """Reads the rules of one question, and gathers what they read and who is called what."""

    outcomes: tuple[str, ...]
    vocabulary: Vocabulary
    citations: Citations
    rests: Rests
    reads: frozenset[str] = frozenset()
    named: list[tuple[Scalar, Scalar | None, Rule | None]] = field(default_factory=list)

    def statement(self, node: Node | None, name: str) -> Statement | None:
        """What `otherwise` or `else` says."""
        problems = self.citations.problems
        if node is None:
            return None
        fields = open_fields(node, f"`{name}`", problems, STATEMENT_REQUIRED, STATEMENT_OPTIONAL)
        if fields is None:
            return None
        outcome = self._outcome(fields, "gives")
        because, remedy = (
            self._text(fields, "because", self.vocabulary),
            self._text(fields, "remedy", self.vocabulary),
        )
        cites = self.citations.read(fields.texts("cites"))
        reason = said(fields.name("reason", CODE))
        if outcome is None or because is None:
            return None
        self.reads |= self.rests.facts(because.reads | (remedy.reads if remedy else frozenset()))
        return Statement(name, outcome, reason, because, remedy, cites, standing_of(cites))

    def rule(self, node: Node) -> Rule | None:
        """One rule; None where a problem keeps it from being whole."""
        required = RULE_REQUIRED if "readings" in keys_of(node) else (*RULE_REQUIRED, "gives")
        fields = open_fields(node, "a rule", self.citations.problems, required, RULE_OPTIONAL)
        if fields is None:
            return None
        name, reason = fields.name("rule", DASHED), fields.name("reason", CODE)
        loops = read_loops(fields, self.vocabulary)
        inside = self.vocabulary.with_variables(loops.types)
        when = self._condition(fields, inside)
        values = self._values(fields, inside)
        because, remedy = self._text(fields, "because", inside), self._text(fields, "remedy", inside)
        readings = self._readings(fields, inside)
        outcome = self._rule_outcome(fields)
        start, end = self._period(fields)
        cites = self.citations.read(fields.texts("cites"))
        self._mixed(fields, {citation.standing for citation in cites})
        whole = None
        if name and reason and when and because and outcome and len(cites) > 0:
            basis, standing = self.rests.of([when, *(value for _, value in values)])
            standing = weakest([standing, standing_of(cites)])
            whole = Rule(
                name.text, reason.text, outcome, tuple(loops.compiled), when, because, remedy, cites, values,
                start, end, readings, basis, standing,
            )  # fmt: skip
            self._remember(whole, loops)
        if name is not None:
            self.named.append((name, reason, whole))
        return whole

    def _remember(self, rule: Rule, loops: Loops) -> None:
        texts = [rule.because, rule.remedy]
        texts += [reading.because for reading in rule.readings.all] if rule.readings else []
        reads = rule.when.reads.union(*(value.reads for _, value in rule.values))
        reads = reads.union(*(text.reads for text in texts if text is not None))
        paths = self.rests.facts(loops.path(path) for path in reads)
        lists = {loops.path(loop.path.text) for loop in rule.each}
        unread = {path for path in lists if not any(other.startswith(path + ELEMENT) for other in paths)}
        self.reads |= paths | unread

    def _outcome(self, fields: Fields, key: str) -> str | None:
        value = fields.scalar(key)
        if value is None or value.text in self.outcomes or not self.outcomes:
            return value.text if value else None
        fields.problems.add(
            value.span,
            "unknown-outcome",
            f"`{value.text}` is no outcome of this question",
            instead(value.text, self.outcomes, "its outcomes are"),
        )
        return None

    def _rule_outcome(self, fields: Fields) -> str | None:
        if "gives" in fields.keys:
            return self._outcome(fields, "gives")
        if "readings" not in fields.keys:
            return None
        if OPEN_OUTCOME in self.outcomes or not self.outcomes:
            return OPEN_OUTCOME
        fields.problems.add(
            fields.key_span("readings"),
            "unknown-outcome",
            f"while no reading is chosen the rule gives {OPEN_OUTCOME}, no outcome of this question",
            f"add `{OPEN_OUTCOME}` to `outcomes`, or say with `gives` what an open text gives",
        )
        return None

    def _condition(self, fields: Fields, vocabulary: Vocabulary) -> Expression | None:
        written = fields.condition("when")
        return vocabulary.condition(written, fields.problems, BOOL) if written else None

    def _text(self, fields: Fields, key: str, vocabulary: Vocabulary) -> Template | None:
        written = fields.prose(key)
        return vocabulary.template(written, fields.problems) if written else None

    def _values(self, fields: Fields, vocabulary: Vocabulary) -> tuple[tuple[str, Expression], ...]:
        values: list[tuple[str, Expression]] = []
        for key, node in fields.entries("values"):
            written = scalar_of(node, f"`{key.text}`", fields.problems)
            if written is not None and shaped(key, IDENTIFIER, "a value", fields.problems):
                compiled = vocabulary.condition(written, fields.problems)
                values += [(key.text, compiled)] if compiled else []
        return tuple(sorted(values, key=lambda value: value[0]))

    def _period(self, fields: Fields) -> tuple[date | None, date | None]:
        start, end = fields.date("from"), fields.date("until")
        if start is not None and end is not None and end < start:
            fields.problems.add(
                fields.key_span("until"),
                "bad-period",
                f"the rule ends on {end}, before it begins on {start}",
                "`from` is the first day in force, `until` the last",
            )
        return start, end

    def _mixed(self, fields: Fields, standings: set[Standing]) -> None:
        if len(standings) > 1:
            shown = " and ".join(sorted(standings, key=ALL_STANDINGS.index))
            fields.problems.warn(
                fields.key_span("cites"),
                "mixed-standing",
                f"the rule rests on {shown} sources at once",
                "write a rule for each standing, so that one can be enforced without the other",
            )

    def _readings(self, fields: Fields, vocabulary: Vocabulary) -> Readings | None:
        problems = fields.problems
        readings: list[Reading] = []
        for key, node in fields.entries("readings"):
            below = open_fields(
                node, f"the reading `{key.text}`", problems, READING_REQUIRED, READING_OPTIONAL
            )
            if below is not None and shaped(key, DASHED, "a reading", problems):
                outcome = self._outcome(below, "gives")
                because = self._text(below, "because", vocabulary)
                readings.append(Reading(key.text, said(below.prose("says")), outcome, because))
        if "readings" in fields.keys and len(fields.entries("readings")) == 1:
            problems.add(
                fields.key_span("readings"),
                "one-reading",
                "a text with one reading is not unclear",
                "name at least two readings, or write a plain rule",
            )
        names = [reading.name for reading in readings]
        chosen = fields.scalar("chosen")
        if chosen is not None and "readings" not in fields.keys:
            problems.add(
                fields.key_span("chosen"), "missing-key", "`chosen` stands without `readings`", "add them"
            )
        elif chosen is not None and chosen.text not in names:
            problems.add(
                chosen.span,
                "unknown-reading",
                f"there is no reading `{chosen.text}`",
                instead(chosen.text, names, "the readings are"),
            )
        if not readings:
            return None
        return Readings(
            tuple(readings), next((r for r in readings if chosen and r.name == chosen.text), None)
        )
