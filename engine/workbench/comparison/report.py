"""A comparison as plain data, for machines."""

from __future__ import annotations

from engine.workbench.comparison.model import Change, Comparison, Difference, How, Place, Shown


def report(comparison: Comparison) -> dict[str, object]:
    """Everything that differs, ready for JSON. What the whole rulebook shares has an empty question."""
    return {
        "rulebook": comparison.rulebook,
        "old": comparison.old,
        "new": comparison.new,
        "differs": comparison.counting,
        "counts": {how: sum(change.how is how for change in comparison.changes) for how in How},
        "changes": [_change(change) for change in comparison.changes],
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "question": change.key.question,
        "kind": change.key.kind,
        "name": change.key.name,
        "how": change.how,
        "old_name": change.old_name or None,
        "differs": change.counts,
        "before": _place(change.before),
        "after": _place(change.after),
        "differences": [_difference(one) for one in change.differences],
    }


def _difference(one: Difference) -> dict[str, object]:
    return {
        "aspect": one.aspect,
        "words": one.words,
        "was": _shown(one.was),
        "now": _shown(one.now),
        "through": list(one.through),
        "before": _place(one.before),
        "after": _place(one.after),
    }


def _shown(shown: Shown) -> object:
    return list(shown) if isinstance(shown, tuple) else shown


def _place(place: Place | None) -> dict[str, object] | None:
    return None if place is None else {"file": place.file, "line": place.line}
