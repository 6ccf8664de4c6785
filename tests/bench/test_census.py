"""The measure of the census, in short: made-up orders are the same for the same seed, and all of them are counted."""

from hashlib import sha256
from pathlib import Path

from bench import census, table
from bench.census_orders import write


def test_same_for_the_same_seed(tmp_path: Path) -> None:
    """Who generates the orders elsewhere measures the same ones."""
    write(tmp_path / "a.csv", 1000)
    write(tmp_path / "b.csv", 1000)
    write(tmp_path / "c.csv", 1000, seed=2)
    digests = [sha256((tmp_path / f"{name}.csv").read_bytes()).hexdigest() for name in "abc"]
    assert "f1fc4bd78af1c127536395978afb026db8821ae14617f62029a354773336cdcd" == digests[0]
    assert digests[0] == digests[1] != digests[2]


def test_measure() -> None:
    """The figures are those that the page tells; every order is counted, in one process and in two."""
    table.shown.clear()
    measured = census.measure(few=1_000, many=60_000)
    assert {"census.decisions_a_second", "census.speed_up", "census.rss_growth_mb"} == set(measured)
    assert measured["census.decisions_a_second"] > 0
    table.shown.clear()
