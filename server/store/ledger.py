"""The ledgers of blanket certificates: what each is for, what orders drew of it, what they gave back.

A debit is of the transaction that moves its case. Whoever draws holds the rows of the goods until the commit, so that what
is left is never drawn twice, whichever process serves. Take the case before the ledger, as everybody does.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert, select, update

from engine.coverage import Balance, Draw, drawn, plain
from engine.debit import DebitState
from server.store import log
from server.store.errors import CaseChanged
from server.store.ledger_records import DebitRecord, GoodRecord, LedgerRecord, NewGood, NewLedger
from server.store.prepared import every, first, write, write_all
from server.store.records import CaseRecord, CertificateRecord
from server.store.rows import columns_of, insert_new, keyed, keys, rows_of
from server.store.schema import debits, ledger_goods, ledgers
from server.store.transaction import Transaction

_KEY = ("tenant", "platform", "e_cert_id")
_LEDGER = rows_of(ledgers, LedgerRecord).where(keyed(ledgers, *_KEY))
_HELD_LEDGER = _LEDGER.with_for_update(read=True)
_GOODS = rows_of(ledger_goods, GoodRecord).where(keyed(ledger_goods, *_KEY)).order_by(ledger_goods.c.good_id)
# In one order for everybody: two who draw on the same goods never wait for each other.
_HELD_GOODS = _GOODS.with_for_update()
_SET_DRAWN = update(ledger_goods).where(keyed(ledger_goods, *_KEY, "good_id"))
_ADD_GOOD, _ADD_DEBIT = insert(ledger_goods), insert(debits)
_OF_CASE = (
    rows_of(debits, DebitRecord)
    .where(keyed(debits, "tenant", "case_name"), debits.c.state == DebitState.HELD)
    .order_by(debits.c.platform, debits.c.e_cert_id, debits.c.good_id, debits.c.line_id)
)
_RETURN = (
    update(debits)
    .where(keyed(debits, "tenant", "case_name"), debits.c.state == DebitState.HELD)
    .values(state=DebitState.RETURNED)
)
_COVERING = (
    select(debits.c.platform, debits.c.e_cert_id)
    .where(keyed(debits, "tenant", "case_name", "declaration_version"), debits.c.state == DebitState.HELD)
    .limit(1)
)


def find(
    connection: Connection, certificate: CertificateRecord
) -> tuple[LedgerRecord, list[GoodRecord]] | None:
    """The ledger of a certificate with its goods; None where none was opened."""
    key = _key(certificate)
    found = first(connection, _LEDGER, LedgerRecord, key)
    return None if found is None else (found, every(connection, _GOODS, GoodRecord, key))


def balances(connection: Connection, certificate: CertificateRecord) -> Mapping[str, Balance] | None:
    """What was drawn of each good; None where no ledger was opened."""
    found = every(connection, _GOODS, GoodRecord, _key(certificate))
    return {good.good_id: _balance(good) for good in found} or None


def as_opened(
    certificate: CertificateRecord, new: NewLedger, at: datetime
) -> tuple[LedgerRecord, list[GoodRecord]]:
    """The ledger of a blanket certificate as it begins: with what its own case draws."""
    begun = LedgerRecord(
        certificate.tenant,
        certificate.platform,
        certificate.e_cert_id,
        certificate.case_name,
        new.first_day,
        new.last_day,
        at,
    )
    goods = [
        GoodRecord(good.good_id, _text(good.quantity), good.unit, _text(_own(good, new.own)))
        for good in new.goods
    ]
    return begun, goods


def opening_balances(new: NewLedger) -> Mapping[str, Balance]:
    """What is drawn of each good as a ledger begins."""
    return {good.good_id: Balance(_own(good, new.own)) for good in new.goods}


def open_ledger(tx: Transaction, certificate: CertificateRecord, new: NewLedger) -> None:
    """Open the ledger of a blanket certificate; where it is open, nothing happens."""
    begun, goods = as_opened(certificate, new, tx.now)
    if not insert_new(tx.connection, ledgers, columns_of(begun)):
        return
    write_all(tx.connection, _ADD_GOOD, [{**_names(certificate), **columns_of(good)} for good in goods])
    _record(tx, certificate, certificate.case_name, certificate.declaration_version, new.own)
    said = {"event": "OPENED", "platform": certificate.platform, "e_cert_id": certificate.e_cert_id}
    log.append(tx, certificate.tenant, "ledger", certificate.case_name, said)


def draw(tx: Transaction, certificate: CertificateRecord, case: CaseRecord, draws: tuple[Draw, ...]) -> None:
    """Draw for a case's present declaration, all or nothing. Raises CaseChanged where too little is left meanwhile."""
    # Who tells the cases under a certificate that it ended waits for us, and finds this one too.
    first(tx.connection, _HELD_LEDGER, LedgerRecord, _key(certificate))
    goods = {good.good_id: good for good in every(tx.connection, _HELD_GOODS, GoodRecord, _key(certificate))}
    for good_id in sorted({draw.good_id for draw in draws}):
        good = goods.get(good_id)
        if good is None:
            raise CaseChanged(f"{certificate.e_cert_id} has no ledger for the good {good_id} yet")
        _set(tx, certificate, good, _more(good, [draw for draw in draws if draw.good_id == good_id]))
    _record(tx, certificate, case.name, case.declaration_version, draws)
    _tell(tx, case, certificate.platform, certificate.e_cert_id, "DRAWN", len(draws))


def give_back(tx: Transaction, case: CaseRecord) -> bool:
    """Give back what the case draws on any ledger; whether it drew on one."""
    held = every(tx.connection, _OF_CASE, DebitRecord, keys(tenant=case.tenant, case_name=case.name))
    if not held:
        return False
    write(tx.connection, _RETURN, keys(tenant=case.tenant, case_name=case.name) | {"returned_at": tx.now})
    for platform, e_cert_id in sorted({(debit.platform, debit.e_cert_id) for debit in held}):
        key = keys(tenant=case.tenant, platform=platform, e_cert_id=e_cert_id)
        ours = [debit for debit in held if (debit.platform, debit.e_cert_id) == (platform, e_cert_id)]
        for good in every(tx.connection, _HELD_GOODS, GoodRecord, key):
            mine = [_drawn_by(debit) for debit in ours if debit.good_id == good.good_id]
            back = drawn(mine, good.unit)
            if good.drawn is not None and back:
                left = {"drawn": plain(Decimal(good.drawn) - back)}
                write(tx.connection, _SET_DRAWN, key | keys(good_id=good.good_id) | left)
        _tell(tx, case, platform, e_cert_id, "RETURNED", len(ours))
    return True


def covering(
    connection: Connection, tenant: str, case_name: str, declaration_version: int
) -> tuple[str, str] | None:
    """Platform and e-Cert ID of the certificate that this version of a case's declaration draws on."""
    key = keys(tenant=tenant, case_name=case_name, declaration_version=declaration_version)
    return first(connection, _COVERING, lambda platform, e_cert_id: (platform, e_cert_id), key)


def _more(good: GoodRecord, draws: Iterable[Draw]) -> Decimal | None:
    """What is drawn of a good with these. Raises CaseChanged where that is more than there is, or not known."""
    more = drawn(draws, good.unit)
    if good.quantity is None:
        # Nothing limits it: what cannot be added up is told by the debits alone.
        return None if good.drawn is None or more is None else Decimal(good.drawn) + more
    if good.drawn is None or more is None or Decimal(good.drawn) + more > Decimal(good.quantity):
        raise CaseChanged(f"somebody else drew on the good {good.good_id} meanwhile; read it again")
    return Decimal(good.drawn) + more


def _own(good: NewGood, own: Iterable[Draw]) -> Decimal | None:
    return drawn([draw for draw in own if draw.good_id == good.good_id], good.unit)


def _set(tx: Transaction, certificate: CertificateRecord, good: GoodRecord, total: Decimal | None) -> None:
    key = _key(certificate) | keys(good_id=good.good_id)
    write(tx.connection, _SET_DRAWN, key | {"drawn": _text(total)})


def _record(
    tx: Transaction,
    certificate: CertificateRecord,
    case_name: str,
    declaration_version: int,
    draws: tuple[Draw, ...],
) -> None:
    write_all(
        tx.connection,
        _ADD_DEBIT,
        [
            {
                **_names(certificate),
                "case_name": case_name,
                "declaration_version": declaration_version,
                "line_id": each.line_id,
                "good_id": each.good_id,
                "quantity": _text(each.quantity),
                "unit": each.unit,
                "state": DebitState.HELD,
                "debited_at": tx.now,
                "returned_at": None,
            }
            for each in draws
        ],
    )


def _tell(tx: Transaction, case: CaseRecord, platform: str, e_cert_id: str, event: str, lines: int) -> None:
    said: dict[str, str | int | bool | None] = {
        "event": event,
        "platform": platform,
        "e_cert_id": e_cert_id,
        "declaration_version": case.declaration_version,
        "lines": lines,
    }
    log.append(tx, case.tenant, "ledger", case.name, said)


def _names(certificate: CertificateRecord) -> dict[str, str]:
    return {
        "tenant": certificate.tenant,
        "platform": certificate.platform,
        "e_cert_id": certificate.e_cert_id,
    }


def _key(certificate: CertificateRecord) -> dict[str, Any]:
    return keys(**_names(certificate))


def _balance(good: GoodRecord) -> Balance:
    return Balance(None if good.drawn is None else Decimal(good.drawn))


def _drawn_by(debit: DebitRecord) -> Draw:
    quantity = None if debit.quantity is None else Decimal(debit.quantity)
    return Draw(debit.line_id, debit.good_id, quantity, debit.unit)


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)
