"""No personal value stands in plain anywhere at rest, and none is left of a case that is erased."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from origingate.v1 import (
    case_service_pb2,
    evidence_service_pb2,
    evidence_service_pb2_grpc,
    operator_service_pb2,
    operator_service_pb2_grpc,
    options_pb2,
    party_pb2,
    screening_service_pb2,
)
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from server.master_keys import read_master_keys
from tests.system.exporting import audited, exported, files_of, program
from tests.system.hooks import SECRET, Hooks
from tests.system.processes import Sandbox, Server, log_key, order, origingate, wait_for

MARK = "Zoë Quint"
# As it stands in UTF-8, and as JSON writes it without anything outside ASCII.
FORMS = (MARK.encode(), json.dumps(MARK)[1:-1].encode(), b"Quint")
WORDS = "asked by Zoë Quint"


def personal_fields(kind: Any, above: str = "") -> Iterator[str]:
    """The paths of the fields of a message that the contract marks as personal, texts only."""
    for field in kind.fields:
        path = f"{above}{field.name}"
        personal = field.GetOptions().Extensions[options_pb2.personal]
        if field.type == FieldDescriptor.TYPE_STRING and personal:
            yield path
        elif field.type == FieldDescriptor.TYPE_MESSAGE and field.message_type.full_name.startswith(
            "origingate"
        ):
            yield from personal_fields(field.message_type, f"{path}.")


def marked(message: Message, above: str = "") -> Iterator[str]:
    """Puts the mark into every personal text that is set below a message; their paths."""
    for field, value in message.ListFields():
        path = f"{above}{field.name}"
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            for below in value if field.is_repeated else [value]:
                yield from marked(below, f"{path}.")
        elif field.GetOptions().Extensions[options_pb2.personal]:
            assert field.type == FieldDescriptor.TYPE_STRING
            if field.is_repeated:
                value[:] = [MARK] * len(value)
            else:
                setattr(message, field.name, MARK)
            yield path


def personal_order(name: str) -> case_service_pb2.ProcessOrderRequest:
    """An order with the mark in every field that is personal."""
    request = order(order_id=name, request_id=f"request-{name}")
    declaration = request.declaration
    party = declaration.certifier
    for statement in (declaration.exporter, declaration.producer):
        statement.manner = party_pb2.PARTY_MANNER_NAMED
    for statement in (declaration.exporter, declaration.producer, declaration.importer):
        del statement.parties.items[:]
        statement.parties.items.add().CopyFrom(party)
    list(marked(request))
    return request


def at_rest(database: str, folder: Path) -> dict[str, bytes]:
    """All that is kept, by where: the files as they are, every column of every table, and a backup."""
    found = {file.name: file.read_bytes() for file in folder.glob("og.db*") if file.is_file()}
    engine = create_engine(database, poolclass=NullPool)
    with engine.connect() as connection:
        if database.startswith("sqlite"):
            names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        else:
            names = connection.scalars(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            ).all()
        for name in names:
            rows = connection.execute(text(f'SELECT * FROM "{name}"')).all()
            found[f"table {name}"] = "\n".join(repr(tuple(row)) for row in rows).encode()
    assert 0 == origingate("db", "backup", str(folder / "backup"), "--database", database).returncode
    found["backup"] = gzip.decompress((folder / "backup").read_bytes())
    (folder / "backup").unlink()
    return found


def places(kept: Mapping[str, bytes]) -> list[str]:
    """Where a personal value stands in plain."""
    return [place for place, octets in kept.items() if any(form in octets for form in FORMS)]


def operator(server: Server) -> operator_service_pb2_grpc.OperatorServiceStub:
    """What operators call."""
    return operator_service_pb2_grpc.OperatorServiceStub(server.channel)


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    """An order system that takes no webhook."""
    listening = Hooks()
    listening.answer = lambda body: 410
    yield listening
    listening.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def kept_in(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database, of each kind in turn."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("database"))
    return f"sqlite:///{tmp_path}/og.db"


@pytest.fixture
def server(
    kept_in: str, hooks: Hooks, sandbox: Sandbox, serve: Callable[..., Server], tmp_path: Path
) -> Server:
    """A server that tells an order system what it does not take."""
    return serve(
        "--database", kept_in, "--sandbox-url", sandbox.url, "--webhooks", hooks.file(tmp_path),
        "--metrics", "127.0.0.1:0", "--log-format", "json", ORDERS_SECRET=SECRET, ORIGINGATE_RECONCILE_EVERY="0.1",
    )  # fmt: skip


def whole_life(server: Server, sandbox: Sandbox, kept_in: str) -> str:
    """An order in every way in which it can be told; the name of its case."""
    said = personal_order("one")
    screening = screening_service_pb2.DecidePreReviewRequest(
        site=said.site, order=said.order, declaration=said.declaration
    )
    server.screening.DecidePreReview(screening, timeout=20)
    inquiry = case_service_pb2.OpenInquiryRequest(
        request_id="inquiry-one", site=said.site, order=said.order, declaration=said.declaration
    )
    server.cases.OpenInquiry(inquiry, timeout=20)
    codes = [{"code": "NAME", "text": f"The name {MARK} is not known."}]
    sandbox.fault("reject", codes=codes)
    name = server.process_order(said).case.name
    assert "CASE_STATE_REJECTED" == case_state(server, name)
    said.request_id = "request-two"
    said.declaration.invoice_number = "another"
    assert "ELIGIBLE" == server.process_order(said).prereview.outcome
    # A conflict, whose decisions are the request's alone.
    said.request_id = "request-three"
    said.declaration.certifier.name = f"{MARK} the second"
    assert server.process_order(said).differences
    reason = {"name": name, "reason": WORDS}
    hold = operator_service_pb2.HoldCaseRequest(request_id="hold-one", name=name, reason="a lawsuit")
    operator(server).HoldCase(hold, timeout=20)
    cancel = case_service_pb2.CancelRequest(request_id="cancel-one", **reason)
    server.cases.Cancel(cancel, timeout=20)
    assert "CASE_STATE_CANCELLED" == case_state(server, name)
    wait_for(lambda: letters(kept_in) >= server.cases.GetCase(get(name), timeout=5).case.version)
    return name


def get(name: str) -> case_service_pb2.GetCaseRequest:
    return case_service_pb2.GetCaseRequest(name=name)


def case_state(server: Server, name: str) -> str:
    return str(
        type(server.case(name))
        .DESCRIPTOR.fields_by_name["state"]
        .enum_type.values_by_number[server.case(name).state]
        .name
    )


def letters(database: str) -> int:
    engine = create_engine(database, poolclass=NullPool)
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM dead_letters")).scalar_one())


def test_every_personal_field_is_marked() -> None:
    """The order that these tests send has the mark in every field that the contract marks as personal."""
    request = personal_order("one")
    wanted = set(personal_fields(case_service_pb2.ProcessOrderRequest.DESCRIPTOR))
    assert wanted == set(marked(request))


def test_nothing_in_plain(
    server: Server, sandbox: Sandbox, kept_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through an order's whole life no personal value is kept in plain; erased, it is told nowhere, and what happened is.

    What was exported before still holds, and what is exported then. Logs and metrics never have one.
    """
    name = whole_life(server, sandbox, kept_in)
    assert [] == places(at_rest(kept_in, tmp_path))
    told = {"metrics": "\n".join(server.metrics()).encode(), "log": server.log.read_bytes()}
    assert ([], True, True) == (places(told), b"ELIGIBLE" in told["metrics"], b"dead letter" in told["log"])
    assert MARK == server.case(name).declaration.certifier.name.removesuffix(" the second")
    whole = exported(server, name)
    page = files_of(whole)["index.html"].decode()
    # What a conflict was answered with is no decision of the case, and goes out with it all the same.
    assert (True, 4) == (MARK in page, page.count("answered to a request, not taken into the case"))
    release = operator_service_pb2.ReleaseCaseRequest(
        request_id="release-one", name=name, reason="it is over"
    )
    erase = operator_service_pb2.EraseCaseRequest(
        request_id="erase-one", name=name, reason="asked for", before_retention=True
    )
    refused = error_of(lambda: operator(server).EraseCase(erase, timeout=20))
    operator(server).ReleaseCase(release, timeout=20)
    left = operator(server).EraseCase(erase, timeout=20).case
    again = operator(server).EraseCase(erase, timeout=20).case
    late = error_of(lambda: server.process_order(personal_order("one")))
    assert ("ERASURE_REFUSED", "ERASED") == (refused, late)
    assert left == again == server.case(name)
    assert MARK not in str(left) and "Zo\\303" not in str(left)
    assert ("one", True, False) == (left.order_id, left.HasField("erase_time"), left.HasField("order"))
    assert "scope IN_SCOPE" in [f"{each.question} {each.outcome}" for each in left.decisions]
    assert [] == places(at_rest(kept_in, tmp_path))
    evidence = evidence_service_pb2_grpc.EvidenceServiceStub(server.channel)
    asked = evidence_service_pb2.GetDecisionRequest(name=name)
    again_decided = evidence_service_pb2.ReplayRequest(name=name)
    assert ["ERASED"] * 2 == [
        error_of(lambda: evidence.GetDecision(asked, timeout=20)),
        error_of(lambda: evidence.Replay(again_decided, timeout=20)),
    ]
    receipt = evidence.GetReceipt(evidence_service_pb2.GetReceiptRequest(name=name), timeout=20).receipt
    assert "ELIGIBLE" in receipt.event
    erased = exported(server, name)
    assert [] == places(files_of(erased))
    assert "This case was erased on" in files_of(erased)["index.html"].decode()
    for holds in (program(log_key(kept_in), tmp_path, monkeypatch), audited(log_key(kept_in), tmp_path)):
        assert ([], []) == (holds(whole), holds(erased))
    verified = origingate("log", "verify", "--database", kept_in)
    assert 0 == verified.returncode, verified.stdout + verified.stderr


def test_by_command(server: Server) -> None:
    """Operators hold, release and erase a case by its order; what is left says that it is erased."""
    request = personal_order("two")
    request.ClearField("declaration")
    name = server.process_order(request).case.name
    to = ("--order", "two", "--to", server.address)
    erase = ("case", "erase", *to, "--reason", "asked for", "--before-retention")
    assert 0 == origingate("case", "hold", *to, "--reason", "a lawsuit").returncode
    held = origingate(*erase, "--yes")
    listed = origingate("case", "held", "--to", server.address)
    assert (0, True, True) == (listed.returncode, name in listed.stdout, "a lawsuit" in listed.stdout)
    [one] = operator(server).ListHeldCases(operator_service_pb2.ListHeldCasesRequest(), timeout=5).cases
    assert (name, "a lawsuit") == (one.case.name, one.because)
    assert 0 == origingate("case", "release", *to, "--reason", "it is over").returncode
    unasked = origingate(*erase)
    early = origingate("case", "erase", *to, "--reason", "asked for", "--yes")
    done = origingate(*erase, "--yes")
    nobody = origingate("case", "erase", "--order", "none", "--to", server.address, "--reason", "no", "--yes")
    assert [1, 1, 1, 0, 1] == [each.returncode for each in (held, unasked, early, done, nobody)]
    assert ("a lawsuit" in held.stderr, "are kept until" in early.stderr) == (True, True)
    assert "erased" in origingate("case", "get", name, "--to", server.address).stdout


def test_screenings_by_command(serve: Callable[..., Server]) -> None:
    """A day's screenings are erased by command; of a day that is not over they are not, and the reason is told."""
    server, said = serve(), personal_order("one")
    server.screening.CheckScope(
        screening_service_pb2.CheckScopeRequest(site=said.site, order=said.order), timeout=20
    )
    words = ("--reason", "asked for", "--before-retention", "--yes", "--to", server.address)
    refused = origingate("screenings", "erase", datetime.now(UTC).date().isoformat(), *words)
    nothing = origingate("screenings", "erase", "2020-01-01", *words)
    assert (1, True) == (refused.returncode, "ERASURE_REFUSED" in refused.stderr)
    assert (0, "No screening of 2020-01-01 is recorded.\n") == (nothing.returncode, nothing.stdout)


def test_key_beside_the_file(serve: Callable[..., Server], tmp_path: Path) -> None:
    """A server on an SQLite file makes its master key beside it, for its owner's eyes only, and says so."""
    server = serve()
    file = tmp_path / "og.db.master-key"
    assert (0o600, True) == (
        file.stat().st_mode & 0o777,
        "made a master key" in server.log.read_text("utf-8"),
    )


def test_key_lost(serve: Callable[..., Server], tmp_path: Path) -> None:
    """Without the master key that its records are sealed under a server does not start, and says which it lacks."""
    server, said = serve(), personal_order("one")
    server.screening.CheckScope(
        screening_service_pb2.CheckScopeRequest(site=said.site, order=said.order), timeout=20
    )
    server.stop()
    key = tmp_path / "og.db.master-key"
    key_id = read_master_keys(key).newest
    key.unlink()
    refused = origingate("serve", "--listen", "127.0.0.1:0", "--database", f"sqlite:///{tmp_path}/og.db")
    assert (2, True) == (refused.returncode, key_id in refused.stderr)


def error_of(call: Callable[[], Any]) -> str:
    """The reason of the error that a call is answered with."""
    with pytest.raises(grpc.RpcError) as raised:
        call()
    trailing = dict(raised.value.trailing_metadata())
    status = status_pb2.Status.FromString(trailing["grpc-status-details-bin"])
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    return info.reason
