"""Lanes beside each other: what waits in one leaves the machine to the others."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from tests.system.crash.lane import Lane, Ran
from tests.system.crash.points import Point


@contextmanager
def closing(lanes: list[Lane]) -> Iterator[None]:
    """Ends all lanes, whatever happens."""
    try:
        yield
    finally:
        for lane in lanes:
            lane.close()


def run_all(lanes: list[Lane], points: list[Point], told: Callable[[Ran], None]) -> list[Ran]:
    """One run for each point, side by side in the lanes; `told` hears of each as it ends."""

    def runs(index: int) -> list[Ran]:
        done = []
        for number in range(index, len(points), len(lanes)):
            done.append(lanes[index].run(points[number]))
            told(done[-1])
        return done

    with ThreadPoolExecutor(len(lanes)) as side_by_side:
        return [ran for done in side_by_side.map(runs, range(len(lanes))) for ran in done]
