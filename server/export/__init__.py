"""A case as one file: all that is kept of it, the proof that it is what was logged, and a page for people.

It is a zip that somebody reads years later without this project: docs/auditing.md says what stands where, and gives a
program of a page that verifies it.
"""

from server.export.case import export_case

__all__ = ["export_case"]
