"""Metrics of several processes read as one server's."""

from prometheus_client.metrics_core import Metric

from server.telemetry.metrics import Metrics
from server.telemetry.together import counted, together


def values(metrics: list[Metric], name: str) -> dict[str, float]:
    """The series of a metric that stand for something, by their labels."""
    return {
        ",".join(f"{key}={value}" for key, value in sample.labels.items()): sample.value
        for metric in metrics
        for sample in metric.samples
        if sample.name == name
    }


def process(commits: int, log_entries: int, waiting: int) -> Metrics:
    """The metrics of a process that committed so often."""
    metrics = Metrics()
    metrics.log_entries.set(log_entries)
    metrics.queue.set(waiting)
    metrics.decisions.labels("scope", "IN_SCOPE").inc(commits)
    for _ in range(commits):
        metrics.commits.observe(0.003)
    return metrics


def test_added() -> None:
    """Counts, buckets and what is so at the moment are added up."""
    server = together({"0": process(2, 0, 3).collect(), "1": process(3, 0, 4).collect()})
    assert {"": 7.0} == values(server, "origingate_store_queue")
    assert {"question=scope,outcome=IN_SCOPE": 5.0} == values(server, "origingate_decisions_total")
    buckets = values(server, "origingate_store_commit_duration_seconds_bucket")
    assert (0.0, 5.0, 5.0) == (buckets["le=0.0025"], buckets["le=0.005"], buckets["le=+Inf"])


def test_largest() -> None:
    """Of what all see of one thing, here the log, the furthest view counts."""
    server = together({"0": process(0, 17, 0).collect(), "1": process(0, 12, 0).collect()})
    assert {"": 17.0} == values(server, "origingate_log_entries")


def test_of_each_process() -> None:
    """What belongs to a process carries the process's number."""
    server = together({"0": Metrics().collect(), "1": Metrics().collect()})
    assert {"worker=0", "worker=1"} == set(values(server, "process_resident_memory_bytes"))


def test_what_is_left() -> None:
    """Of a process that is gone its counts are kept, not what it was like."""
    left = counted(process(2, 17, 3).collect())
    server = together({"0": process(1, 5, 1).collect()}, left)
    assert {"question=scope,outcome=IN_SCOPE": 3.0} == values(server, "origingate_decisions_total")
    assert {"": 1.0} == values(server, "origingate_store_queue")
    assert {"worker=0"} == set(values(server, "process_resident_memory_bytes"))


def test_no_moments_of_series() -> None:
    """When each series began is left out: it would double them."""
    server = together({"0": process(1, 1, 1).collect()})
    names = {sample.name for metric in server for sample in metric.samples}
    assert set() == {name for name in names if name.endswith("_created")}
