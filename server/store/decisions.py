"""Recorded decisions, with the facts that they were made from."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, insert

from server.store import log
from server.store.covered import DECISIONS, covered
from server.store.prepared import Statement, every, first
from server.store.records import DecisionRecord, NewDecision, RecordedDecision
from server.store.rows import columns_of, insert_into, keyed, keys, rows_of
from server.store.schema import decisions, latest_decisions
from server.store.sealing import opened, sealed_row, subject_of
from server.store.transaction import Transaction

_ADD = insert(decisions)
_ROWS = rows_of(decisions, DecisionRecord)
_BY_ID = rows_of(decisions, RecordedDecision).where(keyed(decisions, "tenant", "decision_id"))
_LATEST = _ROWS.join(
    latest_decisions,
    and_(
        latest_decisions.c.tenant == decisions.c.tenant,
        latest_decisions.c.decision_id == decisions.c.decision_id,
    ),
).where(keyed(latest_decisions, "tenant", "case_name"))


def record(
    tx: Transaction,
    all_new: Sequence[NewDecision],
    about: Mapping[str, str] = MappingProxyType({}),
    sealed_with: str | None = None,
) -> None:
    """Record decisions, in their order. One of a case becomes the case's latest for its question, with the commit.

    `about` is what the log says besides of what they are about. They are sealed with the case named by `sealed_with`, also
    those that are not its own; else with their own case, or with the screenings of the day.
    """
    rows = [
        sealed_row(
            tx.connection,
            decisions,
            subject_of(sealed_with or new.case_name, tx.now),
            {**columns_of(new), "decided_at": tx.now},
        )
        for new in all_new
    ]
    for new, row in zip(all_new, rows, strict=True):
        tx.write_last(_ADD, row)
        if new.case_name is not None:
            pointer = {
                "tenant": new.tenant,
                "case_name": new.case_name,
                "question": new.question,
                "decision_id": new.decision_id,
            }
            tx.write_last(_point(tx.connection.dialect.name), pointer)
    for new, row in zip(all_new, rows, strict=True):
        log.append(
            tx,
            new.tenant,
            "decision",
            new.case_name or f"decisions/{new.decision_id}",
            {
                "decision": new.decision_id,
                "question": new.question,
                "outcome": new.outcome,
                "facts_digest": new.facts_digest,
                "rulebook_digest": new.rulebook_digest,
                **about,
            },
            covered(DECISIONS, row),
            new.decision_id,
        )


def find(connection: Connection, tenant: str, decision_id: str) -> RecordedDecision | None:
    """The decision of this id, with the facts that it was made from."""
    recorded = opened(connection, decisions, RecordedDecision)
    return first(connection, _BY_ID, recorded, keys(tenant=tenant, decision_id=decision_id))


def find_all(connection: Connection, tenant: str, decision_ids: Sequence[str]) -> list[DecisionRecord]:
    """The decisions of these ids, in the order of the ids; one that is not there is left out."""
    if not decision_ids:
        return []
    wanted = {f"id_{number}": decision_id for number, decision_id in enumerate(decision_ids)}
    there = every(connection, _by_ids(len(wanted)), _decision(connection), wanted | keys(tenant=tenant))
    by_id = {decision.decision_id: decision for decision in there}
    return [by_id[decision_id] for decision_id in decision_ids if decision_id in by_id]


def latest(connection: Connection, tenant: str, case_name: str) -> dict[str, DecisionRecord]:
    """The case's latest decision for each question that was decided for it."""
    there = every(connection, _LATEST, _decision(connection), keys(tenant=tenant, case_name=case_name))
    return {decision.question: decision for decision in there}


def _decision(connection: Connection) -> Callable[..., DecisionRecord]:
    return opened(connection, decisions, DecisionRecord)


@lru_cache(maxsize=16)
def _by_ids(count: int) -> Select[Any]:
    # A list of values would be expanded at each run; requests have few decisions, and mostly equally many.
    column = decisions.c.decision_id
    ids = [bindparam(f"id_{number}", type_=column.type) for number in range(count)]
    return _ROWS.where(keyed(decisions, "tenant"), column.in_(ids))


@cache
def _point(dialect: str) -> Statement:
    pointer = insert_into(latest_decisions, dialect)
    return pointer.on_conflict_do_update(
        index_elements=list(latest_decisions.primary_key),
        set_={"decision_id": pointer.excluded.decision_id},
    )
