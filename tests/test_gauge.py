"""Measuring a store: what is measured, that the store itself stays as it is, and what is said of slow figures."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from slaboard import gauge
from slaboard.errors import StoreError
from slaboard.gauge import Reading, copied, made, readings, verdicts
from slaboard.store.sqlite import SqliteStore
from tests.sla.story import situation
from tests.stores import RED, YELLOW, make

NOW = 1_800_000_000
QUICK = tuple(
    Reading(id, f"{id} is measured, over its limit", 0.001, 0.002, 1)
    for id in ("disk.fsync", "commit", "claim.p50", "claim.p99", "grid", "tick", "page", "filter")
)


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough to see that it works."""
    monkeypatch.setattr(gauge, "CLAIMS", 3)
    monkeypatch.setattr(gauge, "FSYNCS", 3)


def _slow(*ids: str) -> list[Reading]:
    return [replace(reading, took_s=1.0) if reading.id in ids else reading for reading in QUICK]


def test_every_figure_is_taken_of_a_copy_and_the_store_stays_as_it_is(tmp_path: Path) -> None:
    """To the byte; and nothing is left beside it."""
    path = make(tmp_path / "team.db", NOW, [YELLOW, RED])
    before = path.read_bytes()
    with copied(path) as store:
        assert store.path.parent.parent == tmp_path, "on the same disk"
        found = list(readings(store, NOW))
    assert [reading.id for reading in found] == [reading.id for reading in QUICK]
    assert all(reading.took_s > 0 < reading.against_s for reading in found)
    assert path.read_bytes() == before
    assert not list(tmp_path.glob(".slaboard-bench-*"))
    with SqliteStore(path) as store:
        assert store.grid(NOW).open == 2


def test_a_made_store_has_as_many_open_tickets_as_one_asked_for(tmp_path: Path) -> None:
    with made(tmp_path, 1_234, NOW) as store:
        assert store.grid(NOW).open == 1_234
    assert list(tmp_path.iterdir()) == []


def test_without_room_for_a_copy_it_says_so_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "team.db", NOW)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000))
    with pytest.raises(StoreError, match=r"needs .* MB in .* are free\. Make room"), copied(path):
        pass


def test_in_a_folder_that_nobody_may_write_the_temporary_one_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    assert gauge.folder_for(tmp_path / "team.db") != tmp_path


@pytest.mark.parametrize(
    ("found", "load", "said"),
    [
        situation("nothing is slow", QUICK, 0.5, ["All is as quick as this machine allows"]),
        situation("a slow disk explains slow claims", _slow("disk.fsync", "claim.p50"), 0.5, ["The disk is slow"]),
        situation("something writes to the disk", _slow("commit"), 0.5, ["SQLite is slower here than this disk"]),
        situation("a busy machine", _slow("grid"), 9.0, ["This machine is busy: 9.0 processes want its 2 cores"]),
        situation("busy, and quick all the same", QUICK, 9.0, ["All is as quick"]),
        situation("slaboard itself", _slow("grid", "page"), 0.5, ["Slower than it should be: grid is measured; page"]),
        situation(
            "a slow disk in a busy machine", _slow("disk.fsync"), 9.0, ["The disk is slow", "This machine is busy"]
        ),
    ],
)
def test_what_is_slow_is_said_with_its_reason(found: list[Reading], load: float, said: list[str]) -> None:
    sentences = verdicts(found, load=load, cores=2)
    assert len(sentences) == len(said), sentences
    assert all(sentence.startswith(begin) for sentence, begin in zip(sentences, said, strict=True)), sentences
