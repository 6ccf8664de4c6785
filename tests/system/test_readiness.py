"""Three sites, assessed by the traffic that they really sent: each shortfall is named, and nothing else."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import pytest
from origingate.v1 import case_service_pb2, site_pb2, site_service_pb2

from server.wire.readiness import readiness_of
from tests.system.processes import Sandbox, Server, log_key, order, origingate
from tests.system.test_sites import Sites
from tests.system.test_stages import reason

ORDERS = 2
# What counts as real time here, and what a slow platform takes, of the 10 it has: a starved machine adds seconds to each.
LIMIT, SLOW = 5.0, 5.5


def due(days: int) -> datetime:
    """The day of importation, so many days from now."""
    return datetime.now(UTC) + timedelta(days=days)


def order_of(site_id: str, number: int, imported: datetime) -> Any:
    """A good order of a site."""
    said = order(order_id=f"{site_id}-{number}", request_id=f"{site_id}-{number}-order")
    said.site.site_id = site_id
    day = said.order.import_date
    day.year, day.month, day.day = imported.year, imported.month, imported.day
    return said


def stage_by_stage(server: Server, said: Any) -> None:
    """From the inquiry to the hand-off, as a good order system calls."""
    of = said.request_id
    inquiry = case_service_pb2.OpenInquiryRequest(request_id=f"{of}-a", site=said.site, order=said.order)
    name = server.cases.OpenInquiry(inquiry, timeout=20).case.name
    placed = case_service_pb2.PlaceOrderRequest(request_id=f"{of}-b", site=said.site, order=said.order)
    server.cases.PlaceOrder(placed, timeout=20)
    declared = case_service_pb2.DeclareRequest(request_id=f"{of}-c", name=name, declaration=said.declaration)
    server.cases.Declare(declared, timeout=20)
    assert server.cases.Certify(
        case_service_pb2.CertifyRequest(request_id=f"{of}-d", name=name), timeout=20
    ).e_cert_id
    hand_off = case_service_pb2.HandOffRequest(request_id=f"{of}-e", name=name)
    assert server.cases.HandOff(hand_off, timeout=20).handed_off


def carelessly(server: Server, said: Any) -> None:
    """In one call when the goods are there, without two facts, and handed off without an answer."""
    said.declaration.ClearField("signed")
    said.declaration.goods.items[0].ClearField("criterion")
    name = server.process_order(said).case.name
    hand_off = case_service_pb2.HandOffRequest(request_id=f"{said.request_id}-e", name=name)
    assert "CASE_STATE" == reason(lambda: server.cases.HandOff(hand_off, timeout=20))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server to which three sites have sent their orders."""
    sandbox = Sandbox(tmp_path_factory.mktemp("sandbox"))
    running = Server(
        tmp_path_factory.mktemp("server"), "--sandbox-url", sandbox.url, ORIGINGATE_REAL_TIME=str(LIMIT)
    )
    sites = Sites(running)
    for site_id in ("good", "slow", "careless"):
        sites.do("Register", site_id, kind=site_pb2.SITE_KIND_B2B_INDEPENDENT)
        assert sites.connect(site_id).run.holds
    for number in range(ORDERS):
        stage_by_stage(running, order_of("good", number, due(30)))
        carelessly(running, order_of("careless", number, due(-3)))
    sandbox.fault("latency", operation="submit", seconds=SLOW, times=ORDERS)
    with ThreadPoolExecutor() as at_once:
        slow = [order_of("slow", number, due(30)) for number in range(ORDERS)]
        list(at_once.map(partial(stage_by_stage, running), slow))
    yield running
    assert 0 == running.stop()
    sandbox.stop()


def assessed(server: Server, site_id: str) -> Any:
    """What the site lacks."""
    request = site_service_pb2.AssessReadinessRequest(site_id=site_id)
    return readiness_of(Sites(server).stub.AssessReadiness(request, timeout=20).readiness)


def lacking(found: Any) -> list[tuple[str, str]]:
    """What is lacking, by reason and by what it is about."""
    return sorted((item.reason, item.about) for item in found.lacking)


def test_good(server: Server) -> None:
    """A site that gives every fact, calls at every step and gets its certificates in time lacks nothing."""
    found = assessed(server, "good")
    assert ("READY", (), ORDERS) == (found.outcome, found.missing, found.orders)
    assert [] == lacking(found)
    assert {"MET"} == {item.state.value for item in found.items}


def test_slow(server: Server) -> None:
    """A site whose platform is slow lacks real time, and nothing else."""
    found = assessed(server, "slow")
    assert "NOT_READY" == found.outcome
    assert [("INTERFACE_NEVER_IN_REAL_TIME", "real time")] == lacking(found)
    [item] = found.lacking
    assert f"Answered within {LIMIT:g} s: 0 of {ORDERS}; half of the answers came within " in item.seen
    assert ("The site's system team and the platform", True) == (item.who, bool(item.mend))


def test_careless(server: Server) -> None:
    """A site that lacks facts and calls when the goods are there is told each fact and each call, and nothing else."""
    found = assessed(server, "careless")
    assert "NOT_READY" == found.outcome
    assert [
        ("FIELD_NEVER_GIVEN", "declaration.goods[].criterion"),
        ("FIELD_NEVER_GIVEN", "declaration.signed"),
        ("INTERFACE_NEVER_USED", "certificate requests"),
        ("ORDERS_CONFIRMED_EARLY", "answer before confirmation"),
        ("TRIGGER_NOT_BEFORE_TRANSACTION", "calls"),
    ] == lacking(found)


def test_mistyped(server: Server) -> None:
    """An order that is refused for a fact's form is counted once, however often it comes, and the fact is named."""
    sites = Sites(server)
    sites.do("Register", "mistyped", kind=site_pb2.SITE_KIND_B2B_INDEPENDENT)
    sites.connect("mistyped")
    stage_by_stage(server, order_of("mistyped", 1, due(30)))
    for number in range(3):
        bad = order_of("mistyped", 2, due(30))
        bad.request_id += str(number)
        bad.declaration.goods.items[0].hs = "7x"
        with pytest.raises(grpc.RpcError):
            server.process_order(bad)
    found = assessed(server, "mistyped")
    assert [("FIELD_MISTYPED", "declaration.goods[].hs")] == lacking(found)
    assert "refused for its form: 1" in found.lacking[0].seen


def test_nothing_seen(server: Server) -> None:
    """Of a site without orders nothing is presumed: what was not seen is lacking as not seen."""
    sites = Sites(server)
    sites.do("Register", "quiet")
    found = assessed(server, "quiet")
    assert ("NOT_READY", 0) == (found.outcome, found.orders)
    assert {"INTERFACE_NOT_CONNECTED", "FIELDS_NEVER_SEEN"} < {item.reason for item in found.lacking}


def test_only_registered(server: Server) -> None:
    """A site that nobody registered is not assessed: what it did before was not measured."""
    assert "SITE_NOT_FOUND" == reason(lambda: assessed(server, "aceros-shop"))


def test_command(server: Server, tmp_path: Path) -> None:
    """The command shows a table or JSON, writes a page, and ends with 1 where something is lacking."""
    page = tmp_path / "careless.html"
    done = origingate("site", "assess", "careless", "--html", str(page), "--to", server.address)
    assert (1, True) == (done.returncode, "FIELD_NEVER_GIVEN" in done.stdout), done.stderr
    assert "declaration.signed" in page.read_text("utf-8")
    done = origingate("site", "assess", "good", "--json", "--to", server.address)
    assert (0, "READY") == (done.returncode, json.loads(done.stdout)["outcome"])


def test_statement(server: Server, tmp_path: Path) -> None:
    """A statement of the server is verified without it, and not after a byte was changed; it has no data of orders."""
    file, key = tmp_path / "careless.statement", str(log_key(f"sqlite:///{server.folder}/og.db"))
    done = origingate("site", "statement", "careless", "--out", str(file), "--to", server.address)
    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)
    done = origingate("site", "verify", str(file), "--key", key)
    assert (0, True) == (done.returncode, "careless.statement: holds. careless as of" in done.stdout), (
        done.stderr
    )
    assert "LACKING      declaration.signed:" in done.stdout
    assert f"UNKNOWN      real time: Answered within {LIMIT:g} s: 0 of 0." in done.stdout
    said = json.loads(origingate("site", "verify", str(file), "--key", key, "--json").stdout)
    assert (True, "NOT_READY", ORDERS) == (said["holds"], said["outcome"], said["orders"])
    example = order()
    for secret in (
        example.declaration.certifier.name,
        example.order.lines.items[0].description,
        "careless-0",
    ):
        assert secret and secret not in file.read_text("utf-8")
    file.write_bytes(file.read_bytes().replace(b'"NOT_READY"', b'"NOT_REaDY"', 1))
    done = origingate("site", "verify", str(file), "--key", key)
    assert (1, True) == (done.returncode, "signed by none of the keys" in done.stderr)
    assert 2 == origingate("site", "verify", str(tmp_path / "none"), "--key", key).returncode


def test_lacks(server: Server) -> None:
    """The list of sites says what each lacks; of one that nobody registered it says that."""
    done = origingate("site", "list", "--lacks", "--json", "--to", server.address)
    found = {one["site_id"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert ("READY", []) == (found["good"]["readiness"], found["good"]["lacks"])
    assert ["INTERFACE_NEVER_IN_REAL_TIME: real time"] == found["slow"]["lacks"]
    assert "not assessed: it is not registered" == found["aceros-shop"]["readiness"]
    few = origingate("site", "list", "--lacks", "--limit", "1", "--to", server.address)
    assert "There are more than 1" in few.stderr
    shown = origingate("site", "list", "--lacks", "--to", server.address).stdout
    assert "FIELD_NEVER_GIVEN: declaration.signed" in shown
