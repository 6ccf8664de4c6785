"""The server without its log: nothing is told, hashed, signed or proved. Only to measure what the log costs."""

import sys
from collections.abc import Mapping
from typing import Any

from server.__main__ import main
from server.store import cases, certificates, decisions, log, rulebooks, writer
from server.store.covered import Covered

_NOTHING = Covered("", {})


def _covers_nothing(*_: object) -> Covered:
    return _NOTHING


def _tells_nothing(*_: object, **__: Mapping[str, Any]) -> None:
    return None


for module in (cases, certificates, decisions, rulebooks):
    vars(module)["covered"] = _covers_nothing
log.append = _tells_nothing
writer.write_entries = _tells_nothing

if __name__ == "__main__":
    sys.exit(main())
