"""How a ratio is taken on a noisy machine: both sides in turns, many short rounds, the quickest of each."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter_ns

ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured ratio and the goal it is held against."""

    id: str
    what: str
    ratio: float
    goal: str
    """`<= 8` or `>= 100`."""

    @property
    def ok(self) -> bool:
        """Whether the ratio keeps its goal."""
        sign, limit = self.goal.split()
        return self.ratio <= float(limit) if sign == "<=" else self.ratio >= float(limit)


def quickest(ours: Callable[[], object], peer: Callable[[], object], rounds: int = ROUNDS) -> tuple[int, int]:
    """The shortest time of each in nanoseconds, measured in turns so that a slow moment hits both."""
    best = [1 << 62, 1 << 62]
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for i, call in enumerate((ours, peer)):
                start = perf_counter_ns()
                call()
                best[i] = min(best[i], perf_counter_ns() - start)
    finally:
        gc.enable()
    return best[0], best[1]


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines: ratio, goal, verdict."""
    lines = [f"{'':3} {'ratio':>9}  {'goal':<8}  what"]
    for figure in figures:
        lines.append(
            f"{'ok' if figure.ok else 'NO':3} {figure.ratio:>9.2f}  {figure.goal:<8}  {figure.id}: {figure.what}"
        )
    return "\n".join(lines)


def write(figures: Sequence[Figure], path: Path) -> None:
    """The figures as `bench.json`."""
    rows = [{**asdict(figure), "ratio": round(figure.ratio, 3), "ok": figure.ok} for figure in figures]
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
