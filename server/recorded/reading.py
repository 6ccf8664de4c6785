"""A recorded order as facts: from the JSON of its request, from facts as rule tests give them, from the log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from google.protobuf import json_format
from origingate.v1 import screening_service_pb2

from engine.expression import render
from engine.facts import Facts, read_facts
from engine.rulebook import DEFAULT_ENFORCE, Rulebook
from engine.rulebook.typed import Mistake
from engine.workbench.comparison.counts import Why
from engine.workbench.comparison.flips import Order
from engine.written_facts import facts_of
from server.errors import RequestInvalid
from server.our_records import OurRecords
from server.recorded.again import asked_about
from server.recorded.quick_json import request_of
from server.sites import Sites
from server.store.records import RecordedDecision
from server.wire.requests import read

_ROOTS: Final = ("site", "order", "declaration")
_MOST_MISTAKES: Final = 3
UNREADABLE: Final = "it is not recorded as this version records decisions"


class OrderUnreadable(Exception):
    """Why an order cannot be read, in the words of whoever wrote it; the text may be empty where `why` says all."""

    def __init__(self, because: str, why: Why = Why.UNREADABLE) -> None:
        self.why = why
        super().__init__(because)


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads orders for two rulebooks. `alike` says that their dictionaries are; `on` is the day for all orders."""

    old: Rulebook
    new: Rulebook
    alike: bool
    on: date | None
    records: OurRecords

    @classmethod
    def of(cls, old: Rulebook, new: Rulebook, alike: bool, on: date | None) -> Reading:
        """Without any site in our records: those of a server are not known here."""
        return cls(old, new, alike, on, OurRecords(Sites({})))

    def order(self, line: bytes) -> Order:
        """The order of one line of JSON. Raises OrderUnreadable."""
        try:
            said = json.loads(line, parse_float=Decimal)
        except UnicodeDecodeError as error:
            raise OrderUnreadable(f"it is not UTF-8 (byte {error.start})") from error
        except (ValueError, RecursionError) as error:
            raise OrderUnreadable(f"it is not JSON: {error}") from error
        if not isinstance(said, dict):
            raise OrderUnreadable("it is no object in braces")
        on = self._day(said.get("on"))
        named = said.get("id")
        if "given" in said:
            before, after = self._given(said["given"])
        else:
            before, after = self._both(self._request(said, line))
        return Order(str(named) if named is not None else _id_of(before), on, DEFAULT_ENFORCE, before, after)

    def decision(self, recorded: RecordedDecision) -> Order:
        """What a recorded decision was made from, with its own day and standings. Raises OrderUnreadable."""
        if not recorded.body:
            raise OrderUnreadable("", Why.ERASED)
        try:
            on, enforce = asked_about(recorded.body)
            facts = facts_of(recorded.facts)
        except ValueError as error:
            raise OrderUnreadable(UNREADABLE) from error
        before, after = self._both(facts)
        return Order(f"decisions/{recorded.decision_id}", on, enforce, before, after)

    def _day(self, said: object) -> date:
        if self.on is not None:
            return self.on
        if said is None:
            return datetime.now(ZoneInfo(self.new.zone)).date()
        try:
            return date.fromisoformat(str(said))
        except ValueError:
            raise OrderUnreadable(f"`on` is no day: {said}; write it as 2026-07-01") from None

    def _request(self, said: Mapping[str, Any], line: bytes) -> Facts:
        parts = {name: said[name] for name in _ROOTS if name in said}
        if not parts:
            raise OrderUnreadable("it has neither `given` nor any of `site`, `order`, `declaration`")
        try:
            request = request_of(parts)
            if request is None:
                # The library knows floats, which typed facts never are.
                again = {name: json.loads(line)[name] for name in parts}
                request = json_format.ParseDict(again, screening_service_pb2.DecidePreReviewRequest())
            request.site.SetInParent()
            return self.records.added_to(read(request).facts, "")
        except RequestInvalid as error:
            shown = [f"{one.field}: {one.text}" for one in error.violations[:_MOST_MISTAKES]]
            raise OrderUnreadable(f"it breaks rules of form: {'; '.join(shown)}") from error
        except (json_format.ParseError, ValueError, TypeError, RecursionError) as error:
            raise OrderUnreadable(f"it is not the proto JSON of an order: {error}") from error

    def _given(self, raw: object) -> tuple[Facts, Facts]:
        if not isinstance(raw, dict):
            raise OrderUnreadable("`given` is no object in braces")
        return self._typed(_nested(raw), lenient=False)

    def _both(self, facts: Facts) -> tuple[Facts, Facts]:
        """Typed facts, as each dictionary types them where the two differ."""
        if self.alike:
            return facts, facts
        raw = _raw(facts)
        return self._typed(raw if isinstance(raw, dict) else {}, lenient=True)

    def _typed(self, raw: Mapping[str, object], lenient: bool) -> tuple[Facts, Facts]:
        """What only one of the dictionaries knows is left out for the other; `lenient`: what neither knows, too."""
        before, mistakes = read_facts(self.old.facts, raw)
        if self.alike:
            _hold(mistakes if not lenient else _of_type(mistakes))
            return before, before
        after, others = read_facts(self.new.facts, raw)
        unknown = {one.path for one in mistakes} & {one.path for one in others}
        found = [*mistakes, *others]
        _hold([one for one in found if one.code != "unknown-fact" or (one.path in unknown and not lenient)])
        return before, after


def _of_type(mistakes: tuple[Mistake, ...]) -> list[Mistake]:
    return [one for one in mistakes if one.code != "unknown-fact"]


def _hold(mistakes: list[Mistake] | tuple[Mistake, ...]) -> None:
    if mistakes:
        shown = [
            f"{one.message} ({one.mend})" if one.mend else one.message for one in mistakes[:_MOST_MISTAKES]
        ]
        raise OrderUnreadable("; ".join(dict.fromkeys(shown)))


def _id_of(facts: Facts) -> str:
    order = facts.get("order")
    return str(order.get("order_id", "")) if isinstance(order, Mapping) else ""


def _nested(raw: dict[str, object]) -> dict[str, object]:
    """Facts by path put where they belong, as rule tests may write them; a fact that is there twice is an error."""
    if not any("." in key for key in raw):
        return raw
    tree: dict[str, object] = {key: value for key, value in raw.items() if "." not in key}
    for path, value in raw.items():
        *above, last = path.split(".")
        level: dict[str, object] = tree
        for step in above:
            below = level.setdefault(step, {})
            if not isinstance(below, dict):
                raise OrderUnreadable(f"`{path}` leads into what is no mapping")
            level = below
        if above and last in level:
            raise OrderUnreadable(f"`{path}` is given twice")
        level[last] = value
    return tree


def _raw(value: object) -> object:
    """Typed facts as they would be written."""
    if isinstance(value, Mapping):
        return {name: _raw(below) for name, below in value.items()}
    if isinstance(value, tuple | list):
        return [_raw(item) for item in value]
    return value if value is None or isinstance(value, bool) else render(value)
