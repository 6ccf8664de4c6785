"""A recorded decision, made again: what it was asked about, the rulebook that is kept of it, and where it is another now."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.decide import decide
from engine.decision import Decision
from engine.facts import Facts
from engine.rulebook import Rulebook, Standing, load
from engine.written_facts import Written, facts_of
from server.errors import RulebookNotFound
from server.store.records import RecordedDecision, RulebookRecord


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a decision is another one: a path, and both values as JSON, empty where there is none."""

    path: str
    was: str
    now: str


def asked_about(body: str) -> tuple[date, tuple[Standing, ...]]:
    """The day and the standings for which a decision was made. Raises ValueError where its body does not say them."""
    try:
        said = json.loads(body)
        on = date(*(int(said["on"][part]) for part in ("year", "month", "day")))
        return on, tuple(Standing(word.removeprefix("STANDING_").lower()) for word in said["enforce"])
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("this is not the body of a decision") from error


def made_again(rulebook: Rulebook, recorded: RecordedDecision) -> Decision:
    """The decision that a rulebook makes of the same facts, for the same day and standings. Raises ValueError."""
    return MakingAgain().make(rulebook, recorded)


class MakingAgain:
    """Makes one recorded decision after another again; what those share that come together is done once.

    All the decisions about an order are made from the same facts, and follow each other in the log.
    """

    def __init__(self) -> None:
        self._text = ""
        self._facts: Facts = {}
        self._written = Written()
        self._made: list[Decision] = []

    def make(self, rulebook: Rulebook, recorded: RecordedDecision) -> Decision:
        """See made_again."""
        on, enforce = asked_about(recorded.body)
        if recorded.facts != self._text:
            self._facts, self._text = facts_of(recorded.facts), recorded.facts
            self._written, self._made = Written(), []
        made = decide(rulebook, recorded.question, self._facts, on, enforce, self._made, self._written)
        self._made.append(made)
        return made


def rulebook_kept(kept: RulebookRecord | None, digest: str) -> Rulebook:
    """The rulebook of the texts that are kept of it. Raises RulebookNotFound where it is not the one of the digest."""
    if kept is None:
        raise RulebookNotFound(digest)
    try:
        files = json.loads(kept.files)
    except ValueError:
        files = None
    loaded = load(files) if isinstance(files, dict) else None
    if not isinstance(loaded, Rulebook) or loaded.digest != digest:
        raise RulebookNotFound(digest, "this version does not read it as the one that stored it did")
    return loaded


def differences(was: str, now: str) -> Iterator[Difference]:
    """Where the texts of two decisions differ, by the paths of their innermost parts."""
    yield from _differences(json.loads(was), json.loads(now), "")


def _differences(was: object, now: object, path: str) -> Iterator[Difference]:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for name in sorted({*was, *now}):
            below = f"{path}.{name}" if path else str(name)
            yield from _differences(was.get(name, _NOTHING), now.get(name, _NOTHING), below)
    elif isinstance(was, Sequence) and isinstance(now, Sequence) and not isinstance(was, str):
        for at in range(max(len(was), len(now))):
            yield from _differences(
                was[at] if at < len(was) else _NOTHING,
                now[at] if at < len(now) else _NOTHING,
                f"{path}[{at}]",
            )
    elif was != now:
        yield Difference(path, _json(was), _json(now))


_NOTHING: Final = object()


def _json(value: object) -> str:
    return "" if value is _NOTHING else json.dumps(value, ensure_ascii=False, sort_keys=True)
