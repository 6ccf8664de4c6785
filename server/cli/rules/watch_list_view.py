"""The watch-list, as JSON for machines and as tables for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from rich.table import Table

from engine.rulebook.model import Rulebook
from engine.workbench.watch_list.model import Alternative, Counts, Kind, Watched, WatchList
from server.cli.screen import console, say

NOT_SAID: Final = "(nothing is said; add `watch:` to the source)"


def report(rulebook: Rulebook, parts: WatchList, counts: Counts | None, days: int) -> dict[str, Any]:
    """All of it for machines; without recorded decisions nothing is counted."""
    said: dict[str, Any] = {"rulebook": {"name": rulebook.name, "digest": rulebook.digest}}
    if counts is not None:
        said["decisions"] = {
            "days": days,
            "count": counts.decisions,
            "by_question": dict(sorted(counts.by_question.items())),
            "not_read": {str(why): number for why, number in sorted(counts.unread.counts.items())},
        }
    said["watched"] = [_part(one, counts) for one in parts.values()]
    return said


def show(rulebook: Rulebook, parts: WatchList, counts: Counts | None, days: int) -> None:
    """Prints the tables: sources with what would settle them, then what rests on them."""
    say(
        [
            [(f"{rulebook.name} {rulebook.digest}", "head")],
            *([(line, "quiet")] for line in _counted(counts, days)),
        ]
    )
    sources = [one for one in parts.values() if one.name.kind is Kind.SOURCE]
    others = [one for one in parts.values() if one.name.kind is not Kind.SOURCE]
    console().print(_sources(sources, counts), _others(others, counts), sep="\n")
    if counts is not None:
        say([[(line, "gone")] for line in _unread(counts)])


def _counted(counts: Counts | None, days: int) -> Iterator[str]:
    if counts is None:
        yield "Name a server's database with --database to see which recorded decisions rest on each."
    else:
        decisions = f"{counts.decisions:,} decisions of the last {days} days"
        yield f"{decisions}, answered again by this rulebook and by what it could be."


def _unread(counts: Counts) -> Iterator[str]:
    for why, number in sorted(counts.unread.counts.items()):
        first = ", ".join(label for label, _ in counts.unread.first.get(why, [])[:3])
        yield f"{number:,} decisions are not counted ({why}), such as {first}"


def _sources(sources: Iterable[Watched], counts: Counts | None) -> Table:
    columns = ["source", "standing", "read again by", "confirmed or replaced by"]
    made = _table("Sources that are not enacted", columns, counts)
    for one in sources:
        [source] = one.sources
        review = str(source.review) if source.review is not None else ""
        made.add_row(source.name, str(one.standing), review, source.watch or NOT_SAID, *_figures(one, counts))
    return made


def _others(parts: Iterable[Watched], counts: Counts | None) -> Table:
    title = "What rests on them, and texts that can be read in several ways"
    made = _table(title, ["what", "standing", "gives"], counts)
    for one in parts:
        made.add_row(f"{one.name.kind} {one.name}", str(one.standing), one.gives, *_figures(one, counts))
    return made


def _table(title: str, columns: list[str], counts: Counts | None) -> Table:
    made = Table(title=title, title_justify="left", min_width=len(title) + 1)
    for name in columns:
        made.add_column(name, overflow="fold", no_wrap=name == columns[0])
    if counts is not None:
        made.add_column("rest on it", justify="right")
    made.add_column("could be" if counts is None else "flips if it were")
    return made


def _figures(one: Watched, counts: Counts | None) -> list[str]:
    if counts is None:
        return ["\n".join(alternative.name for alternative in one.alternatives)]
    flips = (
        f"{alternative.name}: {counts.flips[one.name, alternative.name]:,}"
        for alternative in one.alternatives
    )
    return [f"{counts.rested[one.name]:,}", "\n".join(flips)]


def _part(one: Watched, counts: Counts | None) -> dict[str, Any]:
    said: dict[str, Any] = {
        "kind": str(one.name.kind),
        "question": one.name.question,
        "name": one.name.name,
        "standing": str(one.standing),
        "gives": one.gives,
        "chosen": one.chosen,
        "sources": [
            {
                "name": source.name,
                "standing": str(source.standing),
                "review": str(source.review) if source.review is not None else "",
                "watch": source.watch,
            }
            for source in one.sources
        ],
        "alternatives": [_alternative(one, alternative, counts) for alternative in one.alternatives],
    }
    if counts is not None:
        said["rested"] = counts.rested[one.name]
    return said


def _alternative(one: Watched, alternative: Alternative, counts: Counts | None) -> dict[str, Any]:
    said: dict[str, Any] = {"name": alternative.name, "says": alternative.says}
    if counts is not None:
        said["flips"] = counts.flips[one.name, alternative.name]
        said["ways"] = [
            {"was": was, "now": now, "decisions": number}
            for (name, which, was, now), number in sorted(counts.ways.items())
            if name == one.name and which == alternative.name
        ]
    return said
