"""Further plants, for copies of `tests/planted/parcels`: tests that fail, are broken, skipped, or expect problems."""

from pathlib import Path
from shutil import copytree

PARCELS = Path(__file__).parents[3] / "planted" / "parcels"
PASSING = 28

FAILING = """
  - test: planted failure
    with: {parcel.weight: 31.0}
    expect: CARRIED
"""
BROKEN = """
  - test: planted typo
    with: {parcel.wieght: 31.0}
    expect: CARRIED
"""
SKIPPED = """
  - test: planted skip
    skip: {because: Wait for the letter., until: 2999-12-31}
    expect: REFUSED
"""
SKIP_ENDED = """
  - test: planted skip that ended
    skip: {because: Wait for the letter., until: 2026-06-30}
    expect: REFUSED
"""
EXPECTING = """
  - test: planted variant
    file: carriage.yaml
    replace: {parcel.pieces >= 10: parcel.pices >= 10}
    problems: [{code: unknown-fact, at: parcel.pices, mend: "write `parcel.pieces`"}]
"""
EXPECTING_WRONGLY = """
  - test: planted variant that loads
    file: carriage.yaml
    replace: {parcel.pieces >= 10: parcel.pieces >= 11}
    problems: [unknown-fact]
"""


def planted(folder: Path, *plants: str) -> Path:
    """A copy of the rulebook in the folder, with the plants after its own tests."""
    copytree(PARCELS, folder)
    plant(folder, *plants)
    return folder


def plant(folder: Path, *plants: str) -> None:
    """Puts tests after those that are there, at one stroke: somebody may be watching."""
    path, new = folder / "carriage_test.yaml", folder / "carriage_test.new"
    new.write_text(path.read_text("utf-8").rstrip() + "".join(plants), "utf-8")
    new.replace(path)


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Puts a text in the place of another one, which is there once."""
    path = folder / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
