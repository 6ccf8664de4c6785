"""Orders at a platform that is asked by its own id of what is under way, and not by our reference."""

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from engine.case import AttemptState, CaseState
from engine.rulebook import Rulebook
from server.sandbox import Sandbox, SandboxSettings, start_sandbox
from server.store import Store
from server.workflow.manual import Step
from tests.server.platforms.by_id import asking_by_id
from tests.server.workflow.house import Clock, House, order, sites, states
from tests.server.workflow.test_operating import waiting


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    """A sandbox with the clock of the test."""
    running = await start_sandbox(SandboxSettings(clock=clock))
    yield running
    await running.stop()


@pytest.fixture
async def house(sandbox: Sandbox, store: Store, rulebook: Rulebook, clock: Clock) -> AsyncIterator[House]:
    """A server that asks that sandbox by its ids only."""
    async with asking_by_id(sandbox.url, by_reference=False, clock=clock) as platform:
        house = House(store, rulebook, clock, (platform,), sites("sandbox"))
        yield house
        await house.tasks.finish(0)


async def arrived(sandbox: Sandbox) -> dict[str, int]:
    """How many requests of each operation the sandbox got."""
    async with aiohttp.ClientSession() as session, session.get(f"{sandbox.url}/arrived") as answer:
        counts: dict[str, int] = await answer.json()
        return counts


async def begun(house: House, sandbox: Sandbox, **fault: object) -> str:
    """The name of a case whose submission met a fault."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sandbox.url}/faults", data=json.dumps(fault)),
    ):
        pass
    return (await house.begun(order())).case.name


async def test_pending(house: House, sandbox: Sandbox) -> None:
    """What is pending is asked for by the id that it came with, until it is decided."""
    name = await begun(house, sandbox, fault="pending", polls=1)
    for _ in range(2):
        await house.reconciled(seconds=60)
    view = await house.case(name)
    assert (CaseState.CERTIFIED, [AttemptState.ISSUED]) == (view.case.state, states(view))
    counts = await arrived(sandbox)
    assert (1, 2, None) == (counts["submit"], counts["lookup_by_id"], counts.get("lookup"))


async def test_in_review(house: House, sandbox: Sandbox) -> None:
    """So is what a person at the platform has."""
    name = await begun(house, sandbox, fault="review")
    assert CaseState.IN_REVIEW == (await house.case(name)).case.state
    await house.reconciled(seconds=600)
    assert (CaseState.IN_REVIEW, 1) == (
        (await house.case(name)).case.state,
        (await arrived(sandbox))["lookup_by_id"],
    )


async def test_lost_reply(house: House, sandbox: Sandbox) -> None:
    """Where the reply with the id was lost nothing can be asked: a person is told, and nothing is sent again."""
    name = await begun(house, sandbox, fault="drop_reply")
    await house.reconciled(seconds=60)
    [(one, steps)] = await waiting(house)
    assert (name, False, 1) == (one.view.case.name, Step.RETRY in steps, (await arrived(sandbox))["submit"])


async def test_unclear_later(house: House, sandbox: Sandbox) -> None:
    """A look-up that tells nothing changes nothing: the id is kept, and asked for again."""
    name = await begun(house, sandbox, fault="pending", polls=0)
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{sandbox.url}/faults", data=json.dumps({"fault": "down", "operation": "lookup_by_id"})
        ),
    ):
        pass
    await house.reconciled(seconds=60)
    assert [AttemptState.PENDING] == states(await house.case(name))
    await house.reconciled(seconds=60)
    assert CaseState.CERTIFIED == (await house.case(name)).case.state


async def test_forgotten(house: House, sandbox: Sandbox) -> None:
    """A platform that gave an id, and does not know it any more, is never sent the declaration again."""
    name = await begun(house, sandbox, fault="review")
    store = house.store
    await store.write(lambda tx: tx.connection.exec_driver_sql("UPDATE attempts SET platform_id = 'sub-0'"))
    await house.reconciled(seconds=600)
    view = await house.case(name)
    assert (CaseState.MANUAL, [AttemptState.UNPROVED]) == (view.case.state, states(view))
    assert 1 == (await arrived(sandbox))["submit"]
