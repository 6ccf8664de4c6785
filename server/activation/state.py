"""How this process stands to the rulebook that is to be served: what it serves, since when something is wrong, and what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from server.activation.report import Report


class OfferState(StrEnum):
    """What became of the rule files that are offered here."""

    SERVED = "SERVED"
    """They are those that are served, or were when the server started."""
    TRYING = "TRYING"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


@dataclass(slots=True)
class State:
    """One for each process; the loop's alone. `activation` and `digest` are what it serves, `since` when."""

    owner: str
    digest: str
    activation: int
    since: datetime
    offer: OfferState = OfferState.SERVED
    report: Report | None = None
    note: str = ""
    """What an operator may have to know of the offer, where it was accepted and is not served."""
    refused_since: datetime | None = None
    behind_since: datetime | None = None
    behind_because: str = ""
    changes: int = 0
    refusals: int = 0

    def serves(self, digest: str, activation: int, at: datetime) -> None:
        """What is active is served."""
        if (digest, activation) != (self.digest, self.activation):
            self.digest, self.activation, self.since = digest, activation, at
            self.changes += 1
            if self.report is not None and self.report.accepted:
                served = self.report.digest == digest
                self.offer = OfferState.SERVED if served else OfferState.ACCEPTED
                self.note = "" if served else "another rulebook was activated after these files were served"
        self.behind_since, self.behind_because = None, ""

    def is_behind(self, because: str, at: datetime) -> bool:
        """What is active cannot be served, or is not known; whether that is news."""
        news = self.behind_because != because
        self.behind_since, self.behind_because = self.behind_since or at, because
        return news

    def accepts(self, report: Report | None, state: OfferState, note: str = "") -> None:
        """Nothing stands against the rule files that are offered."""
        self.offer, self.report, self.note, self.refused_since = state, report, note, None

    def refuses(self, report: Report, at: datetime) -> None:
        """Something stands against the rule files that are offered."""
        self.offer, self.report, self.note = OfferState.REFUSED, report, ""
        self.refused_since = self.refused_since or at
        self.refusals += 1

    @property
    def wrong_since(self) -> datetime | None:
        """Since when something is wrong; None where nothing is."""
        return min((at for at in (self.refused_since, self.behind_since) if at is not None), default=None)

    def stale(self, now: datetime, after: timedelta) -> bool:
        """Whether something has been wrong for so long."""
        since = self.wrong_since
        return since is not None and now - since >= after

    def unfit(self, now: datetime, after: timedelta) -> bool:
        """Whether for so long another rulebook has been active than the one that is served here."""
        return self.behind_since is not None and now - self.behind_since >= after
