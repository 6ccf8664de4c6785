"""The conformance suite: what a platform promises by its capabilities, each promise tried against it."""

from server.platforms.conformance.broken import Broken, CannotBeTried
from server.platforms.conformance.buyer import Buyer
from server.platforms.conformance.latency import Latency
from server.platforms.conformance.model import Promise, Report, State, Tried
from server.platforms.conformance.suite import PROMISES, run, steps, try_promise

__all__ = [
    "PROMISES",
    "Broken",
    "Buyer",
    "CannotBeTried",
    "Latency",
    "Promise",
    "Report",
    "State",
    "Tried",
    "run",
    "steps",
    "try_promise",
]
