"""A census, as JSON for machines and as tables for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from rich.table import Table

from engine.census import Census, Share
from engine.census.counts import Shares
from engine.rulebook.model import UNDETERMINED
from server.cli.screen import console, say

CHAPTERS: Final = (
    "An order stands under each HS chapter that it has, there with its whole value: chapters do not add up."
)
MOST_ROWS: Final = 30
"""Of sites, months and chapters a table has so many, those with most orders; JSON has all."""


def census_report(census: Census, outcomes: Sequence[str], place: str) -> dict[str, Any]:
    """The whole census; amounts are texts, exact."""
    asked = census.asked
    return {
        "question": asked.question,
        "rulebook": {"name": asked.rulebook, "digest": asked.digest},
        "enforce": list(asked.enforce),
        "orders": census.orders,
        "outcomes": {
            outcome: _share(census.outcomes[outcome])
            for outcome in _ranked(outcomes)
            if outcome in census.outcomes
        },
        "missing": [{"facts": list(facts), "orders": orders} for facts, orders in most(census.missing)],
        "missing_facts": dict(most(missing_facts(census.missing))),
        "sites": _apart(census.sites, "site", outcomes),
        "months": _apart(census.months, "month", outcomes),
        "chapters": _apart(census.chapters, "chapter", outcomes),
        "unread": {
            "rows": census.unread.rows,
            "reasons": dict(most(census.unread.reasons)),
            "first": [{place: row, "why": why} for row, why in census.unread.first],
        },
    }


def show_census(census: Census, outcomes: Sequence[str], place: str) -> None:
    """Prints the tables, and the rows that could not be read last."""
    asked = census.asked
    rules = f"{' and '.join(asked.enforce)} rules"
    head = f"{asked.question}, by {asked.rulebook} {asked.digest}, {rules}: {census.orders:,} orders"
    say([[(head, "head")]])
    console().print(*census_tables(census, outcomes), sep="\n")
    say([[(CHAPTERS, "quiet")], *([(line, "gone")] for line in unread_lines(census, place))])


def census_tables(census: Census, outcomes: Sequence[str]) -> Iterator[Table]:
    """The tables: outcomes, missing facts, then orders apart by site, month and chapter."""
    yield _outcomes(census, outcomes)
    if census.missing:
        yield _missing(census)
    for what, shares in (("site", census.sites), ("month", census.months), ("HS chapter", census.chapters)):
        yield _apart_table(what, shares, outcomes)


def unread_lines(census: Census, place: str) -> Iterator[str]:
    """What could not be read: how many rows for each reason, then the first ones."""
    if not census.unread.rows:
        return
    yield f"{census.unread.rows:,} rows could not be read, and are in no figure above:"
    for reason, rows in most(census.unread.reasons):
        yield f"  {rows:,}: {reason}"
    yield "The first of them:"
    for row, why in census.unread.first:
        yield f"  {place} {row}: {why}"


def missing_facts(missing: Mapping[tuple[str, ...], int]) -> Counter[str]:
    """How many undetermined orders lack each fact; an order that lacks two counts for both."""
    found: Counter[str] = Counter()
    for facts, orders in missing.items():
        found.update(dict.fromkeys(facts, orders))
    return found


def percent(part: int, whole: int) -> str:
    """A share in percent, to one place."""
    exact = Decimal(100 * part) / Decimal(max(1, whole))
    return f"{exact.quantize(Decimal('0.1'), ROUND_HALF_EVEN)} %"


def value_text(share: Share) -> str:
    """The value in each currency; what has none is said."""
    said = [f"{amount:,f} {currency}" for currency, amount in sorted(share.values.items())]
    if share.unvalued:
        said.append(f"{share.unvalued:,} without a value")
    return "\n".join(said)


def _outcomes(census: Census, outcomes: Sequence[str]) -> Table:
    table = Table(title="Outcomes", title_justify="left")
    table.add_column("outcome")
    for name in ("orders", "share", "value"):
        table.add_column(name, justify="right")
    for outcome in _ranked(outcomes):
        share = census.outcomes.get(outcome, Share())
        table.add_row(outcome, f"{share.orders:,}", percent(share.orders, census.orders), value_text(share))
    return table


def _missing(census: Census) -> Table:
    table = Table(title="Undetermined for want of", title_justify="left")
    table.add_column("facts")
    table.add_column("orders", justify="right")
    for facts, orders in most(census.missing)[:MOST_ROWS]:
        table.add_row(", ".join(facts), f"{orders:,}")
    return table


def _apart_table(what: str, shares: Shares, outcomes: Sequence[str]) -> Table:
    table = Table(title=f"By {what}", title_justify="left")
    table.add_column(what)
    table.add_column("orders", justify="right")
    ranked = _ranked(outcomes)
    for outcome in ranked:
        table.add_column(outcome, justify="right")
    table.add_column(f"value of {ranked[0]}", justify="right")
    names = _names(shares)
    shown = sorted(names, key=lambda name: (-names[name], name))[:MOST_ROWS]
    for name in sorted(shown):
        counts = (shares[name, outcome].orders if (name, outcome) in shares else 0 for outcome in ranked)
        value = value_text(shares.get((name, ranked[0]), Share()))
        table.add_row(name, f"{names[name]:,}", *(f"{count:,}" for count in counts), value)
    if len(names) > len(shown):
        table.add_row(f"... and {len(names) - len(shown):,} more (--json has all)")
    return table


def _apart(shares: Shares, what: str, outcomes: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            what: name,
            "orders": orders,
            "outcomes": {
                outcome: _share(shares[name, outcome])
                for outcome in _ranked(outcomes)
                if (name, outcome) in shares
            },
        }
        for name, orders in sorted(_names(shares).items())
    ]


def _names(shares: Shares) -> Counter[str]:
    found: Counter[str] = Counter()
    for (name, _), share in shares.items():
        found[name] += share.orders
    return found


def _share(share: Share) -> dict[str, Any]:
    values = {currency: f"{amount:f}" for currency, amount in sorted(share.values.items())}
    return {"orders": share.orders, "unvalued": share.unvalued, "value": values}


def _ranked(outcomes: Sequence[str]) -> list[str]:
    return [*outcomes, UNDETERMINED]


def most(counts: Counter[Any] | Mapping[Any, int]) -> list[tuple[Any, int]]:
    """The most frequent first."""
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))
