"""Rows that erasing wrote over: what stood in them in plain, from before values were sealed, is gone on purpose.

Whoever only sealed what is erased needs nothing of this: sealed texts stay as they were logged.
"""

from collections.abc import Mapping
from typing import Final

from server.audit.entries import Said
from server.audit.raw import Plain, Raw
from server.store.covered import Evidence
from server.store.erasure import KIND
from server.store.sealing import SEALED

_ALONE: Final = "decisions/"
_ERASED: Final = "SELECT 1 FROM log WHERE tenant = ? AND subject = ? AND kind = ? AND position > ?"
_PLAIN: Final = "SELECT 1 FROM data_keys WHERE tenant = ? AND subject = ? AND plain AND erased_at IS NOT NULL"
_OF_REQUEST: Final = "SELECT case_name FROM requests WHERE tenant = ? AND request_id = ?"


def written_over(raw: Raw, evidence: Evidence, said: Said, values: Mapping[str, Plain]) -> bool:
    """Whether a row does not fit its entry because its case, or its day of screenings, was erased later, as the log says.

    Only a row counts in which a column that is sealed now is empty.
    """
    sealed = SEALED.get(evidence.table, ())
    if "" not in [values.get(name) for name in sealed]:
        return False
    return any(
        raw.ask(_PLAIN, [said.tenant, subject])
        and raw.ask(_ERASED, [said.tenant, subject, KIND, said.position])
        for subject in _subjects(raw, said, values)
    )


def _subjects(raw: Raw, said: Said, values: Mapping[str, Plain]) -> list[str]:
    """What the row's key may be for: its case, the case of its request, or its day."""
    if not said.subject.startswith(_ALONE):
        return [said.subject]
    cases = [name for (name,) in raw.ask(_OF_REQUEST, [said.tenant, values.get("request_id")]) if name]
    return [*cases, f"screenings/{str(values.get('decided_at'))[:10]}"]
