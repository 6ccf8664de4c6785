"""The measured rulebook as a programmer would write it, on the same facts."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

Facts = Mapping[str, Any]
Answer = tuple[str, list[tuple[str, str, str]]]

PARTIES = {"US", "PR", "CA", "MX"}
TERRITORY = {"US", "PR"}
LANGUAGES = {"en", "fr", "es"}
BEGINNING = date(2026, 6, 27)
LIMIT = Decimal("2500.00")
OUTCOMES = ["SUSPENDED", "INELIGIBLE", "REVIEW", "ELIGIBLE", "NOT_APPLICABLE"]


def scope(facts: Facts) -> Answer:
    """The outcome, and the findings as rule, reason and outcome."""
    order = facts["order"]
    if (
        facts["site"]["kind"] == "B2B_INDEPENDENT"
        and order["destination"] in TERRITORY
        and order["import_date"] >= BEGINNING
        and any(line["claims_preference"] for line in order["lines"])
    ):
        return "IN_SCOPE", [("claims-preference", "MANDATE_APPLIES", "IN_SCOPE")]
    return "OUT_OF_SCOPE", []


def prereview(facts: Facts) -> Answer:
    """The strongest outcome, and all findings, strongest first."""
    outcome, _ = scope(facts)
    if outcome != "IN_SCOPE":
        return "NOT_APPLICABLE", []
    order, declaration = facts["order"], facts["declaration"]
    findings = []
    value = order["originating_value"]
    if value.currency != "USD":
        raise ValueError("an amount in another currency")
    if value.amount > LIMIT and not order["claim"]["certification_in_possession"]:
        findings.append(("value-over-limit", "VALUE_OVER_LIMIT", "SUSPENDED"))
    if not declaration["signed"]:
        findings.append(("unsigned", "UNSIGNED", "INELIGIBLE"))
    if not declaration["statement"]:
        findings.append(("no-statement", "NO_STATEMENT", "INELIGIBLE"))
    if declaration["coverage"] == "BLANKET" and not declaration["goods_identical"]:
        findings.append(("goods-differ", "GOODS_DIFFER", "INELIGIBLE"))
    if declaration["language"] not in LANGUAGES:
        findings.append(("language", "LANGUAGE", "INELIGIBLE"))
    if declaration["certified_on"] > order["import_date"]:
        findings.append(("certified-after-import", "CERTIFIED_AFTER_IMPORT", "INELIGIBLE"))
    if (order["import_date"] - declaration["certified_on"]).days > 1461:
        findings.append(("certified-long-ago", "CERTIFIED_LONG_AGO", "INELIGIBLE"))
    if any(len(good["hs"]) < 6 for good in declaration["goods"]):
        findings.append(("hs-too-short", "HS_TOO_SHORT", "INELIGIBLE"))
    if not order["commercial"]:
        findings.append(("not-commercial", "NOT_COMMERCIAL", "REVIEW"))
    if order["claim"]["made_on"] < order["import_date"]:
        findings.append(("claimed-before-import", "CLAIMED_BEFORE_IMPORT", "REVIEW"))
    if declaration["certifier_role"] == "PRODUCER" and declaration["basis"] == "PRODUCER_REPRESENTATION":
        findings.append(("represented", "REPRESENTED", "REVIEW"))
    if (
        declaration["signed"]
        and declaration["statement"]
        and all(good["produced_in"] in PARTIES for good in declaration["goods"])
    ):
        findings.append(("evidence-complete", "EVIDENCE_COMPLETE", "ELIGIBLE"))
    if not findings:
        return "REVIEW", []
    return findings[0][2], findings
