"""What keeps personal values unreadable at rest: each case has a data key, and its values are sealed under it.

Whoever reads records through the store gets them in plain; what the tables hold is sealed. A data key that is deleted
erases what was sealed under it, and what hashes the sealed texts still holds.
"""

from server.store.sealing.columns import (
    SEALED,
    opened,
    opened_by,
    opened_texts,
    opened_words,
    sealed_row,
    sealed_words,
    stored,
)
from server.store.sealing.keyring import (
    Keyring,
    begin_key,
    begin_keys,
    commit_keys,
    end_key,
    forget_key,
    handed_over,
    lend,
    rewrapped,
)
from server.store.sealing.keys import newest as newest_wrapped
from server.store.sealing.keys import subject_of
from server.store.sealing.master import MasterKey, MasterKeys

__all__ = [
    "SEALED",
    "Keyring",
    "MasterKey",
    "MasterKeys",
    "begin_key",
    "begin_keys",
    "commit_keys",
    "end_key",
    "forget_key",
    "handed_over",
    "lend",
    "newest_wrapped",
    "opened",
    "opened_by",
    "opened_texts",
    "opened_words",
    "rewrapped",
    "sealed_row",
    "sealed_words",
    "stored",
    "subject_of",
]
