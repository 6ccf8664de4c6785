"""Coverage of what has changed: the parts on changed lines, and those that use a changed definition, list or table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

from engine.expression import Expression
from engine.rulebook.model import Rulebook
from engine.workbench.coverage.model import Coverage, Kind, Owner, Part
from engine.workbench.coverage.written import Written, data_lines, written

Lines = Mapping[str, Set[int]]
"""Lines of each file, counted from 1."""

_WORD = re.compile(r"(?<![.\w])[A-Za-z_][A-Za-z0-9_]*")


def only_changed(coverage: Coverage, rulebook: Rulebook, files: Mapping[str, str], lines: Lines) -> Coverage:
    """The coverage of those parts alone that a change of these lines touches.

    A rule is touched by any line of its own, a clause by its own lines; both by a definition, list or table
    that they use, also through others.
    """
    places = written(files)
    names = _names_changed(rulebook, places, files, lines)
    parts = (one for one in coverage.parts if _touched(one.part, rulebook, places, names, lines))
    return replace(coverage, parts=tuple(parts))


def _touched(
    part: Part,
    rulebook: Rulebook,
    places: Mapping[Owner, Written],
    names: Mapping[str, Set[str]],
    lines: Lines,
) -> bool:
    path, question = part.span.file.path, part.owner.question
    known = names[""] | names.get(question, frozenset())
    if part.kind is Kind.CLAUSE:
        first, last = part.position[0], part.span.file.position(max(part.span.start, part.span.end - 1))[0]
        return _hit(path, range(first, last + 1), lines) or not known.isdisjoint(_WORD.findall(part.text))
    if _hit(path, places[part.owner].lines, lines):
        return True
    return not known.isdisjoint(_uses(part.owner, rulebook))


def _names_changed(
    rulebook: Rulebook, places: Mapping[Owner, Written], files: Mapping[str, str], lines: Lines
) -> dict[str, Set[str]]:
    """The changed lists, tables and definitions of each question, an empty name standing for what they share."""
    shared = {name for name, path, own in data_lines(files) if _hit(path, own, lines)}
    changed: dict[str, Set[str]] = {"": shared}
    for question in ("", *rulebook.questions):
        found = changed.setdefault(question, set()) | {
            owner.name
            for owner, place in places.items()
            if owner.kind is Kind.DEFINITION
            and owner.question == question
            and _hit(place.name.file.path, place.lines, lines)
        }
        bodies = _bodies(rulebook, question)
        found |= {name for name, body in bodies.items() if not body.uses.isdisjoint(found | changed[""])}
        changed[question] = found
    return changed


def _bodies(rulebook: Rulebook, question: str) -> dict[str, Expression]:
    definitions = rulebook.questions[question].definitions if question else rulebook.definitions
    return {name: definition.body for name, definition in definitions.items()}


def _uses(owner: Owner, rulebook: Rulebook) -> Iterator[str]:
    """The names of lists, tables and definitions that a rule or definition uses, also through others."""
    if owner.kind is Kind.DEFINITION:
        yield from _names(_bodies(rulebook, owner.question)[owner.name])
    elif owner.kind is Kind.RULE:
        for rule in rulebook.questions[owner.question].rules:
            if rule.name == owner.name:
                yield from _names(rule.when)


def _names(expression: Expression) -> Iterator[str]:
    yield from expression.uses
    yield from (path.split(".")[0].split("[")[0] for path in expression.reads)


def _hit(path: str, own: range, lines: Lines) -> bool:
    return not lines.get(path, frozenset()).isdisjoint(own)
