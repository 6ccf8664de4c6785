"""What a real server shows to Prometheus, and what is said of it elsewhere."""

import re
import urllib.request
from collections.abc import Iterator

import pytest

from tests.deploy.watching import expressions, selected
from tests.docs.pages import PROJECT, rows, section
from tests.system.processes import Sandbox, Server, order, wait_for

# What only a server with workers has.
OF_PARENTS = {"origingate_workers", "origingate_worker_replacements"}


@pytest.fixture(scope="module")
def server(shared_sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that is looked at, and has processed an order."""
    folder = tmp_path_factory.mktemp("server")
    heads = ("--head-file", str(folder / "newest.head"))
    running = Server(
        folder, "--sandbox-url", shared_sandbox.url, "--metrics", "127.0.0.1:0", *heads,
        ORIGINGATE_HEAD_EVERY="0.1",
    )  # fmt: skip
    assert "ELIGIBLE" == running.process_order(order()).prereview.outcome
    yield running
    assert 0 == running.stop()


def families(server: Server) -> dict[str, str]:
    """Every metric that the server shows, and of which kind it is."""
    with urllib.request.urlopen(f"http://{server.metrics_address}/metrics", timeout=10) as page:
        found = re.findall(r"^# TYPE (\w+) (\w+)$", page.read().decode(), re.MULTILINE)
    return {name.removesuffix("_total") if kind == "counter" else name: kind for name, kind in found}


def test_an_order(server: Server) -> None:
    """An order is seen at every station: its call, its decisions, the platform, the store, the log."""
    told = server.metrics()
    call = '{code="OK",method="/origingate.v1.CaseService/ProcessOrder"}'
    issued = '{operation="submit",outcome="ISSUED",platform="sandbox"}'
    closed = '{operation="submit",platform="sandbox",state="CLOSED"}'
    expected = {
        f"origingate_call_duration_seconds_count{call}": 1,
        'origingate_decisions_total{outcome="IN_SCOPE",question="scope"}': 1,
        'origingate_decisions_total{outcome="ELIGIBLE",question="prereview"}': 1,
        f"origingate_platform_call_duration_seconds_count{issued}": 1,
        f"origingate_platform_breakers{closed}": 1,
        "origingate_calls_in_flight": 0,
        "origingate_store_queue": 0,
    }
    assert expected == {name: told[name] for name in expected}
    assert (
        told["origingate_store_group_size_sum"] >= told["origingate_store_commit_duration_seconds_count"] > 0
    )


def test_records(server: Server) -> None:
    """What stands in the database is told some seconds later, and up to where of it a witness has heard."""
    wait_for(lambda: server.metrics()["origingate_log_entries"] > 5)
    told = server.metrics()
    assert told["origingate_log_entries"] == told['origingate_witness_entries{to="file"}']
    assert 0 == told['origingate_cases_open{state="MANUAL"}']
    assert told["origingate_log_head_timestamp_seconds"] <= told["origingate_records_look_timestamp_seconds"]


def test_documented(server: Server) -> None:
    """docs/operations.md explains every metric that there is, with its kind, and no other."""
    table = {
        row[0].strip("`"): row[1] for row in rows(section(PROJECT / "docs" / "operations.md", "Metrics"))
    }
    shown = families(server)
    assert OF_PARENTS == set(table) - set(shown)
    assert shown == {name: kind for name, kind in table.items() if name not in OF_PARENTS}


def test_documented_labels(server: Server) -> None:
    """The labels that a metric has are those that are documented."""
    table = {
        row[0].strip("`"): row[2] for row in rows(section(PROJECT / "docs" / "operations.md", "Metrics"))
    }
    for series in server.metrics():
        name, _, labels = series.partition("{")
        family = next(each for each in table if re.fullmatch(rf"{each}(_total|_bucket|_sum|_count)?", name))
        found = set(re.findall(r'(\w+)="', labels)) - {"le"}
        assert found == set(re.findall(r"`(\w+)`", table[family])), family


def series(server: Server) -> dict[str, str]:
    """Every name of a series that the server can show, and the metric that it belongs to."""
    endings = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    shown = families(server) | dict.fromkeys(OF_PARENTS - {"origingate_workers"}, "counter")
    shown["origingate_workers"] = "gauge"
    return {f"{name}{ending}": name for name, kind in shown.items() for ending in endings[kind]}


def test_alerts_and_dashboard(server: Server) -> None:
    """Alerts and dashboard ask for series that a server shows, and pick them by labels that these have."""
    table = {
        row[0].strip("`"): row[2] for row in rows(section(PROJECT / "docs" / "operations.md", "Metrics"))
    }
    known = series(server)
    for expression in expressions():
        for name, labels in selected(expression).items():
            if name == "up":
                continue
            assert name in known, expression
            # Prometheus itself adds the first two.
            given = {"job", "instance", "le", *re.findall(r"`(\w+)`", table[known[name]])}
            assert set() == labels - given, expression


def test_nothing_is_left_out(server: Server) -> None:
    """Every metric of ours is looked at: by the dashboard or an alert."""
    asked = {name for expression in expressions() for name in selected(expression)}
    looked_at = {metric for name, metric in series(server).items() if name in asked}
    assert set() == {metric for metric in families(server) if metric.startswith("origingate_")} - looked_at
