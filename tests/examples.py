"""How many examples a law is put to: few in `make test`, ten times as many in `make laws`."""

import os
from typing import Final

_SCALE: Final = float(os.environ.get("ORIGINGATE_TEST_EXAMPLES", "1"))


def examples(short: int) -> int:
    """So many examples in the short form, and as many times more as ORIGINGATE_TEST_EXAMPLES says."""
    return max(1, round(short * _SCALE))
