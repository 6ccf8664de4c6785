"""One fault: what goes wrong, at which operation, how often, and with which details."""

from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from server.sandbox.faults.seconds import Seconds, contradiction


class FaultKind(StrEnum):
    """What goes wrong. Those before WRONG_SIGNATURE can befall every operation, the others only what issues."""

    LATENCY = "latency"
    DOWN = "down"
    TOO_MANY = "too_many"
    ERROR_BEFORE_COMMIT = "error_before_commit"
    ERROR_AFTER_COMMIT = "error_after_commit"
    DROP_REPLY = "drop_reply"
    HALF_REPLY = "half_reply"
    SLOW_DRIP = "slow_drip"
    UNREADABLE_REPLY = "unreadable_reply"
    WRONG_SIGNATURE = "wrong_signature"
    WRONG_DIGEST = "wrong_digest"
    LATE_REVOCATION = "late_revocation"
    LAG = "lag"
    DUPLICATE_WITHOUT_CONTENT = "duplicate_without_content"
    REJECT = "reject"
    PENDING = "pending"
    REVIEW = "review"
    SECOND_ISSUE = "second_issue"


Operation = Literal["submit", "replace", "lookup", "lookup_by_id", "status", "void", "keys", "health", "any"]
OPERATIONS: Final[tuple[str, ...]] = get_args(Operation)

ISSUING: Final = frozenset({"submit", "replace"})
ONLY_ISSUING: Final = frozenset(list(FaultKind)[list(FaultKind).index(FaultKind.WRONG_SIGNATURE) :])
_TAKES_TIME: Final = frozenset({FaultKind.LATENCY, FaultKind.SLOW_DRIP, FaultKind.LAG})

# What pydantic calls the two forms of `seconds`; people wrote neither.
_UNWRITTEN: Final = frozenset({"number", "distribution", "[key]"})


class Code(BaseModel):
    """One reason of a rejection."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(min_length=1, max_length=200)
    line_id: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=1000)


class Fault(BaseModel):
    """One fault.

    `times` is how often it happens, null until it is cleared; unless said 1, and null where there is a `rate`,
    the share of requests that it happens to. `seed` makes what is drawn the same again.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    fault: FaultKind
    operation: Operation = "submit"
    times: Annotated[int, Field(ge=1, le=1_000_000)] | None = 1
    rate: float = Field(default=1.0, gt=0, le=1, allow_inf_nan=False)
    seed: int | None = Field(default=None, ge=0, le=2**53 - 1)
    seconds: Seconds = 0.0
    polls: int = Field(default=1, ge=0, le=1_000_000)
    codes: tuple[Code, ...] = (Code(code="SANDBOX_REJECTED", text="Rejected because a fault asked for it."),)

    @model_validator(mode="before")
    @classmethod
    def _share_has_no_end(cls, content: Any) -> Any:
        if isinstance(content, dict) and "rate" in content:
            return {"times": None, **content}
        return content

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.fault in ONLY_ISSUING and self.operation not in {*ISSUING, "any"}:
            raise contradiction(
                f"`{self.fault}` cannot befall `{self.operation}`", "write `operation: submit`, or `replace`"
            )
        if self.fault in _TAKES_TIME and self.seconds == 0:
            raise contradiction(f"`{self.fault}` needs `seconds`", "add `seconds: 0.5`")
        if self.fault is FaultKind.REJECT and not self.codes:
            raise contradiction("`reject` needs one of `codes` at least", "add one, or delete `codes`")
        return self

    def befalls(self, operation: str) -> bool:
        """Whether a request of that operation can meet it."""
        if self.fault in ONLY_ISSUING and operation not in ISSUING:
            return False
        return self.operation in (operation, "any")


def read_fault(body: bytes) -> Fault | str:
    """The fault that a body describes, or what is wrong with it."""
    try:
        return Fault.model_validate_json(body)
    except ValidationError as error:
        return read_problems(error)


def read_problems(error: ValidationError) -> str:
    """What is wrong with a body, each mistake with its place."""
    return "; ".join(
        f"{'.'.join(str(part) for part in place_of(fault)) or 'the body'}: {text_of(fault)}"
        for fault in error.errors()
    )


def place_of(error: ErrorDetails) -> tuple[int | str, ...]:
    """Where the mistake stands, as keys and numbers of items."""
    return tuple(part for part in error["loc"] if part not in _UNWRITTEN)


def text_of(error: ErrorDetails) -> str:
    """What the mistake is."""
    return error["msg"]
