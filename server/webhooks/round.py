"""One round of deliveries to an endpoint: several at once, those of a case one after the other."""

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from server.store import Transaction, dead_letters
from server.store.dead_letters import DeadLetter, NewDeadLetter
from server.webhooks.backoff import pause
from server.webhooks.endpoints import Endpoint
from server.webhooks.sending import Answer, Delivered, Failed, Refused, Sender
from server.webhooks.window import Waiting, Window
from server.wire.webhooks import message_of

log = structlog.get_logger("webhooks")


class Round:
    """Delivers what is ready until nothing is, the endpoint takes nothing, or `may_begin` says no.

    What came of it is in its fields, to be recorded together.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        sender: Sender,
        clock: Callable[[], datetime],
        may_begin: Callable[[], bool],
    ) -> None:
        self._endpoint = endpoint
        self._sender = sender
        self._clock = clock
        self._may_begin = may_begin
        self._dead: list[NewDeadLetter] = []
        self._letters: list[tuple[DeadLetter, Answer]] = []
        self.delivered = 0
        self.away: str | None = None
        self.pause: timedelta | None = None

    async def deliver_letters(self, letters: Sequence[DeadLetter]) -> None:
        """Delivers dead letters again, one after the other."""
        for letter in letters:
            if self.away is not None or not self._may_begin():
                return
            answer = await self._sender.send(self._endpoint, json.loads(letter.body)["id"], letter.body)
            self._letters.append((letter, answer))
            if isinstance(answer, Delivered):
                self.delivered += 1
            elif isinstance(answer, Failed) and answer.away:
                self._leave_alone(answer, 1)

    async def deliver(self, window: Window) -> None:
        """Delivers the events of a window, in the log's order as far as several at once allow."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._endpoint.at_once):
                group.create_task(self._work(window))

    def write(self, tx: Transaction) -> None:
        """Writes what became of dead letters, old and new."""
        for new in self._dead:
            dead_letters.bury(tx, new)
        for letter, answer in self._letters:
            match answer:
                case Delivered():
                    dead_letters.settle(tx, letter)
                case Refused(because):
                    dead_letters.keep(tx, letter, because, None)
                case Failed(because, away, wait):
                    again = pause(letter.tries, self._endpoint.longest_pause, wait)
                    dead_letters.keep(tx, letter, because, again if away else None)

    async def _work(self, window: Window) -> None:
        now = asyncio.get_running_loop().time
        while self.away is None and self._may_begin():
            # Where all that is left is of cases that are under way, whoever is on them goes on with it.
            waiting = window.ready(now())
            if waiting is None:
                return
            waiting.under_way = True
            message = message_of(self._endpoint.tenant, waiting.record)
            answer = await self._sender.send(self._endpoint, message.id, message.body)
            waiting.under_way = False
            match answer:
                case Delivered():
                    self.delivered += 1
                    window.settle(waiting)
                case Refused(because):
                    waiting.tries += 1
                    self._give_up(window, waiting, message.body, because)
                case Failed():
                    self._fail(window, waiting, message.body, answer)

    def _fail(self, window: Window, waiting: Waiting, body: str, failed: Failed) -> None:
        waiting.tries += 1
        waiting.faults += not failed.away
        waiting.because = failed.because
        waiting.failing_since = waiting.failing_since or self._clock()
        old = self._clock() - waiting.failing_since >= self._endpoint.give_up_after
        if old or waiting.faults >= self._endpoint.tries:
            self._give_up(window, waiting, body, failed.because)
        elif not failed.away:
            rest = pause(waiting.tries, self._endpoint.longest_pause, failed.wait)
            waiting.due = asyncio.get_running_loop().time() + rest.total_seconds()
            if waiting.tries == 1:
                log.warning(
                    "a webhook was not taken; it is tried again",
                    endpoint=self._endpoint.name,
                    tenant=self._endpoint.tenant,
                    case=waiting.record.case_name,
                    because=failed.because,
                )
        if failed.away:
            self._leave_alone(failed, waiting.tries)

    def _leave_alone(self, failed: Failed, tries: int) -> None:
        rest = pause(tries, self._endpoint.longest_pause, failed.wait)
        self.away = failed.because
        self.pause = rest if self.pause is None else max(rest, self.pause)

    def _give_up(self, window: Window, waiting: Waiting, body: str, because: str) -> None:
        window.settle(waiting)
        record, endpoint = waiting.record, self._endpoint
        self._dead.append(
            NewDeadLetter(
                endpoint.tenant,
                endpoint.name,
                record.position,
                record.case_name,
                body,
                waiting.tries,
                because,
            )
        )
        log.warning(
            "a webhook was given up; it is a dead letter",
            endpoint=endpoint.name,
            tenant=endpoint.tenant,
            case=record.case_name,
            position=record.position,
            because=because,
        )
