"""What it costs to turn the grid of a hundred thousand open tickets: the first look, a second, a commit."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from slaboard.board.pivot import Pivot
from slaboard.board.views import Tab, View, parse_filter
from slaboard.store.base import Act
from slaboard.store.read.live import Live
from slaboard.store.sqlite import SqliteStore
from tests.benchmarks.measure import Figure, quickest
from tests.benchmarks.stores import NOW, store_of

TICKETS = 100_000
ROUNDS = 10
FIRST = {
    Pivot.PRIORITY: "<= 1.5",
    Pivot.OWNER: "<= 4",
    Pivot.CUSTOMER: "<= 16",
    Pivot.BOARD: "<= 20",
    Pivot.CLOCKS: "<= 4",
}
"""Over the grid from scratch, which is counted first."""


def figures() -> Iterator[Figure]:
    """Each against the ordinary grid of the same store, measured in turns."""
    with tempfile.TemporaryDirectory() as folder, store_of(TICKETS, Path(folder) / "100k.db") as store:
        for by, goal in FIRST.items():
            ours, grid = quickest(lambda by=by: Live(store).turned(by, NOW), lambda: store.grid(NOW), 5)  # type: ignore[misc]
            yield Figure(f"pivot.first_{by}", f"100k tickets by {by}, first look, over the grid", ours / grid, goal)
        for by in (Pivot.OWNER, Pivot.CUSTOMER):
            ours, plain = quickest(_seconds(store, by), _seconds(store), ROUNDS)
            yield Figure(f"pivot.tick_{by}", f"a second of the grid by {by}, over a plain one", ours / plain, "<= 4")
            ours, plain = quickest(_commits(store, by), _commits(store), ROUNDS)
            yield Figure(f"pivot.commit_{by}", f"a claim told by {by}, over one in a plain grid", ours / plain, "<= 3")
        ours, grid = quickest(_clocks(store), lambda: store.grid(NOW), ROUNDS)
        yield Figure(
            "pivot.tick_clocks", "a second of all running clocks, over the grid from scratch", ours / grid, "<= 4"
        )
        ours, plain = quickest(_filtered(store, "clock:response o:"), _filtered(store, "in:response o:"), 5)
        what = "the list of a cell of all clocks, over that of a cell of the grid, each counted anew"
        yield Figure("pivot.drill_clocks", what, ours / plain, "<= 6")


def _seconds(store: SqliteStore, by: Pivot = Pivot.STAGE) -> Callable[[], object]:
    """A board that looks every second while nothing but time moves."""
    live, now = Live(store), count(NOW)
    return lambda: _look(live, by, next(now))


def _look(live: Live, by: Pivot, now: int) -> object:
    grid = live.grid(now)
    return grid if by is Pivot.STAGE else live.turned(by, now)


def _commits(store: SqliteStore, by: Pivot = Pivot.STAGE) -> Callable[[], object]:
    """A board that is told of a claim or a release before each look."""
    live, turn = Live(store), count()
    edge = "min" if by is Pivot.STAGE else "max"  # each side has a ticket of its own
    [(ticket,)] = store.ask(f"SELECT {edge}(ticket_id) FROM clocks WHERE place = 1 AND owner IS NULL")  # noqa: S608
    _look(live, by, NOW)

    def look() -> object:
        verb = "release" if next(turn) % 2 else "claim"
        store.act(Act(verb, ticket, "Ana", any_zone=True), NOW)
        return _look(live, by, NOW)

    return look


def _clocks(store: SqliteStore) -> Callable[[], object]:
    live, now = Live(store), count(NOW)
    live.grid(NOW)
    return lambda: live.turned(Pivot.CLOCKS, next(now))


def _filtered(store: SqliteStore, text: str) -> Callable[[], object]:
    view = View(Tab.ALL, parse_filter(text))
    return lambda: Live(store).window(view, NOW, 0, 60)
