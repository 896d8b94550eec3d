"""Tickets that were read before are what the store says now, whoever changed it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from slaboard.store.base import Act
from slaboard.store.disk.driver import module
from slaboard.store.read import kept, queries
from slaboard.store.sqlite import SqliteStore
from tests.stores import ORANGE, YELLOW, make

NOW = 1_800_000_000
IDS = ["T-3", "T-1", "T-2"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(make(tmp_path / "team.db", NOW, [YELLOW] * 3)) as found:
        yield found


def read_anew(store: SqliteStore, now: int) -> list[object]:
    with SqliteStore(store.path) as other:
        return list(other.some(IDS, now))


def test_what_has_not_changed_is_the_same_object(store: SqliteStore) -> None:
    store.policy()
    before = store.some(IDS, NOW)
    store.act(Act("claim", "T-1", "Ana"), NOW)
    after = store.some(IDS, NOW + 1)
    assert [ticket.id for ticket in after] == IDS
    assert [a is b for a, b in zip(before, after, strict=True)] == [True, False, True]
    assert after[1].owner == "Ana"


def test_another_program_s_word_is_seen(store: SqliteStore) -> None:
    store.some(IDS, NOW)
    other = module().connect(store.path, isolation_level=None)
    other.execute("UPDATE tickets SET title = 'Rack', owner = 'Chi' WHERE id = 'T-2'")
    other.close()
    assert store.some(IDS, NOW)[2].title == "Rack"
    store.catch_up(NOW)
    assert store.some(IDS, NOW) == read_anew(store, NOW)


def test_a_ticket_that_is_gone_is_left_out(store: SqliteStore) -> None:
    store.some(IDS, NOW)
    other = module().connect(store.path, isolation_level=None)
    other.execute("DELETE FROM tickets WHERE id = 'T-1'")
    other.close()
    assert [ticket.id for ticket in store.some(IDS, NOW)] == ["T-3", "T-2"]


def test_the_mark_of_a_worse_clock_moves_with_time_alone(store: SqliteStore) -> None:
    """After an answer the response is met, and the clocks beside the plan's go on."""
    store.act(Act("claim", "T-1", "Ana"), NOW)
    for now in range(NOW, NOW + 20 * 3_600, 900):
        assert store.some(IDS, now) == read_anew(store, now)
    for now in (NOW + 10, NOW):  # and when the clock of the machine was set back
        assert store.some(IDS, now) == read_anew(store, now)


def test_a_changed_policy_is_seen(store: SqliteStore) -> None:
    store.some(IDS, NOW)
    text = store.policy().text.replace('response = "1h"', 'response = "2h"')
    store.apply_policy(text, "test", NOW)
    assert store.some(IDS, NOW) == read_anew(store, NOW)


def test_only_a_few_are_kept(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 4)
    for number in range(3):
        store.add(Act("add", f"X-{number}", "mail", changes={"title": "x"}), NOW - ORANGE)
    for pair in (["T-1", "T-2"], ["T-3", "X-0"], ["X-1", "X-2"], ["T-1", "X-2"]):
        assert [ticket.id for ticket in store.some(pair, NOW)] == pair
    assert [ticket.id for ticket in store.some([*IDS, "X-0", "X-1"], NOW)] == [*IDS, "X-0", "X-1"]


def test_nothing_is_decoded_where_nothing_changed(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.some(IDS, NOW)
    asked: list[str] = []

    def ask(sql: str, values: dict[str, object]) -> list[Any]:
        asked.append(sql)
        return store.ask(sql, values)

    monkeypatch.setattr(store._kept, "_ask", ask)
    store.some(IDS, NOW + 1)
    assert asked == [queries.REVS]
