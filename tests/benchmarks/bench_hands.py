"""Fifty people at one store: how long a claim takes, who wins a ticket, and whether anybody starves."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tests.benchmarks.measure import Figure, undisturbed
from tests.benchmarks.stores import filled

PEOPLE = 50
ROUNDS, MORE, ALONE_S, TOGETHER_S = 5, 5, 1, 5
"""Fifty at one claim a second, and before each round one alone; rounds that may be made again."""
TICKETS = 1_000
FLAT_OUT_S = 10
MOST_LOG = 16 * 1024 * 1024
_CLAIMED = """
    SELECT (SELECT count(*) FROM events WHERE kind = 'claim' AND actor <> 'ana'),
        (SELECT count(*) FROM tickets WHERE owner <> 'ana')"""


def figures() -> Iterator[Figure]:
    """A day at the desk, a race, and a storm."""
    with tempfile.TemporaryDirectory(prefix="slaboard-") as folder:
        yield from _day(Path(folder) / "day.db")
        yield from _race(Path(folder) / "race.db")
        yield from _storm(Path(folder) / "storm.db")


def _hands(job: str, path: Path, people: int, seconds: float = 0) -> list[dict[str, Any]]:
    """What each of so many processes found."""
    command = [sys.executable, "-m", "tests.benchmarks.hands", job, str(path), str(people), str(seconds)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def _day(path: Path) -> Iterator[Figure]:
    """One person who claims without a pause, and fifty at one claim a second each, in turns on one store."""
    filled(path, 20_000).close()

    def once() -> float:
        alone = _hands("single", path, 1, ALONE_S)[0]["took"]
        together = [took for found in _hands("paced", path, PEOPLE, TOGETHER_S) for took in found["took"]]
        p99: float = quantiles(together, n=100)[98]
        limit: float = 10 * median(alone) + 0.005
        return p99 / limit

    ratios, disturbed = undisturbed(once, ROUNDS, MORE)
    what = f"{PEOPLE} processes, a claim a second each: p99 over 10 x the median of one alone + 5 ms"
    yield Figure("hands.p99", f"{what}, median of {ROUNDS}{disturbed}", median(ratios), "<= 1")


def _race(path: Path) -> Iterator[Figure]:
    """All want the same thousand tickets."""
    with filled(path, TICKETS * 5 // 4) as store:  # a fifth of them is somebody's already
        people = _hands("race", path, PEOPLE)
        events, owned = store.ask(_CLAIMED)[0]
    winners = Counter(ticket for person in people for ticket in person["won"])
    tried = sum(len(person["won"]) + person["lost"] for person in people)
    race = f"{PEOPLE} processes over {TICKETS:,} tickets, {tried:,} attempts"
    once = sum(times == 1 for times in winners.values())
    yield Figure("hands.winners", f"{race}: tickets with exactly one winner, over {TICKETS:,}", once / TICKETS, ">= 1")
    most = max(events, owned, winners.total()) / TICKETS
    yield Figure("hands.events", f"{race}: claim events, owners and winners, the most of them", most, "<= 1")
    busy = sum(person["busy"] for person in people)
    yield Figure("hands.busy", f"{race}: how many were told BUSY", busy, "<= 0")


def _storm(path: Path) -> Iterator[Figure]:
    """All write without a pause, and some read all the time."""
    filled(path, PEOPLE * 50).close()
    people = _hands("flat_out", path, PEOPLE, FLAT_OUT_S)
    acts = [person["acts"] for person in people]
    storm = f"{PEOPLE} processes flat out, {sum(acts):,} acts"
    yield Figure("hands.share", f"{storm}: the fewest over the mean", min(acts) * PEOPLE / sum(acts), ">= 0.1")
    log = max(person["log"] for person in people)
    yield Figure("hands.log", f"{storm}: the write-ahead log over 16 MB", log / MOST_LOG, "<= 1")
    busy = sum(person["busy"] for person in people)
    yield Figure("hands.storm", f"{storm}: how many were told BUSY", busy, "<= 0")
