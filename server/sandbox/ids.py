"""The sandbox's e-Cert IDs: random, easy to read aloud, and with two check digits."""

import re
import secrets
from typing import Final

# Without I, L, O and U, which people take for 1, 1, 0 and V.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PREFIX: Final = "SBX"
_GROUPS: Final = 3
_GROUP: Final = 4
_FORM: Final = re.compile(rf"{_PREFIX}(-[{_LETTERS}]{{{_GROUP}}}){{{_GROUPS}}}-[0-9]{{2}}")


def new_e_cert_id() -> str:
    """An id like `SBX-7K2M-Q9TD-0F4H-61` with 60 random bits."""
    groups = ["".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS)]
    return "-".join([_PREFIX, *groups, check_digits("".join([_PREFIX, *groups]))])


def is_well_formed(e_cert_id: str) -> bool:
    """Whether the check digits fit: any one wrong letter, and any two swapped neighbours, are found."""
    return bool(_FORM.fullmatch(e_cert_id)) and e_cert_id[-2:] == check_digits(
        e_cert_id[:-3].replace("-", "")
    )


def check_digits(text: str) -> str:
    """ISO 7064, MOD 97-10, over letters read as 10 to 35."""
    number = int("".join(str(int(letter, 36)) for letter in text))
    return f"{98 - number * 100 % 97:02d}"
