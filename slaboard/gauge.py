"""How quick a store is on this machine: each figure beside a limit or a bare peer that is measured in turns with it."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from msgspec import Struct

from slaboard.board.views import Tab, View, parse_filter
from slaboard.errors import StoreError
from slaboard.resources import shipped
from slaboard.store.base import Act
from slaboard.store.care.backup import copy
from slaboard.store.disk.driver import version_warning
from slaboard.store.read.live import Live
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.intake import BATCH, Intake
from slaboard.ticket import Event, Kind

CLAIMS, FSYNCS, LOOKS = 60, 40, 5
SLOW_FSYNC_S = 0.005
"""A disk that takes longer to make 4 KB safe is felt at every claim."""
TICK_S = 0.001
"""What a board may take each second to move on."""
AT_ONCE_S = 0.05
"""What nobody notices between a key and its picture."""
ROOM = 2.5
"""How many times its own size a store's copy needs: its log, and what is written to it here."""

# The rows that a claim writes, written bare; `ours` keeps the triggers for other programs' writes quiet.
BARE = (
    "UPDATE state SET rev = rev + 1, ours = 1",
    "UPDATE tickets SET owner = 'bare', owned_at = :now, changed_at = :now, rev = rev + 1 WHERE id = :id",
    "INSERT INTO events (ticket_id, at, kind, actor, via, rev) VALUES (:id, :now, 'claim', 'bare', 'bench', 1)",
    "UPDATE clocks SET owner = 'bare', rev = rev + 1 WHERE ticket_id = :id",
    "UPDATE state SET ours = 0",
)
# Every clock looked at once, without an index: what counting costs at the least.
COUNT = "SELECT count(*) FROM clocks NOT INDEXED WHERE place = 1"
# Every ticket's text looked at once.
LIKE = "SELECT count(*) FROM tickets WHERE title LIKE '%no such word%'"


class Reading(Struct, frozen=True):
    """One figure: seconds that it took, over seconds of what it is held against."""

    id: str
    what: str
    took_s: float
    against_s: float
    most: float

    @property
    def ratio(self) -> float:
        """How often what it is held against."""
        return self.took_s / self.against_s

    @property
    def ok(self) -> bool:
        """Whether it keeps its limit."""
        return self.ratio <= self.most


# --- the store that is measured -----------------------------------------------------------------------------------


@contextmanager
def copied(path: Path) -> Iterator[SqliteStore]:
    """A copy of the store at `path`, on the same disk where that can be written; gone when the block ends."""
    folder = folder_for(path)
    wanted, free = int(path.stat().st_size * ROOM) if path.exists() else 0, shutil.disk_usage(folder).free
    if free < wanted:
        raise StoreError(
            f"A copy of {path} to measure needs {wanted / 1e6:,.0f} MB in {folder}, and {free / 1e6:,.0f} MB are free. "
            f"Make room, or measure a made store: slaboard bench --tickets 10000"
        )
    with SqliteStore(path, read_only=True) as store, _room(folder) as room:
        made = room / "copy.db"
        made.touch(mode=0o600)
        copy(store.connection, path, made)
        with _logged(made) as opened:
            yield opened


@contextmanager
def made(folder: Path, tickets: int, now: int) -> Iterator[SqliteStore]:
    """A store of so many made-up open tickets under the default policy; gone when the block ends."""
    with _room(folder) as room, SqliteStore.create(room / "made.db") as store:
        policy = (shipped("sample_data") / "policy.toml").read_text(encoding="utf-8")
        store.apply_policy(policy, "bench", now)
        intake = Intake(store)
        record = intake.begin("bench", "bench", "bench", 0, now)
        dice = random.Random(tickets)
        for first in range(0, tickets, BATCH):
            numbers = range(first, min(tickets, first + BATCH))
            intake.take(record, [(0, _made_up(number, now, dice)) for number in numbers])
        intake.finish(record, lines=tickets, events=tickets, problems=0, now=now)
        yield store


def _made_up(number: int, now: int, dice: random.Random) -> Event:
    return Event(
        ticket=f"B-{number}", at=now - dice.randrange(100 * 3600), kind=Kind.CREATED, title=f"Made-up trouble {number}",
        customer=f"Customer {number % 50}", priority=f"P{number % 4 + 1}",
    )  # fmt: skip


def folder_for(path: Path) -> Path:
    """Where a copy is measured: beside the store, for its disk is what counts; else in the temporary folder."""
    return path.parent if os.access(path.parent, os.W_OK) else Path(tempfile.gettempdir())


@contextmanager
def _room(folder: Path) -> Iterator[Path]:
    try:
        room = tempfile.TemporaryDirectory(prefix=".slaboard-bench-", dir=folder, ignore_cleanup_errors=True)
    except OSError as error:
        raise StoreError(f"Nothing can be measured in {folder}: {error.strerror}.") from error
    with room as name:
        yield Path(name)


@contextmanager
def _logged(made: Path) -> Iterator[SqliteStore]:
    """A store as boards use it, with its log."""
    with SqliteStore(made) as store:
        store.ask("PRAGMA journal_mode=WAL")
        yield store


# --- measuring ----------------------------------------------------------------------------------------------------


def readings(store: SqliteStore, now: int) -> Iterator[Reading]:
    """Every figure of `store`, which is written to; each peer in turns with what it is held against."""
    while store.catch_up(now):
        pass
    fsync = _fsync_s(store.path.parent)
    yield Reading("disk.fsync", "4 KB made safe on this disk, over 5 ms", fsync, SLOW_FSYNC_S, 1)
    yield from _claims(store, now, fsync)
    yield from _looks(store, now)


def _fsync_s(folder: Path) -> float:
    """The median time of a small write that has to survive a power cut."""
    took = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(FSYNCS):
            start = perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            took.append(perf_counter() - start)
    return median(took)


def _claims(store: SqliteStore, now: int, fsync: float) -> Iterator[Reading]:
    """Claims of tickets made for it, in turns with bare transactions that write the same rows."""
    ours: list[float] = []
    bare: list[float] = []
    for number in range(2 * CLAIMS):
        changes = {"title": "measured", "priority": "P1"}
        store.add(Act("add", f"bench-{number}", "bench", changes=changes), now)
    for number in range(CLAIMS):
        claim = Act("claim", f"bench-{2 * number}", "bench", any_zone=True, via="bench")
        ours.append(_took(partial(store.act, claim, now)))
        bare.append(_took(partial(_bare, store, f"bench-{2 * number + 1}", now)))
    typical, least = median(ours), median(bare)
    yield Reading("commit", "the rows of a claim, written bare, over making 4 KB safe", least, fsync, 8)
    yield Reading("claim.p50", "a claim, the median, over the same rows written bare", typical, least, 2)
    worst = sorted(ours)[int(len(ours) * 0.99)]
    yield Reading("claim.p99", "a claim, the 99th of 100, over ten medians and 5 ms", worst, 10 * typical + 0.005, 1)


def _bare(store: SqliteStore, ticket: str, now: int) -> None:
    connection = store.connection
    connection.execute("BEGIN IMMEDIATE")
    for sql in BARE:
        connection.execute(sql, {"id": ticket, "now": now})
    connection.execute("COMMIT")


def _looks(store: SqliteStore, now: int) -> Iterator[Reading]:
    """What a board reads; the quickest of some looks, for a look can only be disturbed."""
    count, grid = _in_turns(lambda: store.ask(COUNT), lambda: Live(store).grid(now))
    what = "the grid, counted anew, over 2.5 bare counts of the clocks and 5 ms"
    yield Reading("grid", what, grid, 2.5 * count + 0.005, 1)
    board = Live(store)
    board.grid(now)
    ticks = [_took(partial(board.grid, now + later)) for later in range(1, LOOKS + 1)]
    yield Reading("tick", "the grid, a second later, over 1 ms", min(ticks), TICK_S, 1)
    view = View(Tab.ALL)
    board.window(view, now + LOOKS, 0, 50)
    page = min(_took(lambda: board.window(view, now + LOOKS, 0, 50)) for _ in range(LOOKS))
    yield Reading("page", "a page of the list, over the 50 ms that nobody notices", page, AT_ONCE_S, 1)
    wanted = View(Tab.ALL, parse_filter("trouble"))
    like, found = _in_turns(lambda: store.ask(LIKE), lambda: Live(store).window(wanted, now, 0, 50))
    what = "a word typed into the filter, first page, over four bare LIKEs of all titles and 50 ms"
    yield Reading("filter", what, found, 4 * like + AT_ONCE_S, 1)


def _in_turns(peer: Callable[[], object], ours: Callable[[], object]) -> tuple[float, float]:
    took = [(_took(peer), _took(ours)) for _ in range(LOOKS)]
    return min(first for first, _ in took), min(second for _, second in took)


def _took(do: Callable[[], object]) -> float:
    start = perf_counter()
    do()
    return perf_counter() - start


# --- what it comes to ---------------------------------------------------------------------------------------------


def verdicts(found: Sequence[Reading], *, load: float, cores: int) -> list[str]:
    """What is slow and why, in sentences; one when nothing is. `load` is how many processes want a core."""
    by = {reading.id: reading for reading in found}
    slow = [reading for reading in found if not reading.ok]
    said = [warning] if (warning := version_warning()) else []
    fsync = by["disk.fsync"]
    if not fsync.ok:
        said.append(
            f"The disk is slow: it takes {_ms(fsync.took_s)} to make a write safe, and every claim waits for that. "
            f"Keep the store on a local SSD; a virtual machine's disk may be set to write through."
        )
    elif not by["commit"].ok:
        said.append("SQLite is slower here than this disk: something else writes to it, or the file system logs twice.")
    if slow and load > cores:
        said.append(
            f"This machine is busy: {load:.1f} processes want its {cores} cores, so these figures say less. Measure "
            f"again when it is quiet."
        )
    ours = [reading.what.partition(",")[0] for reading in slow if reading.id not in ("disk.fsync", "commit")]
    if ours and fsync.ok and load <= cores:
        said.append(f"Slower than it should be: {'; '.join(ours)}. Please report it, with this table.")
    share = f"a claim takes {_ms(by['claim.p50'].took_s)}, of which the disk {_ms(fsync.took_s)}"
    return said or [f"All is as quick as this machine allows: {share}."]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms"
