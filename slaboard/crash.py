"""The end that nobody foresaw: written down for us, told to the person in three lines."""

from __future__ import annotations

import os
import platform
import traceback
from contextlib import suppress
from pathlib import Path

from slaboard import __version__
from slaboard.resources import state_dir
from slaboard.text import clean_lines

MAX_LOG = 1024 * 1024
"""The longest traceback that is written, in characters."""
ISSUES = "https://github.com/slaboard/slaboard/issues"


def crash_log(error: BaseException, at: int) -> Path | None:
    """Write the traceback down, without the values of variables: tickets are in them. None where that fails."""
    path = state_dir() / f"crash-{at}-{os.getpid()}.log"
    # An error's own words may quote a ticket, and people look at a log with `cat`.
    text = "\n".join(clean_lines("".join(traceback.format_exception(error)), limit=MAX_LOG))
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(file, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"slaboard {__version__}, Python {platform.python_version()}, {platform.platform()}\n{text}\n")
        return path
    return None


def obituary(error: BaseException, log: Path | None) -> str:
    """Three lines for whoever finds the board ended: what, where the log is, how to report. No ticket's text."""
    place = f"What happened is written down in {log}" if log else "What happened could not be written down."
    return f"slaboard has stopped: {type(error).__name__}. The store is as it was.\n{place}\nPlease report it: {ISSUES}"
