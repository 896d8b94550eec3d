"""Recomputing a store that is in use: no difference that is none, and nobody waits long for it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from slaboard.store.care import check
from slaboard.store.care.check import differences
from slaboard.store.disk.driver import Connection
from slaboard.store.sqlite import SqliteStore
from tests.store.desk import OPENED, desk, do


def test_what_somebody_does_meanwhile_is_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the batch was chosen, and before it is our turn."""
    with desk(tmp_path / "s.db") as store, SqliteStore(store.path) as other:
        real, acts = store.writing, iter(["09:20 ana claim any", "09:30 ana resolve"])

        def later(wait_s: float) -> AbstractContextManager[Connection]:
            do(other, *[act for act in [next(acts, None)] if act])
            return real(wait_s)

        monkeypatch.setattr(store, "writing", later)
        assert list(differences(store, OPENED)) == []
        assert list(differences(store, OPENED)) == []
        assert next(acts, None) is None


def test_turns_are_as_long_as_somebody_may_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a batch took long the next is smaller; every ticket is checked once."""
    with desk(tmp_path / "s.db", *(f"09:00 mail add C-{number:03}" for number in range(150))) as store:
        clock = iter(range(0, 10_000, 1))  # each look at the clock is a second later
        monkeypatch.setattr(check, "monotonic", lambda: next(clock))
        done: list[int] = []
        assert list(differences(store, OPENED, done.append)) == []
        sizes = [after - before for before, after in zip([0, *done], done, strict=False)]
        assert done[-1] == 151
        assert sizes[0] == 100
        assert max(sizes[1:]) < 20
