"""An offline assessment: as JSON, as tables, and as one page of HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich.table import Table

from engine.readiness.assessment import Area, Assessment, Item, ItemState
from engine.readiness.fields import stage_of
from engine.readiness.looked_at import CERTIFICATION, SCOPE, Orders
from engine.rulebook.model import UNDETERMINED, Rulebook
from server.cli.readiness_showing import AREAS
from server.cli.scope_view import missing_facts, most, percent
from server.cli.screen import console, say
from server.export.html import Html, document, element, joined, paragraph, section, table

CERTIFIED: Final = "Certification of origin, of orders that may be in scope"
NOTHING: Final = "Nothing."


@dataclass(frozen=True, slots=True)
class Shown:
    """An assessment with the counts that it was made from, and the rulebook."""

    assessment: Assessment
    orders: Orders
    rulebook: Rulebook

    def outcomes(self, question: str) -> list[tuple[str, int]]:
        """How many orders have each outcome of a question, in the rulebook's order."""
        counts = self.orders.scope if question == SCOPE else self.orders.certification
        ranked = (*self.rulebook.questions[question].outcomes, UNDETERMINED)
        return [(outcome, counts[outcome]) for outcome in ranked]


def report(shown: Shown) -> dict[str, Any]:
    """All of it for machines."""
    assessment, orders = shown.assessment, shown.orders
    return {
        "source": assessment.source,
        "site": assessment.site,
        "on": assessment.on.isoformat(),
        "rulebook": {"name": shown.rulebook.name, "digest": assessment.rulebook_digest},
        "orders": orders.orders,
        "readiness": {
            "outcome": assessment.outcome,
            "possible": list(assessment.possible),
            "missing": list(assessment.missing),
            "standing": str(assessment.standing),
        },
        "scope": {
            "outcomes": dict(shown.outcomes(SCOPE)),
            "missing": [{"facts": list(facts), "orders": n} for facts, n in most(orders.scope_missing)],
        },
        "certification": {
            "outcomes": dict(shown.outcomes(CERTIFICATION)),
            "missing": dict(most(orders.certification_missing)),
            "lacking": [
                {"reason": reason, "orders": one.orders, **dict(zip(("first", "because", "mend"), one.first, strict=True))}
                for reason, one in _elements(orders)
            ],
        },
        "items": [_item(item) for area in Area for item in assessment.of(area)],
        "fields": [_field(shown, path) for path in sorted(orders.fields.seen)],
        "not_known_offline": dict(most(orders.ours)),
        "unread": {
            "orders": orders.unread,
            "first": [{"order": place, "why": why} for place, why in orders.unread_first],
        },
    }  # fmt: skip


def show(shown: Shown) -> None:
    """Prints the tables, what could not be read last."""
    assessment, orders = shown.assessment, shown.orders
    say([[(head(shown), "head")]])
    console().print(
        _counts("Scope", shown.outcomes(SCOPE), orders.orders),
        *(_two("Scope undetermined for want of", "fact", most(missing_facts(orders.scope_missing)))),
        _counts(
            CERTIFIED,
            shown.outcomes(CERTIFICATION),
            orders.certification.total(),
        ),
        *(_two("Certification undetermined for want of", "fact", most(orders.certification_missing))),
        *_lacking(orders),
        *(_area(AREAS[area], assessment.of(area)) for area in Area),
        sep="\n",
    )
    say([[(line, "gone")] for line in unread_lines(orders)])


def head(shown: Shown) -> str:
    """In a sentence: what was looked at, by what, and what the site is."""
    assessment = shown.assessment
    possible = f" ({' or '.join(assessment.possible)})" if len(assessment.possible) > 1 else ""
    return (
        f"{assessment.source}: {assessment.orders:,} orders, by {shown.rulebook.name} {assessment.rulebook_digest}, on"
        f" {assessment.on}: {assessment.outcome}{possible}, as far as orders alone can tell"
    )


def unread_lines(orders: Orders) -> Iterator[str]:
    """The orders that could not be read."""
    if orders.unread:
        yield f"{orders.unread:,} orders could not be read, and are in no figure above. The first of them:"
        yield from (f"  {place}: {why}" for place, why in orders.unread_first)


def page(shown: Shown) -> str:
    """One page, to read and to print."""
    assessment, orders = shown.assessment, shown.orders
    body = paragraph(f"{head(shown)}.")
    body += paragraph(
        "Made from orders alone, on the enterprise's own machine. What only a server sees, the interface and the trigger"
        " points, is not known offline and counts for nothing here. The mandate is reported, not enacted.",
        "note",
    )
    body += section("Is the business in scope?", _page_counts(shown.outcomes(SCOPE), orders.orders))
    body += _page_missing("Scope is open for want of", most(missing_facts(orders.scope_missing)))
    counts = _page_counts(shown.outcomes(CERTIFICATION), orders.certification.total())
    body += section(CERTIFIED, counts)
    body += _page_missing("The certification is open for want of", most(orders.certification_missing))
    body += section(
        "What certifications lack",
        table(
            ["Reason", "Orders", "Because", "Mend", "First in"],
            (
                [reason, one.orders, one.first[1], one.first[2], one.first[0]]
                for reason, one in _elements(orders)
            ),
        )
        if orders.elements
        else paragraph(NOTHING),
    )
    for area in Area:
        body += section(
            AREAS[area], table(["What", "State", "Seen", "Needed", "Mend"], map(_cells, assessment.of(area)))
        )
    if orders.unread:
        body += section("Could not be read", element("pre", "\n".join(unread_lines(orders))))
    return document("Readiness for the USMCA e-Cert mandate", body)


def _page_counts(counts: Sequence[tuple[str, int]], orders: int) -> Html:
    return table(["Outcome", "Orders", "Share"], ([name, n, percent(n, orders)] for name, n in counts))


def _page_missing(title: str, counts: Sequence[tuple[str, int]]) -> Html:
    return section(title, table(["Fact", "Orders"], counts)) if counts else joined(())


def _counts(title: str, counts: Sequence[tuple[str, int]], orders: int) -> Table:
    return _table(
        title, ["outcome", "orders", "share"], ([name, f"{n:,}", percent(n, orders)] for name, n in counts)
    )


def _two(title: str, what: str, counts: Sequence[tuple[str, int]]) -> Iterator[Table]:
    if counts:
        yield _table(title, [what, "orders"], ([name, f"{n:,}"] for name, n in counts))


def _lacking(orders: Orders) -> Iterator[Table]:
    if orders.elements:
        rows = ([reason, f"{one.orders:,}", one.first[1], one.first[2]] for reason, one in _elements(orders))
        yield _table("What certifications lack", ["reason", "orders", "because", "mend"], rows)


def _area(title: str, items: Sequence[Item]) -> Table:
    shown = [item for item in items if item.state is not ItemState.MET]
    rows = ([item.about, _state(item), item.seen, item.mend] for item in shown)
    made = _table(title, ["what", "state", "seen", "mend"], rows)
    if len(shown) < len(items):
        made.add_row(f"and {len(items) - len(shown)} more", str(ItemState.MET), "", "")
    return made


def _state(item: Item) -> str:
    """The state, with how firm the rule is that found it."""
    return f"{item.state} ({item.standing})" if item.standing is not None else str(item.state)


def _table(title: str, columns: Sequence[str], rows: Iterator[list[str]]) -> Table:
    made = Table(title=title, title_justify="left", min_width=len(title) + 1)
    for name in columns:
        made.add_column(name, justify="right" if name in ("orders", "share") else "left", overflow="fold")
    for row in rows:
        made.add_row(*row)
    return made


def _cells(item: Item) -> list[str]:
    return [item.about, _state(item), item.seen, item.needed, item.mend]


def _elements(orders: Orders) -> list[tuple[str, Any]]:
    return sorted(orders.elements.items(), key=lambda one: (-one[1].orders, one[0]))


def _item(item: Item) -> dict[str, Any]:
    return {
        "area": str(item.area),
        "about": item.about,
        "state": str(item.state),
        "seen": item.seen,
        "needed": item.needed,
        "who": item.who,
        "mend": item.mend,
        "reason": item.reason,
        "standing": str(item.standing) if item.standing is not None else "",
    }


def _field(shown: Shown, path: str) -> dict[str, Any]:
    seen = shown.orders.fields.seen[path]
    sample = seen.sample
    return {
        "path": path,
        "stage": str(stage_of(shown.rulebook, path)),
        "orders": seen.orders,
        "given": seen.given,
        "none": seen.none,
        "missing": seen.missing,
        "mistyped": seen.mistyped,
        "missing_in": seen.missing_in,
        "sample": {"order": sample.place, "why": sample.why, "mend": sample.mend}
        if sample is not None
        else None,
    }
