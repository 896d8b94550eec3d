"""The terminal around the board: whether it can show one, its title, and how it is left whole, whatever happens."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from slaboard.board.cells import safe

if TYPE_CHECKING:
    from textual.driver import Driver

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


def heed_size() -> None:
    """Take COLUMNS and LINES away: what a shell has exported is how large the terminal was once, and Textual would
    believe that whenever it is asked, and draw a board of another size."""
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)


# --- the mouse --------------------------------------------------------------------------------------------------


def switched_mouse(driver: Driver | None) -> str:
    """Take the mouse from the terminal, or give it back; a sentence that says whose it is now."""
    is_ours = driver is not None and driver._mouse  # Textual asks for it when an app starts, and offers no other way
    if driver is not None:
        driver._mouse = True  # both do nothing without it
        getattr(driver, "_disable_mouse_support" if is_ours else "_enable_mouse_support", _nothing)()
        driver._mouse = not is_ours
    if is_ours:
        return "The mouse is the terminal's: it marks text. The same command brings it back."
    return "The mouse is the board's: a click selects, the wheel scrolls."


def _nothing() -> None:
    """Where there is no terminal."""


# --- the title --------------------------------------------------------------------------------------------------


def has_title() -> bool:
    """True where the title can be set and comes back when the board is left."""
    return os.environ.get("TERM", "").startswith(_TITLED)


def title(text: str) -> str:
    """The sequence that sets the title (and, in tmux, the pane's, where `#` would begin a format)."""
    return f"\x1b]2;{safe(text).replace('#', '')}\x07"


def say(text: str) -> None:
    """Write to the terminal after the board has left it, if it is still there."""
    if sys.__stderr__ is not None:
        with suppress(OSError, ValueError):
            sys.__stderr__.write(text)
            sys.__stderr__.flush()


# --- leaving ----------------------------------------------------------------------------------------------------


def on_signals(leave: Callable[[int], None]) -> None:
    """Call `leave` with 128 + the signal's number when somebody asks the process to end: it leaves as from `q`."""
    import asyncio  # 20 ms: it comes with Textual, and the first picture is painted before that

    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        number = getattr(signal, name, None)
        if number is not None:
            with suppress(NotImplementedError, ValueError, RuntimeError):  # Windows; a loop outside the main thread
                loop.add_signal_handler(number, _left, leave, number)


def _left(leave: Callable[[int], None], number: int) -> None:
    doom(number)
    leave(128 + number)


def doom(number: int) -> None:
    """End the process soon, whatever it waits for by then, when signal `number` says that its terminal is gone."""
    if number == getattr(signal, "SIGHUP", None):
        timer = threading.Timer(DEADLINE_S, os._exit, [128 + number])
        timer.daemon = True
        timer.start()
