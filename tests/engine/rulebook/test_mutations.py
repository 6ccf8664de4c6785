"""Whatever a rule file holds, loading ends in a rulebook or in problems, and never in anything else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rulebook import Problem, Rulebook, load, show
from engine.workbench.ruletests import read_tests
from tests.examples import examples

EXAMPLES = examples(120)

Files = dict[str, str]

PIECES = (
    "rules:", "- ", "  ", "\n", "\t", ": ", "{", "}", "[", "]", "'", '"', "|", ">-", "#", " #", "&a ", "*a", "!x ", "!!int ",
    "<<: ", "? ", "---\n", "...\n", "%YAML 1.2\n", ",", "null", "~", "true", "1e999", "2026-02-30", "NO", "\u200b", "\ufeff",
    "\x00", "\ud800", "😀", "é", "\r", "\x85", "\u2028", "each: ", "when: ", "define:", "readings:", "order.", "has(", "&& ",
    "UNDETERMINED", "size(",
    "((((((((((((((((((((", "[" * 60, "- " * 60, "list(" * 40, "?" * 30, "9" * 400, "a.b.c", "{{", "}}",
    "{order.destination}", "outcome", ".outcome", "review", "scope", "question: ", "US,1.00 USD,,,\n", "\\", "\\u", "\\x4",
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """The text with some stretches cut out, doubled, moved or written over."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + draw(st.sampled_from([0, 1, 3, 20, 200])))))
        piece = draw(
            st.one_of(st.sampled_from(PIECES), st.just(text[start:end] * 2), st.just(""), st.text(max_size=5))
        )
        if draw(st.booleans()):
            text = text[:start] + piece + text[end:]
        else:
            at = draw(st.integers(0, len(text)))
            text = text[:at] + text[start:end] + text[at:]
    return text


def assert_told(problems: tuple[Problem, ...], files: Files) -> None:
    """Every problem has a place in its file and can be shown."""
    for problem in problems:
        text = files.get(problem.file, "")
        assert 1 <= problem.line <= text.count("\n") + 1
        assert problem.column >= 1
        assert problem.length >= 1
        assert show(problem, text).startswith(f"{problem.file}:{problem.line}:{problem.column}: ")


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_load_never_raises(small_files: Files, data: st.DataObject) -> None:
    """A mutated rulebook loads, or is refused with problems that can all be shown."""
    name = data.draw(st.sampled_from(sorted(name for name in small_files if not name.endswith("_test.yaml"))))
    files = {**small_files, name: data.draw(mutated(small_files[name]))}
    rulebook = load(files)
    if isinstance(rulebook, Rulebook):
        assert_told(rulebook.warnings, files)
    else:
        assert any(not problem.warning for problem in rulebook)
        assert list(rulebook) == sorted(rulebook)
        assert_told(rulebook, files)


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_read_tests_never_raises(small: Rulebook, small_files: Files, data: st.DataObject) -> None:
    """A mutated test file is read as far as it goes, and its mistakes are told."""
    name = "small_test.yaml"
    text = data.draw(mutated(small_files[name]))
    assert_told(read_tests(name, text, small).problems, {name: text})
