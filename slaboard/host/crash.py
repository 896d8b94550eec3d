"""The end that nobody foresaw: written down for us, told to the person in three lines."""

from __future__ import annotations

import os
import platform
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from slaboard import __version__
from slaboard.resources import state_dir
from slaboard.text import clean_lines

MAX_LOG = 1024 * 1024
"""The longest traceback that is written, in characters."""
ISSUES = "https://github.com/slaboard/slaboard/issues"


_OF_CODE = (ArithmeticError, AttributeError, ImportError, MemoryError, NameError, OSError, RecursionError, TypeError)
"""Errors whose words are Python's own and name code or a file, never what a variable holds."""
_DRIVERS = ("sqlite3", "pysqlite3")
"""So are the database's: every value is a parameter."""


def unforeseen(error: Exception, store: Path) -> str:
    """What nobody foresaw, for whoever looks at a board of `store`. No ticket's text.

    A module that is missing was there when the board began: somebody has upgraded slaboard under it.
    """
    if isinstance(error, ImportError):
        return "slaboard was upgraded or moved while this board was open. Quit and open it again; nothing is lost."
    return f"The store {store} holds something unforeseen ({type(error).__name__})."


def crash_log(error: BaseException, at: int) -> Path | None:
    """Write the traceback down, without the values of variables: tickets are in them. None where that fails."""
    path = state_dir() / f"crash-{at}-{os.getpid()}.log"
    text = "\n".join(clean_lines("".join(_told(error, set())), limit=MAX_LOG))  # people look at a log with `cat`
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(file, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"slaboard {__version__}, Python {platform.python_version()}, {platform.platform()}\n{text}\n")
        return path
    return None


def _told(error: BaseException, told: set[int]) -> Iterator[str]:
    """The traceback with that of what came before; the words of most errors are left out: they may quote a ticket."""
    told.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in told:
        yield from _told(before, told)
        yield "\nwhich led to:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    is_kept = isinstance(error, _OF_CODE) or type(error).__module__.partition(".")[0] in _DRIVERS
    yield f"{type(error).__qualname__}: {error if is_kept else '(its words may quote a ticket and are left out)'}\n"
    for inner in getattr(error, "exceptions", ()):  # a group's
        if id(inner) not in told:
            yield "\none of its errors:\n\n"
            yield from _told(inner, told)


def obituary(error: BaseException, log: Path | None) -> str:
    """Three lines for whoever finds the board ended: what, where the log is, how to report. No ticket's text."""
    place = f"What happened is written down in {log}" if log else "What happened could not be written down."
    return f"slaboard has stopped: {type(error).__name__}. The store is as it was.\n{place}\nPlease report it: {ISSUES}"
