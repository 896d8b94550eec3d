"""How much a bulk writer takes on in one turn: as much as fits into the time that somebody's claim may wait for it."""

from __future__ import annotations

AIM_S = 0.02
"""What a turn should take, in seconds: several of them, and the claim itself, are still no wait for a person."""
LEAST = 10
"""Rows that a turn takes at least, for on a very slow disk a smaller one would not be quicker."""


class Pace:
    """Follows how long turns took. `size` is how many rows the next should have: `usual` at first, at most `most`."""

    def __init__(self, usual: int, most: int) -> None:
        self._most = most
        self.size = usual

    def took(self, rows: int, seconds: float) -> None:
        """A turn of `rows` took so long. We go half the way to what would have fitted: a checkpoint is no rule."""
        fitting = rows * AIM_S / max(seconds, 1e-6)
        wanted = (self.size * min(fitting, 4 * self.size)) ** 0.5
        self.size = max(LEAST, min(self._most, round(wanted)))
