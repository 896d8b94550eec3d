"""What a second costs a board whose countdowns all tick: against a `DataTable` that shows the same ones."""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from tests.benchmarks.measure import Figure
from tests.benchmarks.wall import Wall, board
from tests.tui.screen import Screen

SIZE = (120, 40)
ROWS = 14
"""Of the peer: as many countdowns as a board of that size shows on its list, its grid and its detail, or one less."""
TICKETS = 60
WARM_UP_S, SECONDS = 5.0, 20.0
AGE_S = 2_000
"""Old enough that the list of what needs claiming has them all."""
_POLICY = """
[calendar.always]
hours = "24x7"
[[policy]]
name = "Everyone"
calendar = "always"
targets = { response = "1h", resplan = "1h", resolution = "1h" }
"""


def figures() -> Iterator[Figure]:
    """Both at the same time, each on a screen of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        now = int(time.time())  # noqa: TID251 the boards' own clocks run
        peer = [sys.executable, "-m", "tests.benchmarks.peers", str(_rows(folder / "rows.json", now))]
        screens = [Screen(*SIZE), Screen(*SIZE)]
        commands = [board(_store(folder / "team.db", now)), peer]
        with Wall(commands, folder, size=SIZE, hear=lambda index, output: screens[index].feed(output)) as wall:
            wall.watch(WARM_UP_S)
            seen = [len(re.findall(r"\b00:\d\d:\d\d\b", "\n".join(screen.lines))) for screen in screens]
            written, used = list(wall.written), [wall.cpu_s(index) for index in range(2)]
            wall.watch(SECONDS)
            cpu = [wall.cpu_s(index) - used[index] for index in range(2)]
            sent = [wall.written[index] - written[index] for index in range(2)]
    if not seen[1] <= seen[0] <= seen[1] + 3:
        raise RuntimeError(f"the board shows {seen[0]} countdowns and its peer {seen[1]}: not what is to be compared")
    what = f"{seen[0]} countdowns that tick, over a DataTable with {seen[1]}, both at {SIZE[0]}x{SIZE[1]}"
    yield Figure("drawing.cpu", f"processor time of a board with {what}", cpu[0] / cpu[1], "<= 0.35")
    yield Figure("drawing.bytes", f"bytes to the terminal of a board with {what}", sent[0] / sent[1], "<= 0.55")


def _store(path: Path, now: int) -> Path:
    """A store whose every ticket has three clocks that run, all due within the hour."""
    with SqliteStore.create(path) as store:
        store.apply_policy(_POLICY, "bench", now)
        for number in range(TICKETS):
            changes = {"title": f"Printer {number} is on fire", "customer": "Tansy", "priority": "P2"}
            store.add(Act("add", f"T-{number}", "mail", changes=changes), now - AGE_S - number)
    return path


def _rows(path: Path, now: int) -> Path:
    """The same tickets for the peer."""
    rows = [
        {"TICKET": f"T-{number}", "P": "P2", "CUSTOMER": "Tansy", "SUMMARY": f"Printer {number} is on fire",
         "RESPONSE": due, "RESPLAN": due, "RESOLUTION": due, "OWNER": "-"}
        for number in range(ROWS)
        for due in [now + 3600 - AGE_S - number]
    ]  # fmt: skip
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path
