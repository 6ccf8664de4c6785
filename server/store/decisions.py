"""Recorded decisions, with the facts that they were made from."""

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from server.store import log
from server.store.records import DecisionRecord, NewDecision
from server.store.schema import decisions, latest_decisions
from server.store.transaction import Transaction, columns_of, insert_into


def record(tx: Transaction, new: NewDecision) -> DecisionRecord:
    """Record a decision. One of a case becomes the case's latest for its question."""
    made = DecisionRecord(**columns_of(new), decided_at=tx.now)
    tx.connection.execute(insert(decisions).values(columns_of(made)))
    if new.case_name is not None:
        key = {"tenant": new.tenant, "case_name": new.case_name, "question": new.question}
        pointer = insert_into(tx.connection, latest_decisions).values(**key, decision_id=new.decision_id)
        tx.connection.execute(
            pointer.on_conflict_do_update(
                index_elements=list(key), set_={"decision_id": pointer.excluded.decision_id}
            )
        )
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
        },
        body=new.body,
    )
    return made


def find(connection: Connection, tenant: str, decision_id: str) -> DecisionRecord | None:
    """The decision of this id."""
    return next(iter(find_all(connection, tenant, (decision_id,))), None)


def find_all(connection: Connection, tenant: str, decision_ids: Sequence[str]) -> list[DecisionRecord]:
    """The decisions of these ids, in the order of the ids; one that is not there is left out."""
    query = select(decisions).where(
        decisions.c.tenant == tenant, decisions.c.decision_id.in_(list(decision_ids))
    )
    found = {row["decision_id"]: DecisionRecord(**row) for row in connection.execute(query).mappings()}
    return [found[decision_id] for decision_id in decision_ids if decision_id in found]


def latest(connection: Connection, tenant: str, case_name: str) -> dict[str, DecisionRecord]:
    """The case's latest decision for each question that was decided for it."""
    query = (
        select(decisions)
        .join(
            latest_decisions,
            (latest_decisions.c.tenant == decisions.c.tenant)
            & (latest_decisions.c.decision_id == decisions.c.decision_id),
        )
        .where(latest_decisions.c.tenant == tenant, latest_decisions.c.case_name == case_name)
    )
    return {row["question"]: DecisionRecord(**row) for row in connection.execute(query).mappings()}
