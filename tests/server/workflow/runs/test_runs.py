"""Whatever platform, network and machine do: service and sandbox in any history, over the real adapter and real sockets.

At most one active certificate a declaration version; every certificate that the platform issued is adopted or voided in the
end; no e-Cert ID is answered that does not verify; nothing is submitted again after UNKNOWN. The long form is
`make platform-runs`, with ORIGINGATE_TEST_PLATFORM_RUNS; what its runs met stands in files of the folder
ORIGINGATE_TEST_PLATFORM_TOLD.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from engine.platform import ProofKind
from engine.rulebook import Rulebook
from tests.server.workflow.runs.machine import Run

TOLD = os.environ.get("ORIGINGATE_TEST_PLATFORM_TOLD")
RUNS = int(os.environ.get("ORIGINGATE_TEST_PLATFORM_RUNS", "20"))
# In the long form two processors share them.
PARTS = 1 if RUNS < 100 else 2


# Of the runs, so many ask a platform whose certificates are bound by fields, and proved so.
SHARES = {None: 0.6, ProofKind.JWS: 0.1, ProofKind.STATUS: 0.3}


@pytest.mark.timeout(0 if PARTS > 1 else 300)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("by_fields", SHARES, ids=lambda kind: "digest" if kind is None else f"fields-{kind}")
def test_any_history(by_fields: ProofKind | None, part: int, rulebook: Rulebook, empty: Path) -> None:
    """The laws hold in any history, however certificates are bound and proved."""
    Run.rulebook, Run.empty, Run.by_fields, Run.runs = rulebook, empty, by_fields, 0
    Run.seen.clear()
    run_state_machine_as_test(
        Run,
        settings=settings(
            max_examples=round(RUNS * SHARES[by_fields] / PARTS),
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if TOLD is not None:
        seen = "".join(f"{count:7} {what}\n" for what, count in sorted(Run.seen.items()))
        told = Path(TOLD) / f"{by_fields or 'digest'}-{part}.txt"
        told.write_text(f"{Run.runs} runs\n{seen}", "utf-8")
