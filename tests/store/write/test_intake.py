"""An import's end: what turned out to be too old goes in turns that are as short as the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from slaboard.store.care.check import differences
from slaboard.store.disk.driver import Connection
from slaboard.store.disk.file import StoreFile
from slaboard.store.write import intake as module
from slaboard.store.write.intake import Intake, too_old
from slaboard.ticket import Event, Kind
from tests.sla.story import at
from tests.store.desk import desk


def test_what_a_late_creation_makes_too_old_goes_a_batch_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each ticket's creation stands behind an older claim: the claims are refused, and every turn is a small one."""
    monkeypatch.setattr(module, "BATCH", 4)
    now, turns = at("12:00"), list[bool]()
    real = StoreFile.writing

    @contextmanager
    def counted(self: StoreFile, wait_s: float = 2.0, *, in_bulk: bool = False) -> Iterator[Connection]:
        with real(self, wait_s, in_bulk=in_bulk) as connection:
            said: list[str] = []
            connection.set_trace_callback(said.append)
            yield connection
            connection.set_trace_callback(None)
            assert not any("events e JOIN tickets" in sql for sql in said), (
                "every event is looked at outside of the turns"
            )
            turns.append(any("DELETE FROM events" in sql for sql in said))

    with desk(tmp_path / "s.db") as store:
        intake = Intake(store)
        record = intake.begin("x", "x", "x", None, now)
        claims = [Event(ticket=f"N-{i}", at=at("08:00"), kind=Kind.CLAIM, actor="ana") for i in range(10)]
        opened = [Event(ticket=f"N-{i}", at=at("09:00"), kind=Kind.CREATED, priority="P2") for i in range(10)]
        assert intake.take(record, [(i, event) for i, event in enumerate([*claims, *opened])]) == (20, [])
        monkeypatch.setattr(StoreFile, "writing", counted)
        refused = intake.finish(record, lines=20, events=20, problems=0, now=now)
        assert sorted(refused) == [(i, too_old(f"N-{i}")) for i in range(10)]
        assert sum(turns) == 3
        assert store.ask("SELECT events, problems FROM imports")[0][:] == (10, 10)
        assert {ticket.owner for ticket in store.some([f"N-{i}" for i in range(10)], now)} == {None}
        assert list(differences(store, now)) == []


def test_an_undo_of_the_creation_is_not_too_old_for_the_next_one(tmp_path: Path) -> None:
    """Created by mistake, taken back, created anew: the second opening counts, as a replay has it."""
    lines = [
        Event(ticket="N-1", at=at("08:00"), kind=Kind.CREATED, id="wrong", priority="P1"),
        Event(ticket="N-1", at=at("08:10"), kind=Kind.UNDO, caused_by="wrong"),
        Event(ticket="N-1", at=at("09:00"), kind=Kind.CREATED, priority="P2"),
    ]
    with desk(tmp_path / "s.db") as store:
        intake = Intake(store)
        record = intake.begin("x", "x", "x", None, at("12:00"))
        assert intake.take(record, list(enumerate(lines))) == (3, [])
        assert intake.finish(record, lines=3, events=3, problems=0, now=at("12:00")) == []
        (ticket,) = store.some(["N-1"], at("12:00"))
        assert (ticket.opened_at, ticket.priority) == (at("09:00"), "P2")
