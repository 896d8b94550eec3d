"""The status line's few numbers are the grid's."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from slaboard.store.base import Act
from slaboard.store.driver import connect
from slaboard.store.glance import BESIDE, NEXT, ZONES, Glance, glance
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import PROMISES, Zone
from tests.benchmarks.stores import NOW, filled

HOUR = 3600


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    """Tickets of all ages; some wait, some were resolved, some of those came back, some have no SLA."""
    made = filled(tmp_path_factory.mktemp("glance") / "s.db", 200)
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
    return made


@pytest.mark.parametrize("later", [60, HOUR, 9 * HOUR, 40 * HOUR, 4000 * HOUR], ids=lambda s: f"{s} s later")
def test_it_counts_as_the_grid_does(store: SqliteStore, later: int) -> None:
    """At any moment: zones, open, waiting, without SLA, unclaimed, and who breaches next."""
    now = NOW + later
    seen, grid = Glance(store.connection, now), store.grid(now)
    waiting, no_sla, needs = seen.beside()
    assert seen.zones() == {zone.value: sum(grid.row(bucket)[zone.rank] for bucket in PROMISES) for zone in Zone}
    assert (waiting, no_sla, needs) == (grid.waiting, grid.no_sla, grid.needs)
    assert sum(seen.zones().values()) + waiting + no_sla == grid.open
    ahead = seen.next()
    assert (ahead is None) == (not grid.next)
    assert ahead is None or ahead in {found.ticket for found in grid.next.values()}
    assert seen.zones()["red"] > 0 < waiting


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


@pytest.mark.parametrize(("sql", "index"), [(ZONES, "clocks_grid"), (BESIDE, "clocks_grid"), (NEXT, "clocks_red")])
def test_it_reads_covering_indexes_only(store: SqliteStore, sql: str, index: str) -> None:
    """Also at a million open tickets a status line waits for no table."""
    with closing(connect(store.path)) as connection:
        plan = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", {"now": NOW})]
    read = [line for line in plan if line.startswith(("SCAN clocks", "SCAN tickets", "SEARCH"))]
    assert all("USING COVERING INDEX" in line for line in read), plan
    assert index in read[0]
