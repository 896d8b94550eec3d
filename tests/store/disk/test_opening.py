"""What cannot be opened, made, read or written is told in one sentence, with exit code 3 and never a traceback."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from slaboard import __main__ as program
from slaboard.commands import act, keep, read  # noqa: F401 loaded before a child gives its rights away
from slaboard.errors import StoreBusy, StoreError, UsageError
from slaboard.store import migrations
from slaboard.store.disk import driver, opening
from slaboard.store.disk.driver import module
from slaboard.store.disk.opening import SCHEMA_VERSION
from slaboard.store.sqlite import SqliteStore
from tests.sla.story import situation
from tests.store.desk import OPENED, POLICY, agrees, desk, do, dump

NOBODY = 65_534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "board.db"


def sql(path: Path, *statements: str) -> None:
    """What somebody else did to the file."""
    with closing(module().connect(str(path))) as connection, connection:
        for statement in statements:
            connection.execute(statement)


# --- what is no store -----------------------------------------------------------------------------------------


def missing(path: Path) -> None:
    """Nothing is there."""


def folder(path: Path) -> None:
    path.mkdir()


def empty(path: Path) -> None:
    path.touch()


def text(path: Path) -> None:
    path.write_text("id,title\nA-1,VPN down\n" * 1_000)


def another_database(path: Path) -> None:
    sql(path, "CREATE TABLE songs (id)")


def one_of_a_newer_slaboard(path: Path) -> None:
    desk(path).close()
    sql(path, "PRAGMA user_version = 99")


def half_a_store(path: Path) -> None:
    desk(path).close()
    sql(path, "DROP TABLE tickets")


def damaged(path: Path) -> None:
    """The header is whole, every other page is noise."""
    desk(path).close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))


def cut_short(path: Path) -> None:
    desk(path).close()
    with path.open("r+b") as file:
        file.truncate(6_000)


def a_device(path: Path) -> None:
    path.symlink_to("/dev/null")


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


NO_STORE = "{path} is not a slaboard store. Name another with --store, or make one: slaboard init PATH"
DAMAGED = (
    "The store {path} is damaged (database disk image is malformed). Put a backup back with: slaboard restore FILE "
    "(what is left of the store is kept aside)"
)
REFUSED = [
    situation("nothing", missing, "There is no store at {path}. Make one with: slaboard init {path}"),
    situation("a folder", folder, "{path} is a folder, not a store. Name a file inside it: --store {path}/board.db"),
    *(
        situation(name, make, NO_STORE)
        for name, make in (
            ("an empty file", empty), ("a text", text), ("another database", another_database), ("a device", a_device),
            ("a pipe", a_pipe),
        )
    ),
    situation(
        "a newer one", one_of_a_newer_slaboard,
        f"The store {{path}} was made by a newer slaboard (schema 99, this one knows {SCHEMA_VERSION}). "
        "Upgrade: pip install -U slaboard",
    ),
    situation(
        "half a store", half_a_store,
        "{path} is not a whole slaboard store (no such table: tickets). Make one with: slaboard init PATH",
    ),
    situation("a damaged one", damaged, DAMAGED),
    situation("one cut short", cut_short, DAMAGED),
]  # fmt: skip


@pytest.mark.parametrize(("make", "sentence"), REFUSED)
@pytest.mark.parametrize(
    "command", [["grid", "--json"], ["claim", "A-1", "--as", "ana"], ["check"], ["tickets"]], ids=" ".join
)
def test_a_store_that_is_none(
    path: Path, capsys: pytest.CaptureFixture[str], make: Callable[[Path], None], sentence: str, command: list[str]
) -> None:
    make(path)
    before = path.lstat().st_size if path.is_file() else None
    assert program.main([*command, "--store", str(path)]) == 3
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"slaboard: {sentence.format(path=path)}\n")
    assert (path.lstat().st_size if path.is_file() else None) == before, "it is left as it is"


def test_a_store_whose_policy_cannot_be_read(path: Path) -> None:
    with desk(path) as store:
        sql(path, "INSERT INTO policies VALUES (2, 'nonsense', 'x', 0, NULL)", "UPDATE state SET policy_version = 2")
        with pytest.raises(StoreError, match=r"^Version 2 of the policy in .* cannot be read: "):
            store.policy()


@pytest.mark.parametrize("name", ["board?mode=ro.db", "a#b.db", "50%41.db", "ünïcode 板.db", "sp ace.db", "it's.db"])
def test_any_name_that_a_file_may_have(tmp_path: Path, name: str) -> None:
    with desk(tmp_path / name) as store:
        do(store, "09:50 ana claim")
    with SqliteStore(tmp_path / name, read_only=True) as store:
        assert store.loads() == {"ana": 1}
    assert {file.name for file in tmp_path.iterdir()} <= {name + end for end in ("", ".lock", "-wal", "-shm")}


def test_the_schema_has_the_number_of_its_last_migration() -> None:
    assert len(migrations.migrations._migrations) == SCHEMA_VERSION


# --- making one -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [desk, text, folder, empty], ids=lambda make: make.__name__)
def test_making_a_store_never_touches_what_is_there(path: Path, make: Callable[[Path], Any]) -> None:
    if isinstance(made := make(path), SqliteStore):
        made.close()
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(UsageError) as caught:
        SqliteStore.create(path)
    assert str(caught.value) == f"{path} is there already and stays as it is. Open it: slaboard --store {path}"
    assert (path.read_bytes() if path.is_file() else None) == before
    assert not list(path.parent.glob(".board*")), "no half-made file is left"


def test_a_store_is_made_with_the_folders_above_it(tmp_path: Path) -> None:
    with SqliteStore.create(tmp_path / "a" / "b" / "board.db") as store:
        assert agrees(store)
        assert store.ask("PRAGMA journal_mode")[0][0] == "wal"


def test_a_store_below_a_file_cannot_be_made(path: Path) -> None:
    path.touch()
    with pytest.raises(StoreError, match=r"^No store can be made in .*: (Not a directory|File exists)\.$"):
        SqliteStore.create(path / "board.db")


def test_a_store_that_cannot_be_finished_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        error = module().OperationalError("database or disk is full")
        error.sqlite_errorname = "SQLITE_FULL"
        raise error

    monkeypatch.setattr(migrations.migrations, "apply", fail)
    with pytest.raises(StoreError, match=r"^The disk that holds .* is full"):
        SqliteStore.create(path)
    assert list(path.parent.iterdir()) == []


def test_a_store_may_be_read_and_written_by_whom_the_umask_lets(path: Path) -> None:
    before = os.umask(0o007)
    try:
        with SqliteStore.create(path) as store:
            store.apply_policy(POLICY, "test", OPENED)
            assert path.stat().st_mode & 0o777 == 0o660
            assert Path(f"{path}.lock").stat().st_mode & 0o777 == 0o660
    finally:
        os.umask(before)


# --- rights ---------------------------------------------------------------------------------------------------


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everybody can reach; pytest's own are private."""
    made = Path(tempfile.mkdtemp(prefix="slaboard-test-"))
    made.chmod(0o755)
    yield made
    made.chmod(0o755)
    shutil.rmtree(made)


def as_nobody(*arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a command that somebody without any rights runs, in a process of its own."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if not child:
            code = 99
            try:
                sys.stdout, sys.stderr = io.TextIOWrapper(out), io.TextIOWrapper(err)
                if os.geteuid() == 0:
                    os.setgroups([])
                    os.setgid(NOBODY)
                    os.setuid(NOBODY)
                code = program.main(arguments)
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        out.seek(0)
        err.seek(0)
        return os.waitstatus_to_exitcode(status), out.read().decode(), err.read().decode()


def locked_up(store: Path, *, file: int, folder: int) -> None:
    store.chmod(file)
    store.parent.chmod(folder)


def test_a_lock_that_is_a_link_writes_into_nobody_elses_file(tmp_path: Path) -> None:
    """In a folder that a team writes anybody may put one there; who has the turn signs in it."""
    path, theirs = tmp_path / "board.db", tmp_path / "letter"
    desk(path).close()
    theirs.write_text("Dear Sir")
    Path(f"{path}.lock").unlink(missing_ok=True)
    Path(f"{path}.lock").symlink_to(theirs)
    with SqliteStore(path) as store, pytest.raises(StoreError, match=r"board\.db\.lock beside it cannot be opened"):
        do(store, "09:50 ana note - x")
    assert theirs.read_text() == "Dear Sir"


def test_a_store_in_a_folder_that_one_may_not_write_can_be_read(public: Path) -> None:
    path = public / "board.db"
    desk(path).close()
    Path(f"{path}.lock").unlink(missing_ok=True)
    locked_up(path, file=0o444, folder=0o555)
    code, out, err = as_nobody("tickets", "--store", str(path))
    assert (code, out.split()[:4], out.split()[-2:], err) == (0, ["R", "A-1", "P2", "Contoso"], ["-", "VPN"], "")
    code, out, err = as_nobody("claim", "A-1", "--as", "ana", "--store", str(path))
    assert (code, out, err) == (
        3,
        "",
        f"slaboard: The store {path} cannot be written: you may only read it. Its owner can change that (chmod). "
        "Nothing was changed.\n",
    )


def test_whoever_may_only_read_sees_what_is_not_yet_carried_over(public: Path) -> None:
    """The newest commits are in the log beside the store as long as a board has it open."""
    path = public / "board.db"
    with desk(path, "09:50 ana claim"):
        locked_up(path, file=0o644, folder=0o755)
        code, out, _ = as_nobody("tickets", "--store", str(path))
    assert (code, out.split()[-2:]) == (0, ["ana", "VPN"])


def test_a_store_that_one_may_not_read(public: Path) -> None:
    path = public / "board.db"
    desk(path).close()
    locked_up(path, file=0o600, folder=0o755)
    if os.geteuid() != 0:
        path.chmod(0)
    code, out, err = as_nobody("grid", "--store", str(path))
    assert (code, out, err) == (3, "", f"slaboard: The store {path} cannot be opened: you may not read it.\n")


def test_a_folder_in_which_one_may_make_no_store(public: Path) -> None:
    public.chmod(0o555)
    code, out, err = as_nobody("init", str(public / "board.db"))
    assert (code, out, err) == (3, "", f"slaboard: No store can be made in {public}: Permission denied.\n")


def test_a_store_that_one_may_write_in_a_folder_that_one_may_not(public: Path) -> None:
    path = public / "board.db"
    desk(path).close()
    locked_up(path, file=0o666, folder=0o555)
    code, _, err = as_nobody("note", "A-1", "hello", "--as", "ana", "--store", str(path))
    assert (code, err) == (
        3,
        f"slaboard: The store {path} cannot be written: you may not write its folder {public}, where its log belongs. "
        "Nothing was changed.\n",
    )


# --- somebody else has it -------------------------------------------------------------------------------------

HOLD_DATABASE = """
import sys, sqlite3
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("holding", flush=True)
sys.stdin.readline()
"""
HOLD_TURNSTILE = """
import sys
from pathlib import Path
from slaboard.store.disk.turnstile import Turnstile
with Turnstile(Path(sys.argv[1])).turn():
    print("holding", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def held(script: str, path: Path) -> Iterator[int]:
    """The id of a process that holds the store in this way until the block ends."""
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        yield process.pid
        process.communicate("go\n", timeout=30)


@pytest.mark.parametrize(
    "script",
    [
        situation("another program", HOLD_DATABASE),
        situation("another slaboard", HOLD_TURNSTILE),
    ],
)
def test_a_store_that_another_process_writes_all_the_time(path: Path, script: str) -> None:
    with desk(path) as store:
        before = dump(store)
        with held(script, path) as pid:
            began = time.monotonic()
            with pytest.raises(StoreBusy) as caught:
                do(store, "09:50 ana claim")
            assert 1.5 < time.monotonic() - began < 8, "long enough for a slow neighbour, too short to go for a coffee"
            assert str(caught.value) == (
                f"The store {path} is locked by process {pid} (python -c) for over 2 s. Nothing was changed; try again."
            )
            assert (caught.value.exit_code, caught.value.word) == (3, "BUSY")
            assert dump(store) == before, "it can be read all the time"
        do(store, "09:50 ana claim")
        assert agrees(store)


def test_reading_does_not_wait_for_a_writer_even_when_tickets_are_stale(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk(path).close()
    sql(path, "INSERT INTO tickets (id, title) VALUES ('A-2', 'Disk')")
    with held(HOLD_DATABASE, path):
        assert program.main(["grid", "--store", str(path)]) == 0
        assert "1 open" in capsys.readouterr().out
    assert program.main(["grid", "--store", str(path)]) == 0
    assert "2 open" in capsys.readouterr().out


# --- where it may not be --------------------------------------------------------------------------------------

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
server:/share /mnt/our\\040share cifs rw 0 0
/dev/sdb1 /home/local xfs rw 0 0
sshfs /media fuse.sshfs rw 0 0
tmpfs /media tmpfs rw 0 0
server:/team/board.db /opt/board.db nfs4 rw 0 0
gluster:/vol /pool fuse.glusterfs rw 0 0
a line that says nothing
odd
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/home/ana/board.db", "nfs4"), ("/mnt/our share/board.db", "cifs"), ("/home/board.db", "nfs4"),
        ("/homestead/board.db", None), ("/home/local/board.db", None), ("/srv/board.db", None),
        ("/media/board.db", None), ("/opt/board.db", "nfs4"), ("/opt/other.db", None),
        ("/pool/board.db", "fuse.glusterfs"),
        ("/home/local/../board.db", "nfs4"),
    ],
)  # fmt: skip
def test_a_network_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, kind: str | None) -> None:
    """The last and longest mount above a file is the one it is on."""
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    monkeypatch.setattr(driver, "MOUNTS", mounts)
    assert driver.network_file_system(Path(place)) == kind
    if kind is None:
        opening.refuse_network(Path(place))
        return
    with pytest.raises(StoreError) as caught:
        opening.refuse_network(Path(place))
    assert str(caught.value) == (
        f"{place} is on a network file system ({kind}), where SQLite cannot share a store safely. Keep it on a local "
        "disk of one host and let people come there (ssh, tmux)."
    )


def test_neither_made_nor_opened_on_a_network_file_system(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk(path).close()
    mounts = path.with_name("mounts")
    mounts.write_text(f"server:/x {path.parent.resolve()} nfs rw 0 0\n")
    monkeypatch.setattr(driver, "MOUNTS", mounts)
    with pytest.raises(StoreError, match="is on a network file system"):
        SqliteStore(path)
    with pytest.raises(StoreError, match="is on a network file system"):
        SqliteStore.create(path.with_name("new.db"))


def test_where_nobody_says_what_is_mounted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "MOUNTS", path.with_name("none"))
    assert driver.network_file_system(path) is None


# --- the library ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("linked", "warns"), [((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False), ((4, 0, 0), False)]
)
def test_a_library_that_can_corrupt_a_busy_store_is_named(
    monkeypatch: pytest.MonkeyPatch, linked: tuple[int, ...], warns: bool
) -> None:
    monkeypatch.setattr(driver, "version", lambda: linked)
    warning = driver.version_warning()
    assert (warning is not None) is warns
    if warning is not None:
        assert ".".join(map(str, linked)) in warning
        assert "pip install pysqlite3" in warning


def test_a_store_replaced_under_us_is_noticed(path: Path) -> None:
    with desk(path) as store:
        assert store.is_in_place()
        shutil.copy(path, path.with_name("other.db"))
        path.with_name("other.db").replace(path)
        assert not store.is_in_place()
        path.unlink()
        assert not store.is_in_place()
