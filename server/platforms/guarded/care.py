"""The bounds within which a platform is asked. docs/operations.md has them with their defaults."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Care:
    """How a platform is spared, and given up on for a while. Times are in seconds, shares between 0 and 1."""

    # The breaker looks at the calls of the last `window`, at most `most_calls` of them, once there are `least_calls`.
    window: float = 60.0
    most_calls: int = 100
    least_calls: int = 20
    # It opens where this share of them failed, or was slow.
    failed_share: float = 0.5
    slow_share: float = 0.8
    # A call is slow that takes this share of the platform's send timeout.
    slow_after: float = 0.5
    # Whether a Retryable counts as failed: the platform says itself that it cannot.
    refusals_fail: bool = True
    # For how long it is open, at first, and at most after probes that failed: twice as long each time.
    rest: float = 5.0
    longest_rest: float = 60.0
    # Calls that have to succeed, one after the other, before it closes.
    probes: int = 3
    # How often one submission is sent at most, and how long the pauses between are: a random part of a time that doubles.
    tries: int = 3
    first_pause: float = 0.2
    longest_pause: float = 2.0
    # Retries are at most this share of the submissions within `budget_window`, or `retries_at_least` of them.
    retry_share: float = 0.2
    retries_at_least: int = 3
    budget_window: float = 60.0
    # Calls at the same time where the platform's capabilities name no bound, and calls that may wait for each of these.
    calls_at_once: int = 64
    waiting_for_each: int = 4
