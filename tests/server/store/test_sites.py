"""The record of sites: dense, only growing, one tenant's, and vouched for by the log."""

import json
from dataclasses import replace

import pytest

from engine.site import SiteStep
from server.store import Store, log, sites
from server.store.errors import SiteChanged
from server.store.sites import SiteChangeRecord

from .samples import TENANT, site_change

REPORT = '{"holds": true}'


async def registered(store: Store, new: SiteChangeRecord | None = None) -> SiteChangeRecord:
    """A site that is there."""
    new = new or site_change()
    await store.write(lambda tx: sites.change(tx, None, new, REPORT))
    found = await store.read(lambda c: sites.find(c, new.tenant, new.site_id))
    assert found is not None
    return found


async def test_kept(store: Store) -> None:
    """What was done is read back as it was said, with the store's number and moment."""
    found = await registered(store)
    assert replace(site_change(), number=1, changed_at=found.changed_at) == found
    assert REPORT == await store.read(lambda c: sites.report(c, found))


async def test_newest(store: Store) -> None:
    """The newest change is the site as it stands; the others stay, and so does the last run."""
    first = await registered(store)
    suspended = replace(
        first, step=SiteStep.SUSPEND, suspended_because="a lawsuit", request_id="request-2", run_digest=None
    )
    await store.write(lambda tx: sites.change(tx, first, suspended))
    found = await store.read(lambda c: sites.changes(c, TENANT, "shop", 10))
    assert [(2, "a lawsuit"), (1, None)] == [(one.number, one.suspended_because) for one in found]
    assert found[0] == await store.read(lambda c: sites.find(c, TENANT, "shop"))
    assert [found[0]] == await store.read(sites.everything)
    assert first == await store.read(lambda c: sites.last_run(c, TENANT, "shop"))
    assert first == await store.read(lambda c: sites.registered(c, TENANT, "shop"))
    assert first == await store.read(lambda c: sites.by_request(c, TENANT, "shop", "request-1"))
    assert 2 == await store.read(sites.count)


async def test_race(store: Store) -> None:
    """Of two changes of what was read only one is kept."""
    first = await registered(store)
    await store.write(lambda tx: sites.change(tx, first, first))
    with pytest.raises(SiteChanged):
        await store.write(lambda tx: sites.change(tx, first, first))
    with pytest.raises(SiteChanged):
        await store.write(lambda tx: sites.change(tx, None, first))


async def test_tenants(store: Store) -> None:
    """A tenant's site is another tenant's neither to see nor to change."""
    await registered(store)
    assert await store.read(lambda c: sites.find(c, "other", "shop")) is None
    await registered(store, site_change(tenant="other"))
    assert 1 == len(await store.read(lambda c: sites.changes(c, TENANT, "shop", 10)))


async def test_log(store: Store) -> None:
    """Each change has its entry, with actor and reason, which covers the row and its report."""
    await registered(store)
    [entry] = await store.read(lambda c: log.about(c, TENANT, "sites/shop"))
    assert {
        "site_id": "shop",
        "number": 1,
        "step": "CONNECT",
        "actor": "operator",
        "reason": "a new platform",
        "platform": "sandbox",
    } == json.loads(entry.event)
    assert ["connections", "report", "row"] == sorted(json.loads(entry.envelope)["covers"])
