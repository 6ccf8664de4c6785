"""A comparison in words: lines for a terminal, each piece with what it stands for, and Markdown for pull requests."""

from __future__ import annotations

from collections.abc import Iterator

from engine.workbench.comparison.model import Change, Comparison, Difference, How, Kind, Place, Shown

Piece = tuple[str, str]
"""A text and its tone: `gone`, `new`, `head`, `quiet`, or empty."""

_VERBS = {
    How.CHANGED: "changed in meaning",
    How.ADDED: "added",
    How.REMOVED: "removed",
    How.RENAMED: "renamed",
    How.REWORDED: "reworded",
}
_TONES = {
    How.ADDED: "new",
    How.REMOVED: "gone",
    How.CHANGED: "head",
    How.RENAMED: "head",
    How.REWORDED: "head",
}
_SHARED = "shared by all questions"
_UNSET = "(not set)"


def summary(comparison: Comparison) -> str:
    """How many parts changed in which way, in one line."""
    counts = {how: sum(change.how is how for change in comparison.changes) for how in How}
    said = [f"{counts[how]} {verb}" for how, verb in _VERBS.items() if counts[how]]
    return (
        f"{comparison.rulebook}, {comparison.old} -> {comparison.new}: {', '.join(said) or 'no difference'}."
    )


def lines(comparison: Comparison) -> Iterator[list[Piece]]:
    """The report, line by line; nothing where nothing differs."""
    for question in (*comparison.questions, ""):
        changes = comparison.of(question)
        if not changes:
            continue
        yield [(question or _SHARED, "head")]
        width = max(len(change.how) for change in changes)
        for change in changes:
            name = [(_named(change), ""), (f"  {_where(change.before, change.after)}", "quiet")]
            yield [("  ", ""), (change.how.ljust(width), _TONES[change.how]), ("  ", ""), *name]
            indent = " " * (width + 4)
            for difference in change.differences:
                for pieces in _difference(difference, change):
                    yield [(indent, ""), *pieces]
        yield []


def _named(change: Change) -> str:
    if change.key.kind in (Kind.ELSE, Kind.OTHERWISE, Kind.RULEBOOK):
        return change.key.name
    was = f"{change.old_name} -> " if change.old_name else ""
    return f"{change.key.kind} {was}{change.key.name}"


def _where(before: Place | None, after: Place | None) -> str:
    """Both places; a file that has one path on both sides is named once."""
    if before is None or after is None:
        return str(before or after or "")
    if before == after:
        return str(after)
    if before.file == after.file:
        return f"{before} -> {after.line}"
    return f"{before} -> {after}"


def _difference(one: Difference, change: Change) -> Iterator[list[Piece]]:
    """The aspect with its lines in the files where they are not those of the part, then both sides."""
    moved = (one.before, one.after) != (change.before, change.after)
    where = f"  {_lines(one.before, one.after)}" if moved else ""
    through = f", through {' and '.join(one.through)}" if one.through else ""
    yield [(f"{one.aspect}{through}", ""), (where, "quiet")]
    for sign, tone, shown in (("-", "gone", one.was), ("+", "new", one.now)):
        for text in _texts(shown, one):
            yield [(f"  {sign} {text}", tone)]


def _texts(shown: Shown, one: Difference) -> tuple[str, ...]:
    if isinstance(shown, tuple):
        return shown
    return () if not one.was and not one.now else (shown or _UNSET,)


def _lines(before: Place | None, after: Place | None) -> str:
    if before is None or after is None or before.line == after.line:
        place = after or before
        return f"line {place.line}" if place is not None else ""
    return f"line {before.line} -> {after.line}"


def markdown(comparison: Comparison) -> Iterator[str]:
    """The same for a pull request, line by line: a table of parts, and below it what differs in them."""
    yield f"**{summary(comparison)}**"
    if comparison.changes:
        yield from ("", "| question | what | part | where |", "|---|---|---|---|")
    for change in comparison.changes:
        where = _where(change.before, change.after)
        yield f"| {change.key.question or '-'} | {change.how} | {_cell(_named(change))} | {_cell(where)} |"
    for change in comparison.changes:
        if change.differences:
            yield from (
                "",
                f"<details><summary>{change.how} {_html(_named(change))}</summary>",
                "",
                "```diff",
            )
            for one in change.differences:
                for pieces in _difference(one, change):
                    text = "".join(text for text, _ in pieces).rstrip()
                    yield text[2:] if text.startswith("  ") else f"# {text}"
            yield from ("```", "", "</details>")


def _cell(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
