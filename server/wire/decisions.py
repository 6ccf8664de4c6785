"""From the engine's decisions and differences to the contract's messages."""

from collections.abc import Iterable
from datetime import date

from google.type.date_pb2 import Date
from origingate.v1 import certificate_pb2, decision_pb2

from engine.certificate import Difference
from engine.decision import Decision, Finding, Incurable
from engine.rulebook import Citation


def decision_to_proto(decision: Decision, hypothetical: bool = False) -> decision_pb2.Decision:
    """The decision as callers and records have it; `hypothetical` where the caller chose day or standings."""
    message = decision_pb2.Decision(
        question=decision.question,
        outcome=decision.outcome,
        possible=decision.possible,
        favourable=f"FAVOURABLE_{decision.favourable or 'UNSPECIFIED'}",
        findings=map(finding_to_proto, decision.findings),
        missing=decision.missing,
        standing=_standing(decision.standing),
        rulebook=decision.rulebook,
        rulebook_digest=decision.rulebook_digest,
        facts_digest=decision.facts_digest,
        on=date_to_proto(decision.on),
        enforce=map(_standing, decision.enforce),
        language_version=decision.language_version,
        reference_data=decision.reference_data,
        hypothetical=hypothetical,
        incurable=map(_incurable, decision.incurable),
        asserted=dict(decision.asserted),
    )
    if decision.otherwise is not None:
        message.otherwise.CopyFrom(finding_to_proto(decision.otherwise))
    if decision.advisory is not None:
        message.advisory.CopyFrom(decision_to_proto(decision.advisory, hypothetical))
    return message


def finding_to_proto(finding: Finding) -> decision_pb2.Finding:
    """What one rule that fired says."""
    return decision_pb2.Finding(
        rule=finding.rule,
        reason=finding.reason,
        outcome=finding.outcome,
        because=finding.because,
        remedy=finding.remedy,
        citations=map(_citation, finding.cites),
        place=finding.place,
        values=finding.values,
        standing=_standing(finding.standing),
    )


def differences_to_proto(differences: Iterable[Difference]) -> list[certificate_pb2.Difference]:
    """Where what is asked about differs from what was certified, in the order given."""
    return [
        certificate_pb2.Difference(
            path=difference.path,
            item=difference.item,
            field=difference.field,
            was=difference.was,
            now=difference.is_,
        )
        for difference in differences
    ]


def date_to_proto(day: date) -> Date:
    """A civil day as the contract has it."""
    return Date(year=day.year, month=day.month, day=day.day)


def _citation(citation: Citation) -> decision_pb2.Citation:
    return decision_pb2.Citation(
        source=citation.source,
        title=citation.title,
        standing=_standing(citation.standing),
        at=citation.at,
    )


def _incurable(incurable: Incurable) -> decision_pb2.Incurable:
    return decision_pb2.Incurable(rule=incurable.rule, place=incurable.place, code=incurable.code)


def _standing(standing: str) -> str:
    return f"STANDING_{standing.upper()}"
