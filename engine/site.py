"""Whether a site is integrated, by what the records hold: suspensions, conformance runs, answers of platforms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

NONE = "NONE"
CONNECTED = "CONNECTED"


class SiteStep(StrEnum):
    """What can be done with a site. The names are those of the contract."""

    REGISTER = "REGISTER"
    UPDATE = "UPDATE"
    CONNECT = "CONNECT"
    NOT_CONNECTED = "NOT_CONNECTED"  # a run found a promise broken, and nothing was connected
    SUSPEND = "SUSPEND"
    RESUME = "RESUME"


@dataclass(frozen=True, slots=True)
class Connection:
    """A platform to which a site is connected, and the conformance run that proved it last."""

    platform: str
    manifest_digest: str
    run_digest: str
    run_at: datetime

    def shown_at(self, answers: Mapping[str, datetime]) -> datetime:
        """When it was last shown: by the run, or by the platform's last answer for an order of the site."""
        return max(self.run_at, answers.get(self.platform, self.run_at))


@dataclass(frozen=True, slots=True)
class Integration:
    """The fact `site.integration`, and why it is so, for people. The state is None where it is not known.

    It is told to whoever buys from the site, so that nothing of what an operator wrote stands in it.
    """

    state: str | None
    because: str


def integration_of(
    connections: Sequence[Connection],
    suspended: bool,
    answers: Mapping[str, datetime],
    now: datetime,
    age: timedelta,
) -> Integration:
    """What is known of a site's integration at a moment, where evidence counts for as long as `age`.

    `answers` says when each platform last answered for an order of the site. What was shown too long ago is not known any
    more: it is not taken for a connection, nor for none.
    """
    if suspended:
        return Integration(NONE, "suspended")
    if not connections:
        return Integration(NONE, "no conformance run has connected it to a platform")
    newest = max(connections, key=lambda one: one.shown_at(answers))
    shown_at = newest.shown_at(answers)
    what = "answered for an order of it" if shown_at > newest.run_at else "kept every promise in a run"
    shown = f"{newest.platform} {what} on {shown_at.date().isoformat()}"
    if now - shown_at > age:
        return Integration(None, f"{shown}, and nothing has shown it for {age.days} days: connect it again")
    return Integration(CONNECTED, shown)
