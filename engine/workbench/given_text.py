"""Facts as text that people read and commands read again: the form that `given` has in rule tests.

order:
  destination: US
  originating_value: 900.00 USD
  lines:
  - line_id: '1'
    claims_preference: true
declaration:
  producer: null                  # known to be none; what is left out is not given
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import yaml

from engine.expression import render
from engine.facts import Facts
from engine.rulebook.dictionary import Dictionary
from engine.rulebook.problems import Problem, Problems
from engine.rulebook.text import nodes
from engine.rulebook.text.files import Span, TextFile
from engine.rulebook.text.yaml_text import read_yaml
from engine.workbench.given import Given

_STRING = "tag:yaml.org,2002:str"
_WIDTH = 120


def given_text(facts: Facts) -> str:
    """The facts as YAML. `read_given` makes the same facts of it."""
    return yaml.serialize(_node(facts), width=_WIDTH, allow_unicode=True)


def read_given(file: TextFile, dictionary: Dictionary) -> Facts | tuple[Problem, ...]:
    """The facts that a file gives, typed by the dictionary, or every problem of it. Keys are names or paths."""
    problems = Problems()
    given = Given()
    root = read_yaml(file, problems)
    if isinstance(root, nodes.Mapping):
        given.add(root.entries, problems)
    elif not problems.found:
        problems.add(
            Span(file, 0, 1),
            "wrong-kind",
            "the file gives no facts",
            "write them as `order: {destination: US}`",
        )
    facts = given.typed(dictionary, problems)
    return problems.sorted() if facts is None or problems.fatal else facts


def _node(value: object) -> yaml.Node:
    if isinstance(value, Mapping):
        entries = [(_node(key), _node(below)) for key, below in value.items()]
        return yaml.MappingNode("tag:yaml.org,2002:map", entries, flow_style=not entries)
    if isinstance(value, tuple | list):
        return yaml.SequenceNode(
            "tag:yaml.org,2002:seq", [_node(item) for item in value], flow_style=not value
        )
    if value is None:
        return yaml.ScalarNode("tag:yaml.org,2002:null", "null")
    text = render(value)
    return yaml.ScalarNode(_STRING if isinstance(value, str) else _plain_tag(text), text)


def _plain_tag(text: str) -> str:
    """The tag that YAML itself would give the text without quotes, so that none are written."""
    resolve: Callable[..., str] = yaml.SafeLoader("").resolve
    return resolve(yaml.ScalarNode, text, (True, False))
