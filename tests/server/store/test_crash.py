"""A process that is killed in the middle of its work leaves whole transactions only."""

import asyncio
import multiprocessing
import time
from multiprocessing.connection import Connection

import pytest

from engine.case import CaseState
from server.store import Store, Transaction, attempts, cases, log

from .samples import MASTER, TENANT, Clock, case_name, place, verifying

ENTRIES_A_CASE = 3  # placed, declared, submitted
WRITERS = 4


def write_until_killed(address: str, first: int, told: Connection) -> None:
    """Take case after case to VERIFYING, several at once, and tell the number of each that is committed."""

    async def writer(store: Store, offset: int) -> None:
        number = first + offset
        while True:
            await verifying(store, number)
            told.send(number)
            number += WRITERS

    async def write() -> None:
        store = Store.open(address, Clock(), MASTER)
        await asyncio.gather(*(writer(store, offset) for offset in range(WRITERS)))

    asyncio.run(write())


def stop_in_the_middle(address: str, told: Connection) -> None:
    """Write half of what belongs together, say so, and never go on."""

    def half(tx: Transaction) -> None:
        place(tx)
        told.send("placed")
        time.sleep(600)

    store = Store.open(address, Clock(), MASTER)
    asyncio.run(store.write(half))


def write_and_kill(address: str, first: int, seconds: float) -> list[int]:
    """Let a process write for some time and kill it; the numbers that it told as committed."""
    context = multiprocessing.get_context("spawn")
    hear, tell = context.Pipe(duplex=False)
    process = context.Process(target=write_until_killed, args=(address, first, tell))
    process.start()
    tell.close()
    told = [hear.recv()]
    time.sleep(seconds)
    process.kill()
    process.join()
    while True:
        try:
            told.append(hear.recv())
        except EOFError:
            return told


async def test_killed_in_the_middle(address: str) -> None:
    """Of a transaction that was open when the process was killed nothing is there."""
    context = multiprocessing.get_context("spawn")
    hear, tell = context.Pipe(duplex=False)
    process = context.Process(target=stop_in_the_middle, args=(address, tell))
    process.start()
    assert "placed" == await asyncio.to_thread(hear.recv)
    process.kill()
    process.join()
    store = Store.open(address, Clock(), MASTER)
    assert await store.read(lambda connection: cases.find(connection, TENANT, case_name())) is None
    assert 0 == await store.read(log.size)
    await verifying(store)
    store.close()


@pytest.mark.parametrize("seconds", [0.11, 0.23, 0.37])
async def test_killed_while_writing(address: str, seconds: float) -> None:
    """What was told as committed is there, everything that is there is whole, and the log has no gap."""
    told = await asyncio.to_thread(write_and_kill, address, 1, seconds)
    store = Store.open(address, Clock(), MASTER)
    entries = await store.read(lambda connection: log.read(connection, 0, 100_000))
    present = list(dict.fromkeys(entry.subject for entry in entries if entry.kind != "rulebook"))
    found = [
        await store.read(
            lambda connection, name=name: (
                cases.find(connection, TENANT, name),
                cases.find_declaration(connection, TENANT, name, 1),
                attempts.of_case(connection, TENANT, name),
            )
        )
        for name in present
    ]
    store.close()
    assert set(present) >= {case_name(number) for number in told}
    assert {CaseState.VERIFYING} == {case.state for case, _, _ in found if case}
    assert {(True, True, 1)} == {
        (case is not None, declaration is not None, len(tried)) for case, declaration, tried in found
    }
    rulebooks = min(len(present), 1)
    assert list(range(ENTRIES_A_CASE * len(present) + rulebooks)) == [entry.position for entry in entries]
    assert [log.leaf_hash(entry.envelope) for entry in entries] == [entry.leaf for entry in entries]


async def test_file_is_free_after_a_kill(upgraded_sqlite: str) -> None:
    """A killed process leaves no lock behind: the next one opens the file and writes on."""
    first = await asyncio.to_thread(write_and_kill, upgraded_sqlite, 1, 0.05)
    second = await asyncio.to_thread(write_and_kill, upgraded_sqlite, 100_001, 0.05)
    assert first
    assert second
