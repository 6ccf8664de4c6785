"""Recorded decisions are decided again: from a real database of each kind, page by page, without a trace in it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from engine.expression import Money
from engine.rulebook import Rulebook, load
from engine.workbench.comparison.flips import Flip, Tally
from server.recorded.log import Log
from server.recorded.work import Task, tallies
from server.rulebooks import read_files
from server.store import Store, Transaction, decisions
from server.store.errors import StoreError
from server.store.schema import REVISIONS
from server.workflow.deciding import Deciding

from .samples import MASTER

PROJECT = Path(__file__).resolve().parents[3]
FILES = read_files(PROJECT / "rules" / "usmca")
EDITED = {path: text.replace('money("2500.00 USD")', 'money("2000.00 USD")') for path, text in FILES.items()}
AMOUNTS = (1500, 2200, 2300, 2600)
FLIP = Flip("copy", "NOT_REQUIRED", "REQUIRED", "low-value", "over-2500")


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """The shipped rulebook."""
    loaded = load(FILES)
    assert isinstance(loaded, Rulebook)
    return loaded


@pytest.fixture
async def recorded(store: Store, address: str, rulebook: Rulebook) -> str:
    """A database with a decision about the copy for each amount, and one about the scope, of two tenants."""
    deciding = Deciding(rulebook, lambda: datetime.now(UTC))

    def keep(tx: Transaction) -> None:
        for number, amount in enumerate(AMOUNTS):
            facts = {
                "order": {
                    "destination": "US", "commercial": True, "originating_value": Money(Decimal(amount), "USD"),
                    "claim": {"entries_same_day": 1, "evasion_found": False},
                }
            }  # fmt: skip
            made = deciding.make("copy", facts, date(2026, 7, 1))
            deciding.keep(tx, [made], f"tenant-{number % 2}")
        deciding.keep(tx, [deciding.make("scope", {}, date(2026, 7, 1))], "tenant-0")

    await store.write(keep)
    return address


def task(questions: tuple[str, ...] = ("copy", "scope")) -> Task:
    """The shipped rulebook against one with a lower limit."""
    return Task(FILES, EDITED, questions, frozenset({"scope"}), alike=True, on=None, examples=1)


def decided_again(address: str, questions: tuple[str, ...] = ("copy", "scope")) -> Tally:
    """The tally of a database."""
    log, whole = Log(address, MASTER), Tally(1)
    for part in tallies(task(questions), log.batches(questions), processes=1):
        whole.add(part)
    log.close()
    return whole


async def test_decided_again(recorded: str) -> None:
    """Every recorded decision is decided by both rulebooks; those between the limits flip, and none is unlike."""
    tally = decided_again(recorded)
    assert (5, 5, {}, 0) == (tally.orders, tally.compared, tally.unlike, tally.unread)
    assert {FLIP: 2} == tally.flips
    assert {"copy": 4, "scope": 1} == tally.asked


async def test_questions(recorded: str) -> None:
    """Only decisions of the questions that are asked are read."""
    assert {"scope": 1} == decided_again(recorded, ("scope",)).asked


async def test_pages(recorded: str, store: Store) -> None:
    """Pages go on where the last one ended, over all tenants, each decision once."""
    pages: list[Sequence[str]] = []
    last: tuple[str, str] | None = None
    while True:
        page = await store.read(lambda connection: decisions.after(connection, last, 2, ["copy"]))  # noqa: B023
        if not page:
            break
        last = (page[-1].tenant, page[-1].decision_id)
        pages.append([one.tenant for one in page])
    assert [["tenant-0", "tenant-0"], ["tenant-1", "tenant-1"]] == pages


async def test_recorded_otherwise(recorded: str) -> None:
    """An answer in the log that its own rulebook does not give is found."""
    engine = create_engine(recorded, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE decisions SET outcome = 'REQUIRED' WHERE outcome = 'NOT_REQUIRED'"))
    tally = decided_again(recorded)
    assert {("copy", "REQUIRED", "NOT_REQUIRED"): 3} == tally.unlike
    assert [1] == [len(labels) for labels in tally.unlike_first.values()]


async def test_facts_unreadable(recorded: str) -> None:
    """A decision whose facts are not canonical is counted and said, and does not end the run."""
    engine = create_engine(recorded, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE decisions SET facts = '[]' WHERE question = 'scope'"))
    tally = decided_again(recorded)
    assert (4, 1) == (tally.orders, tally.unread)
    assert "not recorded as this version" in tally.unread_first[0][1]


def test_no_database(tmp_path: Path) -> None:
    """What is no database of a server is said, and nothing is made."""
    with pytest.raises(StoreError, match="no such file"):
        Log(str(tmp_path / "nowhere.db"))
    with pytest.raises(StoreError, match="no such file"):
        Log(f"sqlite:///{tmp_path / 'nowhere.db'}")
    assert [] == list(tmp_path.iterdir())
    with pytest.raises(StoreError, match="is not supported"):
        Log("mysql://nowhere")
    (tmp_path / "text.db").write_text("no database, but long enough to be looked at" * 100)
    with pytest.raises(StoreError, match=r"text.db"):
        Log(str(tmp_path / "text.db"))


def test_empty_database(empty: str) -> None:
    """A database without the server's tables is said to be one."""
    if empty.startswith("sqlite"):
        Path(empty.removeprefix("sqlite:///")).write_bytes(b"")
    with pytest.raises(StoreError, match=f"needs {REVISIONS[-1]}"):
        Log(empty)
