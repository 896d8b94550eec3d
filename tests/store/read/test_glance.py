"""The status line's few numbers are the grid's, counted anew or moved on from what was kept."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from slaboard.store.base import Act
from slaboard.store.disk import shelf
from slaboard.store.disk.driver import connect
from slaboard.store.read import glance as glances
from slaboard.store.read.glance import ANEW, CROSSED, NEXT, Glance, glance
from slaboard.store.read.tally import Tally, keep, kept
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import PROMISES, Zone
from tests.benchmarks.stores import NOW, filled
from tests.store.bustle import HOUR, bustle


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Tickets of all ages; some wait, some were resolved, some of those came back, some have no SLA."""
    with filled(tmp_path / "s.db", 120) as made:
        for number in range(0, 60, 3):
            made.act(Act("wait", f"T-{number}", "ana"), NOW)
        for number in range(1, 60, 3):
            made.act(Act("resolve", f"T-{number}", "ana"), NOW)
        for number in range(1, 60, 6):
            made.act(Act("reopen", f"T-{number}", "ana"), NOW + 60)
        with made.writing() as connection:
            connection.execute("UPDATE tickets SET priority = 'P9', policy = 'none' WHERE id IN ('T-70', 'T-71')")
        while made.catch_up(NOW + 60):
            pass
        yield made


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look is kept, as if the store were large and the last look long ago."""
    monkeypatch.setattr(glances, "LARGE", -1)
    monkeypatch.setattr(glances, "FRESH_ENTRIES", -1)


def agree(store: SqliteStore, now: int) -> None:
    """A look says what the grid says: zones, open, waiting, without SLA, unclaimed, and who breaches next."""
    seen, grid = Glance(store.path, store.connection, now), store.grid(now)
    zones, (waiting, no_sla, needs) = seen.zones(), seen.beside()
    assert zones == {zone.value: sum(grid.row(bucket)[zone.rank] for bucket in PROMISES) for zone in Zone}
    assert (waiting, no_sla, needs) == (grid.waiting, grid.no_sla, grid.needs)
    assert sum(zones.values()) + waiting + no_sla == grid.open
    ahead = seen.next()
    assert (ahead is None) == (not grid.next)
    assert ahead is None or ahead in {found.ticket for found in grid.next.values()}


def test_it_counts_as_the_grid_does(store: SqliteStore) -> None:
    """At any moment, without anything kept."""
    for later in (60, HOUR, 9 * HOUR, 40 * HOUR, 4000 * HOUR):
        agree(store, NOW + later)
    assert kept(store.path) is None


@pytest.mark.parametrize("seed", range(6))
def test_what_was_kept_is_moved_on(
    store: SqliteStore, keeping: None, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Over acts, other programs' writes and hours gone by, to the same numbers; nothing is counted again."""
    dice, now = random.Random(seed), NOW + 60
    agree(store, now)
    monkeypatch.setattr(glances, "ANEW", "this is no SQL")
    for _ in range(25):
        now = bustle(store, dice, now)
        agree(store, now)


@pytest.mark.parametrize(
    ("what", "is_counted_anew"),
    [
        ("nothing", False), ("a clock set back", True), ("a replaced ticket", True), ("a shortened ledger", True),
        ("another store in its place", True), ("a broken file", True), ("a file of another kind", True),
    ],
)  # fmt: skip
def test_when_what_was_kept_is_of_no_use(
    tmp_path: Path, store: SqliteStore, keeping: None, monkeypatch: pytest.MonkeyPatch, what: str, is_counted_anew: bool
) -> None:
    now = NOW + HOUR
    asked: list[str] = []
    agree(store, now)
    before = kept(store.path)
    assert before is not None
    [file] = (tmp_path / "cache" / "slaboard").iterdir()
    if what == "a clock set back":
        now -= 1
    elif what == "a replaced ticket":
        with store.writing() as connection:
            connection.execute("INSERT INTO ledger (sign) VALUES (0)")
    elif what == "a shortened ledger":
        with store.writing() as connection:
            connection.execute("INSERT INTO ledger (sign, place) VALUES (1, 2), (-1, 2)")
            connection.execute("DELETE FROM ledger WHERE seq <= ?", (before.seq,))
    elif what == "another store in its place":
        keep(store.path, Tally(before.seq, before.mark + 1, before.at, before.numbers))
    elif what == "a broken file":
        file.write_bytes(b"\xff 1 2")
    elif what == "a file of another kind":
        file.write_text("7 8 9")
    ask = Glance._ask

    def noted(self: Glance, sql: str, values: Mapping[str, int]) -> list[Any]:
        asked.append(sql)
        return ask(self, sql, values)

    monkeypatch.setattr(Glance, "_ask", noted)
    agree(store, now)
    assert (ANEW in asked) == is_counted_anew


def test_where_nothing_can_be_kept_it_is_counted(
    tmp_path: Path, store: SqliteStore, keeping: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache that is a file, a path too long for a name: slower, and no word about it."""
    (tmp_path / "cache").write_text("no folder")
    agree(store, NOW)
    long = tmp_path / ("x" * shelf.LONGEST_NAME)
    keep(long, Tally(1, 1, 1, (0, 0, 0, 0, 0, 0, 0)))
    assert kept(long) is None


def test_what_must_be_recomputed_first_is_left_to_others(tmp_path: Path) -> None:
    """None while another program's ticket has no clocks, a look once it has; nothing is written either way."""
    with filled(tmp_path / "s.db", 3) as store:
        assert _is_answered(store)
        with store.writing() as connection:
            connection.execute("INSERT INTO tickets (id) VALUES ('F-1')")
        assert not _is_answered(store)
        assert store.stale() == ["F-1"]


def _is_answered(store: SqliteStore) -> bool:
    with glance(store.path, NOW) as seen:
        return seen is not None


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        (ANEW, "clocks_grid"), (NEXT, "clocks_red"), (CROSSED[0], "clocks_yellow"), (CROSSED[1], "clocks_orange"),
        (CROSSED[2], "clocks_red"),
    ],
)  # fmt: skip
def test_it_reads_covering_indexes_only(store: SqliteStore, sql: str, index: str) -> None:
    """Also at a million open tickets a status line waits for no table."""
    with closing(connect(store.path)) as connection:
        plan = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", {"now": NOW, "at": NOW})]
    read = [line for line in plan if line.startswith(("SCAN clocks", "SCAN tickets", "SEARCH"))]
    assert all("USING COVERING INDEX" in line for line in read), plan
    assert index in read[0]
