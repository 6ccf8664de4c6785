"""Recorded decisions are decided again: from a real database of each kind, in the log's order, without a trace in it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from engine.expression import Money
from engine.rulebook import Rulebook, load
from engine.workbench.comparison.counts import Why
from engine.workbench.comparison.flips import Flip, Tally
from server.recorded.holding import Held, Holding
from server.recorded.log import Log, Source, Stretch, log_size, stretches
from server.recorded.spreading import tallies
from server.recorded.work import OnLog, Task
from server.rulebooks import read_files
from server.store import Store, Transaction, cases, erasure
from server.store.errors import StoreError
from server.store.logged import EVERYTHING, Choice
from server.store.schema import REVISIONS
from server.workflow.deciding import Deciding

from .samples import MASTER, START, TENANT, case_name, place

PROJECT = Path(__file__).resolve().parents[3]
FILES = read_files(PROJECT / "rules" / "usmca")
EDITED = {path: text.replace('money("2500.00 USD")', 'money("2000.00 USD")') for path, text in FILES.items()}
DAY = date(2026, 7, 1)
AMOUNTS = (1500, 2200, 2300, 2600)
FLIP = Flip("copy", "NOT_REQUIRED", "REQUIRED", "low-value", "over-2500")


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """The shipped rulebook."""
    loaded = load(FILES)
    assert isinstance(loaded, Rulebook)
    return loaded


def facts_of(amount: int, site: str | None = None) -> dict[str, object]:
    """What the question about the copy asks for."""
    said = {} if site is None else {"site": {"site_id": site}}
    claim = {"entries_same_day": 1, "evasion_found": False}
    value = Money(Decimal(amount), "USD")
    order = {"destination": "US", "commercial": True, "originating_value": value, "claim": claim}
    return {**said, "order": order}


@pytest.fixture
async def recorded(store: Store, address: str, rulebook: Rulebook) -> str:
    """A database with a decision about the copy for each amount, and one about the scope, of two tenants.

    One of them is about a case of the site `shop`, the others are screenings of `forge`.
    """
    deciding = Deciding(rulebook, lambda: datetime.now(UTC))

    def keep(tx: Transaction) -> None:
        for number, amount in enumerate(AMOUNTS):
            made = deciding.make(deciding.book, "copy", facts_of(amount, "forge"), DAY)
            deciding.keep(tx, [made], f"tenant-{number % 2}")
        deciding.keep(tx, [deciding.make(deciding.book, "scope", {}, DAY)], "tenant-0")

    def keep_case(tx: Transaction) -> None:
        case, _ = place(tx)
        made = deciding.make(deciding.book, "copy", facts_of(2400), DAY)
        deciding.keep(tx, [made], case.tenant, case_name=case.name)

    await store.write(keep)
    await store.write(keep_case)
    return address


def task(questions: tuple[str, ...] = ("copy", "scope")) -> Task:
    """The shipped rulebook against one with a lower limit."""
    return Task(FILES, EDITED, questions, frozenset({"scope"}), alike=True, on=None, examples=1)


def source(address: str, choice: Choice = EVERYTHING) -> Source:
    """The database, with the master key of tests."""
    return Source(address, choice, lambda _: MASTER)


def decided_again(address: str, questions: tuple[str, ...] = ("copy", "scope")) -> Tally:
    """The tally of a database by two rulebooks."""
    read, whole = source(address, Choice(questions=frozenset(questions))), Tally(1)
    begin = partial(OnLog.by_both, task(questions), read)
    for part in tallies(begin, stretches(log_size(read)), processes=1):
        whole.add(part)
    return whole


def replayed(address: str, choice: Choice = EVERYTHING, new: Mapping[str, str] = EDITED) -> Tally:
    """The tally of a database by each decision's own rulebook and another one."""
    read, whole = source(address, choice), Tally(3)
    for part in tallies(partial(OnLog.by_own, new, read, 3), stretches(log_size(read)), processes=1):
        whole.add(part)
    return whole


def held(address: str, choice: Choice = EVERYTHING) -> Held:
    """What comes of holding a database's decisions against their own rulebooks."""
    read, whole = source(address, choice), Held(3)
    for part in tallies(partial(Holding, read, 3), stretches(log_size(read)), processes=1):
        whole.add(part)
    return whole


def change(address: str, statement: str) -> None:
    """Changes the database as nobody may."""
    engine = create_engine(address, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(statement))


async def test_decided_again(recorded: str) -> None:
    """Every recorded decision is decided by both rulebooks; those between the limits flip, and none is unlike."""
    tally = decided_again(recorded)
    assert (6, 6, {}, 0) == (tally.orders, tally.compared, tally.unlike, tally.unread.counts.total())
    assert {FLIP: 3} == tally.flips
    assert {"copy": 5, "scope": 1} == tally.asked


async def test_questions(recorded: str) -> None:
    """Only decisions of the questions that are asked are read."""
    assert {"scope": 1} == decided_again(recorded, ("scope",)).asked


async def test_replayed(recorded: str) -> None:
    """By its own rulebook and another one: flips are counted by site and month, and their cases named."""
    tally = replayed(recorded)
    assert (6, 6, {FLIP: 3}, {}) == (tally.orders, tally.compared, tally.flips, tally.unlike)
    names = [name for name, _ in tally.first[FLIP]]
    assert [True, True, False] == [name.startswith("decisions/") for name in names]
    assert case_name() == names[-1]
    assert [(("acme", "shop"), 1, 1), (("tenant-0", "forge"), 2, 1), (("tenant-1", "forge"), 2, 1)] == list(
        tally.sites.of("copy")
    )
    assert [(("2026-07",), 5, 3)] == list(tally.months.of("copy"))


@pytest.mark.parametrize(
    ("choice", "read"),
    [
        (EVERYTHING, 6),
        (Choice(sites=frozenset({"shop"})), 6),
        (Choice(sites=frozenset({"forge"})), 5),
        (Choice(questions=frozenset({"copy"})), 5),
        (Choice(since=START + timedelta(days=1)), 0),
        (Choice(since=START, before=START + timedelta(days=1)), 6),
        (Choice(before=START), 0),
    ],
)
async def test_chosen(recorded: str, choice: Choice, read: int) -> None:
    """Decisions are chosen by question, by moment, and by the site of their case; of screenings all are read."""
    log = Log(source(recorded, choice))
    assert read == len(log.decisions(Stretch(0, log.size)))
    log.close()


async def test_site_said(recorded: str) -> None:
    """Of screenings those are decided again whose caller named the site."""
    choice = Choice(sites=frozenset({"shop"}))
    assert 1 == replayed(recorded, choice).orders == held(recorded, choice).decisions


async def test_fixed_end(recorded: str, store: Store, rulebook: Rulebook) -> None:
    """What a server decides after the beginning is not read."""
    read = source(recorded)
    parts = stretches(log_size(read))
    deciding = Deciding(rulebook, lambda: datetime.now(UTC))
    made = [deciding.make(deciding.book, "copy", facts_of(2300), DAY)]
    await store.write(lambda tx: deciding.keep(tx, made, "tenant-0"))
    [part] = tallies(partial(Holding, read, 3), parts, processes=1)
    assert (6, 7) == (part.decisions, held(recorded).decisions)


async def test_of_one_order(recorded: str, store: Store, rulebook: Rulebook) -> None:
    """Decisions that follow each other and were made from the same facts are made again as each would be alone."""
    deciding = Deciding(rulebook, lambda: datetime.now(UTC))

    def keep(tx: Transaction) -> None:
        for amount in (2300, 2600):
            facts = facts_of(amount, "forge")
            deciding.keep(tx, deciding.made(deciding.book.decide_workflow(facts, DAY), facts), "tenant-0")

    await store.write(keep)
    found = held(recorded)
    assert (True, 14, {}) == (found.holds, found.decisions, found.unlike)


async def test_holds(recorded: str, rulebook: Rulebook) -> None:
    """Without another rulebook each decision is made again by its own, and is the same bit for bit."""
    found = held(recorded)
    assert (True, 6, 0, {rulebook.digest: 6}) == (found.holds, found.decisions, found.differ, found.rulebooks)


async def test_not_as_recorded(recorded: str) -> None:
    """A decision whose row says another outcome than its facts and its rulebook give does not hold, and is named."""
    change(recorded, "UPDATE decisions SET outcome = 'REQUIRED' WHERE case_name IS NOT NULL")
    found = held(recorded)
    assert (False, 1, {("copy", "decisions.outcome"): 1}) == (found.holds, found.differ, found.unlike)
    assert [case_name()] == found.first["copy", "decisions.outcome"]


async def test_rulebook_lost(recorded: str, rulebook: Rulebook) -> None:
    """What was decided by a rulebook that cannot be read any more is counted apart, in both ways."""
    change(recorded, "UPDATE rulebooks SET files = '{}'")
    for unread in (held(recorded).unread, replayed(recorded).unread):
        assert {Why.RULEBOOK_LOST: 6} == unread.counts
        assert (case_name(), rulebook.digest) == unread.first[Why.RULEBOOK_LOST][-1]


async def test_row_lost(recorded: str) -> None:
    """A decision of which the log tells and that is not there is counted apart."""
    change(recorded, "DELETE FROM decisions WHERE question = 'scope'")
    assert {Why.ROW_LOST: 1} == held(recorded).unread.counts == replayed(recorded).unread.counts


async def test_question_lacking(recorded: str) -> None:
    """A decision on a question that the other rulebook lacks is counted apart, and is nothing to look at."""
    parcels = read_files(PROJECT / "tests" / "planted" / "parcels")
    unread = replayed(recorded, new=parcels).unread
    assert ({Why.QUESTION_LACKING: 6}, 0) == (unread.counts, unread.unexpected)


async def test_erased(recorded: str, store: Store) -> None:
    """A decision whose case was erased is counted apart; what is left still holds."""

    def erase(tx: Transaction) -> None:
        case = cases.find(tx.connection, TENANT, case_name())
        assert case is not None
        key = erasure.held(tx, TENANT, case_name())
        assert key is not None
        erasure.erase_case(tx, case, key, actor="operator", reason="asked for")

    await store.write(erase)
    found = held(recorded)
    assert (True, 5, {Why.ERASED: 1}) == (found.holds, found.decisions, found.unread.counts)
    assert [(case_name(), "")] == found.unread.first[Why.ERASED]
    assert {Why.ERASED: 1} == replayed(recorded).unread.counts


async def test_seal_broken(recorded: str) -> None:
    """A decision that was put into the place of another is said to be unreadable, and does not end the run."""
    change(
        recorded,
        "UPDATE decisions SET body = (SELECT body FROM decisions WHERE case_name IS NOT NULL)"
        " WHERE question = 'scope'",
    )
    found = held(recorded)
    assert ({Why.UNREADABLE: 1}, 5) == (found.unread.counts, found.decisions)


async def test_recorded_otherwise(recorded: str) -> None:
    """An answer in the log that its own rulebook does not give is found."""
    change(recorded, "UPDATE decisions SET outcome = 'REQUIRED' WHERE outcome = 'NOT_REQUIRED'")
    tally = decided_again(recorded)
    assert {("copy", "REQUIRED", "NOT_REQUIRED"): 4} == tally.unlike
    assert [1] == [len(labels) for labels in tally.unlike_first.values()]


async def test_facts_unreadable(recorded: str) -> None:
    """A decision whose facts are not canonical is counted and said, and does not end the run."""
    change(recorded, "UPDATE decisions SET facts = '[]' WHERE question = 'scope'")
    tally = decided_again(recorded)
    assert (5, {Why.UNREADABLE: 1}) == (tally.orders, tally.unread.counts)
    assert "not recorded as this version" in tally.unread.first[Why.UNREADABLE][0][1]
    assert {Why.UNREADABLE: 1} == held(recorded).unread.counts


def test_no_database(tmp_path: Path) -> None:
    """What is no database of a server is said, and nothing is made."""
    with pytest.raises(StoreError, match="no such file"):
        Log(Source(str(tmp_path / "nowhere.db")))
    with pytest.raises(StoreError, match="no such file"):
        Log(Source(f"sqlite:///{tmp_path / 'nowhere.db'}"))
    assert [] == list(tmp_path.iterdir())
    with pytest.raises(StoreError, match="is not supported"):
        Log(Source("mysql://nowhere"))
    (tmp_path / "text.db").write_text("no database, but long enough to be looked at" * 100)
    with pytest.raises(StoreError, match=r"text.db"):
        Log(Source(str(tmp_path / "text.db")))


def test_empty_database(empty: str) -> None:
    """A database without the server's tables is said to be one."""
    if empty.startswith("sqlite"):
        Path(empty.removeprefix("sqlite:///")).write_bytes(b"")
    with pytest.raises(StoreError, match=f"needs {REVISIONS[-1]}"):
        Log(Source(empty))
