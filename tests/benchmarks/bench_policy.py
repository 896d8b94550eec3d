"""A changed policy over many open tickets, against a bare UPDATE of the same rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from slaboard.store.sqlite import SqliteStore
from tests.benchmarks.measure import Figure
from tests.benchmarks.stores import NOW, store_of

TICKETS = 100_000
# The rows that an applied policy writes: every live clock's instants, and every open ticket. They stay under their
# version, else they would be under the next one already when it comes.
_BARE = (
    "UPDATE state SET ours = 1",
    """UPDATE clocks SET target_s = target_s + 1, due_at = due_at + 1, yellow_at = yellow_at + 1,
        orange_at = orange_at + 1, red_at = red_at + 1, policy_version = policy_version + 0, rev = rev + 1
        WHERE stopped_at IS NULL""",
    "UPDATE tickets SET policy_version = policy_version + 0, rev = rev + 1 WHERE ended_at IS NULL",
    "UPDATE state SET ours = 0",
)
_OFFICE = """
[calendar.office]
timezone = "Europe/Berlin"
hours = { mon = ["09:00-17:00"], tue = ["09:00-17:00"], wed = ["09:00-17:00"], thu = ["09:00-17:00"], fri = ["09:00-15:00"] }
"""  # noqa: E501 a policy file


def figures() -> Iterator[Figure]:
    """One apply, between two bare UPDATEs of which the quicker counts, on one store."""
    with tempfile.TemporaryDirectory() as folder, store_of(TICKETS, Path(folder) / "s.db") as store:
        text = store.history()[-1].text
        head, rest = text.rsplit('calendar = "24x7"', 1)  # of three policies one gets office hours
        bare = [_bare(store)]
        start = perf_counter()
        store.apply_policy(f'{_OFFICE}{head}calendar = "office"{rest}', "bench", NOW)
        ours = perf_counter() - start
        bare.append(_bare(store))
        what = f"policy apply over {TICKETS:,} open tickets, over a bare UPDATE of the same rows"
        yield Figure("policy.apply", what, ours / min(bare), "<= 10")


def _bare(store: SqliteStore) -> float:
    start = perf_counter()
    with store.writing(30) as connection:
        for statement in _BARE:
            connection.execute(statement)
    return perf_counter() - start
