"""Another process that acts on a store when it is told to, and says when each act was committed."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Self

from tests.benchmarks.disk import FULL, Disk

_PROGRAM = """
import json, sys, time
from pathlib import Path
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
store = SqliteStore(Path(sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    verb, ticket, text, changes = json.loads(line)
    act = Act(verb, ticket, "Chi", via="elsewhere", text=text, changes=changes)
    (store.add if verb == "add" else store.act)(act, int(time.time()))
    print(time.monotonic(), flush=True)
"""


class Hand:
    """Chi, at a store; use as a context."""

    def __init__(self, store: Path, disk: Disk = FULL) -> None:
        self._process = subprocess.Popen(
            disk.python(_PROGRAM, str(store)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, **disk.environment},
        )  # fmt: skip
        self.pid = self._process.pid
        self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=30)

    def act(self, verb: str, ticket: str, text: str | None = None, **changes: str) -> float:
        """Chi does it; the instant of the commit on the monotonic clock, which all processes share."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([verb, ticket, text, changes]) + "\n")
        self._process.stdin.flush()
        return float(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if not line:
            raise RuntimeError("the other process has ended")
        return line
