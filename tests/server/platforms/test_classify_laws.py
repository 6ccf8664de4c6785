"""Whatever a platform answers, what it means is one of the closed set, and nothing is taken for issued that is not."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.platform import (
    Duplicate,
    Issued,
    LookupAnswer,
    NotFound,
    NotSent,
    Outcome,
    Pending,
    Retryable,
    StatusAnswer,
    Unknown,
    VoidAnswer,
)
from server.platforms.classify import classify
from server.platforms.manifest import OperationName
from server.platforms.manifest_file import read_one
from server.platforms.transport import Lost, Reply
from server.shipped import shipped_platforms
from tests.server.platforms import harbour

NOW = datetime(2026, 7, 1, tzinfo=UTC)
FILES = [
    *sorted(shipped_platforms().glob("*.yaml")),
    harbour.FILE,
    Path(__file__).parent / "goldens" / "small.yaml",
]
MANIFESTS = [read_one(path).manifest for path in FILES]
CLOSED = {
    OperationName.SUBMIT: get_args(Outcome),
    OperationName.LOOKUP: get_args(LookupAnswer),
    OperationName.STATUS: get_args(StatusAnswer),
    OperationName.VOID: get_args(VoidAnswer),
}
# Words that the manifests look for, so that most answers fit some clause.
NAMES = (
    "state error status certificate e_cert_id proof reference codes code because poll_after_seconds doc no seal ref"
    " result found faults fault eta errors number jws id message"
)
SAID = (
    "issued pending review rejected duplicate not_found active revoked V W OK EXISTS NONE QUEUED BUSY VALID OFFICER"
    " NOT_ACCEPTED UNKNOWN_REFERENCE good none a.b.c SBX-1"
)
KEYS, WORDS = st.sampled_from(NAMES.split()), st.sampled_from(SAID.split())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=15,
)
BODIES = st.one_of(
    st.dictionaries(KEYS, JSON, max_size=6).map(lambda body: json.dumps(body).encode()),
    JSON.map(lambda body: json.dumps(body).encode()),
    st.binary(max_size=20),
)
STATUSES = st.sampled_from(
    [200, 201, 202, 204, 302, 400, 401, 404, 408, 409, 422, 429, 500, 503]
) | st.integers(100, 599)
HEADERS = st.dictionaries(
    st.sampled_from(["x-result", "retry-after", "x-back-in"]), WORDS | st.integers().map(str), max_size=3
)
REPLIES = st.builds(Reply, STATUSES, HEADERS, BODIES)
CASES = st.tuples(st.sampled_from(MANIFESTS), st.sampled_from(list(CLOSED)))


@given(CASES, REPLIES)
def test_closed_set(case, reply):
    """An answer to an operation means what such an answer can mean, and nothing else."""
    manifest, operation = case
    assert type(classify(reply, manifest, operation, NOW)) in CLOSED[operation]


@given(CASES, REPLIES)
def test_never_issued_without_id_and_proof(case, reply):
    """What is issued or a duplicate has an id and a proof, both texts out of the answer's JSON."""
    manifest, operation = case
    meaning = classify(reply, manifest, operation, NOW)
    if isinstance(meaning, Issued | Duplicate):
        texts = _texts(json.loads(reply.body))
        assert meaning.proof in texts and any(meaning.e_cert_id in text for text in texts)
        assert meaning.e_cert_id and meaning.proof
    if isinstance(meaning, Issued):
        assert 200 <= reply.status <= 299


@given(CASES, REPLIES)
def test_waits_are_bounded(case, reply):
    """Nothing makes the server wait longer than a day, or into the past."""
    manifest, operation = case
    match classify(reply, manifest, operation, NOW):
        case Pending(poll_after=after) | Retryable(after=after) if after is not None:
            assert 0 <= after.total_seconds() <= 86400


@given(st.sampled_from(MANIFESTS), st.sampled_from([408, 500, 502, 503, 504, 599]), st.binary(max_size=20))
def test_bare_failure(manifest, status, body):
    """After a bare failure it is unknown what was done, and what is unknown is never not found."""
    reply = Reply(status, {}, body)
    for operation in (OperationName.SUBMIT, OperationName.VOID):
        assert isinstance(classify(reply, manifest, operation, NOW), Unknown)
    assert not isinstance(classify(reply, manifest, OperationName.LOOKUP, NOW), NotFound)


@pytest.mark.parametrize("operation", list(CLOSED))
@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda manifest: manifest.name)
def test_nothing_came(manifest, operation):
    """Without an answer it counts whether anything left, whatever the manifest says."""
    lost = [classify(Lost(sent, "broke"), manifest, operation, NOW) for sent in (True, False)]
    assert [Unknown("broke"), NotSent("broke")] == lost


def _texts(body: object) -> list[str]:
    if isinstance(body, dict):
        return [text for inner in body.values() for text in _texts(inner)]
    if isinstance(body, list):
        return [text for inner in body for text in _texts(inner)]
    return [body] if isinstance(body, str) else []
