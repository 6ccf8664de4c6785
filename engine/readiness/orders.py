"""An order of a site as the records show it: when its system called, which facts it gave, how its certificates came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engine.facts import Facts
from engine.readiness.fields import Stage

BEFORE_THE_TRANSACTION = frozenset({Stage.INQUIRY, Stage.ORDER})


@dataclass(frozen=True, slots=True)
class Call:
    """The first call of an order's system at a step; `on` is its day in the rulebook's zone."""

    at: datetime
    on: date


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """A certificate that was asked for, of one version of a declaration.

    `answered_at` is when a platform issued or rejected it, None where none did. `failures` are how its attempts ended that
    got no certificate.
    """

    asked: Call
    answered_at: datetime | None
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenOrder:
    """One order. `said` are the facts that its system had given by each step; `missing` are the facts that its decisions
    lack, without numbers in lists."""

    calls: Mapping[Stage, Call]
    said: Mapping[Stage, Facts]
    missing: frozenset[str]
    requests: tuple[CertificateRequest, ...]

    @property
    def facts(self) -> Facts:
        """What its system had given in the end."""
        return self.said[max(self.said, key=list(Stage).index)] if self.said else {}

    def has_come_to(self, stage: Stage) -> bool:
        """Whether its system called at the step, or at a later one."""
        steps = list(Stage)
        return any(steps.index(call) >= steps.index(stage) for call in self.calls)

    @property
    def import_date(self) -> date | None:
        """When the goods are imported, by the order itself; None where it does not say."""
        order = self.facts.get("order")
        said = order.get("import_date") if isinstance(order, Mapping) else None
        return said if isinstance(said, date) else None

    def is_in_time(self, call: Call) -> bool:
        """Whether a call came before the goods: once they are imported, the transaction is surely over."""
        return self.import_date is None or call.on < self.import_date

    @property
    def confirmed_early(self) -> bool:
        """Whether a certificate was asked for only when the goods were there, so that the order was confirmed without it."""
        return any(not self.is_in_time(request.asked) for request in self.requests)
