"""One census in a process of its own, measured from inside: `python -m bench.census_run FILE MAPPING PROCESSES`."""

import json
import resource
import sys
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

from bench.orders import EXAMPLES
from engine.census import Census
from engine.rulebook import DEFAULT_ENFORCE
from server.census import CensusTaker, Task
from server.recorded.spreading import tallies
from server.rows.opening import open_rows
from server.rulebooks import load_folder

_MEGABYTE = 1024
"""Linux gives the largest size in kilobytes."""


def run(file: Path, mapping: Path, processes: int) -> dict[str, float]:
    """Takes the census; seconds are those of reading and counting, without the start of Python."""
    rulebook = load_folder(EXAMPLES.parent / "rules" / "usmca")
    task = Task(open_rows(file), rulebook.files, (mapping, mapping.read_text("utf-8")), DEFAULT_ENFORCE, None)
    taker = CensusTaker(task, rulebook)
    began, cpu = perf_counter(), process_time()
    whole = Census(taker.asked)
    for part in tallies(partial(CensusTaker.begin, task), task.rows.parts(), processes):
        whole.add(part)
    seconds, own = perf_counter() - began, process_time() - cpu
    # Of children only those that have ended are known, and they have.
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "orders": whole.orders,
        "unread": whole.unread.rows,
        "seconds": seconds,
        "cpu": own + children.ru_utime + children.ru_stime,
        "rss_mb": max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, children.ru_maxrss) / _MEGABYTE,
    }


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))))
