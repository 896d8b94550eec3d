"""Real stores for the tests: a policy without pauses, tickets of any age, and a second process that acts on them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Engineer

POLICY = """
[calendar.always]
hours = "24x7"

[claim]
zones = ["green", "yellow", "orange", "red"]

[[policy]]
name = "Everyone"
calendar = "always"
targets = { response = "1h", resplan = "4h", resolution = "16h" }
"""
GREEN, YELLOW, ORANGE, RED = 60, 2_000, 3_000, 4_000
"""Ages in seconds that put an unanswered ticket into a zone of its response."""
TEAM = (Engineer(name="Ana", key="a"), Engineer(name="Ben", key="b"), Engineer(name="Chi", key="h"))


def make(path: Path, now: int, ages: Iterable[int] = (), *, titles: Iterable[str] = ()) -> Path:
    """A store at `path` with the team and a ticket `T-1`, `T-2`, ... of each age."""
    subjects = iter(titles)
    with SqliteStore.create(path) as store:
        store.apply_policy(POLICY, "test", now)
        store.add_engineers(TEAM)
        for number, age in enumerate(ages, 1):
            title = next(subjects, f"Printer {number} is on fire")
            store.add(Act("add", f"T-{number}", "mail", changes={"title": title, "customer": "Tansy"}), now - age)
    return path


_CLAIMER = """
import sys, time
from pathlib import Path
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
store = SqliteStore(Path(sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    store.act(Act("claim", line.strip(), "Chi", via="elsewhere"), int(time.time()))
    print(time.monotonic(), flush=True)
"""


class Neighbour:
    """Another process with a connection of its own: it claims a ticket and says when that was committed."""

    def __init__(self, store: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CLAIMER, str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._answer() == "ready"

    def claim(self, ticket: str) -> float:
        """Chi claims it; the instant of the commit on the monotonic clock, which all processes share."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{ticket}\n")
        self._process.stdin.flush()
        return float(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def __enter__(self) -> Neighbour:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=10)
