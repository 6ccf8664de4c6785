"""The text that is kept of a decision: the proto JSON of its message, written without making the message."""

from typing import Final

from engine.decision import Decision, Finding
from engine.rulebook import ALL_STANDINGS, Citation
from server.wire.json_text import written

Said = dict[str, object]

_STANDINGS: Final = {standing: f"STANDING_{standing.name}" for standing in ALL_STANDINGS}


def text_of_decision(decision: Decision, hypothetical: bool) -> str:
    """To the letter what `json_text.text_of` writes of the message that `decision_to_proto` makes."""
    return written(_decision(decision, hypothetical))


def _decision(decision: Decision, hypothetical: bool) -> Said:
    said = _given(
        ("asserted", dict(decision.asserted)),
        ("enforce", [_STANDINGS[standing] for standing in decision.enforce]),
        ("factsDigest", decision.facts_digest),
        ("favourable", decision.favourable and f"FAVOURABLE_{decision.favourable}"),
        ("findings", [_finding(finding) for finding in decision.findings]),
        ("hypothetical", hypothetical),
        ("incurable", [
            _given(("code", one.code), ("place", one.place), ("rule", one.rule)) for one in decision.incurable
        ]),
        ("languageVersion", decision.language_version),
        ("missing", list(decision.missing)),
        ("on", {"day": decision.on.day, "month": decision.on.month, "year": decision.on.year}),
        ("outcome", decision.outcome),
        ("possible", list(decision.possible)),
        ("question", decision.question),
        ("referenceData", decision.reference_data),
        ("rulebook", decision.rulebook),
        ("rulebookDigest", decision.rulebook_digest),
        ("standing", _STANDINGS[decision.standing]),
    )  # fmt: skip
    # These are there or not, whatever they say.
    if decision.otherwise is not None:
        said["otherwise"] = _finding(decision.otherwise)
    if decision.advisory is not None:
        said["advisory"] = _decision(decision.advisory, hypothetical)
    return said


def _finding(finding: Finding) -> Said:
    return _given(
        ("because", finding.because),
        ("citations", [_citation(citation) for citation in finding.cites]),
        ("outcome", finding.outcome),
        ("place", finding.place),
        ("reason", finding.reason),
        ("remedy", finding.remedy),
        ("rule", finding.rule),
        ("standing", _STANDINGS[finding.standing]),
        ("values", dict(finding.values)),
    )


def _citation(citation: Citation) -> Said:
    return _given(
        ("at", citation.at),
        ("source", citation.source),
        ("standing", _STANDINGS[citation.standing]),
        ("title", citation.title),
    )


def _given(*said: tuple[str, object]) -> Said:
    """What is not empty: a message does not say what it says by itself."""
    return {name: value for name, value in said if value}
