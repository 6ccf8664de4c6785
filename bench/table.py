"""Plain tables for figures."""

import io
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

_WIDTH = 120
shown: list[str] = []
"""The tables that were shown, as text, for the page of figures."""


def show(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints rows under columns; the first column is text, the others are figures."""
    table = Table()
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*row)
    Console(width=_WIDTH).print(table)
    text = Console(file=io.StringIO(), width=_WIDTH, color_system=None, record=True)
    text.print(table)
    shown.append(text.export_text())
