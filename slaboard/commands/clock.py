"""This machine's clock, for commands: read here and on the board, and nowhere else."""

from __future__ import annotations

import time


def now() -> int:
    """Epoch seconds."""
    return int(time.time())  # noqa: TID251 the composition root reads the clock


def exactly() -> float:
    """Epoch seconds with their fraction: to wake when a second begins."""
    return time.time()  # noqa: TID251 the composition root reads the clock
