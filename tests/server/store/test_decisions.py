"""Decisions: recorded with their facts, the latest of each question at hand for a case."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime
from types import NoneType

import pytest
from sqlalchemy import select

from server.store import Store, Transaction, decisions, log, requests, rulebooks
from server.store.covered import text_digest
from server.store.errors import StoreRefused
from server.store.records import NewRequest
from server.store.schema import decisions as table

from .samples import RULEBOOK, TENANT, decision, declared, placed


def keep_rulebook(tx: Transaction) -> None:
    rulebooks.keep(tx, RULEBOOK, "usmca", "{}")


async def test_record(store: Store) -> None:
    """A recorded decision is found by its id, with the facts that it was made from."""

    def record(tx: Transaction) -> None:
        keep_rulebook(tx)
        decisions.record(tx, [decision("d1")])

    await store.write(record)
    made = await store.read(lambda connection: decisions.find(connection, TENANT, "d1"))
    assert made is not None
    assert ("scope", '{"order":{}}') == (made.question, made.facts)
    assert await store.read(lambda connection: decisions.find(connection, "other", "d1")) is None


async def test_find_all(store: Store) -> None:
    """Decisions come in the order in which they are asked for; one that is not there is left out."""

    def record(tx: Transaction) -> None:
        keep_rulebook(tx)
        for decision_id in ("d1", "d2", "d3"):
            decisions.record(tx, [decision(decision_id)])

    await store.write(record)
    found = await store.read(
        lambda connection: decisions.find_all(connection, TENANT, ("d3", "nothing", "d1"))
    )
    assert ["d3", "d1"] == [each.decision_id for each in found]


async def test_latest(store: Store) -> None:
    """A case's latest decision for each question is the one recorded last."""
    case = await declared(store)

    def record(tx: Transaction) -> None:
        decisions.record(tx, [decision("d1", "scope", case)])
        decisions.record(tx, [decision("d2", "prereview", case)])
        decisions.record(tx, [decision("d3", "prereview", case)])

    await store.write(record)
    latest = await store.read(lambda connection: decisions.latest(connection, TENANT, case.name))
    assert {"scope": "d1", "prereview": "d3"} == {
        question: each.decision_id for question, each in latest.items()
    }


async def test_recorded_together(store: Store) -> None:
    """Decisions of several pieces of work that are committed together are all there; the latest is the last one's."""
    case = await declared(store)
    ids = [f"d{number}" for number in range(5)]
    await asyncio.gather(
        *(
            store.write(lambda tx, one=one: decisions.record(tx, [decision(one, "scope", case)]))
            for one in ids
        )
    )
    found = await store.read(lambda connection: decisions.find_all(connection, TENANT, ids))
    latest = await store.read(lambda connection: decisions.latest(connection, TENANT, case.name))
    assert (ids, "d4") == ([one.decision_id for one in found], latest["scope"].decision_id)


async def test_one_that_fails_beside_others(store: Store) -> None:
    """A decision that cannot be recorded is refused to the one who made it, and those beside it are recorded."""
    await store.write(keep_rulebook)
    unknown = replace(decision("d2"), rulebook_digest="sha256:0")
    told = await asyncio.gather(
        *(
            store.write(lambda tx, one=one: decisions.record(tx, [one]))
            for one in (decision("d1"), unknown, decision("d3"))
        ),
        return_exceptions=True,
    )
    found = await store.read(lambda connection: decisions.find_all(connection, TENANT, ["d1", "d2", "d3"]))
    assert [NoneType, StoreRefused, NoneType] == [type(each) for each in told]
    assert ["d1", "d3"] == [each.decision_id for each in found]


async def test_rulebook_first(store: Store) -> None:
    """No decision is recorded before the texts that it was made by are kept."""
    with pytest.raises(StoreRefused):
        await store.write(lambda tx: decisions.record(tx, [decision("d1")]))


async def test_decision_is_told(store: Store) -> None:
    """A decision is told in the log, under its case or under its own name."""
    case = await declared(store)

    def record(tx: Transaction) -> None:
        decisions.record(tx, [decision("d1", "scope", case)])
        decisions.record(tx, [decision("d2")])

    await store.write(record)
    of_case = await store.read(lambda connection: log.about(connection, TENANT, case.name))
    alone = await store.read(lambda connection: log.about(connection, TENANT, "decisions/d2"))
    assert {
        "decision": "d1",
        "question": "scope",
        "outcome": "IN_SCOPE",
        "facts_digest": "sha256:" + "f" * 64,
        "rulebook_digest": RULEBOOK,
    } == json.loads(of_case[-1].event)
    assert ["decision"] == [entry.kind for entry in alone]


async def test_entry_covers_a_decision(store: Store) -> None:
    """The entry of a decision has digests of its answer, of its facts, and of all the rest of its row."""

    def record(tx: Transaction) -> datetime:
        keep_rulebook(tx)
        decisions.record(tx, [decision("d1")])
        return tx.now

    decided_at = await store.write(record)
    [entry] = await store.read(lambda connection: log.about(connection, TENANT, "decisions/d1"))
    said = json.loads(entry.envelope)
    kept = await store.read(lambda c: c.execute(select(table)).mappings().one())
    rest = {
        "tenant": TENANT,
        "decision_id": "d1",
        "question": "scope",
        "outcome": "IN_SCOPE",
        "rulebook_digest": RULEBOOK,
        "facts_digest": kept["facts_digest"],
        "request_id": "request-1",
        "decided_at": decided_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    assert "decisions" == said["table"]
    assert {
        "body": text_digest(kept["body"]),
        "facts": text_digest(kept["facts"]),
        "row": text_digest(log.canonical(rest)),
    } == said["covers"]


async def test_what_a_decision_is_about(store: Store) -> None:
    """The entry also says which declaration and which certificate the decision is about, where it is about one."""
    about = {"declaration_digest": "sha256:d", "e_cert_id": "SBX-1"}

    def record(tx: Transaction) -> None:
        keep_rulebook(tx)
        decisions.record(tx, [decision("d1")], about)

    await store.write(record)
    [entry] = await store.read(lambda connection: log.about(connection, TENANT, "decisions/d1"))
    assert about == {name: json.loads(entry.event)[name] for name in about}


async def test_rulebook_is_kept_once(store: Store) -> None:
    """The texts of a rulebook are kept at the first time and never changed."""
    assert await store.write(lambda tx: rulebooks.keep(tx, RULEBOOK, "usmca", "first"))
    assert not await store.write(lambda tx: rulebooks.keep(tx, RULEBOOK, "usmca", "second"))
    kept = await store.read(lambda connection: rulebooks.find(connection, RULEBOOK))
    assert kept is not None
    assert ("usmca", "first") == (kept.name, kept.files)
    assert await store.read(lambda connection: rulebooks.find(connection, "sha256:0")) is None


def request(body_digest: str = "sha256:1", decision_ids: tuple[str, ...] = ("d1",)) -> NewRequest:
    return NewRequest(TENANT, "request-1", "ProcessOrder", body_digest, None, decision_ids)


async def test_request(store: Store) -> None:
    """A request is recorded with the decisions that answered it."""
    recorded, ours = await store.write(lambda tx: requests.record(tx, request()))
    assert (True, ("d1",)) == (ours, recorded.decisions)
    assert recorded == await store.read(lambda connection: requests.find(connection, TENANT, "request-1"))
    assert await store.read(lambda connection: requests.find(connection, "other", "request-1")) is None


async def test_request_or_order_is_met(store: Store) -> None:
    """A request that was recorded is met again, and so is an order that has a case; others of the tenant's are not."""
    case = await placed(store)
    await store.write(lambda tx: requests.record(tx, request()))
    asked = [(TENANT, "request-1", "s", "o"), (TENANT, "request-2", case.site_id, case.order_id),
             ("other", "request-1", case.site_id, case.order_id), (TENANT, "request-2", "s", case.order_id)]  # fmt: skip
    assert [True, True, False, False] == [
        await store.read(lambda connection, one=one: requests.met(connection, *one)) for one in asked
    ]


async def test_request_again(store: Store) -> None:
    """Who comes second with a request's id gets the first one's record."""
    first, _ = await store.write(lambda tx: requests.record(tx, request()))
    assert (first, False) == await store.write(lambda tx: requests.record(tx, request("sha256:2", ())))


async def test_request_is_answered_later(store: Store) -> None:
    """A request that is answered in a second transaction names the decisions of both."""
    await store.write(lambda tx: requests.record(tx, request()))
    await store.write(lambda tx: requests.answer(tx, TENANT, "request-1", ("d1", "d2")))
    found = await store.read(lambda connection: requests.find(connection, TENANT, "request-1"))
    assert found is not None
    assert ("d1", "d2") == found.decisions
