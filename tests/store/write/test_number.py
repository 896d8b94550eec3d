"""Which id a ticket gets that was given none, and what that costs others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write import number
from tests.store.desk import OPENED, desk


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with desk(tmp_path / "s.db") as made:
        yield made


def added(store: SqliteStore, ticket: str = "") -> str:
    return store.add(Act("add", ticket, "ana", changes={"title": "x"}), OPENED).act.ticket


def test_every_id_is_read_before_the_turn_of_an_add(store: SqliteStore) -> None:
    """A million ids take longer than a claim of somebody else may wait."""
    said: list[str] = []
    store.connection.set_trace_callback(said.append)
    assert added(store) == "T-1"
    store.connection.set_trace_callback(None)
    looks = [i for i, sql in enumerate(said) if "max(CAST" in sql]
    assert len(looks) == 1
    assert looks[0] < said.index("BEGIN IMMEDIATE")
    plan = [row[3] for row in store.ask(f"EXPLAIN QUERY PLAN {number.LAST}")]
    assert [step for step in plan if "INDEX" in step] == [
        "SEARCH tickets USING COVERING INDEX sqlite_autoindex_tickets_1 (id>? AND id<?)",
        "SEARCH events USING COVERING INDEX events_ticket (ticket_id>? AND ticket_id<?)",
    ]


def test_an_id_that_somebody_took_meanwhile_or_whose_ticket_was_deleted_is_not_given(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for ticket in ("T-8", "T-9", "T-x", "T-12345678901", "U-50"):
        added(store, ticket)
    store.connection.execute("DELETE FROM tickets WHERE id = 'T-9'")
    assert added(store) == "T-10", "the events of T-9 are still there"
    monkeypatch.setattr(number, "LAST", "SELECT 7")
    assert added(store) == "T-11"
