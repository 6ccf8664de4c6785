"""The canonical layout, by examples: what an author wrote, and how it is laid out."""

from textwrap import dedent

import pytest

from engine.workbench.layout.lay_out import laid_out

LONG = (
    "The goods are worth more than a commercial sample may be worth, and so they need a declaration of their own, "
    "like any others."
)
LAID = {
    "keys stand in their order, in steps of two": (
        """
        rules:
            -   cites: [act]
                rule: late
                when: order.late
                because: It is late.
                gives: REVIEW
                reason: LATE
        question: sample
        """,
        """
        question: sample
        rules:
          - rule: late
            reason: LATE
            when: order.late
            gives: REVIEW
            because: It is late.
            cites: [act]
        """,
    ),
    "comments go where their neighbours go": (
        """
        # the file's
        question: sample
        rules:
         # the rule's
         - reason: LATE   # the code's
           # the name's
           rule: late
           # at the end of the rule
         # at the end of the rules
        asks: Is it? # the question's
        """,
        """
        # the file's
        question: sample
        asks: Is it?  # the question's
        rules:
          # the rule's
          # the name's
          - rule: late
            reason: LATE   # the code's
            # at the end of the rule
          # at the end of the rules
        """,
    ),
    "a comment at the end of a list stays there": (
        """
        question: sample
        rules:
          - rule: late
            cites: [act]
            # of the rule
          # of the next
          - rule: dear
            cites: [act]
            # of the rule
          # of the rules
        """,
        None,
    ),
    "a comment in brackets gives every item a line": (
        """
        question: sample
        outcomes: [LATE, # the strongest
          # the hoped for
          EARLY]
        """,
        """
        question: sample
        outcomes:
          - LATE  # the strongest
          # the hoped for
          - EARLY
        """,
    ),
    "a comment in empty brackets goes above them": (
        "question: sample\nrules: [\n  # none yet\n]\n",
        "question: sample\n# none yet\nrules: []\n",
    ),
    "quotes go where they are not needed, and stay where the text would be read as something else": (
        """
        question: sample
        rules:
          - rule: "late"
            when: "true"
            because: 'It is "late": no more.'
            remedy: "Ship it earlier."
            cites: ["12", '08', "a, b", "act"]
        """,
        """
        question: sample
        rules:
          - rule: late
            when: "true"
            because: 'It is "late": no more.'
            remedy: Ship it earlier.
            cites: ["12", "08", "a, b", act]
        """,
    ),
    "quotes before a comment stay, for the comment would seem to cut the text": (
        'question: sample\nasks: "Is it late?"  # by the calendar\n',
        None,
    ),
    "a comment between a key and its text goes above them, where it cuts off nothing": (
        "question: sample\nasks: # why\n  Is it late?\n",
        "question: sample\n# why\nasks: Is it late?\n",
    ),
    "a long text is folded, a short one is not": (
        f"question: sample\nasks: >-\n  Is it\n  late?\notherwise:\n  because: {LONG}\n",
        f"question: sample\nasks: Is it late?\notherwise:\n  because: >-\n    {LONG[:-8]}\n    others.\n",
    ),
    "quotes that make a line too long go where a line of its own can do without them": (
        f'question: sample\nasks: "{LONG[:119]}, {{a}}?"\n',
        f"question: sample\nasks: {LONG[:119]}, {{a}}?\n",
    ),
    "lines of prose that are full enough stay as their author broke them": (
        f"question: sample\nasks: >-\n  {LONG[:108]}\n  {LONG[109:]}\n",
        None,
    ),
    "the operands of a condition keep their lines": (
        """
        question: sample
        rules:
           - when: |
                  order.late
                    && order.dear
                  || order.heavy
             rule: late
        """,
        """
        question: sample
        rules:
          - rule: late
            when: |
              order.late
                && order.dear
              || order.heavy
        """,
    ),
    "rules are set apart by blank lines, all or none": (
        "question: sample\nrules:\n  - rule: a\n\n\n  # about b\n  - rule: b\n  - rule: c\n",
        "question: sample\nrules:\n  - rule: a\n\n  # about b\n  - rule: b\n\n  - rule: c\n",
    ),
    "brackets that do not fit on a line are opened, and a list of texts is filled": (
        "question: sample\ntests:\n  - {test: one, with: {order.a: 1000000, order.b: 2000000, order.c: 3000000},"
        f" none: [{', '.join(f'order.field_{n}' for n in range(12))}], expect: A}}\n",
        "question: sample\ntests:\n  - test: one\n    with: {order.a: 1000000, order.b: 2000000, order.c: 3000000}\n"
        "    none:\n"
        f"      [{', '.join(f'order.field_{n}' for n in range(8))},\n"
        f"       {', '.join(f'order.field_{n}' for n in range(8, 12))}]\n"
        "    expect: A\n",
    ),
    "facts of a row keep their order, between its settings and its changes": (
        "tests:\n  - {test: a, rows: [{expect: A, none: [x.z], x.b: 1, x.a: 2, on: 2026-07-01, row: r}]}\n",
        "tests:\n  - {test: a, rows: [{row: r, on: 2026-07-01, x.b: 1, x.a: 2, none: [x.z], expect: A}]}\n",
    ),
    "a file that is no rule file keeps the order of its keys": ("b: 1\na: 2\n", None),
}


@pytest.mark.parametrize("name", LAID)
def test_layout(name: str) -> None:
    """Each is laid out as shown, or stays as it is where nothing is shown."""
    written, expected = (dedent(text).lstrip("\n") if text else None for text in LAID[name])
    assert written is not None
    assert (expected or written) == laid_out(
        "sample_test.yaml" if "tests:" in written else "sample.yaml", written
    )


def test_windows_line_ends() -> None:
    """Line ends of Windows become plain ones, and the mark at the file's beginning goes."""
    assert "question: sample\nasks: Is it?\n" == laid_out(
        "a.yaml", "\ufeffquestion: sample\r\nasks: Is it?\r\n"
    )


def test_cut_text_is_still_seen() -> None:
    """A text that a comma cut is not made a key of its own: its problem stays what it was."""
    cut = f"question: sample\notherwise: {{gives: A, because: {LONG}, cites: [act]}}\n"
    assert cut == laid_out("sample.yaml", cut)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("question: a: b\n", "yaml-syntax"),
        ("question: a\nquestion: b\n", "duplicate-key"),
        ("question: &a b\n", "anchor"),
        ("", "empty-file"),
    ],
)
def test_unreadable(text: str, code: str) -> None:
    """What is no YAML that rule files may be has problems instead of a layout."""
    laid = laid_out("a.yaml", text)
    assert not isinstance(laid, str)
    assert [code] == [problem.code for problem in laid]
