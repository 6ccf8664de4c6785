"""What was seen of a platform, as people read it."""

from typing import TYPE_CHECKING, Final

from rich.table import Table

from server.platforms.conformance import State

if TYPE_CHECKING:
    from rich.console import Console

    from server.platforms.conformance import Report, Tried

_SAID: Final = {
    State.KEPT: "kept",
    State.BROKEN: "BROKEN",
    State.MORE: "kept, not promised",
    State.NOT_PROMISED: "not promised",
    State.NOT_TRIED: "not tried",
}
_STYLES: Final = {State.KEPT: "green", State.BROKEN: "red", State.MORE: "cyan"}


def print_report(report: "Report", out: "Console") -> None:
    """Promises, latencies, what was bought; what is broken last, with what was expected."""
    out.print(_promises(report))
    if report.latencies:
        out.print(_latencies(report))
    left = f"; left in force: {', '.join(report.left)}" if report.left else ", all voided"
    out.print(f"{report.bought} certificates were bought{left if report.bought else ''}.")
    for one in report.broken:
        out.print(_broken(one), style="red", soft_wrap=True)
    out.print(_summary(report))


def _promises(report: "Report") -> Table:
    table = Table(title_justify="left")
    for column in ("promise", "", "seen"):
        table.add_column(column, overflow="fold")
    theme = ""
    for one in report.tried:
        if one.promise.theme != theme:
            table.add_section()
            theme = one.promise.theme
        table.add_row(
            f"{one.promise.name}: {one.promise.says}",
            _SAID[one.state],
            one.seen,
            style=_STYLES.get(one.state),
        )
    return table


def _latencies(report: "Report") -> Table:
    table = Table()
    table.add_column("latency")
    for column in ("calls", "p50 ms", "p95 ms", "p99 ms", "longest ms", f"within {report.within:g} s"):
        table.add_column(column, justify="right")
    for one in report.latencies:
        times = (f"{1000 * seconds:,.1f}" for seconds in (one.p50, one.p95, one.p99, one.longest))
        table.add_row(one.operation, str(one.count), *times, f"{100 * one.within:.1f} %")
    return table


def _broken(one: "Tried") -> str:
    return f"{one.promise.name}: {one.promise.says}\n  expected {one.expected}\n  seen     {one.seen}"


def _summary(report: "Report") -> str:
    counts = {state: sum(one.state is state for one in report.tried) for state in State}
    told = ", ".join(f"{count} {_SAID[state].lower()}" for state, count in counts.items() if count)
    return f"{report.platform}: {told}."
