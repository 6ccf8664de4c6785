"""CEL with dates, exact decimals and money, typed at load and evaluated in three-valued logic."""

from engine.expression.compile import compile_expression
from engine.expression.evaluate import evaluate, evaluate_part
from engine.expression.faults import Fault
from engine.expression.render import render
from engine.expression.scope import Constant, Define, Expression, Scope
from engine.expression.types import (
    BOOL,
    DATE,
    DECIMAL,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    MONEY,
    NULL,
    STRING,
    TIMESTAMP,
    EnumType,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
)
from engine.expression.unparse import to_text
from engine.expression.values import Bound, Duration, Map, Money, OneOf, Timestamp, Unknown

__all__ = [
    "BOOL",
    "DATE",
    "DECIMAL",
    "DOUBLE",
    "DURATION",
    "DYN",
    "INT",
    "MONEY",
    "NULL",
    "STRING",
    "TIMESTAMP",
    "Bound",
    "Constant",
    "Define",
    "Duration",
    "EnumType",
    "Expression",
    "Fault",
    "ListType",
    "Map",
    "MapType",
    "Money",
    "OneOf",
    "OptionalType",
    "RecordType",
    "Scope",
    "Timestamp",
    "Type",
    "Unknown",
    "compile_expression",
    "evaluate",
    "evaluate_part",
    "render",
    "to_text",
]
