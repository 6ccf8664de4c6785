"""Which requests were answered: the same request again gets the same answer and buys nothing twice."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, exists, or_, select, update

from server.store.prepared import first, write
from server.store.records import NewRequest, RequestRecord
from server.store.rows import columns_of, insert_new, keyed, keys, rows_of
from server.store.schema import cases, requests
from server.store.sealing import opened_by, sealed_row, subject_of
from server.store.transaction import Transaction

_BY_ID = rows_of(requests, RequestRecord).where(keyed(requests, "tenant", "request_id"))
_MET = select(
    or_(
        exists().where(keyed(requests, "tenant", "request_id")),
        exists().where(keyed(cases, "tenant", "site_id", "order_id")),
    )
)
_ANSWER = update(requests).where(keyed(requests, "tenant", "request_id"))


def find(connection: Connection, tenant: str, request_id: str) -> RequestRecord | None:
    """The request of this id, of any method."""
    return first(
        connection,
        _BY_ID,
        opened_by(connection, requests, RequestRecord, _record),
        keys(tenant=tenant, request_id=request_id),
    )


def met(connection: Connection, tenant: str, request_id: str, site_id: str, order_id: str) -> bool:
    """Whether the request was recorded, or the site's order has a case."""
    key = keys(tenant=tenant, request_id=request_id, site_id=site_id, order_id=order_id)
    return bool(first(connection, _MET, bool, key))


def record(tx: Transaction, new: NewRequest) -> tuple[RequestRecord, bool]:
    """Record a request. Where one of its id is there: that one and False, for the caller to compare."""
    row = {**columns_of(new), "decisions": json.dumps(new.decisions), "recorded_at": tx.now}
    subject = subject_of(new.case_name, tx.now)
    if insert_new(tx.connection, requests, sealed_row(tx.connection, requests, subject, row)):
        return RequestRecord(**columns_of(new), recorded_at=tx.now), True
    there = find(tx.connection, new.tenant, new.request_id)
    assert there is not None, "requests are never removed"
    return there, False


def answer(tx: Transaction, tenant: str, request_id: str, decisions: Sequence[str]) -> None:
    """Replace the ids of the decisions that the request was answered with."""
    values = {"decisions": json.dumps(list(decisions))}
    write(tx.connection, _ANSWER, keys(tenant=tenant, request_id=request_id) | values)


def _record(*row: Any) -> RequestRecord:
    tenant, request_id, method, body_digest, case_name, decisions, recorded_at = row
    return RequestRecord(
        tenant, request_id, method, body_digest, case_name, tuple(json.loads(decisions)), recorded_at
    )
