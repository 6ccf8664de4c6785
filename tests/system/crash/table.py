"""The table of a run: a line for each point."""

from collections.abc import Sequence

from tests.system.crash.lane import Ran
from tests.system.crash.points import POINTS

HEAD = ("killed at", "runs", "hit", "calls", "answered before", "with a later attempt", "faults")


def table(ran: Sequence[Ran]) -> str:
    """How often each point was hit, and what became of its orders."""
    rows: list[tuple[str, ...]] = [HEAD]
    for point in POINTS:
        of_point = [each for each in ran if each.point == point]
        if of_point:
            rows.append((str(point), *_sums(of_point)))
    rows.append(("all", *_sums(ran)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    point, *numbers = row
    return "  ".join(
        [
            point.ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=True)),
        ]
    )


def _sums(ran: Sequence[Ran]) -> tuple[str, ...]:
    numbers = (
        len(ran),
        sum(each.hit for each in ran),
        sum(each.calls for each in ran),
        sum(each.answered for each in ran),
        sum(each.later for each in ran),
        sum(len(each.faults) for each in ran),
    )
    return tuple(map(str, numbers))
