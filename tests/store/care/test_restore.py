"""A restore changes a live store whole or not at all, keeps what was there, and boards see it by themselves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from slaboard.board.sight import Refresh
from slaboard.errors import StoreBusy, StoreError
from slaboard.follow.feed import Acted, Feed
from slaboard.host.machine import via
from slaboard.store.base import Act, Done
from slaboard.store.care import restore
from slaboard.store.care.backup import backup
from slaboard.store.care.restore import Change, Restored, prepared
from slaboard.store.disk.driver import connect, module
from slaboard.store.disk.turnstile import PID_WIDTH, Turnstile
from slaboard.store.sqlite import SqliteStore
from tests.faults.page import assert_told
from tests.follow.test_feed import NOW, SIGHT, Ear
from tests.sla.story import at
from tests.store.desk import POLICY, Dump, agrees, desk, do, dump, the, words
from tests.store.disk.test_opening import HOLD_DATABASE, HOLD_TURNSTILE, held
from tests.stores import YELLOW, Neighbour, make

BEFORE = "09:20 ana respond / 09:30 ana claim any"
AFTER = "09:40 ana resolve / 09:45 mail add B-2 title=Disk priority=P1"
NEVER_THE_SAME = ("rev", "applied_at")


@pytest.fixture
def live(tmp_path: Path) -> Path:
    """A store with a backup taken after BEFORE; AFTER came later."""
    path = tmp_path / "board.db"
    with desk(path, BEFORE) as store:
        backup(store, tmp_path / "backup.db")
        do(store, AFTER)
    return path


@pytest.fixture
def file(live: Path) -> Path:
    return live.with_name("backup.db")


def run(file: Path, live: Path, now: int = at("10:00")) -> Restored:
    with prepared(file, live) as ready:
        return ready.run(now)


def held_by(path: Path) -> Dump:
    """Everything in the store at `path`, of our schema."""
    with SqliteStore(path) as store:
        return dump(store, without=NEVER_THE_SAME)


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith((".lock", "-wal", "-shm"))}


# --- what it does ---------------------------------------------------------------------------------------------


def test_the_store_becomes_what_the_backup_holds_and_what_was_there_is_kept(live: Path, file: Path) -> None:
    was, wanted = held_by(live), held_by(file)
    done = run(file, live)
    assert held_by(live) == wanted
    assert done.before == live.with_name("board.db.before-restore-20260105-100000")
    assert held_by(done.before) == was
    assert left_in(live.parent) == {"board.db", "backup.db", done.before.name}
    with SqliteStore(live) as store:
        assert agrees(store)
        assert store.ask("PRAGMA journal_mode")[0][0] == "wal"
        assert words(store).startswith("plan ana; response met 20m")
        do(store, "10:05 ana note - it goes on")


def test_it_says_first_what_would_be_lost_and_changes_nothing(live: Path, file: Path) -> None:
    was = held_by(live)
    with prepared(file, live) as ready:
        assert (ready.backup.events, ready.backup.newest) == (3, at("09:30"))
        assert ready.store is not None
        assert (ready.store.events, ready.store.tickets) == (5, 2)
        assert ready.change == Change(gone=2, back=0)
    assert held_by(live) == was
    assert left_in(live.parent) == {"board.db", "backup.db"}


def test_a_restore_can_be_taken_back_by_another_one(live: Path, file: Path) -> None:
    was = held_by(live)
    done = run(file, live)
    assert done.before is not None
    with prepared(done.before, live) as ready:
        assert ready.change == Change(gone=0, back=2)
        again = ready.run(at("10:00"))
    assert again.before == live.with_name("board.db.before-restore-20260105-100000-2")
    assert held_by(live) == was


def test_the_same_number_of_an_event_is_not_the_same_event(live: Path, file: Path) -> None:
    """Both went on from the same moment: what each has of its own is told."""
    with SqliteStore(file) as other:
        do(other, "09:50 ben note - on the copy")
    with prepared(file, live) as ready:
        assert ready.change == Change(gone=2, back=1)


def test_the_revision_moves_on_and_never_back(live: Path, file: Path) -> None:
    """Whoever asks for what is newer than it has seen sees all of it."""
    with SqliteStore(live) as store:
        seen = store.revision()
        run(file, live)
        assert store.revision() > seen
        seen = store.revision()
        do(store, "10:05 ana note - it goes on")
        assert store.revision() > seen
    with SqliteStore(file) as ahead:
        ahead.connection.execute("UPDATE state SET rev = rev + 100000")
        far = ahead.revision()
    run(file, live)
    with SqliteStore(live) as store:
        assert store.revision() > far


# --- while boards are open ------------------------------------------------------------------------------------


def test_boards_and_other_processes_go_on_over_a_restore(tmp_path: Path) -> None:
    """Claims of another process before and after, a board that follows, and a restore by a process of its own."""
    path, copy, ear = make(tmp_path / "s.db", NOW, [YELLOW] * 5), tmp_path / "copy.db", Ear()
    feed = Feed(path, ear.post, lambda: ear.now)
    with Neighbour(path) as neighbour:
        neighbour.claim("T-1")
        with SqliteStore(path, read_only=True) as store:
            backup(store, copy)
        neighbour.claim("T-2")
        feed.look(SIGHT)
        feed.start()
        try:
            ear.next(Refresh, lambda seen: owners(seen) == {"T-1": "Chi", "T-2": "Chi"})
            inode = path.stat().st_ino
            words = ["restore", str(copy), "--yes", "--store", str(path)]
            subprocess.run([sys.executable, "-m", "slaboard", *words], check=True, stdout=subprocess.DEVNULL)
            ear.next(Refresh, lambda seen: owners(seen) == {"T-1": "Chi"})
            neighbour.claim("T-3")
            ear.next(Refresh, lambda seen: owners(seen) == {"T-1": "Chi", "T-3": "Chi"})
            feed.act(Act("claim", "T-2", "Ana"))
            assert isinstance(ear.next(Acted)[0].result, Done)
        finally:
            feed.close()
    assert path.stat().st_ino == inode, "it is the same file"
    with SqliteStore(path) as store:
        assert store.loads() == {"Chi": 2, "Ana": 1}
        assert agrees(store)


def owners(seen: Refresh) -> dict[str, str]:
    return {row.id: row.owner for row in seen.page.rows if row.owner is not None}


def test_whoever_reads_goes_on_reading_the_old_store_until_done(live: Path, file: Path) -> None:
    with SqliteStore(live) as reader:
        with reader.reading():
            assert reader.loads() == {}
            run(file, live)
            assert reader.ask("SELECT count(*) FROM events")[0][0] == 5
        assert reader.ask("SELECT count(*) FROM events")[0][0] == 3
        assert reader.loads() == {"ana": 1}


def test_the_numbers_of_an_open_board_are_those_of_the_store_that_was_put_back(live: Path, file: Path) -> None:
    """Whatever it has counted and kept of the old one."""
    now = at("10:00")
    with SqliteStore(live) as board:
        for _ in range(2):
            seen = board.grid(now), board.counts(now, "ana"), board.loads(), the(board, "A-1")
            run(file, live)
            with SqliteStore(live) as fresh:
                wanted = fresh.grid(now), fresh.counts(now, "ana"), fresh.loads(), the(fresh, "A-1")
            assert (board.grid(now), board.counts(now, "ana"), board.loads(), the(board, "A-1")) == wanted != seen
            do(board, AFTER)


def test_other_policies_under_the_same_numbers_are_read_anew(tmp_path: Path) -> None:
    """A process that is open has read version 2 as it was before; acts are judged by the one that was put back."""
    live, file = tmp_path / "board.db", tmp_path / "other.db"
    with desk(file) as other:
        other.apply_policy(POLICY.replace('response = "1h"', 'response = "2h"'), "test", at("09:05"))
    with desk(live) as store:
        store.apply_policy(POLICY.replace('response = "1h"', 'response = "3h"'), "test", at("09:05"))
        assert "response running due 12:00" in words(store)
        run(file, live)
        assert "response running due 11:00" in words(store)
        do(store, "09:10 ana claim any")
        assert "response running due 11:00" in words(store)
        assert agrees(store)


def test_a_program_that_takes_no_turn_and_writes_in_between_loses_nothing(
    live: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It commits after the store was copied aside and before it is ours: then the copy is made again."""
    keep = restore.Restore._keep
    slips = iter(range(2))

    def slip(self: restore.Restore, reader: object, now: int) -> Path:
        found = keep(self, reader, now)  # type: ignore[arg-type]
        for number in slips:
            with closing(connect(live)) as other:
                other.execute("INSERT INTO tickets (id, title) VALUES (?, 'from a script')", (f"X-{number}",))
            break
        return found

    monkeypatch.setattr(restore.Restore, "_keep", slip)
    done = run(file, live)
    assert done.before is not None
    with SqliteStore(done.before) as before:
        assert [row[0] for row in before.ask("SELECT id FROM tickets ORDER BY id")] == ["A-1", "B-2", "X-0", "X-1"]
    assert left_in(live.parent) == {"board.db", "backup.db", done.before.name}


def test_a_program_that_never_stops_writing_is_told(live: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = restore.Restore._keep

    def slip(self: restore.Restore, reader: object, now: int) -> Path:
        found = keep(self, reader, now)  # type: ignore[arg-type]
        with closing(connect(live)) as other:
            other.execute("UPDATE tickets SET title = title || '!' WHERE id = 'B-2'")
        return found

    monkeypatch.setattr(restore.Restore, "_keep", slip)
    with pytest.raises(StoreBusy) as caught:
        run(file, live)
    assert str(caught.value) == f"Other programs write to {live} all the time. Nothing was restored; stop them first."
    assert left_in(live.parent) == {"board.db", "backup.db"}
    with SqliteStore(live) as store:
        store.catch_up(at("10:00"))
        assert the(store, "B-2").title == "Disk!!!!!"


@pytest.mark.parametrize("script", [HOLD_TURNSTILE, HOLD_DATABASE], ids=["our turnstile", "SQLite's lock"])
def test_whoever_holds_the_store_is_named(live: Path, file: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(restore, "TURN_S", 0.1)
    was = held_by(live)
    with held(script, live) as pid, pytest.raises(StoreBusy, match=rf"process {pid}\b"):
        run(file, live)
    assert held_by(live) == was
    assert left_in(live.parent) == {"board.db", "backup.db"}


def test_who_wants_to_write_meanwhile_is_told_of_the_restore(
    live: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who restores, and that one must look again: the act was meant for a ticket that may be another one by then."""
    pour, told = restore.Restore._pour, list[str]()

    def meanwhile(self: restore.Restore, *arguments: object) -> None:
        with SqliteStore(live) as other, pytest.raises(StoreBusy) as caught, other.writing(0.05):
            pass
        told.append(str(caught.value))
        pour(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(restore.Restore, "_pour", meanwhile)
    run(file, live)
    (sentence,) = told
    assert f"process {os.getpid()} " in sentence
    assert f"puts a backup back, for {via('x').split()[0]}" in sentence
    assert_told(sentence.replace(f"for {via('x').split()[0]}", "for ana@pc-07"), live)
    with SqliteStore(live) as store, store.writing():
        assert held_words(live) == b"", "the next long turn says what it is for, or nothing"


def test_the_store_is_kept_before_the_turn_and_again_only_where_somebody_wrote(
    live: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two restores, the second while a colleague acts: nothing of that is lost, either."""
    keep, free = restore.Restore._keep, list[bool]()
    acts = iter(["", "10:20 ben note - meanwhile"])

    def noted(self: restore.Restore, reader: object, now: int) -> Path:
        found = keep(self, reader, now)  # type: ignore[arg-type]
        try:
            with closing(Turnstile(live)) as other, other.turn(0.05):
                free.append(True)
        except StoreBusy:
            free.append(False)
        else:
            with SqliteStore(live) as store:
                do(store, next(acts))
        return found

    monkeypatch.setattr(restore.Restore, "_keep", noted)
    assert run(file, live).before is not None
    assert free == [True]
    done = run(file, live)
    assert free == [True, True, False]
    assert done.before is not None
    with SqliteStore(done.before) as before:
        assert [event.note for event in before.events("A-1")][-1] == "meanwhile"
    assert len(left_in(live.parent)) == 4


def test_what_a_killed_restore_said_is_not_believed_of_the_next_writer(live: Path) -> None:
    with SqliteStore(live) as store, SqliteStore(live) as other, store.writing():
        lock = live.with_name(live.name + ".lock")
        lock.write_bytes(lock.read_bytes()[:PID_WIDTH] + b"1 puts a backup back, for ana@pc")
        with pytest.raises(StoreBusy, match="is locked by process") as caught, other.writing(0.05):
            pass
        assert "backup" not in str(caught.value)


def held_words(live: Path) -> bytes:
    """What the lock file says behind who has the turn."""
    return live.with_name(live.name + ".lock").read_bytes()[PID_WIDTH:]


# --- kill -9 --------------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
from slaboard.store.care import backup, restore
file, live, now, point, at = *map(Path, sys.argv[1:3]), int(sys.argv[3]), sys.argv[4], int(sys.argv[5])
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
restore.STEP = backup.STEP = 2
if point == "the copy is read":
    with restore.prepared(file, live, lambda done, total: done < at or die()):
        pass
with restore.prepared(file, live) as ready:
    if point == "the store is kept":
        restore.copy = lambda *_: die()
    elif point == "it was kept":
        restore.Restore._pour = die
    elif point == "it is committed":
        restore._carry_over = die
    elif point == "a file is moved aside":
        restore.put = die
    ready.run(now, lambda done, total: point == "pages are written" and done >= min(at, total) and die())
"""
POINTS = [
    ("the copy is read", 4), ("the store is kept", 0), ("it was kept", 0), ("pages are written", 2),
    ("pages are written", 20), ("pages are written", 10_000), ("it is committed", 0),
]  # fmt: skip


@pytest.mark.parametrize(("point", "page"), POINTS)
def test_killed_at_any_point_it_leaves_the_old_store_or_the_new_one(
    live: Path, file: Path, point: str, page: int
) -> None:
    """An open board reads on and claims go on; the next restore does it all."""
    was, wanted = held_by(live), held_by(file)
    with SqliteStore(live) as board:
        arguments = [str(file), str(live), str(at("10:00")), point, str(page)]
        done = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)
        assert done.returncode == -signal.SIGKILL
        is_done = point == "it is committed" or page == 10_000
        assert dump(board, without=NEVER_THE_SAME) == (wanted if is_done else was)
        assert held_by(live) == (wanted if is_done else was)
        do(board, "10:01 ana note - it goes on")
        assert agrees(board)
        for kept in live.parent.glob("board.db.before-restore-*"):
            assert held_by(kept) == was
        again = run(file, live)
        assert agrees(board)
        assert dump(board, without=NEVER_THE_SAME) == wanted
    assert again.change is not None
    assert again.change.gone == (1 if is_done else 3)


@pytest.mark.parametrize("when", ["a page", "the last page", "the log"])
def test_who_is_stopped_never_loses_what_was_there_before(
    live: Path, file: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """The last step commits, and emptying the log comes after it: by then it stands beside the store alone."""
    was, wanted = held_by(live), held_by(file)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    def on_pages(done: int, total: int) -> None:
        if when == "a page" or (when == "the last page" and done >= total):
            stop()

    if when == "the log":
        monkeypatch.setattr(restore, "_carry_over", stop)
    with restore.prepared(file, live) as ready:
        if when == "the last page":
            done = ready.run(at("10:00"), on_pages)
            assert done.before is not None
        else:
            with pytest.raises(KeyboardInterrupt, match="in the store" if when == "the log" else None):
                ready.run(at("10:00"), on_pages)
    kept = list(live.parent.glob("board.db.before-restore-*"))
    assert held_by(live) == (was if when == "a page" else wanted)
    assert [held_by(one) for one in kept] == ([] if when == "a page" else [was])


@pytest.fixture(autouse=True)
def _no_leftovers(tmp_path: Path) -> Iterator[None]:
    """Nothing half-made stays behind, but of a process that was killed."""
    yield
    assert not [path for path in tmp_path.glob(".*.new") if "killed" not in tmp_path.name]


def test_a_disk_that_is_too_full_for_the_log_of_a_restore(
    live: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The backup API gives the text of its error alone; the store stays as it is, and nothing is left beside it."""
    before = held_by(live)

    def full(*_: object) -> None:
        raise module().OperationalError("database or disk is full")

    with monkeypatch.context() as here:
        here.setattr(restore.Restore, "_pour", full)
        with pytest.raises(StoreError, match=f"The disk that holds {live} is full. Nothing was changed; make room"):
            run(file, live)
    assert held_by(live) == before
    assert not [name for name in left_in(live.parent) if "before" in name or name.endswith(".new")]


def test_two_restores_in_one_second_keep_what_was_there_under_two_names(
    live: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there is kept before it is one's turn, so both may have chosen the same name."""
    taken, free = live.with_name("taken"), live.with_name("free")
    taken.write_text("the other one's")
    names = iter((taken, free))
    monkeypatch.setattr(restore, "free_name", lambda *_: next(names))
    assert run(file, live).before == free
    assert taken.read_text() == "the other one's"
