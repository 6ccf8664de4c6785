"""Errors in the language of who is told."""

import pytest
from google.rpc import error_details_pb2
from origingate.v1 import error_pb2

from server import errors
from server.wire.localized import ENGLISH, LANGUAGES, TEXTS, language_of
from server.wire.statuses import to_status

from .error_samples import SAMPLES
from .test_statuses import detail


def test_every_reason_in_every_language():
    """Every reason of the contract has a text in every language but English, which the error itself has."""
    names = [value.name for value in error_pb2.ErrorReason.DESCRIPTOR.values]
    reasons = {name.removeprefix("ERROR_REASON_") for name in names} - {"UNSPECIFIED"}
    assert reasons == set(TEXTS)
    assert {reason: LANGUAGES - {ENGLISH} for reason in reasons} == {
        reason: set(texts) for reason, texts in TEXTS.items()
    }


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("es-MX", "es"),
        ("fr-CA, en;q=0.8", "fr"),
        ("en;q=0.5, es;q=0.9", "es"),
        ("de, pt-BR", ""),
        ("de, fr;q=0.3", "fr"),
        ("es;q=0", ""),
        ("es;q=much", ""),
        ("*", ""),
        ("", ""),
        (",;=,q", ""),
        ("EN-us", "en"),
    ],
)
def test_language(accepted: str, language: str):
    """The language that is liked best of those that there are; none where none is liked."""
    assert language == language_of(accepted)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
def test_message(kind: type[errors.OriginGateError], language: str):
    """A status has its text in the language that was asked for, and stays within what metadata can hold."""
    status = to_status(SAMPLES[kind], "r-1", language)
    told = detail(status, error_details_pb2.LocalizedMessage)
    assert language == told.locale
    assert (language == ENGLISH) == (told.message == str(SAMPLES[kind]))
    assert status.ByteSize() <= 5250


def test_nobody_asked():
    """Where no language was asked for, there is no such message."""
    with pytest.raises(LookupError):
        detail(to_status(errors.StoreUnavailable(), "r-1"), error_details_pb2.LocalizedMessage)
