"""Orders made readable."""

from engine.rulebook import Rulebook
from engine.workbench.prove.readable import readable, smallest


def test_smallest() -> None:
    """What is not needed is left out: facts, records, and elements of lists."""
    facts = {"a": {"x": 1, "y": ({"z": 1, "w": 2}, {"z": 3})}, "b": {"c": None}}
    needed = {"a": {"y": ({"z": 3},)}}
    assert needed == smallest(facts, lambda left: "z=3" in repr(left).replace("'z': ", "z="))


def test_examples(small: Rulebook) -> None:
    """Values become the dictionary's examples where the order still shows what it shows."""
    facts = {"order": {"pieces": -7, "destination": "MX", "goods": ({"hs": "x", "share": None},)}}

    def keeps(left: object) -> bool:
        return "-7" in repr(left) and "destination" in repr(left) and "hs" in repr(left)

    expected = {"order": {"pieces": -7, "destination": "US", "goods": ({"hs": "721320"},)}}
    assert expected == readable(facts, small.facts, keeps)
