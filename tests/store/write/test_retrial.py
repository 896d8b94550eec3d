"""Results judged anew since a date: each once, in bounded turns, whoever does them."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard.errors import Refused
from slaboard.store import sqlite
from slaboard.store.base import Act
from slaboard.store.care.check import differences
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write import retrial
from tests.store.read.test_promises import HOUR, NOON, outcomes, policy


def test_a_judging_anew_that_was_broken_off_is_gone_on_with_by_whoever_is_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each result once, in bounded turns; no other policy comes in force before that, and none judges the rest."""
    monkeypatch.setattr(retrial, "PAGE", 4)
    monkeypatch.setattr(sqlite, "LONG_S", 0.0)
    path, old = tmp_path / "s.db", NOON - 30 * HOUR
    with SqliteStore.create(path) as store:
        store.apply_policy(policy("2h"), "ana", old)
        for i in range(20):
            store.add(Act("add", f"T-{i:02}", "ana", changes={"title": "x"}), old if i % 3 else NOON - HOUR)
            store.act(Act("resolve", f"T-{i:02}", "ana"), old + 60 if i % 3 else NOON - 600)
        before = outcomes(store)

        def die(done: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            store.apply_policy(policy("5m"), "ana", NOON, rejudge_since=NOON - HOUR, on_progress=die)
        assert store.ask("SELECT count(DISTINCT ticket_id) FROM outcomes WHERE revision > 0")[0][0] == 2
        with pytest.raises(Refused, match="still being judged anew under version 2, so nothing was applied"):
            store.apply_policy(policy("9h"), "ben", NOON)
    with SqliteStore(path) as other:
        assert other.has_stale()
        assert other.how_stale() == 16
        while other.catch_up(NOON):
            pass
        assert not other.has_stale()
        assert outcomes(other)[: len(before)] == before
        new = other.ask("SELECT ticket_id, max(revision), count(*) FROM outcomes WHERE revision > 0 GROUP BY 1")
        assert [tuple(row) for row in new] == [(f"T-{i:02}", 1, 3) for i in range(0, 20, 3)]
        other.apply_policy(policy("9h"), "ben", NOON)
        assert list(differences(other, NOON)) == []
