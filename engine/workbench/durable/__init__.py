"""An independent translation of rulebooks to durable-rules, and the answers that come of it.

How three-valued rules are said in a language that knows true and false only:

- A rule becomes two: one fires where the rule is true, one where it is not false. It is unknown where only the
  second fires. `!`, `&&`, `||` and `?:` are turned into such pairs part by part (`conditions`).
- A fact becomes a column with its value and one that says whether it is given, none or unknown; a comparison
  tests both (`columns`, `values`).
- Lists are gone over before: each element, with those around it, is one flat fact. A condition inside `all` or
  `exists` is judged for every element, and what came of them is a column of the fact around (`groups`).
- Rules with `each` have one flat fact for each element; where the list is unknown, one for the elements that
  it may have, for which no rule is found true.
- Another question stands as one column for each of its outcomes: whether it is possible.
- The day and the standings that count are columns; periods and standings are tests like others (`translate`).

Text that is looked into, arithmetic, calendars and tables are computed first by the expression evaluator. There
the opinion is no second one; `Share` counts these clauses. From what fires, the possible outcomes are put
together anew (`opinion`). Reading facts, and laying them out by the dictionary, is shared with the evaluator
that serves; judging and combining is not.
"""

from engine.workbench.durable.agreement import Agreement, Disagreement, differences, differing
from engine.workbench.durable.columns import Cells
from engine.workbench.durable.opinion import Case, Network, Opinion, opinions
from engine.workbench.durable.translate import Share, Translation, translate

__all__ = [
    "Agreement",
    "Case",
    "Cells",
    "Disagreement",
    "Network",
    "Opinion",
    "Share",
    "Translation",
    "differences",
    "differing",
    "opinions",
    "translate",
]
