"""The real program in a real terminal: a pty with the board in it, its keys pressed and its bytes read."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence

from tests.tui.screen import Screen

DEADLINE_S = 15.0

_OURS = re.compile(
    r"\x1b\[[0-9;:]*m"  # colours and bold
    r"|\x1b\[\d*(?:;\d*)?H"  # where the cursor is
    r"|\x1b\[[?<>]?[\d;]*[hlu]"  # modes of the terminal and of its keyboard
    r"|\x1b\[\?\d+\$p"  # questions about modes
    r"|\x1b\[2[23];2t"  # the title kept and given back
    r"|\x1b\]2;R\d+ O\d+ Y\d+ [\w-]+\x07"  # the title: counts and the store's name
    r"|\x1b\]22;\w*\x1b\\|\x1b\]22;\w*\x07"  # the shape of the mouse's pointer
)
"""Every sequence that Textual and the board themselves may write."""

_PROGRAM = """
import sys
from pathlib import Path
from slaboard.config import Settings
from slaboard.tui import app, opening, overture
{before}
sys.exit(opening.run(Settings(store=Path(sys.argv[1]), person="{person}", timezone="UTC", {settings})))
"""


class Pane:
    """A board on a pty; use as a context."""

    def __init__(
        self,
        store: os.PathLike[str],
        *,
        size: tuple[int, int] = (100, 30),
        person: str = "Ana",
        settings: str = "",
        before: str = "",
        environment: Mapping[str, str] | None = None,
        within: Sequence[str] = (),
    ) -> None:
        self.output = b""
        self._screen, self._shown = Screen(*size), 0
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        program = _PROGRAM.format(person=person, settings=settings, before=before)
        self.process = subprocess.Popen(
            [*within, sys.executable, "-c", program, os.fspath(store)],
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**os.environ, **(environment or {})},
        )  # fmt: skip
        os.close(theirs)

    def __enter__(self) -> Pane:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.hang_up()

    def until(self, text: str, *, since: int = 0) -> None:
        """Read until `text` has been painted after byte `since`, sequences left out; fails after the deadline."""
        end = time.monotonic() + DEADLINE_S
        while text not in plain(self.output[since:]):
            assert time.monotonic() < end, plain(self.output[since:])[-3000:]
            assert self._read(end) or text in plain(self.output[since:]), plain(self.output[since:])[-3000:]

    def until_written(self, data: bytes) -> None:
        """Read until these very bytes have been written; fails after the deadline."""
        end = time.monotonic() + DEADLINE_S
        while data not in self.output:
            assert self._read(end), self.output[-3000:]

    def shows(self, text: str, *, within_s: float = DEADLINE_S) -> None:
        """Read until `text` stands on the screen, its spaces and line ends taken for one; fails after the deadline."""
        end = time.monotonic() + within_s
        while text not in " ".join("\n".join(self.screen()).split()):
            assert time.monotonic() < end, "\n".join(self.screen())
            assert self._read(end) or text in " ".join("\n".join(self.screen()).split()), "\n".join(self.screen())

    def hides(self, text: str) -> None:
        """Read until `text` stands on the screen no more; fails after the deadline."""
        end = time.monotonic() + DEADLINE_S
        while text in "\n".join(self.screen()):
            assert time.monotonic() < end, "\n".join(self.screen())
            self._read(end)

    def screen(self) -> list[str]:
        """What stands on the screen, line by line."""
        self._screen.feed(self.output[self._shown :])
        self._shown = len(self.output)
        return self._screen.lines

    def rest(self, seconds: float) -> None:
        """Let it live for so long, reading what it writes."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            self._read(end)

    @property
    def terminal(self) -> int:
        """Our end, whose settings are the program's."""
        return self._ours

    def press(self, keys: str) -> int:
        """Press keys; the number of bytes that had been written before."""
        return self.send(keys.encode())

    def send(self, data: bytes) -> int:
        """Send bytes, as a keyboard would; the number of bytes that had been written before."""
        before = len(self.output)
        os.write(self._ours, data)
        return before

    def leave(self) -> int:
        """Read until the program has ended; its exit code."""
        end = time.monotonic() + DEADLINE_S
        while self._read(end):
            assert time.monotonic() < end, "the board did not end"
        return self.process.wait(timeout=DEADLINE_S)

    def hang_up(self) -> None:
        """Close the terminal."""
        if self._ours >= 0:
            os.close(self._ours)
            self._ours = -1

    def _read(self, end: float) -> bool:
        ready, _, _ = select.select([self._ours], [], [], max(0.0, end - time.monotonic()))
        try:
            data = os.read(self._ours, 65_536) if ready else b""
        except OSError:  # Linux says EIO where the other end is closed
            data = b""
        self.output += data
        return bool(data)


def plain(output: bytes) -> str:
    """What was written, without the sequences that may be written."""
    return _OURS.sub("", output.decode("utf-8", "replace"))
