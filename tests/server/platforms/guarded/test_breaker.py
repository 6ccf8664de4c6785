"""When a breaker lets calls through; time passes only where a test says so."""

from hypothesis import given
from hypothesis import strategies as st

from server.platforms.guarded.breaker import Breaker, BreakerState, Permit, Verdict
from server.platforms.guarded.care import Care

CARE = Care(window=60.0, least_calls=10, rest=5.0, longest_rest=60.0, probes=3)
SLOW = 2.0


class Stand:
    """A breaker, its clock, and what it told."""

    def __init__(self, care: Care = CARE) -> None:
        self.now = 0.0
        self.told: list[BreakerState] = []
        self.breaker = Breaker(care, SLOW, lambda: self.now, self.told.append)

    def call(self, verdict: Verdict = Verdict.GOOD, seconds: float = 0.1) -> bool:
        """One call that ends so; whether it was let through."""
        permit = self.breaker.admit()
        if permit is not None:
            self.breaker.ended(permit, verdict, seconds)
        return permit is not None

    def calls(self, count: int, verdict: Verdict = Verdict.GOOD, seconds: float = 0.1) -> int:
        """How many of so many calls were let through."""
        return sum(self.call(verdict, seconds) for _ in range(count))

    def opened(self) -> "Stand":
        """The same, after nothing but failures."""
        self.calls(10, Verdict.BAD)
        return self


def test_opens_on_failures() -> None:
    """Half of the calls failed, of ten at least: no more are made."""
    stand = Stand()
    stand.calls(5)
    assert (4, BreakerState.CLOSED) == (stand.calls(4, Verdict.BAD), stand.breaker.state)
    assert (1, BreakerState.OPEN) == (stand.calls(3, Verdict.BAD), stand.breaker.state)


def test_few_calls_say_nothing() -> None:
    """Nine failures are too few to tell."""
    stand = Stand()
    stand.calls(9, Verdict.BAD)
    assert BreakerState.CLOSED == stand.breaker.state


def test_opens_on_slow_calls() -> None:
    """Four of five calls were slow, though each was answered."""
    stand = Stand()
    stand.calls(2)
    stand.calls(7, seconds=SLOW)
    assert BreakerState.CLOSED == stand.breaker.state
    stand.calls(1, seconds=SLOW)
    assert BreakerState.OPEN == stand.breaker.state


def test_old_calls_say_nothing() -> None:
    """What failed more than a minute ago does not count."""
    stand = Stand()
    stand.calls(9, Verdict.BAD)
    stand.now = 60.0
    stand.calls(9, Verdict.BAD)
    assert BreakerState.CLOSED == stand.breaker.state


def test_calls_that_say_nothing() -> None:
    """Calls that were never made, or that we broke off, neither open it nor count as calls."""
    stand = Stand()
    stand.calls(9, Verdict.BAD)
    stand.calls(100, Verdict.NONE)
    assert BreakerState.CLOSED == stand.breaker.state
    stand.call(Verdict.BAD)
    assert BreakerState.OPEN == stand.breaker.state


def test_one_probe_at_a_time() -> None:
    """After its rest it lets one call through; the others have to wait for what comes of it."""
    stand = Stand().opened()
    assert stand.breaker.admit() is None
    stand.now = 5.0
    probes = [stand.breaker.admit() for _ in range(50)]
    assert 1 == sum(probe is not None for probe in probes)


def test_closes_after_three_probes() -> None:
    """Three probes that succeed close it, and everything goes through again."""
    stand = Stand().opened()
    stand.now = 5.0
    assert (3, BreakerState.CLOSED) == (stand.calls(3), stand.breaker.state)
    assert [BreakerState.OPEN, BreakerState.CLOSED] == stand.told


def test_probe_that_fails() -> None:
    """One probe that fails, or is slow, opens it again, for twice as long each time and a minute at most."""
    stand = Stand().opened()
    rests = []
    for verdict, seconds in [(Verdict.BAD, 0.1), (Verdict.GOOD, SLOW), *[(Verdict.BAD, 0.1)] * 3]:
        began = stand.now
        while not stand.call(verdict, seconds):
            stand.now += 1.0
        rests.append(stand.now - began)
    assert [5.0, 10.0, 20.0, 40.0, 60.0] == rests


def test_probe_that_says_nothing() -> None:
    """A probe that was never made gives its turn to another."""
    stand = Stand().opened()
    stand.now = 5.0
    assert (True, True) == (stand.call(Verdict.NONE), stand.call())


def test_late_news() -> None:
    """What comes of a call that began before it opened neither closes it nor counts once it has closed."""
    stand = Stand()
    late = [stand.breaker.admit() for _ in range(20)]
    stand.opened()
    stand.now = 5.0
    for permit in late[:10]:
        assert permit is not None
        stand.breaker.ended(permit, Verdict.GOOD, 0.1)
    assert BreakerState.HALF_OPEN == stand.breaker.state
    stand.calls(3)
    for permit in late[10:]:
        assert permit is not None
        stand.breaker.ended(permit, Verdict.BAD, 0.1)
    assert BreakerState.CLOSED == stand.breaker.state


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["admit", "end"]),
        st.sampled_from([*Verdict]),
        st.sampled_from([0.1, SLOW]),
        st.sampled_from([0.0, 0.0, 0.0, 1.0, 5.0, 70.0]),
    ),
    max_size=120,
)


@given(STEPS)
def test_never_stuck(steps: list[tuple[str, Verdict, float, float]]) -> None:
    """Whatever happens: while it rests nothing goes through, never two probes, and in the end it closes again."""
    stand = Stand(Care(least_calls=4, rest=5.0))
    out: list[Permit] = []
    for step, verdict, seconds, passes in steps:
        stand.now += passes
        if step == "end" and out:
            stand.breaker.ended(out.pop(0), verdict, seconds)
            continue
        state, permit = stand.breaker.state, stand.breaker.admit()
        assert not (state is BreakerState.OPEN and permit)
        if permit is not None:
            assert (state is BreakerState.HALF_OPEN) == permit.probe
            assert not (permit.probe and any(one.probe and one.era == permit.era for one in out))
            out.append(permit)
    for permit in out:
        stand.breaker.ended(permit, Verdict.GOOD, 0.1)
    stand.now += 60.0
    stand.calls(3)
    assert BreakerState.CLOSED == stand.breaker.state
