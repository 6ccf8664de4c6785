"""Loading: what a rulebook is made of, what its digest covers, and all problems at once."""

from collections.abc import Callable

import pytest

from engine.rulebook import Problem, Rulebook, load

Files = dict[str, str]


def problems(files: Files) -> tuple[Problem, ...]:
    """The problems of files that do not load."""
    rulebook = load(files)
    assert not isinstance(rulebook, Rulebook)
    return rulebook


def digest(files: Files) -> str:
    """The digest of files that load."""
    rulebook = load(files)
    assert isinstance(rulebook, Rulebook)
    return rulebook.digest


def test_small_rulebook(small: Rulebook) -> None:
    """A rulebook knows its name, its zone, its questions and what each of them uses."""
    assert (small.name, small.zone) == ("small", "Europe/Vienna")
    assert list(small.questions) == ["paper", "review", "scope"]
    assert small.questions["review"].inner == ("scope",)


def test_reads(small: Rulebook) -> None:
    """A question reads what its conditions, texts and values name, and what the questions inside it read."""
    assert small.questions["paper"].reads == {"order.destination", "order.import_date", "order.value"}
    assert {"site.kind", "order.goods[].hs", "order.goods[].transit[].watched"} < small.questions[
        "review"
    ].reads


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("scope.yaml", "question: scope\n", "\n# A comment.\nquestion:   scope\n"),
        ("scope.yaml", "outcomes: [IN, OUT]", "outcomes:\n- IN\n- OUT"),
        (
            "scope.yaml",
            'when: site.kind == "SHOP" && to_party',
            'when: |\n      site.kind == "SHOP" && to_party',
        ),
        ("limits.csv", "US,800.00 USD", 'US , "800.00 USD"'),
    ],
)
def test_digest_of_layout(small_files: Files, name: str, before: str, after: str) -> None:
    """Layout, quotes and comments do not change the digest."""
    assert before in small_files[name]
    assert digest(small_files) == digest({**small_files, name: small_files[name].replace(before, after)})


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("scope.yaml", "2026-06-27", "2026-06-28"),
        ("scope.yaml", "is within the rule", "is within it"),
        ("limits.csv", "800.00 USD", "800.01 USD"),
        ("facts.yaml", "Where it goes", "Where it is going"),
        ("rulebook.yaml", "[US, CA, MX]", "[US, MX, CA]"),
    ],
)
def test_digest_of_meaning(small_files: Files, name: str, before: str, after: str) -> None:
    """Whatever a file says is covered by the digest."""
    assert before in small_files[name]
    assert digest(small_files) != digest({**small_files, name: small_files[name].replace(before, after)})


def test_digest_of_place(small_files: Files) -> None:
    """The folder that the files lie in, and their rule tests, do not change the digest."""
    moved = {
        f"rules/small/{name}": text for name, text in small_files.items() if not name.endswith("_test.yaml")
    }
    assert digest(small_files) == digest(moved)


def test_stored_files_load_again(small: Rulebook) -> None:
    """The files that a rulebook keeps are enough to load it again."""
    assert digest(dict(small.files)) == small.digest


def test_all_files_at_once(small_files: Files) -> None:
    """The problems of all files come together, by file, line and column."""
    broken = {
        **small_files,
        "scope.yaml": small_files["scope.yaml"].replace("site.kind", "site.kin"),
        "review.yaml": small_files["review.yaml"]
        .replace("!site.linked", "!site.link")
        .replace("act 3", "atc"),
        "facts.yaml": small_files["facts.yaml"].replace(
            "type: date, meaning: First", "type: dat, meaning: First"
        ),
    }
    found = problems(broken)
    assert [(problem.file, problem.code) for problem in found if not problem.warning] == [
        ("facts.yaml", "unknown-type"),
        ("review.yaml", "unknown-fact"),
        ("review.yaml", "unknown-source"),
        ("scope.yaml", "unknown-fact"),
    ]
    assert list(found) == sorted(found)


def test_no_cascade(small_files: Files) -> None:
    """A fact whose type is unknown draws one problem, not one in each condition that uses it."""
    broken = {**small_files, "facts.yaml": small_files["facts.yaml"].replace("type: money", "type: mony")}
    assert [problem.code for problem in problems(broken)] == ["unknown-type"]


def test_norway(book: Callable[..., Rulebook], small: Rulebook) -> None:
    """`NO` is Norway: texts are typed by the dictionary, never by YAML."""
    assert small.lists["rumoured"].values == ("NO",)


def test_nothing() -> None:
    """No files at all are a rulebook without its two files."""
    assert [problem.message for problem in problems({})] == [
        "there is no `facts.yaml`",
        "there is no `rulebook.yaml`",
    ]


def test_two_rulebooks(small_files: Files) -> None:
    """Two rulebooks at once are a problem."""
    both = {f"{folder}/{name}": text for folder in "ab" for name, text in small_files.items()}
    assert "second-rulebook" in {problem.code for problem in problems(both)}


def test_question_twice(small_files: Files) -> None:
    """A question that two files ask is a problem of the second."""
    found = problems({**small_files, "z.yaml": small_files["scope.yaml"]})
    assert [(problem.file, problem.line, problem.code) for problem in found] == [
        ("z.yaml", 1, "duplicate-question")
    ]


def test_circle_of_questions(small_files: Files) -> None:
    """Questions that need each other are a problem that shows the circle."""
    ask = (
        'question: {}\nasks: "?"\noutcomes: [A]\notherwise: {{gives: A, because: So., cites: [act]}}\nrules:\n'
        + ("  - {{rule: r, reason: R, when: '{}.outcome == \"A\"', gives: A, because: So., cites: [act]}}\n")
    )
    files = {**small_files, "x.yaml": ask.format("x", "y"), "y.yaml": ask.format("y", "x")}
    assert [problem.message for problem in problems(files)] == ["the questions need each other: x -> y -> x"]


def test_warnings_do_not_stop(small: Rulebook) -> None:
    """What is only doubtful loads, and is told."""
    assert [(warning.code, warning.line) for warning in small.warnings] == [("unused-source", 8)]


def test_empty_list_doubt(book: Callable[..., Rulebook]) -> None:
    """A question that goes over a list and never asks for the empty one draws a warning at the first such rule."""
    text = """
question: asked
asks: What is asked?
outcomes: [A, C]
otherwise: {gives: C, because: Nothing was found., cites: [act]}
rules:
  - {rule: r, reason: R, each: good in order.goods, when: good.hs == "", gives: A, because: So., cites: [act]}
  - {rule: s, reason: S, when: 'order.goods.all(good, good.hs == "1")', gives: A, because: So., cites: [act]}
"""
    doubts = [warning for warning in book(text).warnings if warning.code == "empty-list"]
    assert [(doubt.line, doubt.column) for doubt in doubts] == [(7, 12)]
    asking = (
        text
        + "  - {rule: t, reason: T, when: size(order.goods) == 0, gives: A, because: So., cites: [act]}\n"
    )
    assert "empty-list" not in {warning.code for warning in book(asking).warnings}


def test_byte_order_mark(small_files: Files) -> None:
    """A byte order mark at the beginning of a file is no part of its text."""
    marked = {name: f"\ufeff{text}" for name, text in small_files.items()}
    assert digest(small_files) == digest(marked)


def test_windows_lines(small_files: Files) -> None:
    """Lines may end as on Windows; places stay right."""
    windows = {name: text.replace("\n", "\r\n") for name, text in small_files.items()}
    assert digest(small_files) == digest(windows)
    broken = {**windows, "scope.yaml": windows["scope.yaml"].replace("to_party", "to_parti")}
    assert [(problem.line, problem.column) for problem in problems(broken)] == [(9, 34)]
