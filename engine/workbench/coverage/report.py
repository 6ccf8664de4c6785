"""Coverage as plain data, for machines."""

from __future__ import annotations

from engine.workbench.coverage.model import Coverage, Covered, Kind, Side, Tally, tally


def report(coverage: Coverage) -> dict[str, object]:
    """Everything there is to know, ready for JSON. What the whole rulebook shares has an empty question."""
    return {
        "rulebook": coverage.rulebook,
        "tests": coverage.tests,
        "failed": list(coverage.failed),
        "skipped": list(coverage.skipped),
        "rules": _tally(coverage.of(Kind.RULE)),
        "clauses": _tally(coverage.of(Kind.CLAUSE)),
        "sources": _tally(tally(coverage.citations)),
        "questions": [
            {
                "question": question,
                "rules": _tally(coverage.of(Kind.RULE, question)),
                "clauses": _tally(coverage.of(Kind.CLAUSE, question)),
            }
            for question in coverage.questions
        ],
        "parts": [_part(one) for one in coverage.parts],
        "citations": [
            {
                "citation": cited.citation,
                "lacking": list(cited.lacking),
                "parts": [f"{one.part.owner.question}:{one.part.owner.name}" for one in cited.parts],
            }
            for cited in coverage.citations
        ],
    }


def _part(one: Covered) -> dict[str, object]:
    line, column = one.part.position
    return {
        "kind": one.part.kind,
        "question": one.part.owner.question,
        "of": one.part.owner.name,
        "text": one.part.text,
        "file": one.part.span.file.path,
        "line": line,
        "column": column,
        **{side: one.tests[side] for side in Side},
        "lacking": list(one.lacking),
    }


def _tally(found: Tally) -> dict[str, object]:
    return {"seen": found.seen, "demanded": found.demanded, "percent": found.percent}
