"""Receipts: what was written a moment ago is proved without reading, anything else from the tree; both hold."""

import asyncio
import json
from base64 import b64encode

import pytest

from engine.receipt import Proved, ReceiptDoesNotHold, read_receipt
from engine.signed_head import signed_by
from server.log_keys import LogSigner, log_signer, make_log_key
from server.store import Store, Transaction, decisions, log, rulebooks
from server.store.receipts import Receipt, receipt_of_decision
from server.store.signing import begin_key

from .samples import MASTER, RULEBOOK, TENANT, Clock, decision, declared


def as_json(receipt: Receipt) -> str:
    """A receipt as the contract's JSON has it."""
    return json.dumps(
        {
            "position": str(receipt.position),
            "envelope": receipt.envelope,
            "event": receipt.event,
            "inclusion": [b64encode(step).decode() for step in receipt.inclusion],
            "head": receipt.head,
        }
    )


@pytest.fixture
def signer(tmp_path) -> LogSigner:
    """A key that signs."""
    make_log_key(tmp_path / "log.pem")
    return log_signer(tmp_path / "log.pem")


@pytest.fixture
async def signing(store: Store, signer: LogSigner) -> Store:
    """A store whose heads are signed."""
    store.sign_with(signer)
    await store.write(lambda tx: begin_key(tx, signer))
    await store.write(lambda tx: rulebooks.keep(tx, RULEBOOK, "usmca", "{}"))
    return store


def proved(receipt: Receipt | None, signer: LogSigner) -> Proved:
    assert receipt is not None
    found = read_receipt(as_json(receipt))
    assert signer.public == signed_by(found.checkpoint, {signer.public: signer.key.public_key()})
    return found


def tell(tx: Transaction, count: int) -> None:
    for number in range(count):
        log.append(tx, TENANT, "transition", f"cases/{number}", {"number": number})


async def test_at_hand(signing: Store, signer: LogSigner) -> None:
    """Decisions of one commit, in whatever company, are all proved at once."""

    def record(tx: Transaction, number: int) -> None:
        tell(tx, number)
        decisions.record(tx, [decision(f"d{number}")])

    await asyncio.gather(*(signing.write(lambda tx, n=n: record(tx, n)) for n in range(40)))
    for number in range(40):
        found = proved(signing.at_hand.receipt(TENANT, f"d{number}"), signer)
        assert f"d{number}" == found.event["decision"]


async def test_read(signing: Store, signer: LogSigner) -> None:
    """A decision of before is proved against the newest head, of a case or of none."""
    case = await declared(signing)
    await signing.write(lambda tx: decisions.record(tx, [decision("of-case", "scope", case)]))
    await signing.write(lambda tx: decisions.record(tx, [decision("alone")]))
    await signing.write(lambda tx: tell(tx, 300))
    for name, decision_id in ((case.name, "of-case"), (None, "alone")):
        found = proved(
            await signing.read(
                lambda c, name=name, decision_id=decision_id: receipt_of_decision(
                    c, TENANT, name, decision_id
                )
            ),
            signer,
        )
        assert (decision_id, await signing.read(log.size)) == (
            found.event["decision"],
            found.checkpoint.head.size,
        )


async def test_no_such_decision(signing: Store) -> None:
    """What is not there has no receipt."""
    assert None is await signing.read(lambda c: receipt_of_decision(c, TENANT, None, "other"))
    assert None is signing.at_hand.receipt(TENANT, "other")


async def test_unsigned(store: Store) -> None:
    """Where nobody signs there are no receipts."""
    await store.write(lambda tx: rulebooks.keep(tx, RULEBOOK, "usmca", "{}"))
    await store.write(lambda tx: decisions.record(tx, [decision("d1")]))
    assert None is store.at_hand.receipt(TENANT, "d1")
    assert None is await store.read(lambda c: receipt_of_decision(c, TENANT, None, "d1"))


async def test_of_another_server(upgraded_postgresql: str, signer: LogSigner) -> None:
    """What one server recorded another one proves."""
    stores = [Store.open(upgraded_postgresql, Clock(), MASTER) for _ in range(2)]
    for each in stores:
        each.sign_with(signer)
        await each.write(lambda tx: begin_key(tx, signer))
    await stores[0].write(lambda tx: rulebooks.keep(tx, RULEBOOK, "usmca", "{}"))
    await stores[0].write(lambda tx: decisions.record(tx, [decision("d1")]))
    receipt = await stores[1].read(lambda c: receipt_of_decision(c, TENANT, None, "d1"))
    for each in stores:
        each.close()
    assert "d1" == proved(receipt, signer).event["decision"]


@pytest.mark.parametrize("part", ["position", "envelope", "event", "inclusion", "head"])
async def test_changed(signing: Store, part: str) -> None:
    """A receipt of which any part was changed does not hold."""
    await signing.write(lambda tx: tell(tx, 5))
    await signing.write(lambda tx: decisions.record(tx, [decision("d1")]))
    receipt = signing.at_hand.receipt(TENANT, "d1")
    assert receipt is not None
    said = json.loads(as_json(receipt))
    if part == "position":
        said[part] = str(int(said[part]) - 1)
    elif part == "inclusion":
        said[part] = said[part][:-1]
    else:
        said[part] = (
            said[part].replace("scope", "scopf").replace("decision", "decisiom").replace("7\n", "8\n")
        )
    with pytest.raises(ReceiptDoesNotHold):
        read_receipt(json.dumps(said))
