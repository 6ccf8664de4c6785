"""docs/performance.md: what was measured, where and when; a section a part, replaced when the part is measured again."""

import os
import platform
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "performance.md"

HEAD: Final = """<!-- Written by `make bench`, a section a part. Change bench/, not this page. -->

# Performance

Figures compare within one run: a ratio against something measured in turns with it, on the same machine. A figure without
such a partner says what this machine does, no more. `make bench` measures all, `make bench WHAT=server` a part of it, and
`make bench-peers` beside Cerbos. What is asked of a figure stands beside it; where it is missed, the page says so.
"""

AT_LEAST: Final = {
    "cases.sqlite_a_second": 300.0, "cases.postgresql_a_second": 300.0,
    "evidence.verify_entries_a_second": 20_000.0, "platform.certificates_a_second": 250.0,
    "server.unary_vs_echo": 0.75, "server.unary_logged_vs_echo": 0.60,
    "server.batch_vs_cerbos": 3.0, "server.batch_logged_vs_cerbos": 2.0,
}  # fmt: skip
AT_MOST: Final = {
    "cases.get_p99_growth": 2.0, "cases.list_p99_growth": 2.0, "cases.process_p99_growth": 2.0,
    "census.rss_growth_mb": 20.0,
    "evidence.log_overhead": 1.25,
    "platform.overhead_p50_ms": 3.0, "platform.overhead_p99_ms": 25.0, "platform.rss_growth_mb": 5.0,
    "server.start_s": 1.5, "server.rss_mb": 160.0, "server.rss_growth_mb": 5.0,
}  # fmt: skip
"""What is asked of figures."""


def keep(part: str, method: str, tables: Sequence[str], ratios: Mapping[str, float], on: date) -> None:
    """Puts a part's figures into the page, in place of those of before."""
    page = PAGE.read_text("utf-8") if PAGE.exists() else HEAD
    PAGE.write_text(replaced(page, part, section(part, method, tables, ratios, on)), "utf-8")


def replaced(page: str, part: str, text: str) -> str:
    """The page with this text as the part's section, sections in the order of their names."""
    _, *rest = re.split(r"^(?=<!-- part )", page, flags=re.MULTILINE)
    sections = {name: each for each in rest if (name := each.split()[2])}
    sections[part] = text
    return HEAD + "\n" + "\n".join(sections[name].strip() + "\n" for name in sorted(sections))


def section(part: str, method: str, tables: Sequence[str], ratios: Mapping[str, float], on: date) -> str:
    """A part's section: how it is measured, where and when, its tables, its figures with what is asked of them."""
    rows = "".join(f"| `{name}` | {value:.3g} | {asked(name, value)} |\n" for name, value in ratios.items())
    shown = "\n".join(f"```text\n{table.rstrip()}\n```\n" for table in tables)
    return (
        f"<!-- part {part} -->\n## {part}\n\n{method.strip()}\n\nMeasured on {on.isoformat()}: {machine()}.\n\n"
        f"{shown}\n| figure | seen | asked |\n|---|---:|---|\n{rows}"
    )


def asked(name: str, value: float) -> str:
    """What is asked of a figure, and whether it was missed."""
    if (least := AT_LEAST.get(name)) is not None:
        return f"at least {least:g}" + ("" if value >= least else ": missed")
    if (most := AT_MOST.get(name)) is not None:
        return f"at most {most:g}" + ("" if value <= most else ": missed")
    return "stated only"


def machine() -> str:
    """The machine in words: processor, cores, memory, Python."""
    lines = Path("/proc/cpuinfo").read_text("ascii").splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores of {model or platform.machine()}, {memory:.0f} GiB, "
        f"{platform.system()}, Python {platform.python_version()}"
    )
