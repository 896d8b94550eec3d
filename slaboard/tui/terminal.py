"""The terminal around the board: whether it can show one, its title, and how it is left whole, whatever happens."""

from __future__ import annotations

import asyncio
import getpass
import os
import platform
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from slaboard import __version__
from slaboard.resources import state_dir

ISSUES = "https://github.com/slaboard/slaboard/issues"
DEADLINE_S = 3.0
"""How long leaving may take once the terminal has hung up: it may be gone, and writing to it may block."""
_TITLED = ("xterm", "tmux", "alacritty", "foot", "kitty", "wezterm", "rxvt", "st-")
"""Terminals (by TERM) that keep their title on a stack, so that it comes back when we leave."""
KEEP_TITLE, GIVE_TITLE_BACK = "\x1b[22;2t", "\x1b[23;2t"


def can_run() -> str | None:
    """Why a board cannot be shown here, None when it can. Textual would paint on stderr, and on a dumb terminal."""
    for stream, name in ((sys.__stdin__, "input"), (sys.__stdout__, "output"), (sys.__stderr__, "error output")):
        if stream is None or stream.closed or not stream.isatty():
            return f"The live board needs a terminal, and its {name} is none."
    if os.environ.get("TERM", "") in ("", "dumb"):
        return "This terminal says that it is dumb (TERM), so it cannot show a live board."
    return None


def without_colours() -> bool:
    """True when NO_COLOR asks for it (https://no-color.org: present and not empty)."""
    return bool(os.environ.get("NO_COLOR"))


def heed_no_color() -> None:
    """Take an empty NO_COLOR away: Textual would heed it, although it asks for nothing."""
    if not without_colours():
        os.environ.pop("NO_COLOR", None)


def via(mode: str) -> str:
    """Who is at the keyboard, for the audit: `user@host tty mode`."""
    try:
        tty = os.ttyname(0)
    except OSError:
        tty = "-"
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "?"
    return f"{user}@{platform.node()} {tty} {mode}"


def timezone() -> str:
    """This machine's time zone by its IANA name, UTC when it does not say."""
    named = os.environ.get("TZ", "").removeprefix(":")
    target = named if named.startswith("/") else "/etc/localtime"
    if named and target != named:
        return named
    with suppress(OSError):
        _, found, name = os.path.realpath(target).partition("/zoneinfo/")
        if found:
            return name.removeprefix("posix/").removeprefix("right/")
    return "UTC"


# --- the title --------------------------------------------------------------------------------------------------


def has_title() -> bool:
    """True where the title can be set and comes back when the board is left."""
    return os.environ.get("TERM", "").startswith(_TITLED)


def title(text: str) -> str:
    """The sequence that sets the title (and, in tmux, the pane's)."""
    return f"\x1b]2;{text}\x07"


def say(text: str) -> None:
    """Write to the terminal after the board has left it, if it is still there."""
    if sys.__stderr__ is not None:
        with suppress(OSError, ValueError):
            sys.__stderr__.write(text)
            sys.__stderr__.flush()


# --- leaving ----------------------------------------------------------------------------------------------------


def on_signals(leave: Callable[[int], None]) -> None:
    """Call `leave` with 128 + the signal's number when somebody asks the process to end: it leaves as from `q`."""
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        number = getattr(signal, name, None)
        if number is not None:
            with suppress(NotImplementedError, ValueError, RuntimeError):  # Windows; a loop outside the main thread
                loop.add_signal_handler(number, _left, leave, number)


def _left(leave: Callable[[int], None], number: int) -> None:
    if number == getattr(signal, "SIGHUP", None):
        doom = threading.Timer(DEADLINE_S, os._exit, [128 + number])
        doom.daemon = True
        doom.start()
    leave(128 + number)


def crash_log(error: BaseException, at: int) -> Path | None:
    """Write the traceback down, without the values of variables: tickets are in them. None where that fails."""
    path = state_dir() / f"crash-{at}-{os.getpid()}.log"
    text = "".join(traceback.format_exception(error))
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
