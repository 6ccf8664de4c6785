"""The sandbox's e-Cert IDs: random, easy to read aloud, and with two check letters."""

import re
import secrets
import string
from typing import Final

# Without I, L, O and U, which people take for 1, 1, 0 and V.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALL_LETTERS: Final = string.digits + string.ascii_uppercase
_PREFIX: Final = "SBX"
_GROUPS: Final = 3
_GROUP: Final = 4
_FORM: Final = re.compile(rf"{_PREFIX}(-[{_LETTERS}]{{{_GROUP}}}){{{_GROUPS}}}-[0-9A-Z]{{2}}")


def new_e_cert_id() -> str:
    """An id like `SBX-7K2M-Q9TD-0F4H-9B` with 60 random bits."""
    groups = ["".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS)]
    return "-".join([_PREFIX, *groups, check_letters("".join([_PREFIX, *groups]))])


def is_well_formed(e_cert_id: str) -> bool:
    """Whether the check letters fit: any one wrong letter, and any two swapped neighbours, are found."""
    return bool(_FORM.fullmatch(e_cert_id)) and e_cert_id[-2:] == check_letters(
        e_cert_id[:-3].replace("-", "")
    )


def check_letters(text: str) -> str:
    """ISO 7064, MOD 1271-36."""
    rest = 0
    for letter in text:
        rest = (rest + int(letter, 36)) * 36 % 1271
    first, second = divmod((1 - rest * 36) % 1271, 36)
    return _ALL_LETTERS[first] + _ALL_LETTERS[second]
