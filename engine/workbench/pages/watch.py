"""What the register watches besides reported and assumed sources: unclear texts, the law as read, days to come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from engine.rulebook.model import Rulebook, Source
from engine.rulebook.standing import Standing
from engine.workbench.pages import links
from engine.workbench.pages.markdown import bullets, code, prose, row, table
from engine.workbench.pages.question import facts_table
from engine.workbench.pages.reading import rule_facts
from engine.workbench.pages.resting import all_definitions, resting
from engine.workbench.pages.rule import reading_list
from engine.workbench.pages.sources import review

_Days = defaultdict[date, defaultdict[str, dict[str, None]]]
"""What is to watch, by day and by kind; the keys of the innermost are a set in the order of the files."""


def unclear(rulebook: Rulebook) -> Iterable[str]:
    """Every rule whose text can be read in more than one way, with the consequence of each reading."""
    found = [
        (question, rule, rule.readings)
        for question in rulebook.questions.values()
        for rule in question.rules
        if rule.readings is not None
    ]
    yield "## Texts that can be read in more than one way"
    if not found:
        yield "None."
        return
    yield (
        "While no reading is chosen, the rule gives what stands here first, and says all readings. Choosing one in the rule "
        "file (`chosen`) makes the rule assumed. A text that settles the matter takes the place of the readings."
    )
    for question, rule, all_readings in found:
        given = f"gives {code(rule.outcome)}"
        if all_readings.chosen is not None:
            given = f"has the reading {code(all_readings.chosen.name)} chosen; where assumed rules do not count, it {given}"
        yield f"### {prose(f'{question.name}: {rule.name}')}"
        yield f"{links.to_rule(question.name, rule)} {given}. It rests on {links.citations(rule.cites)}."
        yield reading_list(all_readings)
        yield "**Facts to watch**"
        yield facts_table(rulebook, rule_facts(rulebook, rule))


def as_read(rulebook: Rulebook) -> Iterable[str]:
    """The enacted sources by what was read of them: a rule is as good as the text behind it."""
    by_text: dict[tuple[str, str], list[Source]] = defaultdict(list)
    for source in rulebook.sources.values():
        if source.standing is Standing.ENACTED:
            by_text[(source.read, review(source))].append(source)
    yield "## The law as it was read"
    yield (
        "A rule is as good as the text that was read for it. Where that was not the current official text, compare the "
        "two: a difference changes the rules that the source's entry names."
    )
    yield table(
        ["What was read", "Sources", "Rules", "Read again by"],
        (
            [
                prose(read),
                row(links.to_source(source.name) for source in sources),
                str(_rules(rulebook, sources)),
                by,
            ]
            for (read, by), sources in by_text.items()
        ),
    )


def _rules(rulebook: Rulebook, sources: Iterable[Source]) -> int:
    found = (resting(rulebook, source.name).rules for source in sources)
    return len({(question.name, rule.name) for rules in found for question, rule in rules})


def without_source(rulebook: Rulebook) -> Iterable[str]:
    """Lists and definitions that cite nothing and so count as firm as the law."""
    names = [links.to_name(rulebook, "", each.name) for each in rulebook.lists.values() if not each.cites]
    names += [
        links.to_name(rulebook, question.name if question else "", each.name)
        for question, each in all_definitions(rulebook)
        if not each.cites
    ]
    if names:
        yield "## Lists and definitions without a source of their own"
        yield "They count as firm as the rules that use them; what they say rests on those rules' sources."
        yield bullets(names)


def calendar(rulebook: Rulebook) -> Iterable[str]:
    """Every day on which something begins, ends or is to be read again."""
    days: _Days = defaultdict(lambda: defaultdict(dict))
    for source in rulebook.sources.values():
        if source.review is not None:
            days[source.review]["Read again"][links.to_source(source.name)] = None
    for question in rulebook.questions.values():
        for rule in question.rules:
            name = f"{links.to_rule(question.name, rule)} of {links.to_question(question.name)}"
            _period(days, rule.start, rule.end, name)
    for each in rulebook.tables.values():
        for line in each.rows:
            _period(days, line.start, line.end, f"a row of {links.to_name(rulebook, '', each.name)}")
    yield "## Days to watch"
    rows = (
        [str(day), what, row(names)] for day, kinds in sorted(days.items()) for what, names in kinds.items()
    )
    yield table(["Day", "What", "Of"], rows) if days else "None."


def _period(days: _Days, start: date | None, end: date | None, name: str) -> None:
    if start is not None:
        days[start]["First day"][name] = None
    if end is not None:
        days[end]["Last day"][name] = None
