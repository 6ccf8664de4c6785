"""Problems in the forms that editors and CI read: JSON, GitHub's annotations, SARIF."""

from engine.workbench.problem_forms.data import problem_data
from engine.workbench.problem_forms.github import workflow_commands
from engine.workbench.problem_forms.sarif import sarif_log

__all__ = ["problem_data", "sarif_log", "workflow_commands"]
