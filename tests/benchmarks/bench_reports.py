"""A report over a million results, against the bare aggregate of the same table."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from slaboard.reports.names import Names
from slaboard.reports.question import Question
from slaboard.store.reports.sheets import sheets
from slaboard.store.sqlite import SqliteStore
from tests.benchmarks.measure import Figure, quickest
from tests.benchmarks.stores import NOW, policy

OUTCOMES = 1_000_000
ROUNDS = 3
SPAN_S = 2 * 365 * 86_400
# Every bare figure that one statement can give: no median, no p90, no revisions, months of UTC.
BARE = """
    SELECT strftime('%Y-%m', stopped_at, 'unixepoch'), priority, bucket, count(*), sum(met), avg(elapsed_s),
        avg(stopped_at - started_at)
    FROM outcomes GROUP BY 1, 2, 3"""
_ASIDE = """
    SELECT type, name, sql FROM sqlite_schema
    WHERE type IN ('index', 'trigger') AND tbl_name IN ('outcomes', 'events') AND sql IS NOT NULL
    ORDER BY type = 'trigger'"""
# Three results a ticket over two years, in five priorities; one in a thousand has a second revision.
_RESULTS = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :outcomes - 1),
    r AS (SELECT i / 3 AS ticket, i % 3 AS rung, (i * 7919 + 1) % 104729 AS used,
        :now - :span + (i / 3 * 613) % :span AS at FROM n)
    INSERT INTO outcomes (ticket_id, bucket, cycle, revision, policy_version, policy, calendar, started_at, target_s,
        due_at, stopped_at, elapsed_s, met, zone, skipped, by_status, customer, priority, owner, board, withdrawn)
    SELECT 'T-' || ticket, CASE rung WHEN 0 THEN 'response' WHEN 1 THEN 'resplan' ELSE 'resolution' END, 0, {revision},
        1, 'rest', 'office', at, 28800, at + 28800, at + used, used / 3, used / 3 <= 28800, 'green', 0, 0,
        'Customer ' || ticket % 60, 'P' || (ticket % 5 + 1), 'engineer ' || ticket % 40, 'desk',
        {revision} * (ticket % 2)
    FROM r WHERE {among}"""

# What happened to each of those tickets: opened, claimed, two messages, resolved.
_EVENTS = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :outcomes / 3 - 1),
    k(rank, kind, after, way) AS (VALUES (0, 'created', 0, NULL), (1, 'claim', 600, NULL), (2, 'message', 900, 'out'),
        (3, 'message', 4000, 'in'), (4, 'resolve', 30000, NULL))
    INSERT INTO events (ticket_id, at, order_in_instant, kind, actor, direction)
    SELECT 'T-' || i, :now - :span + (i * 613) % :span + after, 0, kind, 'engineer ' || i % 40, way FROM n, k"""


def filled(path: Path) -> SqliteStore:
    """A store whose results and events are written straight into their tables: it is read here, and nothing else."""
    store = SqliteStore.create(path)
    store.apply_policy(policy(), "bench", NOW)
    execute = store.connection.execute
    bound = {"outcomes": OUTCOMES, "now": NOW, "span": SPAN_S}
    execute("PRAGMA synchronous=OFF")
    execute("BEGIN")
    aside = execute(_ASIDE).fetchall()
    for kind, name, _ in aside:
        execute(f"DROP {kind} {name}")
    execute(_RESULTS.format(revision=0, among="1"), bound)
    execute(_RESULTS.format(revision=1, among="ticket % 1000 = 7"), bound)
    execute(_EVENTS, bound)
    for _, _, sql in aside:
        execute(sql)
    execute("COMMIT")
    return store


def figures() -> Iterator[Figure]:
    """The quicker of some rounds of each, in turns, on one store."""
    with tempfile.TemporaryDirectory() as folder, filled(Path(folder) / "s.db") as store:
        asked = Question(("month", "priority"))
        ours, bare = quickest(
            lambda: sheets(store, asked, Names(), NOW, ["promises", "footnotes"]), lambda: store.ask(BARE), ROUNDS
        )  # fmt: skip
        what = f"a report with footnotes by month and priority over {OUTCOMES:,} results, over their bare aggregate"
        yield Figure("report.million", what, ours / bare, "<= 3")
