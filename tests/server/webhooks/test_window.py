"""The window over the log: order within a case, what a cursor may pass, and bounds."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.store.events import EventRecord
from server.webhooks.backoff import pause
from server.webhooks.window import MOST_AHEAD, MOST_OPEN, Window

AT = datetime(2026, 7, 1, tzinfo=UTC)


def event(position: int, case: str = "a") -> EventRecord:
    return EventRecord(position, case, "shop", "order", AT, "{}")


def filled(*cases: str, start: int = 0) -> Window:
    """A window with an event of each case named, in that order."""
    window = Window(start)
    window.add([event(start + number, case) for number, case in enumerate(cases)], start + len(cases))
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


def test_passes_what_is_settled() -> None:
    """The cursor stands at the first event that is not settled, and behind what was read where there is none."""
    window = filled("a", "b", "c", start=5)
    stuck = window.ready(0)
    assert stuck is not None
    stuck.due = 10.0
    for expected in (6, 7):
        assert expected == position(window)
        settled = window.ready(0)
        assert settled is not None
        window.settle(settled)
    assert (5, None, 10.0, 5) == (window.position, position(window), window.rest(0), position(window, 10.0))
    window.settle(stuck)
    assert (8, None) == (window.position, window.rest(0))


def test_settled_before() -> None:
    """What was settled ahead of the cursor is not delivered when it is read again."""
    window = Window(3, {4})
    window.add([event(3, "a"), event(4, "b"), event(5, "c")], 6)
    settled = window.ready(0)
    assert settled is not None
    window.settle(settled)
    assert (5, 5) == (position(window), window.position)


def test_full() -> None:
    """No more is read while too much is open, or too much is settled ahead of an event that is not taken."""
    assert not filled(*"a" * (MOST_OPEN - 1)).full
    assert filled(*"a" * MOST_OPEN).full
    assert Window(0, range(1, MOST_AHEAD + 1)).full


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
            assert all(
                each.position in {one.position for one in settled}
                for each in map(event, range(window.position))
            )
    while under_way:
        settled.append(under_way[0].record)
        window.settle(under_way.pop(0))
    for case in "abc":
        expected = [number for number, each in enumerate(cases) if each == case]
        assert expected == [each.position for each in settled if each.case_name == case]
    assert len(cases) == window.position


def test_pauses() -> None:
    """Pauses double up to a bound, are drawn from all of that, and are at least what was asked for."""
    longest = timedelta(seconds=5)
    drawn = [pause(tries, longest, chance=lambda: 1.0).total_seconds() for tries in (1, 2, 3, 4, 5, 10**9)]
    assert [1, 2, 4, 5, 5, 5] == drawn
    assert timedelta(seconds=2) == pause(3, longest, chance=lambda: 0.5)
    assert timedelta(seconds=9) == pause(3, longest, timedelta(seconds=9), chance=lambda: 0.5)
    assert timedelta() == pause(3, longest, chance=lambda: 0.0)
