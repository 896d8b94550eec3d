"""Twenty boards of one store: whether every commit is painted on each, and how late the last of them is."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from statistics import quantiles

from slaboard.follow.feed import APART_S, POLL_S
from tests.benchmarks.hand import Hand
from tests.benchmarks.measure import Figure, undisturbed
from tests.benchmarks.wall import Wall, board
from tests.stores import YELLOW, make

BOARDS = 20
COMMITS, STRETCHES, MORE = 800, 8, 4
"""In so many stretches, and how many of them may be made again (`measure.undisturbed`)."""
TICKETS = 200
STARTING_S = 8
"""A board shows its tickets before it has imported Textual; for twenty of them that takes two cores seconds."""


def figures() -> Iterator[Figure]:
    """A title is changed every quarter of a second; each board has to paint each of its versions."""
    numbers = count()
    with tempfile.TemporaryDirectory() as folder:
        store = make(Path(folder) / "team.db", int(time.time()), [YELLOW] * TICKETS)  # noqa: TID251 boards run on it
        with Wall([board(store)] * BOARDS, store.parent) as wall, Hand(store) as hand:
            wall.until_all(f"1/{TICKETS}".encode())
            wall.watch(STARTING_S)
            found, disturbed = undisturbed(
                lambda: _shown(wall, hand, list(islice(numbers, COMMITS // STRETCHES))), STRETCHES, MORE
            )
    beside = f"of {COMMITS} commits, {APART_S:g} s apart, on {BOARDS} boards"
    missed = sum(missed for _, missed in found)
    yield Figure("boards.missed", f"paintings that are missing {beside}{disturbed}", missed, "<= 0")
    cuts = [cut / POLL_S for cut in quantiles([late for lates, _ in found for late in lates], n=100)]
    what = f"how late the last board is of 95 % {beside}, over the {POLL_S:g} s between two polls"
    yield Figure("boards.late", f"{what} (median {cuts[49]:.2f}, p99 {cuts[98]:.2f})", cuts[94], "<= 1.5")


def _shown(wall: Wall, hand: Hand, commits: Sequence[int]) -> tuple[list[float], int]:
    """How late the last board was of each of these commits, in seconds, and how many paintings are missing."""
    late: list[float] = []
    missed = 0
    for number in commits:
        mark = _mark(number)
        committed = hand.act("set", "T-1", title=mark.decode())
        missing, last = set(range(BOARDS)), committed
        while (left := committed + APART_S - time.monotonic()) > 0:
            for index, _, at in wall.look(left, mark):
                if index in missing:
                    missing.discard(index)
                    last = max(last, at)
        missed += len(missing)
        late.append(last - committed)
    return late, missed


def _mark(number: int) -> bytes:
    """A word that begins and ends otherwise than the one before: a board paints no more than what has changed."""
    letters = b"abcdefghij"
    return b"%c%05d%c" % (letters[number % 10], number, letters[number % 10])
