"""What a board reads of ten thousand to a million open tickets, and what boards of them cost while nothing happens."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from slaboard.board.views import Tab, View, parse_filter
from slaboard.store.base import Act
from slaboard.store.read.live import Live
from slaboard.store.sqlite import SqliteStore
from tests.benchmarks.measure import Figure, quickest
from tests.benchmarks.stores import DESK_S, TODAY, quiet_store, store_of
from tests.benchmarks.wall import Wall, board

SIZES = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}
IDLE_SIZES = {"100": 100, "100k": 100_000, "1M": 1_000_000}
IDLE_S = 30.0
WARM_S = 6.0
"""Until boards have read their store and Python has warmed up."""
ROWS = 60
DESK = 60
"""Tickets of the day that fill the screen."""
WORD = '"vpn 12"'
"""Stands in one ticket of 170."""
# What the grid counts. With `place > 0` beside it SQLite takes an index all the same: NOT INDEXED does not hold there.
COUNTED = "SELECT count(*) FROM clocks NOT INDEXED WHERE place = 1"


def figures() -> Iterator[Figure]:
    """From scratch against a bare count; moved on, and pages, at a million against ten thousand; then idle boards."""
    with tempfile.TemporaryDirectory() as folder:
        with ExitStack() as open_stores:
            stores = {
                name: open_stores.enter_context(store_of(size, Path(folder) / f"{name}.db", now=TODAY))
                for name, size in SIZES.items()
            }
            for name, store in stores.items():
                yield from _from_scratch(name, store)
            yield from _moved_on(stores["10k"], stores["1M"])
            yield from _pages(stores["10k"], stores["1M"])
        for name in SIZES:
            (Path(folder) / f"{name}.db").unlink()
        yield from _idle(Path(folder))


def _from_scratch(name: str, store: SqliteStore) -> Iterator[Figure]:
    ours, bare = quickest(lambda: store.grid(TODAY), lambda: store.ask(COUNTED), 40 if name == "10k" else 8)
    what = f"the grid of {name} tickets from scratch, over a bare count of the same clocks without an index"
    yield Figure(f"reads.grid_{name}", what, ours / bare, "<= 2.5")


def _moved_on(small: SqliteStore, large: SqliteStore) -> Iterator[Figure]:
    grid, other = large.grid(TODAY), small.grid(TODAY)
    ours, theirs = quickest(lambda: large.tick(grid, TODAY + 1), lambda: small.tick(other, TODAY + 1))
    yield Figure("reads.tick", "a second at 1M tickets, over one at 10k", ours / theirs, "<= 2")
    yield Figure("reads.tick_limit", "a second at 1M tickets, over 1 ms", ours / 1e6, "<= 1")
    ours, _ = quickest(lambda: large.tick(grid, TODAY + 3_600), lambda: None)
    yield Figure("reads.hour", "an hour of suspension at 1M tickets, over 10 ms", ours / 1e7, "<= 1")
    for id_, what, text in (("refresh", "a refresh", ""), ("search", f"a refresh with {WORD} looked for", WORD)):
        ours, theirs = quickest(_Claimed(large, text).read, _Claimed(small, text).read)
        yield Figure(f"reads.{id_}", f"{what} after somebody's claim, at 1M tickets, over 10k", ours / theirs, "<= 2")


class _Claimed:
    """A board that is told of a claim or a release before each of its looks."""

    def __init__(self, store: SqliteStore, text: str) -> None:
        self._store, self._live, self._view = store, Live(store), View(Tab.ALL, parse_filter(text))
        [(self._ticket,)] = store.ask("SELECT min(ticket_id) FROM clocks WHERE place = 1 AND owner IS NULL")
        self._live.window(self._view, TODAY, 0, ROWS)
        self._is_claimed = False

    def read(self) -> None:
        self._is_claimed = not self._is_claimed
        self._store.act(Act("claim" if self._is_claimed else "release", self._ticket, "Ana", any_zone=True), TODAY)
        self._live.grid(TODAY, self._view)
        self._live.window(self._view, TODAY, 0, ROWS)


def _pages(small: SqliteStore, large: SqliteStore) -> Iterator[Figure]:
    """The same page again and again: what is in it is known, where it stands is looked up."""
    for id_, what, share in (("first", "the first page", 0.0), ("middle", "a page in the middle", 0.5),
                             ("last", "the last page", 1.0)):  # fmt: skip
        ours, theirs = quickest(_look(large, share), _look(small, share))
        yield Figure(f"reads.page_{id_}", f"{what} of 1M tickets, over that of 10k", ours / theirs, "<= 2")


def _look(store: SqliteStore, share: float) -> Callable[[], object]:
    live, view = Live(store), View(Tab.ALL)
    first = int(share * (live.window(view, TODAY, 0, ROWS).total - ROWS))
    live.window(view, TODAY, first, ROWS)
    return lambda: live.window(view, TODAY, first, ROWS)


# --- real boards ----------------------------------------------------------------------------------------------


def _idle(folder: Path) -> Iterator[Figure]:
    """Three boards at once, so that a slow moment hits all of them, each with the same desk on its screen."""
    now = int(time.time())  # noqa: TID251 boards run on it
    paths = [folder / f"idle-{name}.db" for name in IDLE_SIZES]
    for size, path in zip(IDLE_SIZES.values(), paths, strict=True):
        with quiet_store(size, path, now=now) as store:
            _desk(store, now)
    with Wall([board(path) for path in paths], folder, size=(200, 50)) as wall:
        wall.watch(WARM_S)
        before = [wall.cpu_s(index) for index in range(len(paths))]
        wall.watch(IDLE_S)
        spent = [wall.cpu_s(index) - cpu for index, cpu in enumerate(before)]
        memory = [_resident(screen.pid) for screen in wall.screens]
    base = f"over one of 100 ({spent[0] / IDLE_S:.1%} of a core)"
    yield Figure("reads.idle_100k", f"CPU of an idle board of 100k tickets, {base}", spent[1] / spent[0], "<= 1.2")
    yield Figure("reads.idle_1M", f"CPU of an idle board of 1M tickets, {base}", spent[2] / spent[0], "<= 1.4")
    what = f"memory of a board of 1M tickets, over one of 100 ({memory[0] >> 20} MB)"
    yield Figure("reads.memory_1M", what, memory[2] / memory[0], "<= 1.6")


def _desk(store: SqliteStore, now: int) -> None:
    """Tickets that need claiming within the hour, their countdowns on the screen; a backlog is behind them."""
    for number in range(DESK):
        changes = {"title": f"Printer {number} is on fire", "customer": "Tansy", "priority": "P0"}
        store.add(Act("add", f"D-{number}", "mail", changes=changes), now - DESK_S // 2 - 25 * number - 60)


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found is not None
    return int(found[1]) * 1024
