"""Orders at a platform whose certificates are bound by fields: signed, or proved by a recorded status."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from engine.case import AttemptState, CaseState
from engine.platform import Binding, ProofKind
from engine.rulebook import Rulebook
from engine.verification import Verdict, Verification
from server.errors import CertificateUnproved
from server.sandbox import Sandbox, SandboxSettings, start_sandbox
from server.store import Store
from server.workflow.verifying import Verifying, Wanted
from tests.server.platforms.by_fields import FIELDS, asking_by_fields
from tests.server.workflow.house import (
    TENANT,
    Change,
    Clock,
    House,
    as_it_is,
    more_of_it,
    order,
    sites,
    states,
)
from tests.server.workflow.test_operating import adopt, mark_void


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    """A sandbox whose certificates say fields."""
    running = await start_sandbox(SandboxSettings(clock=clock, by_fields=True))
    yield running
    await running.stop()


@pytest.fixture(params=list(ProofKind))
async def house(
    request: pytest.FixtureRequest, sandbox: Sandbox, store: Store, rulebook: Rulebook, clock: Clock
) -> AsyncIterator[House]:
    """A server that asks that sandbox, by signed proofs or by recorded statuses."""
    async with asking_by_fields(sandbox.url, request.param, clock) as platform:
        house = House(store, rulebook, clock, (platform,), sites("sandbox"))
        yield house
        await house.tasks.finish(0)


recorded = pytest.mark.parametrize("house", [ProofKind.STATUS], indirect=True)


async def post(sandbox: Sandbox, path: str, **body: object) -> Any:
    """Posts to one of the sandbox's addresses for tests."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sandbox.url}{path}", data=json.dumps(body)) as response,
    ):
        return await response.json()


async def issued_id(sandbox: Sandbox) -> str:
    """The e-Cert ID of the one certificate that the sandbox issued."""
    async with aiohttp.ClientSession() as session, session.get(f"{sandbox.url}/ledger") as response:
        [entry] = (await response.json())["entries"]
        return str(entry["e_cert_id"])


async def verified(house: House, e_cert_id: str, proof: str = "", change: Change = as_it_is) -> Verification:
    """The five parts for the first example, changed."""
    verifying = Verifying(house.store, house.platforms, house.clock, patience=5)
    intake = house.intake(order(change=change))
    return await verifying.verify(Wanted(TENANT, e_cert_id, "", proof, intake.content, None))


async def test_certified(house: House) -> None:
    """A certificate whose fields agree is adopted, with the fields that were compared."""
    answer = await house.process(order())
    held = answer.view.certificate
    assert held is not None
    assert (CaseState.CERTIFIED, Binding.CLAIMS, list(FIELDS)) == (
        answer.view.case.state,
        held.binding,
        json.loads(held.compared or ""),
    )


@recorded
async def test_recorded(house: House) -> None:
    """The proof that is kept is the platform's answer to a status query, with its time; no key verifies it."""
    answer = await house.process(order())
    held = answer.view.certificate
    assert held is not None
    record = json.loads(held.proof)
    assert (answer.e_cert_id, house.clock.now.isoformat(), None) == (
        record["e_cert_id"],
        record["at"],
        held.key,
    )


async def test_other_good(house: House, sandbox: Sandbox) -> None:
    """A certificate that says another good is for a person, with the good and the field in words."""
    await post(sandbox, "/faults", fault="wrong_digest")
    view = await house.begun(order())
    assert (CaseState.MANUAL, AttemptState.UNPROVED) == (view.case.state, view.attempts[-1].state)
    assert "good 1, hs: was 000000, is 721320" in view.attempts[-1].because


async def test_lost_reply(house: House, sandbox: Sandbox) -> None:
    """What a look-up brings is held against the declaration as we recorded it, and adopted."""
    await post(sandbox, "/faults", fault="drop_reply")
    view = await house.begun(order())
    assert CaseState.RECONCILING == view.case.state
    await house.reconciled(seconds=60)
    assert CaseState.CERTIFIED == (await house.case(view.case.name)).case.state


@recorded
async def test_status_not_told(house: House, sandbox: Sandbox) -> None:
    """While the platform does not tell the status nothing is adopted; once it does, the certificate is."""
    await post(sandbox, "/faults", fault="down", operation="status")
    view = await house.begun(order())
    assert (CaseState.VERIFYING, None) == (view.case.state, view.certificate)
    assert (AttemptState.PENDING, True) == (
        view.attempts[0].state,
        "does not tell the status" in view.attempts[0].because,
    )
    await house.reconciled(seconds=60)
    assert CaseState.CERTIFIED == (await house.case(view.case.name)).case.state


@recorded
async def test_known_later(house: House, sandbox: Sandbox) -> None:
    """A certificate that is issued and not known for a moment, within the settle time, is adopted."""
    await post(sandbox, "/faults", fault="lag", seconds=8)
    view = await house.begun(order())
    await house.reconciled(seconds=6)
    view = await house.case(view.case.name)
    assert (CaseState.VERIFYING, [AttemptState.PENDING]) == (view.case.state, states(view))
    await house.reconciled(seconds=6)
    assert CaseState.CERTIFIED == (await house.case(view.case.name)).case.state


@recorded
async def test_issued_and_not_known(house: House, sandbox: Sandbox) -> None:
    """Of what the platform said it issued "not found" is not believed: nothing is sent again, a person is asked."""
    await post(sandbox, "/faults", fault="lag", seconds=60)
    name = (await house.begun(order())).case.name
    await house.reconciled(seconds=20)
    view = await house.case(name)
    assert (CaseState.MANUAL, [AttemptState.UNPROVED]) == (view.case.state, states(view))
    assert "now the platform says that it does not know it" in view.attempts[0].because
    e_cert_id = await issued_id(sandbox)
    assert e_cert_id in view.attempts[0].because
    await house.reconciled(seconds=60)
    await adopt(house, name, e_cert_id, "")
    assert CaseState.CERTIFIED == (await house.case(name)).case.state


@recorded
async def test_status_never_told(house: House, sandbox: Sandbox) -> None:
    """Where the platform's window is over, and it still does not tell the status, it is for a person."""
    await post(sandbox, "/faults", fault="down", operation="status", times=None)
    name = (await house.begun(order())).case.name
    await house.reconciled(seconds=20 * 86400)
    assert CaseState.VERIFYING == (await house.case(name)).case.state
    await house.reconciled(seconds=11 * 86400)
    view = await house.case(name)
    assert (CaseState.MANUAL, AttemptState.UNPROVED) == (view.case.state, view.attempts[-1].state)


@recorded
async def test_revoked_at_once(house: House, sandbox: Sandbox) -> None:
    """A certificate that is not in force when it is asked about is for a person."""
    await post(sandbox, "/faults", fault="late_revocation")
    view = await house.begun(order())
    assert (CaseState.MANUAL, None) == (view.case.state, view.certificate)
    assert "is REVOKED" in view.attempts[-1].because


@recorded
async def test_proof_of_the_operator(house: House, sandbox: Sandbox) -> None:
    """Whatever an operator brings, only what the platform tells now is looked at."""
    await post(sandbox, "/faults", fault="wrong_digest")
    name = (await house.begun(order())).case.name
    e_cert_id = await issued_id(sandbox)
    made_up = {"status": "active", "certified": {"order_number": "AN-1001"}}
    record = {"asked": "status", "platform": "sandbox", "e_cert_id": e_cert_id, "body": json.dumps(made_up)}
    with pytest.raises(CertificateUnproved, match="good 1, hs"):
        await adopt(house, name, e_cert_id, json.dumps(record | {"at": house.clock.now.isoformat()}))
    await mark_void(house, name)


async def test_verified(house: House) -> None:
    """A certificate matches by its fields, which are named."""
    e_cert_id = (await house.process(order())).e_cert_id or ""
    found = await verified(house, e_cert_id)
    assert (Verdict.GOOD, Verdict.GOOD) == (found.document.verdict, found.match.verdict)
    assert f"The proof says the same of {', '.join(FIELDS)}." == found.match.because


async def test_verified_for_other_content(house: House) -> None:
    """For other content it does not match, and the line and field are named."""
    e_cert_id = (await house.process(order())).e_cert_id or ""
    found = await verified(house, e_cert_id, change=more_of_it)
    assert Verdict.BAD == found.match.verdict
    assert ["line 2, quantity: was 4, is 40"] == list(map(str, found.differences))


@recorded
async def test_verified_by_a_made_up_record(house: House) -> None:
    """A recorded answer that a caller brings is no proof."""
    answer = await house.process(order())
    held = answer.view.certificate
    assert held is not None
    made_up = replace(held, proof=held.proof.replace("721320", "721391"))
    found = await verified(house, answer.e_cert_id or "", made_up.proof)
    assert Verdict.NOT_EXAMINED == found.document.verdict
