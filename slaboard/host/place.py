"""Where a command puts a file: it stands there whole or not at all, and never in place of another unasked."""

from __future__ import annotations

import atexit
import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from slaboard.errors import SlaboardError, UsageError
from slaboard.text import clean

BESIDE = ("", "-wal", "-shm", "-journal")
"""What may lie beside a file that SQLite writes."""


class Taken(UsageError):
    """A file of that name is there."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{told(path)} is there already and stays as it is. Name another file, or say --force.")


def told(path: Path) -> str:
    """The path for a terminal."""
    return clean(str(path), limit=400)


def path_of(file: str) -> Path:
    """The file that is meant: `~` is the home, and a bare name lies in the working folder."""
    if file.strip() in ("", "-"):
        what = "- is no file, but standard output" if file.strip() else "The name of the file is empty"
        raise UsageError(f"{what}. Name a file, or leave --out away: then it is printed.")
    try:
        return Path(file).expanduser().absolute()
    except (RuntimeError, ValueError) as error:  # a ~name that nobody has
        raise UsageError(f"{clean(file)} is no name for a file: {clean(str(error))}.") from None


def is_taken(file: str) -> bool:
    """Whether something is there under that name; what cannot be told is told when it is written."""
    try:
        return os.path.lexists(path_of(file))
    except (UsageError, ValueError):
        return False


def refuse(path: Path, *, force: bool, such: str = "", wrong: type[SlaboardError] = UsageError) -> None:
    """Sentences for what a file must not be put over, and for where none can be; `such` is a name for one.

    `force` is for files alone: a device that is renamed over is gone for everybody. /dev/full was a report once.
    """
    with on_disk(path, wrong=wrong):
        with suppress(FileNotFoundError):
            os.lstat(path)
        folder = _goal(path).parent
        os.stat(folder)
        if not os.access(folder, os.W_OK):  # else who asks for a report hears it when all is counted
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    if path.is_dir():
        raise UsageError(f"{told(path)} is a folder. Name a file in it{f': {told(path / such)}' if such else '.'}")
    if path.exists() and not path.is_file():
        raise UsageError(f"{told(path)} is not a file but a device or a pipe. Name a file.")
    if os.path.lexists(path) and not force:
        raise Taken(path)


@contextmanager
def on_disk(path: Path, *, wrong: type[SlaboardError] = UsageError) -> Iterator[None]:
    """Says of what goes wrong beside `path` that it cannot be written; a `wrong` is raised."""
    try:
        yield
    except (OSError, ValueError) as error:
        why = clean(getattr(error, "strerror", None) or str(error))
        raise wrong(f"{told(path)} cannot be written: {why}. Nothing was changed.") from error


_begun: set[Path] = set()


@contextmanager
def temporary(path: Path, *, mode: int = 0o600, wrong: type[SlaboardError] = UsageError) -> Iterator[Path]:
    """An empty file beside `path`, under a name that begins with a dot; gone when the block ends."""
    goal = _goal(path)
    made = goal.with_name(f".{goal.name[:40]}.{os.getpid()}-{token_hex(4)}.new")  # 40 may have 160 of 255 bytes
    _begun.add(made)
    try:
        with on_disk(path, wrong=wrong):
            os.close(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode))
        yield made
    finally:
        _clear(made)
        _begun.discard(made)


def _goal(path: Path) -> Path:
    """The file itself, where links lead to one."""
    return Path(os.path.realpath(path))


def _clear(made: Path) -> None:
    for end in BESIDE:
        with suppress(OSError):
            made.with_name(made.name + end).unlink()


@atexit.register
def sweep() -> None:
    """Leave nothing half-written: a board that is closed does not wait for the thread that writes its list."""
    for made in list(_begun):
        _clear(made)


def put(made: Path, path: Path, *, force: bool, wrong: type[SlaboardError] = UsageError) -> None:
    """Give `made` the name `path`, whole and on the disk; Taken when somebody else has it, unless `force`."""
    goal = _goal(path)
    with on_disk(path, wrong=wrong):
        _to_disk(made)
        if force:
            made.replace(goal)
        else:
            _named(made, path)
        with suppress(OSError):  # a folder that cannot be synced, as on some network file systems
            _to_disk(goal.parent)


def _named(made: Path, path: Path) -> None:
    try:
        os.link(made, path)
    except FileExistsError:
        raise Taken(path) from None
    except OSError:  # no hard links here
        if os.path.lexists(path):
            raise Taken(path) from None
        made.rename(path)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(path: Path, lines: Iterable[str], *, force: bool = False, such: str = "") -> None:
    """All lines, then the name: until then the file has another one. Who may read the one before may read this."""
    refuse(path, force=force, such=such)
    with temporary(path, mode=0o666) as made:
        with on_disk(path), made.open("w", encoding="utf-8", errors="replace", newline="") as file:
            for line in lines:
                file.write(f"{line}\n")
        if force:
            with suppress(FileNotFoundError), on_disk(path):
                made.chmod(os.stat(path).st_mode & 0o777)
        put(made, path, force=force)
