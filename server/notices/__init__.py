"""Where platforms call us: an address of its own over HTTP, which takes notices and gives nothing away."""

from server.notices.port import Heard, NoticePort, bound, unheard

__all__ = ["Heard", "NoticePort", "bound", "unheard"]
