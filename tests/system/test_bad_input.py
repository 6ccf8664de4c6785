"""What is no request is refused with the fields that are wrong; nothing is stored, and the server goes on serving."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from origingate.v1 import case_service_pb2, declaration_pb2, screening_service_pb2

from tests.system.processes import PROJECT, Server, order, origingate

PROCESS_ORDER = "/origingate.v1.CaseService/ProcessOrder"
Request = case_service_pb2.ProcessOrderRequest


def refusal(server: Server, body: bytes) -> tuple[grpc.StatusCode, str, list[str]]:
    """Status, reason and fields that a body is refused with."""
    call = server.channel.unary_unary(PROCESS_ORDER)
    with pytest.raises(grpc.RpcError) as refused:
        call(body, timeout=10)
    info, fields = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    status = rpc_status.from_call(refused.value)
    for detail in status.details if status else ():
        for kind in (info, fields):
            if detail.Is(kind.DESCRIPTOR):
                detail.Unpack(kind)
    return refused.value.code(), info.reason, [violation.field for violation in fields.field_violations]


def unknown_enum(request: Request) -> None:
    request.declaration.certifier_role = 99


def negative_money(request: Request) -> None:
    request.order.originating_value.units = -1


def hs_with_letters(request: Request) -> None:
    request.order.lines.items[0].hs = "72A3.20"


def no_such_day(request: Request) -> None:
    request.order.import_date.month = 2
    request.order.import_date.day = 30


def empty_order(request: Request) -> None:
    request.order.Clear()


def no_such_country(request: Request) -> None:
    request.order.destination = "XX"


def stated_and_none(request: Request) -> None:
    request.order.none.paths.append("destination")


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        (unknown_enum, "declaration.certifier_role"),
        (negative_money, "order.originating_value"),
        (hs_with_letters, "order.lines.items[0].hs"),
        (no_such_day, "order.import_date"),
        (empty_order, "order"),
        (no_such_country, "order.destination"),
        (stated_and_none, "order.none.paths[0]"),
    ],
)
def test_field(shared: Server, spoil: Callable[[Request], None], field: str) -> None:
    """A field that breaks a rule of form is named, and nothing is stored."""
    request, before = order(), shared.rows()
    spoil(request)
    code, reason, fields = refusal(shared, request.SerializeToString())
    assert (grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_INVALID") == (code, reason)
    assert field in fields
    assert before == shared.rows()
    assert "IN_SCOPE" == scope(shared)


def scope(server: Server) -> str:
    """What the server answers to a good question."""
    good = order()
    request = screening_service_pb2.CheckScopeRequest(site=good.site, order=good.order)
    outcome: str = server.screening.CheckScope(request, timeout=5).scope.outcome
    return outcome


def test_broken_utf8(shared: Server) -> None:
    """Text that is not UTF-8 is the caller's mistake, not ours."""
    request, before = order(), shared.rows()
    request.order.order_id = "QQQQ"
    body = request.SerializeToString().replace(b"QQQQ", b"\xff\xfe\xfd\xfc")
    assert (grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_INVALID") == refusal(shared, body)[:2]
    assert before == shared.rows()
    assert "IN_SCOPE" == scope(shared)


def test_ten_megabytes(shared: Server) -> None:
    """A message above the limit is RESOURCE_EXHAUSTED."""
    request, before = order(), shared.rows()
    request.declaration.goods.items.append(declaration_pb2.Good(good_id="x", description="x" * 10_000_000))
    assert grpc.StatusCode.RESOURCE_EXHAUSTED == refusal(shared, request.SerializeToString())[0]
    assert before == shared.rows()
    assert "IN_SCOPE" == scope(shared)


def test_batch_stands_item_by_item(shared: Server) -> None:
    """A bad item of a batch gets its own error; the others get their answers."""
    good = order()
    item = screening_service_pb2.CheckScopeRequest(site=good.site, order=good.order)
    bad = screening_service_pb2.CheckScopeRequest(site=good.site)
    batch = screening_service_pb2.BatchCheckScopeRequest(items=[item, bad, item])
    answer: Any = shared.screening.BatchCheckScope(batch, timeout=5)
    assert ["scope", "error", "scope"] == [each.WhichOneof("answer") for each in answer.items]
    assert grpc.StatusCode.INVALID_ARGUMENT.value[0] == answer.items[1].error.code


def test_batch_is_one_commit(shared: Server) -> None:
    """The decisions of a batch are kept together: all with the moment of one commit."""
    good = order()
    item = screening_service_pb2.CheckScopeRequest(site=good.site, order=good.order)
    batch = screening_service_pb2.BatchCheckScopeRequest(items=[item] * 100)
    with sqlite3.connect(shared.folder / "og.db") as database:
        before = database.execute("SELECT coalesce(max(position), -1) FROM log").fetchone()[0]
        assert 100 == len(shared.screening.BatchCheckScope(batch, timeout=20).items)
        kept = "SELECT count(*), count(DISTINCT at), min(kind), max(kind) FROM log WHERE position > ?"
        assert (100, 1, "decision", "decision") == database.execute(kept, (before,)).fetchone()


def test_rulebook_with_problems(tmp_path: Path) -> None:
    """`serve` refuses a rulebook with mistakes, lists all of them with their places, and exits with 1."""
    for path in (PROJECT / "rules" / "usmca").glob("*"):
        text = path.read_text("utf-8")
        (tmp_path / path.name).write_text(
            text.replace("order.destination in", "order.destinaton in"), "utf-8"
        )
    ended = origingate("serve", "--rulebook", str(tmp_path), "--database", f"sqlite:///{tmp_path}/og.db")
    assert 1 == ended.returncode
    assert "unknown fact `order.destinaton` [unknown-fact]" in ended.stderr
    assert "mend: write `order.destination`" in ended.stderr
    assert "the rulebook is not served" in ended.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--listen", "0.0.0.0:0"], "nobody would be asked who it is"),
        (["--listen", "nonsense"], "write it as host:port"),
        (["--sites", "no-such-file.yaml"], "cannot be read"),
        (["--sandbox-url", "http://platform.example"], "only a platform on this machine"),
        (["--database", "nonsense"], "address cannot be read"),
    ],
)
def test_wrong_setting(tmp_path: Path, words: list[str], says: str) -> None:
    """A setting that cannot be used is wrong use: exit code 2, and how to mend it."""
    ended = origingate("serve", "--database", f"sqlite:///{tmp_path}/og.db", *words)
    assert 2 == ended.returncode
    assert says in " ".join(ended.stderr.split())
