"""The measured rulebook in other engines, each in the form that suits it best. An engine not installed is left out.

Each gives a function that answers once, and whose result is true for a rule that fires. Their facts are
prepared beforehand: dates as ISO texts or day numbers, amounts as cents.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any

Facts = Mapping[str, Any]
Way = Callable[[], object]

_CEL = (
    'site.kind == "B2B_INDEPENDENT" && order.destination in ["US", "PR"] && order.import_date >= 20260627'
    " && order.lines.exists(line, line.claims_preference)",
    "order.originating_value > 250000 && !order.claim.certification_in_possession",
    "!declaration.signed",
    "!declaration.statement",
    'declaration.coverage == "BLANKET" && !declaration.goods_identical',
    '!(declaration.language in ["en", "fr", "es"])',
    "declaration.certified_on > order.import_date",
    "order.import_ordinal - declaration.certified_ordinal > 1461",
    "declaration.goods.exists(good, size(good.hs) < 6)",
    "!order.commercial",
    "order.claim.made_on < order.import_date",
    'declaration.certifier_role == "PRODUCER" && declaration.basis == "PRODUCER_REPRESENTATION"',
    "declaration.signed && declaration.statement"
    ' && declaration.goods.all(good, good.produced_in in ["US", "PR", "CA", "MX"])',
)


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


def _number(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def cel(facts: Facts) -> dict[str, Way]:
    """CEL in Rust: one program that makes a list of all conditions' values."""
    if find_spec("cel") is None:
        return {}
    rust: Any = import_module("cel")
    program, given = rust.compile(f"[{', '.join(_CEL)}]"), plain(facts)
    context = rust.Context(variables=given)
    return {
        "CEL in Rust, prepared context": lambda: program.execute(context),
        "CEL in Rust, a dict each": lambda: program.execute(given),
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
    return {"rule-engine": lambda: [rule.matches(given) for rule in rules]}


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
    return {"zen-engine": lambda: expression.evaluate(given)}


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
    return {"durable-rules, a flat fact": lambda: session.fired(fact)}


ALL = (cel, rule_engine, zen_engine, durable_rules)
