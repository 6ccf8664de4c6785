"""An assessment from orders alone: what their fields show by the readiness question, and what cannot be known offline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from engine.decide import decide
from engine.decision import Decision, Finding
from engine.readiness.assessment import Area, Assessment, Item, ItemState
from engine.readiness.fields import Seen, Stage, stage_of
from engine.readiness.looked_at import READINESS, Orders
from engine.rulebook.model import Rulebook
from engine.rulebook.standing import DEFAULT_ENFORCE, Standing

WHO: Final = "The site's system team"
FIELDS: Final = "site.readiness.fields"
SEVERAL: Final = "(several)"

_NOT_OFFLINE: Final = (
    Item(
        Area.INTERFACE, "connection", ItemState.UNKNOWN, "not known offline: no server was asked",
        "the order system is connected to a recognised platform, and answered in real time",
        WHO, "Connect it, and prove that by a conformance run.",
    ),
    Item(
        Area.TRIGGER_POINTS, "calls", ItemState.UNKNOWN, "not known offline: orders do not say when a platform was called",
        "the platform is called at inquiry or order, at the declaration, and at hand-off",
        WHO, "Send orders through a server, which sees at which step it is called.",
    ),
)  # fmt: skip


def assessed(
    rulebook: Rulebook, orders: Orders, source: str, on: date, enforce: Iterable[Standing] = DEFAULT_ENFORCE
) -> Assessment:
    """The assessment of the orders of a folder, by the rulebook's readiness question on that day."""
    seen = dict(sorted(orders.fields.seen.items(), key=lambda one: (_due(rulebook, one[0]), one[0])))
    decision = decide(rulebook, READINESS, _facts(rulebook, seen), on, tuple(enforce))
    items = (*_NOT_OFFLINE, *_fields(rulebook, seen, decision))
    site = next(iter(orders.sites)) if len(orders.sites) == 1 else SEVERAL
    return Assessment(
        site, source, orders.orders, on, rulebook.digest, decision.outcome, decision.possible, decision.missing,
        decision.standing, items,
    )  # fmt: skip


def _due(rulebook: Rulebook, path: str) -> int:
    return list(Stage).index(stage_of(rulebook, path))


def _facts(rulebook: Rulebook, seen: Mapping[str, Seen]) -> Mapping[str, object]:
    fields = tuple(
        {
            "path": path,
            "stage": str(stage_of(rulebook, path)),
            "orders": one.orders,
            "given": one.given + one.none,
            "mistyped": one.mistyped,
        }
        for path, one in seen.items()
    )
    return {"site": {"readiness": {"fields": fields}}}


def _fields(rulebook: Rulebook, seen: Mapping[str, Seen], decision: Decision) -> Iterator[Item]:
    # Rules that only count as advice say what is lacking too; the item's standing tells.
    findings = (decision.advisory or decision).findings
    found = {one.place: one for one in reversed(findings) if one.place.startswith(FIELDS)}
    for number, (path, one) in enumerate(seen.items()):
        yield _item(path, one, stage_of(rulebook, path), found.get(f"{FIELDS}[{number}]"))


def _item(path: str, seen: Seen, stage: Stage, finding: Finding | None) -> Item:
    said = f"given in {seen.given + seen.none} of {seen.orders} orders"
    said += f", missing in {seen.missing}" if seen.missing else ""
    said += f", mistyped in {seen.mistyped}" if seen.mistyped else ""
    wanted = f"given at {stage} in every order that a rule asks for it in"
    if finding is None:
        return Item(Area.FIELDS, path, ItemState.MET, said, wanted)
    return Item(
        Area.FIELDS, path, ItemState.LACKING, said, wanted, WHO, _mend(seen, finding), finding.reason, finding.standing
    )  # fmt: skip


def _mend(seen: Seen, finding: Finding) -> str:
    if seen.sample is not None:
        return f"{seen.sample.why}: {seen.sample.mend} (first in {seen.sample.place})"
    return f"{finding.remedy} (first missing in {seen.missing_in})" if seen.missing_in else finding.remedy
