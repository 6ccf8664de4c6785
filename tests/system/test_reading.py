"""Lists, waits and watches over a socket: bad input, limits, slow readers, and a server that stops."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from origingate.v1 import case_event_pb2, case_pb2, case_service_pb2
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from server.store import Store
from tests.server.store.filling import fill_cases, fill_log
from tests.system.processes import Server, order, origingate, wait_for

CASES = 1000
ENTRIES = 120_000
FEW = 3

List, Wait, Watch = (
    case_service_pb2.ListCasesRequest,
    case_service_pb2.WaitCaseRequest,
    case_service_pb2.WatchCasesRequest,
)
Filter, EventFilter = case_service_pb2.CaseFilter, case_service_pb2.CaseEventFilter
NAME = f"cases/{1:032x}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a thousand cases and about 60,000 events; a tenant may have three watches."""
    folder = tmp_path_factory.mktemp("reading")
    filled(folder)
    running = Server(folder, ORIGINGATE_TENANT_STREAMS_AT_ONCE=str(FEW), ORIGINGATE_HEARTBEAT="0.3")
    yield running
    assert 0 == running.stop()


def filled(folder: Path) -> None:
    """The database of a server to be."""
    store = Store.open(f"sqlite:///{folder}/og.db", lambda: datetime.now(UTC))
    store.upgrade()
    store.close()
    engine = create_engine(f"sqlite:///{folder}/og.db", poolclass=NullPool)
    with engine.begin() as connection:
        fill_cases(connection, CASES, "dev")
        fill_log(connection, ENTRIES, "dev")


def placed(server: Server, order_id: str) -> Any:
    """A new case of an order without a declaration."""
    request = order(order_id=order_id, request_id=f"request-{order_id}")
    request.ClearField("declaration")
    return server.process_order(request).case


def refusal(call: Any) -> tuple[grpc.StatusCode, str]:
    """Code and reason of a call that has to fail."""
    with pytest.raises(grpc.RpcError) as caught:
        call()
    status = rpc_status.from_call(caught.value)
    info = error_details_pb2.ErrorInfo()
    assert status is not None and status.details[0].Unpack(info)
    return caught.value.code(), info.reason


def moment(seconds: int, nanos: int = 0) -> Timestamp:
    return Timestamp(seconds=seconds, nanos=nanos)


def test_pages(server: Server) -> None:
    """Pages of any size tell every case once; the last one has no token."""
    names, token = [], ""
    while True:
        page = server.cases.ListCases(
            List(sort=case_service_pb2.CASE_SORT_CREATE_TIME_ASCENDING, page_size=170, page_token=token),
            timeout=5,
        )
        names += [case.name for case in page.cases]
        if not (token := page.next_page_token):
            break
    assert [f"cases/{number:032x}" for number in range(1, CASES + 1)] == names[:CASES]


def test_summary(server: Server) -> None:
    """A list tells where a case stands and not all that is known of it; GetCase tells the same and more."""
    case = placed(server, "summary-1")
    [listed] = server.cases.ListCases(List(filter=Filter(order_id="summary-1")), timeout=5).cases
    fields = {field.name for field, _ in listed.ListFields()}
    assert {"name", "state", "site_id", "order_id", "create_time", "update_time", "version"} == fields
    assert [getattr(case, name) for name in fields] == [getattr(listed, name) for name in fields]


def test_largest_page(server: Server) -> None:
    """A page has 50 cases unless said, and never more than 500."""
    sizes = [len(server.cases.ListCases(List(page_size=size), timeout=5).cases) for size in (0, 2**31 - 1)]
    assert [50, 500] == sizes


def test_page_size_may_change(server: Server) -> None:
    """A token goes on with another page size."""
    first = server.cases.ListCases(List(page_size=1), timeout=5)
    second = server.cases.ListCases(List(page_size=2, page_token=first.next_page_token), timeout=5)
    assert (1, 2) == (len(first.cases), len(second.cases))


@pytest.mark.parametrize(
    "request_",
    [
        List(page_size=-1),
        List(filter=Filter(states=[0])),
        List(filter=Filter(states=[99])),
        List(filter=Filter(states=[case_pb2.CASE_STATE_ORDERED] * 2)),
        List(filter=Filter(states=range(1, 40))),
        List(filter=Filter(site_id="")),
        List(filter=Filter(site_id=" shop ")),
        List(filter=Filter(site_id="s" * 101)),
        List(filter=Filter(order_id="a\x00b")),
        List(filter=Filter(updated_since=moment(2**62))),
        List(filter=Filter(updated_since=moment(-(2**62)))),
        List(filter=Filter(updated_before=moment(0, 2_000_000_000))),
        List(filter=Filter(updated_since=moment(5), updated_before=moment(5))),
        List(filter=Filter(updated_since=moment(5)), sort=case_service_pb2.CASE_SORT_CREATE_TIME_ASCENDING),
        List(sort=77),
        List(page_token="x" * 401),
    ],
    ids=lambda request: str(request)[:40].replace("\n", " "),
)
def test_bad_lists(server: Server, request_: Any) -> None:
    """A list that breaks a rule of form is refused in words."""
    refused = refusal(lambda: server.cases.ListCases(request_, timeout=5))
    assert (grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_INVALID") == refused


@pytest.mark.parametrize("seconds", [-62_135_596_800, 253_402_300_799])
def test_far_bounds(server: Server, seconds: int) -> None:
    """The first and the last moment that there is can be asked for."""
    for bounds in (
        Filter(updated_since=moment(seconds)),
        Filter(updated_before=moment(seconds, 999_999_999)),
    ):
        server.cases.ListCases(List(filter=bounds, page_size=1), timeout=5)


def test_tokens_of_something_else(server: Server) -> None:
    """A token of another filter or sort, of a watch, or of nobody, is refused."""
    token = server.cases.ListCases(List(page_size=1), timeout=5).next_page_token
    watch = server.cases.WatchCases(Watch(), timeout=5)
    watched = next(watch).token
    watch.cancel()
    others = (
        List(page_token=token, sort=case_service_pb2.CASE_SORT_CREATE_TIME_ASCENDING),
        List(page_token=token, filter=Filter(site_id="site-1")),
        List(page_token=watched),
        List(page_token="nonsense"),
    )
    expected = (grpc.StatusCode.INVALID_ARGUMENT, "TOKEN_INVALID")
    assert [expected] * 4 == [
        refusal(lambda other=other: server.cases.ListCases(other, timeout=5)) for other in others
    ]
    for watches in (Watch(after=watched, filter=EventFilter(site_id="site-1")), Watch(after=token)):
        assert expected == refusal(lambda watches=watches: next(server.cases.WatchCases(watches, timeout=5)))


@pytest.mark.parametrize(
    "request_",
    [
        Watch(filter=EventFilter(names=["cases/1"])),
        Watch(filter=EventFilter(names=[NAME] * 2)),
        Watch(filter=EventFilter(names=[f"cases/{number:032x}" for number in range(101)])),
        Watch(filter=EventFilter(states=[0])),
        Watch(filter=EventFilter(site_id="")),
        Watch(start=9),
        Watch(after="x", start=case_service_pb2.WATCH_START_NOW),
    ],
    ids=lambda request: str(request)[:40].replace("\n", " "),
)
def test_bad_watches(server: Server, request_: Any) -> None:
    """A watch that breaks a rule of form is refused in words."""
    refused = refusal(lambda: next(server.cases.WatchCases(request_, timeout=5)))
    assert (grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_INVALID") == refused


def test_watch(server: Server) -> None:
    """What happens is told with who, why and when, and where it led; then a watch beats while it is quiet."""
    watch = server.cases.WatchCases(Watch(filter=EventFilter(site_id="aceros-shop")), timeout=20)
    assert not next(watch).HasField("event")
    case = placed(server, "watched-1")
    event = next(answer.event for answer in watch if answer.HasField("event"))
    beat = next(watch)
    watch.cancel()
    expected = case_event_pb2.CaseEvent(
        case_name=case.name,
        site_id="aceros-shop",
        order_id="watched-1",
        kind=case_event_pb2.CASE_EVENT_KIND_PLACE,
        to_state=case_pb2.CASE_STATE_ORDERED,
        version=1,
        actor="developer",
        reason="request request-watched-1",
        time=case.create_time,
    )
    assert expected == event
    assert (False, True) == (beat.HasField("event"), bool(beat.token))


def test_wait(server: Server) -> None:
    """A wait ends in time for its caller's deadline, and says that nothing happened."""
    case = placed(server, "waited-1")
    began = time.monotonic()
    answer = server.cases.WaitCase(Wait(name=case.name, after_version=1), timeout=1.5)
    assert (False, case) == (answer.happened, answer.case)
    assert 1.0 < time.monotonic() - began < 1.5
    assert server.cases.WaitCase(Wait(name=case.name), timeout=5).happened


def test_wait_for_nobody(server: Server) -> None:
    """A case that does not exist is not waited for; a request that breaks a rule of form is refused."""
    nobody = Wait(name="cases/" + "f" * 32)
    assert (grpc.StatusCode.NOT_FOUND, "CASE_NOT_FOUND") == refusal(
        lambda: server.cases.WaitCase(nobody, timeout=5)
    )
    for bad in (Wait(name="x"), Wait(name=NAME, after_version=-1), Wait(name=NAME, while_in=[0])):
        assert "REQUEST_INVALID" == refusal(lambda bad=bad: server.cases.WaitCase(bad, timeout=5))[1]


def test_too_many_watches(server: Server) -> None:
    """Over its limit a tenant gets no further watch; one whose caller went away makes room at once."""
    watches = [server.cases.WatchCases(Watch(), timeout=30) for _ in range(FEW)]
    for watch in watches:
        next(watch)
    further = Watch(start=case_service_pb2.WATCH_START_NOW)
    assert (grpc.StatusCode.RESOURCE_EXHAUSTED, "LIMIT_EXCEEDED") == refusal(
        lambda: next(server.cases.WatchCases(further, timeout=5))
    )
    watches.pop().cancel()
    wait_for(lambda: begins(server, watches))
    for watch in watches:
        watch.cancel()


def begins(server: Server, watches: list[Any]) -> bool:
    """Whether another watch can begin now."""
    watch = server.cases.WatchCases(Watch(), timeout=30)
    try:
        next(watch)
    except grpc.RpcError:
        return False
    watches.append(watch)
    return True


def test_slow_readers(server: Server) -> None:
    """Watches that nobody reads make the server hold no more than a few pages, however much there is to tell."""
    before = memory(server)
    beginning = Watch(start=case_service_pb2.WATCH_START_BEGINNING)
    options = [("grpc.use_local_subchannel_pool", 1)]
    channels = [grpc.insecure_channel(server.address, options) for _ in range(FEW)]
    method = "/origingate.v1.CaseService/WatchCases"
    watches = [
        channel.unary_stream(method)(beginning.SerializeToString(), timeout=60) for channel in channels
    ]
    time.sleep(3)
    grown = memory(server) - before
    # To tell are 60,000 events of about 300 bytes, 18 MB for each watch: without pages it is 40 MB and more. The first
    # watches of a process cost it 4 MB once, and in some runs 2 MB more, for an allocator hands memory out in blocks.
    assert grown < 9_000
    # Whoever reads on gets more than what was on its way.
    assert 3000 == sum(1 for _ in zip(range(3000), watches[0], strict=False))
    for watch in watches:
        watch.cancel()
    for channel in channels:
        channel.close()


def memory(server: Server) -> int:
    """The server's resident memory, in KiB."""
    status = Path(f"/proc/{server.process.pid}/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0])


def test_case_list(server: Server) -> None:
    """`case list` prints one case a line for machines, over as many pages as it takes, and says that there are more."""
    done = origingate("case", "list", "--to", server.address, "--sort", "created", "--oldest-first",
                      "--limit", "501", "--json")  # fmt: skip
    names = [json.loads(line)["name"] for line in done.stdout.splitlines()]
    assert [f"cases/{number:032x}" for number in range(1, 502)] == names
    assert (0, "There are more than 501; give a larger --limit.\n") == (done.returncode, done.stderr)


def test_case_list_for_people(server: Server) -> None:
    """For people it prints a table of what the filter leaves."""
    placed(server, "shown-1")
    done = origingate(
        "case", "list", "--to", server.address, "--state", "ordered", "--order", "shown-1", "--site",
        "aceros-shop", "--updated-since", "2026-01-01T00:00:00Z", "--updated-before", "2099-01-01T00:00:00Z",
    )  # fmt: skip
    assert (0, "") == (done.returncode, done.stderr)
    assert "ORDERED" in done.stdout and "shown-1" in done.stdout and "order-1 " not in done.stdout


def test_case_wait(server: Server) -> None:
    """`case wait` shows the case, and ends with 1 where what was waited for did not happen."""
    case = placed(server, "patient-1")
    happened = origingate("case", "wait", case.name, "--to", server.address)
    late = origingate(
        "case", "wait", case.name, "--to", server.address, "--after-version", "1", "--timeout", "1"
    )
    assert (0, 1) == (happened.returncode, late.returncode)
    assert "After 1 s the case is ORDERED still. Wait longer with --timeout.\n" == late.stderr
    assert "ORDERED" in happened.stdout and "ORDERED" in late.stdout


def test_case_watch(server: Server) -> None:
    """`case watch` goes on after a token, and ends where it is quiet if it is asked to."""
    case = placed(server, "told-1")
    words = ("case", "watch", "--to", server.address, "--case", case.name, "--until-quiet", "--json")
    lines = [json.loads(line) for line in origingate(*words, "--from-beginning").stdout.splitlines()]
    assert ["CASE_EVENT_KIND_PLACE"] == [line["event"]["kind"] for line in lines if "event" in line]
    after = origingate(*words, "--after", lines[-1]["token"])
    assert (0, False) == (after.returncode, "event" in after.stdout)
    for_people = origingate(*words[:-1], "--from-beginning").stdout
    assert (
        f"aceros-shop/told-1  {case.name}  PLACE: ORDERED  (developer: request request-told-1)" in for_people
    )
    nonsense = origingate(*words, "--after", "nonsense")
    assert (1, True) == (nonsense.returncode, "TOKEN_INVALID" in nonsense.stderr)


def test_stop(tmp_path: Path) -> None:
    """A server that stops ends watches with UNAVAILABLE and their last token, answers waits, and needs no grace for it."""
    server = Server(tmp_path, ORIGINGATE_GRACE="60")
    case = placed(server, "last-1")
    channel = grpc.insecure_channel(server.address)
    watch = channel.unary_stream(
        "/origingate.v1.CaseService/WatchCases",
        response_deserializer=case_service_pb2.WatchCasesResponse.FromString,
    )(Watch().SerializeToString())
    first = next(watch)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(server.cases.WaitCase, Wait(name=case.name, after_version=1), timeout=60)
        time.sleep(0.5)
        began = time.monotonic()
        server.process.terminate()
        tokens: list[str] = []
        assert (grpc.StatusCode.UNAVAILABLE, "SHUTTING_DOWN") == refusal(
            lambda: tokens.extend(answer.token for answer in watch)
        )
        assert (False, case) == (waiting.result(10).happened, waiting.result().case)
    assert [first.token] == tokens
    assert 0 == server.stop()
    assert time.monotonic() - began < 30
    channel.close()
