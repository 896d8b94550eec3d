"""Figures of a report: how values spread, shares that say when they are of few, and both as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from slaboard.board import durations
from slaboard.board.share import NOTHING as NOTHING
from slaboard.board.share import SMALL as SMALL
from slaboard.board.share import share_text as share_text


class Spread(Struct, frozen=True):
    """Mean, median and 90th percentile of some values; None where there are none."""

    n: int = 0
    mean: float | None = None
    median: float | None = None
    p90: float | None = None


def spread(values: Iterable[int]) -> Spread:
    """How `values` spread, exactly."""
    found = sorted(values)
    if not found:
        return Spread()
    return Spread(len(found), sum(found) / len(found), percentile(found, 5), percentile(found, 9))


def percentile(ordered: Sequence[int], tenths: int) -> float:
    """The value that `tenths` tenths of `ordered` (sorted, not empty) do not exceed.

    Between two values in proportion: type 7 of Hyndman and Fan (1996), as spreadsheets, NumPy and pandas have it.
    """
    place, rest = divmod(tenths * (len(ordered) - 1), 10)
    value = ordered[place]
    return value + rest * (ordered[place + 1] - value) / 10 if rest else float(value)


def share(part: int, whole: int) -> float | None:
    """`part` of `whole`, None of nothing."""
    return part / whole if whole else None


def span_text(seconds: object) -> str:
    """A stretch of time in hours and minutes: `15m`, `1h 30m`, `52h`."""
    if not isinstance(seconds, int | float):
        return NOTHING
    return durations.span(round(seconds))


def number_text(value: object) -> str:
    """`12,345`, or a dash for nothing."""
    return NOTHING if value is None else f"{value:,}"
