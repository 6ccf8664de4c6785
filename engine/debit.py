"""Debits on the ledger of a blanket certificate."""

from enum import StrEnum


class DebitState(StrEnum):
    """Where a debit stands."""

    HELD = "HELD"  # the order draws on the ledger
    RETURNED = "RETURNED"  # the order was cancelled or superseded, and gave it back
