"""How long answers took: quantiles, and the share within a limit."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Latency:
    """Of one operation, in seconds: within p50 came half of its answers, and so on; `longest` is the slowest.

    `within` is the share of answers that came within the limit, 0 to 1.
    """

    operation: str
    count: int
    p50: float
    p95: float
    p99: float
    longest: float
    within: float


def latency(operation: str, seconds: Iterable[float], limit: float) -> Latency:
    """The figures of at least one answer; a quantile is the time of one of the answers, not between two."""
    times = sorted(seconds)
    p50, p95, p99 = (times[-(-len(times) * share // 100) - 1] for share in (50, 95, 99))
    within = sum(time <= limit for time in times) / len(times)
    return Latency(operation, len(times), p50, p95, p99, times[-1], within)
