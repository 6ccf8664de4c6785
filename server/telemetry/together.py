"""Metrics of several processes as one server's: what can be added is added, what belongs to a process carries its number."""

from collections.abc import Iterable, Mapping
from typing import Final

from prometheus_client.metrics_core import Metric
from prometheus_client.samples import Sample

from server.telemetry.metrics import LARGEST, OF_A_PROCESS

# Series that the library adds to each counter: when it was begun. A process that was replaced would tell many of them.
_CREATED: Final = "_created"
_KEPT: Final = frozenset({"counter", "histogram"})

Series = tuple[str, tuple[tuple[str, str], ...]]


def together(processes: Mapping[str, Iterable[Metric]], gone: Iterable[Metric] = ()) -> list[Metric]:
    """The metrics of processes by their numbers, and what those counted that are gone."""
    found: dict[str, tuple[Metric, dict[Series, float]]] = {}
    for metric in gone:
        _add(found, metric, "")
    for number, metrics in processes.items():
        for metric in metrics:
            _add(found, metric, number)
    return [_metric(metric, series) for metric, series in found.values()]


def counted(metrics: Iterable[Metric]) -> list[Metric]:
    """What is left of a process that is gone: its counts, but not what it was like."""
    return [metric for metric in metrics if metric.type in _KEPT and not metric.name.startswith(OF_A_PROCESS)]


def _add(found: dict[str, tuple[Metric, dict[Series, float]]], metric: Metric, number: str) -> None:
    _, series = found.setdefault(metric.name, (metric, {}))
    of_a_process, largest = metric.name.startswith(OF_A_PROCESS), metric.name in LARGEST
    for sample in metric.samples:
        if sample.name.endswith(_CREATED):
            continue
        labels = {**sample.labels, "worker": number} if of_a_process else sample.labels
        key = sample.name, tuple(labels.items())
        known = series.get(key, 0.0)
        series[key] = max(known, sample.value) if largest else known + sample.value


def _metric(like: Metric, series: Mapping[Series, float]) -> Metric:
    metric = Metric(like.name, like.documentation, like.type)
    metric.samples = [Sample(name, dict(labels), value) for (name, labels), value in series.items()]
    return metric
