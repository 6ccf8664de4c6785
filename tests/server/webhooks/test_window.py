"""The window over the log: order within a case, what is left open, and bounds."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.store.events import EventRecord
from server.webhooks.backoff import pause
from server.webhooks.window import MOST_OPEN, Window

AT = datetime(2026, 7, 1, tzinfo=UTC)


def event(position: int, case: str = "a") -> EventRecord:
    return EventRecord(position, case, "shop", "order", AT, "{}", "{}")


def filled(*cases: str) -> Window:
    """A window with an event of each case named, in that order."""
    window = Window(0)
    window.add([event(number, case) for number, case in enumerate(cases)], len(cases))
    return window


def position(window: Window, now: float = 0.0) -> int | None:
    """Where the event is that may be delivered now."""
    waiting = window.ready(now)
    return None if waiting is None else waiting.record.position


def test_one_of_a_case() -> None:
    """Of each case one event is ready, the next once that one is settled."""
    window = filled("a", "a", "b")
    first = window.ready(0)
    assert first is not None
    first.under_way = True
    assert 2 == position(window)
    window.settle(first)
    assert 1 == position(window)


def test_passes_what_is_stuck() -> None:
    """An event that is not taken holds up nothing of other cases; what is open is told exactly."""
    window = filled("a", "b", "c")
    stuck = window.ready(0)
    assert stuck is not None
    stuck.due = 10.0
    for expected in (1, 2):
        assert expected == position(window)
        settled = window.ready(0)
        assert settled is not None
        window.settle(settled)
    assert ((0,), 3, None, 10.0, 0) == (
        window.open, window.next, position(window), window.rest(0), position(window, 10.0),
    )  # fmt: skip
    window.settle(stuck)
    assert ((), 3, None) == (window.open, window.next, window.rest(0))


def test_begun_again() -> None:
    """A window goes on with what was left open, before what it reads."""
    window = Window(9, [event(3, "a"), event(5, "b")])
    window.add([event(9, "a")], 10)
    assert ((3, 5, 9), 3) == (window.open, position(window))


def test_full() -> None:
    """No more is read while too much is open."""
    assert not filled(*"a" * (MOST_OPEN - 1)).full
    assert filled(*"a" * MOST_OPEN).full


@given(
    st.lists(st.sampled_from("abc"), max_size=30),
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=200),
)
def test_order(cases: list[str], steps: list[tuple[int, bool]]) -> None:
    """However many are under way and in whatever order they end, a case's events are settled in order, each once."""
    window, under_way, settled = filled(*cases), [], []
    for number, begins in steps + [(0, True), (0, False)] * len(cases):
        if begins and (waiting := window.ready(0)) is not None:
            waiting.under_way = True
            under_way.append(waiting)
        elif under_way:
            ended = under_way.pop(number % len(under_way))
            window.settle(ended)
            settled.append(ended.record)
            assert set(range(len(cases))) - {one.position for one in settled} == set(window.open)
    while under_way:
        settled.append(under_way[0].record)
        window.settle(under_way.pop(0))
    for case in "abc":
        expected = [number for number, each in enumerate(cases) if each == case]
        assert expected == [each.position for each in settled if each.case_name == case]
    assert () == window.open


def test_pauses() -> None:
    """Pauses double up to a bound, are drawn from all of that, and are at least what was asked for."""
    longest = timedelta(seconds=5)
    drawn = [pause(tries, longest, chance=lambda: 1.0).total_seconds() for tries in (1, 2, 3, 4, 5, 10**9)]
    assert [1, 2, 4, 5, 5, 5] == drawn
    assert timedelta(seconds=2) == pause(3, longest, chance=lambda: 0.5)
    assert timedelta(seconds=9) == pause(3, longest, timedelta(seconds=9), chance=lambda: 0.5)
    assert timedelta() == pause(3, longest, chance=lambda: 0.0)
