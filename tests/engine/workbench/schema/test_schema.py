"""The schemas say what the readers accept, no more and no less, as far as shape goes."""

import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine.rulebook import Problem, Rulebook, load
from engine.rulebook.problems import Problems
from engine.rulebook.text.files import TextFile
from engine.rulebook.text.nodes import Mapping, Node, Scalar, Sequence, plain
from engine.rulebook.text.yaml_text import read_yaml
from engine.workbench.ruletests import read_tests
from engine.workbench.schema.json_schema import FORMS, schemas
from engine.workbench.schema.model import Either, Form, Items, Keys, Named
from engine.workbench.schema.names import names_of
from tests.engine.conftest import loaded
from tests.examples import examples

EXAMPLES = examples(30)
PROJECT = Path(__file__).parents[4]
FILES = [
    path
    for folder in ("rules/usmca", "tests/planted/parcels", "tests/engine/rulebook/small")
    for path in sorted((PROJECT / folder).glob("*.yaml"))
]
SMALL = {path.name: path.read_text("utf-8") for path in (PROJECT / "tests/engine/rulebook/small").iterdir()}
SMALL["variant_test.yaml"] = """
tests:
  - test: a fact that is misspelled
    file: paper.yaml
    replace: {over(order.value: over(order.valu}
    problems: [unknown-fact, {code: unknown-fact, line: 9, at: order.valu, mend: write it}]
  - test: a question without rules
    file: empty.yaml
    text: "question: empty"
    problems: [missing-key]
    skip: {because: It is not settled., until: 2027-01-01}
"""
BOOK = loaded(SMALL)
BARE = {kind: Draft202012Validator(schema) for kind, schema in schemas().items()}
# Codes of problems that are about the shape of a file, not about what its names stand for.
SHAPE = {
    "unknown-key", "missing-key", "wrong-kind", "empty-value", "empty-condition", "bad-name", "bad-date",
    "unknown-standing", "unknown-asserter", "unknown-answer", "one-reading", "bad-path", "cut-by-comma",
}  # fmt: skip
# Problems with such codes that a schema cannot see, and those with a code that others have too.
UNSEEN = ("the test has no day", "the test asks no question")
SEEN = re.compile("`personal` cannot be|`line` is no whole number|`column` is no whole number")
CHANGES = ("delete", "new key", "text", "list", "mapping", "nothing", "empty list")


def kind_of(path: str) -> str:
    """The name of the schema that a file goes by."""
    stem = path.rpartition("/")[2].removesuffix(".yaml")
    return stem if stem in ("rulebook", "facts") else "tests" if stem.endswith("_test") else "question"


def tree(text: str) -> Node:
    """The file's tree."""
    root = read_yaml(TextFile("a.yaml", text), Problems())
    assert root is not None
    return root


def as_editors_read(node: Node) -> object:
    """What an editor makes of the file by YAML 1.2: bare numbers and truth values are no texts."""
    if isinstance(node, Mapping):
        return {key.text: as_editors_read(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [as_editors_read(item) for item in node.items]
    return bare(node)


def bare(scalar: Scalar) -> object:
    """The value of a text by YAML's core schema."""
    if scalar.style:
        return scalar.text
    if scalar.text in ("", "~", "null"):
        return None
    if re.fullmatch(r"[-+]?[0-9]+", scalar.text):
        return int(scalar.text)
    if re.fullmatch(r"[-+]?[0-9]+\.[0-9]*", scalar.text):
        return float(scalar.text)
    return {"true": True, "false": False}.get(scalar.text, scalar.text)


def keys_in(form: Form) -> Iterator[Keys]:
    """Every mapping with known keys that a form holds."""
    if isinstance(form, Keys):
        yield form
    inner: tuple[Form, ...] = ()
    if isinstance(form, Keys):
        inner = tuple(key.form for key in form.keys)
    elif isinstance(form, Items | Named):
        inner = (form.of,)
    elif isinstance(form, Either):
        inner = form.forms
    for one in inner:
        yield from keys_in(one)


@pytest.mark.parametrize("kind", FORMS)
def test_every_key_is_described(kind: str) -> None:
    """What a reader accepts is described, and nothing is described that no reader accepts."""
    for form in keys_in(FORMS[kind]):
        assert {*form.required, *form.optional} == {key.name for key in form.keys if key.says}
        assert {key.name for key in form.described} == {key.name for key in form.keys}


@pytest.mark.parametrize("kind", FORMS)
def test_schema_is_one(kind: str, small: Rulebook) -> None:
    """Each schema is a schema of the draft that it names, with names and without."""
    for made in (schemas(), schemas(names_of(small))):
        Draft202012Validator.check_schema(made[kind])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_files_conform(path: Path) -> None:
    """The project's files conform, read as texts and as editors read them."""
    root = tree(path.read_text("utf-8"))
    errors = [
        error.message
        for data in (plain(root), as_editors_read(root))
        for error in BARE[kind_of(path.name)].iter_errors(data)
    ]
    assert [] == errors


def test_names_are_offered(small: Rulebook) -> None:
    """Facts, outcomes, sources, lists and the other names of a rulebook stand in its schemas."""
    made = schemas(names_of(small))
    offered = {
        (kind, name): [one["const"] for one in definition["anyOf"]]
        for kind, schema in made.items()
        for name, definition in schema["$defs"].items()
        if name != "given"
    }
    assert set(small.sources) == set(offered["question", "citation"])
    assert {outcome for one in small.questions.values() for outcome in one.outcomes} <= set(
        offered["question", "outcome"]
    )
    assert set(small.lists) | set(small.facts.facts) <= set(offered["question", "term"])
    assert set(small.questions) == set(offered["tests", "question"])
    assert set(small.facts.facts) == set(offered["tests", "fact"])


def test_names_are_not_demanded(small: Rulebook, small_files: dict[str, str]) -> None:
    """A name that the schema does not know yet is no error of shape."""
    data = plain(tree(small_files["paper.yaml"].replace("[act 2]", "[letter 9]")))
    assert [] == list(Draft202012Validator(schemas(names_of(small))["question"]).iter_errors(data))


def places(data: object, at: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """The path of every value."""
    yield at
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*at, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from places(value, (*at, number))


def changed(data: object, at: tuple[object, ...], change: str) -> object:
    """The data with one change of shape at a place."""
    data = deepcopy(data)
    above, holder = data, None
    for step in at:
        holder, above = above, above[step]
    if change == "new key" and isinstance(above, dict):
        return put(data, at, {**above, "Un-Known": "x"})
    if change == "delete" and isinstance(holder, dict):
        del holder[at[-1]]
        return data
    new = {
        "text": "a text",
        "list": ["a text"],
        "mapping": {"some_key": "x"},
        "nothing": "",
        "empty list": [],
    }
    return put(data, at, new.get(change, above))


def put(data: object, at: tuple[object, ...], value: object) -> object:
    """The data with another value at a place."""
    if not at:
        return value
    holder = data
    for step in at[:-1]:
        holder = holder[step]
    holder[at[-1]] = value
    return data


def is_of_shape(problem: Problem) -> bool:
    """Whether a problem is about the shape of a file."""
    seen = problem.code in SHAPE or SEEN.match(problem.message) is not None
    return seen and problem.message not in UNSEEN


def told(small: Rulebook, small_files: dict[str, str], name: str, text: str) -> tuple[Problem, ...]:
    """The problems that the reader of a file has with it."""
    if kind_of(name) == "tests":
        return read_tests(name, text, small).problems
    read = load({**small_files, name: text})
    return () if isinstance(read, Rulebook) else tuple(one for one in read if one.file == name)


@settings(max_examples=EXAMPLES, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_schema_and_readers_agree(seed: int) -> None:
    """A change of shape that a reader refuses is refused by the schema, and the other way round."""
    random = Random(seed)
    name = random.choice(sorted(name for name in SMALL if name.endswith(".yaml")))
    before = plain(tree(SMALL[name]))
    at = random.choice(list(places(before)))
    after = changed(before, at, random.choice(CHANGES))
    problems = told(BOOK, SMALL, name, yaml.dump(after, sort_keys=False))
    refused = [problem for problem in problems if is_of_shape(problem)]
    errors = [error.message for error in BARE[kind_of(name)].iter_errors(after)]
    assert bool(refused) == bool(errors), (at, refused, errors)
