"""Rule tests: read from `*_test.yaml`, run against a rulebook, told to people and machines."""

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
from engine.workbench.ruletests.running import run_problem_test, run_test

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
    "run_problem_test",
    "run_test",
]
