"""Whole orders in numbers, for what must not grow with them: every row that a certified order has, in every table.

Names and ids are scattered as random ones are, so that new rows land all over the indexes; texts are short.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, text

from engine.merkle import HASH_SIZE

from .filling import SITES, STATES, TENANT

DECISIONS = ("scope", "certification", "origin", "prereview", "prereview")
ENTRIES = 10
AT_ONCE = 250_000
_RULEBOOK = "sha256:filled"
_SCATTER = 2_654_435_761


def filled_name(number: int) -> str:
    """The name of a filled case; numbers count from 1."""
    return f"cases/{number * _SCATTER % 2**32:08x}{number:024x}"


def fill_orders(connection: Connection, count: int, tenant: str = TENANT) -> None:
    """Certified orders, and some in other states, a second apart, with declarations, decisions, certificates and entries
    of the log; and statistics. The database is empty before, and nothing else uses it."""
    postgresql = connection.dialect.name == "postgresql"
    # Rows go in without a look at what they refer to: the look would take longer than the rows.
    connection.execute(
        text("SET session_replication_role = replica" if postgresql else "PRAGMA foreign_keys = OFF")
    )
    if not postgresql:
        connection.execute(text("PRAGMA cache_size = -400000"))
    moment = _moment(postgresql, "n")
    connection.execute(
        text(f"INSERT INTO rulebooks VALUES ('{_RULEBOOK}', 'filled', '{{}}', {_moment(postgresql, '0')})")
    )
    for table, number, columns in _tables(postgresql, tenant, count):
        names = ", ".join(f'"{name}"' for name in columns)
        values = ", ".join(columns.values())
        for first in range(1, count + 1, AT_ONCE):
            last = min(first + AT_ONCE - 1, count)
            connection.execute(
                text(
                    f"INSERT INTO {table} ({names}) SELECT {values.replace('{at}', moment)}"
                    f" FROM {_numbers(postgresql, first, last)}{number}"
                )
            )
    # The tree over leaves that are none is of no use, and would take long to build.
    size = count * ENTRIES
    connection.execute(
        text("UPDATE log_head SET size = :size, tree_size = :size, frontier = :frontier"),
        {"size": size, "frontier": bytes(HASH_SIZE * size.bit_count())},
    )
    connection.execute(text("ANALYZE"))
    if postgresql:
        connection.execute(text("SET session_replication_role = origin"))


def _tables(postgresql: bool, tenant: str, count: int) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Tables in their order: name, what multiplies the numbers `n`, and an expression for each column."""
    scattered = _hex(postgresql, f"n * {_SCATTER} % 4294967296", 8)
    name = f"'cases/' || {scattered} || {_hex(postgresql, 'n', 24)}"
    own = {"tenant": f"'{tenant}'", "case_name": name}
    decision = f"{_hex(postgresql, f'(n * 8 + k) * {_SCATTER} % 4294967296', 8)} || {_hex(postgresql, 'n * 8 + k', 24)}"
    bounds, below = [], 0
    for state, share in STATES.items():
        below += share
        bounds.append(f"WHEN n * 37 % 100 < {below} THEN '{state}'")
    changed = _moment(postgresql, f"CASE WHEN n % 2 = 0 THEN n ELSE n + {count} END")
    yield "cases", "", {
        "tenant": own["tenant"], "name": name, "site_id": f"'site-' || (n % {SITES})", "order_id": "'order-' || n",
        "state": f"CASE {' '.join(bounds)} END", "version": "4", "declaration_version": "1",
        "site": "'{}'", "order": "'{}'", "created_at": "{at}", "updated_at": changed,
    }  # fmt: skip
    yield "declarations", "", own | {
        "version": "1", "digest": f"'sha256:' || {scattered}", "content": "'{}'", "site": "'{}'", "order": "'{}'",
        "declaration": "'{}'", "on_day": "DATE('2026-07-01')", "rulebook_digest": f"'{_RULEBOOK}'", "declared_at": "{at}",
    }  # fmt: skip
    yield "attempts", "", own | {
        "reference": f"{scattered} || n", "declaration_version": "1", "platform": "'sandbox'", "generation": "1",
        "digest": "'sha256:'", "manifest_digest": "'sha256:'", "state": "'ISSUED'", "because": "''", "detail": "''",
        "planned_at": "{at}", "deadline_at": "{at}", "sent_at": "{at}", "ended_at": "{at}", "fence": "1",
    }  # fmt: skip
    yield "certificates", "", own | {
        "platform": "'sandbox'", "e_cert_id": f"{scattered} || n", "declaration_version": "1",
        "reference": f"{scattered} || n", "status": "'ACTIVE'", "status_at": "{at}", "issued_at": "{at}",
        "binding": "'DIGEST'", "declaration_digest": "'sha256:'", "proof": "'x'", "adopted_at": "{at}",
        "sandbox": "true",
    }  # fmt: skip
    questions = " ".join(f"WHEN {k} THEN '{question}'" for k, question in enumerate(DECISIONS))
    yield "decisions", _times(len(DECISIONS)), own | {
        "decision_id": decision, "declaration_version": "1", "question": f"CASE k {questions} END", "outcome": "'X'",
        "body": "'{}'", "rulebook_digest": f"'{_RULEBOOK}'", "facts_digest": "'sha256:'", "facts": "'{}'",
        "decided_at": "{at}",
    }  # fmt: skip
    yield "latest_decisions", f"{_times(len(DECISIONS))} WHERE k <> 3", own | {
        "question": f"CASE k {questions} END", "decision_id": decision,
    }  # fmt: skip
    yield "requests", "", own | {
        "request_id": f"{scattered} || n", "method": "'ProcessOrder'", "body_digest": "'sha256:'", "decisions": "'[]'",
        "recorded_at": "{at}",
    }  # fmt: skip
    yield "log", _times(ENTRIES), {
        "position": f"(n - 1) * {ENTRIES} + k", "leaf": "'\\x00'::bytea" if postgresql else "x'00'",
        "tenant": own["tenant"], "kind": "CASE WHEN k % 3 = 0 THEN 'transition' ELSE 'decision' END", "subject": name,
        "at": "{at}", "envelope": "''", "event": "'{}'",
    }  # fmt: skip


def _hex(postgresql: bool, number: str, digits: int) -> str:
    return f"lpad(to_hex({number}), {digits}, '0')" if postgresql else f"printf('%0{digits}x', {number})"


def _moment(postgresql: bool, seconds: str) -> str:
    if postgresql:
        return f"'2026-01-01'::timestamptz + make_interval(secs => {seconds})"
    return f"strftime('%Y-%m-%d %H:%M:%S.000000', '2026-01-01', ({seconds}) || ' seconds')"


def _numbers(postgresql: bool, first: int, last: int) -> str:
    if postgresql:
        return f"generate_series({first}::bigint, {last}) AS numbers(n)"
    return (
        f"(WITH RECURSIVE numbers(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})"
        " SELECT n FROM numbers)"
    )


def _times(count: int) -> str:
    """Multiplies the numbers by `k` from 0 up."""
    numbers = " UNION ALL SELECT ".join(map(str, range(1, count)))
    return f" CROSS JOIN (SELECT 0 AS k UNION ALL SELECT {numbers}) AS times"
