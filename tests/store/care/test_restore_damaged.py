"""What a restore does where there is no whole store, and what it refuses: each with its sentence."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from slaboard.board.sight import Refresh
from slaboard.errors import StoreBusy, StoreError, UsageError
from slaboard.follow.feed import Feed
from slaboard.store import migrations
from slaboard.store.base import Act
from slaboard.store.care.backup import backup
from slaboard.store.care.restore import Place, Restored, prepared
from slaboard.store.disk import opening
from slaboard.store.disk.driver import connect
from slaboard.store.disk.driver import module as sqlite
from slaboard.store.sqlite import SqliteStore
from tests.follow.test_feed import NOW, SIGHT, Ear
from tests.sla.story import at, situation
from tests.store.care.test_restore import file, held_by, left_in, live, owners, run
from tests.store.desk import agrees, do
from tests.stores import YELLOW, make

__all__ = ("file", "live")


# --- what is no store any more --------------------------------------------------------------------------------


def noise(path: Path, first: int, last: int) -> None:
    with path.open("r+b") as store:
        store.seek(first)
        store.write(b"\xa5" * (last - first))


def header(path: Path) -> None:
    noise(path, 0, 100)


def pages(path: Path) -> None:
    noise(path, 4096, path.stat().st_size)


def a_page(path: Path) -> None:
    """Of an index that only a board reads."""
    with closing(connect(path)) as store:
        page = store.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'clocks_due'").fetchall()[0][0]
    noise(path, (page - 1) * 4096, page * 4096)


def cut_short(path: Path) -> None:
    os.truncate(path, 6_000)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


@pytest.mark.parametrize("damage", [header, pages, cut_short, emptied], ids=lambda damage: damage.__name__)
def test_a_damaged_store_is_moved_aside_and_the_backup_takes_its_place(
    live: Path, file: Path, damage: Callable[[Path], None]
) -> None:
    live.chmod(0o660)
    damage(live)
    broken, wanted = live.read_bytes(), held_by(file)
    with prepared(file, live) as ready:
        assert (ready.place, ready.store, ready.change) == (Place.DAMAGED, None, None)
        done = ready.run(at("10:00"))
    assert done.before is not None
    assert done.before.read_bytes() == broken
    assert held_by(live) == wanted
    assert live.stat().st_mode & 0o777 == 0o660
    with SqliteStore(live) as store:
        assert store.ask("PRAGMA journal_mode")[0][0] == "wal"
        do(store, "10:05 ana note - it goes on")


def test_the_log_of_a_damaged_store_goes_with_it(live: Path, file: Path) -> None:
    """SQLite would pour it into the store that takes the place."""
    log = live.with_name("board.db-wal")
    with SqliteStore(live) as store:
        do(store, "09:50 ana note - B-2")
        shutil.copy(log, live.with_name("copy"))
    live.with_name("copy").rename(log)
    kept = log.read_bytes()
    header(live)
    done = run(file, live)
    assert done.before is not None
    assert Path(f"{done.before}-wal").read_bytes() == kept
    with SqliteStore(live) as store:
        assert len(store.events("A-1")) == 3
        assert agrees(store)


def test_a_missing_store_is_put_where_it_was(live: Path, file: Path) -> None:
    """The log of one that is gone is kept, and not mixed in."""
    for end in ("", "-wal", "-shm"):
        Path(f"{live}{end}").unlink(missing_ok=True)
    Path(f"{live}-wal").write_bytes(b"left over")
    with prepared(file, live) as ready:
        assert (ready.place, ready.store) == (Place.NOTHING, None)
        done = ready.run(at("10:00"))
    assert done == Restored(done.facts, None, None)
    assert live.with_name("board.db.before-restore-20260105-100000-wal").read_bytes() == b"left over"
    with SqliteStore(live) as store:
        assert agrees(store)
        assert len(store.events("A-1")) == 3


def test_a_board_opens_what_took_the_place_of_a_damaged_store(tmp_path: Path) -> None:
    path, copy, ear = make(tmp_path / "s.db", NOW, [YELLOW] * 5), tmp_path / "copy.db", Ear()
    with SqliteStore(path) as store:
        backup(store, copy)
        store.act(Act("claim", "T-1", "Ana"), NOW)
    feed = Feed(path, ear.post, lambda: ear.now)
    feed.look(SIGHT)
    feed.start()
    try:
        ear.next(Refresh, lambda seen: owners(seen) == {"T-1": "Ana"})
        header(path)
        run(copy, path, NOW)
        ear.next(Refresh, lambda seen: owners(seen) == {})
    finally:
        feed.close()


def test_a_link_to_a_damaged_store_stays_a_link(live: Path, file: Path, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "team.db"
    link.symlink_to(live)
    header(live)
    run(file, link)
    assert link.is_symlink()
    assert held_by(live) == held_by(file)


def test_a_store_that_appears_meanwhile_is_not_written_over(live: Path, file: Path) -> None:
    away = live.with_name("away.db")
    with prepared(file, live) as ready:
        live.rename(away)
        with pytest.raises(StoreBusy) as caught:
            ready.run(at("10:00"))
    assert str(caught.value) == f"{live} has become another file meanwhile. Nothing was restored; try again."


def another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite().connect(str(path))) as other, other:
        other.execute("CREATE TABLE songs (id)")


def a_newer_one(path: Path) -> None:
    with closing(connect(path)) as store:
        store.execute("PRAGMA user_version = 99")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        situation("another program's database", another_program, "is not a slaboard store"),
        situation("a newer store", a_newer_one, "was made by a newer slaboard"),
        situation("a folder", a_folder, "is a folder, not a store"),
    ],
)
def test_what_is_not_restored_over(live: Path, file: Path, make: Callable[[Path], None], sentence: str) -> None:
    make(live)
    before = None if live.is_dir() else live.read_bytes()
    with pytest.raises(StoreError, match=sentence):
        run(file, live)
    assert (None if live.is_dir() else live.read_bytes()) == before


# --- what is no backup ----------------------------------------------------------------------------------------


def nothing(file: Path) -> None:
    file.unlink()


def text(file: Path) -> None:
    file.write_text("dear diary\n" * 1_000)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        situation("nothing", nothing, "The backup {file} is not there. Nothing was restored."),
        situation("a folder", a_folder, "The backup {file} is a folder. Nothing was restored."),
        situation("a text", text, "The backup {file} cannot be read (file is not a database). Nothing was restored."),
        situation("empty", emptied, "{file} is not a backup of a slaboard store. Nothing was restored."),
        situation("another database", another_program, "{file} is not a backup of a slaboard store."),
        situation(
            "a newer one", a_newer_one,
            f"The backup {{file}} was made by a newer slaboard (schema 99, this one knows {opening.SCHEMA_VERSION}). "
            f"Nothing was restored. Upgrade: pip install -U slaboard",
        ),
        situation("noise in it", pages, "The backup {file} cannot be read (database disk image is malformed)."),
        situation("one bad page", a_page, "The backup {file} is damaged ("),
        situation("cut short", cut_short, "The backup {file} cannot be read (database disk image is malformed)."),
    ],
)  # fmt: skip
def test_what_cannot_be_restored(live: Path, file: Path, spoil: Callable[[Path], None], sentence: str) -> None:
    was = held_by(live)
    spoil(file)
    with pytest.raises(UsageError) as caught:
        run(file, live)
    assert str(caught.value).startswith(sentence.format(file=file))
    assert held_by(live) == was
    assert left_in(live.parent) <= {"board.db", "backup.db"}


def test_the_store_is_no_backup_of_itself(live: Path) -> None:
    with pytest.raises(UsageError) as caught:
        run(live, live)
    assert str(caught.value) == f"{live} is the store itself. Name a backup of it."


def test_a_backup_of_an_older_schema_is_brought_to_ours(live: Path, file: Path) -> None:
    """In a copy: the backup itself stays as it is, and the store is never of the older schema."""
    file.unlink()
    with closing(connect_new(file)) as old:
        migrations.migrations.apply(Database(old), stop_before="m002_imports_undone")
        old.execute("UPDATE state SET rev = 5")
    before = file.read_bytes()
    with prepared(file, live) as ready:
        assert ready.backup.schema == opening.SCHEMA_VERSION
        ready.run(at("10:00"))
    assert file.read_bytes() == before
    with SqliteStore(live) as store:
        assert store.ask("PRAGMA user_version")[0][0] == opening.SCHEMA_VERSION
        assert store.ask("SELECT undone_at FROM imports") == []


def connect_new(path: Path) -> sqlite3.Connection:
    made: sqlite3.Connection = sqlite().connect(str(path), isolation_level=None)
    return made


def test_a_backup_with_pages_of_another_size(live: Path, file: Path) -> None:
    """As one that was VACUUMed with another page size; a log holds pages of one size."""
    with closing(connect_new(file)) as other:
        for pragma in ("journal_mode=DELETE", "page_size=8192"):
            other.execute(f"PRAGMA {pragma}").fetchall()
        other.execute("VACUUM")
        assert other.execute("PRAGMA page_size").fetchone() == (8192,)
    wanted = held_by(file)
    run(file, live)
    assert held_by(live) == wanted
    with SqliteStore(live) as store:
        assert store.ask("PRAGMA page_size")[0][0] == 4096


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_a_store_or_a_backup_may_be_in_any_journal_mode(live: Path, file: Path, mode: str) -> None:
    """Somebody copied a store as a file, or took the log away from it."""
    for path, wanted in ((file, "wal"), (live, mode)):
        with closing(connect_new(path)) as other:
            assert other.execute(f"PRAGMA journal_mode={wanted}").fetchone() == (wanted,)
    expected = held_by(file)
    run(file, live)
    assert held_by(live) == expected
    with SqliteStore(live) as store:
        assert store.ask("PRAGMA journal_mode")[0][0] == "wal"


def test_a_store_on_a_network_file_system_is_refused(
    live: Path, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"nas:/boards {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr("slaboard.store.disk.driver.MOUNTS", mounts)
    with pytest.raises(StoreError, match="is on a network file system"):
        run(file, live)
