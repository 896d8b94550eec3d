"""A tmux server of a bench's own: programs in its panes, keys typed into them, and when something is to be seen."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from re import MULTILINE, Pattern, compile, escape
from typing import Self

DEADLINE_S = 20.0
SIZE = (120, 30)


class Tmux:
    """One server on a socket of its own; use as a context.

    Keys go in by the program `tmux send-keys`, the screen is asked by the program `tmux capture-pane`, as often as it
    answers: whatever they cost, every pane's figures have it alike.
    """

    def __init__(self) -> None:
        if shutil.which("tmux") is None:
            raise RuntimeError("tmux is not installed; install it to measure keys and screens in it")
        self._socket = f"slaboard-bench-{os.getpid()}"
        self._panes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ask("kill-server", check=False)

    def open(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        size: tuple[int, int] | None = None,
    ) -> str:
        """A pane of its own for `command`; its name. Of `size` it is a session of its own without a status line."""
        words = ["env", *(f"{name}={value}" for name, value in (environment or {}).items()), *command]
        columns, lines = map(str, size or SIZE)
        new = ("new-session", "-x", columns, "-y", lines) if size or not self._panes else ("new-window",)
        pane = self._ask(*new, "-d", "-P", "-F", "#{pane_id}", f"exec {shlex.join(words)}").strip()
        self._panes += 1
        if size:
            self._ask("set-option", "-g", "status", "off", ";", "resize-window", "-t", pane, "-x", columns, "-y", lines)
        return pane

    def type(self, pane: str, *keys: str) -> None:
        """Press `keys`, by tmux's names."""
        self._ask("send-keys", "-t", pane, *keys)

    def screen(self, pane: str) -> str:
        """What is to be seen."""
        return self._ask("capture-pane", "-p", "-t", pane)

    def colours(self, pane: str) -> list[str]:
        """The same line by line, with its colours as SGR sequences."""
        return self._ask("capture-pane", "-e", "-N", "-p", "-t", pane).split("\n")[:-1]

    def until(self, pane: str, text: str | Pattern[str]) -> float:
        """The instant of the monotonic clock at which `text` is seen; fails after the deadline with what is there."""
        wanted = compile(escape(text)) if isinstance(text, str) else text
        end = time.monotonic() + DEADLINE_S
        while True:
            screen = self.screen(pane)
            seen = time.monotonic()
            if wanted.search(screen):
                return seen
            if seen > end:
                raise TimeoutError(f"{wanted.pattern!r} is not to be seen after {DEADLINE_S:g} s:\n{screen}")

    def _ask(self, *command: str, check: bool = True) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._socket, "-f", os.devnull, *command],
            capture_output=True, text=True, check=False, timeout=DEADLINE_S,
        )  # fmt: skip
        if check and done.returncode:
            raise RuntimeError(f"tmux {command[0]}: {done.stderr.strip()}")
        return done.stdout


def row(ticket: str, owner: str) -> Pattern[str]:
    """The row of `ticket` in a board's list, with its owner at the end."""
    return compile(rf"^..{escape(ticket)} .* {escape(owner)} *$", MULTILINE)
