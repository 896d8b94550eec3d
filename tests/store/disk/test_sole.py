"""One watcher a store: who holds it is named, and it is free again however that one ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from slaboard.errors import StoreError
from slaboard.store.disk.sole import Sole, holder_of

HOLD = """
import sys
from pathlib import Path
from slaboard.store.disk.sole import Sole
Sole(Path(sys.argv[1])).take("ben@\x1b[31mpc")
print("ready", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Its content is of no matter here; the team may write it."""
    path = tmp_path / "s.db"
    path.touch()
    path.chmod(0o660)
    return path


def test_a_second_one_is_told_who_holds_it_and_a_killed_one_holds_nothing(store: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        with pytest.raises(StoreError, match=rf"is watched already, by process {other.pid} .* of ben@\ufffd\[31mpc\."):
            Sole(store).take("ana@pc")
        assert f"process {other.pid} " in str(holder_of(store))
        other.kill()
    assert holder_of(store) is None
    mine = Sole(store)
    mine.take("ana@pc")
    assert "of ana@pc" in str(holder_of(store))
    mine.release()
    mine.release()
    assert holder_of(store) is None


def test_whoever_may_write_the_store_may_watch_it_next(store: Path) -> None:
    """Whatever the umask of who was first."""
    before = os.umask(0o077)
    try:
        Sole(store).take("ana@pc")
    finally:
        os.umask(before)
    assert Sole(store).path.stat().st_mode & 0o777 == 0o660


def test_where_it_cannot_be_told_nobody_runs_hooks(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot be told: s\.db\.watch beside it cannot be opened"):
        Sole(tmp_path / "nowhere" / "s.db").take("ana@pc")
    (tmp_path / "s.db").touch()
    (tmp_path / "s.db.watch").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="slaboard watch --also"):
        Sole(tmp_path / "s.db").take("ana@pc")
    assert not (tmp_path / "elsewhere").exists()
    assert holder_of(tmp_path / "s.db") is None


def test_one_that_was_tidied_away_is_held_anew_unless_another_was_quicker(store: Path) -> None:
    """Else both would run each hook."""
    mine, other = Sole(store), Sole(store)
    mine.take("ana@pc")
    mine.path.unlink()
    mine.keep()
    with pytest.raises(StoreError, match="is watched already"):
        other.take("ben@pc")
    mine.path.unlink()
    other.take("ben@pc")
    with pytest.raises(StoreError, match=r"is watched already, by .* of ben@pc"):
        mine.keep()
    other.path.unlink()
    store.unlink()
    other.keep()
    assert not other.path.exists(), "a store that is away for a while is watched when it comes back"
    other.release()
