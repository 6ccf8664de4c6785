"""`origingate scope census`: what it says of a year of orders, and how it ends."""

import json
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner, Result

from server.cli import scope
from server.rows import text
from tests.server.cli.whole import app

PROJECT = Path(__file__).resolve().parents[3]
EXAMPLE = PROJECT / "examples" / "census"
MAPPING = EXAMPLE / "mapping.yaml"


def census(*words: str | Path) -> Result:
    """What the command prints, and how it ends."""
    return CliRunner().invoke(app, ["scope", "census", *map(str, words)])


def report(*words: str | Path) -> dict[str, object]:
    """Its report for machines."""
    found: dict[str, object] = json.loads(census(*words, "--json").stdout)
    return found


def test_example() -> None:
    """Orders, value by currency and what is missing, in all and apart by site, month and chapter."""
    found = report(EXAMPLE / "orders.csv", "--mapping", MAPPING)
    assert {"name": "usmca", "digest": found["rulebook"]["digest"]} == found["rulebook"]  # type: ignore[index]
    assert {
        "IN_SCOPE": {"orders": 3, "unvalued": 1, "value": {"USD": "20350.50"}},
        "OUT_OF_SCOPE": {"orders": 3, "unvalued": 0, "value": {"CAD": "4000.00", "USD": "32100.00"}},
        "UNDETERMINED": {"orders": 2, "unvalued": 0, "value": {"USD": "18990.00"}},
    } == found["outcomes"]
    assert {"order.destination": 1, "order.lines[].claims_preference": 1} == found["missing_facts"]
    assert ["machines", "steel"] == [one["site"] for one in found["sites"]]  # type: ignore[attr-defined]
    assert ["2026-06", "2026-07", "2026-08"] == [one["month"] for one in found["months"]]  # type: ignore[attr-defined]
    assert ["72", "84"] == [one["chapter"] for one in found["chapters"]]  # type: ignore[attr-defined]


def test_unread_rows() -> None:
    """Rows that cannot be read are shown last with their lines, and the command ends with 1."""
    ended = census(EXAMPLE / "orders.csv", "--mapping", MAPPING)
    assert 1 == ended.exit_code
    expected = [
        "2 rows could not be read, and are in no figure above:",
        "  1: day (bad-date)",
        "  1: order.destination (unknown-value)",
        "The first of them:",
        "  line 10: order.destination: `Texas` is no country: write a code of ISO 3166-1 alpha-2, as MX",
        "  line 11: day: there is no day 2026-09-31: write a day that exists",
    ]
    assert expected == ended.stdout.splitlines()[-6:]


def test_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several processes count the same as one."""
    head, *lines = (EXAMPLE / "orders.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "o.csv").write_text(head + "".join(lines[:8]) * 40, "utf-8")
    monkeypatch.setattr(text, "CHUNK", 4096)
    alone = census(tmp_path / "o.csv", "--mapping", MAPPING, "--processes", "1", "--json")
    several = census(tmp_path / "o.csv", "--mapping", MAPPING, "--processes", "2", "--json")
    assert (0, alone.stdout) == (several.exit_code, several.stdout)
    assert 320 == json.loads(several.stdout)["orders"]


def test_same_in_every_form(tmp_path: Path) -> None:
    """The same orders come to the same as JSON lines and as Parquet, with columns called as the facts are."""
    claims = [[True], [False], []]
    rows = [
        {
            "on": "2026-07-01",
            "site": {"site_id": "s", "kind": "B2B_INDEPENDENT"},
            "order": {
                "destination": "US",
                "lines": [{"claims_preference": one, "hs": "7213"} for one in some],
            },
        }
        for some in claims
    ]
    (tmp_path / "o.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    columns = {
        "on": ["2026-07-01"] * 3,
        "site.site_id": ["s"] * 3,
        "site.kind": ["B2B_INDEPENDENT"] * 3,
        "order.destination": ["US"] * 3,
        "order.lines": [row["order"]["lines"] for row in rows],  # type: ignore[index]
    }
    parquet.write_table(pa.table(columns), tmp_path / "o.parquet")
    found = report(tmp_path / "o.jsonl")
    assert {"IN_SCOPE": 1, "OUT_OF_SCOPE": 2} == {
        outcome: share["orders"]
        for outcome, share in found["outcomes"].items()  # type: ignore[attr-defined]
    }
    assert found == report(tmp_path / "o.parquet")


def test_exact_columns(tmp_path: Path) -> None:
    """Decimal columns are summed exactly; floating-point ones are refused row by row, with what to do."""
    base = {"ordered_on": ["2026-07-01"] * 2, "shop": ["s"] * 2, "hs": ["72"] * 2, "currency": ["USD"] * 2}
    base |= {"ship_to": ["USA"] * 2, "usmca": ["yes"] * 2}
    parquet.write_table(
        pa.table({**base, "total": [Decimal("0.10"), Decimal("0.20")]}), tmp_path / "o.parquet"
    )
    found = report(tmp_path / "o.parquet", "--mapping", MAPPING)
    assert "0.30" == found["outcomes"]["IN_SCOPE"]["value"]["USD"]  # type: ignore[index]
    parquet.write_table(pa.table({**base, "total": [0.1, 0.2]}), tmp_path / "o.parquet")
    ended = census(tmp_path / "o.parquet", "--mapping", MAPPING)
    assert 2 == ended.exit_code
    assert "row 1: value.amount: a floating-point number is not exact: write it as text" in ended.stderr


def test_nested_too_deep(tmp_path: Path) -> None:
    """A row that is nested so deep that it cannot be followed is one that could not be read; the others count."""
    row = {"ordered_on": "2026-07-01", "shop": "s", "ship_to": "USA", "hs": "72", "usmca": "yes"}
    row |= {"currency": "USD", "total": "5"}
    deep = json.dumps({**row, "ship_to": "deep"}).replace('"deep"', "[" * 900 + "]" * 900)
    (tmp_path / "o.jsonl").write_text(f"{json.dumps(row)}\n{deep}\n", "utf-8")
    ended = census(tmp_path / "o.jsonl", "--mapping", MAPPING)
    assert (1, "  line 2: it is nested too deep") == (ended.exit_code, ended.stdout.splitlines()[-1])


def test_numbers_as_texts(tmp_path: Path) -> None:
    """Codes that stand as numbers in JSON, also with decimals, are codes by `to_string`."""
    row = {"ordered_on": "2026-07-01", "shop": "s", "ship_to": "USA", "usmca": "yes", "currency": "USD"}
    (tmp_path / "o.jsonl").write_text(json.dumps({**row, "hs": 7208.51, "total": 5.5}), "utf-8")
    (tmp_path / "m.yaml").write_text(
        MAPPING.read_text("utf-8").replace("hs: hs", "hs: to_string(hs)"), "utf-8"
    )
    found = report(tmp_path / "o.jsonl", "--mapping", tmp_path / "m.yaml")
    assert ["72"] == [one["chapter"] for one in found["chapters"]]  # type: ignore[attr-defined]


def test_on() -> None:
    """All orders can be asked about one day, whatever their own."""
    found = report(EXAMPLE / "orders.csv", "--mapping", MAPPING, "--on", "2026-06-26")
    assert ["OUT_OF_SCOPE"] == list(found["outcomes"])  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["no.csv"], 2, "no.csv: there is no such file. Name a file of orders."),
        ([str(EXAMPLE / "orders.csv"), "--mapping", "no.yaml"], 1, "no.yaml: cannot be read (No such file"),
        ([str(EXAMPLE / "orders.csv"), "--on", "June"], 2, "A day is YYYY-MM-DD"),
        ([str(EXAMPLE / "orders.csv")], 2, "day: it is not given, and rules have days on which they begin"),
    ],
)
def test_wrong_use(words: list[str], code: int, said: str) -> None:
    """Where nothing can be counted, it is said why, and the command ends with 2; with 1 where a mapping has problems."""
    ended = census(*words)
    assert code == ended.exit_code
    assert said in ended.stderr


def test_sites_with_several_outcomes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sites are counted, and not the outcomes of each: both sites of the example have several."""
    monkeypatch.setattr(scope, "MOST_SITES", 2)
    assert 1 == census(EXAMPLE / "orders.csv", "--mapping", MAPPING).exit_code


def test_too_many_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the order's own number is taken for its site, it is said so, before memory is full."""
    monkeypatch.setattr(scope, "MOST_SITES", 1)
    ended = census(EXAMPLE / "orders.csv", "--mapping", MAPPING)
    assert 2 == ended.exit_code
    assert (
        "There are more than 1 sites. `site` in the mapping names what orders are counted apart by"
        in ended.stderr
    )


def test_column_lacking(tmp_path: Path) -> None:
    """A column that the mapping reads and the file lacks is named, with those that are there."""
    (tmp_path / "o.csv").write_text("a,b\n1,2\n", "utf-8")
    ended = census(tmp_path / "o.csv", "--mapping", MAPPING)
    assert 2 == ended.exit_code
    assert "has no column `currency`, which" in ended.stderr
    assert "It has a, b." in ended.stderr
