"""What outlives a process: cases, attempts, certificates, decisions, rule texts and the log.

`Store.write` takes work that gets a `Transaction`, `Store.read` a query that gets a connection; the
modules of this package hold the functions for both, a module for each kind of record.
"""

from server.store.records import (
    AttemptRecord,
    CaseRecord,
    CertificateRecord,
    DecisionRecord,
    DeclarationRecord,
    Hold,
    LogEntry,
    NewAttempt,
    NewCertificate,
    NewDecision,
    NewDeclaration,
    NewRequest,
    RequestRecord,
    RulebookRecord,
)
from server.store.store import Clock, Store
from server.store.transaction import Transaction

__all__ = [
    "AttemptRecord",
    "CaseRecord",
    "CertificateRecord",
    "Clock",
    "DecisionRecord",
    "DeclarationRecord",
    "Hold",
    "LogEntry",
    "NewAttempt",
    "NewCertificate",
    "NewDecision",
    "NewDeclaration",
    "NewRequest",
    "RequestRecord",
    "RulebookRecord",
    "Store",
    "Transaction",
]
