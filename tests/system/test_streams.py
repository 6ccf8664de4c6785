"""Streams of orders against a real server: answers in order, one bad item, readers that are slow, leave, or are left."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import grpc
import pytest
from origingate.v1 import screening_service_pb2, screening_service_pb2_grpc

from tests.system.asking import Names, ask, request_for
from tests.system.processes import Server, order, wait_for

SERVICE = "/origingate.v1.ScreeningService"
QUIET = 0.7
# Read and not answered are 50; the rest is what the windows of HTTP/2 hold: 64 KiB of answers, 256 KiB of items.
MOST_KEPT, MOST_SENT = 400, 3000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that lets a tenant have one stream at a time."""
    running = Server(tmp_path_factory.mktemp("streams"), ORIGINGATE_TENANT_STREAMS_AT_ONCE="1")
    yield running
    assert 0 == running.stop()
    assert "call failed" not in running.log.read_text("utf-8")


def item(key: str) -> screening_service_pb2.StreamCheckScopeRequest:
    """An order that is answered."""
    good = order()
    asked = screening_service_pb2.CheckScopeRequest(site=good.site, order=good.order)
    return screening_service_pb2.StreamCheckScopeRequest(key=key, item=asked)


def decisions(server: Server) -> int:
    """How many decisions are recorded."""
    with sqlite3.connect(server.folder / "og.db") as database:
        return int(database.execute("SELECT count(*) FROM decisions").fetchone()[0])


class Sender:
    """Sends items as fast as they are taken; `sent` counts them. It waits after the `last` one until it is let go."""

    def __init__(self, last: int | None = None) -> None:
        self.sent = 0
        self.go = threading.Event()
        self._last = last

    def __iter__(self) -> Iterator[screening_service_pb2.StreamCheckScopeRequest]:
        template = item("")
        for number in count():
            if number == self._last:
                self.go.wait(60)
                return
            made = screening_service_pb2.StreamCheckScopeRequest(key=str(number), item=template.item)
            self.sent = number + 1
            yield made


def test_in_order(server: Server) -> None:
    """Answers come in order with their items' keys; a bad one in the middle has its own error, each decision is kept."""
    items = [item(str(number)) for number in range(60)]
    items[30].item.ClearField("order")
    items[31].key = "k" * 101
    items[32].ClearField("item")
    before = decisions(server)
    answers = list(server.screening.StreamCheckScope(iter(items), timeout=20))
    assert [one.key for one in items] == [answer.key for answer in answers]
    bad = [number for number, answer in enumerate(answers) if answer.HasField("error")]
    assert [30, 31, 32] == bad
    assert {grpc.StatusCode.INVALID_ARGUMENT.value[0]} == {answers[number].error.code for number in bad}
    assert {"IN_SCOPE"} == {answer.scope.outcome for answer in answers if answer.HasField("scope")}
    assert 57 == decisions(server) - before


def test_as_asked_alone(server: Server) -> None:
    """StreamDecide answers each item as DecidePreReview answers it."""
    said = request_for(f"{SERVICE}/StreamDecide", Names(e_cert_id=""))
    alone = server.screening.DecidePreReview(said.item, timeout=10)
    [answer] = server.screening.StreamDecide(iter([said]), timeout=10)
    assert ("item-1", alone) == (answer.key, answer.decisions)


def test_committed_before_answered(server: Server) -> None:
    """Whoever has an answer finds its decision recorded, while the stream goes on."""
    sender, before = Sender(last=3), decisions(server)
    stream = server.screening.StreamCheckScope(iter(sender), timeout=20)
    for answered in range(1, 4):
        next(stream)
        assert decisions(server) - before >= answered
    sender.go.set()
    assert [] == list(stream)


def test_slow_reader(server: Server) -> None:
    """Who reads no answers is not read from: what is on its way stays bounded, and goes on once answers are read."""
    sender, before = Sender(), decisions(server)
    # Of itself a reader's window grows while it is quick, and has room for thousands of answers.
    small = [("grpc.http2.bdp_probe", 0), ("grpc.use_local_subchannel_pool", 1)]
    channel = grpc.insecure_channel(server.address, options=small)
    stub = screening_service_pb2_grpc.ScreeningServiceStub(channel)
    stream = stub.StreamCheckScope(iter(sender), timeout=60)
    next(stream)
    sent = -1
    while sent != sender.sent:
        sent = sender.sent
        time.sleep(QUIET)
    kept = decisions(server) - before
    assert (True, True) == (kept <= MOST_KEPT, sent <= MOST_SENT), (kept, sent)
    keys = [answer.key for answer in islice(stream, 2 * kept)]
    assert [str(number) for number in range(1, 2 * kept + 1)] == keys
    channel.close()


def test_cancelled(server: Server) -> None:
    """A caller that leaves in the middle leaves nothing behind: its place is free for another stream."""
    stream = server.screening.StreamCheckScope(iter(Sender()), timeout=60)
    for _ in range(3):
        next(stream)
    refused = ask(server.channel, f"{SERVICE}/StreamCheckScope", item("1"))
    assert (grpc.StatusCode.RESOURCE_EXHAUSTED, "LIMIT_EXCEEDED") == (refused.code, refused.reason)
    stream.cancel()
    wait_for(lambda: ask(server.channel, f"{SERVICE}/StreamCheckScope", item("1")).code is grpc.StatusCode.OK)


def test_drained(tmp_path: Path) -> None:
    """A server that stops ends a stream with a status to go on elsewhere, long before its grace is over."""
    server = Server(tmp_path, ORIGINGATE_GRACE="50")
    sender = Sender(last=3)
    stream = server.screening.StreamCheckScope(iter(sender), timeout=60)
    assert ["0", "1", "2"] == [next(stream).key for _ in range(3)]
    server.process.terminate()
    with pytest.raises(grpc.RpcError) as refused:
        next(stream)
    assert grpc.StatusCode.UNAVAILABLE == refused.value.code()
    assert "This server is stopping" in str(refused.value.details())
    sender.go.set()
    assert 0 == server.process.wait(30)
    assert 3 == decisions(server)
