"""Waiting for one case, without asking for it again and again."""

import asyncio
from dataclasses import dataclass

from engine.case import UNDER_WAY, CaseState
from server.errors import CaseNotFound
from server.store import Store
from server.store.records import CaseRecord
from server.workflow.casework import CaseView, view_by_name
from server.workflow.feed import Feed


@dataclass(frozen=True, slots=True)
class Awaited:
    """What is waited for: that the case leaves the states, or passes the version. Neither: that no work is under way."""

    states: frozenset[CaseState] = frozenset()
    after_version: int | None = None

    def happened(self, case: CaseRecord) -> bool:
        """Whether one of the conditions holds."""
        if self.after_version is not None and case.version > self.after_version:
            return True
        states = self.states or (UNDER_WAY if self.after_version is None else frozenset(CaseState))
        return case.state not in states


async def wait_for_case(
    store: Store, feed: Feed, tenant: str, name: str, awaited: Awaited, seconds: float
) -> tuple[CaseView, bool]:
    """The case once it has happened, or the seconds have passed, or the server stops; and whether it has happened.

    Raises CaseNotFound, ShuttingDown.
    """
    clock = asyncio.get_running_loop().time
    end = clock() + seconds
    with feed.interest(tenant, frozenset({name})) as interest:
        while True:
            interest.begin()
            view = await store.read(lambda c: view_by_name(c, tenant, name))
            if view is None:
                raise CaseNotFound(name)
            happened = awaited.happened(view.case)
            left = end - clock()
            if happened or left <= 0 or feed.ended:
                return view, happened
            await interest.wait(left)
