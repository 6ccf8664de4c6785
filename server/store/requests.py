"""Which requests were answered: the same request again gets the same answer and buys nothing twice."""

import json
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, select, update

from server.store.records import NewRequest, RequestRecord
from server.store.schema import requests
from server.store.transaction import Transaction, insert_new


def find(connection: Connection, tenant: str, request_id: str) -> RequestRecord | None:
    """The request of this id, of any method."""
    row = connection.execute(select(requests).where(_is(tenant, request_id))).mappings().first()
    return None if row is None else _record(row)


def record(tx: Transaction, new: NewRequest) -> tuple[RequestRecord, bool]:
    """Record a request. Where one of its id is there: that one and False, for the caller to compare."""
    values = {
        "tenant": new.tenant,
        "request_id": new.request_id,
        "method": new.method,
        "body_digest": new.body_digest,
        "case_name": new.case_name,
        "decisions": json.dumps(new.decisions),
        "recorded_at": tx.now,
    }
    ours = insert_new(tx.connection, requests, values)
    there = select(requests).where(_is(new.tenant, new.request_id))
    return _record(tx.connection.execute(there).mappings().one()), ours


def answer(tx: Transaction, tenant: str, request_id: str, decisions: Sequence[str]) -> None:
    """Replace the ids of the decisions that the request was answered with."""
    tx.connection.execute(
        update(requests).where(_is(tenant, request_id)).values(decisions=json.dumps(list(decisions)))
    )


def _is(tenant: str, request_id: str) -> ColumnElement[bool]:
    return and_(requests.c.tenant == tenant, requests.c.request_id == request_id)


def _record(row: RowMapping) -> RequestRecord:
    return RequestRecord(**{**row, "decisions": tuple(json.loads(row["decisions"]))})
