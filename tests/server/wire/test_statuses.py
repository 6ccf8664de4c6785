"""How errors are told to callers."""

from typing import TypeVar

import pytest
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2
from origingate.v1 import case_service_pb2, error_pb2

from engine.case import CaseState
from engine.certificate import Difference
from server import errors
from server.errors import Violation
from server.wire.statuses import TABLE, is_ours, to_status

from .error_samples import SAMPLES

M = TypeVar("M", bound=Message)


def info(status: status_pb2.Status) -> error_details_pb2.ErrorInfo:
    """The status's ErrorInfo."""
    return detail(status, error_details_pb2.ErrorInfo)


def detail(status: status_pb2.Status, kind: type[M]) -> M:
    """The status's detail of that type."""
    for packed in status.details:
        if packed.Is(kind.DESCRIPTOR):
            message = kind()
            packed.Unpack(message)
            return message
    raise LookupError(kind.DESCRIPTOR.name)


def all_classes(base: type[errors.OriginGateError]) -> set[type[errors.OriginGateError]]:
    """Every class below the base."""
    return {kind for below in base.__subclasses__() for kind in {below} | all_classes(below)}


def test_every_error_has_a_row():
    """No error class of ours can reach a caller untold."""
    ours = {kind for kind in all_classes(errors.OriginGateError) if kind.__module__ == "server.errors"}
    assert ours == set(TABLE)


def test_every_reason_has_a_sample():
    """Every reason of the contract is one that the server gives."""
    reasons = {f"ERROR_REASON_{info(to_status(error, 'r')).reason}" for error in SAMPLES.values()}
    assert set(error_pb2.ErrorReason.keys()) - {"ERROR_REASON_UNSPECIFIED"} == reasons


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_every_error_is_told(kind: type[errors.OriginGateError]):
    """A status has the error's text, our domain and the request id."""
    status = to_status(SAMPLES[kind], "r-1")
    assert (str(SAMPLES[kind]), "origingate.dev", "r-1") == (
        status.message,
        info(status).domain,
        detail(status, error_details_pb2.RequestInfo).request_id,
    )


def test_violations():
    """A bad request names each field, what is wrong with it and a reason for machines."""
    status = to_status(SAMPLES[errors.RequestInvalid], "r-1")
    violation = detail(status, error_details_pb2.BadRequest).field_violations[0]
    assert ("order.import_date", "there is no day 2026-02-30", "DATE_EXISTS") == (
        violation.field,
        violation.description,
        violation.reason,
    )
    assert {"violations": "1", "shown": "1"} == dict(info(status).metadata)


@pytest.mark.parametrize("text", ["x" * 100, "日本" * 50, "x" * 3000])
def test_many_violations(text: str):
    """So many are shown as metadata can hold, and all are counted; at least one is shown."""
    violations = [Violation(f"order.lines.items[{n}].hs", "string.pattern", text) for n in range(100)]
    status = to_status(errors.RequestInvalid(violations, total=1234), "r-1")
    shown = len(detail(status, error_details_pb2.BadRequest).field_violations)
    assert {"violations": "1234", "shown": str(shown)} == dict(info(status).metadata)
    assert 1 <= shown < 100
    assert status.ByteSize() <= 5250


@pytest.mark.parametrize(
    "error",
    [
        errors.CertificateNotFound("日" * 200, "本" * 100),
        errors.RequestIdReused("日" * 100),
        errors.SiteContradictsRecord("日" * 100, "MARKETPLACE", "B2B_INDEPENDENT"),
        errors.NoPlatform("日" * 100),
    ],
    ids=lambda error: type(error).__name__,
)
def test_long_texts(error: errors.OriginGateError):
    """A status stays within what metadata can hold, whatever signs the caller's ids have."""
    status = to_status(error, "r" * 100)
    assert status.ByteSize() * 4 // 3 + len(status.message.encode()) * 3 <= 8000


def test_retry():
    """Where waiting helps, the status says how long."""
    retry = detail(to_status(SAMPLES[errors.StoreUnavailable], "r"), error_details_pb2.RetryInfo)
    assert 1000 == retry.retry_delay.ToMilliseconds()


def test_limit_without_wait():
    """Where waiting does not help, the status gives no delay."""
    status = to_status(errors.LimitExceeded("order lines", "500", "Split the order."), "r")
    assert "order lines" == detail(status, error_details_pb2.QuotaFailure).violations[0].subject
    with pytest.raises(LookupError):
        detail(status, error_details_pb2.RetryInfo)


def test_stray_exception():
    """Nothing that is not ours is told: neither the exception's text nor its class."""
    status = to_status(ValueError("password=secret"), "r-1")
    assert (code_pb2.INTERNAL, "INTERNAL") == (status.code, info(status).reason)
    assert b"secret" not in status.SerializeToString() and b"ValueError" not in status.SerializeToString()
    assert "r-1" in status.message


def test_subclass():
    """A part's own kind of one of our errors is told as that error."""

    class Gone(errors.StoreUnavailable):
        """A kind of its own."""

    assert "STORE_UNAVAILABLE" == info(to_status(Gone(), "r")).reason


def test_faults_are_not_ours_to_tell():
    """What belongs into the log is told apart from what the caller can mend."""
    assert [False, False, True] == [
        is_ours(ValueError()),
        is_ours(errors.InternalFault("r")),
        is_ours(errors.ShuttingDown()),
    ]


def test_conflict():
    """A conflict names the certificate that stands, and each difference by line and field."""
    conflict = detail(
        to_status(SAMPLES[errors.DeclarationConflicts], "r"), case_service_pb2.DeclarationConflict
    )
    assert ("SBX-1", 1) == (conflict.e_cert_id, conflict.total)
    assert [("2", "quantity", "10", "12")] == [
        (each.item, each.field, each.was, each.now) for each in conflict.differences
    ]


def test_large_conflict():
    """Of many differences as many are shown as metadata can hold, and all are counted."""
    many = [Difference(f"order.lines[{n}].value", str(n), "value", "x" * 300, "y" * 300) for n in range(40)]
    status = to_status(errors.DeclarationConflicts("cases/0123", CaseState.CERTIFIED, None, many), "r")
    conflict = detail(status, case_service_pb2.DeclarationConflict)
    assert 40 == conflict.total
    assert 1 <= len(conflict.differences) < 40
    assert status.ByteSize() * 4 // 3 < 8000


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (errors.NoPlatform, "sites/shop-1"),
        (errors.CaseStateForbids, "cases/0123"),
        (errors.CertificateUnproved, "cases/0123"),
    ],
)
def test_precondition(kind: type[errors.OriginGateError], subject: str):
    """Where something has to be so first, the status names what it is about, under the reason's name."""
    status = to_status(SAMPLES[kind], "r")
    [violation] = detail(status, error_details_pb2.PreconditionFailure).violations
    assert (info(status).reason, subject) == (violation.type, violation.subject)


@pytest.mark.parametrize(
    "kind", [errors.StoreUnavailable, errors.IdentityUnavailable, errors.ShuttingDown, errors.LimitExceeded]
)
def test_waiting_helps(kind: type[errors.OriginGateError]):
    """Every error that waiting helps with says how long."""
    assert 0 < detail(to_status(SAMPLES[kind], "r"), error_details_pb2.RetryInfo).retry_delay.ToMilliseconds()


def test_unavailable_says_how_long():
    """No error is UNAVAILABLE without saying when to come again."""
    statuses = [to_status(error, "r") for error in SAMPLES.values()]
    unavailable = [status for status in statuses if status.code == code_pb2.UNAVAILABLE]
    assert 3 == len([detail(status, error_details_pb2.RetryInfo) for status in unavailable])
