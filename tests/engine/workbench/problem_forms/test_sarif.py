"""Problems as SARIF, held against what its schema demands of the parts that we write."""

import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from engine.rulebook import load
from engine.rulebook.problems import Problem
from engine.workbench.problem_forms import sarif_log

FILES = {"rules/ä b.yaml": "question: x\n  when: order.\U0001f4e6 == 1\n"}
ILL = Problem(
    "rules/ä b.yaml", 2, 9, "unknown-fact", "unknown fact `order.\U0001f4e6`", "write `order.box`", 7
)
DOUBTFUL = Problem("rules/ä b.yaml", 1, 1, "unused-question", "nobody asks `x`", warning=True)

# SARIF 2.1.0 (OASIS, errata 01), section 3 and its schema: of each object that we write, the properties that
# it has to have and those that it may have; no other is allowed.
OBJECTS = {
    "log": ({"version", "runs"}, {"$schema"}),
    "run": ({"tool"}, {"results", "columnKind"}),
    "tool": ({"driver"}, set()),
    "driver": ({"name"}, {"semanticVersion", "rules"}),
    "rule": ({"id"}, {"shortDescription", "fullDescription", "help", "defaultConfiguration"}),
    "text": ({"text"}, set()),
    "configuration": (set(), {"level"}),
    "result": ({"message"}, {"ruleId", "ruleIndex", "level", "locations"}),
    "location": (set(), {"physicalLocation"}),
    "physical": ({"artifactLocation"}, {"region"}),
    "artifact": (set(), {"uri"}),
    "region": (set(), {"startLine", "startColumn", "endLine", "endColumn", "snippet"}),
}
BELOW = {
    "runs": "run", "tool": "tool", "driver": "driver", "rules": "rule", "results": "result",
    "shortDescription": "text", "fullDescription": "text", "help": "text", "message": "text", "snippet": "text",
    "defaultConfiguration": "configuration", "locations": "location", "physicalLocation": "physical",
    "artifactLocation": "artifact", "region": "region",
}  # fmt: skip


def objects(kind: str, value: object) -> Iterator[tuple[str, dict[str, object]]]:
    """Every object of a log, with what it is."""
    if isinstance(value, list):
        for item in value:
            yield from objects(kind, item)
    elif isinstance(value, dict):
        yield kind, value
        for name, below in value.items():
            yield from objects(BELOW.get(name, ""), below)


@pytest.fixture
def log() -> dict[str, object]:
    """The log of a warning and two problems, as it is read from its text."""
    again = Problem("rules/ä b.yaml", 1, 1, "unknown-fact", "unknown fact `x`")
    return json.loads(json.dumps(sarif_log([DOUBTFUL, again, ILL], FILES, "1.2.3")))


def test_objects(log: dict[str, object]) -> None:
    """Every object has what it has to have, and nothing that it may not."""
    wrong = [
        (kind, one)
        for kind, one in objects("log", log)
        if not OBJECTS[kind][0] <= one.keys() or not one.keys() <= OBJECTS[kind][0] | OBJECTS[kind][1]
    ]
    assert [] == wrong
    assert OBJECTS.keys() == {kind for kind, _ in objects("log", log)}


def test_head(log: dict[str, object]) -> None:
    """The log says what it is, who wrote it, and how columns count."""
    (run,) = log["runs"]
    assert ("2.1.0", "unicodeCodePoints") == (log["version"], run["columnKind"])
    assert ("origingate", "1.2.3") == (
        run["tool"]["driver"]["name"],
        run["tool"]["driver"]["semanticVersion"],
    )


def test_rules(log: dict[str, object]) -> None:
    """Each code is a rule, once; each result names its rule by id and place in the list."""
    (run,) = log["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert ["unknown-fact", "unused-question"] == ids
    assert ["unused-question", "unknown-fact", "unknown-fact"] == [
        ids[one["ruleIndex"]] for one in run["results"]
    ]
    assert [one["ruleId"] for one in run["results"]] == [ids[one["ruleIndex"]] for one in run["results"]]


def test_levels(log: dict[str, object]) -> None:
    """Problems are errors, warnings are warnings."""
    assert ["warning", "error", "error"] == [one["level"] for one in log["runs"][0]["results"]]


def test_message(log: dict[str, object]) -> None:
    """The message has the mend; the rule's help has one too."""
    assert (
        "unknown fact `order.\U0001f4e6`. Mend: write `order.box`."
        == (log["runs"][0]["results"][2]["message"]["text"])
    )
    assert "For example: write `order.box`." == log["runs"][0]["tool"]["driver"]["rules"][0]["help"]["text"]


def test_region(log: dict[str, object]) -> None:
    """Lines and columns count from 1, columns in code points, and end after the place."""
    (location,) = log["runs"][0]["results"][2]["locations"]
    assert {
        "startLine": 2,
        "startColumn": 9,
        "endLine": 2,
        "endColumn": 16,
        "snippet": {"text": "order.\U0001f4e6"},
    } == location["physicalLocation"]["region"]


def test_uri(log: dict[str, object]) -> None:
    """A path is a URI reference: relative, or a file's where it is absolute."""
    (location,) = log["runs"][0]["results"][0]["locations"]
    assert "rules/%C3%A4%20b.yaml" == location["physicalLocation"]["artifactLocation"]["uri"]
    absolute = json.dumps(sarif_log([Problem("/tmp/a b.yaml", 1, 1, "x", "y")], {}, "1"))
    assert "file:///tmp/a%20b.yaml" in absolute
    assert "file" == urlsplit("file:///tmp/a%20b.yaml").scheme


def test_nothing() -> None:
    """Without a problem there is a run without results."""
    assert [] == json.loads(json.dumps(sarif_log([], {}, "1")))["runs"][0]["results"]


def test_every_problem_of_goldens(small_files: dict[str, str]) -> None:
    """Problems as the loader makes them have regions that SARIF allows."""
    problems = load({**small_files, "scope.yaml": "question: [\n"})
    assert isinstance(problems, tuple)
    regions = [one for kind, one in objects("log", sarif_log(problems, small_files, "1")) if kind == "region"]
    assert len(problems) == len(regions) > 0
    assert all(1 <= one["startColumn"] < one["endColumn"] and 1 <= one["startLine"] for one in regions)
