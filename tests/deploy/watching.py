"""Reads the files for Prometheus and Grafana."""

import json
from typing import Any

import promql_parser
import yaml

from tests.docs.pages import PROJECT

ALERTS = PROJECT / "deploy" / "prometheus" / "origingate.rules.yaml"
DASHBOARD = PROJECT / "deploy" / "grafana" / "origingate.json"
# What Grafana puts in before it asks.
_PUT_IN = {"$__rate_interval": "5m", "$__range": "6h", "$job": "origingate", "$instance": ".*"}


def alerts() -> list[dict[str, Any]]:
    """The alerts, in their order."""
    read = yaml.safe_load(ALERTS.read_text("utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    """The dashboard's panels, rows among them."""
    read: list[dict[str, Any]] = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    return read


def expressions() -> list[str]:
    """Every expression of both, as Prometheus gets it."""
    asked = [target["expr"] for panel in panels() for target in panel.get("targets", ())]
    for word, value in _PUT_IN.items():
        asked = [one.replace(word, value) for one in asked]
    return [*(one["expr"] for one in alerts()), *asked]


def selected(expression: str) -> dict[str, set[str]]:
    """The series that an expression reads, with the labels that it picks them by."""
    found: dict[str, set[str]] = {}

    def visit(node: Any) -> bool:
        if isinstance(node, promql_parser.VectorSelector):
            labels = {matcher.name for matcher in node.matchers.matchers}
            found.setdefault(node.name or "", set()).update(labels)
        return True

    promql_parser.walk(promql_parser.parse(expression), pre_visit=visit)
    return found
