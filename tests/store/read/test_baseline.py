"""A board goes on from what another one has counted, and only where that is certain to be right."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from slaboard.store.base import Act
from slaboard.store.read import baseline
from slaboard.store.read.baseline import Baseline
from slaboard.store.read.census import Census
from slaboard.store.read.live import Live
from slaboard.store.sqlite import SqliteStore
from tests.benchmarks.stores import NOW, filled, policy
from tests.store.bustle import HOUR, bustle
from tests.store.test_counts import numbers


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqliteStore]:
    """A store that is large enough, and of which everything is kept."""
    monkeypatch.setattr(baseline, "LARGE", -1)
    monkeypatch.setattr(baseline, "FRESH_ENTRIES", -1)
    with filled(tmp_path / "s.db", 120) as made:
        yield made


def _opened(store: SqliteStore, now: int) -> tuple[dict[str, Any], dict[str, int]]:
    """What a board shows that begins now, which it keeps."""
    live = Live(store, Baseline(store.path))
    seen = numbers(live.grid(now)), dict(live.loads())
    live.keep()
    return seen


def _anew(store: SqliteStore, now: int) -> tuple[dict[str, Any], dict[str, int]]:
    live = Live(store)
    return numbers(live.grid(now)), dict(live.loads())


@pytest.mark.parametrize("seed", range(4))
def test_the_next_board_shows_what_counting_anew_would(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Over acts, other programs' writes and hours gone by; and it counts nothing anew."""
    dice, now = random.Random(seed), NOW + 60
    assert _opened(store, now) == _anew(store, now)
    for _ in range(20):
        now = bustle(store, dice, now)
        true = _anew(store, now)
        with monkeypatch.context() as here:
            here.setattr(Census, "anew", lambda *_: pytest.fail("it was counted anew"))
            assert _opened(store, now) == true


@pytest.mark.parametrize(
    "what",
    ["another policy", "a clock set back", "a replaced ticket", "another ledger", "a broken file", "another shape"],
)
def test_what_cannot_be_trusted_is_counted_anew(tmp_path: Path, store: SqliteStore, what: str) -> None:
    """To the same numbers."""
    now = NOW + HOUR
    _opened(store, now)
    [file] = (tmp_path / "cache" / "slaboard").iterdir()
    if what == "another policy":
        store.apply_policy(policy("2h", "9h"), "bench", now)
    elif what == "a clock set back":
        now -= HOUR
    elif what == "a replaced ticket":
        with store.writing() as connection:
            connection.execute("INSERT INTO ledger (sign) VALUES (0)")
    elif what == "another ledger":
        with store.writing() as connection:
            connection.execute("UPDATE ledger SET mark = mark + 1")
    elif what == "a broken file":
        file.write_bytes(b'{"parts": \xff')
    else:
        file.write_text('{"parts": [1], "entry": 5}')
    assert _opened(store, now) == _anew(store, now)
    assert _opened(store, now) == _anew(store, now), "and kept again"


def test_of_a_small_store_nothing_is_kept(tmp_path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "LARGE", 10_000)
    _opened(store, NOW)
    assert not (tmp_path / "cache").exists()


def test_it_is_not_kept_again_at_once(tmp_path: Path, store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """But after a minute, or when the ledger has grown."""
    monkeypatch.setattr(baseline, "FRESH_ENTRIES", 2)
    live = Live(store, Baseline(store.path))
    kept = []
    for later, acts in ((0, 0), (1, 0), (baseline.FRESH_S, 0), (baseline.FRESH_S + 1, 3)):
        for number in range(acts):
            store.act(Act("note", f"T-{number}", "ana", text="x"), NOW)
            store.act(Act("wait", f"T-{number}", "ana"), NOW)
        live.grid(NOW + later), live.loads()
        live.keep()
        [file] = (tmp_path / "cache" / "slaboard").iterdir()
        kept.append(file.read_text())
    assert kept[0] == kept[1] != kept[2] != kept[3]
