"""How many order lines a platform takes."""

from typing import Final

from engine.declaration import Content
from engine.platform import Capabilities, Rejected, Rejection

# Of what we refuse ourselves, because the platform would.
TOO_MANY_LINES: Final = "ORIGIN_GATE_TOO_MANY_LINES"


def refused_for_its_lines(can: Capabilities, content: Content) -> Rejected | None:
    """The rejection of a declaration with more lines than the platform takes; None where it takes them."""
    order = content.get("order")
    lines = order.get("lines") if isinstance(order, dict) else None
    count = len(lines) if isinstance(lines, dict) else 0
    if can.most_lines is None or count <= can.most_lines:
        return None
    because = (
        f"nothing was sent: the platform takes at most {can.most_lines} order lines, and there are {count};"
        " divide the order, or connect the site to a platform that takes more"
    )
    return Rejected((Rejection(TOO_MANY_LINES, "", because),))
