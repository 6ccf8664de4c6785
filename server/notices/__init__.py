"""Where platforms call us: an address of its own over HTTP, which takes notices and gives nothing away."""

from server.notices.port import NoticePort, bound

__all__ = ["NoticePort", "bound"]
