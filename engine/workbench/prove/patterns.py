"""Regular expressions as conditions write them (RE2), read as languages. What is rare is refused, never guessed."""

from __future__ import annotations

from engine.workbench.prove.regular import Languages, Ranges, Regular, opposite

DIGITS: Ranges = ((48, 57),)
WORDS: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
SPACES: Ranges = ((9, 10), (12, 13), (32, 32))
_SETS = {"d": DIGITS, "w": WORDS, "s": SPACES}
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}
_MOST_REPEATS = 200


class NotRead(Exception):
    """The pattern uses what this reader does not know."""


def found_in(pattern: str, languages: Languages) -> Regular:
    """The texts in which the pattern matches somewhere. Raises NotRead."""
    return _Reader(pattern, languages).read()


class _Reader:
    def __init__(self, pattern: str, languages: Languages) -> None:
        self.text = pattern
        self.at = 0
        self.make = languages

    def read(self) -> Regular:
        branches = [self._branch()]
        while self._took("|"):
            branches.append(self._branch())
        if self.at < len(self.text):
            raise NotRead
        return self.make.some(branches)

    def _branch(self) -> Regular:
        """One branch of the whole pattern: only here may `^` stand at the beginning and `$` at the end."""
        begins = self._took("^")
        inside = self._row(outer=True)
        ends = self._took("$")
        if self.at < len(self.text) and self.text[self.at] != "|":
            raise NotRead
        around = self.make.anything
        made = inside if ends else self.make.then(inside, around)
        return made if begins else self.make.then(around, made)

    def _options(self) -> Regular:
        options = [self._row(outer=False)]
        while self._took("|"):
            options.append(self._row(outer=False))
        return self.make.some(options)

    def _row(self, outer: bool) -> Regular:
        parts: list[Regular] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            if outer and self.text[self.at] == "$":
                break
            parts.append(self._repeat(self._atom()))
        made = self.make.blank
        for part in reversed(parts):
            made = self.make.then(part, made)
        return made

    def _repeat(self, atom: Regular) -> Regular:
        while True:
            if self._took("*"):
                atom = self.make.many(atom)
            elif self._took("+"):
                atom = self.make.then(atom, self.make.many(atom))
            elif self._took("?"):
                atom = self.make.some([self.make.blank, atom])
            elif self._took("{"):
                atom = self._counted(atom)
            else:
                return atom
            self._took("?")

    def _counted(self, atom: Regular) -> Regular:
        end = self.text.find("}", self.at)
        least, comma, most = self.text[self.at : end].partition(",")
        if end < 0 or not least.isdigit() or (most and not most.isdigit()):
            raise NotRead
        self.at = end + 1
        top = int(least) if not comma else int(most) if most else None
        if int(least) > _MOST_REPEATS or (top or 0) > _MOST_REPEATS or (top is not None and top < int(least)):
            raise NotRead
        if top == 0:
            return self.make.blank
        return self.make.repeated(atom, int(least), top)

    def _atom(self) -> Regular:
        sign = self._next()
        if sign == "(":
            if self._took("?") and not self._took(":"):
                raise NotRead
            inside = self._options()
            if not self._took(")"):
                raise NotRead
            return inside
        if sign == "[":
            return self.make.one(self._class())
        if sign == ".":
            return self.make.one(opposite([(10, 10)]))
        if sign == "\\":
            return self.make.one(self._escape())
        if sign in "^$*+?{":
            raise NotRead
        return self.make.one(((ord(sign), ord(sign)),))

    def _class(self) -> Ranges:
        other = self._took("^")
        found: list[tuple[int, int]] = []
        while not self._took("]") or not found:
            sign = self._next() if found or self.text[self.at - 1] != "]" else "]"
            if sign == "[" and self._took(":"):
                raise NotRead
            if sign == "\\":
                ranges = self._escape()
                if len(ranges) > 1 or ranges[0][0] != ranges[0][1]:
                    found += ranges
                    continue
                first = ranges[0][0]
            else:
                first = ord(sign)
            last = first
            if self.text[self.at : self.at + 1] == "-" and self.text[self.at + 1 : self.at + 2] != "]":
                self.at += 1
                end = self._next()
                if end == "\\":
                    raise NotRead
                last = ord(end)
            if last < first:
                raise NotRead
            found.append((first, last))
        return opposite(found) if other else tuple(found)

    def _escape(self) -> Ranges:
        sign = self._next()
        if sign.lower() in _SETS:
            ranges = _SETS[sign.lower()]
            return ranges if sign.islower() else opposite(ranges)
        if sign in _SIGNS:
            sign = _SIGNS[sign]
        elif sign.isalnum():
            raise NotRead
        return ((ord(sign), ord(sign)),)

    def _took(self, sign: str) -> bool:
        met = self.text.startswith(sign, self.at)
        self.at += len(sign) if met else 0
        return met

    def _next(self) -> str:
        if self.at >= len(self.text):
            raise NotRead
        self.at += 1
        return self.text[self.at - 1]
