"""What can go wrong with the store, in words for operators and callers."""


class StoreError(Exception):
    """The store could not do what was asked; the message says what happened and how to mend it."""


class StoreUnavailable(StoreError):
    """The database cannot be reached just now. Nothing was written; the same call may be made again."""


class CommitUnknown(StoreUnavailable):
    """The connection was lost while committing: the change is there wholly or not at all; read it again."""


class StoreClosed(StoreUnavailable):
    """The store was closed; nothing was written."""


class StoreInUse(StoreError):
    """Another process serves this SQLite file."""


class StoreTooNew(StoreError):
    """The database was upgraded by a newer version of this program."""


class StoreTooOld(StoreError):
    """The database needs an upgrade before this version can use it."""


class StoreAddressInvalid(StoreError):
    """The database's address is not one that can be opened."""


class StoreRefused(StoreError):
    """The database cannot hold the value, or a rule of the schema forbids it."""


class LogDamaged(StoreError):
    """The log and its tree do not fit each other; nothing is added to it."""


class CaseChanged(StoreError):
    """Somebody else changed the case meanwhile; read it again and decide anew."""


class SiteChanged(StoreError):
    """Somebody else changed the site meanwhile; read it again and decide anew."""


class TransitionRefused(StoreError):
    """The event cannot happen to the case as it stands."""


class KeyMissing(StoreError):
    """A sealed value's master key is not at hand; the message says which."""


class SealBroken(StoreError):
    """A sealed value, or its key, is not as it was sealed: somebody changed or moved it."""


class RecordsErased(StoreError):
    """The records were erased; nothing is added to them."""
