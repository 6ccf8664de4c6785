"""An assessment as data, for machines and for statements: items by area, what is lacking first."""

from datetime import datetime
from typing import Any

from engine.readiness.assessment import Area, Assessment, Item


def assessment_data(found: Assessment) -> dict[str, Any]:
    """The assessment as JSON takes it. What nothing bounds, and no rule spoke of, is null."""
    return {
        "site": found.site,
        "source": found.source,
        "orders": found.orders,
        "since": moment_text(found.since),
        "until": moment_text(found.until),
        "on": found.on.isoformat(),
        "rulebook_digest": found.rulebook_digest,
        "outcome": found.outcome,
        "possible": list(found.possible),
        "missing": list(found.missing),
        "standing": found.standing.value,
        "items": [_item(item) for area in Area for item in found.of(area)],
    }


def moment_text(moment: datetime | None) -> str | None:
    """A moment, to the second."""
    return None if moment is None else moment.isoformat(timespec="seconds")


def _item(item: Item) -> dict[str, str | None]:
    return {
        "area": item.area.value,
        "about": item.about,
        "state": item.state.value,
        "seen": item.seen,
        "needed": item.needed,
        "who": item.who,
        "mend": item.mend,
        "reason": item.reason,
        "standing": None if item.standing is None else item.standing.value,
    }
