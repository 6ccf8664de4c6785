"""No commit and no send is forgotten: whatever the server's code writes or sends has a name, and points before and after."""

from collections import Counter

import pytest

from server.platforms.manifest import OperationName
from tests.system.crash.points import COMMIT, FIRST_START, POINTS, SEND, turn
from tests.system.crash.steps import COMMITS, DELIVER, NOT_REACHED, NOT_SENT, SENDS, SWEEP, commit_at, sites
from tests.system.crash.stories import STORIES

MOMENTS = {(point.name, point.when) for point in (*POINTS, *FIRST_START)}


def test_each_commit_has_a_name() -> None:
    """A call of Store.write that is new, or gone, has its name in COMMITS, or its name taken away there."""
    assert Counter({key: len(names) for key, names in COMMITS.items()}) == Counter(
        site.key for site in sites()
    )


def test_commit_at_a_line() -> None:
    """Who writes is known by its line, wherever in the call that is; a line that writes nothing has no name."""
    site = next(site for site in sites() if site.key.endswith("Ending.cancel"))
    file = str(__import__("server").__path__[0]).removesuffix("server") + site.file
    assert {"cancel"} == {commit_at(file, line) for line in range(site.first, site.last + 1)}
    with pytest.raises(LookupError):
        commit_at(file, site.last + 1)


def test_each_commit_has_points() -> None:
    """A server is killed before and after each commit that has a name."""
    names = {name for names in COMMITS.values() for name in names}
    assert set() == {(name, when) for name in names - set(NOT_REACHED) for when in COMMIT} - MOMENTS
    assert set() == {name for name, _ in MOMENTS} & set(NOT_REACHED)


def test_each_send_has_points() -> None:
    """A server is killed before, in and after each send: every operation of a platform, the sweep, and webhooks."""
    assert {operation.value for operation in OperationName} == set(SENDS) | set(NOT_SENT)
    sends = {*SENDS.values(), SWEEP, DELIVER}
    assert set() == {(send, when) for send in sends for when in SEND} - MOMENTS


def test_turns() -> None:
    """One turn of the short form after the other comes to each point, and each has its story."""
    rounds = -(-len(POINTS) // 12)
    assert set(POINTS) == {point for number in range(rounds) for point in turn(number, 12)}
    assert len(POINTS) == len(set(POINTS))
    assert {point.story for point in POINTS} == set(STORIES)
