"""A bare terminal's other screen: entered and painted before Textual takes it over, and left whole when it never does.

Textual writes to the error output and reads from the input, and so do we.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from types import FrameType
from typing import Any, Self

from rich.color import ColorSystem
from rich.style import Style

from slaboard.board.draw.line import Line
from slaboard.tui import terminal

try:
    import termios
except ImportError:  # Windows: there Textual paints the first picture
    termios = None  # type: ignore[assignment]

ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
HIDE_CURSOR, SHOW_CURSOR = "\x1b[?25l", "\x1b[?25h"


class Curtain:
    """The terminal while a board begins. Keys pressed meanwhile are kept, unechoed, for the app."""

    def __init__(self, styles: Mapping[str, Style]) -> None:
        self._styles = styles
        self._colours = colour_system(os.environ)
        self._out, self._in = sys.__stderr__.fileno(), sys.__stdin__.fileno()  # type: ignore[union-attr]
        self.attributes: list[Any] | None = None
        """How the keyboard was."""
        self.is_ours = False
        """The other screen is on, and nobody has taken it over."""
        self.asked_to_leave: int | None = None
        """The exit code that a signal has asked for while somebody else took the screen over."""
        size = shutil.get_terminal_size()
        self.size = (size.columns, size.lines)

    def __enter__(self) -> Self:
        if termios is not None:
            with suppress(termios.error):
                self.attributes = termios.tcgetattr(self._in)
                quiet = termios.tcgetattr(self._in)
                quiet[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.IXOFF)
                quiet[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
                termios.tcsetattr(self._in, termios.TCSANOW, quiet)
            for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                signal.signal(name, self._signalled)
            self.is_ours = True
            self._write(ENTER + HIDE_CURSOR)
        return self

    def __exit__(self, *_: object) -> None:
        if self.is_ours:
            self.is_ours = False
            if self.attributes is not None:
                with suppress(termios.error):
                    termios.tcsetattr(self._in, termios.TCSANOW, self.attributes)
            self._write(SHOW_CURSOR + LEAVE)

    def paint(self, lines: Iterable[Line]) -> None:
        """All lines, from the top."""
        if self.is_ours:
            drawn = (painted(line, self._styles, self._colours) for line in lines)
            self._write("".join(f"\x1b[{y};1H{text}" for y, text in enumerate(drawn, 1)))

    def _signalled(self, number: int, _: FrameType | None) -> None:
        self.asked_to_leave = 128 + number
        terminal.doom(number)
        if self.is_ours:
            raise SystemExit(self.asked_to_leave)

    def _write(self, text: str) -> None:
        """Whole or, where the terminal has gone, not at all: then Textual is the one to notice."""
        data = text.encode(sys.__stderr__.encoding if sys.__stderr__ else "utf-8", "replace")
        with suppress(OSError):
            while data:
                data = data[os.write(self._out, data) :]


def painted(line: Line, styles: Mapping[str, Style], colours: ColorSystem | None) -> str:
    """The line with its colours, to the byte what Textual makes of it."""
    plain = styles["text"]
    return "".join(styles.get(name, plain).render(text, color_system=colours) for text, name in line)


def colour_system(environment: Mapping[str, str]) -> ColorSystem | None:
    """What colours the terminal says it has: as rich's console finds out, whose import takes 20 ms."""
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return ColorSystem.TRUECOLOR
    colours = environment.get("TERM", "").strip().lower().rpartition("-")[2]
    return ColorSystem.EIGHT_BIT if colours in ("256color", "kitty") else ColorSystem.STANDARD
