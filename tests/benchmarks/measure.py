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
    ratio: float | None
    """None when it could not be taken; `what` says why."""
    goal: str
    """`<= 8` or `>= 100`."""

    @property
    def ok(self) -> bool:
        """Whether the ratio keeps its goal; False when there is none."""
        if self.ratio is None:
            return False
        sign, limit = self.goal.split()
        return self.ratio <= float(limit) if sign == "<=" else self.ratio >= float(limit)

    @property
    def printed(self) -> str:
        """The ratio as the table shows it."""
        return "-" if self.ratio is None else f"{self.ratio:.2f}"


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
    """The figures as lines: verdict, ratio, goal, what it is."""
    rows = [("", "ratio", "goal", "what")]
    rows += [("ok" if f.ok else "NO", f.printed, f.goal, f"{f.id}: {f.what}") for f in figures]
    return "\n".join(f"{verdict:3} {ratio:>9}  {goal:<8}  {what}".rstrip() for verdict, ratio, goal, what in rows)


def write(figures: Sequence[Figure], path: Path) -> None:
    """The figures as `bench.json`, put in place whole."""
    rows = [
        {**asdict(figure), "ratio": None if figure.ratio is None else round(figure.ratio, 3), "ok": figure.ok}
        for figure in figures
    ]
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    fresh.replace(path)
