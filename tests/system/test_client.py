"""The Python client against a real server: orders, errors, receipts, deadlines, and a watch over a server that goes away."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import grpc
import pytest
from google.protobuf.message import Message
from origingate.client import AsyncClient, CallFailed, Client, ReceiptDoesNotHold, Settings, verify_receipt
from origingate.v1 import case_pb2, case_service_pb2, screening_service_pb2

from server.log_keys import make_log_key
from tests.system.processes import (
    Sandbox,
    Server,
    free_ports,
    fresh,
    from_beginning,
    log_key,
    order,
    wait_for,
)

HERE = Settings(plaintext=True)
CERTIFIED = case_pb2.CASE_STATE_CERTIFIED


def test_order(shared: Server, tmp_path: Path) -> None:
    """An order gets its e-Cert ID; sent again it gets the same; its receipt holds, by the log's key alone."""
    request = fresh()
    with Client(shared.address, HERE) as gate:
        answer, again = gate.process_order(request, timeout=20), gate.process_order(request, timeout=20)
        named = gate.cases.GetCase(case_service_pb2.GetCaseRequest(name=answer.case.name)).case
    assert ("ELIGIBLE", True) == (answer.prereview.outcome, bool(answer.e_cert_id))
    assert (answer.e_cert_id, CERTIFIED) == (again.e_cert_id, named.state)
    key = log_key(f"sqlite:///{shared.folder}/og.db").read_bytes()
    proved = verify_receipt(answer.receipt, [key])
    assert (answer.prereview.facts_digest, "ELIGIBLE") == (
        proved.event["facts_digest"],
        proved.event["outcome"],
    )
    assert answer.e_cert_id == proved.event["e_cert_id"]
    make_log_key(tmp_path / "other.pem")
    with pytest.raises(ReceiptDoesNotHold, match="signed by none of the keys"):
        verify_receipt(answer.receipt, [(tmp_path / "other.pub.pem").read_bytes()])
    answer.receipt.event = answer.receipt.event.replace("ELIGIBLE", "ELIGIBLF")
    with pytest.raises(ReceiptDoesNotHold, match="its event is not the one"):
        verify_receipt(answer.receipt, [key])


async def test_order_asynchronously(shared: Server) -> None:
    """Orders that are sent at once from one loop each get their own certificate."""
    async with AsyncClient(shared.address, HERE) as gate:
        answers = await asyncio.gather(*(gate.process_order(fresh(), timeout=30) for _ in range(8)))
    assert (8, {"ELIGIBLE"}) == (
        len({answer.e_cert_id for answer in answers}), {answer.prereview.outcome for answer in answers},
    )  # fmt: skip


async def test_errors(shared: Server) -> None:
    """Both clients raise the server's reason: of a call, and of a stream."""
    empty, lost = (
        screening_service_pb2.CheckScopeRequest(),
        case_service_pb2.WatchCasesRequest(after="nonsense"),
    )
    with Client(shared.address, HERE) as gate:
        seen = [
            _raised(lambda: gate.screening.CheckScope(empty)),
            _raised(lambda: next(gate.watch_cases(lost))),
        ]
    async with AsyncClient(shared.address, HERE) as there:
        with pytest.raises(CallFailed) as first:
            await there.screening.CheckScope(empty)
        with pytest.raises(CallFailed) as second:
            await anext(there.watch_cases(lost))
    for errors in (seen, [first.value, second.value]):
        assert ["REQUEST_INVALID", "TOKEN_INVALID"] == [error.reason for error in errors]
        assert all(error.call_id for error in errors)
    assert [each.field for each in seen[0].violations] == [each.field for each in first.value.violations]


async def test_streams(shared: Server) -> None:
    """Streams both ways, through either client: an answer for each item, in order."""
    good = order()
    items = [
        screening_service_pb2.StreamCheckScopeRequest(
            key=str(number), item=screening_service_pb2.CheckScopeRequest(site=good.site, order=good.order)
        )
        for number in range(5)
    ]
    with Client(shared.address, HERE) as gate:
        seen = [answer.key for answer in gate.screening.StreamCheckScope(iter(items), timeout=20)]
    async with AsyncClient(shared.address, HERE) as there:
        again = [answer.key async for answer in there.screening.StreamCheckScope(iter(items), timeout=20)]
    assert (["0", "1", "2", "3", "4"], seen) == (seen, again)


async def test_leaving_a_watch(shared: Server) -> None:
    """Who leaves a watch leaves nothing behind: the server tells the next one as before."""
    async with AsyncClient(shared.address, HERE) as there:
        for _ in range(3):
            async for answer in there.watch_cases(from_beginning()):
                assert answer.token
                break
    with Client(shared.address, HERE) as gate:
        for _ in range(3):
            assert next(iter(gate.watch_cases(from_beginning()))).token


async def test_left_watches_end(serve: Callable[..., Server]) -> None:
    """A watch that its reader leaves, out of a loop or by closing it, ends at the server: a tenant has only so many."""
    gate = serve("--embedded-sandbox", ORIGINGATE_TENANT_STREAMS_AT_ONCE="2")
    async with AsyncClient(gate.address, HERE) as there:
        async for answer in there.watch_cases(from_beginning()):
            assert answer.token
            break
        closed = there.watch_cases(from_beginning())
        await anext(closed)
        await closed.aclose()
        async with asyncio.timeout(20):
            # The server hears of it a moment later.
            while "LIMIT_EXCEEDED" == (reason := await _reason(there.watch_cases(from_beginning()))):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        assert "" == reason


async def test_deadlines(sandbox: Sandbox, server: Server) -> None:
    """A platform that is slow does not hold an order beyond the client's own deadline: the case goes on without it."""
    sandbox.fault("latency", seconds=6)
    with Client(server.address, Settings(plaintext=True, deadline=4)) as gate:
        answer = gate.process_order(fresh())
        assert case_pb2.CASE_STATE_VERIFYING == answer.case.state
        later = gate.cases.WaitCase(case_service_pb2.WaitCaseRequest(name=answer.case.name), timeout=20).case
    assert CERTIFIED == later.state
    async with AsyncClient(server.address, Settings(plaintext=True, deadline=0.001)) as there:
        with pytest.raises(CallFailed) as error:
            await there.process_order(fresh())
    assert grpc.StatusCode.DEADLINE_EXCEEDED is error.value.code
    assert error.value.request_id.startswith("test-")


def test_watch(sandbox: Sandbox, serve: Callable[..., Server]) -> None:
    """A watch goes on over a server that is killed and begun again: each event comes, and the gap is told."""
    words = ("--sandbox-url", sandbox.url, "--listen", f"127.0.0.1:{free_ports(1)}")
    first = serve(*words)
    told: list[case_service_pb2.WatchCasesResponse] = []
    gaps: list[str] = []
    gate = Client(first.address, HERE)
    watch = threading.Thread(target=_watch, args=(gate, told, gaps), daemon=True)
    watch.start()
    before = first.process_order(fresh()).case
    wait_for(lambda: before.name in _certified(told))
    first.kill()
    wait_for(lambda: gaps)
    after = serve(*words).process_order(fresh()).case
    wait_for(lambda: after.name in _certified(told))
    gate.close()
    watch.join(20)
    assert (False, ["gone"]) == (watch.is_alive(), gaps[:1])


def _raised(call: Callable[[], Message]) -> CallFailed:
    with pytest.raises(CallFailed) as error:
        call()
    return error.value


async def _reason(watch: AsyncIterator[case_service_pb2.WatchCasesResponse]) -> str:
    """Why a watch is refused; nothing where it tells."""
    try:
        await anext(watch)
    except CallFailed as error:
        return error.reason
    return ""


def _watch(gate: Client, told: list[case_service_pb2.WatchCasesResponse], gaps: list[str]) -> None:
    try:
        for answer in gate.watch_cases(from_beginning(), on_gone=lambda: gaps.append("gone")):
            told.append(answer)
    except (CallFailed, ValueError):
        pass  # the channel was closed


def _certified(told: list[case_service_pb2.WatchCasesResponse]) -> set[str]:
    return {answer.event.case_name for answer in told if answer.event.to_state == CERTIFIED}
