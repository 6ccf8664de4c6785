"""Coverage as an LCOV tracefile, which CI and editors read: rules are functions, sides are branches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from engine.workbench.coverage.model import BOTH, Coverage, Covered, Kind, Side


def lcov(coverage: Coverage) -> str:
    """The tracefile. A line is hit by the tests that saw a rule or clause of it, a rule by those where it fires."""
    files: dict[str, list[Covered]] = defaultdict(list)
    for one in coverage.parts:
        if one.part.kind in (Kind.RULE, Kind.CLAUSE):
            files[one.part.span.file.path].append(one)
    return "".join(f"{line}\n" for path, parts in files.items() for line in _file(path, parts))


def _file(path: str, parts: list[Covered]) -> Iterator[str]:
    rules = [one for one in parts if one.part.kind is Kind.RULE]
    yield "TN:"
    yield f"SF:{path}"
    for one in rules:
        yield f"FN:{one.part.position[0]},{_function(one)}"
    for one in rules:
        yield f"FNDA:{one.tests[Side.TRUE]},{_function(one)}"
    yield f"FNF:{len(rules)}"
    yield f"FNH:{sum(one.tests[Side.TRUE] > 0 for one in rules)}"
    lines: dict[int, list[Covered]] = defaultdict(list)
    for one in parts:
        lines[one.part.position[0]].append(one)
    for line in sorted(lines):
        for block, one in enumerate(lines[line]):
            for side in one.part.demanded:
                taken = one.tests[side] if any(one.tests.values()) else "-"
                yield f"BRDA:{line},{block},{BOTH.index(side)},{taken}"
    yield f"BRF:{sum(len(one.part.demanded) for one in parts)}"
    yield f"BRH:{sum(len(one.part.demanded) - len(one.lacking) for one in parts)}"
    hits = {line: max(max(one.tests.values()) for one in found) for line, found in lines.items()}
    for line in sorted(hits):
        yield f"DA:{line},{hits[line]}"
    yield f"LF:{len(hits)}"
    yield f"LH:{sum(hit > 0 for hit in hits.values())}"
    yield "end_of_record"


def _function(rule: Covered) -> str:
    return f"{rule.part.owner.question}:{rule.part.owner.name}"
