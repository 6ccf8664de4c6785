"""Whatever is done to a database behind the server's back, an audit finds it and names it.

The short form here; `make tamper-runs` tampers 10,000 times.
"""

import os
import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from server.log_keys import log_signer

from .corpus import Corpus, audited
from .tampering import Forger, add, change, exchange, remove, swap, tampered

RUNS = int(os.environ.get("ORIGINGATE_TEST_TAMPERINGS", "120"))
PART = 500
SEED = int(os.environ.get("ORIGINGATE_TEST_SEED", "1"))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A database with which nobody tampered."""
    return Corpus(tmp_path_factory.mktemp("corpus"))


def test_untouched(corpus: Corpus) -> None:
    """Where nobody tampered nothing is found, with a head from outside and without."""
    assert [] == audited(corpus.file).tally.faults
    assert [] == audited(corpus.file, corpus.outside).tally.faults


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(-(-RUNS // PART)))
def test_each_is_found_and_named(
    part: int, corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bytes, rows removed, added and exchanged, entries swapped, histories rewritten and signed again with the live key."""
    forger = Forger(log_signer(corpus.key), corpus.outside.checkpoint.head.size)
    ways = (
        *(change, change, change, change, remove, add, swap, exchange),
        *(forger.rewrite, forger.cut, forger.truncate),
    )
    chance, file = random.Random(SEED + part), tmp_path / "copy.db"
    wrong, done = [], Counter[str]()
    for number in range(min(PART, RUNS - part * PART)):
        way = ways[number % len(ways)]
        shutil.copyfile(corpus.file, file)
        tampering = tampered(file, way, chance)
        faults = audited(file, corpus.outside).tally.faults
        done[way.__name__] += 1
        if not any(tampering.names(fault) for fault in faults):
            wrong.append((tampering.what, [str(fault) for fault in faults[:4]]))
    if RUNS > PART:
        with capsys.disabled():
            print(f"part {part}: {sum(done.values())} tamperings, {len(wrong)} not named: {dict(done)}")  # noqa: T201
    assert [] == wrong
