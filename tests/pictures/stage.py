"""The demo in a tmux pane on a clock of its own, one Friday afternoon: what is typed, and what is seen then."""

from __future__ import annotations

import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.tmux import Tmux

ROOT = Path(__file__).parent.parent.parent
MOMENT = int(datetime(2026, 11, 20, 14, 41, 0, tzinfo=UTC).timestamp())
"""When it begins: pictures are the same whenever they are taken, but for a second or two."""
STARTED = r"LIVE \d"
APART_S = 0.5
"""Between two keys: what came under the cursor less than 0.4 s before a key is not acted on."""
_PROGRAM = """
import sys, time
real = time.time
ahead = {moment} - real()
time.time = lambda: real() + ahead
from slaboard.__main__ import run
run()
"""


class Stage:
    """One demo of a tmux server, in a `folder` of its own."""

    def __init__(self, tmux: Tmux, folder: Path, size: tuple[int, int], options: tuple[str, ...]) -> None:
        program = [sys.executable, "-c", _PROGRAM.format(moment=MOMENT), "demo", *options]
        environment = {"HOME": str(folder), "TZ": "UTC", "LC_ALL": "C.UTF-8", "COLORTERM": "truecolor",
                       "PYTHONPATH": str(ROOT)}  # fmt: skip
        self._tmux = tmux
        self._pane = tmux.open([*program, "--store", str(folder / "acme.db")], environment, size)
        self.until(STARTED)

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names, one by one as hands do; other words are typed."""
        for key in keys:
            self._tmux.type(self._pane, key)
            time.sleep(APART_S)

    def until(self, seen: str) -> None:
        """Wait for something to stand on the screen (a regular expression)."""
        self._tmux.until(self._pane, re.compile(seen))

    def text(self) -> list[str]:
        """What is to be seen."""
        return [line.rstrip() for line in self._tmux.screen(self._pane).splitlines()]

    def colours(self) -> list[str]:
        """The same with its colours."""
        return self._tmux.colours(self._pane)

    def leave(self) -> None:
        """End it."""
        self._tmux.type(self._pane, "C-c", "C-c")
