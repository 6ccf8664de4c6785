"""The same as bench.growth, with five million orders stored: a part of its own, for filling them takes long."""

from bench.growth import measure as measure_growth

MANY = 5_000_000


def measure() -> dict[str, float]:
    """See bench.growth."""
    return {f"{name}_5m": ratio for name, ratio in measure_growth(MANY).items()}
