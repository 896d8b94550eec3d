"""The benches' stores are true: what is copied is what the real code would have made."""

from __future__ import annotations

from pathlib import Path

from slaboard.store.care.check import differences
from slaboard.ticket import Bucket, Zone
from tests.benchmarks.stores import NOW, SEEDS, store_of


def test_a_store_of_copies_is_what_its_events_say(tmp_path: Path) -> None:
    """Every zone of every bucket has tickets, some wait, some have no owner and some no promise."""
    with store_of(SEEDS + 200, tmp_path / "s.db") as store:
        grid = store.grid(NOW)
        assert grid.open == SEEDS + 200
        assert min(grid.waiting, grid.no_sla, grid.needs, grid.breached_unclaimed) > 0
        buckets = (Bucket.RESPONSE, Bucket.RESPLAN, Bucket.RESOLUTION)
        assert all(grid.cells[bucket, zone] for bucket in buckets for zone in Zone)
        ids = [row[0] for row in store.ask("SELECT id FROM tickets WHERE id LIKE 'T-%-%'")]
        assert len(ids) == 200
        assert list(differences(store, NOW)) == []
