"""Since when something is wrong with the rulebook of a process, and whether that is too long."""

from datetime import UTC, datetime, timedelta

from server.activation.report import Report
from server.activation.state import OfferState, State

START = datetime(2026, 7, 1, 12, tzinfo=UTC)
AFTER = timedelta(minutes=5)
BAD = Report.refused("unreadable", "rules", "it is gone")


def later(minutes: float) -> datetime:
    """A moment after the start."""
    return START + timedelta(minutes=minutes)


def test_refused() -> None:
    """Bad files make it stale after a time that a second bad change does not begin anew; the process stays fit."""
    state = State("one", "sha256:a", 1, START)
    state.refuses(BAD, later(1))
    state.refuses(BAD, later(4))
    assert (False, True) == (state.stale(later(5.9), AFTER), state.stale(later(6), AFTER))
    assert not state.unfit(later(60), AFTER)
    state.accepts(None, OfferState.SERVED)
    assert (None, False) == (state.wrong_since, state.stale(later(60), AFTER))


def test_behind() -> None:
    """A process that does not serve what is active is stale and unfit after that time, until it does."""
    state = State("one", "sha256:a", 1, START)
    assert state.is_behind("it is not signed", later(1))
    assert not state.is_behind("it is not signed", later(2))
    assert state.is_behind("the record is not there", later(3))
    assert (False, True) == (state.unfit(later(5.9), AFTER), state.unfit(later(6), AFTER))
    state.serves("sha256:b", 2, later(7))
    assert (False, "", later(7)) == (state.stale(later(60), AFTER), state.behind_because, state.since)


def test_offer_is_served() -> None:
    """Files that were accepted are the ones served once their rulebook is; once another one is, they wait."""
    state = State("one", "sha256:a", 1, START)
    state.accepts(Report("usmca", "sha256:b"), OfferState.ACCEPTED)
    state.serves("sha256:b", 2, later(1))
    assert (OfferState.SERVED, "") == (state.offer, state.note)
    state.serves("sha256:a", 3, later(2))
    assert (OfferState.ACCEPTED, True) == (state.offer, bool(state.note))
