"""Sealed texts open in their place under their key, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.store.errors import KeyMissing, SealBroken
from server.store.sealing import MasterKey, MasterKeys
from server.store.sealing.envelope import DataKey, is_sealed, key_id_of

KEY = DataKey.of("k1", b"k" * 32)
PLACE = "cases.order\x1facme\x1fcases/1"


@given(st.text(), st.text())
def test_opens_in_its_place(text: str, place: str) -> None:
    """What is sealed for a place opens there."""
    assert text == KEY.open(KEY.seal(text, place), place)


@given(st.text(min_size=1), st.integers(min_value=1, max_value=2000))
def test_long_texts(text: str, times: int) -> None:
    """However long a text is, it opens as it was, and what repeats itself takes little room."""
    sealed = KEY.seal(text * times, PLACE)
    assert text * times == KEY.open(sealed, PLACE)
    assert len(sealed) <= 4 / 3 * len((text * times).encode()) + 100


@given(st.text(min_size=1))
def test_says_what_it_is(text: str) -> None:
    """A sealed text says that it is one, and under which key."""
    sealed = KEY.seal(text, PLACE)
    assert (True, "k1") == (is_sealed(sealed), key_id_of(sealed))


def test_sealed_twice() -> None:
    """The same text is never sealed alike, so that nobody sees that two values are the same."""
    assert KEY.seal("Jane", PLACE) != KEY.seal("Jane", PLACE)


def test_moved() -> None:
    """A sealed text that was put into another row does not open."""
    sealed = KEY.seal("Jane", PLACE)
    with pytest.raises(SealBroken, match="moved"):
        KEY.open(sealed, PLACE.replace("cases/1", "cases/2"))


def test_other_key() -> None:
    """Under another key of the same id a sealed text does not open."""
    with pytest.raises(SealBroken):
        DataKey.of("k1", b"o" * 32).open(KEY.seal("Jane", PLACE), PLACE)


@given(st.integers(min_value=0))
def test_changed(at: int) -> None:
    """A sealed text of which one sign was changed does not open."""
    sealed = KEY.seal("Jane", PLACE)
    # The last signs have bits that stand for nothing.
    place = len("sealed:1:k1:") + at % (len(sealed) - len("sealed:1:k1:") - 2)
    other = "A" if sealed[place] != "A" else "B"
    with pytest.raises(SealBroken):
        KEY.open(sealed[:place] + other + sealed[place + 1 :], PLACE)


def test_master_keys_rotate() -> None:
    """The newest master key wraps, and those before still unwrap."""
    old, new = MasterKey(b"o" * 32), MasterKey(b"n" * 32)
    wrapped = MasterKeys([old]).wrap(b"d" * 32, "acme")
    both = MasterKeys([old, new])
    assert (b"d" * 32, new.key_id) == (both.unwrap(wrapped, "acme"), both.newest)


def test_master_key_missing() -> None:
    """Where the master key that wrapped is not at hand, it is named."""
    old, new = MasterKey(b"o" * 32), MasterKey(b"n" * 32)
    with pytest.raises(KeyMissing, match=old.key_id):
        MasterKeys([new]).unwrap(MasterKeys([old]).wrap(b"d" * 32, "acme"), "acme")


def test_wrapped_for_another() -> None:
    """A data key that was put into another case's row does not unwrap."""
    keys = MasterKeys([MasterKey(b"o" * 32)])
    with pytest.raises(SealBroken):
        keys.unwrap(keys.wrap(b"d" * 32, "cases/1"), "cases/2")


def test_key_is_not_shown() -> None:
    """No key shows its octets where it is printed."""
    assert "ooo" not in repr(MasterKey(b"o" * 32))
