"""Orders that are not wanted any more while something is open: nothing is bought for them, and they come to their end."""



from engine.case import AttemptState, CaseState
from engine.platform import Unknown
from server.workflow.casework import CaseView
from tests.server.workflow.faulty import Faulty
from tests.server.workflow.house import House, more_of_it, order, states


async def superseded(house: House, name: str) -> CaseView:
    """The case after another declaration has come in the place of its own."""
    asked = order("declare-09", change=more_of_it)
    return (await house.declare(name, asked, with_order=True, supersede=True, wait=0)).view


async def planned_again(house: House, fake: Faulty) -> str:
    """The name of a case whose platform never had the first submission; the second is planned, and nobody has it yet."""
    fake.scripted.append(Unknown("the connection was lost"))
    name = (await house.begun(order())).case.name
    await house.reconciled(seconds=60)
    assert [AttemptState.RETRYABLE, AttemptState.PLANNED] == states(await house.case(name))
    return name


async def test_nothing_is_sent_for_what_is_superseded(house: House, fake: Faulty) -> None:
    """A submission that is planned is not sent once its declaration is superseded."""
    name = await planned_again(house, fake)
    await superseded(house, name)
    await house.reconciled(seconds=1)
    view = await house.case(name)
    assert (CaseState.DECLARED, 2, 1) == (
        view.case.state,
        view.case.declaration_version,
        len(fake.submissions),
    )
    assert [AttemptState.RETRYABLE, AttemptState.NOT_SENT] == states(view)


async def test_nothing_is_sent_for_what_is_cancelled(house: House, fake: Faulty) -> None:
    """A submission that is planned is not sent once its order is being cancelled."""
    name = await planned_again(house, fake)
    await house.cancel(name, wait=0)
    await house.reconciled(seconds=1)
    assert (CaseState.CANCELLED, 1) == ((await house.case(name)).case.state, len(fake.submissions))
