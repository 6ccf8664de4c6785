"""The sandbox's e-Cert IDs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.sandbox.ids import check_letters, is_well_formed, new_e_cert_id


def test_check_letters():
    """ISO 7064, MOD 1271-36: its own example."""
    assert check_letters("ISO79") == "3W"


def test_new_ids():
    """New ids are well formed, and no two are the same."""
    ids = {new_e_cert_id() for _ in range(100)}
    assert (100, True) == (len(ids), all(is_well_formed(e_cert_id) for e_cert_id in ids))


@pytest.mark.parametrize(
    "e_cert_id", ["", "SBX", "SBX-1-2-3-4", "sbx-7k2m-q9td-0f4h-9b", "SBX-7K2M-Q9TD-0F4I-9B", "eCERT-1"]
)
def test_ill_formed(e_cert_id):
    """What does not look like one of its ids is none."""
    assert not is_well_formed(e_cert_id)


@settings(deadline=None)
@given(place=st.integers(4, 17), letter=st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_letter(place, letter):
    """Any one wrong letter is found."""
    e_cert_id = new_e_cert_id()
    wrong = e_cert_id[:place] + letter + e_cert_id[place + 1 :]
    assert is_well_formed(wrong) == (wrong == e_cert_id)


@settings(deadline=None)
@given(place=st.sampled_from([4, 5, 6, 9, 10, 11, 14, 15, 16]))
def test_swapped_neighbours(place):
    """Any two neighbours swapped are found."""
    e_cert_id = new_e_cert_id()
    wrong = e_cert_id[:place] + e_cert_id[place + 1] + e_cert_id[place] + e_cert_id[place + 2 :]
    assert is_well_formed(wrong) == (wrong == e_cert_id)
