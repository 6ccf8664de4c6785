"""Alerts and dashboard, for Prometheus and Grafana. tests/system/test_metrics.py holds that what they ask for exists."""

import re
from collections import Counter
from itertools import combinations
from pathlib import Path

import promql_parser
import pytest
from pydantic import BaseModel, ConfigDict

from tests.deploy.watching import ALERTS, DASHBOARD, alerts, expressions, panels
from tests.docs.pages import PROJECT, rows, section

OPERATIONS = PROJECT / "docs" / "operations.md"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Alert(_Strict):
    """An alert as Prometheus reads it."""

    alert: str
    expr: str
    labels: dict[str, str]
    annotations: dict[str, str]
    for_: str = "0s"


@pytest.mark.parametrize("expression", expressions())
def test_promql(expression: str) -> None:
    """Every expression is PromQL."""
    promql_parser.parse(expression)


def test_promql_is_read() -> None:
    """The parser sees what is none."""
    with pytest.raises(ValueError, match="unclosed left parenthesis"):
        promql_parser.parse("sum(rate(origingate_calls[5m])")


def test_alerts() -> None:
    """An alert has a name of its own, a severity, a sentence, a time that Prometheus reads, and no other key."""
    found = [Alert(**{f"{key}_" if key == "for" else key: one[key] for key in one}) for one in alerts()]
    assert len(found) == len({one.alert for one in found})
    assert {"page", "ticket"} == {one.labels["severity"] for one in found}
    for one in found:
        assert re.fullmatch(r"\d+[smh]", one.for_), one.alert
        assert one.annotations["summary"].endswith("."), one.alert


def test_alerts_are_explained() -> None:
    """docs/operations.md says of every alert how urgent it is and what to do, in their order."""
    table = rows(section(OPERATIONS, "Alerts"))
    assert [[f"`{one['alert']}`", one["labels"]["severity"]] for one in alerts()] == [
        row[:2] for row in table
    ]


def test_labels_of_summaries() -> None:
    """A summary names labels that its alert's expression leaves there."""
    for one in alerts():
        wanted = set(re.findall(r"\$labels\.(\w+)", one["annotations"]["summary"]))
        grouped = set(re.findall(r"\w+", " ".join(re.findall(r"by \(([^)]*)\)", one["expr"]))))
        free = "by (" not in one["expr"]
        assert free or wanted <= grouped, one["alert"]


def test_panels() -> None:
    """Panels have ids of their own and lie beside each other, within the width of a dashboard."""
    ids = Counter(panel["id"] for panel in panels())
    assert {1} == set(ids.values())
    places = [panel["gridPos"] for panel in panels()]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    assert [] == [(one, other) for one, other in combinations(places, 2) if overlap(one, other)]


def test_panels_say_what_they_show() -> None:
    """Every panel that shows something has a title, and asks the Prometheus that is chosen."""
    shown = [panel for panel in panels() if panel["type"] != "row"]
    assert all(panel["title"] for panel in shown)
    sources = {target["datasource"]["uid"] for panel in shown for target in panel["targets"]}
    assert {"${datasource}"} == sources


def overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    """Whether two places share a cell."""
    return all(
        one[a] < other[a] + other[b] and other[a] < one[a] + one[b] for a, b in (("x", "w"), ("y", "h"))
    )


def test_where_they_are() -> None:
    """Both files are mentioned where deploying is explained."""
    text = (PROJECT / "docs" / "deploying.md").read_text("utf-8")
    for file in (ALERTS, DASHBOARD):
        assert Path(file).relative_to(PROJECT).as_posix() in text
