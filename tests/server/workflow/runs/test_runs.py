"""Whatever platform, network and machine do: service and sandbox in any history, over the real adapter and real sockets.

At most one active certificate a declaration version; every certificate that the platform issued is adopted or voided in the
end; no e-Cert ID is answered that does not verify; nothing is submitted again after UNKNOWN. The long form is
`make platform-runs`, with ORIGINGATE_TEST_PLATFORM_RUNS; what its runs met stands in a file for each half of them, in the
folder ORIGINGATE_TEST_PLATFORM_TOLD.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from engine.rulebook import Rulebook
from tests.server.workflow.runs.machine import Run

TOLD = os.environ.get("ORIGINGATE_TEST_PLATFORM_TOLD")
RUNS = int(os.environ.get("ORIGINGATE_TEST_PLATFORM_RUNS", "20"))
# In the long form two processors share them.
PARTS = 1 if RUNS < 100 else 2


@pytest.mark.timeout(0 if PARTS > 1 else 300)
@pytest.mark.parametrize("part", range(PARTS))
def test_any_history(part: int, rulebook: Rulebook, empty: Path) -> None:
    """The laws hold in any history."""
    Run.rulebook, Run.empty = rulebook, empty
    run_state_machine_as_test(
        Run,
        settings=settings(
            max_examples=RUNS // PARTS,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if TOLD is not None:
        seen = "".join(f"{count:7} {what}\n" for what, count in sorted(Run.seen.items()))
        (Path(TOLD) / f"part-{part}.txt").write_text(f"{Run.runs} runs\n{seen}", "utf-8")
