"""`origingate rules watch-list`: what is not settled law, and which recorded answers hang on it."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from engine.expression import Money
from server.master_keys import make_master_key, read_master_keys
from server.rulebooks import load_folder
from server.store import Store, Transaction
from server.workflow.deciding import Deciding
from tests.server.cli.whole import app
from tests.server.store.samples import Clock, place

RULES = Path(__file__).resolve().parents[4] / "rules" / "usmca"


def listed(*words: str | Path, **environment: str) -> Result:
    """What the command prints, and how it ends."""
    return CliRunner(env={"COLUMNS": "160", **environment}).invoke(
        app, ["rules", "watch-list", *map(str, words)]
    )


def part(report: dict[str, Any], name: str) -> dict[str, Any]:
    """What the report says of one part."""
    [found] = [one for one in report["watched"] if one["name"] == name]
    return found


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with four decisions about scope and copy: three of now, one of a year ago."""
    folder = tmp_path_factory.mktemp("watch")
    make_master_key(folder / "og.db.master-key", date(2026, 7, 1))
    clock = Clock()
    store = Store.open(f"sqlite:///{folder}/og.db", clock, read_master_keys(folder / "og.db.master-key"))
    store.upgrade()
    clock.moment = datetime.now(UTC) - timedelta(days=365)
    asyncio.run(_keep(store, "scope", {"site": {"kind": "B2C"}}))
    clock.moment = datetime.now(UTC)
    mexico = {"destination": "MX", "commercial": True, "originating_value": Money(Decimal(900), "USD")}
    in_scope = {
        "site": {"kind": "B2B_INDEPENDENT"},
        "order": {"destination": "US", "lines": ({"claims_preference": True},)},
    }
    asyncio.run(_keep(store, "scope", in_scope))
    asyncio.run(_keep(store, "scope", {"site": {"kind": "B2C"}}))
    asyncio.run(_keep(store, "copy", {"order": mexico}))
    store.close()
    return folder / "og.db"


async def _keep(store: Store, question: str, facts: dict[str, object]) -> None:
    deciding = Deciding(load_folder(RULES), lambda: datetime.now(UTC))

    def keep(tx: Transaction) -> None:
        case, _ = place(tx, len(str(facts)))
        made = deciding.make(deciding.book, question, facts, date(2026, 7, 1))
        deciding.keep(tx, [made], case.tenant, case_name=case.name)

    await store.write(keep)


def test_list() -> None:
    """Without a database: every part that is not settled, with its sources and what would confirm or replace them."""
    report = json.loads(listed("--json").stdout)
    assert "decisions" not in report
    source = part(report, "ecert-guidelines-2026-06-26")["sources"][0]
    assert ("reported", "2026-12-31") == (source["standing"], source["review"])
    assert source["watch"].startswith("The guidelines themselves")
    assert ["without", "from-the-certification", "from-the-first-day"] == [
        one["name"] for one in part(report, "blanket-end-after-certification")["alternatives"]
    ]


def test_every_source_says(tmp_path: Path) -> None:
    """Each reported or assumed source of the shipped rulebook says what would confirm or replace it."""
    report = json.loads(listed("--json").stdout)
    sources = [one["sources"][0] for one in report["watched"] if one["kind"] == "source"]
    assert [] == [source["name"] for source in sources if not source["watch"]]


def test_decisions(database: Path) -> None:
    """Which decisions of the last days rest on a part, and how many flip without it or by another reading."""
    report = json.loads(listed("--database", database, "--processes", "1", "--json").stdout)
    assert {"days": 90, "count": 3, "by_question": {"copy": 1, "scope": 2}, "not_read": {}} == report[
        "decisions"
    ]
    rule = part(report, "b2b-site-claims-preference")
    ways = [{"was": "IN_SCOPE", "now": "OUT_OF_SCOPE", "decisions": 1}]
    assert [{"name": "without", "says": "", "flips": 1, "ways": ways}] == rule["alternatives"]
    assert (1, 2) == (rule["rested"], part(report, "ecert-guidelines-2026-06-26")["rested"])
    unclear = part(report, "low-value-mexico")
    assert 1 == unclear["rested"]
    assert {"without", "as-the-source-says"} <= {
        one["name"] for one in unclear["alternatives"] if one["flips"]
    }


def test_days(database: Path) -> None:
    """More days, more decisions."""
    report = json.loads(listed("--database", database, "--days", "400", "--processes", "1", "--json").stdout)
    assert 4 == report["decisions"]["count"]


def test_table(database: Path) -> None:
    """As tables, the sources first with what would settle them."""
    ended = listed("--database", f"sqlite:///{database}", "--processes", "1")
    assert 0 == ended.exit_code
    assert "3 decisions of the last 90 days" in ended.stdout
    assert "The guidelines themselves" in ended.stdout
    assert "as-the-source-says: 1" in ended.stdout


def test_no_database(tmp_path: Path) -> None:
    """A database that is not there ends the command with 2."""
    ended = listed("--database", tmp_path / "no.db")
    assert 2 == ended.exit_code
    assert "there is no such file" in ended.stderr
