"""What was seen of a platform, for machines: as data, and as JUnit XML."""

import re
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from server.platforms.conformance.model import Report, State, Tried
from server.platforms.described import capabilities

Data = dict[str, object]

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report_data(report: Report) -> Data:
    """The report as JSON takes it; times are seconds, shares are 0 to 1."""
    return {
        "platform": report.platform,
        "manifest_digest": report.manifest_digest,
        "holds": report.holds,
        "capabilities": capabilities(report.capabilities),
        "promises": [_tried(one) for one in report.tried],
        "within_seconds": report.within,
        "latencies": [
            {
                "operation": one.operation,
                "count": one.count,
                "p50_seconds": round(one.p50, 6),
                "p95_seconds": round(one.p95, 6),
                "p99_seconds": round(one.p99, 6),
                "longest_seconds": round(one.longest, 6),
                "share_within": round(one.within, 4),
            }
            for one in report.latencies
        ],
        "bought": report.bought,
        "left_in_force": list(report.left),
    }


def _tried(one: Tried) -> Data:
    return {
        "name": one.promise.name,
        "theme": one.promise.theme,
        "says": one.promise.says,
        "state": one.state.value,
        "expected": one.expected,
        "seen": one.seen,
        "seconds": round(one.seconds, 3),
    }


def report_junit(report: Report) -> str:
    """The document: a suite for each theme, a case for each promise."""
    root = Element("testsuites", {"name": f"platform {report.platform}", **_counts(report.tried)})
    for theme in dict.fromkeys(one.promise.theme for one in report.tried):
        own = tuple(one for one in report.tried if one.promise.theme == theme)
        suite = SubElement(root, "testsuite", {"name": theme, **_counts(own)})
        for one in own:
            _case(suite, report.platform, one)
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _case(suite: Element, platform: str, one: Tried) -> None:
    case = SubElement(
        suite,
        "testcase",
        classname=f"platform.{platform}",
        name=f"{one.promise.name}: {one.promise.says}",
        time=f"{one.seconds:.3f}",
    )
    if one.state is State.BROKEN:
        message = _clean(f"expected {one.expected}; seen: {one.seen}")
        SubElement(case, "failure", message=message).text = message
    elif one.state in (State.NOT_PROMISED, State.NOT_TRIED):
        SubElement(case, "skipped", message=_clean(one.seen))
    else:
        SubElement(case, "system-out").text = _clean(one.seen)


def _counts(tried: tuple[Tried, ...]) -> dict[str, str]:
    return {
        "tests": str(len(tried)),
        "failures": str(sum(one.state is State.BROKEN for one in tried)),
        "errors": "0",
        "skipped": str(sum(one.state in (State.NOT_PROMISED, State.NOT_TRIED) for one in tried)),
        "time": f"{sum(one.seconds for one in tried):.3f}",
    }


def _clean(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
