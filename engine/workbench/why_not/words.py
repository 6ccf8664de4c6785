"""A change of a fact in words: what it would have to be, and what it is now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from engine.expression import EnumType, Money, RecordType, render
from engine.expression.literals import quote
from engine.expression.types import strip
from engine.facts import Facts
from engine.rulebook.model import Rulebook
from engine.workbench.pages.reading import described
from engine.workbench.why_not.changing import at, generic
from engine.workbench.why_not.examples import example
from engine.workbench.why_not.model import Changes, Taken
from engine.workbench.why_not.turning import reach

_FEW = 12
"""Words of an enum that are told one by one."""


def stated_by(rulebook: Rulebook, path: str) -> str:
    """Who states the fact at a path: caller, server or platform."""
    fact = described(rulebook.facts, generic(path)).fact
    return fact.asserted_by if fact is not None else "caller"


def meaning_of(rulebook: Rulebook, path: str) -> str:
    """What the dictionary says of the fact at a path; empty for an element of a list."""
    if path.endswith("]"):
        return ""
    field = described(rulebook.facts, generic(path)).field
    return field.meaning if field is not None else ""


def in_words(
    rulebook: Rulebook,
    facts: Facts,
    path: str,
    changes: Changes,
    also: tuple[object, ...],
    helps: Callable[[Changes], bool],
) -> str:
    """The change of one fact; `helps` says whether other values of it would do, so that a bound can be told."""
    before, after = at(facts, path), changes[path]
    type_ = rulebook.facts.type_of(generic(path))
    kind = strip(type_) if type_ is not None else None
    now = f"now {value_in_words(before, kind)}"
    if after is Taken.OUT:
        return f"take {path} out of its list"
    if after is None:
        return f"{path} known to be none ({now})"
    if isinstance(kind, RecordType) or (kind is not None and _any_text(kind, before, after)):
        such = f", such as {quote(after)}" if isinstance(after, str) else ""
        verb = "give" if before in (None, Taken.ABSENT) else "give another"
        return f"{verb} {path}{such} ({now})"
    if isinstance(after, tuple):
        return f"{path} {_listed(before, after)} ({now})"
    if isinstance(kind, EnumType):
        return f"{path} {_words(path, kind, before, after, changes, helps)} ({now})"
    if also:
        return f"{path} one of {', '.join(value_in_words(value, kind) for value in (after, *also))} ({now})"
    if isinstance(after, str) and after == example(rulebook.facts, generic(path)):
        return f"{path} such as {quote(after)} ({now})"
    if isinstance(after, bool) or not isinstance(after, int | Decimal | Money | date):
        return f"{path} {value_in_words(after, kind)} ({now})"
    lowest, highest = reach(after, [before], lambda value: helps({**changes, path: value}))
    if lowest is None and highest is None:
        return (
            f"give {path}"
            if before in (None, Taken.ABSENT)
            else f"{path} {value_in_words(after, kind)} ({now})"
        )
    return f"{path} {_between(lowest, highest)} ({now})"


def _words(
    path: str,
    kind: EnumType,
    before: object,
    after: object,
    changes: Changes,
    helps: Callable[[Changes], bool],
) -> str:
    """Which words of an enum would do: all of them where they are few, else all but the few that would not."""
    good = [word for word in kind.values if word == after or helps({**changes, path: word})]
    if len(good) == 1:
        return str(after)
    if len(good) <= _FEW:
        return f"one of {', '.join(good)}"
    bad = [word for word in kind.values if word not in good]
    return f"anything but {', '.join(bad)}" if len(bad) <= _FEW else f"such as {after}"


def _any_text(kind: object, before: object, after: object) -> bool:
    """Whether the value is a text that only stands for others of its kind."""
    return isinstance(after, str) and not isinstance(kind, EnumType) and before in (None, Taken.ABSENT)


def _between(lowest: object, highest: object) -> str:
    """The bounds within which a value would do."""
    dated = isinstance(lowest, date) or isinstance(highest, date)
    if lowest is None:
        return f"{'on or before' if dated else 'at most'} {render(highest)}"
    if highest is None:
        return f"{'on or after' if dated else 'at least'} {render(lowest)}"
    return render(lowest) if lowest == highest else f"from {render(lowest)} to {render(highest)}"


def _listed(before: object, after: tuple[object, ...]) -> str:
    items = before if isinstance(before, tuple) else ()
    added = [item for item in after if item not in items]
    gone = [item for item in items if item not in after]
    if not after:
        return "empty"
    if any(isinstance(item, dict) for item in after):
        return f"with {len(after)} element{'s' * (len(after) != 1)}"
    if added and not gone:
        return f"with {', '.join(value_in_words(item) for item in added)}"
    return (
        f"without {', '.join(value_in_words(item) for item in gone)}" if gone else value_in_words(after, None)
    )


def value_in_words(value: object, kind: object = None) -> str:
    """A value of a fact as people read it; `kind` is its type, for the words of an enum need no quotes."""
    if value is Taken.ABSENT:
        return "not given"
    if value is None:
        return "known to be none"
    if isinstance(value, dict):
        return "given"
    if isinstance(value, tuple):
        if any(isinstance(item, dict) for item in value):
            return f"{len(value)} element{'s' * (len(value) != 1)}"
        return ", ".join(value_in_words(item) for item in value) or "empty"
    if isinstance(value, str) and not isinstance(kind, EnumType):
        return quote(value)
    return render(value)
