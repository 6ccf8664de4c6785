"""`origingate order send`: what is sent, what is shown, and with which exit code it ends."""

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import grpc_testing
import pytest
import typer
from google.protobuf import json_format
from origingate.client import Client
from origingate.v1 import case_pb2, case_service_pb2, decision_pb2
from typer.testing import CliRunner

from server.cli.order import read_order, send_all
from tests.server.cli.whole import app

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "orders"
ADDRESS = "127.0.0.1:50051"
SERVICE = case_service_pb2.DESCRIPTOR.services_by_name["CaseService"]
PROCESS_ORDER = SERVICE.methods_by_name["ProcessOrder"]


def answer(because: str = "Nothing stands against it.") -> case_service_pb2.ProcessOrderResponse:
    """An eligible order's answer."""
    finding = decision_pb2.Finding(rule="r", outcome="ELIGIBLE", because=because)
    return case_service_pb2.ProcessOrderResponse(
        case=case_pb2.Case(name="cases/" + "0" * 32),
        scope=decision_pb2.Decision(question="scope", outcome="IN_SCOPE"),
        prereview=decision_pb2.Decision(question="prereview", outcome="ELIGIBLE", findings=[finding]),
        e_cert_id="SBX-1",
    )


class Server:
    """Answers what a sender on another thread asks."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.channel = grpc_testing.channel([SERVICE], grpc_testing.strict_real_time())
        self._pool = pool

    def sent(self, *names: str, as_json: bool = False) -> "Future[Any]":
        """Sends example orders."""
        requests = [(Path(name), read_order(EXAMPLES / f"{name}.json")) for name in names]
        return self._pool.submit(send_all, Client.over(self.channel).channel, requests, 5.0, ADDRESS, as_json)

    def answers(self, response: Any, code: grpc.StatusCode = grpc.StatusCode.OK, details: str = "") -> Any:
        """Answers the next order, and returns it."""
        _, request, rpc = self.channel.take_unary_unary(PROCESS_ORDER)
        rpc.send_initial_metadata(())
        rpc.terminate(response, (), code, details)
        return request


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server, and output as wide as a table needs."""
    monkeypatch.setenv("COLUMNS", "200")
    with ThreadPoolExecutor(1) as pool:
        yield Server(pool)


def test_table(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """Each order is a row: its file, scope, e-Cert ID, pre-review and why."""
    sending = server.sent("01-eligible")
    assert "AN-1001" == server.answers(answer()).order.order_id
    assert sending.result(5) is None
    row = next(line for line in capsys.readouterr().out.splitlines() if "01-eligible" in line)
    assert ["01-eligible", "IN_SCOPE", "SBX-1", "ELIGIBLE", "Nothing stands against it."] == [
        cell.strip() for cell in row.strip("│ ").split("│")
    ]


def test_json(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json the whole answer is proto JSON."""
    sending = server.sent("01-eligible", as_json=True)
    server.answers(answer())
    sending.result(5)
    parsed = json_format.Parse(capsys.readouterr().out, case_service_pb2.ProcessOrderResponse())
    assert answer() == parsed


@pytest.mark.parametrize("text", ["was [red], is [/b]", "a :smile: b", "[link=x]", "\\[b]"])
def test_shown_as_it_is(server: Server, capsys: pytest.CaptureFixture[str], text: str) -> None:
    """What an order says is shown as it is, whatever brackets it has."""
    sending = server.sent("01-eligible")
    server.answers(answer(text))
    sending.result(5)
    assert text in capsys.readouterr().out


def test_second_fails(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """Where one fails, those that were answered before are shown, and the command ends with 1."""
    sending = server.sent("01-eligible", "02-marketplace", "03-to-canada")
    server.answers(answer())
    server.answers(None, grpc.StatusCode.UNAVAILABLE)
    error = sending.exception(5)
    assert isinstance(error, typer.Exit)
    assert 1 == error.exit_code
    shown = capsys.readouterr()
    assert ("SBX-1" in shown.out, "02-marketplace: No server answers" in shown.err) == (True, True)


def run(*words: str) -> tuple[int, str, str]:
    """The command's exit code, output and messages."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, list(words))
    return result.exit_code, result.stdout, result.stderr


def test_no_server() -> None:
    """Without a server the command ends with 1 and says how to start one."""
    code, out, said = run("order", "send", str(EXAMPLES / "01-eligible.json"), "--to", "127.0.0.1:1")
    assert (1, "") == (code, out)
    assert "No server answers at 127.0.0.1:1. Start one with `origingate serve`" in said


def test_one_id_for_two() -> None:
    """One request_id cannot name two requests."""
    code, _, said = run("order", "send", "a.json", "b.json", "--request-id", "request-1")
    assert (2, True) == (code, "give one file with it" in said)


UNREADABLE = {
    "empty": b"",
    "not JSON": b"{",
    "not UTF-8": b"\xff\xfe",
    "a list": b"[]",
    "another message": b'{"colour": "red"}',
    "too deep": b"[" * 5000,
    "a day as text": b'{"order": {"importDate": "2026-07-15"}}',
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable(tmp_path: Path, content: bytes) -> None:
    """A file that is no order is named, nothing is sent, and the command ends with 2."""
    path = tmp_path / "order.json"
    path.write_bytes(content)
    code, out, said = run(
        "order", "send", str(EXAMPLES / "01-eligible.json"), str(path), "--to", "127.0.0.1:1"
    )
    assert (2, "") == (code, out)
    assert said.startswith(f"{path}: is not the proto JSON of a ProcessOrderRequest")


def test_not_there(tmp_path: Path) -> None:
    """Nor is one that is not there."""
    code, _, said = run("order", "send", str(tmp_path / "none.json"))
    assert (2, True) == (code, "none.json: cannot be read (No such file or directory)." in said)


def test_case_not_found() -> None:
    """`case get` without a server ends with 1 too."""
    code, out, said = run("case", "get", "cases/" + "0" * 32, "--to", "127.0.0.1:1")
    assert (1, "", True) == (code, out, "No server answers" in said)


def test_written_for_machines() -> None:
    """What `decide --json` writes is JSON and nothing else."""
    code, out, said = run(
        "decide", "--facts", str(EXAMPLES / "03-to-canada.json"), "--on", "2026-07-10", "--json"
    )
    assert (0, "", "OUT_OF_SCOPE") == (code, said, json.loads(out)["outcome"])
