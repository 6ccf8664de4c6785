"""Rule tests: read from `*_test.yaml`, run against a rulebook, told to people and machines.

`running` is imported by who runs them: whoever only reads them need not wait for what decides.
"""

from engine.workbench.ruletests.model import (
    ExpectedProblem,
    ProblemTest,
    ProblemTestResult,
    RuleTest,
    Skip,
    TestFile,
    TestResult,
)
from engine.workbench.ruletests.reading import problems_of_form, read_tests

__all__ = [
    "ExpectedProblem",
    "ProblemTest",
    "ProblemTestResult",
    "RuleTest",
    "Skip",
    "TestFile",
    "TestResult",
    "problems_of_form",
    "read_tests",
]
