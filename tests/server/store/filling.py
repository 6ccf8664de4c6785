"""Many rows at once, for what must not grow with them: cases of one tenant, and the log's entries about them."""

from sqlalchemy import Connection, text

TENANT = "acme"
# Of a hundred cases, how many are in which state.
STATES = {"CERTIFIED": 70, "DECLARED": 15, "REJECTED": 8, "ORDERED": 5, "VERIFYING": 1, "MANUAL": 1}
SITES = 20


def fill_cases(connection: Connection, count: int, tenant: str = TENANT) -> None:
    """Cases at several sites, a second apart, the older half changed again later; and statistics."""
    number = _numbers(connection, count)
    bounds, below = [], 0
    for state, share in STATES.items():
        below += share
        bounds.append(f"WHEN n * 37 % 100 < {below} THEN '{state}'")
    moment = (
        "'2026-01-01'::timestamptz + make_interval(secs => {})"
        if connection.dialect.name == "postgresql"
        else "strftime('%Y-%m-%d %H:%M:%S.000000', '2026-01-01', ({}) || ' seconds')"
    )
    name = (
        "'cases/' || lpad(to_hex(n), 32, '0')"
        if connection.dialect.name == "postgresql"
        else "'cases/' || printf('%032x', n)"
    )
    changed = f"CASE WHEN n % 2 = 0 THEN n ELSE n + {count} END"
    connection.execute(
        text(
            'INSERT INTO cases (tenant, name, site_id, order_id, state, version, declaration_version, site, "order",'
            f" created_at, updated_at) SELECT '{tenant}', {name}, 'site-' || (n % {SITES}), 'order-' || n,"
            f" CASE {' '.join(bounds)} END, 4, 1, '{{}}', '{{}}',"
            f" {moment.format('n')}, {moment.format(changed)} FROM {number}"
        )
    )
    connection.execute(text("ANALYZE cases"))


def fill_log(connection: Connection, count: int, tenant: str = TENANT) -> None:
    """Entries of a quiet tenant and a loud one, every other one an event of a case; and statistics."""
    number = _numbers(connection, count)
    name = (
        "'cases/' || lpad(to_hex(1 + n % 1000), 32, '0')"
        if connection.dialect.name == "postgresql"
        else "'cases/' || printf('%032x', 1 + n % 1000)"
    )
    leaf = "'\\x00'::bytea" if connection.dialect.name == "postgresql" else "x'00'"
    at = (
        "'2026-01-01'::timestamptz"
        if connection.dialect.name == "postgresql"
        else "'2026-01-01 00:00:00.000000'"
    )
    event = '{"event":"PLACE","from":null,"to":"ORDERED","version":1,"declaration_version":0,"actor":"a","reason":"r"}'
    connection.execute(
        text(
            "INSERT INTO log (position, leaf, tenant, kind, subject, at, envelope, event) SELECT n - 1,"
            f" {leaf}, CASE WHEN n % 200 IN (1, 2) THEN 'quiet' ELSE '{tenant}' END,"
            f" CASE WHEN n % 2 = 0 THEN 'decision' ELSE 'transition' END, {name}, {at}, '', :event FROM {number}"
        ),
        {"event": event},
    )
    connection.execute(text("UPDATE log_head SET size = :size"), {"size": count})
    connection.execute(text("ANALYZE log"))


def _numbers(connection: Connection, count: int) -> str:
    if connection.dialect.name == "postgresql":
        return f"generate_series(1, {count}) AS numbers(n)"
    return (
        f"(WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
        " SELECT n FROM numbers)"
    )
