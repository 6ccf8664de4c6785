"""A client of Origin Gate for order systems in Python: synchronous and asynchronous, over the stubs of `origingate.v1`.

A wrong order is an answer with findings. CallFailed means that no answer could be given; it has a stable reason.
"""

from origingate.client.aio import AsyncClient
from origingate.client.failures import CallFailed, Violation
from origingate.client.receipts import Proved, ReceiptDoesNotHold, verify_receipt
from origingate.client.requests import new_request_id
from origingate.client.settings import Settings
from origingate.client.sync import Client
from origingate.client.values import amount_of, day, decimal, money

__all__ = [
    "AsyncClient",
    "CallFailed",
    "Client",
    "Proved",
    "ReceiptDoesNotHold",
    "Settings",
    "Violation",
    "amount_of",
    "day",
    "decimal",
    "money",
    "new_request_id",
    "verify_receipt",
]
