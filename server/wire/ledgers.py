"""From ledgers to the contract's messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.type.decimal_pb2 import Decimal as DecimalMessage
from origingate.v1 import certificate_pb2

from engine.coverage import plain
from server.wire.decisions import date_to_proto
from server.wire.records import timestamp

if TYPE_CHECKING:
    from server.store.ledger_records import GoodRecord, LedgerView


def ledger_to_proto(view: LedgerView) -> certificate_pb2.Ledger:
    """What a blanket certificate is for, and what is left of it."""
    ledger = view.ledger
    return certificate_pb2.Ledger(
        e_cert_id=ledger.e_cert_id,
        platform=ledger.platform,
        case_name=ledger.case_name,
        status=f"CERTIFICATE_STATUS_{view.status}",
        first_day=date_to_proto(ledger.first_day) if ledger.first_day is not None else None,
        last_day=date_to_proto(ledger.last_day) if ledger.last_day is not None else None,
        goods=map(_good, view.goods),
        cases=view.cases,
        warned_at=timestamp(ledger.warned_at) if ledger.warned_at is not None else None,
    )


def _good(good: GoodRecord) -> certificate_pb2.LedgerGood:
    return certificate_pb2.LedgerGood(
        good_id=good.good_id,
        quantity=_decimal(good.quantity),
        drawn=_decimal(good.drawn),
        left=_decimal(None if good.left is None else plain(good.left)),
        unit=good.unit,
    )


def _decimal(amount: str | None) -> DecimalMessage | None:
    return None if amount is None else DecimalMessage(value=amount)
