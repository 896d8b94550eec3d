"""How a ratio is taken on a noisy machine: both sides in turns, many short rounds, the quickest of each."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter_ns
from typing import TypeVar

T = TypeVar("T")

ROUNDS = 30
MOST_STOLEN = 0.05
"""Of a stretch in which the host gave more of our processors' time to other machines, none can say how long anybody
has to wait: where it was a sixth, twenty boards missed one painting of 250, where it was less none."""
STAT = Path("/proc/stat")


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


class Stolen:
    """The time that the host gave to other machines instead of ours, from now on."""

    def __init__(self) -> None:
        self._before = _ticks()

    @property
    def share(self) -> float:
        """Of all our processors' time; 0 where the kernel does not tell (only Linux does)."""
        stolen, whole = (after - before for after, before in zip(_ticks(), self._before, strict=True))
        return stolen / whole if whole else 0.0


def _ticks() -> tuple[int, int]:
    """Stolen, and all: https://docs.kernel.org/filesystems/proc.html#miscellaneous-kernel-statistics-in-proc-stat"""
    if not STAT.exists():
        return 0, 0
    ticks = [int(word) for word in STAT.read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
    return ticks[7], sum(ticks)


def undisturbed(stretch: Callable[[], T], wanted: int, more: int) -> tuple[list[T], str]:
    """What `wanted` stretches say, and in words what was disturbed: those are made again, at most `more` of them.

    Where even that was not enough the least disturbed count.
    """
    found: list[tuple[float, int, T]] = []
    while sum(share <= MOST_STOLEN for share, _, _ in found) < wanted and len(found) < wanted + more:
        stolen = Stolen()
        said = stretch()
        found.append((stolen.share, len(found), said))
    best = sorted(found, key=lambda each: each[:2])[:wanted]
    again, most = len(found) - wanted, max(share for share, _, _ in best)
    words = f"; {again} of {len(found)} made again, as other machines took more than {MOST_STOLEN:.0%} of ours"
    disturbed = f"; other machines took up to {most:.0%} of ours" if most > MOST_STOLEN else ""
    return [said for _, _, said in best], (words * (again > 0) + disturbed).replace("%", " %")


def calm(stretches: Sequence[tuple[float, T]]) -> tuple[list[T], str]:
    """Of `stretches`, each with what was stolen in it, those that count, and in words how many do not.

    All count where other machines disturbed more than half of them.
    """
    found = [said for share, said in stretches if share <= MOST_STOLEN]
    left_out = len(stretches) - len(found)
    if not left_out:
        return found, ""
    because = f"as other machines took more than {MOST_STOLEN:.0%} of ours".replace("%", " %")
    if left_out > len(stretches) // 2:
        return [said for _, said in stretches], f"; {left_out} of {len(stretches)} parts are disturbed, {because}"
    return found, f"; {left_out} of {len(stretches)} parts left out, {because}"


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
