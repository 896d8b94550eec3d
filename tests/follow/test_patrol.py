"""A patrol outlives what happens to its store, and an idle one asks next to nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from slaboard.errors import StoreError
from slaboard.follow import patrol
from slaboard.follow.patrol import Change, Patrol
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from tests.stores import GREEN, ORANGE, make

NOW = 1_763_736_067


class Beat:
    """A patrol whose clock stands where it is put; nothing in it waits long."""

    def __init__(self, path: Path) -> None:
        self.now = float(NOW)
        self.said: list[str] = []
        self.patrol = Patrol(path, lambda: self.now, self.said.append)
        self.rounds = self.patrol.rounds()

    def told(self, most: int = 400) -> list[str]:
        """What the next round tells that tells anything: `T-1 orange red`."""
        for _ in range(most):
            if found := next(self.rounds):
                return [_words(change) for change in found]
        raise AssertionError(self.said)


def _words(change: Change) -> str:
    return f"{change.crossing.ticket} {change.crossing.before or '-'} {change.crossing.after or '-'}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make(tmp_path / "s.db", NOW, [GREEN, ORANGE])


@pytest.fixture
def beat(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Beat]:
    monkeypatch.setattr(patrol, "SAFETY_S", 0.02)
    monkeypatch.setattr(patrol, "MAX_RETRY_S", 0.02)
    made = Beat(path)
    assert next(made.rounds) == [], "how things stand is no change"
    yield made
    made.rounds.close()


def test_a_clock_that_was_ahead_and_is_put_right_makes_nobody_deaf(beat: Beat) -> None:
    """Every edge seemed to have passed; no commit comes, and the next edge is told all the same."""
    beat.now = NOW + 50 * 3_600
    assert beat.told() == ["T-2 orange red", "T-1 green red"]
    beat.now = NOW + 1
    assert [next(beat.rounds) for _ in range(3)] == [[], [], []]
    beat.now = NOW + 3_600 - ORANGE + 1
    assert beat.told() == ["T-2 orange red"]


def test_what_another_program_inserts_gets_its_clocks_and_is_told(beat: Beat, path: Path) -> None:
    with SqliteStore(path) as other:
        sql = "INSERT INTO tickets (id, title, opened_at) VALUES ('X-1', 'x', ?)"
        other.connection.execute(sql, (NOW - ORANGE,))
    assert beat.told() == ["X-1 - orange"]


def test_a_store_that_is_replaced_is_taken_up_again(beat: Beat, path: Path, tmp_path: Path) -> None:
    """Another one's ledger does not go on from ours: what changed between the two is not known, and that is said."""
    make(tmp_path / "other.db", NOW, [ORANGE])
    os.replace(tmp_path / "other.db", path)
    for leftover in ("-wal", "-shm"):
        path.with_name(path.name + leftover).unlink(missing_ok=True)
    for _ in range(5):
        next(beat.rounds)
    beat.now = NOW + 601
    assert beat.told() == ["T-1 orange red"]
    assert patrol.LOST in beat.said


def test_a_store_that_is_away_is_waited_for_and_what_happened_meanwhile_is_told(beat: Beat, path: Path) -> None:
    aside = path.with_name("aside.db")
    os.rename(path, aside)
    for _ in range(5):
        assert next(beat.rounds) == []
    os.rename(aside, path)
    beat.now = NOW + 601
    assert beat.told() == ["T-2 orange red"]
    assert len(beat.said) == 2, beat.said
    assert beat.said[0] == (
        f"The store is gone: {path} was deleted or renamed, or its disk is away. Put it back. The watch goes on when "
        f"it answers."
    )
    assert beat.said[1] == f"The store {path} answers again."


def test_while_somebody_else_writes_it_tells_what_it_can_read(beat: Beat, path: Path) -> None:
    with SqliteStore(path) as other, other.writing():
        beat.now = NOW + 601
        assert beat.told() == ["T-2 orange red"]
    assert beat.said == []


def test_a_store_that_was_never_there_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no store at"):
        next(Patrol(tmp_path / "none.db", lambda: NOW, print).rounds())


def test_an_idle_round_asks_for_the_version_and_no_more(beat: Beat) -> None:
    """At any number of tickets; the tables are not touched."""
    asked: list[str] = []
    store = beat.patrol._store
    assert store is not None
    for _ in range(3):
        next(beat.rounds)
    store.connection.set_trace_callback(asked.append)
    for _ in range(3):
        assert next(beat.rounds) == []
    store.connection.set_trace_callback(None)
    assert {sql.partition("(")[0] for sql in asked} <= {"PRAGMA data_version", "PRAGMA wal_checkpoint"}, asked


def test_an_act_crosses_once_and_a_claim_not_at_all(beat: Beat, path: Path) -> None:
    with SqliteStore(path) as other:
        other.act(Act("claim", "T-1", "Ana"), NOW)
        other.act(Act("resolve", "T-2", "Ana"), NOW)
    assert beat.told() == ["T-2 orange -"]
