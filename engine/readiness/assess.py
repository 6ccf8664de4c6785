"""From what was measured of a site to its assessment, by the rulebook's question `readiness`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from engine.decide import decide
from engine.decision import Finding
from engine.readiness.assessment import Area, Assessment, Item, ItemState
from engine.readiness.fields import Stage
from engine.readiness.measure import FieldSeen, Measured
from engine.readiness.orders import BEFORE_THE_TRANSACTION
from engine.rulebook import Rulebook
from engine.rulebook.model import Rule

QUESTION: Final = "readiness"
_FIELDS: Final = "site.readiness.fields"
_SITE: Final = "The site's system team"
_BOTH: Final = "The site's system team and the platform"


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at: which site, in which source, between which moments, and what counts as real time.

    `integration` is the fact, None where it is not known; `integrated` says why it is so.
    """

    site_id: str
    source: str
    since: datetime | None
    until: datetime | None
    real_time: timedelta
    integration: str | None
    integrated: str


@dataclass(frozen=True, slots=True)
class _Thing:
    """Something that was measured, which findings of rules are about: by the fact that says it.

    Not `known` is what nothing was there to show: it is neither good nor lacking, whatever was measured.
    """

    area: Area
    about: str
    seen: str
    needed: str
    known: bool = True


def assess(rulebook: Rulebook, on: date, looked: Looked, measured: Measured) -> Assessment:
    """What the site lacks. Rules of every standing are heard, and each item says the standing of its rule; the outcome is by
    those that are enforced."""
    decision = decide(rulebook, QUESTION, measured.facts(looked.site_id, looked.integration), on)
    heard = decision.advisory or decision
    things = _things(looked, measured)
    rules = {rule.name: rule for rule in rulebook.questions[QUESTION].rules}
    favourable = rulebook.questions[QUESTION].favourable or frozenset()
    lacking = [
        (_fact_of(rules[each.rule], each), each) for each in heard.findings if each.outcome not in favourable
    ]
    return Assessment(
        looked.site_id,
        looked.source,
        measured.orders,
        on,
        decision.rulebook_digest,
        decision.outcome,
        decision.possible,
        decision.missing,
        decision.standing,
        tuple(_items(things, lacking, _unasked(measured))),
        looked.since,
        looked.until,
    )


def _items(
    things: Mapping[str, _Thing],
    lacking: list[tuple[str, Finding]],
    unasked: frozenset[str],
) -> Iterator[Item]:
    """One for each finding; for what no finding is about, one that says how it stands, unless nobody asked for it."""
    spoken = {fact for fact, _ in lacking}
    for fact, finding in lacking:
        thing = things.get(fact) or _Thing(Area.INTERFACE, finding.rule, "", "")
        yield Item(
            thing.area,
            thing.about,
            ItemState.LACKING,
            f"{finding.because} {thing.seen}".strip(),
            thing.needed,
            _BOTH if fact == "site.readiness.answered_in_time" else _SITE,
            finding.remedy,
            finding.reason,
            finding.standing,
        )
    for fact, thing in things.items():
        if fact in spoken or fact in unasked:
            continue
        state = ItemState.MET if thing.known else ItemState.UNKNOWN
        yield Item(thing.area, thing.about, state, thing.seen, thing.needed)


def _fact_of(rule: Rule, finding: Finding) -> str:
    """The fact that a finding is about: the element of a list that it stands at, else the one furthest on that it reads.

    Empty where its rule reads nothing that was measured.
    """
    if finding.place:
        return finding.place
    read = rule.when.reads.union(*(loop.path.reads for loop in rule.each))
    return next((fact for fact in _LAST_FIRST if any(path.startswith(fact) for path in read)), "")


def _unasked(measured: Measured) -> frozenset[str]:
    """The fields that no order gave and no answer lacks; and fields as a whole, which only a finding speaks of."""
    fields = enumerate(measured.fields)
    return frozenset({_FIELDS, *(f"{_FIELDS}[{number}]" for number, field in fields if not field.orders)})


_LAST_FIRST: Final = (
    "site.readiness.orders_confirmed_early",
    "site.readiness.trigger_points",
    _FIELDS,
    "site.readiness.answered_in_time",
    "site.readiness.certificate_requests",
    "site.integration",
)


def _things(looked: Looked, measured: Measured) -> dict[str, _Thing]:
    interface, limit = measured.interface, f"{looked.real_time.total_seconds():g} s"
    things = {
        "site.integration": _Thing(
            Area.INTERFACE,
            "integration",
            f"{looked.integration or 'Not known'}: {looked.integrated}.",
            "A connection to a recognised platform.",
            known=looked.integration is not None,
        ),
        "site.readiness.certificate_requests": _Thing(
            Area.INTERFACE,
            "certificate requests",
            f"Certificates that were asked for: {interface.requests}.",
            "Orders that go through.",
            known=interface.requests > 0,
        ),
        "site.readiness.answered_in_time": _Thing(
            Area.INTERFACE,
            "real time",
            _real_time(measured, limit),
            f"A verifiable e-Cert ID within {limit}; no number is published, and this one is set here.",
            known=interface.requests > 0,
        ),
        _FIELDS: _Thing(Area.FIELDS, "fields", "", "Orders, to see which facts they give."),
        "site.readiness.trigger_points": _Thing(
            Area.TRIGGER_POINTS,
            "calls",
            _calls(measured),
            "Calls at the inquiry or the order, at the declaration and at the hand-off.",
        ),
        "site.readiness.orders_confirmed_early": _Thing(
            Area.TRIGGER_POINTS,
            "answer before confirmation",
            "Orders that were handed off before an answer, or asked for a certificate only when the goods were to be there:"
            f" {measured.confirmed_early} of {measured.orders}.",
            "An answer before the order is confirmed to the buyer.",
            known=measured.orders > 0,
        ),
    }
    for number, field in enumerate(measured.fields):
        things[f"{_FIELDS}[{number}]"] = _field(field)
    return things


def _real_time(measured: Measured, limit: str) -> str:
    interface = measured.interface
    told = f"Answered within {limit}: {interface.in_time} of {interface.requests}"
    half, most = interface.percentile(50), interface.percentile(95)
    if half is not None and most is not None:
        told += f"; half of the answers came within {_seconds(half)}, 95 of 100 within {_seconds(most)}"
    if interface.failures:
        told += "; without a certificate: " + _counted(interface.failures.items())
    return f"{told}."


def _calls(measured: Measured) -> str:
    told = []
    for point in Stage:
        seen = measured.points[point]
        said = f"{point} {seen.orders} of {measured.orders}"
        if seen.too_late and point in BEFORE_THE_TRANSACTION:
            said += f" ({seen.too_late} when the goods were to be there)"
        if seen.after is not None:
            said += f" ({_seconds(seen.after)} after the first call)"
        told.append(said)
    return f"Orders that called: {', '.join(told)}."


def _field(field: FieldSeen) -> _Thing:
    told = f"Given in {field.given} of {field.orders} orders"
    if field.at:
        told += f", first at: {_counted((point, field.at[point]) for point in Stage if field.at[point])}"
    if field.mistyped:
        told += f"; refused for its form: {field.mistyped}"
    return _Thing(Area.FIELDS, field.path, f"{told}.", f"The fact, in the {field.stage} step.")


def _counted(items: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{count} {name}" for name, count in items)


def _seconds(time: timedelta) -> str:
    return f"{time.total_seconds():.3g} s"
