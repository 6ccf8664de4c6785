"""Rule tests as JUnit XML, the form that CI systems read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from engine.rulebook.problems import Problem
from engine.workbench.ruletests.report import State, TestReport

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(
    name: str, reports: Sequence[TestReport], problems: Iterable[tuple[Problem, str]], said: str = ""
) -> str:
    """The document: a suite for each file, a case for each test, and an error for each problem.

    `problems` are those of the test files, with the text that shows them. `said` is why something was not
    done that should have been; it makes an error of its own.
    """
    errors = [(problem.file, _error(problem, text)) for problem, text in problems]
    if said:
        errors.append((name, _case("", name, "second opinion", 0.0, ("error", said.splitlines()[0], said))))
    root = Element("testsuites", name=name)
    files = sorted({one.file for one in reports} | {file for file, _ in errors})
    for file in files:
        own = [one for one in reports if one.file == file]
        broken = [case for path, case in errors if path == file]
        suite = SubElement(root, "testsuite", {"name": file, **_counts(own, len(broken))})
        suite.extend([*map(_reported, own), *broken])
    for key, value in _counts(reports, len(errors)).items():
        root.set(key, value)
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _counts(reports: Sequence[TestReport], errors: int) -> dict[str, str]:
    return {
        "tests": str(len(reports) + errors),
        "failures": str(sum(one.state is State.FAILED for one in reports)),
        "errors": str(errors),
        "skipped": str(sum(one.state is State.SKIPPED for one in reports)),
        "time": f"{sum(one.seconds for one in reports):.3f}",
    }


def _reported(one: TestReport) -> Element:
    below: tuple[str, str, str] | None = None
    if one.state is State.SKIPPED:
        below = ("skipped", one.because, "")
    elif one.state is State.FAILED:
        first = one.differences[0]
        below = ("failure", f"{first.what}: expected {first.expected}, actual {first.actual}", one.text)
    return _case(str(one.line), one.file, one.test, one.seconds, below)


def _error(problem: Problem, text: str) -> Element:
    name = f"line {problem.line}: {problem.code}"
    return _case(str(problem.line), problem.file, name, 0.0, ("error", problem.message, text))


def _case(line: str, file: str, name: str, seconds: float, below: tuple[str, str, str] | None) -> Element:
    """A case. Its class is the file without its ending, in the form that CI systems group by."""
    classname = file.removesuffix(".yaml").strip("/").replace("/", ".")
    case = Element(
        "testcase", classname=_clean(classname), name=_clean(name), file=file, time=f"{seconds:.6f}"
    )
    if line:
        case.set("line", line)
    if below is not None:
        kind, message, text = below
        SubElement(case, kind, message=_clean(message)).text = _clean(text) or None
    return case


def _clean(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
