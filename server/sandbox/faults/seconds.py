"""How many seconds something takes: always the same, or drawn from a distribution."""

import math
from itertools import pairwise
from random import Random
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

LONGEST = 31_536_000.0

Time = Annotated[float, Field(ge=0, le=LONGEST, allow_inf_nan=False)]


def contradiction(what: str, mend: str) -> PydanticCustomError:
    """An error for values that do not fit together, with what to do about it."""
    # Braces in a message would stand for values.
    return PydanticCustomError("contradiction", "{what}", {"what": what, "mend": mend})


_FORBID = ConfigDict(extra="forbid", frozen=True)


class Lognormal(BaseModel):
    """Most near the median, some far above it, as networks are. `sigma` is of the logarithm; `most` cuts off."""

    model_config = _FORBID

    median: Annotated[float, Field(gt=0, le=LONGEST, allow_inf_nan=False)]
    sigma: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)]
    most: Time = LONGEST


class Distribution(BaseModel):
    """One of three ways to draw seconds."""

    model_config = _FORBID

    # From the first to the second, each as likely.
    uniform: tuple[Time, Time] | None = None
    lognormal: Lognormal | None = None
    # Seconds by percentile, as they are measured, e.g. {50: 0.1, 99: 2}; straight lines between them.
    percentiles: dict[Annotated[float, Field(ge=0, le=100)], Time] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if len(self.model_fields_set) != 1 or None in (getattr(self, name) for name in self.model_fields_set):
            raise contradiction(
                "one of `uniform`, `lognormal` and `percentiles` is expected", "keep one of them"
            )
        if self.uniform is not None and self.uniform[0] > self.uniform[1]:
            raise contradiction("`uniform` goes from the smaller number to the larger one", "swap them")
        points = sorted((self.percentiles or {}).items())
        if self.percentiles is not None and not points:
            raise contradiction(
                "`percentiles` needs one percentile at least", "write them as `{50: 0.1, 99: 2}`"
            )
        if any(before[1] > after[1] for before, after in pairwise(points)):
            raise contradiction(
                "`percentiles` never fall: a higher percentile takes as long, or longer",
                "sort the seconds",
            )
        return self

    def draw(self, random: Random) -> float:
        """Seconds, drawn."""
        if self.uniform is not None:
            return random.uniform(*self.uniform)
        if self.lognormal is not None:
            drawn = random.lognormvariate(math.log(self.lognormal.median), self.lognormal.sigma)
            return min(drawn, self.lognormal.most)
        return _between(sorted((self.percentiles or {}).items()), random.uniform(0, 100))


def _between(points: list[tuple[float, float]], at: float) -> float:
    """The height at `at` of the straight lines through the points; level before the first and after the last."""
    for (left, low), (right, high) in pairwise(points):
        if left <= at <= right:
            return low + (high - low) * (at - left) / (right - left)
    return points[0][1] if at < points[0][0] else points[-1][1]


def _kind(value: Any) -> str:
    return "distribution" if isinstance(value, dict | Distribution) else "number"


Seconds = Annotated[
    Annotated[Time, Tag("number")] | Annotated[Distribution, Tag("distribution")], Discriminator(_kind)
]
"""A number, or a distribution that one is drawn from."""


def draw(seconds: Seconds, random: Random) -> float:
    """The seconds, drawn where there is something to draw."""
    return seconds.draw(random) if isinstance(seconds, Distribution) else seconds
