"""The measured rulebook, and one order as messages and as facts; its certification is in the wrong language."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from origingate.v1 import declaration_pb2, order_pb2, site_pb2

from engine.rulebook import Rulebook, load
from server.wire.plan import plan_of
from server.wire.reading import Reading
from server.wire.straight import Messages

DAY = date(2026, 7, 1)
FORM = Messages(
    (
        ("site", site_pb2.Site.DESCRIPTOR),
        ("order", order_pb2.Order.DESCRIPTOR),
        ("declaration", declaration_pb2.Declaration.DESCRIPTOR),
    )
)
_RULES = Path(__file__).resolve().parent / "engine_rules"


def rulebook() -> Rulebook:
    """The measured rulebook."""
    loaded = load({path.name: path.read_text("utf-8") for path in sorted(_RULES.iterdir())})
    assert isinstance(loaded, Rulebook), loaded
    return loaded


def messages() -> dict[str, Message]:
    """The order as a caller sends it."""
    day = {"year": 2026, "month": 7, "day": 15}
    lines = [{"line_id": number, "claims_preference": True} for number in "12"]
    goods = [
        {"good_id": number, "hs": hs, "produced_in": "MX"}
        for number, hs in (("1", "721320"), ("2", "721391"))
    ]
    order = order_pb2.Order(
        destination="US",
        commercial=True,
        originating_value={"currency_code": "USD", "units": 12000},
        import_date=day,
        lines={"items": lines},
        claim={"made_on": day, "certification_in_possession": True},
    )  # fmt: skip
    declaration = declaration_pb2.Declaration(
        signed=True,
        statement=True,
        coverage=declaration_pb2.COVERAGE_SINGLE_SHIPMENT,
        goods_identical=True,
        language="de",
        certified_on={"year": 2026, "month": 6, "day": 20},
        certifier_role=declaration_pb2.CERTIFIER_ROLE_EXPORTER,
        basis=declaration_pb2.CERTIFICATION_BASIS_OWN_INFORMATION,
        goods={"items": goods},
    )
    site = site_pb2.Site(site_id="shop", kind=site_pb2.SITE_KIND_B2B_INDEPENDENT)
    return {"site": site, "order": order, "declaration": declaration}


def facts(given: Mapping[str, Message]) -> dict[str, Any]:
    """The facts of messages."""
    return {root: plan_of(message.DESCRIPTOR)(message, None, Reading()) for root, message in given.items()}


def without_three(given: Mapping[str, Any]) -> dict[str, Any]:
    """The same facts, three of them not given."""
    fewer = deepcopy(dict(given))
    del fewer["order"]["commercial"], fewer["order"]["claim"]["made_on"], fewer["declaration"]["certified_on"]
    return fewer


def keyed(base: Rulebook, count: int) -> Rulebook:
    """The rulebook with `count` rules on the declaration's language in place of its pre-review's."""
    question = base.questions["prereview"]
    template = question.rules[0]
    expressions = _conditions(count)
    rules = tuple(replace(template, name=f"r{n}", when=when) for n, when in enumerate(expressions))
    changed = replace(question, rules=rules, gate=None, inner=())
    return replace(base, questions={**base.questions, "prereview": changed})


def _conditions(count: int) -> list[Any]:
    text = "\n".join(
        f"  - {{rule: k{n}, reason: K{n}, gives: REVIEW, because: So., cites: [act],"
        f" when: 'declaration.language == \"{'de' if n == count // 2 else f'x{n}'}\" && declaration.signed'}}"
        for n in range(count)
    )
    head = (
        "question: keyed\nasks: Which?\noutcomes: [REVIEW, ELIGIBLE]\n"
        "otherwise: {gives: ELIGIBLE, because: None., cites: [act]}\nrules:\n"
    )
    files = {name: (_RULES / name).read_text("utf-8") for name in ("rulebook.yaml", "facts.yaml")}
    loaded = load({**files, "keyed.yaml": f"{head}{text}\n"})
    assert isinstance(loaded, Rulebook), loaded[:3]
    return [rule.when for rule in loaded.questions["keyed"].rules]
