"""Records looked up lately."""

import asyncio

import pytest

from server.errors import LimitExceeded
from server.identity.fresh import Fresh


class Book:
    """Records that change, a clock that stands, and how often it was looked into."""

    def __init__(self) -> None:
        self.records: dict[str, str] = {"a": "first"}
        self.looks = 0
        self.now = 0.0
        self.open = asyncio.Event()
        self.open.set()
        self.fresh = Fresh(self.look_up, 5.0, lambda: self.now, strangers=3)

    async def look_up(self, key: str) -> str | None:
        self.looks += 1
        found = self.records.get(key)
        await self.open.wait()
        return found


async def test_within_its_age() -> None:
    """What was looked up is not looked up again until it is as old as it may be."""
    book = Book()
    assert "first" == await book.fresh.get("a")
    book.records["a"], book.now = "second", 4.9
    assert ("first", 1) == (await book.fresh.get("a"), book.looks)
    book.now = 5.0
    assert ("second", 2) == (await book.fresh.get("a"), book.looks)


async def test_gone() -> None:
    """A record that is gone is not known any more once it was looked for, nor looked for again at once."""
    book = Book()
    await book.fresh.get("a")
    del book.records["a"]
    book.now = 5.0
    assert (None, None, 2) == (await book.fresh.get("a"), await book.fresh.get("a"), book.looks)


async def test_came() -> None:
    """A record that was not there is found within the same age."""
    book = Book()
    assert await book.fresh.get("b") is None
    book.records["b"], book.now = "new", 5.0
    assert "new" == await book.fresh.get("b")


async def test_age_counts_from_the_beginning() -> None:
    """A look-up that took long is as old as when it began: what it saw may have changed since."""
    book = Book()
    book.open.clear()
    slow = asyncio.create_task(book.fresh.get("a"))
    await asyncio.sleep(0)
    book.now = 4.0
    book.open.set()
    assert "first" == await slow
    book.records["a"], book.now = "second", 5.0
    assert "second" == await book.fresh.get("a")


async def test_one_look_for_many() -> None:
    """Those who ask at once share a look-up, and one who goes away takes it from nobody."""
    book = Book()
    book.open.clear()
    asking = [asyncio.create_task(book.fresh.get("a")) for _ in range(5)]
    await asyncio.sleep(0)
    asking[0].cancel()
    await asyncio.sleep(0)
    book.open.set()
    assert (["first"] * 4, 1) == (await asyncio.gather(*asking[1:]), book.looks)


async def test_failed_look() -> None:
    """A look-up that fails fails for who asked; the next one looks again."""
    calls = []

    async def look_up(key: str) -> str:
        calls.append(key)
        raise OSError("gone")

    fresh = Fresh(look_up, 5.0, lambda: 0.0)
    for _ in range(2):
        with pytest.raises(OSError, match="gone"):
            await fresh.get("a")
    assert ["a", "a"] == calls


async def test_strangers() -> None:
    """So many unknown ones are looked up in a second and no more; those who are known are served all the while."""
    book = Book()
    await book.fresh.get("a")
    for name in ("x", "y"):
        assert await book.fresh.get(name) is None
    with pytest.raises(LimitExceeded):
        await book.fresh.get("z")
    assert "first" == await book.fresh.get("a")
    book.now = 1.0
    assert await book.fresh.get("z") is None
