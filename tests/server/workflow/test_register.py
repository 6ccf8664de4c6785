"""The sites at hand: registered ones before the file's, changed by any process, connected only as long as it is shown."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.case import AttemptState, Event
from server.sites import SiteRecord, Sites
from server.store import Store, Transaction, attempts, cases, sites
from server.workflow.register import ANSWERS_EVERY, Register, answers_of
from tests.server.store.samples import (
    SEND_NEEDS,
    START,
    TENANT,
    certified,
    site_change,
    verifying,
)

from .house import Clock

AGE = timedelta(days=90)
FILE = Sites({(TENANT, "shop"): SiteRecord(TENANT, "shop", "OTHER", "NONE", ("other",))})


@pytest.fixture
def clock() -> Clock:
    """Three days after the run of the sample."""
    clock = Clock()
    clock.now = START + timedelta(days=3)
    return clock


@pytest.fixture
def register(store: Store, clock: Clock) -> Register:
    """A register of a process that reads no more than it is told to."""
    return Register(store, FILE, clock, AGE)


def record(integration: str | None, *platforms: str) -> SiteRecord:
    """The sample's site as decisions see it."""
    return SiteRecord(TENANT, "shop", "B2B_INDEPENDENT", integration, platforms)


async def test_file(register: Register) -> None:
    """Where a site is not registered, it is what the file says."""
    await register.follow()
    assert SiteRecord(TENANT, "shop", "OTHER", "NONE", ("other",)) == register.find(TENANT, "shop")


async def test_other_process(store: Store, register: Register) -> None:
    """What another process registered counts at the next look, and wins over the file; a suspended site has no platform."""
    await register.follow()
    await store.write(lambda tx: sites.change(tx, None, site_change()))
    await register.follow()
    assert record("CONNECTED", "sandbox") == register.find(TENANT, "shop")
    was = await store.read(lambda c: sites.find(c, TENANT, "shop"))
    assert was is not None
    await store.write(lambda tx: sites.change(tx, was, replace(was, suspended_because="a test")))
    await register.follow()
    assert record("NONE") == register.find(TENANT, "shop")


async def test_age(store: Store, register: Register, clock: Clock) -> None:
    """A connection that nothing shows any more is not known, without anybody changing anything."""
    await store.write(lambda tx: sites.change(tx, None, site_change()))
    await register.follow()
    clock.now = START + AGE + timedelta(seconds=1)
    assert record(None, "sandbox") == register.find(TENANT, "shop")


async def test_answers(store: Store, register: Register, clock: Clock) -> None:
    """An answer of its platform for an order of the site shows the connection when the run is too old for that."""
    old = replace(site_change().connections[0], run_at=START - AGE)
    await store.write(lambda tx: sites.change(tx, None, replace(site_change(), connections=(old,))))
    await certified(store)
    await register.follow()
    assert record("CONNECTED", "sandbox") == register.find(TENANT, "shop")


async def test_answers_are_looked_for_again(store: Store, register: Register, clock: Clock) -> None:
    """A site whose platform begins to answer again is known to be connected within a minute."""
    old = replace(site_change().connections[0], run_at=START - AGE)
    await store.write(lambda tx: sites.change(tx, None, replace(site_change(), connections=(old,))))
    await register.follow()
    assert record(None, "sandbox") == register.find(TENANT, "shop")
    await certified(store)
    clock.now += ANSWERS_EVERY
    await register.follow()
    assert record("CONNECTED", "sandbox") == register.find(TENANT, "shop")


async def test_rejection_is_an_answer(store: Store) -> None:
    """Who rejects answers; what is still open, or was never sent, is none."""
    _, planned = await verifying(store, 1)
    assert {} == await store.read(lambda c: answers_of(c, TENANT, "shop"))

    def reject(tx: Transaction) -> None:
        attempts.begin_sending(tx, planned.hold, SEND_NEEDS)
        attempts.record_outcome(tx, planned.hold, AttemptState.REJECTED, because="no")
        case = cases.find(tx.connection, TENANT, planned.case_name)
        assert case is not None
        cases.transition(tx, case, Event.REJECT, actor="server", reason="no")

    await store.write(reject)
    assert ["sandbox"] == list(await store.read(lambda c: answers_of(c, TENANT, "shop")))
    assert {} == await store.read(lambda c: answers_of(c, "other", "shop"))
