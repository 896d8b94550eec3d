"""Programs on pseudo-terminals, many at once: what each of them has painted, and when."""

from __future__ import annotations

import fcntl
import os
import pty
import selectors
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

DEADLINE_S = 60.0
_BOARD = "import sys; from slaboard.__main__ import run; sys.exit(run())"


def board(store: Path) -> list[str]:
    """The command of a real board."""
    return [sys.executable, "-c", _BOARD, "--store", str(store), "--as", "Ana"]


class Wall:
    """Screens beside one another, each with a program that is on it; use as a context."""

    def __init__(
        self,
        commands: Sequence[Sequence[str]],
        folder: Path,
        *,
        size: tuple[int, int] = (120, 30),
        hear: Callable[[int, bytes], None] = lambda _index, _output: None,
    ) -> None:
        """`folder` is where the programs' own settings and logs go; `hear` gets what each screen is sent."""
        self._hear = hear
        self._selector = selectors.DefaultSelector()
        self.screens = [self._open(command, folder, size) for command in commands]
        self.written = [0] * len(commands)
        """Bytes that each screen was sent."""
        self._tails = [b""] * len(commands)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for screen in self.screens:
            screen.send_signal(signal.SIGTERM)
        end = time.monotonic() + DEADLINE_S
        while any(screen.poll() is None for screen in self.screens) and time.monotonic() < end:
            self.look(0.05, b"\0")
        for screen in self.screens:
            screen.kill()
            screen.wait()
        for fd in [key.fd for key in self._selector.get_map().values()]:
            os.close(fd)
        self._selector.close()

    def _open(self, command: Sequence[str], folder: Path, size: tuple[int, int]) -> subprocess.Popen[bytes]:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        places = {name: str(folder) for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")}
        screen = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**_plain(os.environ), "TERM": "xterm-256color", **places},
        )  # fmt: skip
        os.close(theirs)
        self._selector.register(ours, selectors.EVENT_READ, len(self._selector.get_map()))
        return screen

    def look(self, seconds: float, *marks: bytes) -> list[tuple[int, bytes, float]]:
        """Wait at most so long for output: which screen shows which of `marks`, and when. Once is told once."""
        found = []
        for key, _ in self._selector.select(seconds):
            at = time.monotonic()
            index: int = key.data
            try:
                data = os.read(key.fd, 65_536)
            except OSError:  # Linux says EIO where the other end is closed
                self._selector.unregister(key.fd)
                os.close(key.fd)
                continue
            self.written[index] += len(data)
            self._hear(index, data)
            tail = self._tails[index] + data
            for mark in marks:
                if mark in tail:
                    found.append((index, mark, at))
            keep = max(map(len, marks), default=1) - 1
            self._tails[index] = tail[len(tail) - min(keep, len(tail)) :]
        return found

    def watch(self, seconds: float) -> None:
        """Take what comes for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.look(left)

    def cpu_s(self, index: int) -> float:
        """Seconds that a screen's program has computed, all its threads together."""
        tasks = Path(f"/proc/{self.screens[index].pid}/task").glob("*/schedstat")
        return sum(int(task.read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9

    def until_all(self, mark: bytes) -> None:
        """Wait until every screen has shown `mark`; fails after the deadline."""
        missing = set(range(len(self.screens)))
        end = time.monotonic() + DEADLINE_S
        while missing:
            missing -= {index for index, _, _ in self.look(0.1, mark)}
            if time.monotonic() > end:
                raise TimeoutError(f"{len(missing)} of {len(self.screens)} screens do not show {mark!r}")


def _plain(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` without what a person has set for terminals and boards."""
    left_out = ("SLABOARD", "TEXTUAL", "NO_COLOR", "COLORTERM", "TMUX", "TERM")
    return {name: value for name, value in environment.items() if not name.startswith(left_out)}
