"""An assessment as a table, as a page to print, and as data: the same things wherever it was measured."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from engine.readiness import Area, Assessment, Item, ItemState
from engine.readiness.form import assessment_data, moment_text
from server.cli.screen import console
from server.cli.written import write_file

if TYPE_CHECKING:
    from rich.table import Table

AREAS: Final = {
    Area.INTERFACE: "System interface",
    Area.FIELDS: "Fields",
    Area.TRIGGER_POINTS: "Trigger points",
}
_STYLES: Final = {ItemState.LACKING: "red", ItemState.UNKNOWN: "yellow", ItemState.MET: ""}
# More than so many items that are met are one line of a table; the page and the data have each.
_MOST_MET: Final = 5
_HEADS: Final = ("", "what", "seen", "needed", "who, and how")


def show_assessment(found: Assessment, json_wanted: bool, page: Path | None) -> None:
    """Prints it as a table or as JSON, and writes the page where one is wanted; ends the command where that cannot be."""
    if page is not None:
        write_file(page, assessment_page(found))
    if json_wanted:
        typer.echo(json.dumps(assessment_data(found), ensure_ascii=False, indent=2))
        return
    out = console()
    for line in _about(found).items():
        out.print(f"{line[0]:<10} {line[1]}", soft_wrap=True)
    out.print(assessment_table(found))


def assessment_table(found: Assessment) -> "Table":
    """A line for each item, by area, what is lacking first."""
    from rich.table import Table

    table = Table()
    for head in _HEADS:
        table.add_column(head, overflow="fold")
    for area, items in _by_area(found):
        table.add_section()
        table.add_row("", AREAS[area], style="bold")
        met = [item for item in items if item.state is ItemState.MET]
        shown = items if len(met) <= _MOST_MET else [item for item in items if item not in met]
        for item in shown:
            table.add_row(*_cells(item, str), style=_STYLES[item.state])
        if len(met) > _MOST_MET:
            table.add_row(
                ItemState.MET.value, f"{len(met)} more", ", ".join(item.about for item in met), "", ""
            )
    return table


def assessment_page(found: Assessment) -> str:
    """One page that needs nothing but itself, runs nothing, and prints well."""
    from server.export.html import definitions, document, html, joined, paragraph, section, table

    parts = [section("The site", definitions(_about(found)))]
    if found.missing:
        told = f"Not known, so that nothing can be said yet: {', '.join(found.missing)}."
        parts.append(paragraph(told, "note"))
    parts += [
        section(AREAS[area], table(_HEADS, (_cells(item, html) for item in items)))
        for area, items in _by_area(found)
    ]
    return document(f"Readiness of {found.site}", joined(parts))


def _by_area(found: Assessment) -> Iterator[tuple[Area, tuple[Item, ...]]]:
    return ((area, items) for area in Area if (items := found.of(area)))


def _cells(item: Item, shown: Callable[[str], str]) -> tuple[str, ...]:
    state = item.state.value
    if item.reason:
        standing = f", {item.standing}" if item.standing is not None else ""
        state += f" ({item.reason}{standing})"
    how = item.mend if item.mend.startswith(item.who) else f"{item.who}: {item.mend}"
    return tuple(map(shown, (state, item.about, item.seen, item.needed, how)))


def _about(found: Assessment) -> dict[str, object]:
    outcome = found.outcome
    if len(found.possible) > 1:
        outcome += f": {' or '.join(found.possible)}; not known: {', '.join(found.missing)}"
    said: dict[str, object] = {
        "site": found.site,
        "readiness": f"{outcome} ({found.standing})",
        "seen": f"{found.orders} orders; {found.source}",
        "on": found.on.isoformat(),
        "rulebook": found.rulebook_digest,
    }
    if found.since is not None and found.until is not None:
        said["between"] = f"{moment_text(found.since)} and {moment_text(found.until)}"
    return said
