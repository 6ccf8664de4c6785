"""One rule as a compliance officer reads it: why, the condition, what follows, and on what it rests."""

from __future__ import annotations

from datetime import date

from engine.rulebook.model import Readings, Rule, Rulebook, Statement
from engine.workbench.pages import links
from engine.workbench.pages.conditions import condition_section
from engine.workbench.pages.markdown import bullets, code, count, paragraph, prose, row, section
from engine.workbench.pages.reading import described, rule_facts
from engine.workbench.pages.resting import used


def rule_section(rulebook: Rulebook, question: str, rule: Rule) -> str:
    """The section of one rule; its heading is the rule's name."""
    return section(
        f"### {prose(rule.name)}",
        paragraph(links.filled(rule.because)),
        condition_section(rule.when, rulebook.facts),
        bullets(_lines(rulebook, question, rule)),
        _readings(rule.readings, rule.outcome) if rule.readings is not None else "",
    )


def _lines(rulebook: Rulebook, question: str, rule: Rule) -> list[str]:
    facts = (links.to_fact(described(rulebook.facts, path)) for path in sorted(rule_facts(rulebook, rule)))
    uses = [links.to_question(name) for name in sorted(rule.basis.questions)]
    uses += [links.to_name(rulebook, question, name) for name in sorted(used(rule))]
    lines = {
        "Gives": f"{code(rule.outcome)}, reason code {code(rule.reason)}",
        "Taken for": row(f"each {code(loop.variable)} in {code(loop.path.text)}" for loop in rule.each),
        "Remedy": links.filled(rule.remedy) if rule.remedy is not None else "",
        "Values": row(f"{code(name)} is {code(value.text)}" for name, value in rule.values),
        "In force": in_force(rule.start, rule.end),
        "Sources": links.citations(rule.cites),
        "Standing": str(rule.standing),
        "Uses": row(uses),
        "Facts": row(facts),
    }
    return [f"**{name}:** {text}" for name, text in lines.items() if text]


def _readings(readings: Readings, outcome: str) -> str:
    many = f"The text can be read in {count(len(readings.all), 'way')}."
    if readings.chosen is None:
        chosen = f"None of them is chosen: the rule gives {code(outcome)}, and says them all."
    else:
        chosen = (
            f"{code(readings.chosen.name)} is chosen, which counts where assumed rules count; "
            f"elsewhere the rule gives {code(outcome)}, and says them all."
        )
    return section(f"{many} {chosen}", reading_list(readings))


def reading_list(readings: Readings) -> str:
    """The readings, each with its consequence."""
    return bullets(
        f"{code(reading.name)}: {prose(reading.says)} "
        + (f"Then it gives {code(reading.outcome)}." if reading.outcome else "Then the rule says nothing.")
        + (f" {links.filled(reading.because)}" if reading.because is not None else "")
        for reading in readings.all
    )


def statement_section(statement: Statement) -> str:
    """What a question says where no rule decides."""
    reason = f", reason code {code(statement.reason)}" if statement.reason else ""
    lines = {
        "Gives": f"{code(statement.outcome)}{reason}",
        "Remedy": links.filled(statement.remedy) if statement.remedy is not None else "",
        "Sources": links.citations(statement.cites),
        "Standing": str(statement.standing),
    }
    return section(
        f"### {prose(statement.name)}",
        paragraph(links.filled(statement.because)),
        bullets(f"**{name}:** {text}" for name, text in lines.items() if text),
    )


def in_force(start: date | None, end: date | None) -> str:
    """The first and the last day in force, in words."""
    match start, end:
        case None, None:
            return "on every day"
        case None, date():
            return f"until {end}, that day included"
        case date(), None:
            return f"from {start}"
    return f"from {start} until {end}, both days included"
