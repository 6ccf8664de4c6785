"""What a server answers, as people see it: orders, cases and decisions as tables; and as JSON."""

from collections.abc import Iterable

from google.protobuf import json_format
from google.protobuf.message import Message
from origingate.v1 import (
    case_event_pb2,
    case_pb2,
    case_service_pb2,
    certificate_pb2,
    decision_pb2,
    operator_service_pb2,
)
from rich.console import Group
from rich.table import Table
from rich.text import Text

OUTCOME_STYLE = {
    decision_pb2.FAVOURABLE_YES: "green",
    decision_pb2.FAVOURABLE_NO: "red",
    decision_pb2.FAVOURABLE_UNKNOWN: "yellow",
}


def as_json(message: Message) -> str:
    """The proto JSON of a message, with our field names as the contract's JSON has them."""
    return json_format.MessageToJson(message, indent=2, ensure_ascii=False)


def as_json_line(message: Message) -> str:
    """The same in one line."""
    return json_format.MessageToJson(message, indent=None, ensure_ascii=False)


def cases_table(cases: Iterable[case_pb2.Case]) -> Table:
    """One row a case: its name, where it stands, of which order it is, when it last changed."""
    table = Table()
    for column in ("case", "state", "site", "order", "changed"):
        table.add_column(column, overflow="fold")
    for case in cases:
        state = case_pb2.CaseState.Name(case.state).removeprefix("CASE_STATE_")
        table.add_row(case.name, state, case.site_id, case.order_id, case.update_time.ToJsonString())
    return table


def manual_table(cases: Iterable[operator_service_pb2.ManualCase]) -> Table:
    """One row a case that waits for a person: since when, why, whom to ask by which reference, what can be done."""
    table = Table()
    for column in ("case", "order", "since", "why", "at the platform", "can be done"):
        table.add_column(column, overflow="fold")
    for one in cases:
        steps = [
            operator_service_pb2.ManualStep.Name(step).removeprefix("MANUAL_STEP_").replace("_", " ").lower()
            for step in one.steps
        ]
        table.add_row(
            one.case.name,
            f"{one.case.site_id}/{one.case.order_id}",
            one.since.ToJsonString(),
            one.because,
            " ".join(filter(None, (one.platform, one.reference, one.e_cert_id))),
            ", ".join(steps),
        )
    return table


def held_table(cases: Iterable[operator_service_pb2.HeldCase]) -> Table:
    """One row a case that is held: since when, by whom, why."""
    table = Table()
    for column in ("case", "order", "held since", "by", "why"):
        table.add_column(column, overflow="fold")
    for one in cases:
        order = f"{one.case.site_id}/{one.case.order_id}"
        table.add_row(one.case.name, order, one.hold_time.ToJsonString(), one.held_by, one.because)
    return table


def ledgers_table(ledgers: Iterable[certificate_pb2.Ledger]) -> Table:
    """One row a good of a blanket certificate: what is left of it, until when, and how many cases draw on it."""
    table = Table()
    for column in ("e-Cert ID", "until", "cases", "good", "left", "of"):
        table.add_column(column, overflow="fold")
    for ledger in ledgers:
        day = ledger.last_day
        until = f"{day.year:04}-{day.month:02}-{day.day:02}" if ledger.HasField("last_day") else "not given"
        warned = " (warned)" if ledger.HasField("warned_at") else ""
        for good in ledger.goods:
            limited = good.HasField("quantity")
            left = f"{good.left.value} {good.unit}" if good.HasField("left") else "not known"
            table.add_row(
                ledger.e_cert_id,
                until + warned,
                str(ledger.cases),
                good.good_id,
                left if limited else "no limit",
                f"{good.quantity.value} {good.unit}" if limited else "",
            )
    return table


def event_line(event: case_event_pb2.CaseEvent) -> Text:
    """An event in one line: when, which order at which site, what happened, where it led, who and why."""
    kind = case_event_pb2.CaseEventKind.Name(event.kind).removeprefix("CASE_EVENT_KIND_")
    was, now = (
        case_pb2.CaseState.Name(state).removeprefix("CASE_STATE_")
        for state in (event.from_state, event.to_state)
    )
    moved = now if not event.from_state else f"{was} -> {now}"
    return Text.assemble(
        f"{event.time.ToJsonString()}  {event.site_id}/{event.order_id}  {event.case_name}  {kind}: ",
        (moved, "bold"),
        f"  ({event.actor}: {event.reason})",
    )


def why(decision: decision_pb2.Decision) -> str:
    """The reason of a decision in a few words: its findings, else what is missing, else its own sentence."""
    if decision.outcome == "UNDETERMINED":
        return "missing: " + ", ".join(decision.missing)
    deciding = [finding.because for finding in decision.findings if finding.outcome == decision.outcome]
    return " ".join(dict.fromkeys(deciding)) or decision.otherwise.because


def orders_table(answers: Iterable[tuple[str, case_service_pb2.ProcessOrderResponse]]) -> Table:
    """One row an order: scope, e-Cert ID, pre-review, why."""
    table = Table(show_lines=True, title_justify="left")
    table.add_column("order", overflow="fold")
    table.add_column("scope", no_wrap=True)
    table.add_column("e-Cert ID", overflow="fold")
    table.add_column("pre-review", no_wrap=True)
    table.add_column("why", overflow="fold", ratio=1)
    for name, answer in answers:
        reason = why(answer.prereview)
        if answer.certification.outcome == "INVALID" and answer.prereview.outcome == "INELIGIBLE":
            reason += " " + why(answer.certification)
        if answer.scope.outcome == "OUT_OF_SCOPE":
            reason = why(answer.scope)
        table.add_row(
            name,
            answer.scope.outcome,
            answer.e_cert_id or "-",
            Text(answer.prereview.outcome, style=OUTCOME_STYLE.get(answer.prereview.favourable, "")),
            reason,
        )
    return table


def case_view(case: case_pb2.Case) -> Table:
    """A case as a table of two columns."""
    table = Table(show_header=False, title=case.name, title_justify="left")
    table.add_column("what", no_wrap=True)
    table.add_column("value", overflow="fold")
    table.add_row("state", case_pb2.CaseState.Name(case.state).removeprefix("CASE_STATE_"))
    table.add_row("site", case.site_id)
    table.add_row("order", case.order_id)
    table.add_row("changed", case.update_time.ToJsonString())
    erased = case.HasField("erase_time")
    if erased:
        table.add_row("erased", case.erase_time.ToJsonString())
    for decision in case.decisions:
        table.add_row(
            decision.question, decision.outcome if erased else f"{decision.outcome}: {why(decision)}"
        )
    if case.HasField("certificate"):
        certificate = case.certificate
        sandbox = " (of a sandbox: not recognised by CBP)" if certificate.sandbox else ""
        table.add_row("e-Cert ID", f"{certificate.e_cert_id}, {certificate.platform}{sandbox}")
    for attempt in case.attempts:
        state = case_pb2.AttemptState.Name(attempt.state).removeprefix("ATTEMPT_STATE_")
        place = f" in the place of {attempt.replaces}" if attempt.HasField("replaces") else ""
        table.add_row("attempt", f"{attempt.platform}{place}: {state}. {attempt.because}")
    return table


def decision_view(decision: decision_pb2.Decision) -> Group:
    """A decision for people: the answer, what it rests on, each finding with its place, remedy and sources."""
    on = f"{decision.on.year:04}-{decision.on.month:02}-{decision.on.day:02}"
    style = OUTCOME_STYLE.get(decision.favourable, "")
    head = Text.assemble((decision.outcome, f"bold {style}".strip()), f"  {decision.question}, on {on}")
    lines: list[Text | Table] = [head]
    if decision.outcome == "UNDETERMINED":
        lines.append(Text(f"possible: {', '.join(decision.possible)}"))
        lines.append(Text(f"missing:  {', '.join(decision.missing)}"))
    standing = decision_pb2.Standing.Name(decision.standing).removeprefix("STANDING_").lower()
    lines.append(Text(f"standing: {standing}"))
    table = Table(show_header=True)
    for column in ("finding", "gives", "because and remedy", "sources"):
        table.add_column(column, overflow="fold")
    findings = list(decision.findings)
    if decision.HasField("otherwise"):
        findings.append(decision.otherwise)
    for finding in findings:
        sources = [f"{cited.source} {cited.at}".strip() for cited in finding.citations]
        where = f"{finding.rule}\n{finding.place}".strip()
        reason = "\n".join(text for text in (finding.because, finding.remedy) if text)
        table.add_row(where, finding.outcome, reason, "\n".join(sources))
    if findings:
        lines.append(table)
    return Group(*lines)
