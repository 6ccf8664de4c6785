"""What has to hold of an order when its run is over, whatever was killed."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import grpc

from tests.system.crash.books import Books, Held
from tests.system.crash.stories import Story
from tests.system.crash.teller import Said, Teller, stub
from tests.system.hooks import Hooks
from tests.system.processes import Server

PATIENT = 20.0


def standing(teller: Teller, story: Story, books: Books) -> Iterator[str]:
    """What is wrong with what stands in the books and at the platform."""
    cases = books.held(teller.name)
    if len(cases) != (story.state != ""):
        yield f"{teller.name} has {len(cases)} cases"
        return
    recorded = books.requests(said.request.request_id for said in teller.asked)
    if recorded != len(teller.asked):
        yield f"{teller.name}: of {len(teller.asked)} requests {recorded} are recorded"
    for case in cases:
        yield from (f"{case.name} ({teller.name}): {fault}" for fault in _of_case(case, teller, story, books))


def _of_case(case: Held, teller: Teller, story: Story, books: Books) -> Iterator[str]:
    if case.state != story.state:
        yield f"it is {case.state}, and has to be {story.state}"
    if list(case.events) != list(range(1, case.version + 1)):
        yield f"it has events of versions {case.events}, and is at {case.version}"
    issued = [one for digest in set(case.digests) for one in books.ledger().get(digest, [])]
    least, most = story.issued
    if not least <= len(issued) <= most:
        yield f"the platform issued {len(issued)} certificates: {issued}"
    in_force = [one.e_cert_id for one in issued if one.in_force]
    if in_force != case.active or len(in_force) != story.in_force:
        yield f"in force are {in_force} at the platform, {case.active} in the store"
    if story.in_force and in_force:
        # Of what is superseded only the new one stands.
        last = {one.e_cert_id for one in books.ledger().get(case.declared, [])}
        if not last.issuperset(in_force):
            yield f"{in_force} in force are not of its last declaration"
    if any(state != "CONFIRMED" for _, state in case.voids):
        yield f"its voids are {case.voids}"
    if any(one.state in ("PLANNED", "SENDING", "UNKNOWN", "PENDING") for one in case.tried):
        yield f"its attempts are {case.tried}"
    lasting = {said.answer.case.name for said in teller.asked}
    if lasting != {case.name}:
        yield f"answered were {lasting}"


def repeated(teller: Teller, server: Server, books: Books) -> Iterator[str]:
    """What is wrong with the answers to all that was said, when it is said twice more."""
    before = books.held(teller.name)
    in_force = {"", *(each for case in before for each in case.active)}
    for said in teller.asked:
        name = said.request.request_id
        try:
            once, twice = _again(said, server), _again(said, server)
        except grpc.RpcError as error:
            if teller.is_erased and said.method != "EraseCase" and "were erased" in str(error.details()):
                continue
            yield f"{name} ({said.method}) was answered, and now it is {error}"
            continue
        if once != twice:
            yield f"{name} ({said.method}) was answered otherwise the second time"
        if (said.answer.case.name, True) != (once.case.name, said.answer.case.version <= once.case.version):
            yield f"{name} ({said.method}): {said.answer.case} was answered, and now {once.case}"
        if _e_cert_id(said.answer) in in_force - {_e_cert_id(once)} - {""}:
            yield f"{name} ({said.method}): {said.answer.e_cert_id} was answered, and is not answered any more"
        if _e_cert_id(once) not in in_force:
            yield f"{name} ({said.method}): {once.e_cert_id} is answered, and in force is {in_force}"
    if before != (after := books.held(teller.name)):
        yield f"{teller.name}: what was said again changed {before} to {after}"


def delivered(hooks: Hooks, books: Books) -> Iterator[str]:
    """What is wrong with webhooks: each event at least once, always with one id, in order within its case."""
    if missing := set(books.events()) - set(hooks.first()):
        yield f"{sorted(missing)} were never delivered"
    if letters := books.dead_letters():
        yield f"{letters} dead letters are left"
    ids = defaultdict[tuple[str, int], set[str]](set)
    for told in hooks.taken():
        ids[told.event].add(told.id)
    yield from (f"{event} came with the ids {some}" for event, some in ids.items() if len(some) > 1)
    # What was refused comes later, once a person has seen to it.
    refused = {told.event for told in hooks.told if told.status != 200}
    versions = defaultdict[str, list[int]](list)
    for case, version in hooks.first():
        if (case, version) not in refused:
            versions[case].append(version)
    yield from (f"{case} came as {came}" for case, came in versions.items() if came != sorted(came))
    yield from map(repr, hooks.faults)


def _e_cert_id(answer: Any) -> str:
    return str(getattr(answer, "e_cert_id", ""))


def _again(said: Said, server: Server) -> Any:
    answer: Any = stub(server, said.method)(said.request, timeout=PATIENT)
    return answer
