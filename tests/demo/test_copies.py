"""Tickets copied in time are what the engine would have made of them."""

from __future__ import annotations

import pytest

from slaboard.demo import live, weeks
from slaboard.demo.generate import PIVOT
from slaboard.store.care.check import differences
from slaboard.store.reports.today import today
from slaboard.store.sqlite import SqliteStore

NOW = PIVOT + 11
SHARE = 0.08


@pytest.fixture(scope="module", name="store")
def _store(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    """A demo with some of its past: hundreds of copies."""
    store = SqliteStore.create(tmp_path_factory.mktemp("copies") / "s.db")
    live.fill(store, NOW, share=SHARE)
    return store


def test_the_engine_finds_no_difference(store: SqliteStore) -> None:
    """Clocks, results, waits and rows, recomputed from the copied events."""
    assert list(differences(store, NOW)) == []


def test_each_copy_has_what_the_told_one_has(store: SqliteStore) -> None:
    """As many events, clocks and results; it is found by its own number, and its events name one another."""
    [copy, *_] = weeks.before(NOW, share=SHARE).copies
    for table, name in (("events", "ticket_id"), ("clocks", "ticket_id"), ("outcomes", "ticket_id"), ("tickets", "id")):
        counts = [
            store.ask(f"SELECT count(*) FROM {table} WHERE {name} = ?", (ticket,))[0][0]  # noqa: S608
            for ticket in (copy.ticket, copy.told)
        ]
        assert counts[0] == counts[1] > 0, table
    [(words,)] = store.ask("SELECT words FROM tickets WHERE id = ?", (copy.ticket,))
    assert words.startswith(f"{copy.ticket.lower()} ")
    strangers = """
        SELECT count(*) FROM events WHERE ticket_id IN (SELECT ticket_id FROM events WHERE fingerprint IS NULL)
        AND (id NOT LIKE ticket_id || '/%' OR caused_by NOT LIKE ticket_id || '/%')"""
    assert store.ask(strangers)[0][0] == 0


def test_nothing_is_left_of_the_copying(store: SqliteStore) -> None:
    assert store.ask("SELECT count(*) FROM sqlite_temp_schema WHERE name = 'copies'")[0][0] == 0
    assert store.ask("SELECT count(*) FROM tickets WHERE stale <> 0")[0][0] == 0


def test_the_last_events_of_the_store_are_those_of_the_day(store: SqliteStore) -> None:
    """What a wall looks through for what was claimed today."""
    assert today(store, NOW - NOW % 86_400, NOW).claimed > 200
    newest = [at for (at,) in store.ask("SELECT at FROM events ORDER BY seq DESC LIMIT 1000")]
    assert newest == sorted(newest, reverse=True)
