"""Reads `invariants:`, what is never true of any order; `origingate rules prove` proves each, or finds an order.

    invariants:
      - invariant: no-eligible-without-active-certificate
        never: prereview.outcome == "ELIGIBLE" && certificate.status != "ACTIVE"
        because: Only an active certificate shows that a platform has verified the origin.
        cites: [ecert-guidelines-2026-06-26]                       # may be left out
        from: 2026-06-27                                           # first day on which it holds
        until: 2027-12-31                                          # last day

A condition sees facts, the day, the outcomes of all questions, and the lists, tables and definitions of the
rulebook. `==`, `!=` and `in` need no `has()` beside them: what is known to be none is equal to no value.
"""

from __future__ import annotations

from dataclasses import replace

from engine.expression import BOOL
from engine.rulebook.model import DAY, Citation, Invariant
from engine.rulebook.reading.header import Citations
from engine.rulebook.reading.rests import Rests
from engine.rulebook.reading.vocabulary import Vocabulary
from engine.rulebook.text.fields import DASHED, Fields, open_fields, said
from engine.rulebook.text.nodes import Scalar

INVARIANT_REQUIRED = ("invariant", "never", "because")
INVARIANT_OPTIONAL = ("cites", "from", "until")


def read_invariants(
    top: Fields, vocabulary: Vocabulary, citations: Citations, rests: Rests
) -> dict[str, Invariant]:
    """The invariants by name, in the order of the file."""
    inside = replace(vocabulary, none_compares=True)
    names: dict[str, Scalar] = {}
    found: dict[str, Invariant] = {}
    for node in top.items("invariants"):
        fields = open_fields(node, "an invariant", citations.problems, INVARIANT_REQUIRED, INVARIANT_OPTIONAL)
        name = fields.name("invariant", DASHED) if fields is not None else None
        if name is not None and name.text in names:
            line = name.file.position(names[name.text].start)[0]
            citations.problems.add(
                name.span,
                "duplicate-invariant",
                f"the invariant `{name.text}` is there twice; first on line {line}",
                "give one of them another name",
            )
        elif name is not None:
            names[name.text] = name
        whole = _invariant(fields, name, inside, citations, rests) if fields is not None else None
        if whole is not None:
            found[whole.name] = whole
    return found


def _invariant(
    fields: Fields, name: Scalar | None, vocabulary: Vocabulary, citations: Citations, rests: Rests
) -> Invariant | None:
    problems = citations.problems
    written = fields.condition("never")
    never = vocabulary.condition(written, problems, BOOL) if written is not None else None
    because = fields.prose("because")
    start, end = fields.date("from"), fields.date("until")
    if start is not None and end is not None and end < start:
        problems.add(
            fields.key_span("until"),
            "bad-period",
            f"the invariant ends on {end}, before it begins on {start}",
            "`from` is the first day on which it holds, `until` the last",
        )
    cites: tuple[Citation, ...] = ()
    if "cites" in fields.keys:
        cites = citations.read(fields.texts("cites"))
    if never is None or written is None or name is None:
        return None
    basis, _ = rests.of([never])
    if not never.reads - {DAY}:
        problems.add(
            written.span,
            "constant-invariant",
            "this asks for no fact and no outcome, so that it is the same for every order",
            'write what must never be true of an order, as `scope.outcome == "IN_SCOPE" && ...`',
        )
    return Invariant(name.text, never, said(because), cites, tuple(sorted(basis.questions)), start, end)
