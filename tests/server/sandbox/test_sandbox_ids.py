"""The sandbox's e-Cert IDs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sandbox.ids import check_digits, is_well_formed, new_e_cert_id


def test_check_digits():
    """ISO 7064, MOD 97-10: the example of ISO 13616 for IBANs, WEST 1234 5698 7654 32 of GB, has 82."""
    assert check_digits("WEST12345698765432GB") == "82"


def test_new_ids():
    """New ids are well formed, and no two are the same."""
    ids = {new_e_cert_id() for _ in range(100)}
    assert (100, True) == (len(ids), all(is_well_formed(e_cert_id) for e_cert_id in ids))


@pytest.mark.parametrize(
    "e_cert_id", ["", "SBX", "SBX-1-2-3-4", "sbx-7k2m-q9td-0f4h-61", "SBX-7K2M-Q9TD-0F4I-61", "eCERT-1"]
)
def test_ill_formed(e_cert_id):
    """What does not look like one of its ids is none."""
    assert not is_well_formed(e_cert_id)


@given(place=st.integers(4, 17), letter=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_letter(place, letter):
    """Any one wrong letter is found."""
    e_cert_id = new_e_cert_id()
    wrong = e_cert_id[:place] + letter + e_cert_id[place + 1 :]
    assert is_well_formed(wrong) == (wrong == e_cert_id)
