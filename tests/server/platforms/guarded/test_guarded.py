"""A platform that is asked with care: what is sent again, and what is not sent at all."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.certificate import ECertId
from engine.declaration import digest
from engine.platform import (
    Idempotency,
    Issued,
    LookupAnswer,
    Misconfigured,
    NotFound,
    NotSent,
    Outcome,
    Pending,
    Reference,
    Rejected,
    Rejection,
    Retryable,
    Review,
    StatusAnswer,
    Submission,
    Told,
    Unknown,
)
from server.platforms.guarded import Care, Guarded
from server.platforms.guarded.pauses import Pauses
from tests.server.platforms.fake import FakePlatform

BUSY, OFF, LOST = Retryable("busy", None), NotSent("no connection"), Unknown("the connection was lost")
CONTENT = {"order": {"lines": {"1": {}, "2": {}, "3": {}}}}
# Ten calls are enough to tell, and nothing is sent again.
TEN = Care(tries=1, least_calls=10)
SAFE_AGAIN = (Retryable, NotSent)


class Scene:
    """A guarded platform in memory, whose seconds pass only while it sleeps."""

    def __init__(self, care: Care | None = None, **can: Any) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.platform = Counting()
        self.platform.capabilities = replace(
            self.platform.capabilities, **({"idempotency": Idempotency.KEY} | can)
        )
        care = care or Care()
        self.guarded = Guarded(
            self.platform,
            care,
            monotonic=lambda: self.now,
            sleep=self.sleep,
            pauses=Pauses(care, random=lambda: 0.5),
        )

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def submits(self, *answers: Outcome, left: float = 10.0, in_time: bool = True) -> Outcome:
        """One submission, whose sendings are answered so."""
        self.platform.scripted.clear()
        self.platform.scripted.extend(answers)
        ends = self.now + left
        reference = Reference(f"og-{len(self.platform.submissions)}")
        return await self.guarded.submit(
            Submission(reference, digest(CONTENT), CONTENT, lambda: in_time, lambda: ends - self.now)
        )

    @property
    def sent(self) -> int:
        """How often anything was submitted."""
        return len(self.platform.submissions)


class Counting(FakePlatform):
    """Counts what it is asked at the same time, and answers only when it is awake."""

    def __init__(self) -> None:
        super().__init__()
        self.awake = asyncio.Event()
        self.awake.set()
        self.asked = self.at_once = self.most = 0
        self.lost = False

    async def _busy(self) -> None:
        self.asked += 1
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await self.awake.wait()
        finally:
            self.at_once -= 1

    async def submit(self, submission: Submission) -> Outcome:
        await self._busy()
        return await super().submit(submission)

    async def lookup(self, reference: Reference) -> LookupAnswer:
        await self._busy()
        return LOST if self.lost else await super().lookup(reference)

    async def status(self, e_cert_id: ECertId) -> StatusAnswer:
        await self._busy()
        return LOST if self.lost else await super().status(e_cert_id)


async def test_again() -> None:
    """What is known not processed is sent again under the same reference, after a part of a time that doubles."""
    scene = Scene()
    assert Issued is type(await scene.submits(BUSY, OFF))
    assert 1 == len({submission.reference for submission in scene.platform.submissions})
    assert [0.1, 0.2] == scene.slept


async def test_three_times() -> None:
    """After three tries the last answer stands."""
    scene = Scene()
    assert OFF == await scene.submits(BUSY, BUSY, OFF)
    assert 3 == scene.sent


async def test_as_long_as_it_wants() -> None:
    """A platform that says when to come again is not asked before that."""
    scene = Scene()
    await scene.submits(Retryable("busy", timedelta(seconds=3)))
    assert [3.1] == scene.slept


async def test_no_time_to_wait() -> None:
    """Where waiting would leave less than half of an answer's time, it is not sent again."""
    scene = Scene()
    late = Retryable("busy", timedelta(seconds=9.5))
    assert (late, 1, []) == (await scene.submits(late), scene.sent, scene.slept)


async def test_not_again_past_the_lease() -> None:
    """Where it is too late to send, nothing is sent again, and the platform is not blamed."""
    scene = Scene()
    for _ in range(30):
        assert NotSent is type(await scene.submits(OFF, in_time=False))
    assert [] == scene.slept
    assert Issued is type(await scene.submits())


@pytest.mark.parametrize(
    "answer",
    [
        LOST,
        Misconfigured("no account"),
        Review("an officer"),
        Pending(timedelta(1)),
        Rejected((Rejection("X", "", ""),)),
    ],
)
async def test_not_again(answer: Outcome) -> None:
    """What the platform has, may have or refuses is not sent again."""
    scene = Scene()
    assert (answer, 1) == (await scene.submits(answer), scene.sent)


async def test_without_idempotency() -> None:
    """Where a reference cannot be used twice only what never left is sent again."""
    scene = Scene(idempotency=Idempotency.NONE)
    assert (BUSY, 1) == (await scene.submits(BUSY), scene.sent)
    assert Issued is type(await scene.submits(OFF))


ANSWERS = st.sampled_from([BUSY, OFF, LOST, Misconfigured(""), Review(""), Pending(timedelta(1)), None])


@given(st.lists(st.lists(ANSWERS, max_size=4), max_size=40), st.sampled_from([*Idempotency]))
def test_laws_of_sending_again(submissions: list[list[Outcome | None]], idempotency: Idempotency) -> None:
    """Nothing is sent again but after what is safe, never more than three times, and within the budget."""

    async def run() -> None:
        scene = Scene(Care(least_calls=10_000), idempotency=idempotency)
        retries = 0
        for count, answers in enumerate(submissions, start=1):
            before = scene.sent
            given_ = [answer for answer in answers if answer is not None]
            await scene.submits(*given_)
            sent = scene.sent - before
            assert 1 <= sent <= 3
            assert all(isinstance(answer, SAFE_AGAIN) for answer in given_[: sent - 1])
            if idempotency is Idempotency.NONE:
                assert all(isinstance(answer, NotSent) for answer in given_[: sent - 1])
            retries += sent - 1
            assert retries <= max(3, 0.2 * count)

    asyncio.run(run())


async def test_open() -> None:
    """After ten failures nothing is sent, at once; later one probe is."""
    scene = Scene(TEN)
    for _ in range(10):
        await scene.submits(LOST)
    answer = await scene.submits()
    assert (NotSent, 10) == (type(answer), scene.sent)
    assert "too many answers to submit failed or were slow" in answer.because  # type: ignore[union-attr]
    scene.now += 5.0
    assert Issued is type(await scene.submits())


async def test_operations_apart() -> None:
    """Where submissions fail, statuses are asked for as before."""
    scene = Scene(TEN)
    for _ in range(10):
        await scene.submits(LOST)
    assert NotFound() == await scene.guarded.status(ECertId("X"))


async def test_not_asked() -> None:
    """Where look-ups fail they are not asked any more, which says nothing of the certificate."""
    scene = Scene(TEN)
    scene.platform.lost = True
    answers = [await scene.guarded.lookup(Reference("og-1")) for _ in range(11)]
    assert ([LOST] * 10, NotSent, 10) == (answers[:10], type(answers[10]), scene.platform.asked)


@pytest.mark.parametrize(("refusals_fail", "sent"), [(True, 10), (False, 20)])
async def test_refusals(refusals_fail: bool, sent: int) -> None:
    """A platform that says it is busy is left alone after a while, unless that is not to count."""
    scene = Scene(Care(tries=1, least_calls=10, refusals_fail=refusals_fail))
    for _ in range(20):
        await scene.submits(BUSY)
    assert sent == scene.sent


async def test_rejections_do_not_count() -> None:
    """A platform that rejects everything is well."""
    scene = Scene()
    for _ in range(30):
        await scene.submits(Rejected((Rejection("X", "", ""),)))
    assert 30 == scene.sent


async def test_broken_off() -> None:
    """Calls that we broke off when they were slow already count against the platform; quick ones do not."""
    scene = Scene(TEN)
    scene.platform.awake.clear()
    for seconds, expected in [(0.1, 15), (0.6, 25)]:
        for _ in range(15):
            asks = asyncio.create_task(scene.guarded.status(ECertId("X")))
            await asyncio.sleep(0)
            scene.now += seconds
            asks.cancel()
            await asyncio.gather(asks, return_exceptions=True)
        assert expected == scene.platform.asked


async def test_adapter_that_never_answers() -> None:
    """An adapter that does not hold to its own send timeout is held to it."""
    scene = Scene(send_timeout=timedelta(seconds=0.01))
    scene.platform.awake.clear()
    assert Unknown("no answer came within 0.01 s") == await scene.guarded.lookup(Reference("og-1"))


async def test_adapter_that_breaks() -> None:
    """An adapter that fails itself counts against its platform, and what it raised is not hidden."""
    scene = Scene(TEN)
    scene.platform.awake = None  # type: ignore[assignment]
    for _ in range(10):
        with pytest.raises(AttributeError):
            await scene.guarded.status(ECertId("X"))
    assert NotSent is type(await scene.guarded.status(ECertId("X")))


@pytest.mark.parametrize(("sharers", "most"), [(1, 4), (2, 2), (8, 1)])
async def test_calls_at_once(sharers: int, most: int) -> None:
    """Never more are asked at the same time than the platform takes, shared among processes; others wait in turn."""
    scene = Scene(calls_at_once=4)
    guarded = Guarded(scene.platform, sharers=sharers)
    scene.platform.awake.clear()
    asks = [asyncio.create_task(guarded.status(ECertId("X"))) for _ in range(5)]
    await asyncio.sleep(0)
    scene.platform.awake.set()
    assert [NotFound()] * 5 == await asyncio.gather(*asks)
    assert most == scene.platform.most


async def test_queue_full() -> None:
    """Beyond four that wait for each place, nothing is sent."""
    scene = Scene(calls_at_once=1)
    scene.platform.awake.clear()
    asks = [asyncio.create_task(scene.submits()) for _ in range(6)]
    await asyncio.sleep(0)
    assert asks[5].done()
    scene.platform.awake.set()
    answers = await asyncio.gather(*asks)
    assert [False] * 5 + [True] == [isinstance(answer, NotSent) for answer in answers]


async def test_calls_a_second() -> None:
    """Calls beyond the rate wait for their second, and are not made where they would be too late."""
    scene = Scene(calls_a_second=2.0)
    answers = [await scene.submits(left=2.0) for _ in range(5)]
    assert ([1.0, 1.0], 5) == (scene.slept, sum(not isinstance(answer, NotSent) for answer in answers))
    slow = Scene(calls_a_second=0.1)
    assert [Issued, NotSent] == [type(await slow.submits(left=2.0)) for _ in range(2)]


async def test_too_many_lines() -> None:
    """A declaration with more lines than the platform takes is rejected by us, with a code of ours; nothing is sent."""
    scene = Scene(most_lines=2)
    answer = await scene.submits()
    assert isinstance(answer, Rejected)
    assert ("ORIGIN_GATE_TOO_MANY_LINES", 0) == (answer.codes[0].code, scene.sent)
    assert "at most 2 order lines, and there are 3" in answer.codes[0].text
    assert isinstance(await Scene(most_lines=3).submits(), Issued)


async def test_the_rest_of_the_port() -> None:
    """It is the platform that it guards, in all else."""
    scene = Scene()
    issued = await scene.submits()
    assert isinstance(issued, Issued)
    told = await scene.guarded.status(issued.e_cert_id)
    keys = await scene.guarded.keys()
    assert (True, True) == (isinstance(told, Told), "fake-1" in keys)
    assert scene.platform.name == scene.guarded.name
    assert (await scene.guarded.health()).up
    await scene.guarded.void(issued.e_cert_id, "not wanted")
    assert "REVOKED" == (await scene.guarded.status(issued.e_cert_id)).status  # type: ignore[union-attr]


@pytest.mark.parametrize(("life", "sent"), [(1.0, 1), (1.2, 2), (2.0, 3)])
async def test_within_the_life_of_the_key(life: float, sent: int) -> None:
    """What may have arrived is sent again only where the platform still knows the key when that arrives at the latest."""
    scene = Scene(idempotency_life=timedelta(seconds=life))
    await scene.submits(BUSY, BUSY, BUSY)
    assert sent == scene.sent


async def test_the_life_begins_with_what_may_have_arrived() -> None:
    """What never left began no life: it is sent again however long ago it was tried."""
    scene = Scene(idempotency_life=timedelta(seconds=1))
    await scene.submits(OFF, OFF, BUSY)
    assert 3 == scene.sent


async def test_replacing() -> None:
    """Replacing is asked for with the same care as submitting, and by a breaker of its own."""
    scene = Scene(TEN, replace=True)
    scene.platform.scripted.extend([LOST] * 10)
    submission = Submission(Reference("og-1"), digest(CONTENT), CONTENT)
    answers = [await scene.guarded.replace(submission, ECertId("FAKE-1")) for _ in range(11)]
    assert ([LOST] * 10, NotSent) == (answers[:10], type(answers[10]))
    assert isinstance(await scene.submits(), Issued)


async def test_replacing_again() -> None:
    """So it is sent again where it surely was not processed."""
    scene = Scene(replace=True)
    issued = await scene.submits()
    assert isinstance(issued, Issued)
    scene.platform.scripted.extend([BUSY, OFF])
    submission = Submission(Reference("og-x"), digest(CONTENT), CONTENT)
    assert isinstance(await scene.guarded.replace(submission, issued.e_cert_id), Issued)
    assert [issued.e_cert_id] * 3 == scene.platform.to_replace
