"""What a form is: the shape of a part of a rule file, as its author may write it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache


class Kind(Enum):
    """What a text is. Prose may be folded anywhere, a condition between operands; LETTERS may be empty too."""

    PROSE = "prose"
    WORD = "word"
    CONDITION = "condition"
    DATE = "date"
    FLAG = "flag"
    LETTERS = "letters"


class Vocabulary(Enum):
    """Names of one rulebook that an editor can offer."""

    FACT = "fact"
    OUTCOME = "outcome"
    CITATION = "citation"
    QUESTION = "question"
    RULE = "rule"
    REASON = "reason"
    TYPE = "type"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Text:
    """A text. `pattern` is the whole of what it may be; `choices` are all its words; both empty where it is free."""

    kind: Kind = Kind.WORD
    pattern: str = ""
    choices: tuple[str, ...] = ()
    offers: Vocabulary | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    of: Form
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping whose keys the author chooses, in the author's order, and of which there are so many at least."""

    of: Form
    pattern: str = ""
    offers: Vocabulary | None = None
    least: int = 0


@dataclass(frozen=True, slots=True)
class Either:
    """One of several forms, told apart by whether it is a text, a list or a mapping."""

    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever stands there."""


@dataclass(frozen=True, slots=True)
class Given:
    """The value of a fact, as rule tests give it: its fields, where it has some, by name or path."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key, what it says in a sentence, and the form of what follows it."""

    name: str
    says: str
    form: Form


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """A mapping with known keys, in the order in which they are laid out.

    `required` and `optional` are what the reader of such a mapping accepts, so that neither can go stale. A key
    that is described nowhere may hold anything. Of the keys in `any_of` one at least is there, of those in
    `one_of` exactly one; `together` are pairs of which the first stands only with the second. `facts` says that
    facts by path may stand among them.
    """

    says: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    described: tuple[Key, ...]
    any_of: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    together: tuple[tuple[str, str], ...] = ()
    facts: bool = False

    @property
    def keys(self) -> tuple[Key, ...]:
        """Every key of the reader's, in the order of the layout; those that nobody described come last."""
        accepted = (*self.required, *self.optional)
        known = [key for key in self.described if key.name in accepted]
        names = {key.name for key in known}
        return (*known, *(Key(name, "", ANYTHING) for name in accepted if name not in names))

    def form_of(self, name: str) -> Form:
        """The form of what follows a key."""
        return _forms(self).get(name, ANYTHING)


Form = Text | Items | Named | Either | Anything | Given | Keys
ANYTHING = Anything()


@cache
def _forms(keys: Keys) -> dict[str, Form]:
    return {key.name: key.form for key in keys.keys}


def either(*forms: Form) -> Either:
    """One of several forms."""
    return Either(forms)


def of_kind(form: Form, kinds: Iterable[type], keys: Collection[str] = ()) -> Form:
    """The form itself, or the one of several that is of a kind and knows most of the keys; anything where none is."""
    kinds = tuple(kinds)
    fitting = [one for one in (form.forms if isinstance(form, Either) else (form,)) if isinstance(one, kinds)]
    return max(
        fitting,
        key=lambda one: len(_forms(one).keys() & keys) if isinstance(one, Keys) else 0,
        default=ANYTHING,
    )
