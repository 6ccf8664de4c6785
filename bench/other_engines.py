"""The measured rulebook in other engines, each in the form that suits it best. An engine not installed is left out.

Each gives a function that answers once: outcome and findings, as the answer by hand has them. Their facts are
prepared beforehand, which is not counted: for CEL dates are instants, for the others numbers, amounts cents.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from bench.handwritten import Answer

Facts = Mapping[str, Any]

Way = Callable[[], object]

_CEL = (
    'site.kind == "B2B_INDEPENDENT" && order.destination in ["US", "PR"]'
    ' && order.import_date >= timestamp("2026-06-27T00:00:00Z")'
    " && order.lines.exists(line, line.claims_preference)",
    "order.originating_value > 2500.0 && !order.claim.certification_in_possession",
    "!declaration.signed",
    "!declaration.statement",
    'declaration.coverage == "BLANKET" && !declaration.goods_identical',
    '!(declaration.language in ["en", "fr", "es"])',
    "declaration.certified_on > order.import_date",
    'order.import_date - declaration.certified_on > duration("35064h")',
    "declaration.goods.exists(good, size(good.hs) < 6)",
    "!order.commercial",
    "order.claim.made_on < order.import_date",
    'declaration.certifier_role == "PRODUCER" && declaration.basis == "PRODUCER_REPRESENTATION"',
    "declaration.signed && declaration.statement"
    ' && declaration.goods.all(good, good.produced_in in ["US", "PR", "CA", "MX"])',
)


FINDINGS = [
    ("value-over-limit", "VALUE_OVER_LIMIT", "SUSPENDED"),
    ("unsigned", "UNSIGNED", "INELIGIBLE"),
    ("no-statement", "NO_STATEMENT", "INELIGIBLE"),
    ("goods-differ", "GOODS_DIFFER", "INELIGIBLE"),
    ("language", "LANGUAGE", "INELIGIBLE"),
    ("certified-after-import", "CERTIFIED_AFTER_IMPORT", "INELIGIBLE"),
    ("certified-long-ago", "CERTIFIED_LONG_AGO", "INELIGIBLE"),
    ("hs-too-short", "HS_TOO_SHORT", "INELIGIBLE"),
    ("not-commercial", "NOT_COMMERCIAL", "REVIEW"),
    ("claimed-before-import", "CLAIMED_BEFORE_IMPORT", "REVIEW"),
    ("represented", "REPRESENTED", "REVIEW"),
    ("evidence-complete", "EVIDENCE_COMPLETE", "ELIGIBLE"),
]


def timed(facts: Facts) -> dict[str, Any]:
    """The facts with instants for dates, and doubles for amounts, which is what CEL has."""
    order, declaration = dict(facts["order"]), dict(facts["declaration"])
    order["originating_value"] = float(order["originating_value"].amount)
    order["import_date"] = _instant(order["import_date"])
    order["claim"] = {**order["claim"], "made_on": _instant(order["claim"]["made_on"])}
    order["lines"], declaration["goods"] = list(order["lines"]), list(declaration["goods"])
    declaration["certified_on"] = _instant(declaration["certified_on"])
    return {"site": dict(facts["site"]), "order": order, "declaration": declaration}


def plain(facts: Facts) -> dict[str, Any]:
    """The facts as texts, numbers, lists and dicts."""
    order, declaration, site = dict(facts["order"]), dict(facts["declaration"]), dict(facts["site"])
    order["import_ordinal"] = order["import_date"].toordinal()
    declaration["certified_ordinal"] = declaration["certified_on"].toordinal()
    order["originating_value"] = int(order["originating_value"].amount * 100)
    order["import_date"] = _number(order["import_date"])
    order["claim"] = {**order["claim"], "made_on": _number(order["claim"]["made_on"])}
    declaration["certified_on"] = _number(declaration["certified_on"])
    order["lines"], declaration["goods"] = list(order["lines"]), list(declaration["goods"])
    return {"site": site, "order": order, "declaration": declaration}


def _answer(values: Any) -> Answer:
    """The answer that the conditions' values make, as the one by hand has it."""
    if not values[0]:
        return "NOT_APPLICABLE", []
    findings = [finding for finding, value in zip(FINDINGS, values[1:], strict=True) if value]
    return (findings[0][2] if findings else "REVIEW"), findings


def _hold_findings(values: Any) -> None:
    """What does not find the same rules is not worth comparing: scope, language, evidence complete."""
    assert [number for number, value in enumerate(values) if value] == [0, 5, 12]


def _instant(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def cel(facts: Facts) -> dict[str, Way]:
    """CEL in Rust: one program that makes a list of all conditions' values."""
    if find_spec("cel") is None:
        return {}
    rust: Any = import_module("cel")
    program, given = rust.compile(f"[{', '.join(_CEL)}]"), timed(facts)
    context = rust.Context(variables=given)
    _hold_findings(program.execute(context))
    return {
        "CEL in Rust, prepared context": lambda: _answer(program.execute(context)),
        "CEL in Rust, a dict each": lambda: _answer(program.execute(given)),
    }


def rule_engine(facts: Facts) -> dict[str, Way]:
    """rule-engine: one rule object for each condition."""
    if find_spec("rule_engine") is None:
        return {}
    library: Any = import_module("rule_engine")
    given = plain(facts)
    texts = [
        'site.kind == "B2B_INDEPENDENT" and order.destination in ["US", "PR"] and order.import_date >= 20260627'
        " and $any([line.claims_preference for line in order.lines])",
        "order.originating_value > 250000 and not order.claim.certification_in_possession",
        "not declaration.signed",
        "not declaration.statement",
        'declaration.coverage == "BLANKET" and not declaration.goods_identical',
        'not (declaration.language in ["en", "fr", "es"])',
        "declaration.certified_on > order.import_date",
        "order.import_ordinal - declaration.certified_ordinal > 1461",
        "$any([good.hs.length < 6 for good in declaration.goods])",
        "not order.commercial",
        "order.claim.made_on < order.import_date",
        'declaration.certifier_role == "PRODUCER" and declaration.basis == "PRODUCER_REPRESENTATION"',
        "declaration.signed and declaration.statement"
        ' and $all([good.produced_in in ["US", "PR", "CA", "MX"] for good in declaration.goods])',
    ]
    rules = [library.Rule(text) for text in texts]
    _hold_findings([rule.matches(given) for rule in rules])
    return {"rule-engine": lambda: _answer([rule.matches(given) for rule in rules])}


def zen_engine(facts: Facts) -> dict[str, Way]:
    """ZEN: one compiled expression that makes a list of all conditions' values."""
    if find_spec("zen") is None:
        return {}
    library: Any = import_module("zen")
    given = plain(facts)
    texts = [
        'site.kind == "B2B_INDEPENDENT" and order.destination in ["US", "PR"] and order.import_date >= 20260627'
        " and some(order.lines, #.claims_preference)",
        "order.originating_value > 250000 and not order.claim.certification_in_possession",
        "not declaration.signed",
        "not declaration.statement",
        'declaration.coverage == "BLANKET" and not declaration.goods_identical',
        'not (declaration.language in ["en", "fr", "es"])',
        "declaration.certified_on > order.import_date",
        "order.import_ordinal - declaration.certified_ordinal > 1461",
        "some(declaration.goods, len(#.hs) < 6)",
        "not order.commercial",
        "order.claim.made_on < order.import_date",
        'declaration.certifier_role == "PRODUCER" and declaration.basis == "PRODUCER_REPRESENTATION"',
        "declaration.signed and declaration.statement"
        ' and all(declaration.goods, #.produced_in in ["US", "PR", "CA", "MX"])',
    ]
    expression = library.compile_expression(f"[{', '.join(texts)}]")
    _hold_findings(expression.evaluate(given))
    return {"zen-engine": lambda: _answer(expression.evaluate(given))}


def durable_rules(facts: Facts) -> dict[str, Way]:
    """durable-rules in the safe shape: one flat fact; membership, loops and texts are computed beforehand."""
    if find_spec("durable_rules_engine") is None:
        return {}
    worker: Any = import_module("server.second_opinion_worker")
    given, engine = plain(facts), import_module("durable_rules_engine")
    order, declaration, site = given["order"], given["declaration"], given["site"]
    fact = {
        "kind": site["kind"], "to": int(order["destination"] in ("US", "PR")), "imported": order["import_date"],
        "claims": int(any(line["claims_preference"] for line in order["lines"])),
        "value": order["originating_value"], "held": int(order["claim"]["certification_in_possession"]),
        "signed": int(declaration["signed"]), "statement": int(declaration["statement"]),
        "coverage": declaration["coverage"], "identical": int(declaration["goods_identical"]),
        "language": int(declaration["language"] in ("en", "fr", "es")), "certified": declaration["certified_on"],
        "age": order["import_ordinal"] - declaration["certified_ordinal"],
        "short": int(any(len(good["hs"]) < 6 for good in declaration["goods"])),
        "commercial": int(order["commercial"]), "early": int(order["claim"]["made_on"] < order["import_date"]),
        "role": declaration["certifier_role"], "basis": declaration["basis"],
        "after": int(declaration["certified_on"] > order["import_date"]),
        "made": int(all(good["produced_in"] in ("US", "PR", "CA", "MX") for good in declaration["goods"])),
    }  # fmt: skip
    conditions: list[dict[str, Any]] = [
        {"$and": [{"kind": "B2B_INDEPENDENT"}, {"to": 1}, {"$gte": {"imported": 20260627}}, {"claims": 1}]},
        {"$and": [{"$gt": {"value": 250000}}, {"held": 0}]},
        {"signed": 0}, {"statement": 0},
        {"$and": [{"coverage": "BLANKET"}, {"identical": 0}]},
        {"language": 0}, {"after": 1}, {"$gt": {"age": 1461}}, {"short": 1}, {"commercial": 0}, {"early": 1},
        {"$and": [{"role": "PRODUCER"}, {"basis": "PRODUCER_REPRESENTATION"}]},
        {"$and": [{"signed": 1}, {"statement": 1}, {"made": 1}]},
    ]  # fmt: skip
    rules = {f"r{number}": {"all": [{"m": one}]} for number, one in enumerate(conditions)}
    rules["prime"] = {"all": [{"m": {"prime": 1}}]}
    session = worker.Session(engine, "measured", json.dumps(rules))
    assert {"r0", "r5", "r12"} == set(session.fired(fact))
    return {"durable-rules, a flat fact": lambda: session.fired(fact)}


ALL = (cel, rule_engine, zen_engine, durable_rules)
