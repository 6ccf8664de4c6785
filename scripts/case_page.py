"""Writes docs/cases.md, the life of a case, from engine/case.py: its tables, and the comments beside its words.

`make gen` runs it. With --check it writes nothing, and ends with 1 where the page is not what the code says.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from engine import case

PROJECT = Path(__file__).resolve().parents[1]
SOURCE = PROJECT / "engine" / "case.py"
PAGE = PROJECT / "docs" / "cases.md"

_MEMBER = re.compile(r"^    ([A-Z_]+) = .*?  # (.+)$")


def comments(source: str, kind: type[StrEnum]) -> dict[str, str]:
    """What the source says beside each word of an enumeration. A word without a comment raises LookupError."""
    [body] = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and node.name == kind.__name__
    ]
    lines = source.splitlines()[body.lineno : body.end_lineno]
    said = {found.group(1): found.group(2) for line in lines if (found := _MEMBER.match(line))}
    if silent := [member.name for member in kind if member.name not in said]:
        raise LookupError(f"engine/case.py: no comment beside {', '.join(silent)} of {kind.__name__}")
    return said


def page(source: str) -> str:
    """The whole page."""
    states, events = comments(source, case.CaseState), comments(source, case.Event)
    attempts = comments(source, case.AttemptState)
    terminal = ", ".join(f"`{state}`" for state in case.CaseState if state in case.TERMINAL)
    under_way = ", ".join(f"`{state}`" for state in case.CaseState if state in case.UNDER_WAY)
    return (
        "\n\n".join(
            (
                "<!-- Made from engine/case.py by `make gen`. Change that, not this page. -->",
                "# The life of a case",
                "A case is the life of one order here. It stands in one state; an event leads to the next one, or is "
                "refused. Every event is kept in the log with its actor, its time and its reason, and `WatchCases` tells "
                "it. What to do in which state is in [integrating.md](integrating.md#where-a-case-stands).",
                "## Drawn",
                "```mermaid\n" + "\n".join(_diagram()) + "\n```",
                "## States",
                _table(
                    ("state", "means"), ((f"`{state}`", f"{states[state.name]}") for state in case.CaseState)
                ),
                f"No event leads out of {terminal}. Work goes on by itself in {under_way}.",
                "## Events",
                "What an event needs must hold at the end of its transaction; otherwise it is refused, and nothing of the "
                "transaction is kept.",
                _table(
                    ("event", "means", "needs"),
                    ((f"`{event}`", events[event.name], _needs(event) or "nothing") for event in case.Event),
                ),
                "## Which event leads where",
                "A row for each state, a column for each event. An empty cell: the event is refused.",
                _table(("", *(f"`{event}`" for event in case.Event)), _cells()),
                "## Attempts",
                "An attempt is one try at one platform for one version of the declaration. A case has at most one open one, "
                "so that never a second is sent while the outcome of the first is open.",
                _table(
                    ("state", "means", "open", "may become"),
                    (
                        (
                            f"`{state}`",
                            attempts[state.name],
                            "yes" if state in case.OPEN_ATTEMPT else "no",
                            ", ".join(
                                f"`{after}`"
                                for after in case.AttemptState
                                if after in case.ATTEMPT_TABLE[state]
                            )
                            or "nothing: it has ended",
                        )
                        for state in case.AttemptState
                    ),
                ),
            )
        )
        + "\n"
    )


def _diagram() -> Iterator[str]:
    """The table as a mermaid state diagram: one arrow for each pair of states, with all events that take it."""
    yield "stateDiagram-v2"
    for state, after in case.TABLE.items():
        arrows: dict[case.CaseState, list[str]] = {}
        for event, to in after.items():
            arrows.setdefault(to, []).append(event)
        for to in (to for to in case.CaseState if to in arrows):
            yield f"    {state or '[*]'} --> {to}: {', '.join(arrows[to])}"
    for state in case.CaseState:
        if state in case.TERMINAL:
            yield f"    {state} --> [*]"


def _cells() -> Iterator[tuple[str, ...]]:
    for state in (None, *case.CaseState):
        after = case.TABLE[state]
        name = f"**`{state}`**" if state else "**no case yet**"
        yield (name, *(f"`{after[event]}`" if event in after else "" for event in case.Event))


def _needs(event: case.Event) -> str:
    return "; ".join(need for need in case.Need if need in case.NEEDS[event])


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("---",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(cell for cell in line)} |" for line in lines)


def main(words: list[str]) -> None:
    """Writes the page, or compares it."""
    fresh = page(SOURCE.read_text("utf-8"))
    if "--check" not in words:
        PAGE.write_text(fresh, "utf-8")
    elif not PAGE.exists() or PAGE.read_text("utf-8") != fresh:
        sys.exit("docs/cases.md is not what engine/case.py says: run 'make gen' and commit it.")


if __name__ == "__main__":
    main(sys.argv[1:])
