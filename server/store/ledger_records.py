"""Ledgers of blanket certificates as values. Quantities are decimals as text, as they are kept."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from engine.certificate import CertificateStatus
from engine.coverage import Draw


@dataclass(frozen=True, slots=True)
class LedgerRecord:
    """The ledger of a blanket certificate. `case_name` is the case that the certificate was issued for.

    `told_as` is the status, no longer in force, of which all cases under the certificate were told.
    """

    tenant: str
    platform: str
    e_cert_id: str
    case_name: str
    first_day: date | None
    last_day: date | None
    opened_at: datetime
    warned_at: datetime | None = None
    told_as: CertificateStatus | None = None


@dataclass(frozen=True, slots=True)
class GoodRecord:
    """One good of a ledger, with decimals as texts: what the certification states, and what was drawn, if it is known."""

    good_id: str
    quantity: str | None
    unit: str | None
    drawn: str | None

    @property
    def left(self) -> Decimal | None:
        """What is left; None where nothing limits it, or where it is not known what was drawn."""
        if self.quantity is None or self.drawn is None:
            return None
        return Decimal(self.quantity) - Decimal(self.drawn)


@dataclass(frozen=True, slots=True)
class NewGood:
    """A good as the certification states it."""

    good_id: str
    quantity: Decimal | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class NewLedger:
    """What a ledger is opened with: the certification's period and goods, and what the case that it was issued for draws."""

    first_day: date | None
    last_day: date | None
    goods: tuple[NewGood, ...]
    own: tuple[Draw, ...]


@dataclass(frozen=True, slots=True)
class DebitRecord:
    """What a line of a case draws on a ledger."""

    platform: str
    e_cert_id: str
    line_id: str
    good_id: str
    quantity: str | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class LedgerView:
    """A ledger with its goods, the status of its certificate, and how many cases draw on it."""

    ledger: LedgerRecord
    goods: tuple[GoodRecord, ...]
    status: CertificateStatus
    cases: int
