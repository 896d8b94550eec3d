"""A changed policy over many open tickets, against a bare UPDATE of the same rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from tests.benchmarks.measure import Figure
from tests.benchmarks.stores import NOW, filled, policy

TICKETS = 20_000
ROUNDS = 3
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


def figures() -> Iterator[Figure]:
    """The quicker of some rounds of each, in turns, on one store."""
    with tempfile.TemporaryDirectory() as folder, filled(Path(folder) / "s.db", TICKETS) as store:
        ours, bare = [], []
        for i in range(ROUNDS):
            start = perf_counter()
            with store.writing(30) as connection:
                for statement in _BARE:
                    connection.execute(statement)
            bare.append(perf_counter() - start)
            start = perf_counter()
            store.apply_policy(policy("2h" if i % 2 else "3h", "30h" if i % 2 else "50h"), "bench", NOW)
            ours.append(perf_counter() - start)
        what = f"policy apply over {TICKETS:,} open tickets, over a bare UPDATE of the same rows"
        yield Figure("policy.apply", what, min(ours) / min(bare), "<= 10")
