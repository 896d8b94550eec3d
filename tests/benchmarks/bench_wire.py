"""From a key, or another process's commit, to what is seen in tmux; against `cat` that echoes a key there."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from slaboard.store.sqlite import SqliteStore
from tests.benchmarks.disk import FULL, NORMAL, Disk, slow
from tests.benchmarks.hand import Hand
from tests.benchmarks.measure import Figure
from tests.benchmarks.tmux import Tmux, row
from tests.stores import YELLOW, make

ROUNDS = 12
APART_S = 0.3
"""Between two commits: more than what a board puts between two refreshes, so that each is a first one."""
LIMIT_S = 1.2
_BOARD = "import sys; from slaboard.__main__ import run; sys.exit(run())"
_MINE, _THEIRS = "T-1", "T-10"
"""The first two rows: the one under the cursor, and the one of the other process."""


@dataclass(slots=True)
class Taken:
    """Seconds of each round."""

    echo: list[float] = field(default_factory=list)
    key: list[float] = field(default_factory=list)
    commit: list[float] = field(default_factory=list)
    acts: int = 0
    """Events in the store afterwards."""


def figures() -> Iterator[Figure]:
    """Every disk in turn, the longest wait of all, and what was lost."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = []
        for short, disk in (("full", FULL), ("normal", NORMAL), ("slow", slow(folder))):
            taken = _taken(folder / f"{short}.db", disk)
            found.append(taken)
            yield _figure(f"wire.key.{short}", "key to committed and seen", taken.key, 2.5, taken.echo, disk)
            yield _figure(f"wire.commit.{short}", "another's commit to seen", taken.commit, 4, taken.echo, disk)
        worst = max(max(*taken.key, *taken.commit) for taken in found)
        yield Figure("wire.worst", f"the longest of all these, over {LIMIT_S:g} s", worst / LIMIT_S, "<= 1")
        lost = sum(2 * ROUNDS - taken.acts for taken in found)
        yield Figure("wire.lost", "acts that were seen and are not in the store", lost, "<= 0")


def _figure(id: str, what: str, took: list[float], limit: float, echo: list[float], disk: Disk) -> Figure:
    """How often `took` is the echo; where fsync is slow, over `limit` echoes and the two fsyncs that are granted."""
    if disk.fsyncs_s:
        allowed = limit * median(echo) + disk.fsyncs_s
        return Figure(id, f"{what}, over {limit:g} echoes and two fsyncs; {disk.name}", median(took) / allowed, "<= 1")
    return Figure(id, f"{what}, over `cat`'s echo; {disk.name}", median(took) / median(echo), f"<= {limit:g}")


def _taken(store: Path, disk: Disk) -> Taken:
    """Each round an echo, a key, and a commit by another process."""
    now = int(time.time())  # noqa: TID251 the program's own clock runs here
    make(store, now, [YELLOW] * 12)
    with SqliteStore(store) as before:
        had = len(before.events(_MINE)) + len(before.events(_THEIRS))
    taken = Taken()
    with Tmux() as tmux, Hand(store, disk) as hand:
        cat = tmux.open(["cat"])
        places = {name: str(store.parent) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")}
        command = disk.python(_BOARD, "--store", str(store), "--as", "Ana")
        board = tmux.open(command, {**places, **disk.environment})
        tmux.until(board, "1/12")
        tmux.type(board, ".", ".")
        tmux.until(board, "[All 12]")
        time.sleep(2 * APART_S)  # a row that has just come under the cursor is not acted on
        for number, (key, verb, mine, theirs) in enumerate(
            islice(cycle((("c", "claim", "Ana", "Chi"), ("u", "release", "-", "-"))), ROUNDS)
        ):
            begun = time.monotonic()
            tmux.type(cat, chr(ord("a") + number % 26))
            taken.echo.append(tmux.until(cat, _typed(number)) - begun)
            time.sleep(APART_S)
            begun = time.monotonic()
            tmux.type(board, key)
            taken.key.append(tmux.until(board, row(_MINE, mine)) - begun)
            time.sleep(APART_S)
            taken.commit.append(-hand.act(verb, _THEIRS) + tmux.until(board, row(_THEIRS, theirs)))
            time.sleep(APART_S)
        tmux.type(board, "q")
    with SqliteStore(store) as after:
        taken.acts = len(after.events(_MINE)) + len(after.events(_THEIRS)) - had
    return taken


def _typed(number: int) -> str:
    """What `cat` shows of the first `number` + 1 letters."""
    return "".join(chr(ord("a") + i % 26) for i in range(number + 1))
