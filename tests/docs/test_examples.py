"""The example settings for editors fit the project."""

import json

from engine.workbench.schema.json_schema import FORMS
from tests.docs.pages import PROJECT

SETTINGS = json.loads((PROJECT / "examples" / "vscode" / "settings.json").read_text("utf-8"))["yaml.schemas"]


def test_every_schema_is_used() -> None:
    """Each schema that `rules schema` writes is given to some files, and no other one."""
    assert {f"./schemas/{kind}.schema.json" for kind in FORMS} == set(SETTINGS)


def test_question_files() -> None:
    """The question files are those of the shipped rulebook."""
    others = {"rulebook.yaml", "facts.yaml"}
    files = {path.name for path in (PROJECT / "rules" / "usmca").glob("*.yaml")} - others
    expected = {f"rules/*/{name}" for name in files if not name.endswith("_test.yaml")}
    assert expected == set(SETTINGS["./schemas/question.schema.json"])
