"""Problems as workflow commands."""

from engine.rulebook.problems import Problem
from engine.workbench.problem_forms import workflow_commands


def test_error() -> None:
    """A problem is an error with its place, its code as the title, and its mend on a line of its own."""
    problem = Problem("rules/a.yaml", 3, 7, "unknown-fact", "unknown fact `x`", "write `y`", 4)
    assert (
        "::error file=rules/a.yaml,line=3,endLine=3,col=7,endColumn=11,title=unknown-fact"
        "::unknown fact `x`%0Amend: write `y`"
    ) == workflow_commands([problem])


def test_escaped() -> None:
    """What would end a property or the command is escaped; in the text only what has to be."""
    problem = Problem("a,b:c%.yaml", 1, 1, "x", "100 %, a: b\r\nc")
    assert (
        "::error file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=1,endColumn=2,title=x::100 %25, a: b%0D%0Ac"
    ) == workflow_commands([problem])


def test_warning() -> None:
    """A warning is one."""
    assert workflow_commands([Problem("a", 1, 1, "x", "y", warning=True)]).startswith("::warning ")


def test_each_a_line() -> None:
    """Each problem has a line, and none has none."""
    problem = Problem("a", 1, 1, "x", "y")
    assert ("", 2) == (workflow_commands([]), len(workflow_commands([problem, problem]).splitlines()))
