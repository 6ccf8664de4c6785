"""Rulebooks that somebody wants activated, until a second person approves one. At most one waits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from server.store import log
from server.store.activations import ActivationRaced
from server.store.prepared import first, write
from server.store.rows import columns_of, insert_new, keyed, keys, rows_of
from server.store.schema import rulebook_proposals as proposals
from server.store.transaction import Transaction

APPROVED: Final = "APPROVED"
REPLACED: Final = "REPLACED"


@dataclass(frozen=True, slots=True)
class ProposalRecord:
    """Who wants which rulebook activated, and why."""

    number: int
    rulebook_digest: str
    proposed_at: datetime
    proposed_by: str
    because: str


_WAITS = rows_of(proposals, ProposalRecord).where(proposals.c.settled_at.is_(None))
_LAST = select(proposals.c.number).order_by(proposals.c.number.desc()).limit(1)
_SETTLE = (
    update(proposals)
    .where(keyed(proposals, "number"), proposals.c.settled_at.is_(None))
    .values({name: bindparam(name) for name in ("settled_at", "settled_as", "settled_by")})
)


def waiting(connection: Connection) -> ProposalRecord | None:
    """The proposal that waits for approval."""
    return first(connection, _WAITS, ProposalRecord, {})


def propose(tx: Transaction, digest: str, by: str, because: str) -> ProposalRecord:
    """Have a rulebook wait for approval, in the place of any other. Raises ActivationRaced."""
    before = waiting(tx.connection)
    if before is not None:
        settle(tx, before, REPLACED, by)
    last = first(tx.connection, _LAST, int, {})
    record = ProposalRecord((last or 0) + 1, digest, tx.now, by, because)
    if not insert_new(tx.connection, proposals, columns_of(record)):
        raise ActivationRaced("another rulebook was proposed at the same moment")
    said: dict[str, str | int | bool | None] = {
        "number": record.number,
        "rulebook_digest": digest,
        "proposed_by": by,
    }
    log.append(tx, "", "proposal", f"proposals/{record.number}", said, plain=True)
    return record


def settle(tx: Transaction, proposal: ProposalRecord, settled_as: str, by: str) -> None:
    """Have it wait no more. Raises ActivationRaced where somebody else was quicker."""
    values = {"settled_at": tx.now, "settled_as": settled_as, "settled_by": by}
    if write(tx.connection, _SETTLE, values | keys(number=proposal.number)) != 1:
        raise ActivationRaced("the proposal was settled at the same moment")
