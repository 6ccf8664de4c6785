"""A parent that asks its processes for their metrics, over real pipes."""

from multiprocessing import Pipe

import pytest

from server.telemetry import gathering
from server.telemetry.gathering import Gathering, answer
from server.telemetry.metrics import Metrics

from .test_together import values

DECISIONS = "origingate_decisions_total"


def begun(parent: Gathering, number: int) -> Metrics:
    """A process that answers."""
    metrics = Metrics()
    ask, asked = Pipe()
    answer(asked, metrics.collect)
    parent.joins(number, ask)
    return metrics


def decided(parent: Gathering) -> float:
    """How many decisions were made, as the parent tells it."""
    return sum(values(parent.collect(), DECISIONS).values())


def test_all() -> None:
    """What all have counted is told together, each time as it is then."""
    parent = Gathering()
    first, second = begun(parent, 0), begun(parent, 1)
    first.decisions.labels("scope", "IN_SCOPE").inc()
    assert 1 == decided(parent)
    second.decisions.labels("scope", "IN_SCOPE").inc(2)
    assert 3 == decided(parent)
    assert {"": 2.0} == values(parent.collect(), "origingate_workers")


def test_replaced() -> None:
    """What a process counted that was replaced stays counted, so that no sum falls."""
    parent = Gathering()
    first = begun(parent, 0)
    first.decisions.labels("scope", "IN_SCOPE").inc(5)
    assert 5 == decided(parent)
    second = begun(parent, 0)
    second.decisions.labels("scope", "IN_SCOPE").inc()
    assert 6 == decided(parent)
    said = parent.collect()
    assert ({"": 1.0}, {"": 1.0}) == (
        values(said, "origingate_worker_replacements_total"),
        values(said, "origingate_workers"),
    )


def test_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that does not answer in time is told of as it last was; a late answer is not taken for a newer one."""
    monkeypatch.setattr(gathering, "PATIENCE", 0.05)
    parent, metrics = Gathering(), Metrics()
    ask, asked = Pipe()
    parent.joins(0, ask)

    def said() -> None:
        asked.send((asked.recv(), metrics.collect()))

    assert 0 == decided(parent)
    metrics.decisions.labels("scope", "IN_SCOPE").inc()
    said()  # to the first turn, too late
    assert 1 == decided(parent)
    metrics.decisions.labels("scope", "IN_SCOPE").inc()
    said()  # to the second turn
    assert 2 == decided(parent)
