"""A backup is one whole, plain file of one moment, whoever writes meanwhile; and nothing is ever put over silently."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from slaboard.errors import StoreError, UsageError
from slaboard.store.care import backup as module
from slaboard.store.care.backup import Facts, OnPages, backup
from slaboard.store.disk import driver
from slaboard.store.disk.driver import module as sqlite
from slaboard.store.disk.opening import SCHEMA_VERSION
from slaboard.store.sqlite import SqliteStore
from tests.sla.story import at, situation
from tests.store.desk import OPENED, agrees, desk, do, dump
from tests.store.test_races import crowd

SIDES = ("-wal", "-shm", "-journal")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    (tmp_path / "live").mkdir()
    with desk(tmp_path / "live" / "board.db", "09:20 ana respond / 09:50 ben claim any") as made:
        yield made


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backup.db"


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# --- what it is -----------------------------------------------------------------------------------------------


def test_a_backup_holds_what_the_store_holds_and_says_so(store: SqliteStore, target: Path) -> None:
    """The newest commits, too, which stand in the log; and the store goes on."""
    made = backup(store, target)
    assert made.size == target.stat().st_size
    assert made.facts == Facts(tickets=1, events=3, newest=at("09:50"), rev=store.revision(), schema=SCHEMA_VERSION)
    held = dump(store)
    do(store, "09:55 ana note - after the backup")
    with SqliteStore(target) as copy:
        assert dump(copy) == held
        assert agrees(copy)
        do(copy, "09:55 ana note - it works as a store, too")


def test_a_backup_is_one_file_without_a_log(store: SqliteStore, target: Path) -> None:
    """So that it can be read from where nobody may write; SQLite's own shell leaves nothing beside it."""
    backup(store, target)
    assert target.read_bytes()[18:20] == b"\x01\x01"
    target.chmod(0o444)
    with closing(sqlite().connect(f"{target.as_uri()}?mode=ro", uri=True)) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert plain.execute("SELECT count(*) FROM events").fetchone() == (3,)
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert left_in(target.parent) == {"backup.db", "live"}


def test_a_store_that_is_only_read_can_be_backed_up(store: SqliteStore, target: Path) -> None:
    with SqliteStore(store.path, read_only=True) as reader:
        backup(reader, target)
    with SqliteStore(target) as copy:
        assert dump(copy) == dump(store)


def test_a_backup_may_be_read_by_those_who_may_read_the_store(store: SqliteStore, target: Path) -> None:
    store.path.chmod(0o640)
    backup(store, target)
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_backup_may_lie_on_a_network_file_system(
    store: SqliteStore, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written once, by one process, without locks."""
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nnas:/backups {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(driver, "MOUNTS", mounts)
    assert backup(store, target).facts.events == 3


# --- while others write ---------------------------------------------------------------------------------------


def test_a_commit_after_every_step_neither_starves_it_nor_gets_into_it(
    store: SqliteStore, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite would begin anew after each of them; it reads each page once, and what it holds is one moment."""
    monkeypatch.setattr(module, "STEP", 2)
    held = dump(store)
    done: list[int] = []
    with SqliteStore(store.path) as other:

        def write(copied: int, total: int) -> None:
            done.append(copied)
            do(other, f"09:51 ana note - step {len(done)}")

        made = backup(store, target, on_pages=write)
    pages = made.size // 4096
    assert done == [min(2 * step, pages) for step in range(1, (pages + 1) // 2 + 1)]
    assert len(store.events("A-1")) == 3 + len(done), "every writer got through meanwhile"
    with SqliteStore(target) as copy:
        assert dump(copy) == held


WRITER = """
import json, sys
from pathlib import Path
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
path, now, number = Path(sys.argv[1]), *map(int, sys.argv[2:])
with SqliteStore(path) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    seqs = [store.act(Act("note", "A-1", f"P{number}", f"note {i}"), now).seq for i in range(25)]
print(json.dumps(seqs))
"""


def test_a_backup_under_four_writers_is_one_moment_of_the_store(store: SqliteStore, tmp_path: Path) -> None:
    """Events up to one number and none behind it; rows, clocks and outcomes agree with them."""
    copies: list[Path] = []
    with crowd(WRITER, 4, str(store.path), str(OPENED + 3600)) as people:
        while any(person.poll() is None for person in people):
            copies.append(backup(store, tmp_path / f"backup-{len(copies)}.db").path)
        said = [json.loads(person.communicate()[0]) for person in people]
    assert sorted(seq for seqs in said for seq in seqs) == list(range(4, 104)), "each act is in the store"
    for path in copies:
        with SqliteStore(path) as copy:
            assert agrees(copy)
            assert copy.ask("SELECT count(*) = max(seq) FROM events")[0][0]


# --- what it is not put over ----------------------------------------------------------------------------------


def test_a_file_that_is_there_stays_unless_it_is_forced(store: SqliteStore, target: Path) -> None:
    target.write_text("my thesis")
    with pytest.raises(UsageError) as caught:
        backup(store, target)
    assert str(caught.value) == f"{target} is there already and stays as it is. Name another file, or say --force."
    assert target.read_text() == "my thesis"
    backup(store, target, force=True)
    with SqliteStore(target) as copy:
        assert dump(copy) == dump(store)


def thesis(target: Path) -> Callable[[int, int], None]:
    """Somebody who writes to `target` meanwhile."""

    def write(*_: int) -> None:
        target.write_text("my thesis")

    return write


def test_a_file_that_comes_while_it_is_made_stays(store: SqliteStore, target: Path) -> None:
    with pytest.raises(UsageError, match="is there already and stays as it is"):
        backup(store, target, on_pages=thesis(target))
    assert target.read_text() == "my thesis"
    assert left_in(target.parent) == {"backup.db", "live"}


def test_a_file_that_comes_stays_also_where_files_have_only_one_name(
    store: SqliteStore, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system without hard links, such as a USB stick's."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    backup(store, target)
    assert left_in(target.parent) == {"backup.db", "live"}
    target.unlink()
    with pytest.raises(UsageError, match="is there already and stays as it is"):
        backup(store, target, on_pages=thesis(target))


def the_store(store: Path, target: Path) -> Path:
    return store


def a_link_to_the_store(store: Path, target: Path) -> Path:
    target.symlink_to(store)
    return target


def its_log(store: Path, target: Path) -> Path:
    return store.with_name("board.db-wal")


def a_folder(store: Path, target: Path) -> Path:
    target.mkdir()
    return target


def a_pipe(store: Path, target: Path) -> Path:
    os.mkfifo(target)
    return target


def another_store_in_use(store: Path, target: Path) -> Path:
    target.with_name("backup.db-wal").touch()
    target.touch()
    return target


IS_THE_STORE = "{path} is the store itself, or a part of it. Name another file."


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        situation("the store", the_store, IS_THE_STORE),
        situation("a link to the store", a_link_to_the_store, IS_THE_STORE),
        situation("its log", its_log, IS_THE_STORE),
        situation("a folder", a_folder, "{path} is a folder. Name a file in it: {path}/board-backup.db"),
        situation("a pipe", a_pipe, "{path} is not a file but a device or a pipe. Name a file."),
        situation(
            "another store in use", another_store_in_use,
            "{path} is a store that is in use (it has a log beside it). Name another file.",
        ),
    ],
)  # fmt: skip
def test_what_not_even_force_puts_it_over(
    store: SqliteStore, target: Path, make: Callable[[Path, Path], Path], sentence: str
) -> None:
    path = make(store.path, target)
    held = dump(store)
    with pytest.raises(UsageError) as caught:
        backup(store, path, force=True)
    assert str(caught.value) == sentence.format(path=path)
    assert dump(store) == held


# --- what goes wrong ------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_there(store: SqliteStore, tmp_path: Path) -> None:
    target = tmp_path / "away" / "backup.db"
    with pytest.raises(StoreError) as caught:
        backup(store, target)
    assert str(caught.value) == f"{target} cannot be written: No such file or directory. Nothing was changed."


def test_a_damaged_store_gives_no_backup(store: SqliteStore, target: Path) -> None:
    """Every other night a good one would be overwritten by a bad one."""
    do(store, *(f"09:51 ana note - {'x' * 4000} {number}" for number in range(20)))
    path = store.path
    store.close()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size - 3 * 4096)
        file.write(b"\xa5" * 3 * 4096)
    target.write_text("the last good one")
    with SqliteStore(path, read_only=True) as reader, pytest.raises(StoreError, match="is damaged"):
        backup(reader, target, force=True)
    assert target.read_text() == "the last good one"
    assert left_in(target.parent) == {"backup.db", "live"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("only root may mount a small disk, and not in every container")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(shutil.which("mount") is None, reason="there is no mount here")
def test_a_disk_without_room_for_it(store: SqliteStore, small_disk: Path) -> None:
    with pytest.raises(StoreError) as caught:
        backup(store, small_disk / "backup.db")
    assert str(caught.value) == (
        f"There is no room for a copy of {store.path} in {small_disk}. Nothing was changed; make room and try again."
    )
    assert left_in(small_disk) == set()
    assert agrees(store)


FAILING = """
import resource, sys
from pathlib import Path
from slaboard.errors import StoreError
from slaboard.store.care.backup import backup
from slaboard.store.sqlite import SqliteStore
with SqliteStore(Path(sys.argv[1]), read_only=True) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, resource.RLIM_INFINITY))
    try:
        backup(store, Path(sys.argv[2]))
    except StoreError as error:
        print(error)
"""


def test_a_disk_that_fails(store: SqliteStore, target: Path) -> None:
    """The kernel refuses the child whatever lies behind the first 64 KiB of a file."""
    done = subprocess.run(
        [sys.executable, "-c", FAILING, str(store.path), str(target)], text=True, capture_output=True, check=True
    )
    assert done.stdout == (
        f"{store.path} cannot be copied to {target.parent}: one of the two disks fails (disk I/O error). Nothing was "
        f"changed. Look at dmesg.\n"
    )
    assert left_in(target.parent) == {"live"}
    assert agrees(store)


KILLED = """
import os, signal, sys
from pathlib import Path
from slaboard.store.care import backup as module
from slaboard.store.sqlite import SqliteStore
module.STEP = 4
with SqliteStore(Path(sys.argv[1]), read_only=True) as store:
    module.backup(store, Path(sys.argv[2]), force=True, on_pages=lambda done, _: done < 8 or os.kill(os.getpid(), 9))
"""


def test_whoever_is_killed_in_the_middle_leaves_the_last_backup_whole(store: SqliteStore, target: Path) -> None:
    backup(store, target)
    before = target.read_bytes()
    done = subprocess.run([sys.executable, "-c", KILLED, str(store.path), str(target)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert target.read_bytes() == before
    assert all(name.startswith(".backup.db.") for name in left_in(target.parent) - {"backup.db", "live"})
    do(store, "09:55 ana note - the store goes on")
    assert agrees(store)


def test_an_interrupt_leaves_nothing(store: SqliteStore, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "STEP", 4)
    with pytest.raises(KeyboardInterrupt):
        backup(store, target, on_pages=stop)
    assert left_in(target.parent) == {"live"}
    do(store, "09:55 ana note - the store goes on")


# --- ctrl+c ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("through", ["the connection", "the store"])
def test_ctrl_c_ends_a_question_that_would_go_on(tmp_path: Path, through: str) -> None:
    """Else the check of a large copy goes on for seconds, and this one for good. An error stays an error."""
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with desk(tmp_path / "s.db") as store:
        ask = store.ask if through == "the store" else store.connection.execute
        was = signal.signal(signal.SIGALRM, stop)
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.01, 0.05)
            with pytest.raises(KeyboardInterrupt), module.interruptible(store.connection):
                ask(endless)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, was)
        with pytest.raises((StoreError, sqlite().OperationalError)), module.interruptible(store.connection):
            ask("SELECT nothing FROM nowhere")
        assert agrees(store)


def test_ctrl_c_ends_a_copy_of_which_nobody_hears_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a cron job: the driver calls nobody by itself between two steps, and so no signal comes through."""
    monkeypatch.setattr(module, "STEP", 1)
    steps: list[int] = []
    real = module._progress

    def pressed(on_pages: OnPages | None) -> Callable[[int, int, int], None]:
        progress = real(on_pages)

        def step(status: int, left: int, total: int) -> None:
            progress(status, left, total)
            steps.append(left)
            signal.raise_signal(signal.SIGINT)

        return step

    monkeypatch.setattr(module, "_progress", pressed)
    with desk(tmp_path / "s.db") as store, pytest.raises(KeyboardInterrupt):
        backup(store, tmp_path / "copy.db")
    assert len(steps) == 1
    assert sorted(path.name for path in tmp_path.iterdir() if "copy" in path.name) == []
