"""Sites that are registered: connected by a run against a live platform, suspended, and never by a word alone."""

import json
from typing import Any

import grpc
import pytest
from origingate.v1 import site_pb2, site_service_pb2, site_service_pb2_grpc

from tests.system.processes import Sandbox, Server, log_key, order, origingate
from tests.system.test_stages import reason

WHY = "a test"


class Sites:
    """SiteService of a server, as an operator calls it."""

    def __init__(self, server: Server) -> None:
        self.stub: Any = site_service_pb2_grpc.SiteServiceStub(server.channel)
        self._server = server

    def do(self, method: str, site_id: str, request_id: str = "", **said: Any) -> Any:
        """One step, by a request of its own unless its id is given."""
        kind = getattr(site_service_pb2, f"{method}SiteRequest")
        request = kind(request_id=request_id or f"{method}-{site_id}", site_id=site_id, reason=WHY, **said)
        return getattr(self.stub, f"{method}Site")(request, timeout=30)

    def connect(self, site_id: str, request_id: str = "", platform: str = "sandbox") -> Any:
        """Connects a site by a run without rounds."""
        said = order()
        return self.do(
            "Connect", site_id, request_id, platform=platform, order=said.order, declaration=said.declaration,
            buys_certificates=True,
        )  # fmt: skip

    def get(self, site_id: str) -> Any:
        """The site with what was done with it."""
        return self.stub.GetSite(
            site_service_pb2.GetSiteRequest(site_id=site_id, with_report=True), timeout=10
        )

    def list(self, **page: Any) -> Any:
        """A page of sites."""
        return self.stub.ListSites(site_service_pb2.ListSitesRequest(**page), timeout=10)

    def prereview(self, site_id: str, order_id: str) -> str:
        """The pre-review's outcome of a new order of the site."""
        request = order(order_id=order_id, request_id=f"order-{order_id}")
        request.site.site_id = site_id
        return self._server.process_order(request).prereview.outcome


@pytest.fixture
def sites(shared: Server) -> Sites:
    """The sites of the shared server."""
    return Sites(shared)


def integration(site: Any) -> str:
    """What is known of a site's integration, without its prefix."""
    return site_service_pb2.SiteIntegration.Name(site.integration).removeprefix("SITE_INTEGRATION_")


def test_life(sites: Sites) -> None:
    """A site's orders are SUSPENDED until a run has connected it, while it is suspended, and not after."""
    made = sites.do("Register", "nueva", kind=site_pb2.SITE_KIND_B2B_INDEPENDENT, title="Nueva").site
    assert ("NONE", "no conformance run has connected it to a platform") == (integration(made), made.because)
    assert "SUSPENDED" == sites.prereview("nueva", "nueva-1")
    connected = sites.connect("nueva")
    assert (True, "CONNECTED") == (connected.run.holds, integration(connected.site))
    assert "ELIGIBLE" == sites.prereview("nueva", "nueva-2")
    suspended = sites.do("Suspend", "nueva").site
    assert ("NONE", f"suspended: {WHY}") == (integration(suspended), suspended.because)
    assert "SUSPENDED" == sites.prereview("nueva", "nueva-3")
    assert "CONNECTED" == integration(sites.do("Resume", "nueva").site)
    assert "ELIGIBLE" == sites.prereview("nueva", "nueva-4")


def test_evidence(sites: Sites) -> None:
    """GetSite says by which run a site is connected, until when that counts, and what was done by whom and why."""
    sites.do("Register", "evidence", kind=site_pb2.SITE_KIND_B2B_INDEPENDENT)
    run = sites.connect("evidence").run
    sites.prereview("evidence", "evidence-1")
    found = sites.get("evidence")
    [connection] = found.site.connections
    assert ("sandbox", run.digest) == (connection.platform, connection.run_digest)
    assert connection.last_answer_time.ToDatetime() > connection.run_time.ToDatetime()
    assert 90 == (connection.proved_until.ToDatetime() - connection.last_answer_time.ToDatetime()).days
    assert [("CONNECT", "sandbox"), ("REGISTER", "")] == [
        (site_service_pb2.SiteStep.Name(one.step).removeprefix("SITE_STEP_"), one.platform)
        for one in found.changes
    ]
    assert {("developer", WHY)} == {(one.actor, one.reason) for one in found.changes}
    assert run == found.last_run
    assert json.loads(run.report)["holds"]


def test_broken_promise(sites: Sites, shared_sandbox: Sandbox) -> None:
    """A run that finds a promise broken connects nothing; its report is kept, and names the promise."""
    sites.do("Register", "broken")
    shared_sandbox.fault("reject", times=1000)
    try:
        answer = sites.connect("broken")
    finally:
        shared_sandbox.mend()
    assert (False, "NONE", 0) == (
        answer.run.holds, integration(answer.site), len(answer.site.connections),
    )  # fmt: skip
    assert "issue: " in answer.run.broken[0]
    found = sites.get("broken")
    assert (answer.run, site_service_pb2.SITE_STEP_NOT_CONNECTED) == (found.last_run, found.changes[0].step)


def test_asserted(sites: Sites) -> None:
    """What the sites file says of a site counts, and is marked; once the site is registered the file counts no more."""
    asserted = sites.get("valvulas-shop").site
    assert ("UNSPECIFIED", site_service_pb2.INTEGRATION_SOURCE_ASSERTED, 0) == (
        integration(asserted), asserted.source, asserted.version,
    )  # fmt: skip
    before = sites.get("plaza-market").site
    assert ("CONNECTED", site_service_pb2.INTEGRATION_SOURCE_ASSERTED) == (
        integration(before), before.source,
    )  # fmt: skip
    registered = sites.do("Register", "plaza-market").site
    assert ("NONE", site_service_pb2.INTEGRATION_SOURCE_EVIDENCE, site_pb2.SITE_KIND_UNSPECIFIED) == (
        integration(registered), registered.source, registered.kind,
    )  # fmt: skip


def test_list(sites: Sites) -> None:
    """All sites come by their ids, page by page, those of the file among them."""
    sites.do("Register", "aaa-shop")
    first = sites.list(page_size=1)
    assert ["aaa-shop"] == [one.site_id for one in first.sites]
    rest = [one.site_id for one in sites.list(page_token=first.next_page_token).sites]
    assert "aceros-shop" == rest[0] and rest == sorted(rest) and "tornillos-shop" in rest


def test_update(sites: Sites) -> None:
    """What is not set stays; a platform that is left out is not asked any more, and the site is not connected."""
    sites.do("Register", "update", title="Old", kind=site_pb2.SITE_KIND_B2C)
    sites.connect("update")
    site = sites.do("Update", "update", title="New").site
    assert ("New", site_pb2.SITE_KIND_B2C, "CONNECTED") == (site.title, site.kind, integration(site))
    none = site_service_pb2.SitePlatforms()
    assert "NONE" == integration(sites.do("Update", "update", "request-2", platforms=none).site)


def test_same_request(sites: Sites) -> None:
    """The same request again does nothing; with another content it is refused."""
    sites.do("Register", "again", "again-register")
    run = sites.connect("again", "again-connect").run
    assert run == sites.connect("again", "again-connect").run
    assert 1 == sites.do("Register", "again", "again-register").site.version - 1
    assert "REQUEST_ID_REUSED" == reason(
        lambda: sites.do("Register", "again", "again-register", title="Else")
    )


def test_refused(sites: Sites) -> None:
    """What cannot happen to a site is told, and changes nothing."""
    sites.do("Register", "refused")
    other = site_service_pb2.SitePlatforms(items=["sandbox"])
    assert ["SITE_STATE", "SITE_STATE", "SITE_STATE", "NO_PLATFORM"] == [
        reason(lambda: sites.do("Register", "refused", "request-again")),
        reason(lambda: sites.do("Resume", "refused")),
        reason(lambda: sites.do("Update", "refused", platforms=other)),
        reason(lambda: sites.connect("refused", platform="nowhere")),
    ]
    assert ["SITE_NOT_FOUND"] * 3 == [
        reason(lambda: sites.get("nobody")),
        reason(lambda: sites.do("Suspend", "nobody")),
        reason(lambda: sites.connect("tornillos-shop")),
    ]
    assert 1 == sites.get("refused").site.version
    uncertified = order("09-blanket-two-readings")
    with pytest.raises(grpc.RpcError, match="no run can be made"):
        sites.do(
            "Connect", "refused", platform="sandbox", order=uncertified.order, buys_certificates=True,
            declaration=uncertified.declaration,
        )  # fmt: skip


def test_command_line(shared: Server) -> None:
    """Each step has its command; a run needs the word that it may buy."""
    to = ("--to", shared.address)
    because = ("--reason", WHY)

    def told(*words: str, code: int = 0) -> str:
        done = origingate("site", *words, *to)
        assert code == done.returncode, done.stderr
        return done.stdout + done.stderr

    assert "NONE: no conformance run" in told("register", "cli", *because, "--kind", "B2B_INDEPENDENT")
    assert "Say so with --yes" in told("connect", "cli", "sandbox", *because, code=2)
    assert "kept every promise" in told("connect", "cli", "sandbox", *because, "--yes", "--rounds", "0")
    assert "suspended: a test" in told("suspend", "cli", *because)
    assert "integration  CONNECTED" in told("resume", "cli", *because)
    assert "The shop" in told("update", "cli", *because, "--title", "The shop", "--platforms", "sandbox")
    assert "CONNECT sandbox by developer: a test" in told("get", "cli")
    assert "aceros-shop" in told("list")
    [line] = [one for one in told("list", "--json").splitlines() if '"cli"' in one]
    assert "SITE_INTEGRATION_CONNECTED" == json.loads(line)["integration"]


def test_audit(shared: Server, sites: Sites) -> None:
    """The log vouches for what was done with sites, runs and their reports."""
    sites.do("Register", "audited")
    database = f"sqlite:///{shared.folder}/og.db"
    key = str(log_key(database))
    done = origingate("log", "verify", "--database", database, "--key", key)
    assert 0 == done.returncode, done.stdout + done.stderr
