"""Another rulebook is served: what a case is bound to stays, what is asked anew is answered by the new one."""

import json

import pytest

from engine.rulebook import Rulebook, load
from server.errors import RulebookNotFound
from server.store import rulebooks
from server.workflow.case_decisions import CaseDecisions
from server.workflow.deciding import Book, Deciding, texts_of
from server.workflow.shelf import Shelf
from tests.server.workflow.house import House, order


def changed(rulebook: Rulebook) -> Rulebook:
    """The rulebook under another title: another digest, the same answers."""
    files = dict(rulebook.files)
    files["rulebook.yaml"] = files["rulebook.yaml"].replace("\ntitle: ", "\ntitle: Another ", 1)
    loaded = load(files)
    assert isinstance(loaded, Rulebook)
    assert loaded.digest != rulebook.digest
    return loaded


async def serve(house: House, rulebook: Rulebook) -> None:
    """Stores the rulebook, and serves it."""
    await house.store.write(lambda tx: rulebooks.keep(tx, rulebook.digest, rulebook.name, texts_of(rulebook)))
    house.deciding.serve(Book(rulebook, house.clock))


def digests(decisions: dict[str, str]) -> set[str]:
    """The rulebooks by which decisions were made, from their bodies."""
    return {json.loads(body)["rulebookDigest"] for body in decisions.values()}


async def test_bound(house: House, rulebook: Rulebook) -> None:
    """The declared order that comes again is decided by the rulebook of its declaration; a new one by the one served."""
    first = await house.process(order())
    await serve(house, changed(rulebook))
    again = await house.process(order("request-2"))
    assert {rulebook.digest} == digests(first.decisions) == digests(again.decisions)
    assert again.view.declaration is not None
    assert rulebook.digest == again.view.declaration.rulebook_digest

    def another(request: object) -> None:
        request.order.order_id = "order-2"  # type: ignore[attr-defined]

    new = await house.process(order("request-3", change=another))
    assert {changed(rulebook).digest} == digests(new.decisions)
    assert new.view.declaration is not None
    assert changed(rulebook).digest == new.view.declaration.rulebook_digest


async def test_decided_again(house: House, rulebook: Rulebook) -> None:
    """Whoever has a case decided again gets what the rulebook says that is served now."""
    first = await house.process(order())
    await serve(house, changed(rulebook))
    again = await house.decide(first.view.case.name)
    assert {changed(rulebook).digest} == digests(again.decisions)


async def test_certificate_comes(rehearsal: House, rulebook: Rulebook) -> None:
    """What follows from a certificate is decided by the rulebook of its declaration, at hand or read again."""
    answer = await rehearsal.process(order())
    await serve(rehearsal, changed(rulebook))
    [attempt] = answer.view.attempts
    other = Deciding(changed(rulebook), rehearsal.clock)
    for deciding in (rehearsal.deciding, other):
        decisions = CaseDecisions(
            rehearsal.store, deciding, Shelf(rehearsal.store, deciding), rehearsal.records
        )
        made = await decisions.with_certificate(attempt, None)
        assert made is not None
        assert rulebook.digest == made.decision.rulebook_digest


async def test_not_stored(house: House) -> None:
    """A rulebook of which nothing is stored is not to be had."""
    with pytest.raises(RulebookNotFound, match="'sha256:0' cannot be asked"):
        await Shelf(house.store, house.deciding).book("sha256:0")
