"""The sandbox's e-Cert IDs: random, easy to read aloud, and with two check digits."""

import secrets
from typing import Final

# Without I, L, O and U, which people take for 1, 1, 0 and V.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PREFIX: Final = "SBX"
_GROUPS: Final = 3
_GROUP: Final = 4


def new_e_cert_id() -> str:
    """An id like `SBX-7K2M-Q9TD-0F4H-61` with 60 random bits."""
    groups = ["".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS)]
    return "-".join([_PREFIX, *groups, check_digits("".join([_PREFIX, *groups]))])


def is_well_formed(e_cert_id: str) -> bool:
    """Whether the check digits fit: any one wrong letter, and any two swapped neighbours, are found."""
    prefix, *groups, digits = e_cert_id.split("-")
    well = prefix == _PREFIX and len(groups) == _GROUPS and all(_is_group(group) for group in groups)
    return well and digits == check_digits("".join([prefix, *groups]))


def _is_group(group: str) -> bool:
    return len(group) == _GROUP and all(letter in _LETTERS for letter in group)


def check_digits(text: str) -> str:
    """ISO 7064, MOD 97-10, over letters read as 10 to 35."""
    number = int("".join(str(int(letter, 36)) for letter in text))
    return f"{98 - number * 100 % 97:02d}"
