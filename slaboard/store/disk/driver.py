"""Which SQLite is used, how a connection is opened, and how its errors become sentences."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from operator import methodcaller
from pathlib import Path
from types import ModuleType, NoneType

from slaboard.errors import StoreBusy, StoreError
from slaboard.host import halt
from slaboard.store.disk.sibling import beside, real

TYPE_CHECKING = False  # as in typing, whose import takes 4 ms
if TYPE_CHECKING:
    import sqlite3
else:
    try:
        import pysqlite3 as sqlite3
    except ImportError:
        import sqlite3

SAFE_VERSION = (3, 51, 3)
"""Libraries before it have a WAL-reset race (https://sqlite.org/wal.html#walresetbug) that can corrupt a file."""
APPLICATION_ID = 0x534C4142
"""`SLAB` in the file's header: this file is a slaboard store."""
LOG_LIMIT = 8 << 20
"""Bytes that the log's file keeps when it is begun anew."""
BUSY_MS = 2_000
"""How long a writer from outside may hold us up, in milliseconds."""
INDEX_BYTES = 32 * 1024
"""What SQLite wants of the disk before it answers anything: one region of the log's index."""
MOUNTS = Path("/proc/mounts")
"""Where Linux says which file system is where."""
NETWORK_FILE_SYSTEMS = frozenset({
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "9p", "ncpfs", "ceph", "fuse.ceph-fuse", "glusterfs",
    "fuse.glusterfs", "beegfs", "lustre", "davfs", "fuse.davfs2", "fuse.sshfs", "fuse.rclone", "fuse.s3fs",
    "fuse.gcsfuse", "vboxsf", "prl_fs", "fuse.vmhgfs-fuse",
})  # fmt: skip
"""Also the folders that a virtual machine has from its host."""

Connection = sqlite3.Connection
Row = sqlite3.Row


def _as_it_is(value: bytes | None) -> bytes | None:
    return value


# Without an adapter the driver looks for `__conform__` on every None and bytes that is bound: 2.6 us each against
# 0.2 us, which was half the time of an import.
for _kind in (NoneType, bytes):
    sqlite3.register_adapter(_kind, _as_it_is)


def module() -> ModuleType:
    """The SQLite driver in use: pysqlite3 where it is installed, else Python's own."""
    return sqlite3


def version() -> tuple[int, ...]:
    """The linked SQLite library's version."""
    return sqlite3.sqlite_version_info


def version_warning() -> str | None:
    """What to say about a library that can corrupt a busy store, None when it is a safe one."""
    if version() >= SAFE_VERSION:
        return None
    linked, safe = (".".join(map(str, v)) for v in (version(), SAFE_VERSION))
    return (
        f"This Python links SQLite {linked}, which can corrupt a store that several processes write "
        f"(fixed in {safe}). Install it with: pip install pysqlite3"
    )


def connect(path: Path, *, read_only: bool = False) -> Connection:
    """A connection in autocommit mode with our pragmas; nothing is created.

    `synchronous=FULL`: an acknowledged act survives a power cut, for about 90 us.
    """
    mode = "mode=ro" if read_only else "mode=rw"
    if read_only and not os.access(real(path).parent, os.W_OK) and not beside(path, "-wal").exists():
        # In a folder that nobody may write there is no shared memory for a WAL, and no writer either.
        mode += "&immutable=1"
    with sentences(path):
        connection = sqlite3.connect(
            f"file:{_quoted(path)}?{mode}", uri=True, isolation_level=None, timeout=BUSY_MS / 1000,
            check_same_thread=False, cached_statements=256,
        )  # fmt: skip
        connection.row_factory = sqlite3.Row
        # Another program may write bytes that are no UTF-8: its ticket looks odd, the board goes on.
        connection.text_factory = _text
        for pragma in ("synchronous=FULL", f"journal_size_limit={LOG_LIMIT}", "foreign_keys=OFF", "cache_size=-16384"):
            connection.execute(f"PRAGMA {pragma}")
        # The commit that fills the log past 4 MB carries it into the store, and our commits hold the turnstile.
        connection.execute("PRAGMA query_only=ON" if read_only else "PRAGMA wal_autocheckpoint=1000")
    return connection


_text = methodcaller("decode", "utf-8", "replace")
"""In C from end to end: a function of our own took a tenth of the time of a recomputation."""


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(os.fsencode(path.absolute()))


@contextlib.contextmanager
def sentences(path: Path, *, at_commit: bool = False) -> Iterator[None]:
    """Turns the driver's errors into ours, each with what happened, to what, and what to do.

    A disk that fails `at_commit` may have kept the act: then nobody knows before the log is read anew. Who has pressed
    ctrl+c meanwhile hears of no error.
    """
    try:
        yield
    except sqlite3.Error as error:
        if _name(error) == "INTERRUPT" or halt.is_asked():
            raise KeyboardInterrupt from error
        said = _sentence(path, error)
        if at_commit and _name(error).startswith("IOERR"):
            said = StoreError(str(said).replace(NOTHING, IN_DOUBT))
        raise said from error


_NAMES = {
    "database or disk is full": "FULL", "disk I/O error": "IOERR", "database disk image is malformed": "CORRUPT",
    "file is not a database": "NOTADB", "attempt to write a readonly database": "READONLY",
}  # fmt: skip
"""By its text: the backup API says no more."""


def _name(error: Exception) -> str:
    """`FULL` for SQLITE_FULL."""
    return getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_") or _NAMES.get(str(error), "")


def _sentence(path: Path, error: Exception) -> StoreError:
    """The driver's error by its name in SQLite; where the disk is the reason, what is wrong with the disk."""
    from slaboard.store.disk import holder  # 8 ms that nobody should wait for who meets no error

    name, text = _name(error), str(error)
    match name.partition("_")[0]:
        case "BUSY" | "LOCKED":
            return StoreBusy(holder.busy(path, holder.writer(path), BUSY_MS / 1000))
        case "NOTADB":
            return StoreError(not_a_store(path))
        case "CORRUPT":
            return StoreError(f"The store {path} is damaged ({text}). {REPAIR}")
        case "READONLY" | "PERM":
            return StoreError(f"{cannot_write(path)} {NOTHING}")
        case "FULL":
            return StoreError(_full(path))
        case "CANTOPEN" | "IOERR" | "AUTH":
            return StoreError(_why_unreachable(path, name, text))
    if "no such table" in text or "no such column" in text:
        return StoreError(f"{path} is not a whole slaboard store ({text}). Make one with: slaboard init PATH")
    return StoreError(f"The store {path} answered: {text}.")


NOTHING = "Nothing was changed."
IN_DOUBT = "Whether this was done is not known: look before you do it again."
REPAIR = "Put a backup back with: slaboard restore FILE (what is left of the store is kept aside)"


def not_a_store(path: Path) -> str:
    """The sentence for a file that is something else."""
    return f"{path} is not a slaboard store. Name another with --store, or make one: slaboard init PATH"


def _full(path: Path) -> str:
    return f"The disk that holds {path} is full. Nothing was changed; make room and try again."


def cannot_write(path: Path) -> str:
    """The sentence for an act on a store that can only be read, with the reason as far as it can be seen."""
    if _is_read_only(path):
        why = "its file system is mounted read-only (after a disk error the system does that). Look at dmesg."
    elif not os.access(path, os.W_OK):
        why = "you may only read it. Its owner can change that (chmod)."
    elif not os.access(real(path).parent, os.W_OK):
        why = f"you may not write its folder {real(path).parent}, where its log belongs."
    else:
        return f"The store {path} was opened for reading only."
    return f"The store {path} cannot be written: {why}"


def _why_unreachable(path: Path, name: str, text: str) -> str:
    """What is wrong with the file or its disk, as far as it can be seen from here."""
    if not path.exists():
        return f"There is no store at {path}. Make one with: slaboard init {path}"
    if path.is_dir():
        return f"The store {path} cannot be opened: it is a folder."
    if not os.access(path, os.R_OK):
        return f"The store {path} cannot be opened: you may not read it."
    if _is_read_only(path):
        return f"{cannot_write(path)} {NOTHING}"
    if _is_full(path):
        return _full(path)
    if name.startswith("IOERR"):
        return (
            f"The disk that holds {path} fails ({text}). Nothing was changed. Look at dmesg; copy the store to "
            f"another disk before you go on."
        )
    return f"The store {path} cannot be opened: its folder may be read-only, or the file is damaged."


def _is_read_only(path: Path) -> bool:
    """True on a file system that is mounted read-only."""
    try:
        return bool(os.statvfs(real(path).parent).f_flag & os.ST_RDONLY)
    except (OSError, AttributeError):  # Windows has none
        return False


def _is_full(path: Path) -> bool:
    """True when there is no room for the log's index, the first thing that a process needs of a disk."""
    try:
        disk = os.statvfs(real(path).parent)
    except (OSError, AttributeError):
        return False
    return disk.f_bavail * disk.f_frsize < INDEX_BYTES


def network_file_system(path: Path) -> str | None:
    """The type of network file system that holds `path`, None on a local one (or where nobody can tell).

    SQLite's WAL needs shared memory between processes on one host: https://sqlite.org/wal.html#overview
    """
    try:
        mounts = MOUNTS.read_text(errors="replace")
    except OSError:
        return None
    best, found = "", None
    target = str(real(path))
    for line in mounts.splitlines():
        _, mount, kind, *_ = [_unescaped(word) for word in line.split(" ")] + [""] * 3
        if (target == mount or target.startswith(mount.rstrip("/") + "/")) and len(mount) >= len(best):
            best, found = mount, kind
    return found if found in NETWORK_FILE_SYSTEMS else None


def _unescaped(word: str) -> str:
    """A word of /proc/mounts, where a space is `\\040`."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), word) if "\\" in word else word
