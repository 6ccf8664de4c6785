"""Compares two rulebooks part by part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.rulebook.model import Rulebook
from engine.workbench.comparison.model import (
    Aspect,
    Change,
    Comparison,
    Difference,
    How,
    Key,
    Kind,
    Part,
    Place,
    Shown,
)
from engine.workbench.comparison.parts import parts_of
from engine.workbench.comparison.places import Written, places

_KINDS = list(Kind)
_HOWS = list(How)
_NOTHING = Aspect("", "")
_INSIDE = frozenset({Kind.ELSE, Kind.OTHERWISE, Kind.RULE, Kind.DEFINITION})
_ALWAYS_RESTING = (Kind.FACT, Kind.RECORD, Kind.ENUM)


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of two rulebooks: what people call it, and its files by the paths that people know."""

    name: str
    rulebook: Rulebook
    files: Mapping[str, str]


def compare(old: Side, new: Side) -> Comparison:
    """Every part that is not in both alike. Layout, comments and the order of keys and rules are no difference."""
    comparing = _Comparing(_Parts(old), _Parts(new))
    changes = tuple(sorted(comparing.changes(), key=_in_order))
    both = [name for name in new.rulebook.questions if name in old.rulebook.questions]
    questions = tuple(sorted({*old.rulebook.questions, *new.rulebook.questions}))
    same = frozenset(name for name in both if _same(name, new.rulebook, changes))
    return Comparison(new.rulebook.name, old.name, new.name, changes, questions, same)


def _in_order(change: Change) -> tuple[bool, str, int, int, str]:
    key = change.key
    return (not key.question, key.question, _KINDS.index(key.kind), _HOWS.index(change.how), key.name)


def _same(question: str, rulebook: Rulebook, changes: tuple[Change, ...]) -> bool:
    """Whether nothing that the question or one that it uses says has changed, nor what facts can be."""
    waiting, asked = [question], set()
    while waiting:
        name = waiting.pop()
        asked.add(name)
        waiting += [inner for inner in rulebook.questions[name].inner if inner not in asked]
    return not any(
        change.how is not How.REWORDED
        and (change.key.question in asked or change.key.kind in _ALWAYS_RESTING)
        for change in changes
    )


class _Parts:
    """The parts of one side, and where they are written."""

    def __init__(self, side: Side) -> None:
        self.all = parts_of(side.rulebook)
        self.questions = frozenset(side.rulebook.questions)
        self.places = places(side.files)

    def written(self, key: Key) -> Written | None:
        """Where a part is written."""
        return self.places.get(key)


class _Comparing:
    def __init__(self, old: _Parts, new: _Parts) -> None:
        self.old = old
        self.new = new

    def changes(self) -> Iterator[Change]:
        questions = self.old.questions & self.new.questions
        was, now = _within(self.old.all, questions), _within(self.new.all, questions)
        for key in was.keys() & now.keys():
            found = self._both(was[key], now[key])
            if found is not None:
                yield found
        gone = [was[key] for key in sorted(was.keys() - now.keys())]
        came = [now[key] for key in sorted(now.keys() - was.keys())]
        for before, after in _renamed(gone, came):
            gone.remove(before)
            came.remove(after)
            yield self._change(before, after, How.RENAMED)
        yield from (Change(part.key, How.REMOVED, self._at(self.old, part), None) for part in gone)
        yield from (Change(part.key, How.ADDED, None, self._at(self.new, part)) for part in came)

    def _both(self, before: Part, after: Part) -> Change | None:
        if before.sense != after.sense:
            return self._change(before, after, How.CHANGED)
        return self._change(before, after, How.REWORDED) if before.said != after.said else None

    def _change(self, before: Part, after: Part, how: How) -> Change:
        differences = (
            *self._differences(before, after, words=False),
            *self._differences(before, after, words=True),
        )
        old_name = before.key.name if before.key.name != after.key.name else ""
        at = self._at(self.old, before), self._at(self.new, after)
        return Change(after.key, how, *at, differences, old_name)

    def _differences(self, before: Part, after: Part, words: bool) -> Iterator[Difference]:
        was = before.words if words else before.meaning
        now = after.words if words else after.meaning
        for name in dict.fromkeys((*now, *was)):
            one, other = was.get(name, _NOTHING), now.get(name, _NOTHING)
            if one.form != other.form:
                at = _at(self.old.written(before.key), name, one.shown, other.shown)
                to = _at(self.new.written(after.key), name, other.shown, one.shown)
                through = self._through(one.uses | other.uses, name)
                yield Difference(name, words, *_shown(one.shown, other.shown), at, to, through)

    def _through(self, uses: Iterable[Key], aspect: str) -> tuple[str, ...]:
        """Those of the parts that are used which are in both rulebooks and differ."""
        found = []
        for key in sorted(uses):
            was, now = self.old.all.get(key), self.new.all.get(key)
            if was is not None and now is not None and _differ(was, now, aspect == "standing"):
                found.append(str(key))
        return tuple(found)

    def _at(self, side: _Parts, part: Part) -> Place | None:
        written = side.written(part.key)
        return written.place if written is not None else None


def _at(written: Written | None, aspect: str, shown: Shown, other: Shown) -> Place | None:
    """Where an aspect is written; of rows the first that the other side lacks."""
    if written is None:
        return None
    lacking = (
        (number for number, row in enumerate(shown) if row not in other) if aspect == "rows" else iter(())
    )
    return written.row(lacking) or written.of(aspect)


def _differ(was: Part, now: Part, standing: bool) -> bool:
    if standing:
        return was.meaning.get("standing", _NOTHING).form != now.meaning.get("standing", _NOTHING).form
    leaving = {"citations", "standing"}
    forms = [
        {name: one.form for name, one in part.meaning.items() if name not in leaving} for part in (was, now)
    ]
    return forms[0] != forms[1]


def _shown(was: Shown, now: Shown) -> tuple[Shown, Shown]:
    """Of members those that are gone and those that are new; of texts that are equal nothing."""
    if isinstance(was, tuple) or isinstance(now, tuple):
        before, after = was if isinstance(was, tuple) else (), now if isinstance(now, tuple) else ()
        gone = tuple(word for word in before if word not in after)
        return gone, tuple(word for word in after if word not in before)
    return ("", "") if was == now else (was, now)


def _within(parts: Mapping[Key, Part], questions: frozenset[str]) -> dict[Key, Part]:
    """The parts without those of questions that only one side has: such a question stands for all that it says."""
    return {
        key: part
        for key, part in parts.items()
        if not key.question or key.question in questions or key.kind is Kind.QUESTION
    }


def _renamed(gone: list[Part], came: list[Part]) -> list[tuple[Part, Part]]:
    """Pairs that mean the same under another name; where several do, those that also say the same first."""
    pairs: list[tuple[Part, Part]] = []
    taken: set[Key] = set()
    for wording in (True, False):
        for before in gone:
            if before.key in taken or before.key.kind is Kind.QUESTION:
                continue
            for after in came:
                alike = (after.key.kind, after.key.question) == (before.key.kind, before.key.question)
                if (
                    alike
                    and after.key not in taken
                    and before.sense == after.sense
                    and (not wording or before.said == after.said)
                ):
                    pairs.append((before, after))
                    taken |= {before.key, after.key}
                    break
    return pairs
